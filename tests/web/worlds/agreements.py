"""A key of each company, and an agreement that the company has signed and the other has not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onefloor_web.agreements.register.actions import propose, sign_version
from onefloor_web.agreements.signatures.actions import make_key, set_four_eyes
from onefloor_web.agreements.signatures.models import Intent
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


def fill(side: Side, viewer: Viewer) -> None:
    """Signed by the company alone, so that the version waits; under the four-eyes rule nothing is signed yet."""
    make_key(viewer)
    version = propose(viewer, source_of(side))
    sign_version(viewer, version)
    set_four_eyes(viewer, on=False)
    side.rows |= {"version": version, "agreement": version.agreement}
    Intent.objects.create(
        company=side.company, about="register.version", number=0, digest="0" * 64,
        user_id=viewer.user, user_name=f"{side.secret} first",
    )  # fmt: skip
