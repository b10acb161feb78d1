"""Limits of control charts: centre, what a point varies by chance, and how much more it varies than chance explains."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SIGMAS = 3.0
ALARM_LEVEL = 3.15  # between the thresholds of points and of drifts
D2 = 1.128  # expected range of two normal values, in standard deviations
D2_OF = {2: 1.128, 3: 1.693, 4: 2.059, 5: 2.326, 6: 2.534, 7: 2.704, 8: 2.847, 9: 2.970, 10: 3.078}
D4 = 3.267  # upper limit of a range of two, in mean ranges
RANGE_VARIANCE = 0.826  # points x variance of (mean moving range / D2), in variances


class Kind(StrEnum):
    """What one point of a series is; it decides how much it varies by chance alone."""

    SHARE = "share"  # counted rows out of counted rows: p'
    RATE = "rate"  # events per row, which may be several: u'
    MEAN = "mean"  # a sum over a count or another sum: an average, an occupancy
    QUANTITY = "quantity"  # a number without a denominator


COUNTED = (Kind.SHARE, Kind.RATE)


@dataclass(frozen=True, slots=True)
class Limits:
    """Centre and limits, one entry a point, in the unit of the values."""

    low: Floats
    centre: Floats
    high: Floats

    def outside(self, values: Floats) -> NDArray[np.bool_]:
        """Which points lie beyond."""
        return (values < self.low) | (values > self.high)


def individuals(values: Floats) -> tuple[Limits, float]:
    """The chart of individual values (XmR): limits, and the upper limit of a moving range.

    Formula: NIST/SEMATECH e-Handbook, 6.3.2.2: mean -/+ 3 x mean moving range / 1.128; D4 = 3.267.
    """
    centre, moved = float(values.mean()), float(np.abs(np.diff(values)).mean())
    around = np.full(len(values), centre)
    reach = SIGMAS * moved / D2
    return Limits(around - reach, around, around + reach), D4 * moved


def averages(subgroups: Floats) -> tuple[Limits, float]:
    """The chart of averages of subgroups (x-bar): limits of the averages, and sigma of one value from mean ranges.

    Args:
        subgroups: one row a subgroup of 2 to 10 values.

    Formula: Montgomery, Introduction to Statistical Quality Control, eqs 6.4-6.6: sigma = R-bar / d2.
    """
    count, size = subgroups.shape
    sigma = float(np.ptp(subgroups, axis=1).mean()) / D2_OF[size]
    centre, reach = np.full(count, subgroups.mean()), SIGMAS * sigma / np.sqrt(size)
    return Limits(centre - reach, centre, centre + reach), sigma


def chance(kind: Kind, expected: Floats, below: Floats) -> Floats:
    """The standard error of one point by chance alone; of means and quantities up to a factor that ``spread`` finds.

    A share varies as a binomial (p chart), a rate as a Poisson (u chart), a mean with the root of its count; days of a
    quantity vary in proportion to what is expected of them.
    """
    match kind:
        case Kind.SHARE:
            return np.sqrt(expected * (1 - expected) / below)
        case Kind.RATE:
            return np.sqrt(expected / below)
        case Kind.MEAN:
            return 1 / np.sqrt(below)
    return np.abs(expected)


def scores(kind: Kind, above: Floats, below: Floats, expected: Floats) -> Floats:
    """How far every point lies from what is expected of it, in standard errors by chance alone (z of p, u)."""
    return (above / below - expected) / chance(kind, expected, below)


def skewness(kind: Kind, expected: Floats, below: Floats, stretched: float) -> Floats:
    """How lopsided a point is; 0 for quantities, capped at 0.9 either way.

    Of a binomial (1 - 2p) / sqrt(n p (1 - p)), of a Poisson 1 / sqrt(n u), with n cut to what overdispersion leaves
    of it, n / sigma_z^2. Of a mean as of gamma distributed rows, 2 c / sqrt(n), where c = sigma_z / mean is the rows'
    coefficient of variation: times of calls are lopsided, and so are their means (Johnson, Kotz & Balakrishnan 1994,
    chapter 17: the skewness of a gamma is twice its coefficient of variation).
    """
    match kind:
        case Kind.SHARE:
            found = (1 - 2 * expected) / np.sqrt(below * expected * (1 - expected))
        case Kind.RATE:
            found = 1 / np.sqrt(below * expected)
        case Kind.MEAN:
            found = 2 / (np.sqrt(below) * np.maximum(expected, 1e-12))
        case _:
            return np.zeros(len(expected))
    return np.asarray(np.clip(found * stretched, -0.9, 0.9))


def bent(normal: float | Floats, skew: Floats) -> Floats:
    """Where a lopsided point lies that is as unlikely as a normal one: Cornish & Fisher's first term.

    Winterbottom 1993 (Journal of Quality Technology 25, 149-157) sets the limits of p and u charts so.
    """
    return np.asarray(normal + skew / 6 * (np.asarray(normal) ** 2 - 1))


def straightened(scored: Floats, skew: Floats) -> Floats:
    """The normal point as unlikely as a lopsided one: the inverse of ``bent`` where it rises, else its end."""
    small = np.abs(skew) < 1e-9
    third = np.where(small, 1.0, skew / 3)
    under = np.maximum(1 + 2 * third * (scored + third / 2), 0)
    return np.where(small, scored, (np.sqrt(under) - 1) / third)


def spread(scored: Floats) -> float:
    """How many times more the points vary from one to the next than chance explains: sigma_z of Laney.

    Laney 2002, Quality Engineering 14, 531-537: mean moving range of z / 1.128. Above 1: days differ from each other
    for reasons of their own. Below 1: they are more alike than chance allows.
    """
    return float(np.abs(np.diff(scored)).mean()) / D2


def laney(kind: Kind, above: Floats, below: Floats, *, sigmas: float = SIGMAS, overdispersed: bool = True) -> Limits:
    """The p' and u' charts; without ``overdispersed`` the p and u charts, too narrow where days differ.

    The limits are those of the formula, and may lie where no value can.
    """
    centre = np.full(len(above), above.sum() / below.sum())
    stretched = spread(scores(kind, above, below, centre)) if overdispersed else 1.0
    reach = sigmas * stretched * chance(kind, centre, below)
    return Limits(centre - reach, centre, centre + reach)


def doubt(points: int) -> float:
    """How much wider limits are because their spread was estimated from so many points: 1.05 for 91, 1.28 for 20.

    Student's t against the normal quantile at 3.15 sigma, with the degrees of freedom of a mean moving range,
    points / (2 x 0.826).
    """
    from scipy.stats import norm, t

    tail = norm.sf(ALARM_LEVEL)
    return float(t.isf(tail, points / (2 * RANGE_VARIANCE)) / ALARM_LEVEL)


def too_alike(scored: Floats, level: float = 0.01) -> bool:
    """Whether counted figures vary less than counting allows, beyond chance: copied, smoothed or massaged.

    sigma_z of independent points is about normal with mean 1 and variance 0.826 / points (Cryer & Ryan 1990, Journal
    of Quality Technology 22, 187-192).
    """
    from scipy.stats import norm

    error = np.sqrt(RANGE_VARIANCE / len(scored))
    return bool(spread(scored) < 1 - norm.isf(level) * error)


def autocorrelation(scored: Floats) -> float:
    """How alike neighbours are in a stretch without steps, such as a base period: of lag 1; 0 where it may be chance.

    1 / points makes up for the mean being estimated (Marriott & Pope 1954).
    """
    off = scored - scored.mean()
    if len(scored) < 8 or not off.any():
        return 0.0
    found = float((off[1:] * off[:-1]).sum() / (off**2).sum()) + 1 / len(scored)
    return min(found, 0.9) if found > 1 / np.sqrt(len(scored)) else 0.0
