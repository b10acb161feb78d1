"""What holds for every queue, the inverse problems, the square-root rules, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from onefloor.planning.erlang.queues import erlang_a, erlang_b, erlang_c, performance
from onefloor.planning.erlang.rules import (
    beta_for,
    garnett,
    halfin_whitt,
    square_root,
)
from onefloor.planning.erlang.sizing import BadGoal, Goal, OutOfReach, least_agents, most_calls, positions
from onefloor.planning.erlang.traffic import BadTraffic, ShapesDiffer, Traffic, Unstable

GOALS = (
    Goal("service_level", 0.8, 20), Goal("service_level", 0.8, 20, "F1"), Goal("service_level", 0.9, 10, "F2"),
    Goal("service_level", 0.95, 30, "F4"), Goal("asa", 5.0), Goal("abandonment", 0.03), Goal("occupancy", 0.85),
    Goal("p_wait", 0.2),
)  # fmt: skip


def reached(goal: Goal, traffic: Traffic, agents: int) -> bool:
    found = performance(traffic, agents, goal.within_s)
    value = {
        "service_level": found.service_level(goal.formula), "asa": found.mean_wait_served_s,
        "abandonment": found.p_abandon, "occupancy": found.occupancy, "p_wait": found.p_wait,
    }[goal.measure]  # fmt: skip
    return bool(value >= goal.bound) if goal.measure == "service_level" else bool(value <= goal.bound)


@pytest.mark.parametrize("goal", GOALS, ids=lambda goal: f"{goal.measure}-{goal.formula}")
@pytest.mark.parametrize("calls", [3.0, 47.0, 800.0, 60_000.0])
def test_one_agent_less_would_miss_the_goal(goal: Goal, calls: float) -> None:
    traffic = Traffic(calls, 240, 150)
    agents = int(least_agents(traffic, goal))
    assert reached(goal, traffic, agents)
    assert agents == 1 or not reached(goal, traffic, agents - 1)


@pytest.mark.parametrize("goal", GOALS, ids=lambda goal: f"{goal.measure}-{goal.formula}")
def test_the_most_calls_meet_the_goal_and_a_little_more_would_not(goal: Goal) -> None:
    most = float(most_calls(240, 150, 40, goal))
    assert reached(goal, Traffic(most * (1 - 1e-9), 240, 150), 40)
    assert not reached(goal, Traffic(most * (1 + 1e-9), 240, 150), 40)


def test_a_day_of_intervals_is_the_intervals_one_by_one() -> None:
    calls = np.linspace(0, 900, 7)
    day = Traffic(calls, 200, [30, 60, 90, 120, 150, np.inf, 300])
    agents = least_agents(day, Goal("service_level", 0.8))
    single = [int(least_agents(Traffic(c, 200, p), Goal("service_level", 0.8)))
              for c, p in zip(calls, day.patience_s, strict=True)]  # fmt: skip
    assert agents.tolist() == single
    together = performance(day, agents + 1).p_wait
    alone = [float(performance(Traffic(c, 200, p), n + 1).p_wait)
             for c, p, n in zip(calls, day.patience_s, agents, strict=True)]  # fmt: skip
    assert together.tolist() == alone


def test_more_agents_never_make_it_worse() -> None:
    found = erlang_a(Traffic(1000, 300, 90), np.arange(1, 200), 20)
    assert (np.diff(found.p_wait) <= 0).all()
    assert (np.diff(found.p_abandon) <= 0).all()
    assert (np.diff(found.mean_wait_s) <= 0).all()
    for formula in ("F1", "F2", "F3", "F4"):
        assert (np.diff(found.service_level(formula)) >= -1e-12).all()


def test_without_limit_of_patience_erlang_a_is_erlang_c() -> None:
    patient, endless = erlang_a(Traffic(200, 180, 1e6), 13), erlang_c(Traffic(200, 180), 13)
    assert float(patient.p_wait) == pytest.approx(float(endless.p_wait), rel=1e-3)
    assert float(patient.answered_in) == pytest.approx(float(endless.answered_in), rel=1e-3)


def test_what_goes_in_comes_out() -> None:
    found = erlang_a(Traffic(700, 300, 80), 55, 25)
    served = 700 * (1 - float(found.p_abandon)) * 300 / 3600
    assert float(found.occupancy) * 55 == pytest.approx(served, rel=1e-12)
    assert float(found.mean_queue) == pytest.approx(700 / 3600 * float(found.mean_wait_s), rel=1e-12)
    assert float(found.service_level("F1")) == pytest.approx(float(found.answered_in + found.abandoned_in))


def test_no_load_and_no_agents_have_answers() -> None:
    quiet = performance(Traffic(0, 180, 60), 5)
    assert (float(quiet.p_wait), float(quiet.answered_in), float(quiet.occupancy)) == (0.0, 1.0, 0.0)
    empty = performance(Traffic(60, 180, 60), 0)
    assert (float(empty.p_wait), float(empty.p_abandon), float(empty.mean_wait_s)) == (1.0, 1.0, 60.0)
    assert float(empty.service_level("F4")) == 0.0
    assert int(least_agents(Traffic(0, 180), Goal("p_wait", 0.1))) == 0
    assert erlang_b([0, 0, 3], [0, 1, 0]).tolist() == [1.0, 0.0, 1.0]
    assert float(most_calls(180, np.inf, 0, Goal("p_wait", 0.5))) == 0.0


def test_ten_thousand_agents_are_as_stable_as_ten() -> None:
    load = np.array([5_000.0, 9_800.0, 10_000.0, 12_000.0, 30_000.0])
    found = erlang_a(Traffic(load * 12, 300, 120), 10_000)
    assert np.isfinite(found.answered_in).all()
    assert found.p_abandon[-1] == pytest.approx(2 / 3, rel=1e-6)
    assert found.p_wait[0] == 0.0
    assert float(erlang_c(Traffic(9_999 * 12, 300), 10_000).p_wait) == pytest.approx(halfin_whitt(0.01), abs=1e-3)


def test_square_root_rules_are_the_limits_of_the_exact_queues() -> None:
    load, agents = 4_900.0, int(square_root(4_900, 0.7))
    assert agents == 4_949
    assert float(erlang_c(Traffic(load * 12, 300), agents).p_wait) == pytest.approx(halfin_whitt(0.7), rel=1e-2)
    exact = erlang_a(Traffic(load * 12, 300, 150), agents)
    waits, leaves = garnett(0.7, 2.0)
    assert float(exact.p_wait) == pytest.approx(waits, rel=1e-2)
    assert float(exact.p_abandon / exact.p_wait) * agents**0.5 == pytest.approx(leaves, rel=1e-2)


def test_beta_undoes_the_rules() -> None:
    assert halfin_whitt(beta_for(0.3)) == pytest.approx(0.3)
    assert garnett(beta_for(0.7, 0.4), 0.4)[0] == pytest.approx(0.7)


def test_people_away_are_added_and_rounded_up_once() -> None:
    assert positions([0, 7, 14, 15], 0.3).tolist() == [0, 10, 20, 22]


@pytest.mark.parametrize(
    ("calls", "handling", "patience", "told"),
    [
        (-1, 180, 60, "The calls an hour is -1."),
        ([100, np.nan], 180, 60, "The calls an hour of interval 2 is nan."),
        (np.inf, 180, 60, "The calls an hour is inf."),
        (100, 0, 60, "The handling time is 0."),
        (100, [180, -5, 3], 60, "The handling time of interval 2 is -5."),
        (100, 180, 0, "The mean patience is 0."),
        (100, 180, np.nan, "The mean patience is nan."),
        (100, 180, 1e9, "The mean patience is 1e+09."),
    ],
)
def test_numbers_that_no_queue_has_are_refused_by_name_and_place(
    calls: object, handling: object, patience: object, told: str
) -> None:
    with pytest.raises(BadTraffic) as refused:
        Traffic(calls, handling, patience)  # type: ignore[arg-type]
    assert refused.value.what.en == told


@pytest.mark.parametrize("agents", [-1, 2.5, np.nan, 10**7])
def test_agents_are_whole(agents: float) -> None:
    with pytest.raises(BadTraffic):
        performance(Traffic(10, 180, 60), agents)


def test_erlang_c_says_in_which_interval_the_queue_grows_without_end() -> None:
    with pytest.raises(Unstable) as refused:
        erlang_c(Traffic([100, 240], 180), [10, 12])
    assert refused.value.what.en == ("Interval 2: 12 agents cannot carry 12 Erlang: the queue would grow without end.")
    with pytest.raises(Unstable):
        performance(Traffic(10, 180), 0)
    with pytest.raises(BadTraffic):
        erlang_a(Traffic(10, 180), 5)


def test_arrays_of_different_intervals_are_refused() -> None:
    with pytest.raises(ShapesDiffer):
        Traffic([1, 2, 3], [180, 190])
    with pytest.raises(ShapesDiffer):
        performance(Traffic([1, 2, 3], 180, 60), [1, 2])


@pytest.mark.parametrize(
    ("measure", "bound"),
    [("service_level", 1.0), ("service_level", 0), ("asa", 0), ("asa", np.inf), ("abandonment", np.nan), ("wait", 0.5)],
)
def test_goals_that_nobody_can_reach_are_refused(measure: str, bound: float) -> None:
    with pytest.raises(BadGoal):
        Goal(measure, bound)  # type: ignore[arg-type]


def test_a_load_beyond_a_million_agents_is_refused_with_its_interval() -> None:
    with pytest.raises(OutOfReach) as refused:
        least_agents(Traffic([10, 3e7], 600), Goal("p_wait", 0.5))
    assert refused.value.what.en.startswith("Interval 2:")
