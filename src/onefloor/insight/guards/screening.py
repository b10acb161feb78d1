"""Which units lie beyond what chance and the usual differences between people explain, with a false-alarm budget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special, stats

from onefloor.insight.guards.peers import Floats, Mask, Peers

BUDGET = 0.05  # false alarms a screen, all units together
BUDGET_OF_RATIOS = 0.025  # for units against themselves: a ratio of two ratios has longer tails; simulation gives 0.05
WINSOR = 0.1
KEPT = 0.6  # share of the units that says how large the spread is; the rest was pulled in
LEAST_UNITS = 20
LEAST_ROWS = 30
LEAST_EXCESS = 5.0
LEAST_RATIO = 1.5
LEAST_EXPECTED = 0.1  # below which a ratio to what is expected means nothing
FLOOR_VARIANCE = 1e-12
MOST_SPREAD = 25.0  # variance of observed / expected beyond which nothing is known


@dataclass(frozen=True, slots=True)
class Screen:
    """Of each unit observed / expected, how far out it is in normal deviations, and whether it is worth a look.

    ``low`` and ``high`` hold the true ratio of *every* unit of the screen with all but ``budget`` (Bonferroni): that of
    whoever is furthest out may be quoted. ``high`` is infinite where next to nothing was expected.

    ``spread`` is how much honest units differ (standard deviation of observed / expected), ``limit`` the deviations
    from which a unit is flagged; ``judged`` which units had rows enough.
    """

    ratio: Floats
    deviation: Floats
    judged: Mask
    flagged: Mask
    spread: float
    limit: float
    low: Floats
    high: Floats


def screened(of: Peers, *, low: bool = False, budget: float = BUDGET) -> Screen | None:
    """Flag the units with far more (or, with ``low``, far fewer) than their peers; None with too few units to judge.

    Limits are overdispersed (Spiegelhalter 2005, Quality and Safety in Health Care 14:347): units differ by a spread
    that is estimated from all of them with the extremes pulled in, so that those who game do not hide each other.
    Counts are taken as negative binomial, scaled where a binomial varies less; the limit is the quantile
    1 - budget / units, of Student's t because the spread is estimated. To be worth a look a unit also has to have at
    least half as many again (a third fewer) and five more (fewer) than expected.
    """
    judged = (of.rows >= LEAST_ROWS) & (of.expected > 0) & (of.variance > 0)
    if judged.sum() < LEAST_UNITS:
        return None
    observed, expected, variance = of.observed[judged], of.expected[judged], of.variance[judged]
    square = _spread_of_counts(observed, expected, variance)
    deviation = np.zeros(len(of.rows))
    deviation[judged] = _deviation(observed, expected, variance, square)
    limit = float(stats.t.isf(budget / judged.sum(), KEPT * judged.sum()))
    ratio = np.divide(of.observed, of.expected, out=np.ones(len(of.rows)), where=of.expected > 0)
    excess = of.observed - of.expected
    far = (
        (ratio <= 1 / LEAST_RATIO) & (excess <= -LEAST_EXCESS)
        if low
        else (ratio >= LEAST_RATIO) & (excess >= LEAST_EXCESS)
    )
    out = -deviation > limit if low else deviation > limit
    ends = _ratios(of, -limit), _ratios(of, limit)
    return Screen(ratio, deviation, judged, judged & far & out, float(np.sqrt(square)), limit, *ends)


def _ratios(of: Peers, z: float) -> Floats:
    """One end of each ratio's score interval: the ratio r at which the count is z deviations off, with variance r V.

    Of a Poisson count (V = expected) it is the score interval of its mean (Barker 2002, Am. Statistician 56:85).
    """
    expected, noise = np.maximum(of.expected, 1e-12), z * np.sqrt(of.variance)
    root = (noise + np.sqrt(noise**2 + 4 * expected * of.observed)) / (2 * expected)
    return np.where((of.expected < LEAST_EXPECTED) & (z > 0), np.inf, root**2)


def screened_means(value: Floats, error: Floats, least: float, budget: float = BUDGET) -> Screen | None:
    """The same for differences that are about normal: flagged above ``least`` and above the overdispersed limit.

    Args:
        value: of each unit its difference from its peers.
        error: its chance variance.
        least: the smallest difference that is worth a look.
        budget: false alarms a screen.
    """
    if len(value) < LEAST_UNITS:
        return None
    centre = float(np.median(value))
    square = _spread(lambda square: (value - centre) / np.sqrt(error + square))
    deviation = (value - centre) / np.sqrt(error + square)
    limit = float(stats.t.isf(budget / len(value), KEPT * len(value)))
    flagged = (deviation > limit) & (value - centre > least)
    reach = limit * np.sqrt(error)
    ends = np.exp(value - reach), np.exp(value + reach)
    return Screen(np.exp(value), deviation, np.ones(len(value), bool), flagged, float(np.sqrt(square)), limit, *ends)


def _spread_of_counts(observed: Floats, expected: Floats, variance: Floats) -> float:
    """The spread from those of whom one or more was expected: whoever has less says little and hides it."""
    kept = expected >= 1
    if kept.sum() < LEAST_UNITS:
        kept = expected >= np.sort(expected)[-LEAST_UNITS]
    o, e, v = observed[kept], expected[kept], variance[kept]
    return _spread(lambda square: _deviation(o, e, v, square))


def _spread(deviation: Callable[[float], Floats]) -> float:
    """The variance of observed / expected between units: that with which winsorised deviations have variance 1."""
    pulled = _winsorised_variance()

    def surplus(square: float) -> float:
        z = deviation(square)
        low, high = np.quantile(z, [WINSOR, 1 - WINSOR])
        return float(np.clip(z, low, high).var() / pulled - 1)

    if surplus(0.0) <= 0:
        return 0.0
    return MOST_SPREAD if surplus(MOST_SPREAD) > 0 else float(optimize.brentq(surplus, 0.0, MOST_SPREAD, xtol=1e-6))


def _winsorised_variance() -> float:
    """The variance of a standard normal variable whose tails are pulled in to their quantiles."""
    edge = float(stats.norm.isf(WINSOR))
    inside = 1 - 2 * WINSOR - 2 * edge * float(stats.norm.pdf(edge))
    return inside + 2 * WINSOR * edge**2


def _deviation(observed: Floats, expected: Floats, variance: Floats, square: float) -> Floats:
    """Normal deviations with the tail probability of a (negative binomial) count, half of the count itself in it."""
    scale = np.maximum(variance / expected, FLOOR_VARIANCE)  # below 1 for shares: a binomial varies less than a count
    count, mean = observed / scale, expected / scale
    shape = 1 / max(square, 1e-9)
    size = np.full(len(count), shape)
    above = special.betainc(np.maximum(count + 0.5, 1e-9), size, mean / (mean + shape))
    below = special.betaincc(np.maximum(count + 0.5, 1e-9), size, mean / (mean + shape))
    return np.asarray(
        np.where(above < 0.5, stats.norm.isf(np.maximum(above, 1e-300)), stats.norm.ppf(np.maximum(below, 1e-300)))
    )
