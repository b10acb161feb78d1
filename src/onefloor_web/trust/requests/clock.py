"""The arithmetic of a clock that can stand still: how much is left of it, and when it then ends.

Pure functions over instants in epoch milliseconds. Working hours and working days are counted in working time, hours
and days by the clock on the wall. Whatever happens in between, the time that runs adds up to what was allowed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from onefloor.working_time import Span, Unit, WorkingTime

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
    return Clock(None, left(time, at_ms, clock.due_ms, unit))


def resumed(time: WorkingTime, clock: Clock, at_ms: int, unit: Unit) -> Clock:
    """The clock running on from a moment with what was left; one that runs stays as it is."""
    if clock.rest_ms is None:
        return clock
    if unit in WORKED:
        return Clock(time.after(at_ms, clock.rest_ms))
    return Clock(at_ms + clock.rest_ms)


def after_stops(time: WorkingTime, start_ms: int, span: Span, stops: Iterable[tuple[int, int]]) -> Clock:
    """The clock after it stood still from each first moment to the second; stops are in order and do not overlap."""
    clock = started(time, start_ms, span)
    for stop_ms, go_ms in stops:
        clock = resumed(time, stopped(time, clock, stop_ms, span.unit), go_ms, span.unit)
    return clock
