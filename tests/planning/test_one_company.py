"""Whatever a planning command is asked of one company, right or wrong: nothing names what only others serve."""

from __future__ import annotations

from pathlib import Path

import pytest

from onefloor.cli import main
from onefloor.demo.filling import fill, with_queues
from onefloor.demo.truth import TRUTH
from onefloor.demo.year import ZONE, Plan
from onefloor.floor import create_floor

TABLES = frozenset({"contacts", "roster", "shifts", "agent_states"})
MINE, THEIRS = {"billing", "moving", "outage", "service"}, {"english", "plans"}
TARGET = ("--target", "service_level >= 80% in 20s")
ONLY = ("--company", "North")
WEEK = ("--horizon", "7d", "--no-picture")
MODEL = """
model: two
horizon: 1h
interval: 30min
types:
  - {id: moving, arrivals: 20, service: exponential 180s, patience: exponential 120s}
  - {id: service, arrivals: 20, service: exponential 180s, patience: exponential 120s}
groups:
  - {id: northern, company: North, types: [{type: moving}], staff: 4}
  - {id: home, company: Own, types: [{type: service}], staff: 4}
"""


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> str:
    made = create_floor(tmp_path_factory.mktemp("generated") / "floor", timezone=ZONE)
    fill(with_queues(made, TRUTH), Plan(seed=11, contacts=120_000, months=3, tables=TABLES))
    return str(made.root)


def said(capsys: pytest.CaptureFixture[str], *asked: str) -> tuple[int, str]:
    capsys.readouterr()
    code = main([*asked, "--lang", "en"])
    return code, "".join(capsys.readouterr())


ASKED = [
    (("forecast", *ONLY, *WEEK), 0),
    (("forecast", *ONLY, "--queue", "nosuch", *WEEK), 3),
    (("staff", *ONLY, *TARGET, *WEEK), 0),
    (("staff", *ONLY, "--queue", "nosuch", *TARGET, *WEEK), 3),
    (("fit", *ONLY, "--from", "2026-02", "--to", "2026-03", "--no-picture"), 0),
    (("fit", *ONLY, "--queue", "nosuch", "--no-picture"), 3),
    (("bench", *ONLY, "--no-picture"), 0),
    (("bench", *ONLY, "--skill", "nosuch", "--no-picture"), 3),
]


@pytest.mark.parametrize(("asked", "code"), ASKED)
def test_no_queue_of_others_is_named(
    asked: tuple[str, ...], code: int, floor: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found, words = said(capsys, asked[0], floor, *asked[1:])
    assert found == code, words
    assert [name for name in THEIRS if name in words] == []


@pytest.mark.parametrize("command", [("forecast",), ("staff", *TARGET)])
def test_without_queues_all_of_the_company_are_forecast(
    command: tuple[str, ...], floor: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, words = said(capsys, command[0], floor, *command[1:], *ONLY, *WEEK, "--json")
    assert code == 0
    assert {name for name in MINE | THEIRS if f'"{name}"' in words} >= MINE


@pytest.mark.parametrize("command", [("forecast",), ("staff", *TARGET)])
def test_a_queue_of_others_is_refused_as_one_that_nobody_has(
    command: tuple[str, ...], floor: str, capsys: pytest.CaptureFixture[str]
) -> None:
    refusals = {
        said(capsys, command[0], floor, *command[1:], *ONLY, "--queue", name, *WEEK)[1].replace(name, "NAME")
        for name in ("english", "nosuch")
    }
    assert len(refusals) == 1


def test_a_forecast_file_of_several_companies_tells_one_its_own_queues(
    floor: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "all.csv"
    assert said(capsys, "forecast", floor, "--company", "Own", "--out", str(path), *WEEK)[0] == 0
    code, words = said(capsys, "staff", floor, "--forecast", str(path), *ONLY, *TARGET, "--no-picture")
    assert code == 2
    assert [name for name in (*MINE, *THEIRS) if name in words] == []


def test_a_simulation_tells_one_company_nothing_of_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "model.yaml"
    path.write_text(MODEL)
    code, words = said(capsys, "simulate", str(path), *ONLY, "--by", "group,type", "--replications", "10")
    assert code == 0
    assert [name for name in ("home", "Own", "service ") if name in words.replace("service level", "")] == []
