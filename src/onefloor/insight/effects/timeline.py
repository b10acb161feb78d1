"""Periods of a floor, whole and final, and where an action's days fall among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from onefloor.insight.effects.action import Action, Given
from onefloor.insight.effects.panel import Span
from onefloor.metrics.grouping import Finality
from onefloor.metrics.metric import Metric
from onefloor.metrics.prepared import Prepared
from onefloor.periods import EPOCH, Month, day_id, day_of, months_of


@dataclass(frozen=True, slots=True)
class Timeline:
    """Periods in order, without gaps: their names as cells have them, and their first days (ids).

    ``first_days[i + 1]`` ends period i.
    """

    names: tuple[str, ...]
    first_days: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.names)

    def holding(self, day: int) -> int:
        """The period in which a day lies; beyond the last one, the place it would have at their pace."""
        inside = [place for place, first in enumerate(self.first_days) if first <= day]
        place = inside[-1] if inside else -1
        if place < len(self.names):
            return place
        length = (self.first_days[-1] - self.first_days[0]) / max(1, len(self.names))
        return place + int((day - self.first_days[-1]) // max(1.0, length))

    def starting(self, day: int) -> int:
        """The first period that begins on the day or later."""
        place = self.holding(day)
        exact = 0 <= place < len(self.first_days) and self.first_days[place] == day
        return place if exact else place + 1


def timeline(prepared: Prepared, metric: Metric, each: str) -> Timeline:
    """The periods of a floor that are over and whose figures no longer change.

    Args:
        prepared: the floor's measuring tables; at least one month of contacts.
        metric: how long it stays provisional matters.
        each: ``month`` or ``week`` (from Monday).
    """
    months = months_of(f"{prepared.months[0]}..{prepared.months[-1]}")
    if each == "month":
        cut = Finality(prepared.watermark_ms, prepared.clock).cut(metric)
        kept = [month for month in months if month.days.end <= cut]
        ends = [kept[-1].days.end] if kept else []
        return Timeline(tuple(map(str, kept)), (*(month.days.start for month in kept), *ends))
    last = prepared.clock.day(prepared.watermark_ms - metric.final_after_ms)
    return _weeks(months[0].days.start, min(last, months[-1].days.end))


def _weeks(first: int, end: int) -> Timeline:
    monday = first + (-day_of(first).weekday()) % 7
    days = list(range(monday, end - 6, 7))
    names = [day_of(day).isocalendar() for day in days]
    return Timeline(
        tuple(f"{one.year:04d}-W{one.week:02d}" for one in names), (*days, *([days[-1] + 7] if days else []))
    )


@dataclass(frozen=True, slots=True)
class When:
    """When a group's action falls: partly from ``touched``, wholly from ``start`` to ``end`` (None: none is agreed)."""

    touched: int
    start: int
    end: int | None


def when(line: Timeline, action: Action, given: Given) -> When:
    """The places of a group's days; the shorter of ``after`` and ``until`` ends the window."""
    day = day_id(given.start)
    start = line.starting(day)
    ends = [start + action.measured.after] if action.measured.after else []
    ends += [line.holding(day_id(given.until))] if given.until else []
    return When(line.holding(day), start, min(ends, default=None))


def picking_span(line: Timeline, given: Given, months: int) -> Span:
    """The periods whose figures picked a group; may reach before the first one.

    Named months, or those just before the month in which the action began.
    """
    start = _month(given.start)
    asked: Sequence[Month] = given.figures or [start.shifted(-number) for number in range(months, 0, -1)]
    return line.starting(asked[0].days.start), line.holding(asked[-1].days.end - 1) + 1


def _month(day: date) -> Month:
    return Month(day.year, day.month)


def months_between(line: Timeline, span: Span) -> tuple[Month, Month]:
    """The first and last month that the periods of a span touch."""
    first, last = line.first_days[max(0, span[0])], line.first_days[min(span[1], len(line))] - 1
    return tuple(_month(EPOCH + timedelta(days=day)) for day in (first, last))  # type: ignore[return-value]
