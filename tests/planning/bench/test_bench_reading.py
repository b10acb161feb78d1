"""The bench file and its tables: what is right is read, what is wrong is told with its place, all of it at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from onefloor.periods import day_id
from onefloor.planning.bench.people import skills_of, training_of
from onefloor.planning.bench.plan_file import read_bench, read_bench_file
from onefloor.planning.bench.reference import bench_schema, reference_page
from onefloor.planning.bench.tables import BadTable, Needed, Qualified, heads_needed, read_needs, read_qualified
from onefloor.problems import MissingFile, Problem, Problems

EXAMPLE = Path(__file__).parents[3] / "examples/bench/bench.yaml"


def test_the_example_is_read_and_fits_its_schema() -> None:
    found = read_bench_file(EXAMPLE)
    assert len(found.skills) == 6
    billing = found.of("billing").training
    assert (billing.lead, billing.passed, billing.begun, billing.sure, billing.ramp) == (30, 34.0, 40.0, False, 30)
    assert found.of("outage").key
    assert found.curriculum.hours_missing("english", ["billing"]) == 60
    from ruamel.yaml import YAML

    errors = Draft202012Validator(bench_schema()).iter_errors(YAML(typ="safe").load(EXAMPLE.read_text("utf-8")))
    assert list(errors) == []
    assert "`ramp_share`" in reference_page()


def test_every_slip_is_told_with_its_line() -> None:
    text = (
        "bench: x\nclasses: {least: 9, most: 4}\nmodules: [{module: a, hours: 0}]\nskills:\n"
        "  - {skill: s, passed: 5 of 3}\n  - {skill: t, ramp_share: 120%, lead: 0}\n  - {skil: u}\n"
    )
    with pytest.raises(Problems) as caught:
        read_bench(text, "b.yaml")
    places = [str(one.where) for one in caught.value.problems]
    assert places == ["b.yaml:3:30", "b.yaml:5:24", "b.yaml:6:28", "b.yaml:6:40", "b.yaml:7:5", "b.yaml:7:6"]


def test_sizes_modules_and_repeats_are_checked_once_all_can_be_read() -> None:
    text = "bench: x\nclasses: {least: 9, most: 4}\nskills:\n  - {skill: s, modules: [m]}\n  - {skill: s}\n"
    with pytest.raises(Problems) as caught:
        read_bench(text, "b.yaml")
    assert [one.where.line for one in caught.value.problems if one.where] == [2, 4, 5] or len(
        caught.value.problems
    ) == 3


@pytest.mark.parametrize(
    "text",
    ["", "- a", "bench: [", "bench: x\nskills: 3\n", "bench: x\nimportant: 0%\n", "bench: x\nclasses: {most: 501}\n"],
)
def test_no_file_makes_a_traceback(text: str) -> None:
    with pytest.raises(Problem):
        read_bench(text, "b.yaml")


def test_the_need_of_a_company_is_its_own() -> None:
    found = read_bench(
        "bench: x\nskills:\n  - {skill: s, company: North, need: 5}\n  - {skill: s, company: Own, need: 7}\n"
        "  - {skill: t, need: 3}\n",
        "b.yaml",
    )
    assert [found.need("s", who) for who in (("North",), ("Own",), (), ("North", "Own"), ("Harbor",))] == [
        5,
        7,
        12,
        12,
        None,
    ]
    assert [found.need("t", ()), found.need("u", ())] == [3, None]


def table(folder: Path, text: str | bytes) -> Path:
    path = folder / "t.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_skills_hold_on_their_days_and_training_is_the_first(tmp_path: Path) -> None:
    rows = read_qualified(
        table(tmp_path, "工号,技能,from,to,training\n1,a,2026-01-01,2026-06-30,short\n1,b,,,\n2,a,2025-01-01,,full\n")
    )
    assert rows[1] == Qualified("1", "b")
    assert skills_of(rows, day_id(date(2026, 7, 1))) == {"1": {"b"}, "2": {"a"}}
    assert training_of(rows) == {"1": "short", "2": "full"}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("agent,skill\n,a\n", "t.csv:2"),
        ("agent,skill,from,to\n1,a,2026-02-01,2026-01-01\n", "t.csv:2"),
        ("agent,skill,from\n1,a,soon\n", "t.csv:2"),
        ("agent\n1\n", "t.csv:1"),
        ("", "t.csv:1"),
        ("agent,skill\n", "t.csv"),
        (b"agent,skill\n\xff\xfe,a\n", "t.csv"),
    ],
)
def test_a_table_of_skills_that_is_wrong_names_the_place(tmp_path: Path, text: str | bytes, place: str) -> None:
    with pytest.raises((BadTable, Problems)) as caught:
        read_qualified(table(tmp_path, text))
    assert str(caught.value.where) == place


@pytest.mark.parametrize(
    "line",
    ["a,2026-12-15 09:00,-1", "a,2026-12-15 09:00,many", "a,nine,1", ",2026-12-15 09:00,1", "a,2026-12-15 09:00,nan"],
)
def test_a_table_of_needs_that_is_wrong_names_the_line(tmp_path: Path, line: str) -> None:
    with pytest.raises(Problems) as caught:
        read_needs(table(tmp_path, f"skill,start,agents\na,2026-12-15 08:30,2\n{line}\n"))
    assert str(caught.value.problems[0].where) == "t.csv:3"


def test_a_requirement_of_staff_is_read_at_its_local_time(tmp_path: Path) -> None:
    path = table(tmp_path, "interval,skill,agents\n2026-12-15T09:30+08:00,a,3\n2026/12/15 10:00,a,2.2\n")
    day = day_id(date(2026, 12, 15))
    assert read_needs(path) == [Needed("a", day, 570, 3), Needed("a", day, 600, 3)]


def test_an_interval_twice_and_a_missing_file_are_problems(tmp_path: Path) -> None:
    with pytest.raises(BadTable):
        read_needs(table(tmp_path, "skill,start,agents\na,2026-12-15 08:30,2\na,2026-12-15 08:30,3\n"))
    with pytest.raises(MissingFile):
        read_needs(tmp_path / "none.csv")


def test_needs_become_people_by_hours_and_by_the_peak() -> None:
    needs = [Needed("a", day, minute, 10) for day in range(7) for minute in range(480, 960, 30)]
    assert heads_needed(needs, "a", 32.0) == 18  # 7 days x 8 hours x 10 = 560 agent hours a week
    assert heads_needed(needs, "a", 70.0) == 10
    assert heads_needed(needs, "b", 32.0) is None
