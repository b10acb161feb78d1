"""Against theory and against results that others published."""

from __future__ import annotations

import json
from dataclasses import replace
from math import sqrt
from pathlib import Path
from typing import Any

import pytest
from exact_queues import erlang_a

from onefloor.insight.finding import Estimate
from onefloor.planning.simulation.laws import Law, exponential
from onefloor.planning.simulation.model import ContactType, Group, Model, Rule, Skill
from onefloor.planning.simulation.result import Result, mean
from onefloor.planning.simulation.simulating import Parameters, simulate

DATA = Path(__file__).parents[4] / "shared" / "data"
QUANTILE = 1.959964


def one_queue(kind: ContactType, agents: int | tuple[int, ...], **more: Any) -> Model:
    staff = agents if isinstance(agents, tuple) else (agents,)
    return Model(id="one", types=(kind,), groups=(Group(id="pool", types=(Skill(type=kind.id),), staff=staff),), **more)


def steady(rate: float, patience: Law | None, agents: int, within: float) -> Model:
    """One queue with handling time 1; a tenth of each replication is not counted."""
    long = 12_000 / rate
    kind = ContactType(id="calls", arrivals=(rate * long / 10,), service=exponential(1), patience=patience)
    rule = Rule(within=within, formula="F3")
    return one_queue(kind, agents, horizon=long, interval=long / 10, warm_up=long / 10, rule=rule)


def z(estimate: Estimate | None, exact: float, replications: int) -> float:
    from scipy.stats import t

    assert estimate is not None
    half = (estimate.high - estimate.low) / 2
    return float((estimate.value - exact) / (half / t.ppf(0.975, replications - 1)))


@pytest.mark.parametrize(("rate", "patience", "agents"), [(95.0, 1.0, 100), (9.0, 0.5, 8), (30.0, 4.0, 33)])
def test_four_figures_of_one_queue_are_those_of_erlang_a(rate: float, patience: float, agents: int) -> None:
    exact = erlang_a(rate, 1.0, patience, agents, within=0.1)
    found = simulate(steady(rate, exponential(patience), agents, 0.1), Parameters(60, threads=1), seed=5)
    offered = found.count("offered")
    from onefloor.planning.simulation.result import ratio

    waits = found.waits[:, 0, 1:].sum(axis=(1, 2))
    scores = [
        z(found.service_level(), exact.in_time, 60),
        z(found.abandonment(), exact.abandons, 60),
        z(ratio(found.count("waited"), offered), exact.waits, 60),
        z(ratio(waits, offered), exact.mean_wait, 60),
    ]
    assert max(map(abs, scores)) < 3


def test_without_impatience_one_queue_is_erlang_c() -> None:
    found = simulate(steady(10.0, None, 13, 1 / 9), Parameters(60, threads=1), seed=5)
    assert abs(z(found.service_level(), 0.79559478841778, 60)) < 3
    assert abs(z(found.speed_of_answer(), 17.11622718219 / 180, 60)) < 3
    assert abs(z(found.occupancy(), 10 / 13, 60)) < 3


def published() -> tuple[dict[str, Any], dict[str, Any]]:
    folder = DATA / "contactcenters"
    if not folder.is_dir():
        pytest.skip("the published models are not beside this checkout")
    return json.loads((folder / "models.json").read_text()), json.loads((folder / "expected.json").read_text())


def agree(found: Estimate | None, published: dict[str, Any], rounding: float, factor: float = 1.0) -> bool:
    """Whether two estimates lie within three standard errors of their difference, and the rounding of the print."""
    assert found is not None
    value = published.get("value", published.get("mean"))
    theirs = (published["ci"][1] - published["ci"][0]) / 2 / QUANTILE
    ours = factor * (found.high - found.low) / 2 / QUANTILE
    return bool(abs(factor * found.value - value) <= 3 * sqrt(theirs**2 + ours**2) + rounding)


def of_minutes(model: dict[str, Any], patience: Law | None) -> Model:
    day = float(model["day_minutes"])
    kind = ContactType(
        id="calls", arrivals=(model["arrival_rate_per_min"] * day,),
        service=exponential(model["service"]["mean"]), patience=patience,
    )  # fmt: skip
    rule = Rule(within=20 / 60, inclusive=False, formula="F2")
    return one_queue(kind, model["agents"], horizon=day, interval=day, rule=rule)


def test_a_published_queue_with_twelve_agents() -> None:
    models, expected = published()
    found = simulate(of_minutes(models["mmc"], None), Parameters(1000, threads=1))
    said = expected["mmc"]
    assert agree(mean(found.count("in_time")), said["calls_answered_within_target"], 0.001)
    assert agree(found.service_level(), said["service_level"], 0.0005)
    assert agree(found.speed_of_answer(), said["asa_min"], 0.0005)
    assert agree(found.occupancy(), said["occupancy"], 0.0005)


def test_the_same_published_queue_with_impatient_customers() -> None:
    models, expected = published()
    model = of_minutes(models["mmc"], exponential(1.0))
    found, said = simulate(model, Parameters(1000, threads=1)), expected["mmcab"]
    with_abandons = replace(found, model=replace(model, rule=replace(model.rule, formula="F4")))
    assert agree(mean(found.count("abandoned")), said["abandoned_per_day"], 0.001)
    assert agree(mean(found.count("in_time")), said["calls_answered_within_target"], 0.001)
    assert agree(found.service_level(), said["service_level_of_served"], 0.0005)
    assert agree(with_abandons.service_level(), said["service_level_with_abandonment"], 0.0005)
    assert agree(found.speed_of_answer(), said["asa_min"], 0.0005)
    assert agree(found.occupancy(), said["occupancy"], 0.0005)


@pytest.mark.parametrize("target", [20, 30])
def test_a_published_day_of_thirteen_hours(target: int) -> None:
    models, expected = published()
    model, said = models["single_queue"], expected["single_queue"]
    kind = ContactType(
        id="calls", arrivals=tuple(map(float, model["arrivals_per_hour"])), service=exponential(100),
        patience=exponential(1000), never_waits=0.1,
    )  # fmt: skip
    rule = Rule(within=target, inclusive=False, formula="F4")
    found = simulate(
        one_queue(kind, tuple(model["agents"]), horizon=46_800.0, interval=3_600.0, rule=rule),
        Parameters(600, threads=1),
    )
    levels = said["service_level_percent"][f"{target}s"]
    for hour in range(13):
        hourly = {"value": levels["by_hour"][hour], "ci": levels["ci_by_hour"][hour]}
        assert agree(found.service_level(interval=hour), hourly, 0.05, factor=100)
    assert agree(found.service_level(), levels["all_day"], 0.05, factor=100)
    assert agree(found.occupancy(), said["occupancy_percent"], 0.05, factor=100)


def telethon() -> Model:
    """A week with four open hours on five days, 24 lines, messages after two minutes, and a floor that closes."""
    is_open = [day < 5 and 6 <= hour < 10 for day in range(7) for hour in range(24)]
    kind = ContactType(
        id="calls", arrivals=tuple(50.0 * one for one in is_open), service=exponential(10), patience=exponential(2),
        longest_wait=2.0, leave_when_unstaffed=True,
    )  # fmt: skip
    rule = Rule(within=1.0, inclusive=False, formula="F2")
    staff = tuple(12 * one for one in is_open)
    return one_queue(kind, staff, horizon=168 * 60.0, interval=60.0, rule=rule, lines=24)


def test_a_published_week_with_lines_messages_and_closing() -> None:
    _, expected = published()
    found, said = simulate(telethon(), Parameters(1000, threads=1)), expected["telethon"]
    names = {
        "arrived": "offered", "served": "answered", "abandoned": "abandoned", "messages": "timed_out",
        "disconnected": "let_go", "served_within_target": "in_time",
    }  # fmt: skip
    for theirs, ours in names.items():
        assert agree(mean(found.count(ours)), said[theirs], 0.001)
    assert found.count("blocked").sum() == 0
    assert agree(found.speed_of_answer(), said["asa_min"], 0.0005)
    busy = mean(100 * found.work.sum(axis=(1, 2, 3)) / 14_400)
    assert agree(busy, said["occupancy_percent"], 0.001)
    before_closing = mean(100 * open_work(found) / 14_400)
    assert agree(before_closing, said["occupancy_percent_without_minutes_after_closing"], 0.001)


def open_work(found: Result) -> Any:
    """Work inside the open hours."""
    hours = [i for i, size in enumerate(found.model.groups[0].staff) if size]
    return found.work[:, :, hours].sum(axis=(1, 2, 3))
