"""Months in force, with facts, that nobody has settled: what is closed after them leaves them out for good."""

from __future__ import annotations

from collections.abc import Iterable

from onefloor.periods import Month
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.floor.questions import tables
from onefloor_web.records.floor.scopes import NothingToSee
from onefloor_web.settlement.statements.models import CURRENT, Statement
from onefloor_web.settlement.statements.order import closed
from onefloor_web.settlement.statements.terms import holds_in


def skipped(viewer: Viewer, agreements: Iterable[Agreement], before: Month) -> dict[int, list[Month]]:
    """For each agreement, by its key, the months before one that can still be settled and are not; oldest first.

    What lies behind a closed month is over, and a month whose rows are not there cannot be settled: neither is listed.
    """
    listed = list(agreements)
    there = Statement.objects.filter(agreement__in=listed, month__lt=str(before), state__in=CURRENT)
    settled = set(there.values_list("agreement", "month"))
    last: dict[int, str] = {}
    for pk, month in there.filter(closed()).values_list("agreement", "month"):
        last[pk] = max(month, last.get(pk, ""))
    return {
        one.pk: [
            month
            for month in _with_rows(viewer, one)
            if last.get(one.pk, "") < str(month) < str(before)
            and (one.pk, str(month)) not in settled
            and holds_in(one, month)
        ]
        for one in listed
    }


def skipped_before(viewer: Viewer, statement: Statement) -> list[Month]:
    """The months that closing this one leaves out."""
    return skipped(viewer, [statement.agreement], statement.period)[statement.agreement_id]


def _with_rows(viewer: Viewer, agreement: Agreement) -> list[Month]:
    try:
        prepared = tables(viewer, agreement.company.code).prepared
    except NothingToSee:
        return []
    gone = {month for months in prepared.gone.values() for month in months}
    return [month for month in prepared.months if month.id not in gone]
