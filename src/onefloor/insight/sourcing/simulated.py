"""Many drawn states of the world: what each option costs in all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onefloor.insight.finding import Estimate
from onefloor.insight.sourcing.costs import outcome
from onefloor.insight.sourcing.inputs import Values, drawn, inputs_of
from onefloor.insight.sourcing.spread import Floats
from onefloor.insight.sourcing.terms import Sourcing

CHUNK = 5_000
"""Draws that are held in memory at once with all their cost lines."""


@dataclass(frozen=True, slots=True)
class Draws:
    """An option in every draw: what a resolved contact has cost by each month, ``(draws, months)``.

    ``aside`` is the money shown apart, of a resolved contact, ``(draws,)``.
    """

    so_far: Floats
    aside: Floats

    @property
    def per_resolved(self) -> Floats:
        """Cost of a resolved contact over all months, one a draw."""
        return self.so_far[:, -1]


def simulate(
    sourcing: Sourcing, names: Sequence[str], months: int, rng: np.random.Generator, draws: int
) -> dict[str, Draws]:
    """All options in the same drawn states of the world."""
    values = drawn(inputs_of(sourcing), sourcing.shared, rng, draws)
    return {name: _simulated(sourcing, name, values, months, draws) for name in names}


def _simulated(sourcing: Sourcing, name: str, values: Values, months: int, draws: int) -> Draws:
    found = []
    for start in range(0, draws, CHUNK):
        some = {key: held[start : start + CHUNK] for key, held in values.items()}
        done = outcome(sourcing, name, some, months)
        apart = sum(done.aside.values(), np.zeros_like(done.contacts)).sum(axis=1) / done.resolved.sum(axis=1)
        found.append((done.so_far(), apart))
    return Draws(*(np.concatenate(part) for part in zip(*found, strict=True)))


def interval(draws: Floats, level: float) -> Estimate:
    """The median of draws and the ends that leave equal shares outside; each is one of the draws.

    >>> interval(np.arange(101.0), 0.9)
    Estimate(value=50.0, low=5.0, high=95.0, level=0.9)
    """
    ends = ((1 - level) / 2, 0.5, (1 + level) / 2)
    low, mid, high = np.quantile(draws, ends, method="inverted_cdf")
    return Estimate(float(mid), float(low), float(high), level)


def payback(option: Floats, reference: Floats) -> NDArray[np.intp]:
    """The first month (1 is the first) from which an option has cost less, to the end; 0 where there is none.

    Args:
        option, reference: what a resolved contact has cost by each month, ``(rows, months)``.

    >>> payback(np.array([[9.0, 7.0, 5.0]]), np.array([[6.0, 6.0, 6.0]])).tolist()
    [3]
    """
    ahead = option < reference
    months = ahead.shape[1]
    last_behind = np.where(ahead.all(axis=1), 0, months - np.argmax(~ahead[:, ::-1], axis=1))
    return np.where(last_behind == months, 0, last_behind + 1)
