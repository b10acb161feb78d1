"""Severity of raters from passes and fails: the crossed model on the logit.

logit(pass) = mean + contact + rater, contacts drawn from a normal distribution and integrated out by Gauss-Hermite
quadrature (Hedeker and Gibbons 2006, Longitudinal Data Analysis, section 9.4), raters taken as they are. What a rater
would pass of the same contacts follows from the fit; severity is told in points of that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize
from scipy.special import expit, log_expit, logsumexp

from onefloor.insight.rating.marks import Floats, Marks

NODES = 21
PRIOR_SD = 3.0  # logits: keeps a rater who passed everything at a finite place, and moves nobody else
STEP = 1e-4


@dataclass(frozen=True, slots=True)
class Passing:
    """``severity``: each rater's logit of passing; ``rate`` what it would pass of the same contacts, with covariances.

    ``contact_sd`` is the spread of the contacts' own logits; 0 where no contact has two marks.
    """

    severity: Floats
    covariance: Floats
    rate: Floats
    rate_covariance: Floats
    contact_sd: float


def passing(marks: Marks) -> Passing:
    """Fit the model to marks of 1 and 0; at least two raters."""
    doubled = marks.shared > 0
    start = np.zeros(len(marks.raters) + doubled)
    start[len(marks.raters) :] = 1.0
    found = optimize.minimize(lambda at: _deviance(marks, at, doubled), start, jac=True, method="BFGS")
    inverse = np.asarray(np.linalg.pinv(_curvature(marks, found.x, doubled)), float)
    raters = len(marks.raters)
    slope = _slope(found.x, raters, doubled)
    return Passing(
        severity=found.x[:raters],
        covariance=inverse[:raters, :raters],
        rate=_rates(found.x, raters, doubled),
        rate_covariance=slope @ inverse @ slope.T,
        contact_sd=_spread(found.x, doubled),
    )


def _grid() -> tuple[Floats, Floats]:
    """Places and logarithms of weights of the standard normal distribution."""
    places, weights = np.polynomial.hermite_e.hermegauss(NODES)
    return places, np.log(weights / weights.sum())


def _spread(at: Floats, doubled: bool) -> float:  # noqa: FBT001  the one thing that decides the model's shape
    return abs(float(at[-1])) if doubled else 0.0


def _deviance(marks: Marks, at: Floats, doubled: bool) -> tuple[float, Floats]:  # noqa: FBT001
    """Minus the log likelihood with a faint prior on the raters, and its gradient."""
    places, weights = _grid()
    raters, spread = len(marks.raters), float(at[-1]) if doubled else 0.0
    logit = at[marks.rater][:, None] + spread * places
    sign = 2 * marks.value - 1
    each = np.zeros((len(marks.contacts), NODES))
    np.add.at(each, marks.contact, log_expit(sign[:, None] * logit))
    whole = logsumexp(each + weights, axis=1)
    likely = np.exp(each + weights - whole[:, None])[marks.contact]
    pull = likely * (marks.value[:, None] - expit(logit))
    slope = np.bincount(marks.rater, pull.sum(axis=1), raters).astype(float)
    gradient = np.r_[slope, (pull @ places).sum()] if doubled else slope
    prior = at[:raters] / PRIOR_SD**2
    gradient[:raters] -= prior
    return -float(whole.sum()) + float(at[:raters] @ prior) / 2, -gradient


def _curvature(marks: Marks, at: Floats, doubled: bool) -> Floats:  # noqa: FBT001
    """The matrix of second derivatives, from differences of the gradient."""
    moves = np.eye(len(at)) * STEP
    rows = [(_deviance(marks, at + m, doubled)[1] - _deviance(marks, at - m, doubled)[1]) / (2 * STEP) for m in moves]
    found = np.array(rows)
    return np.asarray((found + found.T) / 2)


def _rates(at: Floats, raters: int, doubled: bool) -> Floats:  # noqa: FBT001
    """What each rater would pass of all contacts."""
    places, weights = _grid()
    return np.asarray(expit(at[:raters, None] + _spread(at, doubled) * places) @ np.exp(weights))


def _slope(at: Floats, raters: int, doubled: bool) -> Floats:  # noqa: FBT001
    """How the rates move with the parameters, raters x parameters."""
    moves = np.eye(len(at)) * STEP
    columns = [(_rates(at + m, raters, doubled) - _rates(at - m, raters, doubled)) / (2 * STEP) for m in moves]
    return np.array(columns).T
