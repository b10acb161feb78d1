"""Months are closed one after another, so that each is in the chain of the next and the chain never forks.

Closed is what both have signed, and what counts as accepted by silence: neither gets a new revision.
"""

from __future__ import annotations

from django.db.models import Q

from onefloor.periods import Month
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.settlement.statements.models import CURRENT, State, Statement
from onefloor_web.settlement.statements.problems import ChainWentOn, EarlierOpen, LaterClosed


def closed(path: str = "") -> Q:
    """Statements at a path that are closed."""
    return Q(**{f"{path}state": State.LOCKED}) | Q(
        **{f"{path}state": State.ISSUED, f"{path}accepted_at__isnull": False}
    )


def closed_before(agreement: Agreement, month: Month) -> Statement | None:
    """The newest closed statement before a month: the chain goes on from it."""
    rows = Statement.objects.filter(closed(), agreement=agreement, month__lt=str(month))
    return rows.order_by("-month").first()


def refuse_in_between(agreement: Agreement, month: Month) -> None:
    """Whether a month can still be settled: behind a closed one it would be in nobody's chain.

    Raises:
        LaterClosed
    """
    later = Statement.objects.filter(closed(), agreement=agreement, month__gt=str(month)).order_by("month").first()
    if later is not None:
        raise LaterClosed(str(month), later)


def refuse_out_of_order(statement: Statement) -> None:
    """Whether it is this month's turn to be closed; one that is closed already had it.

    Raises:
        EarlierOpen: an earlier month has to be closed first.
        ChainWentOn: an earlier one was closed since it was settled, and is not in its chain.
    """
    if statement.accepted_at is not None:
        return
    refuse_in_between(statement.agreement, statement.period)
    before = Statement.objects.filter(agreement=statement.agreement_id, month__lt=statement.month)
    open_ = before.filter(state__in=CURRENT).exclude(closed()).order_by("month").first()
    if open_ is not None:
        raise EarlierOpen(open_)
    if went_on(statement):
        raise ChainWentOn(statement)


def went_on(statement: Statement) -> bool:
    """Whether an earlier month was closed since this one was settled."""
    newest = closed_before(statement.agreement, statement.period)
    return statement.previous_id != (newest.pk if newest else None)
