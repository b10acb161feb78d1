"""The arithmetic of a clock that can stand still: how much is left of it, and when it then ends.

Pure functions over instants in epoch milliseconds. Working hours and working days are counted in working time, hours
by the clock on the wall, and days as days: a stop is as many days as the calendar turns meanwhile, and the last one
ends when work does. Whatever happens in between, the time that runs adds up to what was allowed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from onefloor.periods import clock as clock_of
from onefloor.working_time import Span, Unit, WorkingTime

MS_PER_DAY: Final = 86_400_000
WORKED: frozenset[Unit] = frozenset({"working hours", "working days"})


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock that runs until ``due_ms``, or stands still with ``rest_ms`` left; one of the two is None."""

    due_ms: int | None
    rest_ms: int | None = None

    @property
    def running(self) -> bool:
        """Whether time passes on it."""
        return self.due_ms is not None


def started(time: WorkingTime, at_ms: int, span: Span) -> Clock:
    """A clock that begins to run."""
    return Clock(time.deadline(at_ms, span))


def left(time: WorkingTime, at_ms: int, due_ms: int, unit: Unit) -> int:
    """What is left at a moment, in ms; 0 once it is over."""
    if unit in WORKED:
        return time.worked_ms(at_ms, due_ms)
    return max(0, due_ms - at_ms)


def stopped(time: WorkingTime, clock: Clock, at_ms: int, unit: Unit) -> Clock:
    """The clock standing still from a moment on. One that is over, or stands still already, stays as it is."""
    if clock.due_ms is None or clock.due_ms <= at_ms:
        return clock
    if unit == "days":
        return Clock(None, _days_between(time, at_ms, clock.due_ms) * MS_PER_DAY)
    return Clock(None, left(time, at_ms, clock.due_ms, unit))


def resumed(time: WorkingTime, clock: Clock, at_ms: int, unit: Unit) -> Clock:
    """The clock running on from a moment with what was left; one that runs stays as it is."""
    if clock.rest_ms is None:
        return clock
    if unit in WORKED:
        return Clock(time.after(at_ms, clock.rest_ms))
    if unit == "days":
        days = clock.rest_ms // MS_PER_DAY
        due = time.deadline(at_ms, Span(days, "days"))
        return Clock(due if due > at_ms else time.deadline(at_ms, Span(days + 1, "days")))
    return Clock(at_ms + clock.rest_ms)


def _days_between(time: WorkingTime, start_ms: int, end_ms: int) -> int:
    """How often the calendar turns between two instants; midnight still ends its day."""
    of_zone = clock_of(time.zone)
    return of_zone.day(end_ms - 1) - of_zone.day(start_ms)


def after_stops(time: WorkingTime, start_ms: int, span: Span, stops: Iterable[tuple[int, int]]) -> Clock:
    """The clock after it stood still from each first moment to the second; stops are in order and do not overlap."""
    clock = started(time, start_ms, span)
    for stop_ms, go_ms in stops:
        clock = resumed(time, stopped(time, clock, stop_ms, span.unit), go_ms, span.unit)
    return clock
