"""How busy a day is beyond what its weekday explains: a factor all types share, and one of each type, by moments.

N(q, d), the contacts of type q on day d, are Poisson with mean m(q, d) B(d) C(q, d), both factors with mean 1. Then
cov(N(q), N(r)) = m(q) m(r) b^2 for two types, and var N(q) = m(q) + m(q)^2 (b^2 + c(q)^2 + b^2 c(q)^2): a day factor
with gamma law makes counts negative binomial (Avramidis, Deslauriers and L'Ecuyer 2004, Management Science 50:896-908,
model 2; with a factor of several types: Oreshkin, Regnard and L'Ecuyer 2016, Operations Research 64:510-527).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onefloor.insight.finding import Estimate, Z
from onefloor.planning.fitting.days import Days

Floats = NDArray[np.float64]
FEWEST_DAYS = 14
"""Days beyond the weekdays' means without which no factor is fitted."""
SLIGHT = 1e-6


@dataclass(frozen=True, slots=True)
class Busyness:
    """Coefficients of variation of the day factors: ``shared`` (None: one type, or too few days) and by type.

    ``within`` is the variance of half hours around the day's own total against that of chance (multinomial), by type:
    1 where the day's factor says all, more where parts of a day are busier by themselves. ``against`` where types vary
    against each other beyond chance, which no shared factor can say.
    """

    shared: Estimate | None
    own: tuple[Estimate | None, ...]
    within: tuple[float, ...]
    days: int
    against: bool = False


def busyness(days: Days) -> Busyness:
    """Both factors by moments with intervals by the jackknife over days (Efron and Tibshirani 1993, chapter 11)."""
    expected, free = _expected(days), len(days.days) - len(np.unique(days.weekday))
    types = len(days.counts)
    within = tuple(_within(counts) for counts in days.counts)
    if free < FEWEST_DAYS:
        return Busyness(None, (None,) * types, within, len(days.days))
    squares = _squares(days.totals, expected, free)
    leave_out = _jackknife(days.totals, expected, free)
    errors = np.sqrt((len(days.days) - 1) * leave_out.var(axis=0))
    found = [_as_cv(value, error) for value, error in zip(squares, errors, strict=True)]
    against = types > 1 and bool(squares[0] + Z * errors[0] < 0)
    return Busyness(found[0] if types > 1 else None, tuple(found[1:]), within, len(days.days), against)


def _expected(days: Days) -> Floats:
    found = np.zeros_like(days.totals)
    for weekday in np.unique(days.weekday):
        like = days.weekday == weekday
        found[:, like] = days.totals[:, like].mean(axis=1, keepdims=True)
    return found


def _squares(totals: Floats, expected: Floats, free: float) -> Floats:
    """Squares of b and of each c; below 0 where there is less variance than chance alone makes."""
    off, days = totals - expected, totals.shape[1]
    products, means = off @ off.T * (days / free), expected @ expected.T
    between = ~np.eye(len(totals), dtype=bool)
    shared = products[between].sum() / means[between].sum() if len(totals) > 1 else 0.0
    whole = (np.diag(products) - expected.sum(axis=1)) / np.maximum(np.diag(means), 1e-300)
    own = (whole - shared) / (1 + max(shared, 0.0))
    return np.append(shared, own)


def _jackknife(totals: Floats, expected: Floats, free: float) -> Floats:
    """The squares without each day; shape (days, 1 + types)."""
    days = totals.shape[1]
    kept = ~np.eye(days, dtype=bool)
    return np.array([_squares(totals[:, rows], expected[:, rows], free * (days - 1) / days) for rows in kept])


def _as_cv(square: float, error: float) -> Estimate:
    """The interval is symmetric on the logarithm of a square that is clearly above 0, else on the square itself."""
    if square > 3 * error > 0:
        spread = math.exp(0.5 * Z * error / square)
        return Estimate(math.sqrt(square), math.sqrt(square) / spread, math.sqrt(square) * spread)
    low, high = max(square - Z * error, 0.0), max(square + Z * error, 0.0)
    value = math.sqrt(max(square, 0.0))
    return Estimate(value, min(math.sqrt(low), value), max(math.sqrt(high), value))


def _within(counts: Floats) -> float:
    """Chi-square of half hours given each day's total, over its degrees of freedom."""
    totals = counts.sum(axis=1, keepdims=True)
    profile = counts.sum(axis=0) / max(float(counts.sum()), 1.0)
    usual = totals * profile
    cells = usual >= 1.0
    free = cells.sum() * (1 - 1 / max(len(counts), 2)) - (totals > 0).sum()
    return float((((counts - usual) ** 2)[cells] / usual[cells]).sum() / free) if free > 0 else 1.0
