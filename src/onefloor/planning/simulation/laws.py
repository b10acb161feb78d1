"""Laws of chance for times and factors: exponential, lognormal, gamma, constant, empirical; and given values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

Kind = Literal["constant", "exponential", "lognormal", "gamma", "empirical", "given"]
KINDS: tuple[Kind, ...] = ("constant", "exponential", "lognormal", "gamma", "empirical", "given")


@dataclass(frozen=True, slots=True)
class Law:
    """A law by its mean and coefficient of variation ``cv`` (standard deviation / mean).

    ``values`` are the quantiles of an empirical law at equal steps from 0 to 1, rising; between them it is straight. If
    they are given, each contact takes the next of them, and after the last the first again; ``cv`` is 0 then.
    Times are seconds, or any other unit that the whole model shares.

    >>> mu, sigma = lognormal(300, cv=1.0).parameters
    >>> round(math.exp(mu + sigma * sigma / 2))
    300
    """

    kind: Kind
    mean: float
    cv: float = 0.0
    values: tuple[float, ...] = ()

    @property
    def parameters(self) -> tuple[float, float]:
        """The two numbers the kernel draws with: (mean, 0), (mu, sigma) of the logarithm, or (shape, scale)."""
        if self.kind == "lognormal":
            sigma = math.sqrt(math.log1p(self.cv * self.cv))
            return math.log(self.mean) - 0.5 * sigma * sigma, sigma
        if self.kind == "gamma":
            return 1.0 / (self.cv * self.cv), self.mean * self.cv * self.cv
        return self.mean, 0.0

    def as_json(self) -> dict[str, object]:
        """As data; ``quantiles_s`` only where values are given."""
        return {"law": self.kind, "mean_s": self.mean, "cv": self.cv, "quantiles_s": list(self.values)}

    def __str__(self) -> str:
        spread = f" cv {self.cv:g}" if self.kind in ("lognormal", "gamma") else ""
        return f"{self.kind} {self.mean:g}{spread}"


def constant(value: float) -> Law:
    """Always the same."""
    return Law("constant", value)


def exponential(mean: float) -> Law:
    """Exponential with this mean."""
    return Law("exponential", mean, 1.0)


def lognormal(mean: float, cv: float) -> Law:
    """Lognormal with this mean of the times themselves (not of their logarithms)."""
    return Law("lognormal", mean, cv)


def gamma(mean: float, cv: float) -> Law:
    """Gamma with this mean."""
    return Law("gamma", mean, cv)


def empirical(values: tuple[float, ...]) -> Law:
    """What was seen: its quantiles at equal steps, or the sorted sample itself.

    >>> empirical((3.0, 1.0, 2.0)).mean
    2.0
    """
    ordered = tuple(sorted(map(float, values)))
    ordered = ordered * 2 if len(ordered) == 1 else ordered
    steps = list(pairwise(ordered))
    mean = math.fsum((low + high) / 2 for low, high in steps) / len(steps)
    square = math.fsum((low * low + low * high + high * high) / 3 for low, high in steps) / len(steps)
    spread = math.sqrt(max(square - mean * mean, 0.0)) / mean if mean else 0.0
    return Law("empirical", mean, spread, ordered)


def given(values: Sequence[float]) -> Law:
    """No chance: the values themselves, one after the other, for who has drawn them already.

    >>> given([3.0, 1.0, 2.0]).mean
    2.0
    """
    return Law("given", sum(values) / len(values), 0.0, tuple(values))
