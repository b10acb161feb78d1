"""When a chart raises its voice: EWMA, CUSUM, the default alarm, and limits from a budget of false alarms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onefloor.insight.charts.limits import Floats

WEIGHT = 0.2  # of the newest point in the EWMA
POINT, DRIFT = 3.3, 3.0  # the default alarm: a point beyond 3.3 sigma, or the EWMA beyond 3.0 of its own
ALLOWANCE, DECISION = 0.5, 5.0  # of the CUSUM, in sigma: half the shift it is to find, and where it signals
RECENT = 5  # points: what lasted until these last is still going on


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where on a point and the EWMA raise an alarm, in their own standard errors."""

    point: float = POINT
    drift: float = DRIFT


DEFAULT = Thresholds()


@dataclass(frozen=True, slots=True)
class Run:
    """Points ``first`` to ``last`` (both in it) that lie away from what is expected: ``up`` is above.

    ``lasting``: found by the EWMA, dated by the CUSUM and the likelihood; else points beyond the limits in a row.
    """

    first: int
    last: int
    up: bool
    lasting: bool

    def __len__(self) -> int:
        return self.last - self.first + 1


def within_budget(budget: float, looks: int) -> Thresholds:
    """Thresholds under which so many false alarms are to be expected on a whole screen; never below the default's.

    Half of the budget is for points, half for drifts: z = inverse normal of 1 - (budget / 2) / (2 x looks).

    Args:
        budget: false alarms to be expected when nothing happens; above 0.
        looks: charts x points judged; 1 or more.
    """
    from scipy.stats import norm

    limit = float(norm.isf(min(0.5, budget / 4 / looks)))
    return Thresholds(max(POINT, limit), max(DRIFT, limit))


def ewma(scored: Floats, weight: float = WEIGHT, rho: float = 0.0) -> tuple[Floats, Floats]:
    """The exponentially weighted average of standardised points from 0 on, and its exact standard error.

    Montgomery, eqs 9.22-9.26; for points of an AR(1) series with autocorrelation ``rho`` the error is the one of
    Schmid 1997 (Statistica Neerlandica 51) in its limit: x sqrt((1 + rho (1 - w)) / (1 - rho (1 - w))).
    """
    level, found = 0.0, np.empty(len(scored))
    for place, value in enumerate(scored):
        level = weight * float(value) + (1 - weight) * level
        found[place] = level
    after = 2 * np.arange(1, len(scored) + 1)
    alike = rho * (1 - weight)
    error = np.sqrt(weight / (2 - weight) * (1 - (1 - weight) ** after) * (1 + alike) / (1 - alike))
    return found, error


def cusum(scored: Floats, allowance: float = ALLOWANCE) -> tuple[Floats, Floats]:
    """The tabular CUSUM of standardised points, upwards and downwards, both 0 or more (Montgomery, eqs 9.2-9.3)."""
    up, down = np.empty(len(scored)), np.empty(len(scored))
    above = below = 0.0
    for place, value in enumerate(scored):
        above = max(0.0, above + float(value) - allowance)
        below = max(0.0, below - float(value) - allowance)
        up[place], down[place] = above, below
    return up, down


def alarms(scored: Floats, limits: Thresholds = DEFAULT, rho: float = 0.0) -> NDArray[np.bool_]:
    """Which points raise the default alarm: the point itself is beyond its threshold, or the EWMA beyond its own."""
    level, error = ewma(scored, rho=rho)
    return (np.abs(scored) > limits.point) | (np.abs(level) > limits.drift * error)


def runs(scored: Floats, limits: Thresholds = DEFAULT, rho: float = 0.0) -> list[Run]:
    """What stands out, in order: lasting changes, dated by the CUSUM, and points beyond the limits outside of them.

    A single wild point is no drift: in EWMA and CUSUM no point counts for more than the threshold of points.
    """
    held = np.clip(scored, -limits.point, limits.point)
    lasting: list[Run] = []
    start = 0
    while (found := _drift(held[start:], limits.drift, rho)) is not None:
        lasting.append(Run(start + found.first, start + found.last, found.up, lasting=True))
        start += found.last + 1
    inside = {place for run in lasting for place in range(run.first, run.last + 1)}
    beyond = [int(place) for place in np.flatnonzero(np.abs(scored) > limits.point) if place not in inside]
    return sorted([*lasting, *_joined(beyond, scored)], key=lambda run: run.first)


def _drift(held: Floats, threshold: float, rho: float) -> Run | None:
    """The first lasting change: from after the CUSUM's last zero before the alarm to where it is highest."""
    level, error = ewma(held, rho=rho)
    hits = np.flatnonzero(np.abs(level) > threshold * error)
    if not len(hits):
        return None
    alarm = int(hits[0])
    up = bool(level[alarm] > 0)
    sums = cusum(held)[0 if up else 1]
    first = change_start(sums, alarm)
    zeros = np.flatnonzero(sums[alarm:] == 0)
    until = alarm + int(zeros[0]) if len(zeros) else len(held)
    last = max(alarm, first + int(np.argmax(sums[first : max(until, alarm + 1)])))
    return Run(likeliest_start(held, first, alarm, last), last, up, lasting=True)


def likeliest_start(scored: Floats, first: int, alarm: int, last: int) -> int:
    """The most likely start of a step to the mean of points ``first`` to ``last``, between ``first`` and the alarm.

    The CUSUM's last zero is a little early: points before the change that lie on its side by chance are taken along.
    """
    level = float(scored[first : last + 1].mean())
    gains = 2 * level * scored[first : last + 1] - level**2
    later = np.cumsum(gains[::-1])[::-1]  # the gain of every start: of its points up to the last
    return first + int(np.argmax(later[: alarm - first + 1]))


def change_start(sums: Floats, alarm: int) -> int:
    """When what raised the alarm began: the point after the CUSUM's last zero (Montgomery, section 9.1.2)."""
    zeros = np.flatnonzero(sums[:alarm] == 0)
    return int(zeros[-1]) + 1 if len(zeros) else 0


def _joined(beyond: list[int], scored: Floats) -> list[Run]:
    """Points beyond the limits; neighbours on the same side are one run."""
    found: list[Run] = []
    for place in beyond:
        up = bool(scored[place] > 0)
        if found and found[-1].last == place - 1 and found[-1].up == up:
            found[-1] = Run(found[-1].first, place, up, lasting=False)
        else:
            found.append(Run(place, place, up, lasting=False))
    return found
