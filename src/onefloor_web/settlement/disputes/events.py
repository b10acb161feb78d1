"""What is told of disputes: each a sentence for both companies, in the dispute's line of time."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from onefloor.agreements.rendering.formats import month_words
from onefloor.language import Text
from onefloor_web.platform.events.actions import record
from onefloor_web.platform.events.registry import declare
from onefloor_web.platform.permissions.roles import PARTIES
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.disputes.models import Dispute
from onefloor_web.settlement.statements import events as statements
from onefloor_web.settlement.statements.models import Line

RAISED: Final = "disputes.raised"
ASKED: Final = "disputes.asked"
SAID: Final = "disputes.said"
RULED: Final = "disputes.ruled"
PROPOSED: Final = "disputes.proposed"
AGREED: Final = "disputes.agreed"
ESCALATED: Final = "disputes.escalated"
SILENT: Final = "disputes.silent"
WITHDRAWN: Final = "disputes.withdrawn"
RESERVED: Final = "disputes.reserved"
CREDITED: Final = "disputes.credited"

declare(RAISED, _("A line of a statement was disputed"), tell=PARTIES)
declare(ASKED, _("A question was asked in a dispute"), tell=PARTIES)
declare(SAID, _("A message was written in a dispute"), tell=PARTIES)
declare(RULED, _("A dispute was ruled on"), tell=PARTIES)
declare(PROPOSED, _("An outcome was proposed for an escalated dispute"), tell=PARTIES)
declare(AGREED, _("Both companies agreed on an escalated dispute"), tell=PARTIES)
declare(ESCALATED, _("A dispute was escalated"), tell=PARTIES)
declare(SILENT, _("Nobody ruled in time; the agreement decided a dispute"), tell=PARTIES)
declare(WITHDRAWN, _("A dispute was withdrawn"), tell=PARTIES)
declare(RESERVED, _("A disputed amount was reserved; the month can be signed"), tell=PARTIES)
declare(CREDITED, _("A credit note was made"), tell=PARTIES)


def title(line: Line) -> Text:
    """``2026 年 10 月 North 第 2 行“服务水平”``."""
    statement = line.statement
    month, name = month_words(statement.month), statement.company.name
    return Text(
        f"{month.zh} {name} 第 {line.number} 行“{line.name.zh}”",
        f'line {line.number}, "{line.name.en}", of {name} for {month.en}',
    )


def page_of(line: Line) -> str:
    """The address of a line's dispute."""
    return f"{statements.page_of(line.statement)}lines/{line.number}/dispute/"


def tell(viewer: Viewer, name: str, dispute: Dispute, did: Text, *, why: str = "") -> None:
    """Write down what happened in a dispute, as one sentence with ``{0}`` for the line."""
    of = title(dispute.line)
    english = did.en.format(of.en)
    what = Text(did.zh.format(of.zh), english[:1].upper() + english[1:])
    page = page_of(dispute.line)
    record(viewer, name, dispute, what, why=why[:2000], page=page, company=dispute.company_id, shared=True)
