"""Small rosters that the tests of rosters and repairs share."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from onefloor.planning.grid import Grid
from onefloor.planning.rostering.problem import (
    Agent,
    Company,
    Contract,
    Limit,
    Pause,
    Problem,
    Qualification,
    Roster,
    Shift,
    Skill,
)
from onefloor.planning.rostering.result import Result

MONDAY = date(2026, 11, 30)
BREAKS = (Pause(2, 6, 9), Pause(1, 12, 14, paid=True))
EARLY, LATE, NIGHT = (
    Shift("early", 7 * 60, 18, BREAKS),
    Shift("late", 14 * 60, 18, BREAKS),
    Shift("night", 22 * 60, 18, BREAKS),
)
SPLIT = Shift("split", 8 * 60, 22, gap=(8, 14))
SHIFTS = (EARLY, LATE, NIGHT, SPLIT)
NAMES = tuple(shift.id for shift in SHIFTS)
LAW = (
    Limit(rule="rest", amount=11),
    Limit(rule="consecutive_days", amount=6),
    Limit(rule="weekly_hours", amount=40),
    Limit(rule="weekly_rest", amount=1),
    Limit(rule="daily_hours", amount=8),
)


def people(count: int, **changes: Any) -> tuple[Agent, ...]:
    """Agents of two companies; every second has both skills."""
    return tuple(
        Agent(
            f"{2001 + number}",
            ("own", "north")[number % 3 == 2],
            "full",
            tuple(Qualification(skill=skill) for skill in (("a", "b") if number % 2 else ("a",))),
            **changes,
        )
        for number in range(count)
    )


def problem(count: int = 12, days: int = 14, *, needed: int = 3, **changes: Any) -> Problem:
    """A floor from 07:00 to 22:00 with two skills."""
    grid = changes.pop("grid", None) or Grid(MONDAY, days)
    minute = (grid.starts - np.array(grid.midnights)[grid.day_of]) // 60_000
    open_ = (minute >= 7 * 60) & (minute < 22 * 60)
    needs = np.stack([np.where(open_, needed, 0), np.where(open_, 1, 0)], axis=1).astype(np.int32)
    made = Problem(
        grid,
        (Skill("a"), Skill("b", 1.5)),
        (Company("own"), Company("north", price=1.5)),
        SHIFTS,
        (Contract("full", NAMES, 0, None),),
        people(count),
        needs,
        LAW,
    )
    return replace(made, **changes)


def roster_of(made: Problem, *rows: str) -> Roster:
    """A roster from letters: e(arly), l(ate), n(ight), s(plit), anything else off; breaks as early as they may be."""
    letters = {shift.id[0]: number for number, shift in enumerate(made.shifts)}
    shifts = np.array([[letters.get(letter, -1) for letter in row] for row in rows], dtype=np.int16)
    widest = max(len(shift.pauses) for shift in made.shifts)
    pauses = np.zeros((*shifts.shape, widest), dtype=np.int16)
    for place, number in np.ndenumerate(shifts):
        for slot, pause in enumerate(made.shifts[number].pauses if number >= 0 else ()):
            pauses[(*place, slot)] = pause.earliest
    return Roster(shifts, pauses)


def day(number: int) -> date:
    """A day of the horizon, counted from 0."""
    return MONDAY + timedelta(number)


def planned(*rows: str) -> Result:
    """The roster of ``roster_of`` as a result that cost nothing."""
    made = problem(len(rows), len(rows[0]))
    return Result(made, roster_of(made, *rows), 0.0, 0.0, 0.0, 0, 0)


def changed(path: Path, before: str, after: str) -> Path:
    """A file in which a text, which has to be there, is another the first time."""
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return path
