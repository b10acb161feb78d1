"""Overtime: it fills a gap where it is cheapest, inside the rules, and counts for what comes after."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from rostering_cases import LAW, problem, roster_of

from onefloor.cli.planning.notes import Note, read_note, repaired, resumed, write_note
from onefloor.planning.repairing.changes import Parameters
from onefloor.planning.repairing.repair import absent, spike
from onefloor.planning.repairing.sentences import as_json, change_words
from onefloor.planning.repairing.state import State, held_ready
from onefloor.planning.rostering.checking import at_desk, breaches
from onefloor.planning.rostering.files import read_roster, write_csv
from onefloor.planning.rostering.problem import Limit
from onefloor.planning.rostering.result import Result
from onefloor.planning.rostering.scoring import missing

MONDAY = datetime(2026, 11, 30)
SHORT = tuple(limit for limit in LAW if limit.rule not in ("daily_hours", "weekly_hours"))
ONLY_LONGER = Parameters(called=100.0, moved=100.0, breaks=100.0, longer=0.5)


def state(*rows: str, limits: tuple[Limit, ...] = SHORT) -> State:
    made = problem(len(rows), len(rows[0]), needed=1, limits=limits)
    return held_ready(made, roster_of(made, *rows))


def test_somebody_stays_as_long_as_it_saves_and_is_paid_more_for_it() -> None:
    held = state("e-", "--")
    found = spike(held, "a", MONDAY.replace(hour=16), MONDAY.replace(hour=17), 1, replace(ONLY_LONGER, overtime=60))
    assert [(one.kind, one.overtime) for one in found.changes] == [("longer", 2)]
    # two half hours, of which one missing costs 4; pay is 1.5 times 1 for each; the penalty is a half of 8
    assert found.changes[0].saved == pytest.approx(2 * 4 - 2 * 1.5 - 4)
    words = change_words(held.problem, found.changes[0])
    assert words.en == (
        "2001: stay after shift early (11-30 07:00–16:00) until 17:00, as overtime; saves 1.0 after pay and "
        "disturbance, within all rules."
    )
    assert words.zh.startswith("2001：early 班（11-30 07:00–16:00）下班后加班至 17:00；")
    assert '"overtime_minutes": 60' in str(as_json(held.problem, found)).replace("'", '"')


def test_the_cover_with_overtime_is_what_the_independent_count_says() -> None:
    held = state("ee", "le", "-l")
    absent(held, ["2002"], MONDAY.replace(hour=13), ONLY_LONGER)
    assert held.overtime[0, 0] > 0
    worked, roster = held.worked()
    lost = missing(worked, at_desk(worked, roster))[0].sum() * worked.costs.missing / worked.per_hour
    demand = held.layout.task.demand
    assert ((demand.need - held.cover.got) * demand.weight).sum() == pytest.approx(lost)
    assert breaches(worked, roster) == []


@pytest.mark.parametrize(
    ("rows", "limits"),
    [
        (("e-", "--"), (*SHORT, Limit(rule="daily_hours", amount=8))),
        (("le", "--"), tuple(replace(one, amount=8) if one.rule == "rest" else one for one in SHORT)),
    ],
)
def test_no_rule_is_broken_for_overtime(rows: tuple[str, ...], limits: tuple[Limit, ...]) -> None:
    held = state(*rows, limits=limits)
    found = spike(held, "a", MONDAY.replace(hour=16), MONDAY.replace(hour=23, minute=30), 2, ONLY_LONGER)
    assert found.changes == ()
    assert not held.overtime.any()


def test_the_rest_after_overtime_binds_later_repairs() -> None:
    limits = tuple(replace(one, amount=12) if one.rule == "rest" else one for one in SHORT)
    held = state("e-", "--", limits=limits)
    task, row = held.layout.task, 0
    night = next(place for place in range(4) if held.shift(row, place).id == "night")
    assert held.lawful(row, 1, night, (6, 12), 0)
    early = next(place for place in range(4) if held.shift(row, place).id == "early")
    assert held.lawful(row, 1, early, (6, 12), 0)
    held.stay(row, 0, 8)
    assert not held.lawful(row, 1, early, (6, 12), 0)
    assert np.asarray(task.people.company).shape == (2,)


def test_who_leaves_during_overtime_takes_the_rest_of_it_along() -> None:
    held = state("e-", "l-", "--")
    before = held.cover.got.copy()
    held.stay(0, 0, 4)
    held.leave(0, 0, 34)
    assert held.overtime[0, 0] == 2
    held.leave(0, 0, 32)
    assert held.overtime[0, 0] == 0
    assert (held.cover.got == before).all()


@pytest.mark.parametrize("since", [0, 14, 20])
def test_who_comes_after_the_shift_does_not_stay_longer_either(since: int) -> None:
    held, other = state("e-", "l-", "--"), state("e-", "l-", "--")
    held.stay(0, 0, 4)
    held.leave(0, 0, since, 34)
    other.leave(0, 0, since)
    assert not held.overtime.any()
    assert (held.cover.got == other.cover.got).all()
    assert (held.cover.paid == other.cover.paid).all()


def test_overtime_is_written_behind_the_shift_and_read_again(tmp_path: Path) -> None:
    held = state("e-", "--")
    held.stay(0, 0, 3)
    path = tmp_path / "after.csv"
    note = Note(tmp_path, tmp_path, MONDAY.date(), 2, 0, ("own", "north"), "")
    after = repaired(held, note, ("own", "north"))
    write_csv(Result(held.problem, held.roster(), 0.0, 0.0, 0.0, 0, 0), path, ["own"], None, after.overtime)
    assert path.read_text().splitlines()[-1] == (
        "2001,own,2026-11-30,early,overtime,true,2026-11-30 16:00+08:00,2026-11-30 17:30+08:00"
    )
    again = held_ready(held.problem, read_roster(path, held.problem))
    write_note(path, after)
    again.resume(resumed(again.problem, read_note(path)))
    assert (again.overtime == held.overtime).all()
    assert (again.cover.got == held.cover.got).all()
    assert repaired(held, note, ("north",)).overtime == {}
