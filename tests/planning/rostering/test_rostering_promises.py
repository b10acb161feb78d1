"""What is said of key posts, seats, minimum presence and guaranteed hours that a roster does not keep."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from rostering_cases import day, people, problem, roster_of

from onefloor.cli import main
from onefloor.floor import create_floor
from onefloor.planning.grid import Grid
from onefloor.planning.rostering.presence import spans
from onefloor.planning.rostering.problem import Company, Post, Problem
from onefloor.planning.rostering.promises import as_json_of_unkept, unkept
from onefloor.planning.rostering.result import Result
from onefloor.planning.rostering.sentences import as_json, as_json_of, remarks

EXAMPLE = Path(__file__).parents[3] / "examples" / "rosters"
BOTH = ("own", "north")


def result(made: Problem, *rows: str) -> Result:
    return Result(made, roster_of(made, *rows), 0.0, 0.0, 0.0, 0, 0)


def failing() -> Result:
    """2001 and 2002 are of own, 2003 of north; early is 07:00 to 16:00 with breaks 10:00-11:00 and 13:00-13:30."""
    companies = (
        Company("own", seats=1, guaranteed_hours=1000),
        Company("north", present=1, present_from=9 * 60, present_until=11 * 60),
    )
    posts = (
        Post("chief", ("2001",), start=8 * 60, end=22 * 60),
        Post("guard", ("2002", "2003"), present=2, start=7 * 60, end=8 * 60),
    )
    made = problem(3, 6, companies=companies, posts=posts)
    return result(made, "ee-e--", "e-----", "----e-")


def test_each_promise_that_is_not_kept_is_a_sentence_in_both_languages() -> None:
    chief = "2026-11-30..2026-12-01 16:00-22:00"
    off = "2026-12-02 08:00-22:00"
    weekend = "2026-12-04..2026-12-05 08:00-22:00"
    told = {
        "own is over its 1 seat (7.5 agent-hours too many): 2026-11-30 07:00-10:00, 2026-11-30 11:00-13:00, "
        "2026-11-30 13:30-16:00.":
            "公司 own 超出其 1 个席位（共超 7.5 人时）：2026-11-30 07:00-10:00、2026-11-30 11:00-13:00、"
            "2026-11-30 13:30-16:00。",
        "north is under its minimum presence of 1 (11.0 agent-hours lacking): 2026-11-30..2026-12-03 09:00-11:00, "
        "2026-12-04 10:00-11:00, 2026-12-05 09:00-11:00.":
            "公司 north 在岗人数低于下限 1 人（共缺 11.0 人时）：2026-11-30..2026-12-03 09:00-11:00、"
            "2026-12-04 10:00-11:00、2026-12-05 09:00-11:00。",
        f"Key post chief is not filled with 1 (64.5 agent-hours lacking): {chief}, {off}, {weekend} and 5 more.":
            f"关键岗位 chief 未配满 1 人（共缺 64.5 人时）：{chief}、{off}、{weekend}，另有 5 段。",
        "Key post guard is not filled with 2 (10.0 agent-hours lacking): 2026-11-30..2026-12-05 07:00-08:00.":
            "关键岗位 guard 未配满 2 人（共缺 10.0 人时）：2026-11-30..2026-12-05 07:00-08:00。",
        "own is guaranteed 1,000.0 hours and given 32.0: 968.0 hours short.":
            "公司 own 保底 1,000.0 小时，只排了 32.0 小时，少 968.0 小时。",
    }  # fmt: skip
    found = failing()
    assert {one.en: one.zh for one in unkept(found, BOTH)} == told
    assert [one.en for one in remarks(found)][-5:] == list(told)


def test_a_company_is_told_its_own_and_the_posts_that_only_its_people_hold() -> None:
    found = failing()
    assert [one.en.split(" (")[0] for one in unkept(found, ["north"])] == ["north is under its minimum presence of 1"]
    own = as_json_of(found, ["own"])
    assert [(one["kind"], one["who"]) for one in own["lapses"]] == [("seats", "own"), ("post", "chief")]
    assert own["guaranteed_not_given"] == [{"company": "own", "guaranteed": 1000, "given": 32.0, "short": 968.0}]
    assert as_json_of(found, ["north"])["guaranteed_not_given"] == []


def test_a_post_of_people_whom_nobody_knows_is_told_to_all_companies_only() -> None:
    made = problem(3, 1, posts=(Post("x", ("9999",)), Post("y", ())))
    found = result(made, "-", "-", "-")
    assert [one["who"] for one in as_json(found)["lapses"]] == ["x", "y"]
    assert as_json_of(found, ["own"])["lapses"] == as_json_of(found, ["north"])["lapses"] == []


def test_the_hours_that_are_told_are_those_that_the_score_prices() -> None:
    chance = np.random.default_rng(7)
    for _ in range(20):
        made = failing().problem
        rows = ["".join(chance.choice(list("elns-"), 6)) for _ in range(3)]
        found = result(made, *rows)
        told = as_json_of_unkept(found, BOTH)
        costs = {"seats": made.costs.seat, "presence": made.costs.absent, "post": made.costs.absent}
        assert found.score.presence == pytest.approx(sum(costs[one["kind"]] * one["hours"] for one in told["lapses"]))
        short = sum(one["short"] for one in told["guaranteed_not_given"])
        assert found.score.guaranteed == pytest.approx(made.costs.guaranteed * short)
        assert all(span["people"] > 0 for one in told["lapses"] for span in one["spans"])


def test_a_span_says_how_many_and_ends_at_midnight() -> None:
    made = problem(2, 2, posts=(Post("key", ("2001", "2002"), present=2, start=20 * 60, end=2 * 60),))
    found = result(made, "n-", "--")
    said = [(one.day, f"{one.start:%H:%M}", f"{one.end:%H:%M}", one.people, one.hours)
            for one in spans(made, found.lapses[0])]  # fmt: skip
    assert said == [
        (day(0), "00:00", "02:00", 2, 4.0),
        (day(0), "20:00", "00:00", 2, 6.0),
        (day(1), "00:00", "02:00", 2, 3.0),
        (day(1), "20:00", "00:00", 2, 8.0),
    ]
    assert "2026-11-30..2026-12-01 20:00-24:00" in unkept(found, BOTH)[0].en


def test_a_day_of_23_hours_is_told_by_its_own_clock() -> None:
    spring = Grid(date(2026, 3, 29), 1, 30, "Europe/Berlin")
    needs = np.zeros((len(spring), 2), dtype=np.int32)
    made = problem(1, grid=spring, needs=needs, posts=(Post("key", ("2001",), start=60, end=240),))
    (told,) = as_json(result(made, "-"))["lapses"]  # type: ignore[misc]
    assert told["hours"] == 2.0
    (span,) = told["spans"]
    assert (span["from"], span["until"]) == ("2026-03-29T01:00:00+01:00", "2026-03-29T04:00:00+02:00")


def test_a_roster_that_keeps_its_promises_says_nothing() -> None:
    made = problem(1, 1, companies=(Company("own", seats=1, guaranteed_hours=8),), agents=people(1))
    made = replace(made, posts=(Post("key", ("2001",), start=7 * 60, end=8 * 60),))
    found = result(made, "e")
    assert unkept(found, ["own"]) == []
    assert as_json_of_unkept(found, ["own"]) == {"lapses": [], "guaranteed_not_given": []}


def test_the_command_tells_a_company_only_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "rules")
    rules = tmp_path / "rules" / "rules.yaml"
    text = rules.read_text(encoding="utf-8")
    for before, after in (
        (", days: 18..22", ""), (", days: 16..21", ""), ("seats: 8", "seats: 0"),
        ("\nposts:\n", '\nposts:\n  - {id: chief, agents: ["2001"], present: 1, hours: "00:00-24:00"}\n'),
    ):  # fmt: skip
        assert before in text
        text = text.replace(before, after, 1)
    rules.write_text(text, encoding="utf-8")
    create_floor(tmp_path / "floor", timezone="Asia/Shanghai")
    given = ["plan", str(tmp_path / "floor"), str(rules), "--from", "2026-12-01", "--days", "7", "--rounds", "1"]
    given += ["--no-picture"]
    assert main(["--lang", "en", *given]) == 0
    assert "Key post chief is not filled with 1 (" in capsys.readouterr().out
    assert main(["--lang", "zh", *given]) == 0
    assert "关键岗位 chief 未配满 1 人（" in capsys.readouterr().out
    assert main([*given, "--company", "north"]) == 0
    assert "chief" not in capsys.readouterr().out
    assert main([*given, "--company", "north", "--json"]) == 0
    assert {one["who"] for one in json.loads(capsys.readouterr().out)["lapses"]} <= {"north"}
