"""Dating a change that a chart has found: between which points it may have begun."""

from __future__ import annotations

import numpy as np

from onefloor.insight.charts.limits import Floats

LIKELY = 3.841  # 95 % of chi-square with one degree of freedom


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
