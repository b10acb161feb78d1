"""A key of each company, the year's agreements signed by both, and one amendment that waits for the client."""

from __future__ import annotations

from typing import Final

from onefloor.demo.examples import example
from onefloor_web.agreements.register.actions import propose, sign_version
from onefloor_web.agreements.register.models import Agreement, Version
from onefloor_web.agreements.signatures.actions import make_key
from onefloor_web.agreements.signatures.queries import key_in_use
from onefloor_web.platform.accounts.models import User
from onefloor_web.platform.accounts.viewers import viewer_of
from onefloor_web.platform.companies.models import Company
from onefloor_web.platform.demo.beginnings import beginning
from onefloor_web.platform.demo.people import username
from onefloor_web.platform.floor import today
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import bound, tenant
from onefloor_web.platform.tenancy.viewer import Viewer

TEXTS: Final = {
    "North": "agreements/north.yaml",
    "Harbor": "agreements/harbor.yaml",
    "Own": "agreements/own-shadow.yaml",
}
AMENDED: Final = "North"
AMENDMENT: Final = """\
  - from: 2027-01-01
    note: {zh: 2027 年话务费调为 7.10 元，服务水平目标提高到 82%, en: "From 2027 the fee per contact is 7.10 yuan, the target of the service level 82 %"}
    price:
      - id: "3.1"
        text:
          zh: 每通处理完成的话务计 7.10 元；当月超过 12,000 通的部分每通计 6.20 元。
          en: Each handled contact costs 7.10 yuan; contacts above 12,000 in a month cost 6.20 yuan each.
        rate: 7.10
    clauses:
      - id: "4.1"
        text:
          zh: 20 秒服务水平（公式 F4）不低于 82%；低于 82% 扣该项金额的 50%，低于 75% 全扣。
          en: Service level in 20 s (formula F4) is at least 82 %; below it half of the item's amount is taken off, below 75 % all.
        target: ">= 82%"
        bands:
          - {from: 82%}
          - {from: 75%, to: 82%, credit: 50%}
          - {to: 75%, credit: 100%}
"""  # noqa: E501


def declare() -> None:
    """Have the demonstration begin with these."""
    beginning(agreements)


def agreements(viewer: Viewer) -> None:
    """All in the client's turn, which is the first: what others begin with finds agreements in force."""
    if not viewer.client or Agreement.objects.exists():
        return
    client = Company.objects.get(pk=viewer.company)
    for company in Company.objects.order_by("slot"):
        _keyed(company)
        if company.code in TEXTS:
            _agreed(client, company, example(TEXTS[company.code]).read_text(encoding="utf-8"))
    vendor = Company.objects.filter(code=AMENDED).first()
    if vendor is not None:
        text = example(TEXTS[AMENDED]).read_text(encoding="utf-8")
        _signed(vendor, _proposed(vendor, text + AMENDMENT))


def _keyed(company: Company) -> None:
    administrator = user_of(company, Role.ADMINISTRATOR)
    with tenant(administrator):
        if key_in_use(administrator) is None:
            make_key(administrator)


def _agreed(client: Company, company: Company, text: str) -> None:
    version = _proposed(client, text)
    for one in (client, company) if company != client else (client,):
        _signed(one, version)


def _proposed(company: Company, text: str) -> Version:
    role = Role.VENDOR_MANAGER if company.is_client else Role.PROJECT_MANAGER
    manager = user_of(company, role)
    with tenant(manager):
        return propose(manager, text)


def _signed(company: Company, version: Version) -> None:
    signatory = user_of(company, Role.SIGNATORY)
    with tenant(signatory):
        sign_version(signatory, version)


def user_of(company: Company, role: Role) -> Viewer:
    """A user of the demonstration, as who signs in."""
    with bound(company=company.pk):
        return viewer_of(User.objects.get(username=username(company.code, role)), today())
