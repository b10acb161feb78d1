"""Laws of patience by maximum likelihood where most customers are answered before they would leave.

A customer who left after t seconds adds the density at t, one whose wait ended otherwise the share that waits longer
(Cox and Oakes 1984, equation 3.1); all is given that nobody left before ``entry`` (those are ``never_waits``).
Exponential patience: customers who left over all seconds waited, as Mandelbaum and Zeltyn (2013) use it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import gammaincc, gammaln, log_ndtr

from onefloor.planning.simulation.laws import Law, exponential, gamma, lognormal

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Log = Callable[[Floats, Floats], tuple[Floats, Floats]]
"""Of times and the two parameters: logarithms of density and of the share that waits longer."""
WIDEST_CV = 19.0
LONGEST = 1e8


@dataclass(frozen=True, slots=True)
class Waits:
    """How waits ended, those that are alike counted together: ``count`` of them after ``time`` seconds."""

    time: Floats
    left: Flags
    count: Floats
    entry: float = 0.0

    @property
    def events(self) -> float:
        """How many left."""
        return float(self.count[self.left].sum())


@dataclass(frozen=True, slots=True)
class Patience:
    """A law of patience of one kind, fitted: two parameters of its own, as logarithms where above 0.

    ``criterion`` is Akaike's; ``covariance`` that of the parameters.
    """

    kind: str
    parameters: Floats
    covariance: Floats
    criterion: float

    def log_surviving(self, times: Floats) -> Floats:
        """Logarithm of the share that waits longer."""
        return KINDS[self.kind](np.maximum(times, 1e-9), self.parameters)[1]

    def surviving(self, times: Floats) -> Floats:
        """The share that waits longer."""
        return np.asarray(np.exp(self.log_surviving(times)))

    @property
    def mean(self) -> float:
        """The mean patience; infinite if it is beyond all bounds."""
        return _mean(self.kind, self.parameters)

    @property
    def mean_interval(self) -> tuple[float, float]:
        """The 95 % interval of the mean, by the delta method on its logarithm."""
        slope = _slope(lambda at: math.log(_mean(self.kind, at)), self.parameters)
        error = 1.959964 * math.sqrt(max(float(slope @ self.covariance @ slope), 0.0))
        spread = min(error, 50.0)
        return self.mean * math.exp(-spread), self.mean * math.exp(spread)

    @property
    def law(self) -> Law | None:
        """As the simulator's law; None for Weibull, and where the spread is beyond what it takes."""
        first, second = (float(value) for value in self.parameters)
        if not self.mean < LONGEST:
            return None
        if self.kind == "exponential":
            return exponential(self.mean)
        if self.kind == "lognormal":
            cv = math.sqrt(math.expm1(min(math.exp(2 * second), 700.0)))
            return lognormal(self.mean, cv) if cv < WIDEST_CV else None
        if self.kind == "gamma":
            cv = math.exp(-first / 2)
            return gamma(self.mean, cv) if cv < WIDEST_CV else None
        return None


def alike(waits: Floats, left: Flags, entry: float = 0.0) -> Waits:
    """Waits above ``entry``, to three digits, those that are alike together."""
    kept = waits > entry
    time, gone = waits[kept], left[kept]
    if len(time):
        place = 10.0 ** (np.floor(np.log10(time)) - 2)
        time = np.maximum(np.round(time / place) * place, entry + 1e-6)
    keys, count = np.unique(np.stack([time, gone.astype(float)]), axis=1, return_counts=True)
    return Waits(keys[0], keys[1] > 0, count.astype(float), entry)


def _exponential(t: Floats, p: Floats) -> tuple[Floats, Floats]:
    share = -t * np.exp(-p[0])
    return share - p[0], share


def _lognormal(t: Floats, p: Floats) -> tuple[Floats, Floats]:
    z = (np.log(t) - p[0]) * np.exp(-p[1])
    return -0.5 * z * z - 0.5 * math.log(2 * math.pi) - np.log(t) - p[1], log_ndtr(-z)


def _weibull(t: Floats, p: Floats) -> tuple[Floats, Floats]:
    shape = np.exp(p[0])
    z = np.log(t) - p[1]
    grown = -np.exp(np.minimum(shape * z, 700.0))
    return p[0] + (shape - 1) * z - p[1] + grown, grown


def _gamma(t: Floats, p: Floats) -> tuple[Floats, Floats]:
    shape = math.exp(min(float(p[0]), 12.0))
    x = t * np.exp(-p[1])
    surviving = np.log(np.maximum(gammaincc(shape, x), 1e-300))
    return (shape - 1) * np.log(x) - x - gammaln(shape) - p[1], surviving


KINDS: dict[str, Log] = {
    "exponential": _exponential, "lognormal": _lognormal, "gamma": _gamma, "weibull": _weibull,
}  # fmt: skip


def _mean(kind: str, p: Floats) -> float:
    first, second = (float(value) for value in p)
    try:
        if kind == "exponential":
            return math.exp(first)
        if kind == "lognormal":
            return math.exp(first + 0.5 * math.exp(2 * second))
        if kind == "weibull":
            return math.exp(second + math.lgamma(1 + math.exp(-first)))
        return math.exp(first + second)
    except OverflowError:
        return math.inf


def log_likelihood(kind: str, waits: Waits, parameters: Floats) -> float:
    """Of waits under a law; minus infinity where it cannot be."""
    with np.errstate(all="ignore"):
        density, longer = KINDS[kind](waits.time, parameters)
        before = KINDS[kind](np.array([waits.entry]), parameters)[1][0] if waits.entry else 0.0
        total = float((waits.count * np.where(waits.left, density, longer)).sum() - waits.count.sum() * before)
    return total if math.isfinite(total) else -1e300


def fitted(kind: str, waits: Waits) -> Patience:
    """The law of one kind with the highest likelihood, and the covariance of its parameters by its curvature."""
    seconds = float((waits.count * (waits.time - waits.entry)).sum())
    mean = math.log(seconds / waits.events)
    start = {"exponential": (mean, 0.0), "lognormal": (mean, 0.0), "weibull": (0.0, mean), "gamma": (0.0, mean)}[kind]
    if kind == "exponential":
        found = np.array(start)
        covariance = np.diag([1 / waits.events, 0.0])
    else:
        steps = {"xatol": 1e-6, "fatol": 1e-7, "maxiter": 600}
        answer = minimize(lambda p: -log_likelihood(kind, waits, p), start, method="Nelder-Mead", options=steps)
        found = np.asarray(answer.x)
        covariance = _covariance(lambda p: -log_likelihood(kind, waits, p), found)
    free = 1 if kind == "exponential" else 2
    return Patience(kind, found, covariance, 2 * free - 2 * log_likelihood(kind, waits, found))


def _covariance(of: Callable[[Floats], float], at: Floats, step: float = 1e-3) -> Floats:
    """The inverse of the curvature at a minimum, by central differences; large where it is flat."""
    e = np.eye(2) * step
    curve = np.array([
        [(of(at + e[i] + e[j]) - of(at + e[i] - e[j]) - of(at - e[i] + e[j]) + of(at - e[i] - e[j])) for j in (0, 1)]
        for i in (0, 1)
    ]) / (4 * step * step)  # fmt: skip
    values, vectors = np.linalg.eigh((curve + curve.T) / 2)
    return np.asarray((vectors / np.maximum(values, 1e-6)) @ vectors.T)


def _slope(of: Callable[[Floats], float], at: Floats, step: float = 1e-4) -> Floats:
    e = np.eye(2) * step
    try:
        return np.array([(of(at + one) - of(at - one)) / (2 * step) for one in e])
    except (OverflowError, ValueError):
        return np.full(2, np.inf)
