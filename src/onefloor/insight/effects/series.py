"""Interrupted series: one floor, or one company, before and after; at best less a control series.

Level step and trend with errors that remember the last period: Prais and Winsten 1954, the autocorrelation iterated and
corrected for short series. For counts of rare events a Poisson regression with its overdispersion (Bernal, Cummins and
Gasparrini 2017), which may hold harmonics of the year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from onefloor.insight.effects.found import Floats, Found, NoEstimate, Student

ROUNDS = 50
BEFORE, AFTER = 8, 4  # periods, or there is no estimate
HARMONICS = 2  # pairs of waves of a year


@dataclass(frozen=True, slots=True)
class Fit:
    """Coefficients, their covariance, the autocorrelation (or overdispersion), and the fitted values."""

    beta: Floats
    covariance: Floats
    extra: float
    fitted: Floats


def design(size: int, step: int, season: float = 0.0) -> Floats:
    """Columns of a line, of a season of that many periods where two of them lie before the step, and of the step."""
    time = np.arange(size, dtype=float)
    waves = harmonics(time, season, HARMONICS if season and step >= 2 * season else 0)
    return np.column_stack([np.ones(size), time, waves, time >= step])


def harmonics(places: Floats, period: float, count: int) -> Floats:
    """``count`` pairs of sine and cosine of a season of that length."""
    waves = [turn(2 * np.pi * number * places / period) for number in range(1, count + 1) for turn in (np.sin, np.cos)]
    return np.column_stack(waves) if waves else np.zeros((len(places), 0))


def prais_winsten(y: Floats, x: Floats, *, corrected: bool = True) -> Fit:
    """Least squares with AR(1) errors, the first row kept.

    ``corrected``: the autocorrelation of least-squares residuals is too low in short series; (1 + 4 rho) p / (2 n) is
    added (after Marriott and Pope 1954), never below 0.
    """
    size, width = x.shape
    rho, found = 0.0, 0.0
    for _ in range(ROUNDS):
        fit = _given(y, x, rho)
        left = y - x @ fit.beta
        found = float(left[1:] @ left[:-1] / (left[:-1] @ left[:-1] if not corrected else left @ left))
        if corrected:
            found = float(np.clip(found + (1 + 4 * max(found, 0.0)) * width / (2 * size), 0.0, 0.95))
        if abs(found - rho) < 1e-10:
            break
        rho = found
    return _given(y, x, rho)


def _given(y: Floats, x: Floats, rho: float) -> Fit:
    xs, ys = _turned(x, rho), _turned(y, rho)
    inverse = np.linalg.pinv(xs.T @ xs)
    beta = inverse @ (xs.T @ ys)
    left = ys - xs @ beta
    scale = float(left @ left) / max(1, len(y) - x.shape[1])
    covariance: Floats = inverse * scale
    return Fit(np.asarray(beta), np.asarray(covariance), rho, np.asarray(x @ beta, np.float64))


def _turned(a: Floats, rho: float) -> Floats:
    """Less rho times the period before; the first times sqrt(1 - rho^2)."""
    turned = a.astype(float).copy()
    turned[1:] -= rho * a[:-1]
    turned[0] = np.sqrt(1 - rho**2) * a[0]
    return turned


def poisson(count: Floats, exposure: Floats, x: Floats) -> Fit:
    """Poisson regression of counts with an offset; covariance times the Pearson overdispersion where above 1."""
    beta = np.zeros(x.shape[1])
    beta[0] = np.log(count.sum() / exposure.sum())
    for _ in range(ROUNDS):
        mean = exposure * np.exp(x @ beta)
        step = np.linalg.solve(x.T @ (x * mean[:, None]), x.T @ (count - mean))
        beta = beta + step
        if np.abs(step).max() < 1e-12:
            break
    mean = exposure * np.exp(x @ beta)
    extra = float(((count - mean) ** 2 / mean).sum() / (len(count) - x.shape[1]))
    covariance = np.asarray(np.linalg.inv(x.T @ (x * mean[:, None])) * max(1.0, extra), np.float64)
    return Fit(beta, covariance, extra, mean)


def stepped(y: Floats, step: int, end: int, season: float = 0.0) -> tuple[Found, Fit]:
    """The level step of a series that has no gaps.

    Args:
        y: one figure a period, already less its control series where there is one.
        step: the first period of the action.
        end: the first period after it.
        season: the length of a year in periods, for a series without control.

    Raises:
        NoEstimate: fewer than ``BEFORE`` periods before or ``AFTER`` during the action.
    """
    enough(step, end - step)
    x = design(end, step, season)
    fit = prais_winsten(y[:end], x)
    error = float(np.sqrt(fit.covariance[-1, -1]))
    chance = Student(max(3.0, independent(end, fit.extra) - x.shape[1]))
    return Found(float(fit.beta[-1]), error, chance, end - step, step, {"autocorrelation": fit.extra}), fit


def rare(count: Floats, exposure: Floats, step: int, end: int, season: float = 0.0) -> tuple[Found, Fit]:
    """The step in a series of rare events, as a difference of rates: the mean of what was seen less what was expected.

    Raises:
        NoEstimate: as ``stepped``; or nothing was counted before.
    """
    enough(step, end - step)
    if not count[:step].sum() or not count[step:end].sum():
        raise NoEstimate("no_events")
    x = design(end, step, season)
    fit = poisson(count[:end], exposure[:end], x)
    expected = np.exp(x[step:] @ fit.beta - fit.beta[-1]).mean()
    ratio, error = np.exp(fit.beta[-1]), float(np.sqrt(fit.covariance[-1, -1]))
    details = {"rate_ratio": float(ratio), "overdispersion": fit.extra}
    value = float(expected * (ratio - 1))
    return Found(value, float(expected * ratio * error), Student(end - x.shape[1]), end - step, step, details), fit


def independent(size: int, rho: float) -> float:
    """As many independent periods tell what so many related ones do, n (1 - rho) / (1 + rho) (Bartlett 1946).

    >>> independent(78, 0.0), round(independent(78, 0.6), 1)
    (78.0, 19.5)
    """
    return size * (1 - max(rho, 0.0)) / (1 + max(rho, 0.0))


def enough(before: int, after: int) -> None:
    """Raise ``NoEstimate`` if the series is too short on a side."""
    if before < BEFORE or after < AFTER:
        raise NoEstimate("short_series", before=before, after=after, least_before=BEFORE, least_after=AFTER)
