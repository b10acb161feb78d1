"""What statements show of disputes: which lines are at issue, and where one disputes a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from onefloor.problems import Problem
from onefloor_web.platform.pages.formats import number, say
from onefloor_web.platform.permissions.policy import can
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.disputes.actions import refuse_claim
from onefloor_web.settlement.disputes.clocks import sign_by
from onefloor_web.settlement.disputes.events import page_of
from onefloor_web.settlement.disputes.models import UNDER_WAY, Dispute
from onefloor_web.settlement.disputes.money import claimed
from onefloor_web.settlement.disputes.queries import hours_left, waiting_words, what_then, with_words
from onefloor_web.settlement.statements.models import State as Stage
from onefloor_web.settlement.statements.models import Statement
from onefloor_web.settlement.statements.objections import Objection, contesting, objecting, offering, prolonging


@objecting
def disputes(viewer: Viewer, statement: Statement) -> Iterator[Objection]:
    """The newest round about each line of a statement."""
    rows = with_words(Dispute.objects.filter(statement=statement))
    latest = {one.line_id: one for one in rows.order_by("round")}
    for one in latest.values():
        yield Objection(
            one.line.number, one.get_state_display(), one.under_way, claimed(one), page_of(one.line),
            say(waiting_words(one)), one.due, number(hours_left(one)), say(what_then(one)), one.reserved,
        )  # fmt: skip


@contesting
def under_way(statements: Sequence[Statement]) -> Iterable[tuple[int, int]]:
    """Where a round is under way; an earlier one of its line is over by then, a reserved one holds up nothing."""
    return Dispute.objects.filter(statement__in=statements, state__in=UNDER_WAY).values_list(
        "statement", "line__number"
    )


@prolonging
def ended(statements: Sequence[Statement]) -> Iterator[tuple[int, datetime | None]]:
    """Of every dispute that is over, until when both may sign."""
    issued = [one.pk for one in statements if one.state == Stage.ISSUED]
    if not issued:
        return
    for one in with_words(Dispute.objects.filter(statement__in=issued, closed_at__isnull=False)):
        yield one.statement_id, sign_by(one)


@offering
def page(viewer: Viewer, statement: Statement, number: int) -> str:
    """Where the viewer disputes a line now."""
    line = statement.lines.filter(number=number).first()
    if line is None or not can(viewer, "disputes.change"):
        return ""
    line.statement = statement
    try:
        refuse_claim(viewer, line)
    except Problem:
        return ""
    return page_of(line)
