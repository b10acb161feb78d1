"""Contacts offered by half hour: the newest day beside the same weekday of the week before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from onefloor.metrics import catalogue
from onefloor.metrics.removed import RowsRemoved
from onefloor_web.platform.pages.formats import day
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.delivery.reach import Reach
from onefloor_web.records.figures.address import FigureAddress
from onefloor_web.records.figures.spans import Span
from onefloor_web.records.floor import questions

OFFERED = "offered_contacts"
WEEK = 7


@dataclass(frozen=True, slots=True)
class Offered:
    """Two days; ``rows`` are a half hour, what came on the newest day, what came the week before, the difference."""

    newest: str
    earlier: str
    total: int
    total_earlier: int
    rows: Sequence[tuple[str, int, int, int]]
    url: str

    @property
    def difference(self) -> int:
        """Of the whole day."""
        return self.total - self.total_earlier


def offered(viewer: Viewer, reach: Reach) -> Offered | None:
    """The half hours in which something came on one of the two days; None if nothing came on the newest."""
    span, before = reach.last_days(1), reach.last_days(1, back=WEEK)
    try:
        now, then = _by_half_hour(viewer, span), _by_half_hour(viewer, before)
    except RowsRemoved:  # half hours do not outlive their rows
        return None
    if not now:
        return None
    halves = sorted({*now, *then})
    rows = [(half, now.get(half, 0), then.get(half, 0), now.get(half, 0) - then.get(half, 0)) for half in halves]
    where = FigureAddress(catalogue.metric(OFFERED).reference, span)
    return Offered(day(span.last), day(before.last), sum(now.values()), sum(then.values()), rows, where.url)


def _by_half_hour(viewer: Viewer, span: Span) -> dict[str, int]:
    rows = questions.figures(viewer, [OFFERED], ["interval"], months=span.asked).rows
    return {str(row.key["interval"]): next(iter(row.figures.values())).numerator for row in rows}
