"""Where shifts lie on the grid: first interval by day, and which shifts are nights."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import numpy as np
from numpy.typing import NDArray

from onefloor.periods import zone
from onefloor.planning.grid import MS_PER_MINUTE, Grid
from onefloor.planning.rostering.problem import Night, Problem, Shift

DAY = 24 * 60


def begins(problem: Problem) -> NDArray[np.int32]:
    """The interval at which each shift begins, by day and shift; counted by the clock on the wall.

    A shift lasts as long as it says: where the clock changes in the night it ends an hour earlier or later by the wall.
    """
    grid = problem.grid
    first = grid.midnights[0]
    step = grid.minutes * MS_PER_MINUTE
    found = [[(_instant(grid, day, shift.start) - first) // step for shift in problem.shifts] for day in grid.dates()]
    return np.array(found, dtype=np.int32).reshape(grid.days, len(problem.shifts))


def last_days(problem: Problem) -> NDArray[np.int64]:
    """How many days after its own a shift still lasts, by day and shift; midnight belongs to the day before it."""
    grid, tz = problem.grid, zone(problem.grid.zone_name)
    lasting = [shift.length * grid.minutes * MS_PER_MINUTE for shift in problem.shifts]
    found = [
        [
            (datetime.fromtimestamp((_instant(grid, day, shift.start) + length - 1) / 1000, tz).date() - day).days
            for shift, length in zip(problem.shifts, lasting, strict=True)
        ]
        for day in grid.dates()
    ]
    return np.array(found, dtype=np.int64).reshape(grid.days, len(problem.shifts))


def _instant(grid: Grid, day: object, minutes: int) -> int:
    """Epoch milliseconds of a clock time; one that the clock skips is the moment after the gap."""
    local = datetime.combine(day, time(0)) + timedelta(minutes=minutes)  # type: ignore[arg-type]
    return int(local.replace(tzinfo=zone(grid.zone_name)).timestamp() * 1000)


def days_of(problem: Problem, reach: int) -> NDArray[np.int64]:
    """The day of each of ``reach`` intervals; those after the last midnight belong to the last day."""
    held = problem.grid.day_of
    return np.concatenate([held, np.full(reach - len(held), problem.grid.days - 1, dtype=np.int64)])


def reach(problem: Problem) -> int:
    """Intervals that any shift can touch, those after the horizon's end included."""
    longest = begins(problem) + np.array([shift.length for shift in problem.shifts])
    return int(max(len(problem.grid), longest.max(initial=0)))


def is_night(shift: Shift, night: Night, minutes: int) -> bool:
    """Whether a shift has enough of its time in the night; ``minutes`` is the length of an interval."""
    start, end = night.start, night.end + (DAY if night.end <= night.start else 0)
    until = shift.start + shift.length * minutes
    inside = sum(
        max(0, min(until, end + turn) - max(shift.start, start + turn)) for turn in (-DAY, 0, DAY)
    )  # the night before, this one and the next
    return inside >= night.least


def nights(problem: Problem) -> NDArray[np.bool_]:
    """Of each shift whether it is a night."""
    return np.array([is_night(shift, problem.night, problem.grid.minutes) for shift in problem.shifts], dtype=bool)
