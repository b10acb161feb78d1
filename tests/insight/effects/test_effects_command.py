"""``onefloor effect`` on a generated floor: the true effect is found, and what cannot be known is said."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from onefloor.cli import main
from onefloor.demo.filling import fill
from onefloor.demo.year import Plan
from onefloor.floor import create_floor, open_floor
from onefloor.insight.effects.case import Source, case
from onefloor.insight.effects.found import NoEstimate
from onefloor.insight.effects.reading import read_action
from onefloor.metrics.measure import measure
from onefloor.metrics.prepare import prepare

ACTION = """action: help-north-2
kind: help_period
title: {zh: 北方二班帮扶期, en: Help period of North 2}
given:
  - {from: 2026-07-01, teams: [North 2]}
picked: {kind: unrelated, reason: no figure was looked at, among: {company: North}}
measured: {metric: "fcr:within=7d", margin: 2, before: 6, after: 2, further: [{metric: csat, margin: 3}]}
"""
OF_AGENTS = """action: course
kind: course
title: Course
given:
  - {from: 2026-05-01, agents: [AGENTS]}
picked: {kind: PICKED, among: {company: North}}
measured: {metric: "fcr:within=7d", margin: 2, after: 3}
"""


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten months of the generated year: North 2 resolves more from July on (0.35 less on the logit of unresolved)."""
    root = tmp_path_factory.mktemp("effects") / "floor"
    fill(create_floor(root, timezone="Asia/Shanghai"), Plan(seed=1, contacts=600_000, staff=800, months=10))
    return root


@pytest.fixture(scope="module")
def source(floor: Path) -> Source:
    return Source(prepare(open_floor(floor)))


def written(folder: Path, text: str) -> Path:
    path = folder / "action.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def answered(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    assert main(["effect", *map(str, arguments), "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def agents(source: Source, count: int) -> list[str]:
    """Agents of North with rows in April, by name."""
    rows = measure(
        source.prepared, ["fcr:within=7d"], ["agent", "month"], {"company": "North", "month": "2026-04"}
    ).rows
    return [str(row.key["agent"]) for row in rows][:count]


def test_the_help_period_of_the_generated_year_is_found(
    floor: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answered(capsys, floor, written(tmp_path, ACTION), "--picture", tmp_path / "help")
    first, further = found["findings"]
    assert (first["verdict"], first["details"]["design"]) == ("better", "synthetic")
    # 0.35 on the logit of about 0.36 unresolved, of whom 85 % call again: about 6 points.
    assert first["estimate"]["low"] <= 6 <= first["estimate"]["high"]
    assert further["verdict"] in ("cannot_tell", "no_difference")
    assert first["rows"][0]["where"] == {"team": ["North 2"]}
    assert first["rows"][0]["months"] == "2026-07..2026-08"
    assert [Path(path).name for path in found["pictures"]] == ["help.svg", "help.png"]
    assert all(Path(path).stat().st_size > 10_000 for path in found["pictures"])


def test_people_read_the_sentence_the_verdict_and_what_is_assumed(
    floor: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["effect", str(floor), str(written(tmp_path, ACTION)), "--no-picture", "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("“北方二班帮扶期”使一次性解决率提高 ")
    assert "前提  合成对照" in said
    assert "明细  onefloor rows FLOOR fcr:within=7d" in said


def test_the_figures_of_a_case_are_those_of_measure(source: Source) -> None:
    action = read_action(ACTION, "a.yaml")
    held = case(source, action, "fcr:within=7d", 2.0)
    rows = measure(source.prepared, ["fcr:within=7d"], ["team", "month"], {"company": "North"}).rows
    figures = {(row.key["team"], row.key["month"]): row.figures["fcr:within=7d"] for row in rows}
    assert held.panel is not None
    assert held.line.names == tuple(f"2026-{month:02d}" for month in range(1, 10))  # October is not final yet
    for place, team in enumerate(held.panel.units):
        for column, month in enumerate(held.line.names):
            figure = figures.get((team, month))
            mine = held.panel.numerator[place, column], held.panel.denominator[place, column]
            assert mine == ((figure.numerator, figure.denominator) if figure else (0, 0))


@pytest.mark.parametrize("picked", ["lot", "low, metric: fcr"])
def test_agents_by_lot_and_agents_picked_low_are_compared(
    floor: Path, source: Source, tmp_path: Path, capsys: pytest.CaptureFixture[str], picked: str
) -> None:
    text = OF_AGENTS.replace("AGENTS", ", ".join(agents(source, 40))).replace("PICKED", picked)
    first, stayed = answered(capsys, floor, written(tmp_path, text), "--no-picture")["findings"]
    assert first["details"]["design"] == ("lot" if picked == "lot" else "history")
    assert first["estimate"]["low"] < 0 < first["estimate"]["high"]
    assert stayed["about"]["en"] == "Course: who stayed"


def test_looks_are_listed_and_the_picture_is_drawn(
    floor: Path, source: Source, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = OF_AGENTS.replace("AGENTS", ", ".join(agents(source, 60))).replace("PICKED", "lot")
    path = written(tmp_path, text)
    assert main(["effect", str(floor), str(path), "--looks", "--picture", str(tmp_path / "looks")]) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in said[-3:]] == ["2026-05", "2026-06", "2026-07"]
    assert (tmp_path / "looks.png").exists()


def test_a_floor_may_be_judged_by_week_against_another_company(
    floor: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = """action: p1
kind: proposal
title: Proposal
given: {from: 2026-06-01, companies: North}
picked: {kind: whole_floor, control: {company: Own}}
measured: {metric: "fcr:within=7d", margin: 2, each: week, after: 12}
"""
    (first,) = answered(capsys, floor, written(tmp_path, text), "--no-picture")["findings"]
    assert (first["details"]["design"], first["agents"]) == ("series_control", 12 + 21)
    assert first["sampled"]["en"] == "weeks"
    assert first["verdict"] in ("cannot_tell", "no_difference")


def test_a_threshold_rule_that_was_not_kept_is_said(
    floor: Path, source: Source, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = OF_AGENTS.replace("AGENTS", ", ".join(agents(source, 40)))
    text = text.replace("kind: PICKED", "kind: threshold, metric: fcr, months: 2026-04, cut: 60")
    first, *_ = answered(capsys, floor, written(tmp_path, text), "--no-picture")["findings"]
    assert (first["verdict"], first["details"]["refusal"]) == ("not_comparable", "rule_not_kept")


def test_a_plan_says_how_long_it_takes(
    floor: Path, source: Source, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, OF_AGENTS.replace("AGENTS", ", ".join(agents(source, 60))).replace("PICKED", "lot"))
    found = answered(capsys, floor, path, "--plan", "--see", 4)
    assert (found["helped"], found["wanted"]) == (60, 4.0)
    least = found["least_visible"]
    assert least["1"] > least["3"] > least["12"]
    assert found["periods"] is not None
    assert main(["effect", str(floor), str(path), "--plan"]) == 0
    assert capsys.readouterr().out.startswith("With 60 agents helped and ")


def test_nobody_can_plan_for_a_whole_floor(floor: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = ACTION.replace("teams: [North 2]", "everybody: true").replace("kind: unrelated, reason: no figure was looked at, among: {company: North}", "kind: whole_floor")  # fmt: skip # noqa: E501
    assert main(["effect", str(floor), str(written(tmp_path, text)), "--plan"]) == 2
    assert "nobody to count" in capsys.readouterr().err


def test_a_plan_needs_somebody_to_compare_with(floor: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, ACTION.replace("company: North", "team: North 2"))
    assert main(["effect", str(floor), str(path), "--plan"]) == 2
    assert capsys.readouterr().err.startswith("1 would get it and 0 not;")


def test_a_design_without_looks_says_so(floor: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["effect", str(floor), str(written(tmp_path, ACTION)), "--looks", "--no-picture"]) == 0
    assert capsys.readouterr().err.startswith("No looks to list:")


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("North 2]", "North 222]", "action.yaml:5:5"),
        ("North 2]", "North 222]", 'There is no team "North 222" on this floor.'),
        ("csat", "longest_wait", "Choose a metric that is a share, a rate or a mean."),
        ("company: North", "company: Nowhere", 'There is no company "Nowhere" on this floor.'),
        ("csat", "duty_kept", "duty_kept cannot be split by team."),
        ("kind: help_period", "kind: help", "action.yaml:2:7"),
    ],
)
def test_bad_input_is_a_problem_with_a_remedy(
    floor: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], right: str, wrong: str, said: str
) -> None:
    path = written(tmp_path, ACTION.replace(right, wrong, 1))
    assert main(["effect", str(floor), str(path), "--no-picture"]) == 3
    complaint = capsys.readouterr().err
    assert said in complaint
    assert "remedy:" in complaint


def test_an_action_that_has_not_begun_has_no_estimate(
    floor: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, ACTION.replace("2026-07-01", "2027-07-01"))
    first, *_ = answered(capsys, floor, path, "--no-picture")["findings"]
    assert first["details"]["refusal"] == "not_begun"
    assert "the figures reach to 2026-09" in first["reasons"][0]["en"]


def test_those_who_got_it_have_to_be_within_the_comparison(source: Source) -> None:
    action = read_action(ACTION.replace("company: North", "company: Harbor"), "a.yaml")
    with pytest.raises(NoEstimate, match="nobody_seen"):
        case(source, action, "fcr:within=7d", 2.0)


def test_a_floor_without_contacts_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    create_floor(tmp_path / "empty", timezone="Asia/Shanghai")
    assert main(["effect", str(tmp_path / "empty"), str(written(tmp_path, ACTION))]) == 2
    assert "no contacts yet" in capsys.readouterr().err


def test_the_same_seed_answers_the_same(floor: Path, source: Source, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip # noqa: E501
    path = written(tmp_path, OF_AGENTS.replace("AGENTS", ", ".join(agents(source, 5))).replace("PICKED", "lot"))
    one, two = (answered(capsys, floor, path, "--no-picture", "--seed", 3) for _ in range(2))
    assert one == two
    assert one["findings"][0]["details"]["blocked"] == ["few_helped"]
    assert np.isfinite(one["findings"][0]["estimate"]["low"])


def test_who_may_see_one_company_reads_no_row_of_another(source: Source) -> None:
    own = replace(source, scope="company == 'North'").cells("aht", ("company",), ())
    assert own.names["company"] == ("North",)
    assert len(source.cells("aht", ("company",), ())) > 1
