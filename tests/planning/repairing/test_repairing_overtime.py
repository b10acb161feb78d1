"""Overtime: it fills a gap where it is cheapest, inside the rules, and counts for what comes after."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from rostering_cases import LAW, problem, roster_of

from onefloor.cli.planning.notes import Note, read_note, repaired, resumed, write_roster
from onefloor.planning.grid import Grid
from onefloor.planning.repairing.changes import Parameters
from onefloor.planning.repairing.repair import absent, spike
from onefloor.planning.repairing.sentences import as_json, change_words
from onefloor.planning.repairing.state import State, held_ready
from onefloor.planning.rostering.checking import Breach, at_desk, breaches
from onefloor.planning.rostering.files import csv_text, read_roster
from onefloor.planning.rostering.history import with_history
from onefloor.planning.rostering.problem import History, Limit
from onefloor.planning.rostering.result import Result
from onefloor.planning.rostering.scoring import missing
from onefloor.problems import Problem

MONDAY, TUESDAY = datetime(2026, 11, 30), datetime(2026, 12, 1)
SHORT = tuple(limit for limit in LAW if limit.rule not in ("daily_hours", "weekly_hours"))
ONLY_LONGER = Parameters(called=100.0, moved=100.0, breaks=100.0, longer=0.5)


def state(*rows: str, limits: tuple[Limit, ...] = SHORT) -> State:
    made = problem(len(rows), len(rows[0]), needed=1, limits=limits)
    return held_ready(made, roster_of(made, *rows))


def test_somebody_stays_as_long_as_it_saves_and_is_paid_more_for_it() -> None:
    held = state("e-", "--")
    found = spike(held, "a", MONDAY.replace(hour=16), MONDAY.replace(hour=17), 1, replace(ONLY_LONGER, overtime=60))
    assert [(one.kind, one.overtime) for one in found.changes] == [("longer", (0, 2))]
    # two half hours, of which one missing costs 4; pay is 1.5 times 1 for each; the penalty is a half of 8
    assert found.changes[0].saved == pytest.approx(2 * 4 - 2 * 1.5 - 4)
    words = change_words(held.problem, found.changes[0])
    assert words.en == (
        "2001: stay after shift early (11-30 07:00–16:00) until 17:00, as overtime; saves 1.0 after pay and "
        "disturbance, within all rules."
    )
    assert words.zh.startswith("2001：early 班（11-30 07:00–16:00）下班后加班至 17:00；")
    assert "'overtime_minutes': [0, 60]" in str(as_json(held.problem, found))


def test_the_cover_with_overtime_is_what_the_independent_count_says() -> None:
    held = state("ee", "le", "-l")
    absent(held, ["2002"], MONDAY.replace(hour=13), ONLY_LONGER)
    assert held.overtime[0, 0].tolist() == [0, 4]
    made, roster = held.problem, held.roster()
    lost = missing(made, at_desk(made, roster))[0].sum() * made.costs.missing / made.per_hour
    demand = held.layout.task.demand
    assert ((demand.need - held.cover.got) * demand.weight).sum() == pytest.approx(lost)
    assert breaches(made, roster) == []


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
    row = 0
    night = next(place for place in range(4) if held.shift(row, place).id == "night")
    assert held.against(row, 1, night, (6, 12)) == []
    early = next(place for place in range(4) if held.shift(row, place).id == "early")
    assert held.against(row, 1, early, (6, 12)) == []
    held.work_beside(row, 0, 0, 8)
    assert [one.rule for one in held.against(row, 1, early, (6, 12))] == ["rest"]


def test_who_leaves_during_overtime_takes_the_rest_of_it_along() -> None:
    held = state("e-", "l-", "--")
    before = held.cover.got.copy()
    held.work_beside(0, 0, 0, 4)
    held.leave(0, 0, 34)
    assert held.overtime[0, 0].tolist() == [0, 2]
    held.leave(0, 0, 32)
    assert held.overtime[0, 0].tolist() == [0, 0]
    assert (held.cover.got == before).all()


@pytest.mark.parametrize("since", [0, 14, 20])
def test_who_comes_after_the_shift_does_not_stay_longer_either(since: int) -> None:
    held, other = state("e-", "l-", "--"), state("e-", "l-", "--")
    held.work_beside(0, 0, 0, 4)
    held.leave(0, 0, since, 34)
    other.leave(0, 0, since)
    assert not held.overtime.any()
    assert (held.cover.got == other.cover.got).all()
    assert (held.cover.paid == other.cover.paid).all()


def test_overtime_is_written_beside_the_shift_and_read_again(tmp_path: Path) -> None:
    held = state("e-", "--")
    held.work_beside(0, 0, 2, 3)
    path = tmp_path / "after.csv"
    note = Note(tmp_path, tmp_path, MONDAY.date(), 2, 0, ("own", "north"), "")
    after = repaired(held, note, ("own", "north"))
    write_roster(path, csv_text(Result(held.problem, held.roster(), 0.0, 0.0, 0.0, 0, 0), ["own"]), after)
    assert [line for line in path.read_text().splitlines() if "overtime" in line] == [
        "2001,own,2026-11-30,early,overtime,true,2026-11-30 06:00+08:00,2026-11-30 07:00+08:00",
        "2001,own,2026-11-30,early,overtime,true,2026-11-30 16:00+08:00,2026-11-30 17:30+08:00",
    ]
    again = held_ready(held.problem, read_roster(path, held.problem))
    again.resume(resumed(again.problem, read_note(path)))
    assert (again.overtime == held.overtime).all()
    assert (again.cover.got == held.cover.got).all()
    assert repaired(held, note, ("north",)).overtime == {}
    later = problem(2, 2, grid=Grid(date(2026, 12, 2), 2))
    november = problem(2, 2, grid=Grid(date(2026, 12, 1), 2))
    assert with_history(later, path).agents[0].history.month_overtime == 0  # it was worked in November
    path.write_text(path.read_text().replace("2026-11-30", "2026-12-01"))
    assert with_history(later, path).agents[0].history.month_overtime == 2.5
    with pytest.raises(Problem, match=r'after\.csv:2: "2026-12-01" in column date is not before 2026-12-01'):
        with_history(november, path)


def test_somebody_comes_earlier_where_that_saves_more() -> None:
    held = state("l-", "--")
    found = spike(held, "a", MONDAY.replace(hour=12), MONDAY.replace(hour=14), 2, ONLY_LONGER)
    assert [(one.kind, one.overtime) for one in found.changes] == [("earlier", (4, 0))]
    assert found.changes[0].saved == pytest.approx(4 * 4 - 4 * 1.5 - 4)
    words = change_words(held.problem, found.changes[0])
    assert words.en.startswith("2001: come at 12:00, before shift late (11-30 14:00–23:00), as overtime; saves 6.0")
    assert words.zh.startswith("2001：12:00 提前到岗加班，接上 late 班（11-30 14:00–23:00）；")
    assert found.left == pytest.approx(found.lost - 4 * 4)
    assert breaches(held.problem, held.roster()) == []


def test_overtime_keeps_to_the_hours_of_a_day_and_of_a_month() -> None:
    def stays(*limits: Limit, month: float = 0.0, worked: int = 0) -> list[tuple[int, int]]:
        made = problem(1, 3, needed=1, limits=(*SHORT, *limits))
        agent = replace(made.agents[0], history=History(month_overtime=month))
        made = replace(made, agents=(agent,))
        held = held_ready(made, roster_of(made, "eee"))
        held.work_beside(0, 1, worked, 0)
        found = spike(held, "a", TUESDAY.replace(hour=16), TUESDAY.replace(hour=18), 1, ONLY_LONGER)
        return [one.overtime for one in found.changes]

    day, month = Limit(rule="daily_overtime", amount=1.5), Limit(rule="monthly_overtime", amount=36)
    assert stays() == [(0, 4)]
    assert stays(day) == [(0, 3)]
    assert stays(month) == [(0, 4)]
    assert stays(month, month=34.5) == [(0, 4)]  # Tuesday is the first day of another month


def test_overtime_of_the_month_before_the_horizon_and_in_it_counts() -> None:
    limit = Limit(rule="monthly_overtime", amount=36)
    made = problem(1, 4, grid=Grid(date(2026, 12, 7), 4), limits=(limit,))
    made = replace(made, agents=(replace(made.agents[0], history=History(month_overtime=33.0)),))
    held = held_ready(made, roster_of(made, "eeee"))
    held.work_beside(0, 0, 0, 4)
    assert held.against(0, 1, 0, (6, 12), (0, 2)) == []
    assert held.against(0, 1, 0, (6, 12), (1, 2)) == [Breach("monthly_overtime", "2001", date(2026, 12, 8), 36.5, 36)]
    assert held.against(0, 2, 0, (6, 12), (2, 1))[0].found == 36.5


def test_who_left_early_has_rested_since_then() -> None:
    held = state("l-", "--")
    early = next(place for place in range(4) if held.shift(0, place).id == "early")
    assert [one.rule for one in held.against(0, 1, early, (6, 12))] == ["rest"]
    held.leave(0, 0, 39)  # at 19:30; from then to 07:00 are 11 and a half hours
    assert held.against(0, 1, early, (6, 12)) == []
    found = spike(held, "a", TUESDAY.replace(hour=7), TUESDAY.replace(hour=16), 1, Parameters(notice=0))
    assert ("2001", "split") in {(one.agent, one.after) for one in found.changes}  # at 08:00
    assert breaches(held.problem, held.roster()) == []


def test_hours_of_a_week_count_as_far_as_they_were_worked() -> None:
    held = state("eeeee--", limits=(Limit(rule="weekly_hours", amount=42.5),))
    held.leave(0, 0, 20)  # at 10:00, when an unpaid hour of break was due: 3 of 8 hours are worked
    early = next(place for place in range(4) if held.shift(0, place).id == "early")
    assert held.against(0, 5, early, (6, 12)) == [Breach("weekly_hours", "2001", date(2026, 12, 5), 3 + 5 * 8.0, 42.5)]
    held.leave(0, 1, 48 + 14, 48 + 15)  # half an hour late on Tuesday
    assert held.against(0, 5, early, (6, 12)) == []


def test_hours_of_a_day_count_as_far_as_they_were_worked() -> None:
    held = state("e-", limits=(Limit(rule="daily_hours", amount=8),))
    early = next(place for place in range(4) if held.shift(0, place).id == "early")
    held.leave(0, 0, 14, 17)  # comes an hour and a half late
    assert held.against(0, 0, early, (6, 12), (0, 3)) == []
    assert held.against(0, 0, early, (6, 12), (0, 4)) == [Breach("daily_hours", "2001", date(2026, 11, 30), 8.5, 8)]


def test_time_at_which_somebody_was_gone_is_no_work_without_a_break() -> None:
    held = state("e-", limits=(Limit(rule="work_without_break", amount=2.5),))
    assert [one.found for one in breaches(held.problem, held.roster())] == [3.0]
    held.leave(0, 0, 14, 15)  # half an hour late; the break is at 10:00
    assert breaches(held.problem, held.roster()) == []
