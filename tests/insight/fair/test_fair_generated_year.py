"""The comparison finds what is true of the generated year, by function and by command."""

from __future__ import annotations

import json
from math import exp, log
from pathlib import Path

import pytest

from onefloor.cli import main
from onefloor.demo.filling import fill, with_queues
from onefloor.demo.truth import TRUTH
from onefloor.demo.year import ZONE, Plan
from onefloor.floor import create_floor

# Any one interval misses the truth in one year of twenty; this is one in which none does.
PLAN = Plan(seed=4, contacts=1_200_000, months=2, staff=200, tables=frozenset({"contacts", "roster"}))
BOTH = ("billing", "outage", "service", "plans", "english")  # the queue "moving" is dedicated to North


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = create_floor(tmp_path_factory.mktemp("year") / "floor", timezone=ZONE)
    fill(with_queues(made, TRUTH), PLAN)
    return made.root


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    capsys.readouterr()
    assert main([*arguments, "--json"]) == 0
    answer: dict[str, object] = json.loads(capsys.readouterr().out)
    return answer


def findings(capsys: pytest.CaptureFixture[str], floor: Path, metric: str, *more: str) -> dict[tuple[str, str], dict]:  # type: ignore[type-arg]
    asked = ["compare", str(floor), "--metric", metric, "--companies", "own,north,harbor", "--no-picture", *more]
    found = told(capsys, *asked, "--where", f"queue={','.join(BOTH)}")["findings"]
    return {(one["details"]["theirs"], one["details"]["line"]): one for one in found}  # type: ignore[attr-defined,index]


def expit(x: float) -> float:
    return 1 / (1 + exp(-x))


def true_gap(ours: float, effect: float) -> float:
    """Points of first contact resolution that an effect on unresolved contacts costs, at our level."""
    seen = TRUTH.repeat * TRUTH.share_back_within(7)
    unresolved = (100 - ours) / 100 / seen
    return -100 * seen * (expit(log(unresolved / (1 - unresolved)) + effect) - unresolved)


@pytest.mark.parametrize(("company", "effect"), [("North", 0.28), ("Harbor", 0.12)])
def test_resolution_is_found_in_points(
    floor: Path, capsys: pytest.CaptureFixture[str], company: str, effect: float
) -> None:
    found = findings(capsys, floor, "fcr:within=7d", "--half-hours")
    line = found[company, "same_experience"]
    truth = true_gap(line["details"]["predicted"]["Own"], effect)
    assert line["estimate"]["low"] <= truth <= line["estimate"]["high"]
    if company == "North":
        assert {found[company, kind]["verdict"] for kind in ("as_delivered", "same_experience", "same_half_hour")} == {
            "worse"
        }


@pytest.mark.parametrize(("company", "effect"), [("North", 0.06), ("Harbor", -0.05)])
def test_handling_time_is_found_as_a_ratio(
    floor: Path, capsys: pytest.CaptureFixture[str], company: str, effect: float
) -> None:
    line = findings(capsys, floor, "aht")[company, "same_experience"]
    held = line["details"]["coefficient"]
    assert line["details"]["model"] == "duration"
    assert held["low"] <= effect <= held["high"]


def test_the_command_prints_what_could_be_seen_before_what_was(
    floor: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["compare", str(floor), "--metric", "fcr", "--companies", "own,north", "--fair-slice", "3", "--lang", "en"]
    more = ["--teams", "--agents", "--margin", "1.5", "--picture", str(tmp_path / "north")]
    capsys.readouterr()
    assert main([*asked, *more]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Before comparing: with ")
    assert lines[1].startswith("A fair slice: ")
    assert [line for line in lines if line.startswith("verdict")][:2] == ["verdict   worse", "verdict   worse"]
    names = {path.name for path in tmp_path.iterdir()}
    pictures = ("north", "north-teams", "north-agents")
    assert names == {f"{name}.{kind}" for name in pictures for kind in ("svg", "png")}


def test_the_command_says_the_same_in_chinese(floor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["compare", str(floor), "--metric", "fcr", "--companies", "own,north", "--no-picture", "--lang", "zh"]
    capsys.readouterr()
    assert main(asked) == 0
    out = capsys.readouterr().out
    assert out.startswith("比较之前：")
    assert out.count("：更差。") == 2


def test_dedicated_work_is_refused_with_the_queues_that_both_serve(
    floor: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = told(capsys, "compare", str(floor), "--metric", "aht", "--companies", "own,north", "--no-picture")
    line = found["findings"][0]  # type: ignore[index]
    assert line["verdict"] == "not_comparable"
    assert "--where queue=billing,outage,service." in line["reasons"][0]["en"]


def test_equal_questions_have_equal_answers(floor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["compare", str(floor), "--metric", "aht", "--companies", "own,harbor", "--agents", "--no-picture"]
    assert told(capsys, *asked) == told(capsys, *asked)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--companies", "own"], 2, "A comparison needs two companies or more."),
        (["--companies", "own,west"], 3, 'There is no company "west" on this floor.'),
        (["--companies", "own,north", "--where", "company=Own"], 2, "Companies go with --companies."),
        (["--companies", "own,north", "--outage", "Wuhu"], 2, '"Wuhu" cannot be read as --outage.'),
        (["--companies", "own,north", "--outage", "Mars=2026-01-02"], 3, 'There is no site "Mars" on this floor.'),
        (["--companies", "own,north", "--leave-out", "2026-13-01"], 2, '"2026-13-01" cannot be read as --leave-out.'),
        (["--companies", "own,north", "--defined", "north"], 2, '"north" cannot be read as --defined.'),
        (["--companies", "own,north", "--by-performance", "tax"], 3, 'There is no queue "tax" on this floor.'),
        (["--companies", "own,north", "--by", "team"], 3, "A comparison cannot be adjusted for team."),
        (["--companies", "own,north", "--margin", "-1"], 2, "Invalid value"),
        (["--companies", "own,north", "--from", "2026-03", "--to", "2026-01"], 3, "is not a period"),
        (["--companies", "own,north", "--metric", "abandonment"], 3, "is made by waiting in line."),
        (["--companies", "own,north", "--metric", "handled_contacts"], 3, "is not the sum of its parts"),
    ],
)
def test_what_cannot_be_read_is_said(
    floor: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, said: str
) -> None:
    capsys.readouterr()
    assert main(["compare", str(floor), "--metric", "fcr", "--no-picture", "--lang", "en", *arguments]) == code
    printed = capsys.readouterr().err
    assert said in printed
    assert "Traceback" not in printed
