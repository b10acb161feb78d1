"""The share that stays (Kaplan-Meier) and the cumulative hazard (Nelson-Aalen), with intervals and delayed entry."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np

from onefloor.insight.attrition.spells import Codes, Floats, Spells
from onefloor.insight.finding import LEVEL, Estimate

Scale = Literal["log-log", "log", "plain"]
FEWEST = 10
"""At risk: a curve is shown only where at least so many are."""


@dataclass(frozen=True, slots=True)
class RiskTable:
    """At every tenure at which somebody left: how many were at risk just before, and how many left; shape (k,)."""

    time: Floats
    at_risk: Codes
    events: Codes


@dataclass(frozen=True, slots=True)
class Curve:
    """A step function of tenure with its standard error and interval, constant between the times; shape (k,).

    ``start`` is its value before the first time: 1 for the share that stays, 0 for the cumulative hazard. NaN where
    there is no standard error (nobody is left).
    """

    table: RiskTable
    value: Floats
    error: Floats
    low: Floats
    high: Floats
    start: float
    level: float = LEVEL

    def at(self, tenure: float) -> Estimate:
        """The value at a tenure, with its interval."""
        place = int(np.searchsorted(self.table.time, tenure, side="right")) - 1
        if place < 0:
            return Estimate(self.start, self.start, self.start, self.level)
        value, low, high = (float(held[place]) for held in (self.value, self.low, self.high))
        return Estimate(value, value if np.isnan(low) else low, value if np.isnan(high) else high, self.level)


def risk_table(held: Spells) -> RiskTable:
    """Who is at risk and who leaves; whoever is not watched yet is not at risk (``entry < t <= exit``)."""
    time, events = np.unique(held.exit[held.event], return_counts=True)
    entered = np.searchsorted(np.sort(held.entry), time, side="left")
    gone = np.searchsorted(np.sort(held.exit), time, side="left")
    return RiskTable(time, (entered - gone).astype(np.int64), events.astype(np.int64))


def kaplan_meier(held: Spells, level: float = LEVEL, scale: Scale = "log-log") -> Curve:
    """The share that is still there (Kaplan & Meier 1958), product-limit over the risk sets.

    Standard errors by Greenwood (1926); intervals on the scale of log(-log S) (Kalbfleisch & Prentice 2002, eq. 1.12),
    of log S, or plain. Delayed entry: Tsai, Jewell & Wang 1987.

    >>> from onefloor.insight.attrition.spells import spells
    >>> kaplan_meier(spells([9, 13, 13, 18], [1, 1, 0, 1])).value.round(3).tolist()
    [0.75, 0.5, 0.0]
    """
    table = risk_table(held)
    survival: Floats = np.asarray(np.cumprod(1 - table.events / table.at_risk), dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        pieces = table.events / (table.at_risk * (table.at_risk - table.events))
        logs: Floats = np.sqrt(np.cumsum(np.asarray(pieces, dtype=np.float64)))
        error = np.where(survival > 0, survival * logs, np.nan)
    low, high = _interval(survival, logs, _z(level), scale)
    return Curve(table, survival, error, low, high, 1.0, level)


def nelson_aalen(held: Spells, level: float = LEVEL) -> Curve:
    """The cumulative hazard (Nelson 1972, Aalen 1978): sum of events over at risk.

    Variance sum of events over squared at risk; interval on the log scale (Klein & Moeschberger 2003, eq. 4.2.4 and
    4.3.5).
    """
    table = risk_table(held)
    value = np.cumsum(table.events / table.at_risk)
    error = np.sqrt(np.cumsum(table.events / table.at_risk.astype(float) ** 2))
    factor = np.exp(_z(level) * error / value)
    return Curve(table, value, error, value / factor, value * factor, 0.0, level)


def _z(level: float) -> float:
    return NormalDist().inv_cdf(0.5 + level / 2)


def _interval(survival: Floats, error: Floats, z: float, scale: Scale) -> tuple[Floats, Floats]:
    """``error`` is that of log S."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        if scale == "plain":
            low, high = survival * (1 - z * error), survival * (1 + z * error)
        elif scale == "log":
            low, high = survival * np.exp(-z * error), survival * np.exp(z * error)
        else:
            spread = z * error / np.log(survival)  # below 0: the log of S is
            low, high = survival ** np.exp(-spread), survival ** np.exp(spread)
    none = (survival <= 0) | (survival >= 1)
    return tuple(np.where(none, np.nan, np.clip(end, 0, 1)) for end in (low, high))  # type: ignore[return-value]


def quantile(curve: Curve, share: float = 0.5) -> tuple[float, float, float]:
    """The tenure by which ``1 - share`` have left; the interval by inverting the curve's (Brookmeyer & Crowley 1982).

    Infinite where it is not reached. Where the curve is level at ``share`` exactly, the middle of the level stretch.
    """
    return (
        _first_below(curve, curve.value, share),
        _first_below(curve, curve.low, share),
        _first_below(curve, curve.high, share),
    )


def _first_below(curve: Curve, values: Floats, share: float) -> float:
    filled = np.where(np.isnan(values), np.inf, values)  # no interval: nothing is known to lie below
    there = np.flatnonzero(filled <= share + 1e-12)
    if not len(there):
        return float("inf")
    first = int(there[0])
    time = curve.table.time
    below = np.flatnonzero(filled < share - 1e-12)
    if abs(filled[first] - share) <= 1e-12 and len(below):
        return float((time[first] + time[below[0]]) / 2)
    return float(time[first])


def shown(held: Spells, fewest: int = FEWEST) -> tuple[float, float] | None:
    """From which tenure to which a curve may be shown: the longest stretch with at least ``fewest`` at risk.

    A curve that begins later than 0 says who stays among those who reached its begin; None if there is no such stretch.

    >>> from onefloor.insight.attrition.spells import spells
    >>> shown(spells([10, 20, 30, 40], [0] * 4), fewest=2)
    (0.0, 30.0)
    """
    edges = np.unique(np.concatenate([held.entry, held.exit]))
    at_risk = np.searchsorted(np.sort(held.entry), edges[:-1], side="right") - np.searchsorted(
        np.sort(held.exit), edges[:-1], side="right"
    )
    best: tuple[float, float] | None = None
    begin: float | None = None
    for place, enough in enumerate([*(at_risk >= fewest).tolist(), False]):
        if enough and begin is None:
            begin = float(edges[place])
        if not enough and begin is not None:
            if best is None or edges[place] - begin > best[1] - best[0]:
                best = (begin, float(edges[place]))
            begin = None
    return best
