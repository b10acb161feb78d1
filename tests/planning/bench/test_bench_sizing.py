"""Class sizes: the chance of a shortage is right, the classes are the smallest, and they say what they cannot do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onefloor.insight.attrition.leaving import NEVER, People
from onefloor.insight.attrition.rates import Rates
from onefloor.planning.bench.problem import BadBench, BenchProblem, Parameters, Plan, Training
from onefloor.planning.bench.sizing import shortage, solve
from onefloor.planning.bench.urgency import Urgency, ranked

CERTAIN = 1e12


def constant(rate: float = 0.001, swing: float = 0.0) -> Rates:
    """Everybody leaves at this rate a day, and that is known."""
    return Rates(np.full((1, 6), CERTAIN), np.full((1, 6), CERTAIN / rate), swing)


def people(count: int, tenure: int = 1000) -> People:
    return People(np.full(count, tenure), np.zeros(count, np.int64), np.full(count, NEVER))


def problem(count: int, need: float, rate: float = 0.001, **more: Any) -> BenchProblem:
    days = np.arange(7, 183, 7)
    training = more.pop("training", Training(lead=28, passed=1.0))
    classes = more.pop("class_days", (0, 28, 56, 84, 112, 140))
    held = more.pop("people", people(count))
    return BenchProblem(constant(rate), held, days, np.full(len(days), need), classes, training, **more)


FEW = Parameters(futures=4000)


def binomial_below(need: int, heads: int, stay: float) -> float:
    from scipy.stats import binom

    return float(binom.cdf(need - 1, heads, stay))


def test_chances_without_a_class_are_binomial() -> None:
    plan = solve(problem(40, 36), Parameters(futures=20_000))
    wanted = [binomial_below(36, 40, np.exp(-0.001 * day)) for day in plan.problem.days]
    inside = (plan.without.low <= wanted) & (wanted <= plan.without.high)
    assert inside.mean() >= 0.8
    assert plan.without.value == pytest.approx(np.array(wanted), abs=0.015)


def test_chances_with_a_class_are_those_of_two_binomials() -> None:
    made = problem(30, 31, class_days=(0,), training=Training(lead=28, passed=0.7))
    plan = solve(made, Parameters(futures=20_000, risk=0.5))
    (one,) = plan.classes
    day = int(plan.problem.days[-1])
    stays, left = np.exp(-0.001 * day), np.exp(-0.001 * (day - 28))
    from scipy.stats import binom

    heads = np.convolve(binom.pmf(np.arange(31), 30, stays), binom.pmf(np.arange(one.size + 1), one.size, 0.7 * left))
    assert plan.with_classes.value[-1] == pytest.approx(heads[:31].sum(), abs=0.015)


def test_no_class_can_lose_a_person_without_breaking_the_risk() -> None:
    plan = solve(problem(40, 40), FEW)
    sizes = [one.size for one in plan.classes]
    assert plan.unmet == ()
    assert (plan.with_classes.high[plan.problem.days >= 28] <= 0.05).all()
    from onefloor.planning.bench.sizing import _trial

    trial = _trial(plan.problem, FEW, 1)
    helped = plan.problem.days >= 28
    for place, size in enumerate(sizes):
        if size:
            fewer = [*sizes[:place], size - 1, *sizes[place + 1 :]]
            assert not trial.safe(fewer, helped)


def test_equal_seeds_give_equal_plans_and_others_nearly_the_same() -> None:
    one, again, other = (solve(problem(40, 40), FEW, seed) for seed in (1, 1, 2))
    assert one.classes == again.classes
    assert (one.heads == again.heads).all()
    assert abs(one.size - other.size) <= 3


def test_a_bench_that_is_large_enough_needs_no_class() -> None:
    plan = solve(problem(80, 40), FEW)
    assert (plan.size, plan.unmet, plan.too_late, plan.ever) == (0, (), (), 0.0)


def test_classes_that_are_too_small_are_full_and_say_so() -> None:
    plan = solve(problem(40, 90), Parameters(futures=2000, most=5))
    assert [one.size for one in plan.classes] == [5] * len(plan.classes)
    assert plan.unmet == tuple(day for day in plan.problem.days.tolist() if day >= 28)


def test_what_does_not_fit_into_a_class_goes_into_the_one_before() -> None:
    need = np.where(np.arange(7, 183, 7) >= 84, 52.0, 40.0)
    made = problem(45, 40.0, rate=1e-9)
    made = BenchProblem(made.known, made.people, made.days, need, made.class_days, made.training)
    plan = solve(made, Parameters(futures=1000, most=4))
    assert [one.size for one in plan.classes][:4] == [0, 3, 4, 0] or sum(one.size for one in plan.classes) == 7
    assert plan.unmet == ()


def test_before_the_first_class_is_ready_nothing_helps() -> None:
    plan = solve(problem(40, 40, rate=0.01), FEW)
    assert plan.from_day == 28
    assert plan.too_late == (7, 14, 21)
    assert plan.with_classes.value[:3] == pytest.approx(plan.without.value[:3])


def test_a_class_that_is_ready_after_the_end_is_none() -> None:
    plan = solve(problem(40, 41, class_days=(180,)), FEW)
    assert (plan.classes, plan.from_day, plan.unmet) == ((), None, ())


def test_a_known_leave_counts_from_its_day() -> None:
    held = People(np.full(40, 900), np.zeros(40, np.int64), np.array([30] * 5 + [NEVER] * 35))
    plan = solve(problem(40, 38, rate=1e-9, people=held, class_days=()), FEW)
    assert plan.alone[2].tolist() == [40] * 4 + [35] * 22


def test_newcomers_count_for_less_in_their_ramp() -> None:
    steep = Training(lead=28, passed=1.0, ramp=28, ramp_share=0.5)
    plan = solve(problem(39, 40, rate=1e-9, training=steep, class_days=(0,)), FEW)
    assert [one.size for one in plan.classes] == [2]
    assert plan.heads[2][plan.problem.days == 28] == 40
    assert plan.heads[2][plan.problem.days == 56] == 41


def test_a_pass_rate_that_was_seen_seldom_needs_larger_classes() -> None:
    sizes = {}
    for begun in (10, 1000):
        training = Training(lead=28, passed=0.7 * begun, begun=begun, sure=False)
        plan = solve(problem(30, 38, rate=1e-9, training=training, class_days=(0,)), FEW)
        sizes[begun] = plan.size
    assert sizes[10] > sizes[1000] > 8


@given(st.integers(1, 60), st.integers(0, 70), st.sampled_from([0.01, 0.05, 0.3]), st.floats(1e-5, 0.01))
@settings(max_examples=25, deadline=None)
def test_whatever_the_bench_the_plan_keeps_the_risk_or_says_on_which_days_it_does_not(
    count: int, need: int, risk: float, rate: float
) -> None:
    plan = solve(problem(count, float(need), rate), Parameters(risk=risk, futures=400, most=15, least=3))
    over = plan.problem.days[(plan.with_classes.high > risk) & (plan.problem.days >= 28)]
    assert plan.unmet == tuple(over.tolist())
    assert all(one.size == 0 or 3 <= one.size <= 15 for one in plan.classes)
    assert (plan.with_classes.value <= plan.without.value).all()


def test_the_interval_of_a_chance_is_that_of_clopper_and_pearson() -> None:
    heads = np.concatenate([np.zeros((1, 3)), np.ones((1, 17))], axis=1)
    found = shortage(np.concatenate([heads, np.ones((1, 20)), np.zeros((1, 20))]), np.ones(3), 0.95)
    assert found.value.tolist() == [0.15, 0.0, 1.0]
    assert found.low == pytest.approx([0.03207, 0.0, 0.83157], abs=1e-5)
    assert found.high == pytest.approx([0.37893, 0.16843, 1.0], abs=1e-5)


@pytest.mark.parametrize(
    "bad", [{"risk": 0}, {"risk": 1}, {"least": 0}, {"least": 5, "most": 4}, {"futures": 10}, {"most": 501}]
)
def test_parameters_out_of_range_are_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(BadBench):
        Parameters(**bad)


def test_days_out_of_order_are_refused() -> None:
    with pytest.raises(BadBench):
        BenchProblem(constant(), people(1), np.array([7, 7]), np.ones(2), ())


def test_a_class_every_day_is_refused() -> None:
    with pytest.raises(BadBench):
        problem(3, 3, class_days=tuple(range(61)))


def plan(count: int, need: int, rate: float = 0.001) -> Plan:
    return solve(problem(count, float(need), rate), Parameters(futures=500))


def test_the_four_classes() -> None:
    plans = {"main": plan(40, 40), "calm": plan(80, 40), "post": plan(5, 5), "odd": plan(6, 6), "rest": plan(20, 6)}
    found = ranked(plans, frozenset({"post"}), 0.2)
    assert {one.skill: one.urgency for one in found} == {
        "main": Urgency.NOW,
        "post": Urgency.NOW,
        "calm": Urgency.PLAN,
        "odd": Urgency.TRANSFER,
        "rest": Urgency.SELF_STUDY,
    }
    assert [one.urgency for one in found] == sorted((one.urgency for one in found), key=list(Urgency).index)
