"""Two differences per unit, shrunk jointly: how much is the unit's own, and whether one is paid for by the other."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import optimize, stats

from onefloor.insight.finding import LEVEL, Estimate
from onefloor.insight.guards.peers import Floats, Places

LEAST_SD = 1e-4
MOST_ATANH = 3.0
STEP = 1e-3
EDGE = 0.005  # shares nearer to 0 or 1 vary as this one does
LEAST_CHANCE = 0.1  # of the chance variance at the expected rate, however far units are apart


@dataclass(frozen=True, slots=True)
class Shrunk:
    """``mean`` (units, 2) and ``covariance`` (units, 2, 2) of each unit's true differences, given what was seen.

    ``between`` is the covariance of the true differences over units; ``trade_off`` its correlation with an interval.
    ``also`` are mean and covariance at other likely values of ``between``, for probabilities that carry its
    uncertainty. With groups the differences are those from the level of a unit's own group.
    """

    mean: Floats
    covariance: Floats
    between: Floats
    trade_off: Estimate
    also: tuple[tuple[Floats, Floats], ...] = ()


def shrunk(
    difference: Floats, error: Floats, expected: Floats, group: Places | None = None, level: float = LEVEL
) -> Shrunk:
    """Empirical Bayes for two indicators (Morris 1983, J. Am. Stat. Assoc. 78:47, in two dimensions).

    The between-unit covariance is found by restricted maximum likelihood; sampling errors of the two indicators are
    taken as independent, because contacts that sell and contacts whose quality was checked are different samples.
    Units are pulled towards 0, what their peers would have had; with groups (companies) towards the level of their own,
    found by generalised least squares, whose uncertainty is in the covariance: what sets companies apart is neither an
    agent's doing nor a trade-off between agents. A unit far from its peers varies as its own rate does,
    not as theirs: in shrinking, its chance variance is that of its own shrunken rate, and in the likelihood the mean of
    that over units (``_chance``).

    Args:
        difference: observed minus expected, (units, 2), as shares.
        error: their chance variances at the expected rates, (units, 2).
        expected: the expected rates themselves, (units, 2).
        group: of each unit its company, numbered from 0; left out, all are one and their level is 0.
        level: of the interval of the trade-off.
    """
    alone = np.zeros(len(difference), np.intp)
    floor = _Floor(difference, error, alone if group is None else group, _noise(expected))
    at = _fitted(floor)
    information = _information(at, floor)
    grouped = group is not None
    seen = replace(floor, error=_chance(at, floor))
    mean, _ = _posterior(_between(at), seen, grouped=grouped)
    middle = expected + (_levels(_between(at), seen)[0][floor.group] if grouped else 0)
    own = replace(floor, error=error * _noise(middle + mean) / floor.noise)
    mean, covariance = _posterior(_between(at), own, grouped=grouped)
    places = _other_places(at, information)
    also = tuple(_posterior(_between(other), own, grouped=grouped) for other in places)
    return Shrunk(mean, covariance, _between(at), _trade_off(at, information, floor, level), also)


@dataclass(frozen=True, slots=True)
class _Floor:
    """Differences, their chance variances at the expected rates, the group of each unit, and rate x (1 - rate)."""

    difference: Floats
    error: Floats
    group: Places
    noise: Floats


def _noise(rate: Floats) -> Floats:
    kept = np.clip(rate, EDGE, 1 - EDGE)
    return np.asarray(kept * (1 - kept))


def _chance(at: Floats, floor: _Floor) -> Floats:
    """The mean chance variance of units that differ: e (1 - e) - s^2 over the rows, not e (1 - e).

    A share of n rows whose true rate has mean e and variance s^2 varies by s^2 + (e (1 - e) - s^2) / n (Kleinman 1973,
    J. Am. Stat. Assoc. 68:46, equation 2.2). Without it the spread of a share seen in few rows comes out too small, and
    the correlation too strong.
    """
    return np.asarray(floor.error * np.maximum(1 - np.exp(2 * at[:2]) / floor.noise, LEAST_CHANCE))


def _fitted(floor: _Floor) -> Floats:
    """The logarithms of both spreads and the correlation on Fisher's scale."""
    start = np.r_[np.log(np.maximum(_moments(floor), LEAST_SD)), 0.0]
    bounds = [(np.log(LEAST_SD), 0.0)] * 2 + [(-MOST_ATANH, MOST_ATANH)]
    found = optimize.minimize(_deviance, start, args=(floor,), method="L-BFGS-B", bounds=bounds)
    return np.asarray(found.x, float)


def _posterior(between: Floats, floor: _Floor, *, grouped: bool) -> tuple[Floats, Floats]:
    gain = between @ np.linalg.inv(between + _diagonal(floor.error))
    spread = (np.eye(2) - gain) @ between
    if not grouped:
        return np.einsum("aij,aj->ai", gain, floor.difference), spread
    level, doubt = (one[floor.group] for one in _levels(between, floor))
    return np.einsum("aij,aj->ai", gain, floor.difference - level), spread + gain @ doubt @ gain.transpose(0, 2, 1)


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


def _levels(between: Floats, floor: _Floor) -> tuple[Floats, Floats]:
    """The level of each group by generalised least squares (groups, 2), and its covariance."""
    weight: Floats = np.asarray(np.linalg.inv(between + _diagonal(floor.error)), float)
    doubt: Floats = np.asarray(np.linalg.inv(_by_group(weight, floor.group)), float)
    return np.einsum(
        "gij,gj->gi", doubt, _by_group(np.einsum("aij,aj->ai", weight, floor.difference), floor.group)
    ), doubt


def _by_group(values: Floats, group: Places) -> Floats:
    """Sums over the units of each group."""
    sums = np.zeros((int(group.max()) + 1, *values.shape[1:]))
    np.add.at(sums, group, values)
    return sums


def _moments(floor: _Floor) -> Floats:
    """A first guess of the spreads between units."""
    members = np.maximum(np.bincount(floor.group), 1)[:, None]
    rest = floor.difference - (_by_group(floor.difference, floor.group) / members)[floor.group]
    square = rest.var(axis=0) - np.median(floor.error, axis=0)
    return np.asarray(np.sqrt(np.maximum(square, LEAST_SD**2)))


def _between(at: Floats) -> Floats:
    first, second, correlation = np.exp(at[0]), np.exp(at[1]), np.tanh(at[2])
    return np.array([[first**2, first * second * correlation], [first * second * correlation, second**2]])


def _diagonal(error: Floats) -> Floats:
    whole = np.zeros((len(error), 2, 2))
    whole[:, [0, 1], [0, 1]] = error
    return whole


def _deviance(at: Floats, floor: _Floor) -> float:
    """-2 x the restricted log likelihood of the differences, the centre of each group taken out."""
    units, groups = _deviances(at, floor)
    return float(units.sum() + groups.sum())


def _deviances(at: Floats, floor: _Floor) -> tuple[Floats, Floats]:
    """What each unit and what the centre of each group adds to it."""
    between, error = _between(at), _chance(at, floor)
    a, b, c = between[0, 0] + error[:, 0], between[0, 1], between[1, 1] + error[:, 1]
    determinant = a * c - b * b
    own, cross, other = c / determinant, -b / determinant, a / determinant  # of the inverse
    x, y = floor.difference.T
    parts = [np.bincount(floor.group, one) for one in (own, cross, other, own * x + cross * y, cross * x + other * y)]
    whole = parts[0] * parts[2] - parts[1] ** 2
    first = ((parts[2] * parts[3] - parts[1] * parts[4]) / whole)[floor.group]
    second = ((parts[0] * parts[4] - parts[1] * parts[3]) / whole)[floor.group]
    x, y = x - first, y - second
    return np.log(determinant) + own * x * x + 2 * cross * x * y + other * y * y, np.log(whole)


def _information(at: Floats, floor: _Floor) -> Floats | None:
    """The curvature of the likelihood; None where it is flat: units do not differ beyond chance in one of the two."""
    if (at[:2] < np.log(LEAST_SD) + 1).any() or abs(at[2]) > MOST_ATANH - 0.01:
        return None
    moves = np.eye(3) * STEP

    def moved(move: Floats) -> float:
        return _deviance(at + move, floor)

    # Half the second derivative of the deviance.
    curve = np.array([[moved(m + n) - moved(m - n) - moved(n - m) + moved(-m - n) for n in moves] for m in moves])
    return np.asarray(curve / (8 * STEP**2)) if np.linalg.eigvalsh(curve).min() > 0 else None


def _wider(at: Floats, information: Floats | None, floor: _Floor) -> float:
    """How many times the correlation's variance (on Fisher's scale) is that of the curvature; at least 1.

    Shares of few rows are not normal. The variance that holds all the same is that of the units' own scores (Huber
    1967, Fifth Berkeley Symposium 1:221), with units as the sample.
    """
    if information is None:
        return 1.0
    moves, units = np.eye(3) * STEP, len(floor.difference)
    score = [(_deviances(at + one, floor)[0] - _deviances(at - one, floor)[0]) / (4 * STEP) for one in moves]
    curve = np.linalg.inv(information)
    held = curve @ np.inner(score, score) @ curve * units / (units - len(moves))
    return max(float(held[2, 2] / curve[2, 2]), 1.0)


def _trade_off(at: Floats, information: Floats | None, floor: _Floor, level: float) -> Estimate:
    """The correlation with the interval of its profile likelihood, as wide as its variance over units really is.

    All that the quantile of F with units - 3 degrees of freedom does not rule out, the likelihood made robust (Royall
    and Tsou 2003, J. R. Stat. Soc. B 65:391).
    Where units hardly differ in one of the two, any correlation fits and the interval is -1 to 1.
    """
    reach = float(stats.f.ppf(level, 1, len(floor.difference) - 3)) * _wider(at, information, floor)
    most = reach + _deviance(at, floor)
    bounds = [(np.log(LEAST_SD), 0.0)] * 2

    def surplus(z: float) -> float:
        fixed = optimize.minimize(
            lambda spreads: _deviance(np.r_[spreads, z], floor), at[:2], method="L-BFGS-B", bounds=bounds
        )
        return float(fixed.fun) - most

    def end(far: float, beyond: float) -> float:
        if surplus(far) <= 0:
            return beyond
        return float(np.tanh(optimize.brentq(surplus, at[2], far, xtol=1e-3)))

    return Estimate(float(np.tanh(at[2])), end(-MOST_ATANH, -1.0), end(MOST_ATANH, 1.0), level)
