"""Tenure as a law with parameters: accelerated failure times, with censoring and delayed entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import expit, log_ndtr

from onefloor.insight.attrition.cox import NoFit
from onefloor.insight.attrition.spells import Flags, Floats, Spells
from onefloor.language import Text

Law = Literal["weibull", "exponential", "lognormal", "loglogistic"]
ROUNDS, NEAR, HALVINGS = 200, 1e-12, 40
HALF_LOG_2_PI = 0.5 * float(np.log(2 * np.pi))


@dataclass(frozen=True, slots=True)
class Logs:
    """Of the standardised error w: a logarithm and its first and second derivative."""

    value: Floats
    first: Floats
    second: Floats


@dataclass(frozen=True, slots=True)
class Fitted:
    """log T = x beta + scale error. ``error`` of beta, then of log(scale) unless it is fixed (exponential)."""

    law: Law
    beta: Floats
    scale: float
    error: Floats
    log_likelihood: float

    def staying(self, tenure: Floats, x: Floats, since: float = 0.0) -> Floats:
        """The share of people with covariates ``x`` (without the constant) who are there at each tenure.

        ``since``: of those who reached that tenure.
        """
        middle = float(np.concatenate([[1.0], np.ravel(x)]) @ self.beta)
        tail = LAWS[self.law][1]
        held = tail((np.log(np.maximum(tenure, 1e-300)) - middle) / self.scale).value
        reached = tail(np.array([(np.log(max(since, 1e-300)) - middle) / self.scale])).value[0]
        return np.asarray(np.exp(np.minimum(held - reached, 0.0)))


def _extreme(w: Floats) -> Logs:
    grown = np.exp(np.minimum(w, 700.0))
    return Logs(w - grown, 1 - grown, -grown)


def _extreme_tail(w: Floats) -> Logs:
    grown = np.exp(np.minimum(w, 700.0))
    return Logs(-grown, -grown, -grown)


def _normal(w: Floats) -> Logs:
    return Logs(-w * w / 2 - HALF_LOG_2_PI, -w, np.full_like(w, -1.0))


def _normal_tail(w: Floats) -> Logs:
    value = log_ndtr(-w)
    mills = np.exp(-w * w / 2 - HALF_LOG_2_PI - value)
    return Logs(value, -mills, -mills * (mills - w))


def _logistic(w: Floats) -> Logs:
    p = expit(w)
    return Logs(w - 2 * np.logaddexp(0, w), 1 - 2 * p, -2 * p * (1 - p))


def _logistic_tail(w: Floats) -> Logs:
    p = expit(w)
    return Logs(-np.logaddexp(0, w), -p, -p * (1 - p))


Part = Callable[[Floats], Logs]
LAWS: dict[Law, tuple[Part, Part]] = {
    "weibull": (_extreme, _extreme_tail),
    "exponential": (_extreme, _extreme_tail),
    "lognormal": (_normal, _normal_tail),
    "loglogistic": (_logistic, _logistic_tail),
}
"""Log density and log tail of the error of each law."""


def accelerated(held: Spells, x: Floats | None = None, law: Law = "weibull") -> Fitted:
    """Maximum likelihood (Kalbfleisch & Prentice 2002, ch. 3): log density of leavers, log tail of the others, less the
    log tail at entry. Newton's method on beta and log(scale).

    Args:
        held: the spells.
        x: covariates without the constant, shape (n, p); none if left out.
        law: of the tenures.

    Raises:
        NoFit: nobody left, or the likelihood has no peak.
    """
    if not held.leavers:
        raise NoFit(Text("没有人离开。", "Nobody left."))
    columns = np.zeros((len(held), 0)) if x is None else np.asarray(x, dtype=float).reshape(len(held), -1)
    design = np.column_stack([np.ones(len(held)), columns])
    theta = _start(held, design)
    now = _likelihood(held, design, law, theta)
    for _ in range(ROUNDS):
        step = _ascent(now[1], now[2])
        for _ in range(HALVINGS):
            after = _likelihood(held, design, law, theta + step)
            if np.isfinite(after[0]) and after[0] >= now[0]:
                break
            step = step / 2
        else:
            break
        theta, gain, now = theta + step, after[0] - now[0], after
        if gain <= NEAR * (1 + abs(now[0])) and np.abs(step).max() < 1e-9:
            break
    return _answer(law, theta, now)


def _answer(law: Law, theta: Floats, now: tuple[float, Floats, Floats]) -> Fitted:
    free = len(theta) - (law == "exponential")
    try:
        covariance = np.linalg.inv(-now[2][:free, :free])
    except np.linalg.LinAlgError:
        covariance = np.full((free, free), np.nan)
    if not (np.diag(covariance) > 0).all():
        raise NoFit(Text("似然没有最大值。", "The likelihood has no peak."))
    return Fitted(law, theta[:-1], float(np.exp(theta[-1])), np.sqrt(np.diag(covariance)), now[0])


def _start(held: Spells, design: Floats) -> Floats:
    """Constant hazard: the logarithm of watched days a leaver."""
    theta = np.zeros(design.shape[1] + 1)
    theta[0] = np.log((held.exit - held.entry).sum() / held.leavers)
    return theta


def _ascent(gradient: Floats, hessian: Floats) -> Floats:
    """Newton's step, made uphill where the likelihood is not concave."""
    roots, vectors = np.linalg.eigh(-hessian)
    roots = np.maximum(np.abs(roots), 1e-9)
    step: Floats = vectors @ ((vectors.T @ gradient) / roots)
    longest = np.abs(step).max()
    return step * min(1.0, 3.0 / longest) if longest > 0 else step


def _likelihood(held: Spells, design: Floats, law: Law, theta: Floats) -> tuple[float, Floats, Floats]:
    """Log likelihood, gradient and Hessian in (beta, log scale); the scale stays 1 for the exponential law."""
    density, tail = LAWS[law]
    time, late = np.log(held.exit), held.entry > 0
    parts = [
        _part(density, design, time, held.event, theta, 1.0),
        _part(tail, design, time, ~held.event, theta, 1.0),
        _part(tail, design, np.log(np.where(late, held.entry, 1.0)), late, theta, -1.0),
    ]
    value = sum(part[0] for part in parts) - held.leavers * theta[-1] - float(time[held.event].sum())
    gradient = np.sum([part[1] for part in parts], axis=0)
    hessian = np.sum([part[2] for part in parts], axis=0)
    gradient[-1] -= held.leavers
    if law == "exponential":
        gradient[-1] = 0.0
        hessian[-1, :] = hessian[:, -1] = 0.0
        hessian[-1, -1] = -1.0
    return float(value), gradient, hessian


def _part(
    of: Part, design: Floats, time: Floats, rows: Flags, theta: Floats, sign: float
) -> tuple[float, Floats, Floats]:
    x, y, scale = design[rows], time[rows], np.exp(theta[-1])
    with np.errstate(over="ignore", invalid="ignore"):
        w = (y - x @ theta[:-1]) / scale
        logs = of(w)
        slope = np.column_stack([-x / scale, -w])
        bend = np.zeros((len(theta), len(theta)))
        bend[:-1, -1] = bend[-1, :-1] = logs.first @ x / scale
        bend[-1, -1] = logs.first @ w
        hessian = (slope * logs.second[:, None]).T @ slope + bend
    return sign * float(logs.value.sum()), sign * (logs.first @ slope), sign * hessian
