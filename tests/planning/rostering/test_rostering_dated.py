"""Limits that hold on some days, rest over days off, and what was worked before: engine and checker read them alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import product as every
from pathlib import Path

import numpy as np
import pytest

from onefloor.planning.grid import Grid
from onefloor.planning.rostering import automaton, counters, files
from onefloor.planning.rostering.arrays import scratch
from onefloor.planning.rostering.checking import breaches
from onefloor.planning.rostering.history import with_history
from onefloor.planning.rostering.layout import laid_out
from onefloor.planning.rostering.problem import (
    Agent,
    Company,
    Contract,
    Dated,
    History,
    Limit,
    Problem,
    Qualification,
    Roster,
    Shift,
    Skill,
)
from onefloor.planning.rostering.result import Result
from onefloor.planning.rostering.timing import last_days
from onefloor.planning.rostering.tours import FORBIDDEN, best_tour, value_shifts

MONDAY = date(2026, 12, 7)
DAY, NIGHT, LONG = Shift("day", 8 * 60, 16), Shift("night", 22 * 60, 18), Shift("long", 20 * 60, 48)


def on(number: int) -> date:
    """A day of the horizon, counted from 0."""
    return MONDAY + timedelta(number)


def alone(
    limits: Sequence[Limit],
    days: int = 7,
    shifts: Sequence[Shift] = (DAY, NIGHT),
    first: date = MONDAY,
    **changes: object,
) -> Problem:
    """One agent; a shift is a letter, the first of its name."""
    grid = Grid(first, days)
    names = tuple(shift.id for shift in shifts)
    agent = replace(Agent("ann", "own", "full", (Qualification(skill="a"),)), **changes)  # type: ignore[arg-type]
    needs = np.zeros((len(grid), 1), dtype=np.int32)
    return Problem(grid, (Skill("a"),), (Company("own"),), tuple(shifts), (Contract("full", names),), (agent,), needs,
                   tuple(limits))  # fmt: skip


def tour(made: Problem, row: str) -> Roster:
    """A roster from the letters of its shifts."""
    letters = {shift.id[0]: number for number, shift in enumerate(made.shifts)}
    shifts = np.array([[letters.get(letter, -1) for letter in row]], dtype=np.int16)
    return Roster(shifts, np.zeros((*shifts.shape, 1), dtype=np.int16))


def takes(made: Problem, row: str) -> bool:
    """Whether the engine takes a tour: asked for that very tour it finds nothing dearer to leave out."""
    task, room = laid_out(made).task, scratch(laid_out(made).task)
    value_shifts(task, room, 0, 0.0, 0.0, 0.0)
    wanted = tour(made, row).shifts[0]
    for number, choice in enumerate(wanted.tolist()):
        lawful = room.gain[number] > FORBIDDEN
        room.gain[number] = np.where(np.arange(len(lawful)) == choice, np.where(lawful, 1.0, -1e15), -1.0)
    best = best_tour(task.patterns, task.people.pattern[0], room)
    return bool(best == (wanted >= 0).sum())


def both(made: Problem, row: str) -> tuple[bool, bool]:
    """Whether the engine takes a tour, and whether the checker has nothing against it."""
    return takes(made, row), not breaches(made, tour(made, row))


@pytest.mark.parametrize(
    ("limits", "allowed", "forbidden"),
    [
        ([Limit(on(3), None, "off_after_nights", 2)], "--n--d-", "--n-d--"),
        ([Limit(on(4), None, "off_after_nights", 2)], "--n-d--", "---n-d-"),
        ([Limit(None, on(3), "off_after_nights", 2)], "---n-d-", "--n-d--"),
        ([Limit(None, on(2), "nights", 1), Limit(on(3), None, "nights", 1)], "-n--n--", "n-n----"),
        ([Limit(None, on(6), "nights", 3), Limit(None, on(2), "nights", 1)], "nddnnd-", "nn-----"),
        ([Limit(None, on(6), "nights", 2), Limit(None, on(2), "nights", 1)], "n---n--", "n---nn-"),
        ([Limit(None, on(4), "weekends", 0)], "ddddddd", None),
        ([Limit(on(6), None, "weekends", 0)], "-----d-", "------d"),
        ([Limit(None, on(0), "average_hours", 56)], "ddddddd", None),
        ([Limit(on(2), on(4), "average_hours", 38)], "dd-ddd-", "--ddd--"),
        ([Limit(on(2), None, "weekly_hours", 24)], "ddd----", "-ddd-d-"),
        ([Limit(on(1), None, "consecutive_days", 2)], "dd-dd-d", "-ddd---"),
        ([Limit(rule="rest", amount=30)], "d-d-d--", "dd-----"),
        ([Limit(rule="rest", amount=36)], "-n-n---", "-n-d---"),
        ([Limit(rule="rest", amount=60)], "d--d---", "d-d----"),
        ([Limit(on(3), None, "rest", 36)], "n-d-n--", "-n-d---"),
    ],
)  # fmt: skip
def test_a_limit_binds_on_its_days_and_no_others(limits: list[Limit], allowed: str, forbidden: str | None) -> None:
    made = alone(limits)
    assert both(made, allowed) == (True, True)
    assert forbidden is None or both(made, forbidden) == (False, False)


def test_a_shift_of_a_whole_day_asks_for_its_rest_on_the_day_after_next() -> None:
    made = alone([Limit(rule="rest", amount=11)], shifts=(Shift("early", 6 * 60, 16), DAY, LONG))
    assert both(made, "l-d----") == (True, True)
    assert both(made, "l-e----") == (False, False)
    assert both(made, "l-l-e--") == (False, False)
    assert both(made, "l--e---") == (True, True)


@pytest.mark.parametrize(
    ("limits", "history", "allowed", "forbidden"),
    [
        ([Limit(rule="off_after_nights", amount=2)], History(nights=1), "--d", "-d-"),
        ([Limit(rule="off_after_nights", amount=2)], History(off_since_night=1), "-d-", "d--"),
        ([Limit(rule="off_after_nights", amount=2)], History(off_since_night=1), "-n-", "n--"),
        ([Limit(None, on(-1), "off_after_nights", 2)], History(off_since_night=1), "-d-", "d--"),
        ([Limit(on(0), None, "off_after_nights", 2)], History(off_since_night=1), "d--", None),
        ([Limit(on(1), None, "rest", 36)], History(ended=14), "--d", "-d-"),
        ([Limit(on(2), None, "consecutive_days", 2)], History(days=9), "dd-", "ddd"),
        ([Limit(rule="weekly_hours", amount=12)], History(week_hours=4.5), "---", "d--"),
        ([Limit(rule="weekly_hours", amount=12.5)], History(week_hours=4.5), "d--", "dd-"),
    ],
)
def test_what_was_worked_before_binds_the_first_days(
    limits: list[Limit], history: History, allowed: str, forbidden: str | None
) -> None:
    made = alone(limits, days=3, first=on(1), history=history)
    made = replace(made, limits=tuple(replace(one, first=_later(one.first), last=_later(one.last)) for one in limits))
    assert both(made, allowed) == (True, True)
    assert forbidden is None or both(made, forbidden) == (False, False)


def _later(day: date | None) -> date | None:
    return None if day is None else day + timedelta(1)


def test_nobody_works_into_a_day_away_and_no_night_touches_a_day_of_protection() -> None:
    short, early, late = Shift("short", 20 * 60, 8), Shift("early", 5 * 60, 16), Shift("late", 16 * 60, 15)
    away = alone([], shifts=(short, NIGHT, DAY), away=(Dated(on(3), on(4)),))
    assert both(away, "nnn----") == both(away, "---s---") == both(away, "----n--") == (False, False)
    assert both(away, "nns--nn") == (True, True)
    guard = [Limit(on(2), on(5), "no_nights_for_protected")]
    protected = alone(guard, shifts=(short, NIGHT, early, late), protected=(Dated(on(1), on(3)), Dated(on(5))))
    assert both(protected, "nsel-e-") == (True, True)
    for row in ("-n-----", "--n----", "---n---", "----n--", "-----n-"):
        assert both(protected, row) == (False, False)
    assert both(protected, "------n") == (True, True)


def test_the_last_day_of_a_shift_is_that_of_its_last_moment() -> None:
    made = replace(alone([], 2, (Shift("a", 20 * 60, 8), NIGHT, Shift("z", 24 * 60, 47))),
                   grid=Grid(date(2026, 3, 27), 2, 30, "Europe/Berlin"))  # fmt: skip
    assert last_days(made).tolist() == [[0, 1, 1], [0, 1, 2]]  # the 29th has 23 hours


def test_a_file_of_the_days_before_says_when_the_last_night_was(tmp_path: Path) -> None:
    before = alone([], days=4)
    (tmp_path / "before.csv").write_text(
        files.csv_text(Result(before, tour(before, "dnn-"), 0.0, 0.0, 0.0, 0, 0), ("own",))
    )
    after = alone([Limit(rule="off_after_nights", amount=2)], days=3, first=on(4))
    held = with_history(after, tmp_path / "before.csv")
    assert held.agents[0].history == History(ended=14 - 48, off_since_night=1, week_hours=26, week_days=3)
    assert both(held, "d--") == (False, False)
    assert both(held, "-d-") == (True, True)


def test_a_file_of_the_days_before_may_have_no_offsets_and_shifts_of_older_rules(tmp_path: Path) -> None:
    path = tmp_path / "before.csv"
    path.write_text("agent,date,paid,started,ended\nann,2026-12-06,true,2026-12-06 21:00,2026-12-07 05:00\n")
    held = with_history(alone([], days=3), path).agents[0].history
    assert held == History(ended=10, days=1, nights=1, off_since_night=0, week_hours=0.0, week_days=0)


def test_every_tour_of_some_days_is_taken_by_both_or_by_neither() -> None:
    limits = [
        Limit(rule="rest", amount=14), Limit(on(2), None, "off_after_nights", 2), Limit(on(1), on(3), "nights", 1),
        Limit(None, on(3), "consecutive_days", 3),
    ]  # fmt: skip
    made = alone(limits, days=5, shifts=(DAY, NIGHT, LONG), history=History(days=2, nights=1, ended=10))
    for letters in every("-dnl", repeat=5):
        row = "".join(letters)
        engine, checker = both(made, row)
        assert engine == checker, row


def test_limits_that_cannot_be_kept_track_of_together_are_refused_with_a_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(automaton, "MOST_STATES", 20)
    with pytest.raises(automaton.TooManyStates, match="too many to keep at once"):
        laid_out(alone([Limit(rule="average_hours", amount=40)]))


def test_states_with_the_same_ways_on_are_one() -> None:
    kinds = counters.Categories((0, 18), (False, True))
    machine = automaton.product([counters.nights(kinds, 2, [True] * 3)])  # at most 2 nights in 3 days
    assert machine.layers.tolist() == [0, 1, 3, 5, 6]  # after two days: may the last be a night
    assert machine.after.tolist() == [[2, 1], [4, 3], [4, 4], [5, -1], [5, 5], [-1, -1]]


def test_states_stay_apart_however_many_limits_there_are() -> None:
    kinds = counters.Categories((0, 18), (False, True))
    first, others = counters.nights(kinds, 1, [True, False, True]), counters.nights(kinds, 1, [False] * 3)
    machine = automaton.product([first, *[others] * 70])
    after_one = machine.after[machine.after[0, 1], 0]
    after_none = machine.after[machine.after[0, 0], 0]
    assert (machine.after[after_one, 1], machine.after[after_none, 1] >= 0) == (-1, True)
