"""Laws of times that were seen to their end: talk, after-call work, the time until somebody calls again."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, gammainc, ndtr, polygamma

from onefloor.insight.finding import Estimate, Z
from onefloor.planning.simulation.laws import Law, empirical, exponential, gamma, lognormal

Floats = NDArray[np.float64]
FEWEST = 30
"""Times without which no law is fitted."""
ENOUGH = 200
"""Times from which a table of quantiles is trusted more than a law that does not fit."""
LOOSE = 0.05
"""The largest distance between a law and the times that still counts as a fit."""
STEPS = 100
"""Steps between the quantiles of a table."""
SHORTEST = 1.0
"""Seconds: shorter times count as this in likelihoods, which know no 0."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A law, what it rests on, and how far from the times it is.

    ``distance`` is the largest between the two distribution functions (Kolmogorov), 0 to 1; ``criteria`` are the
    values of Akaike's criterion by kind, lower is better; ``mean`` has its interval.
    """

    law: Law
    n: int
    mean: Estimate
    distance: float
    criteria: tuple[tuple[str, float], ...]
    short: float = 0.0


def shape_of_gamma(times: Floats) -> float:
    """The shape of a gamma law by maximum likelihood: Newton steps on log k - digamma(k) = log mean - mean log.

    Start and equation: Minka (2002), "Estimating a gamma distribution", equations 5 to 9.

    >>> round(shape_of_gamma(np.array([1.0, 2.0, 3.0, 4.0])), 4)
    4.2654
    """
    gap = max(math.log(times.mean()) - float(np.log(times).mean()), 1e-12)
    shape = (3 - gap + math.sqrt((gap - 3) ** 2 + 24 * gap)) / (12 * gap)
    for _ in range(50):
        step = (math.log(shape) - digamma(shape) - gap) / (1 / shape - polygamma(1, shape))
        new = shape - step
        shape = new if new > 0 else shape / 2
        if abs(step) <= 1e-12 * shape:
            break
    return float(shape)


def sigma_of_lognormal(times: Floats) -> float:
    """The spread of the logarithms by maximum likelihood."""
    return float(np.log(times).std())


def log_likelihoods(times: Floats) -> dict[str, float]:
    """The largest log-likelihood of each kind of law."""
    n, logs, mean = len(times), np.log(times), float(times.mean())
    shape, sigma = shape_of_gamma(times), max(float(logs.std()), 1e-9)
    scale = mean / shape
    return {
        "exponential": -n * (math.log(mean) + 1),
        "lognormal": -float(logs.sum()) - n * (math.log(sigma * math.sqrt(2 * math.pi)) + 0.5),
        "gamma": (shape - 1) * float(logs.sum()) - n * (shape + shape * math.log(scale) + math.lgamma(shape)),
    }


def distribution(law: Law, times: Floats) -> Floats:
    """The share of a law at or below each time."""
    first, second = law.parameters
    if law.kind == "exponential":
        return np.asarray(-np.expm1(-times / first))
    if law.kind == "lognormal":
        return np.asarray(ndtr((np.log(np.maximum(times, 1e-300)) - first) / second))
    if law.kind == "gamma":
        return np.asarray(gammainc(first, times / second))
    if law.kind == "empirical":
        return np.interp(times, law.values, np.linspace(0, 1, len(law.values)))
    return (times >= law.mean).astype(float)


def distance(law: Law, times: Floats) -> float:
    """The largest distance between the law and the share of times seen at or below each time (Kolmogorov)."""
    ordered, counts = np.unique(times, return_counts=True)
    above = np.cumsum(counts) / len(times)
    found = distribution(law, ordered)
    return float(np.maximum(np.abs(above - found), np.abs(above - counts / len(times) - found)).max())


def table(times: Floats, steps: int = STEPS) -> Law:
    """The quantiles of times at equal steps; the highest is moved so that the mean stays that of the times.

    >>> table(np.arange(1.0, 1001.0), 4).values
    (1.0, 250.75, 500.5, 750.25, 1000.0)
    """
    quantiles = np.quantile(times, np.linspace(0, 1, steps + 1))
    wanted = float(times.mean()) * steps - float(quantiles[1:-1].sum()) - quantiles[0] / 2
    quantiles[-1] = max(2 * wanted, quantiles[-2])
    return empirical(tuple(float(round(value, 3)) for value in quantiles))


def fitted(times: Floats) -> Fitted:
    """The law that fits best, with the mean of the times themselves: in planning the mean is what counts most.

    Kind and spread are those of the highest likelihood by Akaike's criterion (1974). Where even that is further than
    ``LOOSE`` from the times and there are enough of them, their quantiles are the law.

    Args:
        times: seconds, 0 or more, ``FEWEST`` or more of them.

    >>> seen = np.random.default_rng(1).lognormal(5.0, 0.6, 4000)
    >>> fitted(seen).law.kind, round(fitted(seen).law.cv, 1)
    ('lognormal', 0.7)
    """
    mean, n = float(times.mean()), len(times)
    error = Z * float(times.std()) / math.sqrt(n)
    estimate = Estimate(mean, mean - error, mean + error)
    short = float((times < SHORTEST).mean())
    if times.std() <= 1e-9 * max(mean, 1e-9):
        return Fitted(Law("constant", mean), n, estimate, 0.0, (), short)
    shown = np.maximum(times, SHORTEST)
    likely = log_likelihoods(shown)
    criteria = {kind: 2 * (1 if kind == "exponential" else 2) - 2 * found for kind, found in likely.items()}
    kind = min(criteria, key=criteria.__getitem__)
    law = _law(kind, mean, shown)
    found = distance(law, times)
    if found > LOOSE and n >= ENOUGH:
        law = table(times)
        found = distance(law, times)
    return Fitted(law, n, estimate, found, tuple(sorted(criteria.items())), short)


def _law(kind: str, mean: float, times: Floats) -> Law:
    if kind == "exponential":
        return exponential(mean)
    if kind == "gamma":
        return gamma(mean, 1 / math.sqrt(shape_of_gamma(times)))
    return lognormal(mean, math.sqrt(math.expm1(sigma_of_lognormal(times) ** 2)))
