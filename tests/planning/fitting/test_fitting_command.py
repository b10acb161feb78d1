"""``onefloor fit`` on a generated floor: what was put into it comes out, in a file the simulator reads."""

from __future__ import annotations

import json
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from onefloor.cli import main
from onefloor.demo.filling import fill, with_queues
from onefloor.demo.truth import TRUTH
from onefloor.demo.year import ZONE, Plan
from onefloor.floor import create_floor
from onefloor.planning.simulation.reading import read_model

TABLES = frozenset({"contacts", "roster", "shifts", "agent_states"})
MONTHS = ("--from", "2026-02", "--to", "2026-03")


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> str:
    made = create_floor(tmp_path_factory.mktemp("generated") / "floor", timezone=ZONE)
    fill(with_queues(made, TRUTH), Plan(seed=11, contacts=400_000, months=3, tables=TABLES))
    return str(made.root)


def told(capsys: pytest.CaptureFixture[str], *asked: str) -> dict[str, Any]:
    capsys.readouterr()
    assert main([*asked, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def fitted(floor: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """What the command tells of two months, and the file it writes."""
    path, said = tmp_path_factory.mktemp("out") / "model.yaml", StringIO()
    with redirect_stdout(said):
        assert main(["fit", floor, *MONTHS, "--out", str(path), "--json"]) == 0
    return json.loads(said.getvalue()), path


def bases(found: dict[str, Any], parameter: str) -> dict[str, dict[str, Any]]:
    return {one["of"]: one for one in found["bases"] if one["parameter"]["en"] == parameter}


def test_handling_of_the_generated_year_is_what_was_put_in(fitted: tuple[dict[str, Any], Path]) -> None:
    service = bases(fitted[0], "talk and hold")
    put_in = {queue.name: queue.talk_s + TRUTH.hold_share * TRUTH.hold_s for queue in TRUTH.queues}
    ratios = {name: service[name]["estimate"]["value"] / seconds for name, seconds in put_in.items()}
    # learning and companies make all contacts longer alike, more where newer agents answer
    assert max(ratios.values()) / min(ratios.values()) < 1.15
    assert {one["details"]["kind"] for one in service.values()} == {"gamma"}
    for one in service.values():
        assert one["details"]["cv"] == pytest.approx(TRUTH.talk_shape**-0.5, abs=0.05)


def test_arrivals_of_the_generated_year_follow_its_opening_hours(fitted: tuple[dict[str, Any], Path]) -> None:
    model = read_model(fitted[1])
    for kind in model.types:
        open_hours = [place for place, mean in enumerate(kind.arrivals) if mean]
        assert TRUTH.opening_hour * 2 <= min(open_hours) <= max(open_hours) < TRUTH.closing_hour * 2 + 2
    assert {kind.id for kind in model.types} <= {queue.name for queue in TRUTH.queues}


def test_the_generated_years_customers_come_back_on_other_days_so_the_model_has_no_redials(
    fitted: tuple[dict[str, Any], Path],
) -> None:
    redials = bases(fitted[0], "redials")
    assert {one["value"] for one in redials.values()} == {""}
    assert all("than would anyway" in one["refused"]["en"] for one in redials.values())


def test_the_dedicated_queue_is_answered_by_its_company_alone(fitted: tuple[dict[str, Any], Path]) -> None:
    answered = bases(fitted[0], "who answers")
    assert answered["moving"]["details"]["answered_by"] == {"North": 1.0}


def test_the_file_can_be_simulated(fitted: tuple[dict[str, Any], Path]) -> None:
    from onefloor.planning.simulation.simulating import Parameters, simulate

    model = read_model(fitted[1])
    found = simulate(model, Parameters(replications=5, threads=1))
    assert found.service_level() is not None


def test_of_one_company_no_name_of_another_is_told(
    floor: str, fitted: tuple[dict[str, Any], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "own.yaml"
    said = json.dumps(told(capsys, "fit", floor, *MONTHS, "--company", "own", "--out", str(path)), ensure_ascii=False)
    assert main(["fit", floor, *MONTHS, "--company", "Own", "--report", "--days", "2", "--replications", "40",
                 "--no-picture"]) == 0  # fmt: skip
    said += path.read_text(encoding="utf-8") + capsys.readouterr().out
    others = read_model(fitted[1])
    theirs = [agent.id for group in others.groups if group.company != "Own" for agent in group.agents]
    assert len(theirs) > 3
    assert [name for name in ("North", "Harbor", *theirs) if f'"{name}"' in said] == []


def test_the_report_says_how_often_the_bands_hold_in_both_languages(
    floor: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("fit", floor, *MONTHS, "--report", "--replications", "40")
    found = told(capsys, *asked, "--days", "4", "--picture", str(tmp_path / "p"))
    figures = [one["details"]["figure"] for one in found["findings"]]
    assert figures == ["service_level", "abandonment", "mean_wait", "handled", "occupancy"]
    for one in found["findings"]:
        assert 0 <= one["details"]["inside"]["half_hours"]["share"] <= 1
        assert len(one["details"]["days"]) == 4
    assert [Path(name).suffix for name in found["pictures"]] == [".svg", ".png"]
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert main([*asked, "--days", "2", "--queue", "billing", "--no-picture"]) == 0
    said = capsys.readouterr().out
    assert "落在 95% 范围内" in said
    assert "占用率" not in said  # the agents' other work is not in the model


def test_days_of_other_months_say_that_the_model_has_not_seen_them(
    floor: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("fit", floor, "--from", "2026-01", "--to", "2026-02", "--report", "--against", "2026-03", "--days", "3")
    found = told(capsys, *asked, "--replications", "40", "--no-picture")
    assert all(day.startswith("2026-03") for day in found["findings"][0]["details"]["days"])
    assert "The model has not seen these days." in [text["en"] for text in found["findings"][0]["assumptions"]]


def test_public_holidays_and_days_named_are_left_out(floor: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = told(capsys, "fit", floor, *MONTHS, "--without", "2026-03-10")["left_out"]
    assert out["2026-03-10"]["en"] == "left out as asked"
    assert out["2026-02-17"] == {"zh": "特殊日（春节）", "en": "special day (Spring Festival)"}


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        (("--queue", "nothing"), 3, 'There is no queue "nothing"'),
        (("--company", "Nobody"), 3, 'There is no company "Nobody"'),
        (("--day", "soon"), 2, "is no date"),
        (("--day", "2026-02-17"), 3, "left out: special day"),
        (("--day", "2031-01-01"), 3, "is not among the days"),
        (("--without", "x"), 2, "is no date"),
        (("--within", "fast"), 2, "cannot be read"),
        (("--out", "/nowhere/at/all.yaml"), 3, '"/nowhere/at" was not found.'),
        (("--against", "2029-01", "--report"), 3, "There are no offered contacts"),
    ],
)
def test_bad_input_is_refused_with_what_to_do(
    floor: str, asked: tuple[str, ...], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["fit", floor, *MONTHS, *asked]) == code
    assert said in capsys.readouterr().err


def test_contact_types_may_be_topics(floor: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "fit", floor, *MONTHS, "--by", "topic", "--queue", "refund", "--queue", "tariff")
    assert sorted(found["types"]) == ["refund", "tariff"]


def test_a_picture_without_a_report_is_refused(floor: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It draws what the report compares; nothing else of a fit is drawn."""
    asked = ("fit", floor, *MONTHS, "--picture", str(tmp_path / "seen"))
    assert main([*asked, "--lang", "en"]) == 2
    assert "it goes with --report" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
