"""A number nobody knows exactly: low, mid and high, and the value at any chance."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from onefloor.insight.finding import Estimate

Floats = NDArray[np.float64]
Shape = Literal["triangle", "normal"]
SURE = 1e-9
"""Chances nearer than this to 0 and 1 are taken as this far away, so that a normal value stays finite."""


@dataclass(frozen=True, slots=True)
class Spread:
    """What is thought of a number: ``low <= mid <= high``.

    A triangle lies between low and high with its top at mid. A normal one comes from an estimate: low and high are the
    ends of its interval of ``level``.
    """

    low: Fraction
    mid: Fraction
    high: Fraction
    shape: Shape = "triangle"
    level: float = 0.95

    @property
    def certain(self) -> bool:
        """Whether it can only be one number."""
        return self.low == self.high

    def at(self, chance: Floats) -> Floats:
        """The values below which the truth lies with these chances (0 to 1), one each."""
        if self.certain:
            return np.full_like(chance, float(self.mid))
        held = np.clip(chance, SURE, 1 - SURE)
        return _normal(self, held) if self.shape == "normal" else _triangle(self, held)

    def ends(self) -> tuple[float, float, float]:
        """Low, mid and high as floats."""
        return float(self.low), float(self.mid), float(self.high)


def certainly(value: Fraction | int) -> Spread:
    """A number that is known."""
    return Spread(Fraction(value), Fraction(value), Fraction(value))


def estimated(estimate: Estimate) -> Spread:
    """What an estimate says: normal, with its interval's ends.

    The ends must be finite.

    >>> float(estimated(Estimate(5.0, 3.0, 7.0)).at(np.array([0.975]))[0])
    7.0
    """
    low, mid, high = (Fraction(end).limit_denominator(10**9) for end in (estimate.low, estimate.value, estimate.high))
    return Spread(low, mid, high, "normal", estimate.level)


def _triangle(spread: Spread, chance: Floats) -> Floats:
    """The inverse of the triangular distribution (Kotz & van Dorp 2004, Beyond Beta, section 1.1).

    >>> _triangle(Spread(Fraction(0), Fraction(1), Fraction(2)), np.array([0.5, 0.125])).tolist()
    [1.0, 0.5]
    """
    low, mid, high = spread.ends()
    rising = low + np.sqrt(chance * (high - low) * (mid - low))
    falling = high - np.sqrt((1 - chance) * (high - low) * (high - mid))
    return np.where(chance < (mid - low) / (high - low), rising, falling)


def _normal(spread: Spread, chance: Floats) -> Floats:
    low, mid, high = spread.ends()
    deviation = (high - low) / 2 / float(ndtri((1 + spread.level) / 2))
    return np.asarray(mid + deviation * ndtri(chance), dtype=np.float64)
