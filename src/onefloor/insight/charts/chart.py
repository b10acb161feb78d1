"""What a chart is: its points, what is usual, what stands out, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from onefloor.insight.charts.alarms import Run, Thresholds
from onefloor.insight.charts.limits import COUNTED, Floats, Kind, bent
from onefloor.insight.charts.series import Days, Series
from onefloor.insight.finding import Estimate
from onefloor.metrics.trends import PARTS_OF_TIME
from onefloor.periods import Period

Mask = NDArray[np.bool_]
LEAST_BASE = 20  # points a base period must have


class Refusal(StrEnum):
    """Why a group has no chart."""

    SHORT_BASE = "short_base"  # fewer than 20 points in the base period
    NOTHING_JUDGED = "nothing_judged"  # no final day with enough rows in the judged period
    NEVER = "never"  # no event in the base period
    FEW_ROWS = "few_rows"  # a mean of fewer than 30 rows a point, by weeks too
    NO_SPREAD = "no_spread"  # every point of the base period is the same
    TOO_WILD = "too_wild"  # no share there is would be out of limits


class Unit(StrEnum):
    """What one point of a chart is."""

    DAY = "day"
    WEEK = "week"
    GAP = "gap"  # contacts between one event and the next


@dataclass(frozen=True, slots=True)
class Era:
    """Days that are judged by one base period; ``reason`` why limits were set anew, empty for the first.

    A base period that nobody ``stated`` is cut to its last 13 weeks where points are days.
    """

    base: Period
    judged: Period
    reason: str = ""
    stated: bool = True


@dataclass(frozen=True, slots=True)
class Change:
    """What stands out, by days: ``first`` to ``last`` day (in it), and by how much per row, in the unit of quotients.

    ``begun`` is the range of days in which a lasting change began, with 95 %.
    """

    run: Run
    first: int
    last: int
    begun: tuple[int, int]
    size: Estimate
    rows: int
    points: int
    going_on: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """One group's chart; arrays have one entry a point, base and judged, in order.

    ``scored`` are the points in their own standard errors (spread, error of the expectation and skewness in),
    ``expected`` and ``error`` in the unit of the values. ``days`` are the first day of a
    point, for gaps the day of their event.
    """

    series: Series
    unit: Unit
    days: Days
    values: Floats
    expected: Floats
    error: Floats
    skew: Floats
    scored: Floats
    base: Mask
    judged: Mask
    thresholds: Thresholds
    changes: tuple[Change, ...] = ()
    sigma: float = 1.0  # sigma_z of the last base period
    alike: bool = False  # points vary less than counting allows
    rho: float = 0.0
    by_weekday: bool = False
    hints: tuple[str, ...] = ()
    refused: Refusal | None = None
    eras: tuple[Era, ...] = field(default=())


def inside(days: Days, period: Period) -> Mask:
    """Which of the days lie in a period."""
    return (days >= period.start) & (days < period.end)


def surely(size: Estimate) -> bool:
    """Whether an interval leaves 0 out."""
    return not size.low <= 0 <= size.high


def band(one: Chart) -> tuple[Floats, Floats]:
    """The control limits of every point, in the unit of the values, cut where no value can be; NaN for gaps."""
    ends = (-one.thresholds.point, one.thresholds.point)
    low, high = (one.expected + bent(end, one.skew) * one.error for end in ends)
    if one.series.kind in COUNTED or (one.values >= 0).all():
        low = np.maximum(low, 0)
    whole = one.series.kind is Kind.SHARE or one.series.metric.name in PARTS_OF_TIME
    return low, np.minimum(high, 1) if whole else high
