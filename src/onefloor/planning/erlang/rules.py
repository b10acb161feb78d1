"""Square-root rules: what staffing looks like when the load is large.

Agents are the load and beta square roots of it: the regime driven by both quality and efficiency (QED). Halfin and
Whitt (1981), Operations Research 29, for Erlang C; Garnett, Mandelbaum and Reiman (2002), M&SOM 4, theorem 4, for
Erlang A.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from onefloor.planning.erlang.traffic import Floats, Ints, Traffic


def halfin_whitt(beta: float) -> float:
    """Share of calls that wait in Erlang C with load + beta sqrt(load) agents, beta > 0.

    >>> round(halfin_whitt(0.5), 4)
    0.5045
    """
    return 1.0 / (1.0 + beta / hazard(-beta))


def garnett(beta: float, handling_by_patience: float) -> tuple[float, float]:
    """Erlang A with load + beta sqrt(load) agents: P(wait), and sqrt(agents) x P(abandon | wait).

    ``handling_by_patience`` is mean handling time by mean patience; beta may be negative.

    >>> wait, leave = garnett(0.0, 1.0)
    >>> round(wait, 4), round(leave, 4)
    (0.5, 0.7979)
    """
    root = math.sqrt(handling_by_patience)
    moved = beta / root
    p_wait = 1.0 / (1.0 + root * hazard(moved) / hazard(-beta))
    return p_wait, root * (hazard(moved) - moved)


def beta_for(p_wait: float, handling_by_patience: float | None = None) -> float:
    """The beta with which a share of calls waits; without a ratio as in Erlang C.

    >>> round(beta_for(0.5), 4), round(beta_for(0.5, 1.0), 4)
    (0.5061, 0.0)
    """
    from scipy.optimize import brentq

    if handling_by_patience is None:
        return float(brentq(lambda beta: halfin_whitt(beta) - p_wait, 1e-9, 30))
    return float(brentq(lambda beta: garnett(beta, handling_by_patience)[0] - p_wait, -30, 30))


def hazard(x: float) -> float:
    """Density of the standard normal by its upper tail, without losing the tail."""
    from scipy.special import log_ndtr

    return math.exp(-0.5 * x * x - 0.5 * math.log(2 * math.pi) - float(log_ndtr(-x)))


def square_root(load: ArrayLike, beta: float) -> Ints:
    """Agents by the square-root rule (QED): load + beta sqrt(load), rounded up.

    >>> square_root([100, 400], beta=1.0).tolist()
    [110, 420]
    """
    held = _load(load)
    return _up(held + beta * np.sqrt(held))


def _load(load: ArrayLike) -> Floats:
    return Traffic(load, 3600.0).load


def _up(agents: Floats) -> Ints:
    return np.maximum(0, np.ceil(agents - 1e-9)).astype(np.int64)
