"""How long customers are willing to wait: a law, who does not wait at all, and what the rate of leaving warns of."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onefloor.insight.finding import Estimate, Z
from onefloor.planning.fitting.censored import KINDS, LONGEST, Patience, alike, fitted
from onefloor.planning.fitting.surviving import Curve, Peak, kaplan_meier, peaks
from onefloor.planning.simulation.laws import Law, empirical

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
FEWEST = 30
"""Customers who left without whom no law is fitted."""
MOMENTS = 3
"""Different times of leaving: all at one moment have no most likely law."""
ENOUGH = 200
LOOSE = 0.03
"""The distance from the Kaplan-Meier curve above which the curve itself is taken, if it is beyond chance."""
AT_RISK = 50
"""Still waiting: with fewer the curve is no yardstick."""
STEPS = 200
AT_ONCE = 1.0
"""Seconds: who leaves by then did not want to wait at all."""
UNSEEN = 0.5
"""If more than this share of patience is longer than any wait, the mean is a guess of the law."""


@dataclass(frozen=True, slots=True)
class Willing:
    """Patience of customers who had to wait.

    ``law`` is of those who wait at all, ``never_waits`` the share of the others; ``kind`` is the law that fitted best,
    ``taken_from_curve`` where the law is the curve's quantiles instead, with the tail of that kind. ``seen`` is the
    share that left within the longest wait with ``AT_RISK`` others (``until``): all beyond is extrapolated.
    ``distance`` is the largest between law and curve, ``beyond_chance`` whether it is more than 3 standard errors.
    """

    law: Law
    kind: str
    n: int
    left: int
    mean: Estimate
    median: float | None
    never_waits: Estimate
    distance: float
    beyond_chance: bool
    criteria: tuple[tuple[str, float], ...]
    taken_from_curve: bool
    seen: float
    until: float
    shape: float | None
    peaks: tuple[Peak, ...]
    curve: Curve


def willing(waits: Floats, left: Flags) -> Willing | None:
    """Fit patience to waits; None if fewer than ``FEWEST`` left, or at fewer than ``MOMENTS`` times.

    Kind: lowest criterion of Akaike among exponential, lognormal, gamma and Weibull, with censoring. The
    curve is Kaplan and Meier's; both as in Brown et al. (2005, JASA 100:36-50, section 6).

    Args:
        waits: seconds of those who had to wait, or left before they could be answered.
        left: who gave up; the others were answered, or let go for another reason.
    """
    curve = kaplan_meier(waits, left)
    kept = alike(waits, left, AT_ONCE)
    if kept.events < FEWEST or len(np.unique(kept.time[kept.left])) < MOMENTS:
        return None
    tried = [fitted(kind, kept) for kind in KINDS]
    usable = [one for one in tried if one.mean < LONGEST and (one.kind == "weibull" or one.law is not None)]
    best = _simplest(usable or tried[:1])
    never = _never_waits(curve, best, len(waits))
    gap, sure = _distance(curve, best, never.value)
    from_curve = gap > LOOSE and sure and kept.events >= ENOUGH
    until = float(curve.times[curve.at_risk >= min(AT_RISK, curve.at_risk.max())].max())
    weibull = next(one for one in tried if one.kind == "weibull")
    law = _tabled(curve if from_curve else None, best, never.value) if from_curve or best.law is None else best.law
    low, high = best.mean_interval
    return Willing(
        law=law, kind=best.kind, n=len(waits), left=int(left.sum()), mean=Estimate(best.mean, low, high),
        median=curve.quantile(0.5), never_waits=never, distance=gap, beyond_chance=sure,
        criteria=tuple((one.kind, one.criterion) for one in tried), taken_from_curve=from_curve,
        seen=1 - float(curve.at(until)), until=until, shape=math.exp(weibull.parameters[0]),
        peaks=tuple(peaks(waits, left)), curve=curve,
    )  # fmt: skip


def _simplest(tried: list[Patience]) -> Patience:
    """The first, simplest one whose criterion is within 2 of the lowest (Burnham and Anderson 2002, section 2.6)."""
    lowest = min(one.criterion for one in tried)
    return next(one for one in tried if one.criterion <= lowest + 2)


def _never_waits(curve: Curve, best: Patience, n: int) -> Estimate:
    """What left by ``AT_ONCE`` beyond what the law of the others lets leave by then; its interval is the curve's."""
    still, error = float(curve.at(AT_ONCE)), _error_at(curve, AT_ONCE)
    usual = float(best.surviving(np.array([AT_ONCE]))[0])
    share = min(max(1 - still / usual, 0.0), 1.0)
    floor = Z * max(error / usual, 0.0)
    high = max(share + floor, 3.0 / n if not error else 0.0)  # none of n: at most 3/n (Hanley and Lippman-Hand 1983)
    return Estimate(share, max(share - floor, 0.0), min(max(high, share), 1.0))


def _error_at(curve: Curve, time: float) -> float:
    place = int(np.searchsorted(curve.times, time, side="right")) - 1
    return float(curve.error[place]) if place >= 0 else 0.0


def _distance(curve: Curve, law: Patience, never: float) -> tuple[float, bool]:
    """The largest gap between curve and law where enough still wait, and whether it is beyond 3 standard errors."""
    there = (curve.at_risk >= AT_RISK) & (curve.times > AT_ONCE)
    if not there.any():
        return 0.0, False
    gaps = np.abs(curve.surviving[there] - (1 - never) * law.surviving(curve.times[there]))
    return float(gaps.max()), bool((gaps > 3 * curve.error[there]).any())


def _tabled(curve: Curve | None, law: Patience, never: float) -> Law:
    """Quantiles at equal steps: of the curve as far as ``AT_RISK`` reach and of the law beyond, or of the law alone."""
    shares = np.linspace(0, 1, STEPS + 1)
    shares[-1] = 1 - 1 / (4 * STEPS)
    wanted = 1 - shares  # still waiting
    if curve is None:
        return _empirical([_time_at(law, float(math.log(share)), 0.0) for share in wanted])
    kept = (curve.at_risk >= AT_RISK) & (curve.times > AT_ONCE)
    times, still = curve.times[kept], np.minimum(curve.surviving[kept] / (1 - never), 1.0)
    found = []
    for share in wanted.tolist():
        place = int(np.searchsorted(-still, -share, side="left"))
        if place < len(times):
            found.append(float(times[place]) if share < 1 else 0.0)
        else:
            last = float(law.log_surviving(times[-1:])[0])
            found.append(_time_at(law, last + math.log(share / still[-1]), float(times[-1])))
    return _empirical(found)


def _empirical(times: list[float]) -> Law:
    return empirical(tuple(round(time, 3) for time in times))


def _time_at(law: Patience, wanted: float, low: float) -> float:
    """The time after which the logarithm of the surviving share is ``wanted``, by halving."""
    high = max(2 * low, 1.0)
    while high < LONGEST and law.log_surviving(np.array([high]))[0] > wanted:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if law.log_surviving(np.array([middle]))[0] > wanted else (low, middle)
    return min(high, LONGEST)
