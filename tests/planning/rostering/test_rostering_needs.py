"""The table of needs on the plan's intervals, whatever the length of its own lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from rostering_cases import problem, roster_of

from onefloor.planning.grid import Grid
from onefloor.planning.rostering import sentences
from onefloor.planning.rostering.needs import days_without, each_need, read_needs
from onefloor.planning.rostering.result import Result
from onefloor.planning.staffing.requirements import Demand, requirement, write_csv
from onefloor.planning.staffing.targets import target
from onefloor.problems import Place, Problem

DAY = date(2026, 12, 1)


def hours(path: Path, minutes: int, problems: list[Problem] | None = None) -> dict[str, int]:
    """Agents of skill a by clock, of the intervals that need somebody."""
    told: list[Problem] = [] if problems is None else problems
    grid = Grid(DAY, 1, minutes)
    found, _ = read_needs(path, ["a"], grid, told)
    assert problems is not None or not told
    return {f"{t * minutes // 60:02}:{t * minutes % 60:02}": int(found[t, 0]) for t in np.flatnonzero(found[:, 0])}


def table(folder: Path, *lines: str, head: str = "interval,skill,agents") -> Path:
    path = folder / "needs.csv"
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("written", [15, 30, 60])
@pytest.mark.parametrize("planned", [15, 30, 60])
def test_what_staff_writes_at_one_interval_a_plan_at_another_reads_in_full(
    tmp_path: Path, written: int, planned: int
) -> None:
    starts = tuple(datetime(2026, 12, 1, t * written // 60, t * written % 60) for t in range(1440 // written))
    calls = np.array([40.0 if 8 <= start.hour < 12 else 0.0 for start in starts])
    demand = Demand("a", starts, calls, np.full(len(starts), 300.0), np.full(len(starts), np.inf), written)
    found = requirement(demand, target("service_level >= 80% in 20s"))
    write_csv(tmp_path / "needs.csv", [found], "Asia/Shanghai")
    clocks = [f"{8 + t * planned // 60:02}:{t * planned % 60:02}" for t in range(4 * 60 // planned)]
    assert hours(tmp_path / "needs.csv", planned) == dict.fromkeys(clocks, int(found.agents.max()))


def test_half_hours_in_a_plan_of_hours_leave_the_most_of_both_on_their_own_hour(tmp_path: Path) -> None:
    path = table(tmp_path, "2026-12-01 08:00,a,2", "2026-12-01 08:30,a,7", "2026-12-01 09:00,a,3")
    assert hours(path, 60) == {"08:00": 7, "09:00": 3}


def test_a_line_counts_in_every_interval_it_touches(tmp_path: Path) -> None:
    path = table(tmp_path, "2026-12-01 08:07,a,2,30", "2026-11-30 23:40,a,1,30", head="interval,skill,agents,minutes")
    assert hours(path, 30) == {"00:00": 1, "08:00": 2, "08:30": 2}


def test_hours_that_do_not_say_so_are_refused_in_a_plan_of_half_hours(tmp_path: Path) -> None:
    told: list[Problem] = []
    hours(table(tmp_path, "2026-12-01 08:00,a,3", "2026-12-01 09:00,a,4"), 30, told)
    assert [str(one.where) for one in told] == [f"{tmp_path}/needs.csv:2"]
    assert "60 minutes apart" in told[0].to("en")
    assert "Add a column minutes" in told[0].to("en")


def test_a_line_of_no_minutes_is_refused(tmp_path: Path) -> None:
    told: list[Problem] = []
    hours(table(tmp_path, "2026-12-01 08:00,a,3,0", head="interval,skill,agents,minutes"), 30, told)
    assert "Write minutes above 0." in told[0].to("en")


def test_a_half_hour_that_is_written_twice_is_refused_with_both_lines(tmp_path: Path) -> None:
    problems: list[Problem] = []
    hours(table(tmp_path, "2026-12-01 08:00,a,4", "2026-12-01 08:30,a,4", "2026-12-01 08:00,a,9"), 30, problems)
    assert [(str(one.what.en), one.where) for one in problems] == [
        ('What is needed of "a" at 2026-12-01 08:00 is written twice, first in line 2.',
         Place(str(tmp_path / "needs.csv"), 4)),
    ]  # fmt: skip


def test_days_on_which_nobody_is_needed_are_told() -> None:
    made = problem(2, 3)
    made.needs[48:96] = 0
    assert days_without(made) == [date(2026, 12, 1)]
    found = Result(made, roster_of(made, "e-e", "---"), 0.0, 0.0, 0.0, 0, 0)
    assert [said.en for said in sentences.remarks(found)] == [
        "The table of needs asks for nobody on 1 of 3 days: 2026-12-01."
    ]
    made.needs[96:] = 0
    assert sentences.remarks(found)[0].zh == "3 天中有 2 天需求表没有人数：2026-12-01..2026-12-02。"
    assert sentences.as_json(found)["days_without_needs"] == ["2026-12-01", "2026-12-02"]
    made.needs[:] = 1
    assert sentences.remarks(found) == []


def test_lines_of_another_zone_are_told_once_with_what_they_are_here(tmp_path: Path) -> None:
    here, there = "2026-12-01T08:00+08:00,a,2", "2026-12-01T01:00+01:00,a,2"
    path = table(tmp_path, "2026-12-01 07:00,a,2", here, there, there)
    problems: list[Problem] = []
    each_need(path, "Asia/Shanghai", problems)
    said = (
        "Lines in another time zone than Asia/Shanghai, which is planned in: 2. "
        'The first, "2026-12-01T01:00+01:00", is "2026-12-01 08:00+08:00" there.'
    )
    assert [(one.what.en, one.where) for one in problems] == [(said, Place(str(path), 4))]


def test_both_passes_of_an_hour_that_comes_twice_are_of_the_zone(tmp_path: Path) -> None:
    path = table(tmp_path, "2026-10-25T02:00+02:00,a,2", "2026-10-25T02:00+01:00,a,2", "2026-03-29T03:00+02:00,a,1")
    problems: list[Problem] = []
    each_need(path, "Europe/Berlin", problems)
    assert problems == []


def test_every_fault_of_a_moment_is_told_once_with_its_line(tmp_path: Path) -> None:
    good, bad, there = "2026-12-01 07:00,a,2", "yesterday,a,2", "2026-12-01T01:00+01:00,a,2"
    path = table(tmp_path, good, bad, there, good)
    problems: list[Problem] = []
    each_need(path, "Asia/Shanghai", problems)
    assert [one.what.en.split(",")[0] for one in problems] == [
        '"yesterday" in column interval is not known.', "Lines in another time zone than Asia/Shanghai",
    ]  # fmt: skip
    assert [one.where for one in problems] == [Place(str(path), 3), Place(str(path), 4)]
    problems.clear()
    each_need(table(tmp_path, good, bad, good), "Asia/Shanghai", problems)
    assert [one.where for one in problems] == [Place(str(path), 3), Place(str(path), 4)]


def test_lines_outside_the_planned_days_are_counted_by_day_and_told(tmp_path: Path) -> None:
    lines = (
        "2026-11-30 23:40,a,1,30", "2026-11-30 23:30,a,1,30", "2026-12-01 08:00,a,2,30", "2026-12-02 23:30,a,2,30",
        "2026-12-03 00:00,a,2,30", "2026-12-03 08:00,a,0,30", "2026-12-05 08:00,a,2,30", "2062-12-01 08:00,a,2,30",
        "2026-12-07 08:00,a,1,30",
    )  # fmt: skip
    path, problems = table(tmp_path, *lines, head="interval,skill,agents,minutes"), list[Problem]()
    counts, outside = read_needs(path, ["a"], Grid(DAY, 2), problems)
    assert (problems, counts.sum()) == ([], 5)
    spared = {date(2026, 11, 30): 1, date(2026, 12, 3): 2, date(2026, 12, 5): 1, date(2026, 12, 7): 1}
    assert outside == {**spared, date(2062, 12, 1): 1}
    made = problem(2, 2, unplanned=outside)
    found = Result(made, roster_of(made, "e-", "-e"), 0.0, 0.0, 0.0, 0, 0)
    assert sentences.remarks(found)[0].en == (
        "6 lines of the table of needs are outside the planned days and not counted: "
        "2026-11-30, 2026-12-03, 2026-12-05 and 2 more."
    )
    told = replace(found, problem=replace(made, unplanned={date(2026, 12, 3): 1}))
    assert sentences.remarks(told)[0].en.startswith("1 line of the table of needs is outside the planned days")
    assert sentences.remarks(told)[0].zh == "需求表有 1 行不在计划的日子里，不计入：2026-12-03。"
    assert sentences.as_json(told)["unplanned_needs"] == {"2026-12-03": 1}


@pytest.mark.parametrize("first", [date(2026, 11, 1), date(2026, 12, 3), date(2062, 12, 1)])
def test_needs_of_other_days_only_are_refused_with_both(tmp_path: Path, first: date) -> None:
    lines = ("2026-12-01 08:00,a,2,30", "2026-12-02 08:00,a,1,30")
    path, problems = table(tmp_path, *lines, head="interval,skill,agents,minutes"), list[Problem]()
    read_needs(path, ["a"], Grid(first, 2), problems)
    last = first.replace(day=first.day + 1)
    said = (
        f"{path}: The needs are of 2026-12-01..2026-12-02, and {first}..{last} is planned. None of its lines (2) "
        "is within the planned days. Choose days of the table with --from and --days, or have onefloor staff write "
        "these."
    )
    assert [one.to("en") for one in problems] == [said]


def test_lines_and_the_intervals_they_touch_are_as_many_whatever_is_planned(tmp_path: Path) -> None:
    days_of, clocks = ("01-01", "01-09", "01-28", "02-01", "02-09", "02-28"), ("00:10", "23:10")
    lines = [f"2026-{day} {clock},a,1,40" for day in days_of for clock in clocks]
    path = table(tmp_path, *lines, head="interval,skill,agents,minutes")
    for first in (date(2026, 1, 1), date(2026, 1, 9), date(2026, 1, 28), date(2026, 2, 8)):
        for days in (1, 2, 9, 31):
            counts, outside = read_needs(path, ["a"], Grid(first, days), [])
            inside = (counts > 0).sum() / 2  # each line touches two half hours
            assert inside + sum(outside.values()) == len(lines), (first, days)
            assert [day for day in outside if first <= day < first + timedelta(days)] == []
