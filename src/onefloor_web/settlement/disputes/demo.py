"""Two disputes of the demonstration: one that waits for the client with evidence, one ruled on with a credit note."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django.core.files.uploadedfile import SimpleUploadedFile

from onefloor_web.platform.accounts.models import User
from onefloor_web.platform.accounts.viewers import viewer_of
from onefloor_web.platform.companies.queries import the_client
from onefloor_web.platform.demo.people import username
from onefloor_web.platform.floor import today
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import bound, tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.disputes.actions import raise_dispute, save_answer, save_claim, say, send_answer
from onefloor_web.settlement.disputes.models import Answering, Dispute
from onefloor_web.settlement.disputes.money import Wish
from onefloor_web.settlement.statements.models import Line, State, Statement

SMALL: Final = Decimal("120.00")
NOTICE: Final = """\
停机通知 / Outage notice
系统 System: CRM
时间 Time: 09:58 - 11:30
影响 Effect: 坐席无法调出客户资料 / agents could not open customers' records
"""


def argue() -> int:
    """Dispute a line of the first two statements nobody has disputed yet; rule on the second. Once begun, no more."""
    if Dispute.objects.exists():
        return 0
    waiting = Statement.objects.filter(state=State.ISSUED, shadow=False, disputes=None)
    found = list(waiting.select_related("company", "agreement").order_by("month", "company")[:2])
    for place, statement in enumerate(found):
        dispute_one(statement, ruled=place == 1)
    return len(found)


def dispute_one(statement: Statement, *, ruled: bool) -> Dispute:
    """The vendor's claim with evidence; then the client asks back, or accepts half."""
    lines = Line.objects.filter(statement=statement).select_related(
        "statement__agreement", "statement__company", "statement__version"
    )
    line = lines.filter(amount__lt=0).first() or lines.get(number=1)
    amount = abs(line.amount) if line.amount < 0 else SMALL
    vendor = _manager(statement.company.code, Role.PROJECT_MANAGER)
    notice = SimpleUploadedFile("停机通知 outage-notice.txt", NOTICE.encode())
    with tenant(vendor):
        reason = "CRM 故障期间的话务不应计入考核。Contacts during the CRM outage should not count."
        dispute = raise_dispute(vendor, save_claim(vendor, line, reason, Wish(amount=amount), [notice]))
    client = _manager(the_client().code, Role.VENDOR_MANAGER)
    with tenant(client):
        if not ruled:
            say(client, dispute, "哪些队列受影响？Which queues were hit?", question=True)
            return dispute
        half = Wish(amount=(amount / 2).quantize(Decimal("0.01")))
        why = "故障于 10:40 恢复，认可一半。It was over at 10:40: half is accepted."
        return send_answer(client, save_answer(client, dispute, Answering.PART, why, half))


def _manager(company: str, role: Role) -> Viewer:
    with bound(signing_in=True):
        user = User.objects.get(username=username(company, role))
    return viewer_of(user, today())
