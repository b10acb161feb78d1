"""A key of each company, and an agreement that the company has signed and the other has not."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from onefloor_web.agreements.register.actions import propose, sign_version, withdraw
from onefloor_web.agreements.register.models import Notice
from onefloor_web.agreements.signatures.actions import make_key, set_four_eyes
from onefloor_web.agreements.signatures.models import Intent
from onefloor_web.agreements.signatures.queries import key_in_use
from onefloor_web.platform.tenancy.viewer import Viewer

if TYPE_CHECKING:
    from world import Side


def source_of(side: Side, *, more: str = "") -> str:
    """The text of a small agreement of the company with the client."""
    return f"""agreement: {side.company.code.lower()}-agreement
title: {{zh: {side.marker} 协议, en: {side.marker} agreement}}
client: Own
company: {side.company.code}
shadow: {str(side.company.is_client).lower()}
timezone: Asia/Shanghai
currency: CNY
from: 2026-01-01
price:
  - {{id: "1", kind: contact, title: Fee, text: {side.marker} costs 6.00 a contact., rate: 6.00}}
{more}"""


def numbered(side: Side) -> dict[str, Any]:
    """The company's version that waits."""
    version = side.rows["version"]
    return {"code": version.agreement.code, "number": version.number}


CASES = {
    "agreement": lambda side: {"code": side.rows["agreement"].code},
    "agreement_notice": lambda side: {"code": side.rows["agreement"].code},
    "version": numbered,
    "version_source": numbered,
    "version_differences": lambda side: {**numbered(side), "other": side.rows["past version"].number},
    "version_withdrawal": numbered,
    "version_refusal": numbered,
    "version_signatures": numbered,
    "version_sign": numbered,
    "version_envelope": numbered,
    "api:one_agreement": lambda side: {"code": side.rows["agreement"].code},
    "api:notices": lambda side: {"code": side.rows["agreement"].code},
    "api:versions": lambda side: {"code": side.rows["agreement"].code},
    "api:one_version": numbered,
    "api:version_signatures": numbered,
    "api:version_withdrawal": numbered,
    "api:version_refusal": numbered,
    "api:version_differences": lambda side: {**numbered(side), "other": side.rows["past version"].number},
    "key_withdrawal": lambda side: {"number": side.rows["key"].pk},
    "key_file": lambda side: {"key": side.rows["key"].key_id},
}
SHARED = {
    "agreement", "agreement_notice", "version", "version_source", "version_differences", "version_withdrawal",
    "version_refusal", "version_signatures", "version_sign", "version_envelope", "key_file", "api:one_agreement",
    "api:versions", "api:notices", "api:one_version", "api:version_signatures", "api:version_differences",
    "api:version_withdrawal", "api:version_refusal",
}  # fmt: skip
KNOWN = {"key_file"}


def fill(side: Side, viewer: Viewer) -> None:
    """Signed by the company alone, so that the version waits; under the four-eyes rule nothing is signed yet."""
    make_key(viewer)
    past = propose(viewer, source_of(side).replace("6.00", "5.50"))
    withdraw(viewer, past, why=f"{side.marker} a slip")
    version = propose(viewer, source_of(side))
    sign_version(viewer, version)
    set_four_eyes(viewer, on=False)
    side.rows |= {"version": version, "agreement": version.agreement, "past version": past, "key": key_in_use(viewer)}
    Notice.objects.create(
        company=side.company, author=side.company, given_at=timezone.now(), agreement=version.agreement,
        ends=date(2031, 1, 1), why=f"{side.marker} not renewed", user_number=1, user_name=f"{side.marker} signatory",
    )  # fmt: skip
    Intent.objects.create(
        company=side.company, about="register.version", number=0, digest="0" * 64,
        user_id=viewer.user, user_name=f"{side.secret} first",
    )  # fmt: skip
