"""Service levels of targets from replications, with the known mean of arrivals as control variates.

A day on which more contacts came than usual has a worse level; how many came, and how many were to be expected, is
known. So a level is corrected by its regression on that surplus (Lavenberg and Welch 1981, Management Science 27:322;
for ratios, on their linear part). The interval is that of the residuals.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from onefloor.insight.finding import LEVEL, Estimate
from onefloor.planning.pools.problem import Floats, Pools
from onefloor.planning.pools.transfers import receiving
from onefloor.planning.simulation.memory import ABANDONED, ANSWERED, IN_TIME, OFFERED, RETURNED, SHORT
from onefloor.planning.simulation.model import spread_out
from onefloor.planning.simulation.result import Ints, Result

FEWEST_PER_CONTROL = 10  # replications; with fewer the regression adds more chance than it takes away


@dataclass(frozen=True, slots=True)
class Levels:
    """Service levels of J targets in P intervals: ``value`` and standard ``error``, shape (J, P); 1 where nobody came.

    ``freedom`` is the degrees of freedom of the error; ``contacts`` how many were simulated.
    """

    value: Floats
    error: Floats
    freedom: int
    contacts: int

    def estimate(self, target: int, interval: int = 0, level: float = LEVEL) -> Estimate:
        """One level with its interval (Student's t)."""
        from scipy.stats import t as student

        value, half = self.value[target, interval], self.error[target, interval]
        half = half * float(student.ppf(0.5 + level / 2, self.freedom)) if np.isfinite(half) else np.inf
        return Estimate(float(value), float(value - half), float(value + half), level)


def levels(asked: Pools, found: Result) -> Levels:
    """The levels of a problem's targets in a result."""
    above, below = _by_target(asked, found)
    return ratios(above, below, _surplus(asked, found), int(found.counts[..., OFFERED].sum()))


def ratios(above: Floats, below: Floats, controls: Floats, contacts: int) -> Levels:
    """Ratios of sums over replications, corrected by controls of mean 0.

    Args:
        above: shape (R, J, P).
        below: shape (R, J, P).
        controls: shape (R, J, P, C).
        contacts: how many they rest on.
    """
    size, targets, intervals = above.shape
    value, error = np.ones((targets, intervals)), np.zeros((targets, intervals))
    held = controls.shape[3] if size >= FEWEST_PER_CONTROL * (1 + controls.shape[3]) else 0
    for j in range(targets):
        for p in range(intervals):
            if below[:, j, p].sum() > 0:
                value[j, p], error[j, p] = _ratio(above[:, j, p], below[:, j, p], controls[:, j, p, :held])
    return Levels(value, error, max(1, size - 1 - held), contacts)


def _ratio(above: Floats, below: Floats, controls: Floats) -> tuple[float, float]:
    size, ratio = len(above), float(above.sum() / below.sum())
    linear = (above - ratio * below) / below.mean()
    around = controls - controls.mean(axis=0)
    by = np.linalg.lstsq(around, linear, rcond=None)[0]
    rest = linear - around @ by
    free = size - 1 - controls.shape[1]
    error = np.sqrt(float(rest @ rest) / (free * size)) if free > 0 else np.inf
    return float(np.clip(ratio - controls.mean(axis=0) @ by, 0.0, 1.0)), float(error)


def _by_target(asked: Pools, found: Result) -> tuple[Floats, Floats]:
    """Numerators and denominators of the targets, shape (R, J, P)."""
    both = [sides(found, number) for number in range(len(asked.model.types))]
    above, below = (np.stack([side[i] for side in both], axis=1) for i in range(2))
    counted = asked.counted.astype(np.float64)
    return _folded(asked, np.einsum("jt,rtp->rjp", counted, above)), _folded(
        asked, np.einsum("jt,rtp->rjp", counted, below)
    )


def sides(found: Result, kind: int) -> tuple[Floats, Floats]:
    """Numerator and denominator of a type's service level by its formula, shape (R, P)."""
    formula = found.model.rule_of(found.model.types[kind]).formula
    counts: Ints = found.counts[:, kind]
    in_time, answered, left, short = (counts[..., i].astype(float) for i in (IN_TIME, ANSWERED, ABANDONED, SHORT))
    match formula:
        case "F1":
            return in_time + short, answered + left
        case "F2":
            return in_time, answered
        case "F4":
            return in_time, answered + left - short
    return in_time, answered + left


def _folded(asked: Pools, values: Floats) -> Floats:
    """Intervals as they are, or the whole horizon without its warm-up, shape (..., P)."""
    if asked.by_interval:
        return values
    return np.asarray(values[..., asked.model.warm_intervals :].sum(axis=-1, keepdims=True))


def _surplus(asked: Pools, found: Result) -> Floats:
    """How many more fresh contacts came than expected, now and one interval before, shape (R, J, P, 2).

    Types that also come from other lines are left out: how many of them are to be expected is not known.
    """
    counts = found.counts
    expected = np.array([spread_out(kind.arrivals, asked.model.intervals) for kind in asked.model.types])
    fresh = counts[..., OFFERED] - counts[..., RETURNED] - expected
    fresh = np.where(receiving(asked.model)[:, None], 0.0, fresh)
    own = _folded(asked, np.einsum("jt,rtp->rjp", asked.counted.astype(float), fresh))
    every = _folded(asked, np.repeat(fresh.sum(axis=1, keepdims=True), len(asked.targets), axis=1))
    if not asked.by_interval:
        return own[..., None] if bool(asked.counted.all()) else np.stack([own, every], axis=-1)
    before = np.concatenate([np.zeros_like(every[..., :1]), every[..., :-1]], axis=-1)
    return np.stack([every, before], axis=-1)
