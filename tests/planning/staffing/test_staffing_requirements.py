"""Targets, shrinkage, patience and the requirements that follow; the command on a small floor."""

from __future__ import annotations

import csv
import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from onefloor.cli import main
from onefloor.planning.erlang.queues import performance
from onefloor.planning.erlang.sizing import Goal
from onefloor.planning.erlang.traffic import Traffic
from onefloor.planning.forecasting.files import Line
from onefloor.planning.staffing.patience import patience_of
from onefloor.planning.staffing.requirements import NoLines, csv_text, demands, requirement
from onefloor.planning.staffing.shrinkage import (
    Absence,
    BadShare,
    Shrinkage,
    TooManyAway,
    read_shrinkage,
    shrinkage,
)
from onefloor.planning.staffing.targets import BadTarget, target
from onefloor.problems import Problems

DAY = datetime(2026, 12, 1)
LEVEL = target("service_level >= 80% in 20s")


def lines(calls: list[float], queue: str = "tax", handling_s: float = 300.0) -> list[Line]:
    return [
        Line(
            DAY + timedelta(minutes=30 * n),
            queue,
            "",
            round(mean),
            mean,
            handling_s,
            0,
            round(2 * mean),
            0,
            0,
            handling_s,
            handling_s,
            handling_s,
            handling_s,
        )
        for n, mean in enumerate(calls)
    ]


@pytest.mark.parametrize(
    ("text", "goals"),
    [
        ("service_level >= 80% in 20s", (Goal("service_level", 0.8, 20, "F4"),)),
        ("service_level:formula=f2>=92.5 % in 1min", (Goal("service_level", 0.925, 60, "F2"),)),
        ("asa <= 30s and abandonment ≤ 3%", (Goal("asa", 30.0, 20, "F4"), Goal("abandonment", 0.03, 20, "F4"))),
        ("occupancy <= 85%; waiting <= 20%", (Goal("occupancy", 0.85, 20, "F4"), Goal("p_wait", 0.2, 20, "F4"))),
    ],
)
def test_targets_are_read_as_people_write_them(text: str, goals: tuple[Goal, ...]) -> None:
    assert target(text).goals == goals


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", '"" cannot be read.'),
        ("80/20", '"80/20" cannot be read.'),
        ("servicelevel >= 80% in 20s", 'there is no measure "servicelevel".'),
        ("service_level <= 80% in 20s", "service_level is compared by >=."),
        ("service_level >= 80%", "the service level needs a time, and nothing else has one."),
        ("asa <= 30s in 20s", "the service level needs a time, and nothing else has one."),
        ("service_level >= 0.8 in 20s", '"0.8" is no share.'),
        ("service_level >= 100% in 20s", '"100%" is no share.'),
        ("asa <= 30%", '"30%" is no duration.'),
        ("asa <= 0s", '"0s" is no duration.'),
        ("asa:formula=F4 <= 30s", 'there is no formula "F4" of it.'),
        ("service_level:formula=F9 >= 80% in 20s", 'there is no formula "F9" of it.'),
        ("asa <= 30s and asa <= 20s", "one measure stands there twice."),
    ],
)
def test_targets_that_cannot_be_read_say_which_part(text: str, said: str) -> None:
    with pytest.raises(BadTarget) as refused:
        target(text)
    assert refused.value.what.en == f'The target "{text}": {said}'


def test_every_interval_meets_the_target_and_one_agent_less_would_not() -> None:
    calls = [0.0, 3.0, 40.0, 55.0, 12.0]
    found = requirement(demands(lines(calls), {"tax": 120.0})[0], LEVEL)
    assert found.at_desks[0] == 0
    for n in range(1, 5):
        traffic = Traffic(2 * calls[n], 300, 120)
        levels = performance(traffic, found.at_desks[n] - np.array([0, 1]), 20).service_level("F4")
        assert levels[0] >= 0.8 > levels[1]
    assert found.agents.tolist() == found.at_desks.tolist()


def test_absence_is_added_by_day_and_skill_and_rounded_up() -> None:
    away = Shrinkage(absences=(
        Absence(name="leave", share=LEAVE),
        Absence(name="course", share=LEAVE, first=date(2026, 12, 1), last=date(2026, 12, 1), skills=("tax",)),
        Absence(name="other", share=LEAVE, skills=("water",)),
    ))  # fmt: skip
    demand = demands(lines([40.0] * 96), {"tax": 120.0})[0]
    plain, planned = requirement(demand, LEVEL), requirement(demand, LEVEL, away)
    desks = int(plain.at_desks[0])
    assert set(plain.at_desks.tolist()) == {desks}
    assert planned.agents.tolist() == [-(-desks * 10 // 8)] * 48 + [-(-desks * 10 // 9)] * 48


LEAVE = shrinkage("10%").absences[0].share


def test_queues_of_one_skill_are_pooled() -> None:
    both = demands([*lines([20.0]), *lines([10.0], "water", 600.0)], {"tax": 100.0}, {"tax": "money", "water": "money"})
    assert [one.skill for one in both] == ["money"]
    assert (both[0].calls.tolist(), both[0].handling_s.tolist(), both[0].patience_s.tolist()) == (
        [30.0],
        [400.0],
        [150.0],
    )


def test_upper_limits_can_be_staffed_for() -> None:
    mean, high = (requirement(demands(lines([40.0]), {}, volume=volume)[0], LEVEL) for volume in ("mean", "high80"))
    assert high.at_desks[0] > 1.7 * mean.at_desks[0]


def test_without_lines_there_is_nothing_to_staff() -> None:
    with pytest.raises(NoLines):
        demands([], {})


def test_a_floor_where_nobody_calls_needs_nobody() -> None:
    found = requirement(demands(lines([0.0, 0.01]), {})[0], LEVEL, least=3)
    assert found.agents.tolist() == [0, 0]


def test_the_file_has_the_start_with_its_offset_the_skill_and_the_people() -> None:
    found = [requirement(one, LEVEL) for one in demands([*lines([3.0]), *lines([40.0], "water")], {})]
    assert csv_text(found, "Asia/Shanghai").splitlines() == [
        "interval,skill,agents,minutes", f"2026-12-01T00:00+08:00,tax,{found[0].agents[0]},30",
        f"2026-12-01T00:00+08:00,water,{found[1].agents[0]},30",
    ]  # fmt: skip


def test_patience_counts_the_waits_of_the_answered_and_its_interval_holds_the_truth() -> None:
    rng, held = np.random.default_rng(4), 0
    for _ in range(200):
        offered, patience = rng.exponential(40.0, 2_000), rng.exponential(90.0, 2_000)
        found = patience_of(int((patience < offered).sum()), float(np.minimum(offered, patience).sum()))
        held += found.low <= 90.0 <= found.high
    assert 180 <= held <= 199
    assert patience_of(5, 1_000.0).seconds == np.inf


@pytest.mark.parametrize("text", ["much", "12", "100%", "-3%", ""])
def test_shares_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(BadShare):
        shrinkage(text)


def test_absences_of_nearly_everybody_are_refused_with_their_day() -> None:
    with pytest.raises(TooManyAway) as refused:
        requirement(demands(lines([5.0]), {})[0], LEVEL, shrinkage("95%"))
    assert refused.value.what.en == "95% of tax are away on 2026-12-01."


def test_every_mistake_of_an_absence_file_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "away.yaml"
    path.write_text("shrinkage:\n  - {name: leave, share: 0.1}\n  - {share: 5%, form: 2026-12-01}\n")
    with pytest.raises(Problems) as wrong:
        read_shrinkage(path)
    assert {str(one.where).split(":")[1] for one in wrong.value.problems} == {"2", "3"}
    path.write_text("shrinkage:\n  - {name: leave, share: 10%, from: 2026-12-02, through: 2026-12-01}\n")
    with pytest.raises(Problems):
        read_shrinkage(path)


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main(["staff", *arguments, "--json", "--no-picture", "--lang", "en"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_command_staffs_each_skill(
    planning_floor: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--target", "service_level >= 80% in 20s", "--horizon", "7d", "--shrinkage", "12%"]
    out = tmp_path / "needs.csv"
    answer = told(capsys, str(planning_floor), *asked, "--out", str(out))
    assert [skill["skill"] for skill in answer["skills"]] == ["money", "water"]
    assert answer["patience_s"]["tax"] == pytest.approx(150, rel=0.1)  # a fifth left, all waited half a minute
    for skill in answer["skills"]:
        assert min(one["service_level"] for one in skill["intervals"]) >= 0.8
        assert all(one["agents"] >= one["at_desks"] > 0 for one in skill["intervals"])
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert sum(int(row["agents"]) for row in rows) / 2 == pytest.approx(sum(s["hours"] for s in answer["skills"]))
    assert {row["skill"] for row in rows} == {"money", "water"}


def test_upper_limits_are_said_to_be_added_up(planning_floor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["staff", str(planning_floor), "--target", "asa <= 20s", "--horizon", "7d", "--no-picture", "--lang", "en"]
    for volume, said in (("mean", False), ("high80", True)):
        assert main([*asked, "--volume", volume]) == 0
        assert ("upper ends of 80 % intervals" in " ".join(capsys.readouterr().out.split())) is said


def test_simulated_skills_say_which_laws_they_rest_on(planning_floor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = [str(planning_floor), "--target", "service_level >= 80% in 20s", "--horizon", "1d", "--method", "simulate"]
    money = told(capsys, *asked, "--queue", "tax")["laws"]["money"]
    assert money["queues"] == ["tax"]
    assert (money["handling"]["law"], money["handling"]["not_fitted"]) == ("gamma", None)
    assert money["handling"]["cv"] == pytest.approx(0.5, abs=0.05)  # drawn from a gamma of shape 4
    assert money["patience"]["not_fitted"]["en"].endswith("or all at one moment")  # all who left did so after 30 s
    assert money["patience"]["mean_s"] == pytest.approx(150, rel=0.1)
    given = told(capsys, *asked, "--queue", "tax", "--patience", "90")["laws"]["money"]["patience"]
    assert (given["law"], given["mean_s"]) == ("exponential", pytest.approx(90))
    assert given["not_fitted"]["en"] == "given by --patience"


def test_both_languages_say_which_laws_were_used(planning_floor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["staff", str(planning_floor), "--target", "service_level >= 80% in 20s", "--horizon", "1d", "--no-picture"]
    for language, words in (("zh", ("处理时长 gamma", "耐心")), ("en", ("handling gamma", "patience"))):
        assert main([*asked, "--queue", "tax", "--method", "simulate", "--lang", language]) == 0
        said = " ".join(capsys.readouterr().out.split())
        assert all(word in said for word in words)


def test_it_reads_a_forecast_file_too(planning_floor: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "f.csv"
    goal = ["--target", "asa <= 20s", "--queue", "water"]
    assert main(["forecast", str(planning_floor), "--horizon", "7d", "--out", str(path), "--no-picture"]) == 0
    capsys.readouterr()
    now = told(capsys, str(planning_floor), *goal, "--horizon", "7d")
    later = told(capsys, str(planning_floor), *goal, "--forecast", str(path))
    assert now["skills"] == later["skills"]


def test_one_company_sees_its_own_contacts_alone(planning_floor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = [str(planning_floor), "--target", "asa <= 20s", "--horizon", "7d", "--queue", "water"]
    everybody, theirs = told(capsys, *asked), told(capsys, *asked, "--company", "North")
    assert theirs["skills"][0]["hours"] < everybody["skills"][0]["hours"]


def test_people_read_it_in_both_languages(
    planning_floor: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [
        "staff",
        str(planning_floor),
        "--target",
        "asa <= 20s",
        "--horizon",
        "7d",
        "--picture",
        str(tmp_path / "p"),
    ]
    for language, words in (
        ("zh", ("坐席小时", "平均耐心", "前提")),
        ("en", ("agent hours", "mean patience", "Assumes")),
    ):
        assert main([*asked, "--lang", language]) == 0
        said = capsys.readouterr().out
        assert all(word in said for word in words)
    assert {one.suffix for one in tmp_path.iterdir()} == {".svg", ".png"}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--target", "80/20"], 3),
        (["--target", "asa <= 20s", "--method", "guess"], 2),
        (["--target", "asa <= 20s", "--method", "simulate"], 3),
        (["--target", "asa <= 20s", "--shrinkage", "many"], 3),
        (["--target", "asa <= 20s", "--patience", "nan"], 2),
        (["--target", "asa <= 20s", "--forecast", "none.csv"], 3),
        ([], 2),
    ],
)
def test_what_cannot_be_staffed_is_refused(
    arguments: list[str], code: int, planning_floor: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["staff", str(planning_floor), *arguments, "--no-picture", "--lang", "en"]) == code
    assert capsys.readouterr().err


def test_a_faint_half_hour_between_two_staffed_ones_has_somebody_and_traces_at_the_ends_of_a_day_have_not() -> None:
    found = requirement(demands(lines([0.03, 4.0, 0.03, 4.0, 0.03, 0.03, 4.0, 0.0, 4.0, 0.03]), {})[0], LEVEL)
    assert (found.at_desks > 0).astype(int).tolist() == [0, 1, 1, 1, 0, 0, 1, 0, 1, 0]
    assert found.at_desks[2] == 1
