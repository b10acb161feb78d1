"""Published examples, to their printed digits."""

from __future__ import annotations

import numpy as np
import pytest

from onefloor.insight.fair.by_strata import by_strata
from onefloor.insight.fair.hidden import e_value, e_value_of_limit, robustness_value
from onefloor.insight.fair.shrinking import Method, between, shrunk
from onefloor.insight.fair.standards import byar, direct, observed_by_expected
from onefloor.insight.fair.work import Family, Work

# Charig et al. 1986: successes and operations, small and large stones.
OPEN, PUNCTURE = (np.array([[81.0, 87], [192, 263]]), np.array([[234.0, 270], [55, 80]]))
# Efron & Morris 1977, table 1: batting averages after 45 at bats, and of the rest of the season.
EARLY = np.array([
    0.400, 0.378, 0.356, 0.333, 0.311, 0.311, 0.289, 0.267, 0.244,
    0.244, 0.222, 0.222, 0.222, 0.222, 0.222, 0.200, 0.178, 0.156,
])  # fmt: skip
SEASON = np.array([
    0.346, 0.298, 0.276, 0.222, 0.273, 0.270, 0.263, 0.210, 0.269,
    0.230, 0.264, 0.256, 0.303, 0.264, 0.226, 0.285, 0.316, 0.200,
])  # fmt: skip
# Davies 1947, lme4's Dyestuff: six batches of five.
DYESTUFF = np.array(
    [
        [1545, 1440, 1440, 1520, 1580], [1540, 1555, 1490, 1560, 1495], [1595, 1550, 1605, 1510, 1560],
        [1445, 1440, 1595, 1465, 1545], [1595, 1630, 1515, 1635, 1625], [1520, 1455, 1450, 1480, 1445],
    ]
)  # fmt: skip


def test_kidney_stones_turn_round_once_the_mix_is_the_same() -> None:
    sizes = OPEN[:, 1] + PUNCTURE[:, 1]
    raw = [100 * x[:, 0].sum() / x[:, 1].sum() for x in (OPEN, PUNCTURE)]
    alike = [100 * direct(x[:, 0], x[:, 1], sizes) for x in (OPEN, PUNCTURE)]
    assert [round(value, 1) for value in raw] == [78.0, 82.6]
    assert [round(value, 2) for value in alike] == [83.25, 77.89]


def test_kidney_stones_against_the_rates_of_both_together() -> None:
    pooled = (OPEN + PUNCTURE)[:, 0] / (OPEN + PUNCTURE)[:, 1]
    quotients = [np.divide(*observed_by_expected(x[:, 0], x[:, 1], pooled)) for x in (OPEN, PUNCTURE)]
    assert [round(float(value), 4) for value in quotients] == [1.0257, 0.9769]


def test_kidney_stones_as_the_work_of_two_companies() -> None:
    """Open surgery against puncture on the mix of puncture: better, though raw it is worse."""
    k, n = (np.concatenate([PUNCTURE[:, side], OPEN[:, side]]) for side in (0, 1))
    size, company = np.array([0, 1, 0, 1]), np.array([0, 0, 1, 1])
    zero = np.zeros(4, np.intp)
    found = by_strata(Work(Family.SHARE, company, company, zero, (size,), size, n, k))
    assert found is not None
    ours = (263 * 55 / 80 + 87 * 234 / 270) / 350  # puncture's rates on the stones of open surgery
    assert found.gap == pytest.approx(273 / 350 - ours)
    assert found.observed_by_expected is not None
    assert found.observed_by_expected.value == pytest.approx(273 / 350 / ours)
    assert (273 / 350 < 289 / 350, found.gap > 0) == (True, True)


def test_steins_paradox_in_baseball() -> None:
    # Their estimator: the shrinkage of James and Stein with the binomial variance of the mean.
    variance = EARLY.mean() * (1 - EARLY.mean()) / 45
    kept = 1 - (len(EARLY) - 3) * variance / ((EARLY - EARLY.mean()) ** 2).sum()
    told = EARLY.mean() + kept * (EARLY - EARLY.mean())
    assert (round(kept, 3), round(told[0], 3)) == (0.212, 0.294)
    assert [round(float(((one - SEASON) ** 2).sum()), 4) for one in (EARLY, told)] == [0.0754, 0.0213]


def test_empirical_bayes_beats_the_raw_averages_as_in_the_paper() -> None:
    found = shrunk(EARLY, np.full(18, EARLY.mean() * (1 - EARLY.mean()) / 45))
    assert ((found.figure - SEASON) ** 2).sum() < 0.3 * ((EARLY - SEASON) ** 2).sum()
    assert found.figure.min() > EARLY.min()


@pytest.mark.parametrize("method", ["reml", "paule_mandel"])
def test_dyestuff_variance_between_batches(method: Method) -> None:
    within = DYESTUFF.var(axis=1, ddof=1).mean()
    tau2 = between(DYESTUFF.mean(axis=1), np.full(6, within / 5), method)
    assert (round(float(DYESTUFF.mean()), 1), round(float(within), 2), round(tau2, 2)) == (1527.5, 2451.25, 1764.05)


@pytest.mark.parametrize(
    ("observed", "low", "high"),
    [(5, 0.322, 2.334), (10, 0.479, 1.839), (100, 0.814, 1.216)],
)
def test_byars_limits_are_the_exact_poisson_limits_to_two_places(observed: int, low: float, high: float) -> None:
    from scipy import stats

    found = byar(observed, observed)
    exact = stats.chi2.ppf(0.025, 2 * observed) / 2 / observed, stats.chi2.ppf(0.975, 2 * observed + 2) / 2 / observed
    assert (found.low, found.high) == pytest.approx((low, high), abs=6e-4)
    assert (found.low, found.high) == pytest.approx(exact, abs=6e-3)


def test_e_values_of_the_paper() -> None:
    # VanderWeele & Ding 2017: maternal breastfeeding, RR 3.9 (1.8 to 8.7).
    assert (round(e_value(3.9), 2), round(e_value_of_limit(1.8, 8.7), 1)) == (7.26, 3.0)
    assert e_value(1 / 3.9) == pytest.approx(e_value(3.9))
    assert e_value_of_limit(0.9, 1.2) == 1.0


def test_robustness_values_of_the_paper() -> None:
    # Cinelli & Hazlett 2020, table 1: Darfur, 0.097 with error 0.023 and 783 degrees of freedom.
    t = 0.09732582 / 0.02325654
    assert round(100 * robustness_value(t, 783), 1) == 13.9
    assert round(100 * robustness_value(t, 783, level=0.95), 1) == 7.6
