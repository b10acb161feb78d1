"""What is usual for a day: its weekday's median in the base period, or the locked forecast.

The base period is stated and frozen: it ends before the days that are judged begin, never holds one of them, and is
only changed by a dated decision with a reason. Holidays belong neither to it nor to what is judged.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onefloor.insight.charts.limits import Floats

Days = NDArray[np.int64]
Mask = NDArray[np.bool_]

WEEKS = 13  # like weekdays at most that make the median
LEAST_WEEKS = 8  # below which weekdays are not told apart
MONDAY = 4  # day id 0 was a Thursday
MEDIAN_VARIANCE = np.pi / 2  # x variance / n: of the median of n normal values, for many n


@dataclass(frozen=True, slots=True)
class Expected:
    """What is usual, one entry a point, how much the error of that widens its limits, and whether weekdays count."""

    values: Floats
    widened: Floats
    by_weekday: bool


def weekdays(days: Days) -> Days:
    """0 = Monday."""
    return (days - MONDAY) % 7


def usual(days: Days, values: Floats, base: Mask, *, by_weekday: bool = True) -> Expected:
    """The median of the last 13 like weekdays of the base period; of all its days where one weekday has fewer than 8.

    Args:
        days: day ids, in order.
        values: what was measured on them.
        base: which of them are the base period (holidays already out); at least one.
        by_weekday: whether weekdays are to be told apart at all.
    """
    group = weekdays(days)
    judged = np.unique(group)
    enough = by_weekday and all((base & (group == day)).sum() >= LEAST_WEEKS for day in judged)
    if not enough:
        return _of_group(values, base, np.zeros(len(days), np.int64), len(days), by_weekday=False)
    return _of_group(values, base, group, WEEKS, by_weekday=True)


def _of_group(values: Floats, base: Mask, group: Days, most: int, *, by_weekday: bool) -> Expected:
    expected, widened = np.empty(len(values)), np.empty(len(values))
    for name in np.unique(group):
        like = np.flatnonzero(base & (group == name))[-most:]
        expected[group == name] = np.median(values[like])
        widened[group == name] = widening(len(like))
    return Expected(expected, np.where(base, 1.0, widened), by_weekday)


def widening(count: int) -> float:
    """How much wider a new point varies around the median of ``count`` than those points themselves do.

    Of normal values the median m has variance pi / 2n and covariance 1 / n with each of them (Basu 1955): a new value
    varies around it by 1 + pi / 2n, an old one by 1 + pi / 2n - 2 / n.
    """
    error = MEDIAN_VARIANCE / count
    return float(np.sqrt((1 + error) / max(1 + error - 2 / count, 0.5)))


def from_forecast(values: Floats, forecast: Floats, base: Mask) -> Expected:
    """The locked forecast, times the median of actual / forecast in the base period: its bias is no news.

    Days without a forecast expect nothing (NaN) and are not judged.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = values / np.where(forecast > 0, forecast, np.nan)
    known = ratio[base & np.isfinite(ratio)]
    bias = float(np.median(known)) if len(known) else np.nan
    expected = np.where(forecast > 0, forecast, np.nan) * bias
    return Expected(expected, np.where(base, 1.0, widening(max(len(known), 1))), by_weekday=False)


def half_hours(above: Floats, below: Floats, day: int, days: Days, base: Mask) -> tuple[Floats, Floats]:
    """What is usual in every half hour of one day, and by how many spreads the day differed from it.

    The sums of the like weekdays of the base period (of all its days where there are fewer than 8) as one quotient:
    half hours are too small for medians. Spreads are those of the half hour's own days, by mean squares.

    Args:
        above: numerators, days x half hours.
        below: denominators.
        day: the place of the day in question.
        days: the day ids.
        base: which days are the base period.
    """
    like = base & (weekdays(days) == weekdays(days)[day])
    chosen = like if like.sum() >= LEAST_WEEKS else base
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = above[chosen].sum(axis=0) / below[chosen].sum(axis=0)
        off = (above - expected * below) / np.sqrt(below)
        known = np.isfinite(off[base])
        error = np.sqrt(np.where(known, off[base] ** 2, 0).sum(axis=0) / known.sum(axis=0))
        scored = off[day] / error
    return expected, np.where(np.isfinite(scored), scored, 0.0)


def window(scored: Floats, *, up: bool, allowance: float = 1.0) -> tuple[int, int] | None:
    """The stretch of half hours, [first, last], whose scores lie most clearly on one side; None where none does.

    The stretch with the largest sum of (score - allowance): the CUSUM's highest climb.
    """
    gains = (scored if up else -scored) - allowance
    best, stretch, start, total = 0.0, None, 0, 0.0
    for place, gain in enumerate(gains):
        total += float(gain)
        if total <= 0:
            start, total = place + 1, 0.0
        elif total > best:
            best, stretch = total, (start, place)
    return stretch if best > 3 else None
