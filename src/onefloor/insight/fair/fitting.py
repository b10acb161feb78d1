"""Regression on profiles: cells that look alike in everything but the agent, added up.

Counts and their sums are sufficient for the three families, so that profiles give the coefficients of the contacts
themselves, to the last digits (McCullagh & Nelder 1989, 4.4).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from onefloor.insight.fair.work import Codes, Family, Floats, Mask, Work, added

STEPS = 40
CLOSE = 1e-10
FARTHEST = 30.0  # of a linear predictor: beyond it a share is 0 or 1 to thirteen places
DAMPING = 1e-10  # of the mean diagonal; keeps a step finite along what the data do not say, moves no estimate


@dataclass(frozen=True, slots=True)
class Profiles:
    """The distinct rows of a design and where each cell belongs.

    ``x`` has a row a profile; its last column says "theirs". ``place[i]`` is the profile of cell i.
    """

    x: Floats
    place: Codes

    @property
    def theirs(self) -> Floats:
        """Which profiles are of the other company: 1 or 0."""
        return self.x[:, -1]

    def added(self, values: Floats) -> Floats:
        """Sums of a cell's values by profile."""
        return added(self.place, values, len(self.x))


def profiles(work: Work, *, tenure: bool) -> Profiles | None:
    """The design of a comparison: intercept, mix, tenure bands if asked, and "theirs" last.

    Columns that say nothing beyond those before them are left out. None if "theirs" itself is one of those: then
    nothing sets the company apart from its work, and no regression can.
    """
    factors = [*work.mix, *([work.tenure] if tenure else [])]
    keys = np.column_stack([*factors, work.company])
    flat = np.ravel_multi_index(keys.T, keys.max(axis=0, initial=0) + 1)
    _, first, place = np.unique(flat, return_index=True, return_inverse=True)
    columns = [np.ones((len(first), 1))]
    columns += [_dummies(factor[first]) for factor in factors]
    x = np.column_stack([*columns, work.company[first].astype(float)])
    weights = added(place.astype(np.intp), work.n, len(first))
    kept = independent(x * np.sqrt(weights > 0)[:, None])
    return Profiles(np.ascontiguousarray(x[:, kept]), place.astype(np.intp)) if kept[-1] else None


def _dummies(codes: Codes) -> Floats:
    """A column for every level but the first that occurs."""
    levels = np.unique(codes)[1:]
    return np.asarray(codes[:, None] == levels[None, :], float)


def independent(x: Floats, tolerance: float = 1e-9) -> Mask:
    """Which columns say something beyond the columns before them (Gram-Schmidt, in order)."""
    kept = np.zeros(x.shape[1], bool)
    basis = np.zeros((x.shape[0], 0))
    for column in range(x.shape[1]):
        left = x[:, column] - basis @ (basis.T @ x[:, column])
        left -= basis @ (basis.T @ left)  # twice is enough (Giraud et al. 2005)
        size = np.linalg.norm(left)
        if size > tolerance * max(1.0, float(np.linalg.norm(x[:, column]))):
            kept[column] = True
            basis = np.column_stack([basis, left / size])
    return kept


def mean(family: Family, eta: Floats) -> Floats:
    """The mean of one row (of its logarithm for durations) at a linear predictor."""
    match family:
        case Family.SHARE:
            return np.asarray(1 / (1 + np.exp(-np.clip(eta, -FARTHEST, FARTHEST))))
        case Family.COUNT:
            return np.exp(np.clip(eta, -FARTHEST, FARTHEST))
        case Family.DURATION:
            return eta


def slope(family: Family, middle: Floats) -> Floats:
    """The derivative of the mean, which under these links is also the variance of a row."""
    match family:
        case Family.SHARE:
            return middle * (1 - middle)
        case Family.COUNT:
            return middle
        case Family.DURATION:
            return np.ones_like(middle)


def solved(hessian: Floats, right: Floats) -> Floats:
    """Newton's step; also for a stack of Hessians with a stack of right sides."""
    size = hessian.shape[-1]
    level = np.trace(hessian, axis1=-2, axis2=-1) / size
    damped = hessian + np.multiply.outer(DAMPING * np.maximum(level, 1e-300), np.eye(size))
    return np.linalg.solve(damped, right[..., None])[..., 0]


def hessian_of(x: Floats, weight: Floats) -> Floats:
    """The negative second derivative of the likelihood: X'WX."""
    return np.asarray(x.T @ (x * weight[:, None]))


def fitted(family: Family, x: Floats, n: Floats, y: Floats, start: Floats | None = None) -> Floats:
    """The coefficients of largest likelihood, by Newton's method.

    Args:
        family: the model of a row; ``y`` are sums of outcomes, of logarithms for durations.
        x: profiles by columns. n: rows or exposure of each profile.
        y: as many.
        start: coefficients to begin with.

    Where a level has only successes its coefficient runs away; it is stopped, and its mean is right.
    """
    beta = _start(family, x, n, y) if start is None else start.copy()
    for _ in range(STEPS):
        middle = mean(family, x @ beta)
        step = solved(hessian_of(x, n * slope(family, middle)), x.T @ (y - n * middle))
        # A step of more than 5 on a log or logit scale has left the region in which the curvature says anything.
        size = 1.0 if family is Family.DURATION else min(1.0, 5 / max(float(np.abs(step).max()), 1e-300))
        beta += size * step
        if np.abs(step).max() < CLOSE or np.abs(beta).max() > FARTHEST:
            break
    return beta


def _start(family: Family, x: Floats, n: Floats, y: Floats) -> Floats:
    beta = np.zeros(x.shape[1])
    total, events = float(n.sum()), float(y.sum())
    match family:
        case Family.SHARE:
            beta[0] = np.log((events + 0.5) / (total - events + 0.5))
        case Family.COUNT:
            beta[0] = np.log((events + 0.5 * total / max(total, 1)) / max(total, 1e-300))
        case Family.DURATION:
            beta[0] = events / total if total else 0.0
    return beta
