"""Figures of agents and teams, drawn towards their company's mean by as much as they are uncertain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.optimize import brentq

from onefloor.insight.fair.work import Floats
from onefloor.insight.finding import LEVEL

Method = Literal["reml", "paule_mandel"]


def between(y: Floats, variance: Floats, method: Method = "reml") -> float:
    """The variance between units, beyond what each unit's own error explains.

    ``reml``: the root of the restricted score (Viechtbauer 2005, eq. 7); ``paule_mandel``: the value at which the
    weighted squares equal their degrees of freedom (Paule & Mandel 1982; DerSimonian & Kacker 2007, eq. 10).

    Args:
        y: a figure each unit, two or more.
        variance: of each figure's own error, above 0.
        method: which estimator.
    """
    score = _reml_score if method == "reml" else _paule_mandel_score
    return _largest_root(lambda tau2: score(tau2, y, variance), float(np.var(y) + variance.max()))


def _reml_score(tau2: float, y: Floats, variance: Floats) -> float:
    """Twice the derivative of the restricted log likelihood."""
    w = 1 / (variance + tau2)
    off = y - (w * y).sum() / w.sum()
    return float((w**2 * off**2).sum() - w.sum() + (w**2).sum() / w.sum())


def _paule_mandel_score(tau2: float, y: Floats, variance: Floats) -> float:
    w = 1 / (variance + tau2)
    off = y - (w * y).sum() / w.sum()
    return float((w * off**2).sum() - (len(y) - 1))


def _largest_root(score: Callable[[float], float], top: float) -> float:
    """The value at which a score that ends below 0 crosses it; 0 if it begins there."""
    if score(0.0) <= 0:
        return 0.0
    while score(top) > 0:
        top *= 4
    return float(brentq(score, 0.0, top, xtol=1e-14 * top, rtol=1e-12, maxiter=200))


@dataclass(frozen=True, slots=True)
class Shrunk:
    """Units after shrinking: their figures, the standard deviations of what they truly are, the weights kept."""

    mean: float
    between: float  # variance
    figure: Floats
    deviation: Floats
    kept: Floats


def shrunk(y: Floats, variance: Floats, method: Method = "reml") -> Shrunk:
    """Empirical Bayes: mean + kept (y - mean), kept = tau2 / (tau2 + variance) (Efron & Morris 1977).

    The deviation adds the uncertainty of the mean: kept x variance + (1 - kept)^2 x variance of the mean.
    """
    tau2 = between(y, variance, method) if len(y) > 1 else 0.0
    w = 1 / (variance + tau2)
    middle = float((w * y).sum() / w.sum())
    kept = tau2 / (tau2 + variance)
    deviation = np.sqrt(kept * variance + (1 - kept) ** 2 / w.sum())
    return Shrunk(middle, tau2, middle + kept * (y - middle), deviation, kept)


def rank_intervals(
    rng: np.random.Generator, figure: Floats, deviation: Floats, draws: int = 4000, level: float = LEVEL
) -> tuple[Floats, Floats]:
    """The interval of each unit's rank, 1 the highest, from draws of what the units truly are.

    Marshall & Spiegelhalter (1998): shows how little a league table says.
    """
    drawn = rng.normal(figure, deviation, (draws, len(figure)))
    ranks = (-drawn).argsort(axis=1).argsort(axis=1) + 1
    ends = np.quantile(ranks, [(1 - level) / 2, (1 + level) / 2], axis=0, method="inverted_cdf")
    return ends[0], ends[1]
