"""Rules files, tables, and what a roster is written to."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from rostering_cases import changed, day, planned, problem, roster_of

from disks import full_beyond
from onefloor.cli import main
from onefloor.floor import create_floor
from onefloor.planning.rostering import files
from onefloor.planning.rostering.employed import Employed, with_employment
from onefloor.planning.rostering.problem import Dated
from onefloor.planning.rostering.problem import Problem as Roster
from onefloor.planning.rostering.reading import Asked, read_problem
from onefloor.planning.rostering.result import Result
from onefloor.planning.rostering.sentences import as_json, remarks
from onefloor.planning.rostering.unusable import barred, unheld
from onefloor.problems import Problem, Problems

EXAMPLE = Path(__file__).parents[3] / "examples" / "rosters"
FIRST = Asked(date(2026, 12, 1), 7)


def test_the_example_is_read_with_all_its_tables(rules: Path) -> None:
    made = read_problem(rules, FIRST)
    assert (len(made.agents), len(made.shifts), made.needs.shape) == (24, 4, (7 * 48, 2))
    assert made.shifts[3].gap == (8, 14)
    assert made.agents[1].away == (Dated(date(2026, 12, 7), date(2026, 12, 11)),)
    assert [one.cost for one in made.agents[0].wishes] == [60.0]
    assert made.companies[1].seats == 8
    assert made.limits[0].line == 29


@pytest.mark.parametrize(
    ("file", "before", "after", "said"),
    [
        ("rules.yaml", "interval: 30", "interval: 7", "The interval does not divide an hour."),
        ("rules.yaml", "rule: rest,", "rule: rset,", '"rset" is not known here. Write rest.'),
        ("rules.yaml", "weight: 1.5", "weight: 0", "A weight has to be above 0."),
        ("rules.yaml", "skills:", "skills:" + "".join(f"\n  - {{id: s{n}}}" for n in range(60)), "more than 60 skills"),
        ("rules.yaml", "amount: 8}", "}", "The amount of daily_hours is missing"),
        ("rules.yaml", "shifts: [early, day, late],", "shifts: [early, dya],", '"dya" is not known here. Write day.'),
        ("rules.yaml", "length: 9h", "length: 9.1h", "no multiples of 30 minutes"),
        ("rules.yaml", "from: 6h, to: 7h", "from: 4h, to: 7h", "can overlap"),
        ("rules.yaml", '"07:00"', '"25:00"', 'Write "07:30".'),
        ("agents.csv", "2002,own", "2001,own", "Each agent has one line."),
        ("agents.csv", "2002,own", "2002,west", "Use one of north, own."),
        ("agents.csv", "agent,", "person,", "Column agent is missing."),
        ("needs.csv", "billing,1", "billing,-1", "Write a number of 0 or more."),
        ("needs.csv", "2026-12-01 07:00", "yesterday", "Write 2026-12-01 08:30."),
        ("absences.csv", "2002,", "9002,", "Use one of 2001"),
        ("wishes.csv", "not late", "not later", "Write off, a shift, or not and a shift."),
        ("qualifications.csv", "2026-12-10", "soon", "Write 2026-12-01."),
    ],
)
def test_every_mistake_is_named_with_its_place(rules: Path, file: str, before: str, after: str, said: str) -> None:
    changed(rules.with_name(file), before, after)
    with pytest.raises(Problem) as told:
        read_problem(rules, FIRST)
    assert said in told.value.to("en")
    assert f"{file}:" in told.value.to("en")


def test_days_that_end_before_they_begin_are_refused_all_at_once(rules: Path) -> None:
    for table in ("absences.csv", "qualifications.csv"):
        path = rules.with_name(table)
        head, first, *_ = path.read_text(encoding="utf-8").splitlines()
        cells = dict(zip(head.split(","), first.split(","), strict=True))
        turned = cells | {"from": "2026-12-11", "to": "2026-12-07"}
        path.write_text(f"{head}\n{','.join(turned.values())}\n{first}\n{','.join(turned.values())}\n")
    with pytest.raises(Problems) as told:
        read_problem(rules, FIRST)
    said = '"2026-12-07" in column to is before "2026-12-11" in column from. Write the later day last.'
    assert [one.to("en").removeprefix(f"{rules.parent}/") for one in told.value.problems] == [
        f"{table}:{line}: {said}" for table in ("absences.csv", "qualifications.csv") for line in (2, 4)
    ]
    assert "to 列的“2026-12-07”早于 from 列的“2026-12-11”" in told.value.to("zh")


def test_limits_that_end_before_they_begin_are_refused_all_at_once(rules: Path) -> None:
    spans = "from: 2026-12-31, to: 2026-12-01, "
    changed(rules, "- {rule: rest, ", "- {rule: rest, " + spans)
    changed(rules, "- {rule: weekly_hours, ", "- {rule: weekly_hours, " + spans)
    with pytest.raises(Problems) as told:
        read_problem(rules, FIRST)
    lines = {one.where.line for one in told.value.problems if one.where}
    assert lines == {_line(rules, "rule: rest,"), _line(rules, "rule: weekly_hours")}
    assert "to (2026-12-01) is before from (2026-12-31). The rule would hold on no day." in told.value.to("en")
    changed(rules, "from: 2026-12-31, to: 2026-12-01, ", "from: 2026-12-01, to: 2026-12-01, ")
    changed(rules, "from: 2026-12-31, to: 2026-12-01, ", "from: 2026-12-31, ")
    assert {one.rule: one.last for one in read_problem(rules, FIRST).limits}["rest"] is None


def test_days_without_needs_are_refused(rules: Path) -> None:
    with pytest.raises(Problem, match=r"needs\.csv: The needs are of 2026-12-01\.\.2026-12-31, and 2028-01-01\.\."):
        read_problem(rules, Asked(date(2028, 1, 1), 7))
    for line, said in (("2026-12-01 08:00,billing,0\n", "Nobody is needed"), ("", "The table of needs has no lines.")):
        rules.with_name("needs.csv").write_text("interval,skill,agents\n" + line)
        with pytest.raises(Problem, match=said):
            read_problem(rules, FIRST)


def test_a_roster_loads_as_shifts_of_the_floor(tmp_path: Path) -> None:
    found = planned("en-s", "--le")
    path = tmp_path / "roster.csv"
    path.write_text(files.csv_text(found, ("own", "north")))
    floor = create_floor(tmp_path / "floor", timezone="Asia/Shanghai")
    mapping = EXAMPLE.parent / "mappings" / "roster.yaml"
    assert main(["load", str(floor.root), "table", str(path), "--mapping", str(mapping), "--quiet"]) == 0
    from onefloor.facts.store import scan

    rows = scan(floor, "shifts").collect()
    paid = rows.filter(pl.col("paid")).select((pl.col("ended_ms") - pl.col("started_ms")).sum()).item()
    assert paid == 5 * 8 * 3_600_000
    assert rows.height == len(path.read_text().splitlines()) - 1


def test_a_roster_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    found = planned("en-s", "--le")
    found.roster.pauses[0, 0, :2] = [9, 13]
    (tmp_path / "r.csv").write_text(files.csv_text(found, ("own", "north")))
    again = files.read_roster(tmp_path / "r.csv", found.problem)
    assert (again.shifts == found.roster.shifts).all()
    worked = found.roster.shifts >= 0
    assert (again.pauses[worked] == found.roster.pauses[worked]).all()


def test_files_for_one_company_hold_nobody_of_another(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    found = planned("ee", "ee", "ee", "ee")
    (tmp_path / "r.csv").write_text(files.csv_text(found, ("north",)))
    files.write_workbook(found, tmp_path / "r.xlsx", ("north",))
    calendars = files.write_calendars(found, tmp_path / "r", ("north",))
    book = load_workbook(tmp_path / "r.xlsx")
    assert {row["agent"] for row in csv.DictReader((tmp_path / "r.csv").read_text().splitlines())} == {"2003"}
    assert book.sheetnames == ["north"]
    assert [row[0] for row in book["north"].values] == ["agent", "2003"]
    assert [path.name for path in calendars] == ["2003.ics"]


def test_a_folder_with_calendars_of_others_is_refused_and_stays_as_it_was(tmp_path: Path) -> None:
    found, folder = planned("ee", "ee", "ee", "ee"), tmp_path / "r"
    files.write_calendars(found, folder, ("own", "north"))
    files.write_calendars(found, folder, ("own", "north"))  # its own are written again
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(files.StrangeCalendars) as refused:
        files.write_calendars(found, folder, ("north",))
    assert str(refused.value.what.en) == "The folder holds calendars of others: 2001.ics, 2002.ics, 2004.ics."
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("written", ["csv", "ics", "xlsx", "needs", "staff", "picture"])
def test_a_full_disk_leaves_what_was_written_before(tmp_path: Path, written: str) -> None:
    from onefloor.cli.planning.notes import Note, write_roster
    from onefloor.insight.pictures import save
    from onefloor.planning.rostering.needs import write_needs
    from onefloor.planning.rostering.picture import picture
    from onefloor.planning.staffing.requirements import Demand, requirement
    from onefloor.planning.staffing.requirements import write_csv as write_requirements
    from onefloor.planning.staffing.targets import target

    found = planned("eelle", "eelle", "eelle", "eelle")
    starts = tuple(datetime(2026, 12, 1, hour) for hour in range(24))
    demand = Demand("a", starts, np.full(24, 9.0), np.full(24, 300.0), np.full(24, np.inf), 60)
    required = requirement(demand, target("service_level >= 80% in 20s"))
    note = Note(tmp_path, tmp_path / "rules.yaml", day(0), 5, 0, ("own",), "")

    def write() -> None:
        match written:
            case "csv":
                write_roster(tmp_path / "r.csv", files.csv_text(found, ("own",)), note)
            case "ics":
                files.write_calendars(found, tmp_path, ("own",))
            case "xlsx":
                files.write_workbook(found, tmp_path / "r.xlsx", ("own",))
            case "needs":
                write_needs(tmp_path / "needs.csv", found.problem)
            case "staff":
                write_requirements(tmp_path / "needs.csv", [required], "Asia/Shanghai")
            case "picture":
                save(picture(found), tmp_path / "r", "zh")

    write()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with full_beyond(500), pytest.raises(OSError, match="large"):
        write()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_workbook_has_a_sheet_for_each_company_and_no_formulas(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    made = problem(3, 2)
    made = replace(made, agents=(replace(made.agents[0], id="=1+1"), *made.agents[1:]))
    found = Result(made, roster_of(made, "e-", "--", "l-"), 0.0, 0.0, 0.0, 0, 0)
    files.write_workbook(found, tmp_path / "r.xlsx", ("own", "north"))
    book = load_workbook(tmp_path / "r.xlsx")
    assert book.sheetnames == ["own", "north"]
    assert [row[0] for row in book["own"].values] == ["agent", "'=1+1", "2002"]
    assert list(book["north"].values)[1] == ("2003", "late", None, 1, 8)


def test_a_calendar_has_an_event_for_each_shift() -> None:
    text = files.calendar(planned("en"), 0)
    assert text.count("BEGIN:VEVENT") == 2
    assert "DTSTART:20261201T140000Z\r\nDTEND:20261201T230000Z\r\nSUMMARY:night" in text
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75


def test_nobody_works_on_days_on_which_their_company_does_not_employ_them() -> None:
    made = problem(2, 4)
    lines = [Employed("2001", "own", day(1), day(2)), Employed("2002", "own", day(-9), None)]
    assert [one.away for one in with_employment(made, lines).agents] == [
        (Dated(day(0), day(0)), Dated(day(3), day(3))),
        (),
    ]
    assert with_employment(made, []) is made
    with pytest.raises(Problems, match=r"Agent 2001 \(own\): .* only as north since 2026-11-30"):
        with_employment(made, [Employed("2001", "north", day(0), None), *lines[1:]])
    with pytest.raises(Problems, match=r"The floor's roster does not have 2001\."):
        with_employment(made, lines[1:])
    with pytest.raises(Problems, match=r"does not have 2001, 2002, 2003, 2004, 2005 and 2 more\."):
        with_employment(problem(7, 4), [Employed("9", "own", day(0), None)])


def test_the_picture_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    from onefloor.insight.pictures import save
    from onefloor.planning.rostering.picture import picture

    found = planned("el", "-e")
    assert np.isfinite(found.score.total)
    assert [path.stat().st_size > 5000 for path in save(picture(found), tmp_path / "p", "zh")] == [True, True]


def test_times_when_somebody_was_gone_are_left_out_and_read_back(tmp_path: Path) -> None:
    found = planned("en-s", "--le")
    begin = found.duties(0)[0].begin
    gone = {("2001", day(0)): [(begin, begin + 3600), (begin + 4 * 3600, begin + 9 * 3600)]}
    (tmp_path / "r.csv").write_text(files.csv_text(found, ("own", "north"), gone))
    lines = [line.split(",")[4:] for line in (tmp_path / "r.csv").read_text().splitlines() if "2026-11-30" in line]
    assert [[line[0], line[2][11:16], line[3][11:16]] for line in lines[:2]] == [
        ["work", "08:00", "10:00"],
        ["break", "10:00", "11:00"],
    ]
    again = files.read_roster(tmp_path / "r.csv", found.problem, gone)
    assert (again.shifts == found.roster.shifts).all()
    with pytest.raises(Problem, match="does not fit"):
        files.read_roster(tmp_path / "r.csv", found.problem)


@pytest.mark.parametrize(("before", "after"), [(",early,", ",late,"), ("07:00+", "06:30+"), ("break", "work")])
def test_a_roster_whose_times_are_not_those_of_its_shifts_is_refused(tmp_path: Path, before: str, after: str) -> None:
    found = planned("e-", "-e")
    (tmp_path / "r.csv").write_text(files.csv_text(found, ("own", "north")))
    changed(tmp_path / "r.csv", before, after)
    with pytest.raises(Problem, match=r"does not fit|r.csv:2"):
        files.read_roster(tmp_path / "r.csv", found.problem)


def test_a_plan_says_which_needed_skill_nobody_may_serve(rules: Path) -> None:
    agents = rules.parent / "agents.csv"
    agents.write_text(agents.read_text(encoding="utf-8").replace("billing tech", "tech").replace("billing", "tech"))
    made = read_problem(rules, FIRST)
    assert unheld(made) == {"billing": [day for day in made.grid.dates() if _needed(made, day, "billing")]}
    idle = Result(made, roster_of(made, *["." * 7] * 24), 0.0, 0.0, 0.0, 0, 0)
    assert any("nobody who is there may serve it" in words.en for words in remarks(idle))
    assert list(as_json(idle)["nobody_for"]) == ["billing"]


def _needed(made: Roster, day: date, skill: str) -> bool:
    column = [one.id for one in made.skills].index(skill)
    inside = made.grid.day_of == (day - made.grid.first).days
    return bool(made.needs[inside, column].any())


def test_a_plan_says_which_shifts_a_limit_bars(rules: Path) -> None:
    assert barred(read_problem(rules, FIRST)) == []
    made = read_problem(changed(rules, "daily_hours, amount: 8", "daily_hours, amount: 2"), FIRST)
    found = barred(made)
    assert [(one.contract, one.all_shifts) for one in found] == [("standard", True), ("flexible", True)]
    assert {(limit.rule, limit.line) for one in found for limit in one.limits} == {("daily_hours", 29)}
    idle = Result(made, roster_of(made, *["." * 7] * 24), 0.0, 0.0, 0.0, 0, 0)
    assert any("daily_hours 2 (line 29) bars every shift of contract standard" in words.en for words in remarks(idle))


def test_a_zone_that_does_not_exist_is_told_with_its_line(rules: Path) -> None:
    with pytest.raises(Problem) as wrong:
        read_problem(changed(rules, "rules:", "zone: Mars/Base\nrules:"), FIRST)
    assert wrong.value.where is not None
    assert wrong.value.where.line == _line(rules, "Mars/Base")


def _line(path: Path, text: str) -> int:
    return [text in line for line in path.read_text(encoding="utf-8").splitlines()].index(True) + 1


@pytest.mark.parametrize(
    ("table", "before", "after", "said"),
    [
        ("agents.csv", "2002,own", "2001,own", '"2001" in column agent is written twice.'),
        ("needs.csv", "2026-12-01 07:00,billing,2", "2026-12-01 07:00,billing,999999999999", "is too large."),
        ("needs.csv", "2026-12-01 07:00,billing,2", "2026-12-01 07:00,billing,-2", "is not known."),
    ],
)
def test_a_cell_is_told_by_what_is_wrong_with_it(rules: Path, table: str, before: str, after: str, said: str) -> None:
    changed(rules.parent / table, before, after)
    with pytest.raises(Problems) as wrong:
        read_problem(rules, FIRST)
    assert any(said in one.what.en for one in wrong.value.problems)
