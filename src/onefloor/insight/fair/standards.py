"""Standardised rates by strata: for a picture and a check; few strata, no model."""

from __future__ import annotations

import numpy as np
from scipy import stats

from onefloor.insight.fair.work import Floats
from onefloor.insight.finding import LEVEL, Estimate


def direct(k: Floats, n: Floats, weights: Floats) -> float:
    """The rate on a reference mix: sum of w k / n, the weights as shares of their sum. NaN where a stratum is empty.

    >>> round(direct(np.array([81., 192.]), np.array([87., 263.]), np.array([357., 343.])), 4)
    0.8325
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        rates = k / n
    return float((weights / weights.sum() * rates)[weights > 0].sum())


def observed_by_expected(k: Floats, n: Floats, reference: Floats) -> tuple[float, float]:
    """What was observed and what the reference's rates expect of the same strata.

    Two quotients of these are not comparable with each other where the mixes differ.
    """
    return float(k.sum()), float((n * reference).sum())


def byar(observed: float, expected: float, level: float = LEVEL) -> Estimate:
    """Observed by expected with Byar's limits (Breslow & Day 1987, eq. 2.13).

    >>> found = byar(10, 10)
    >>> round(found.low, 3), round(found.high, 3)
    (0.479, 1.839)
    """
    z = float(stats.norm.ppf((1 + level) / 2))
    low = observed * (1 - 1 / (9 * observed) - z / (3 * observed**0.5)) ** 3 if observed else 0.0
    more = observed + 1
    high = more * (1 - 1 / (9 * more) + z / (3 * more**0.5)) ** 3
    return Estimate(observed / expected, low / expected, high / expected, level)
