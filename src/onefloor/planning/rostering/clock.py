"""Worked days on the clock: when they begin and end, their breaks and their overtime.

The checker and the files read it. It places every shift by itself and shares nothing with the engine.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np

from onefloor.planning.rostering.problem import Night, Problem, Roster, Shift

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Duty:
    """A worked day: its shift, when it begins and ends (epoch seconds), and its breaks (from, until).

    ``begin`` and ``end`` have the overtime in them; ``overtime`` are its hours before the shift and after it. Whoever
    left early ends then; ``gone`` (from, until) is not worked, and ``paid_hours`` have nothing of it.
    """

    number: int
    day: date
    shift: Shift
    begin: float
    end: float
    breaks: tuple[tuple[float, float], ...]
    paid_breaks: tuple[bool, ...]
    paid_hours: float
    night: bool
    overtime: tuple[float, float] = (0.0, 0.0)
    gone: tuple[tuple[float, float], ...] = ()


def duties_of(problem: Problem, roster: Roster, row: int) -> list[Duty]:
    """The worked days of one agent in order."""
    found = []
    for number in np.flatnonzero(roster.shifts[row] >= 0).tolist():
        shift, day = problem.shifts[roster.shifts[row, number]], problem.grid.first + timedelta(number)
        longer = (0, 0) if roster.overtime is None else tuple(roster.overtime[row, number].tolist())
        gone = roster.gone.get((row, number), ())
        found.append(duty_of(problem, number, day, shift, roster.pauses[row, number].tolist(), longer, gone))
    return found


def duty_of(
    problem: Problem, number: int, day: date, shift: Shift, offsets: Sequence[int], overtime: tuple[int, ...] = (0, 0),
    gone: Sequence[tuple[int, int]] = (),
) -> Duty:  # fmt: skip
    """A worked day: day ``number``, a shift, and the intervals from its start to each of its breaks.

    ``overtime`` are intervals worked before the shift and after it, ``gone`` spans of the shift that are not worked.
    """
    step = problem.grid.minutes * 60
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=shift.start)
    begin = wall.replace(tzinfo=ZoneInfo(problem.grid.zone_name)).timestamp()
    breaks = [
        (begin + at * step, begin + (at + pause.length) * step, pause.paid)
        for pause, at in zip(shift.pauses, offsets, strict=False)
    ]
    if shift.gap:
        breaks.append((begin + shift.gap[0] * step, begin + shift.gap[1] * step, False))
    breaks.sort()
    before, after = (intervals * step for intervals in overtime)
    length = shift.length * step
    away = tuple((begin + since * step, begin + until * step) for since, until in gone)
    unpaid = _length([*away, *((since, until) for since, until, paid in breaks if not paid)])
    end = away[-1][0] if away and away[-1][1] == begin + length else begin + length
    return Duty(
        number,
        day,
        shift,
        begin - before,
        end + after,
        tuple((since, until) for since, until, _ in breaks),
        tuple(paid for _, _, paid in breaks),
        (length + before + after - unpaid) / HOUR,
        _by_night(
            problem.night,
            shift.start - overtime[0] * problem.grid.minutes,
            shift.start + (shift.length + overtime[1]) * problem.grid.minutes,
        ),
        (before / HOUR, after / HOUR),
        away,
    )


def _length(spans: Sequence[tuple[float, float]]) -> float:
    """How long some spans are together, what lies in several of them counted once."""
    found, reached = 0.0, -math.inf
    for since, until in sorted(spans):
        found += max(0.0, until - max(since, reached))
        reached = max(reached, until)
    return found


@cache
def _by_night(night: Night, start: int, until: int) -> bool:
    """Counted minute by minute on the clock."""
    dark = 0
    for minute in range(start, until):
        clock = minute % 1440
        inside = (
            night.start <= clock < night.end if night.start < night.end else (clock >= night.start or clock < night.end)
        )
        dark += inside
    return dark >= night.least
