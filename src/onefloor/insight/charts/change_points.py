"""Dating a change: where a series of standardised points has steps, after taking out how alike neighbours are.

Only to date what a chart has found: without whitening, and as an alarm, change points are found in quiet series of
days that resemble the day before (in 97 of 100 with an autocorrelation of .6).
"""

from __future__ import annotations

import numpy as np

from onefloor.insight.charts.limits import Floats, persistence, spread

SHORTEST = 4  # points between two changes
LIKELY = 3.841  # 95 % of chi-square with one degree of freedom


def whitened(scored: Floats, rho: float | None = None) -> Floats:
    """The innovations of an AR(1) series with unit spread: x[t] - rho x[t - 1]; a step stays a step, smaller."""
    alike = persistence(scored) if rho is None else rho
    left = scored.copy()
    left[1:] -= alike * scored[:-1]
    left[0] *= np.sqrt(1 - alike**2)
    return left / (spread(left) or 1.0)


def change_points(scored: Floats, penalty: float | None = None) -> list[int]:
    """The places at which a new level begins: the least sum of squares plus a penalty for every change.

    Optimal partitioning (Jackson et al. 2005, IEEE Signal Processing Letters 12, 105-108), which PELT computes too.

    Args:
        scored: points of unit spread, independent or ``whitened``.
        penalty: by default 3 ln n.
    """
    count = len(scored)
    fine = 3 * np.log(count) if penalty is None and count else penalty or 0.0
    sums, squares = np.r_[0, np.cumsum(scored)], np.r_[0, np.cumsum(scored**2)]
    best, before = np.full(count + 1, np.inf), np.zeros(count + 1, np.int64)
    best[0] = -fine
    for end in range(SHORTEST, count + 1):
        starts = np.arange(end - SHORTEST + 1)
        cost = squares[end] - squares[starts] - (sums[end] - sums[starts]) ** 2 / (end - starts)
        total = best[starts] + cost + fine
        before[end] = int(np.argmin(total))
        best[end] = total[before[end]]
    found, at = [], int(before[count])
    while at > 0:
        found.append(at)
        at = int(before[at])
    return found[::-1]


def date_range(scored: Floats, first: int, last: int, rho: float = 0.0) -> tuple[int, int]:
    """Between which points a lasting change to the level of points ``first`` to ``last`` may have begun, with 95 %.

    The starts whose likelihood is not significantly below the best one's: a step from 0 to the run's mean, gain of a
    start s = 2 m (sum of x from s on) - n m^2, divided by how alike neighbours are, (1 + rho) / (1 - rho).

    Args:
        scored: points of unit spread around their expectation, 0.
        first: the run's first point.
        last: its last.
        rho: autocorrelation of neighbours.
    """
    level = scored[first : last + 1].mean()
    gains = (2 * level * scored[: last + 1] - level**2) * (1 - rho) / (1 + rho)
    gain = np.cumsum(gains[::-1])[::-1]  # of every start up to the last point
    near = np.flatnonzero(gain >= gain.max() - LIKELY)
    return min(first, int(near[0])), max(first, int(near[-1]))
