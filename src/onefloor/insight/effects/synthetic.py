"""One team or site against a mixture of others: synthetic difference-in-differences with placebo ranks.

Units are weighted so that before the action the mixture moves as the helped one does (Arkhangelsky, Athey, Hirshberg,
Imbens and Wager 2021, equations 4-6 and algorithm 1), periods by the helped one's rows. The error comes from pretending
that each of the others was the helped one: with n of them the smallest possible p is 1 / (n + 1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

from onefloor.insight.effects.found import Draws, Floats, Found, NoEstimate

LEAST_OTHERS = 19
"""Units to compare with: with fewer no interval of 95 % can be had from ranks."""
HEAVY = 1e4  # what makes a sum of weights 1 inside a least-squares problem


@dataclass(frozen=True, slots=True)
class Mixture:
    """The weights of other units and of the periods before, and the effect they give."""

    units: Floats
    periods: Floats
    value: float


def weights(target: Floats, columns: Floats, ridge: float, *, intercept: bool = True) -> Floats:
    """Weights >= 0 with sum 1 that bring the columns nearest to the target.

    Minimises |target - columns w|^2 + ridge |w|^2, means taken out first where there is an intercept.
    """
    if intercept:
        target, columns = target - target.mean(), columns - columns.mean(0)
    size = columns.shape[1]
    scale = max(float(np.abs(columns).max(initial=0.0)), 1e-12)
    above = np.vstack([columns / scale, np.sqrt(ridge) / scale * np.eye(size), HEAVY * np.ones((1, size))])
    found, _ = nnls(above, np.concatenate([target / scale, np.zeros(size), [HEAVY]]), maxiter=50 * size)
    return np.asarray(found / found.sum())


def mixed(y: Floats, helped: int, step: int, rows: Floats) -> Mixture:
    """The effect on one row of ``y`` (units x periods, no gaps) from column ``step`` on.

    ``rows``: the helped unit's denominators; its periods weigh as much as they have rows, which a short and noisy
    history is better off with than with weights fitted to the others' periods.
    """
    others = np.delete(y, helped, axis=0)
    before = others[:, :step]
    noise = float(np.diff(before, axis=1).std(ddof=1))
    zeta = (y.shape[1] - step) ** 0.25 * noise
    unit = weights(y[helped, :step], before.T, max(zeta**2 * step, 1e-12))
    period, during = rows[:step] / rows[:step].sum(), rows[step:] / rows[step:].sum()
    gap = y[helped] - unit @ others
    return Mixture(unit, period, float(gap[step:] @ during - gap[:step] @ period))


def one_against_others(above: Floats, below: Floats, helped: int, step: int) -> tuple[Found, Mixture]:
    """The effect on one unit, its interval from the placebo gaps of all others.

    Gaps are compared in units of what few contacts make them wobble by, sqrt(1 / before + 1 / after), so that a small
    team's placebo does not pass for a large one's.

    Args:
        above: numerators, units x periods.
        below: denominators, all above 0.
        helped: the row of the helped unit.
        step: the first column of the action.

    Raises:
        NoEstimate: too few others, or fewer than 3 periods before.
    """
    if len(above) - 1 < LEAST_OTHERS:
        raise NoEstimate("too_few_placebos", others=len(above) - 1, least=LEAST_OTHERS)
    if step < 3:
        raise NoEstimate("short_history", before=step, least=3)
    y = above / below
    found = mixed(y, helped, step, below[helped])
    wobble = np.sqrt(1 / below[:, :step].sum(1) + 1 / below[:, step:].sum(1))
    rest = np.delete(np.arange(len(y)), helped)
    without, sizes = y[rest], wobble[rest]
    gaps = np.array([mixed(without, place, step, below[rest[place]]).value for place in range(len(rest))])
    draws = Draws(tuple(float(one) for one in np.abs(gaps / sizes)))
    rank = 1 + int((np.abs(gaps / sizes) >= abs(found.value) / wobble[helped]).sum())
    details = {"rank": float(rank), "of": float(len(y)), "mixture": float((found.units > 0.001).sum())}
    return Found(found.value, float(wobble[helped]), draws, 1, len(rest), details), found
