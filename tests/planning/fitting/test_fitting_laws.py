"""Laws of times and of patience are recovered from draws, also where most waits are cut short."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from onefloor.planning.fitting.censored import alike
from onefloor.planning.fitting.censored import fitted as fitted_law
from onefloor.planning.fitting.patience import willing
from onefloor.planning.fitting.surviving import kaplan_meier, peaks
from onefloor.planning.fitting.times import distance, fitted, shape_of_gamma, table
from onefloor.planning.simulation.laws import exponential

TIMES = {
    "exponential": lambda chance, n: chance.exponential(200.0, n),
    "lognormal": lambda chance, n: chance.lognormal(5.0, 0.8, n),
    "gamma": lambda chance, n: chance.gamma(2.4, 90.0, n),
}


@pytest.mark.parametrize("kind", TIMES)
def test_the_kind_that_was_drawn_is_chosen_with_its_spread(kind: str) -> None:
    seen = TIMES[kind](np.random.default_rng(1), 4000)
    found = fitted(seen)
    cv = {"exponential": 1.0, "lognormal": math.sqrt(math.expm1(0.64)), "gamma": 1 / math.sqrt(2.4)}[kind]
    assert found.law.kind == kind
    assert found.law.cv == pytest.approx(cv, rel=0.05)
    assert found.law.mean == seen.mean()
    assert found.distance < 0.02


def test_the_interval_of_a_mean_holds_the_truth_about_as_often_as_it_says() -> None:
    chance = np.random.default_rng(2)
    means = [fitted(chance.gamma(2.0, 100.0, 400)).mean for _ in range(200)]
    assert 0.9 <= np.mean([one.low <= 200.0 <= one.high for one in means]) <= 0.99


def test_gamma_is_as_scipy_has_it() -> None:
    seen = np.random.default_rng(3).gamma(0.7, 50.0, 3000)
    shape, _, _ = stats.gamma.fit(seen, floc=0)
    assert shape_of_gamma(seen) == pytest.approx(shape, rel=1e-5)


def test_where_no_law_fits_the_quantiles_are_taken_and_keep_the_mean() -> None:
    chance = np.random.default_rng(4)
    seen = np.concatenate([chance.gamma(80.0, 0.5, 3000), chance.gamma(80.0, 5.0, 1000)])  # two kinds of contacts
    found = fitted(seen)
    assert found.law.kind == "empirical"
    assert found.law.mean == pytest.approx(seen.mean(), rel=1e-4)
    assert found.distance < 0.02


def test_few_times_keep_a_law_however_badly_it_fits() -> None:
    seen = np.array([10.0] * 20 + [500.0] * 20)
    assert fitted(seen).law.kind != "empirical"
    assert fitted(seen).distance > 0.05


def test_times_that_are_all_alike_are_constant() -> None:
    assert fitted(np.full(50, 30.0)).law.kind == "constant"


def test_quantiles_of_a_short_sample_never_fall() -> None:
    values = table(np.array([1.0, 1.0, 1.0, 1.0, 50.0])).values
    assert list(values) == sorted(values)


def test_the_distance_is_that_of_kolmogorov() -> None:
    seen = np.random.default_rng(5).exponential(100.0, 500)
    wanted = stats.kstest(seen, lambda times: -np.expm1(-times / 120.0)).statistic
    assert distance(exponential(120.0), seen) == pytest.approx(wanted, rel=1e-9)


# patience: each customer is answered after a time of his own, whichever of the two comes first ends the wait
PATIENCE = {
    "exponential": (lambda chance, n: chance.exponential(120.0, n), 120.0),
    "lognormal": (lambda chance, n: chance.lognormal(5.0, 1.0, n), math.exp(5.5)),
    "gamma": (lambda chance, n: chance.gamma(2.0, 60.0, n), 120.0),
    "weibull": (lambda chance, n: 300.0 * chance.weibull(0.6, n), 300.0 * math.gamma(1 + 1 / 0.6)),
}


def waits(kind: str, n: int, answered_after: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    patience, answer = PATIENCE[kind][0](chance, n), chance.exponential(answered_after, n)
    return np.minimum(patience, answer), patience <= answer


@pytest.mark.parametrize(
    ("kind", "answered_after"), [("exponential", 80), ("lognormal", 80), ("gamma", 80), ("weibull", 300)]
)
def test_patience_is_recovered_although_many_customers_were_answered_first(kind: str, answered_after: float) -> None:
    found = willing(*waits(kind, 12_000, answered_after, 6))
    assert found is not None
    assert found.kind == kind
    assert found.mean.low <= PATIENCE[kind][1] <= found.mean.high
    assert not found.taken_from_curve
    assert found.never_waits.low == 0


def test_without_censoring_patience_looks_far_too_short() -> None:
    seen, left = waits("exponential", 12_000, 60.0, 7)
    found = willing(seen, left)
    assert found is not None
    assert seen[left].mean() < 0.5 * found.mean.low  # the mean wait of those who left
    assert found.mean.low <= 120.0 <= found.mean.high
    assert found.mean.value == pytest.approx((seen.sum()) / left.sum(), rel=0.03)


def test_the_interval_of_patience_holds_the_truth_about_as_often_as_it_says() -> None:
    found = [willing(*waits("exponential", 500, 80.0, seed)) for seed in range(50)]
    held = [one for one in found if one is not None and one.kind == "exponential"]
    assert len(held) >= 42
    assert 0.88 <= np.mean([one.mean.low <= 120.0 <= one.mean.high for one in held]) <= 1.0


def test_those_who_do_not_wait_at_all_are_told_from_the_others() -> None:
    chance = np.random.default_rng(80)
    seen, left = waits("exponential", 8000, 80.0, 8)
    at_once = chance.random(8000) < 0.07
    seen, left = np.where(at_once, 0.4, seen), left | at_once
    found = willing(seen, left)
    assert found is not None
    assert found.never_waits.low <= 0.07 <= found.never_waits.high
    assert found.mean.low <= 120.0 <= found.mean.high


def test_an_announcement_shows_as_a_peak_and_is_kept_by_the_table() -> None:
    chance = np.random.default_rng(9)
    patience, answer = chance.exponential(300.0, 20_000), chance.exponential(200.0, 20_000)
    patience = np.where((patience > 60) & (chance.random(20_000) < 0.2), chance.uniform(60.0, 62.0, 20_000), patience)
    found = willing(np.minimum(patience, answer), patience <= answer)
    assert found is not None
    assert [(one.start, one.end) for one in found.peaks] == [(60.0, 65.0)]
    assert found.taken_from_curve
    values = np.array(found.law.values)
    assert np.mean((values >= 60.0) & (values <= 62.0)) == pytest.approx(0.2 * math.exp(-0.2), abs=0.02)


def test_smooth_patience_shows_no_peaks() -> None:
    shown = sum(len(peaks(*waits(kind, 8000, 80.0, seed))) for kind in PATIENCE for seed in range(5))
    assert shown <= 1


def test_customers_who_all_left_at_one_moment_give_no_law() -> None:
    left = np.arange(300) % 5 == 0
    assert willing(np.full(300, 30.0), left) is None
    assert willing(np.where(left, 30.0, 10.0), left) is None


def test_too_few_who_left_give_no_law() -> None:
    assert willing(np.full(500, 30.0), np.arange(500) < 29) is None


def test_the_curve_counts_leaving_before_answering_at_equal_times() -> None:
    curve = kaplan_meier(np.array([2.0, 2.0, 5.0, 7.0]), np.array([True, False, True, False]))
    assert curve.surviving.tolist() == [0.75, 0.375]
    assert curve.at(4.9) == 0.75
    assert curve.quantile(0.5) == 5.0
    assert curve.quantile(0.9) is None


def test_the_curve_and_the_laws_are_as_lifelines_has_them() -> None:
    lifelines = pytest.importorskip("lifelines")
    seen, left = waits("lognormal", 3000, 80.0, 10)
    curve = kaplan_meier(seen, left)
    theirs = lifelines.KaplanMeierFitter().fit(seen, left).predict(curve.times)
    assert np.allclose(curve.surviving, theirs, atol=1e-12)
    ours = fitted_law("lognormal", alike(seen, left))
    law = lifelines.LogNormalFitter().fit(seen, left)
    assert ours.parameters[0] == pytest.approx(law.mu_, abs=0.002)
    assert math.exp(ours.parameters[1]) == pytest.approx(law.sigma_, rel=0.005)
    weibull = lifelines.WeibullFitter().fit(seen, left)
    assert math.exp(fitted_law("weibull", alike(seen, left)).parameters[0]) == pytest.approx(weibull.rho_, rel=0.005)
