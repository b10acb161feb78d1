"""Two differences per unit, shrunk jointly: how much is the unit's own, and whether one is paid for by the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

from onefloor.insight.finding import LEVEL, Estimate
from onefloor.insight.guards.peers import Floats

LEAST_SD = 1e-4
MOST_ATANH = 3.0
STEP = 1e-3
EDGE = 0.005  # shares nearer to 0 or 1 vary as this one does


@dataclass(frozen=True, slots=True)
class Shrunk:
    """``mean`` (units, 2) and ``covariance`` (units, 2, 2) of each unit's true differences, given what was seen.

    ``between`` is the covariance of the true differences over units; ``trade_off`` its correlation with an interval.
    ``also`` are mean and covariance at other likely
    values of ``between``, for probabilities that carry its uncertainty.
    """

    mean: Floats
    covariance: Floats
    between: Floats
    trade_off: Estimate
    also: tuple[tuple[Floats, Floats], ...] = ()


def shrunk(difference: Floats, error: Floats, expected: Floats, level: float = LEVEL) -> Shrunk:
    """Empirical Bayes for two indicators (Morris 1983, J. Am. Stat. Assoc. 78:47, in two dimensions).

    The between-unit covariance is found by restricted maximum likelihood; sampling errors of the two indicators are
    taken as independent, because contacts that sell and contacts whose quality was checked are different samples.
    Units are pulled towards 0, what their peers would have had. A unit far from its peers varies as its own rate does,
    not as theirs: in shrinking, its chance variance is that of its own shrunken rate.

    Args:
        difference: observed minus expected, (units, 2), as shares.
        error: their chance variances at the expected rates, (units, 2).
        expected: the expected rates themselves, (units, 2).
        level: of the interval of the trade-off.
    """
    at = _fitted(difference, error)
    information = _information(at, difference, error)
    mean, _ = _posterior(_between(at), difference, error)
    own = error * _noise(expected + mean) / _noise(expected)
    mean, covariance = _posterior(_between(at), difference, own)
    also = tuple(_posterior(_between(other), difference, own) for other in _other_places(at, information))
    return Shrunk(mean, covariance, _between(at), _trade_off(at, difference, error, level), also)


def _noise(rate: Floats) -> Floats:
    kept = np.clip(rate, EDGE, 1 - EDGE)
    return np.asarray(kept * (1 - kept))


def _fitted(difference: Floats, error: Floats) -> Floats:
    """The logarithms of both spreads and the correlation on Fisher's scale."""
    start = np.r_[np.log(np.maximum(_moments(difference, error), LEAST_SD)), 0.0]
    bounds = [(np.log(LEAST_SD), 0.0)] * 2 + [(-MOST_ATANH, MOST_ATANH)]
    found = optimize.minimize(_deviance, start, args=(difference, error), method="L-BFGS-B", bounds=bounds)
    return np.asarray(found.x, float)


def _posterior(between: Floats, difference: Floats, error: Floats) -> tuple[Floats, Floats]:
    gain = between @ np.linalg.inv(between + _diagonal(error))
    return np.einsum("aij,aj->ai", gain, difference), (np.eye(2) - gain) @ between


def _other_places(at: Floats, information: Floats | None) -> list[Floats]:
    """Where else the between-unit covariance may be: the sigma points of its normal approximation.

    Julier and Uhlmann 1997 (Proc. SPIE 3068:182), three dimensions, equal weights: at +/- sqrt(3) times each column
    of the root of the covariance.
    """
    if information is None:
        return []
    root = np.linalg.cholesky(np.linalg.inv(information)) * np.sqrt(3)
    return [
        np.r_[np.clip(at[:2] + move[:2], np.log(LEAST_SD), 0), np.clip(at[2] + move[2], -MOST_ATANH, MOST_ATANH)]
        for column in root.T
        for move in (column, -column)
    ]


def _moments(difference: Floats, error: Floats) -> Floats:
    """A first guess of the spreads between units."""
    square = difference.var(axis=0) - np.median(error, axis=0)
    return np.asarray(np.sqrt(np.maximum(square, LEAST_SD**2)))


def _between(at: Floats) -> Floats:
    first, second, correlation = np.exp(at[0]), np.exp(at[1]), np.tanh(at[2])
    return np.array([[first**2, first * second * correlation], [first * second * correlation, second**2]])


def _diagonal(error: Floats) -> Floats:
    whole = np.zeros((len(error), 2, 2))
    whole[:, [0, 1], [0, 1]] = error
    return whole


def _deviance(at: Floats, difference: Floats, error: Floats) -> float:
    """-2 x the restricted log likelihood of the differences, the centre taken out."""
    between = _between(at)
    a, b, c = between[0, 0] + error[:, 0], between[0, 1], between[1, 1] + error[:, 1]
    determinant = a * c - b * b
    weight = np.array([[c, np.full(len(a), -b)], [np.full(len(a), -b), a]]) / determinant  # (2, 2, units)
    whole = weight.sum(axis=2)
    centre = np.linalg.solve(whole, np.einsum("ija,aj->i", weight, difference))
    rest = difference - centre
    squares = np.einsum("ai,ija,aj->", rest, weight, rest)
    return float(np.log(determinant).sum() + squares + np.linalg.slogdet(whole)[1])


def _information(at: Floats, difference: Floats, error: Floats) -> Floats | None:
    """The curvature of the likelihood; None where it is flat: units do not differ beyond chance in one of the two."""
    if (at[:2] < np.log(LEAST_SD) + 1).any() or abs(at[2]) > MOST_ATANH - 0.01:
        return None
    moves = np.eye(3) * STEP

    def moved(move: Floats) -> float:
        return _deviance(at + move, difference, error)

    # Half the second derivative of the deviance.
    curve = np.array([[moved(m + n) - moved(m - n) - moved(n - m) + moved(-m - n) for n in moves] for m in moves])
    return np.asarray(curve / (8 * STEP**2)) if np.linalg.eigvalsh(curve).min() > 0 else None


def _trade_off(at: Floats, difference: Floats, error: Floats, level: float) -> Estimate:
    """The correlation with the interval of its profile likelihood: all that chi-square's quantile does not rule out.

    Where units hardly differ in one of the two, any correlation fits and the interval is -1 to 1.
    """
    most = float(stats.chi2.ppf(level, 1)) + _deviance(at, difference, error)
    bounds = [(np.log(LEAST_SD), 0.0)] * 2

    def surplus(z: float) -> float:
        fixed = optimize.minimize(
            lambda spreads: _deviance(np.r_[spreads, z], difference, error), at[:2], method="L-BFGS-B", bounds=bounds
        )
        return float(fixed.fun) - most

    def end(far: float, beyond: float) -> float:
        if surplus(far) <= 0:
            return beyond
        return float(np.tanh(optimize.brentq(surplus, at[2], far, xtol=1e-3)))

    return Estimate(float(np.tanh(at[2])), end(-MOST_ATANH, -1.0), end(MOST_ATANH, 1.0), level)
