"""What an estimator gives back: a number, its error, and the law of chance that makes an interval of them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from onefloor.insight.finding import LEVEL, Estimate

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Student:
    """A t distribution; infinite ``df`` is the normal one."""

    df: float

    def quantile(self, level: float) -> float:
        """Half the width of an interval with that level, in errors."""
        return float(stats.t.ppf((1 + level) / 2, self.df))

    def p_value(self, size: float) -> float:
        """The chance of a value at least that far from 0."""
        return float(2 * stats.t.sf(abs(size), self.df))


@dataclass(frozen=True, slots=True)
class Draws:
    """Absolute values, in errors, that come out where there is no effect: permutations, placebos.

    The one that was found counts as a draw of its own: (1 + number at least as large) / (1 + number), Phipson and
    Smyth 2010. With n draws no level above n / (n + 1) has a finite interval.
    """

    sizes: tuple[float, ...]

    def quantile(self, level: float) -> float:
        """As ``Student``; infinite where the draws are too few."""
        place = math.ceil(level * (len(self.sizes) + 1) - 1e-9)
        return sorted(self.sizes)[place - 1] if 0 < place <= len(self.sizes) else math.inf

    def p_value(self, size: float) -> float:
        """As ``Student``."""
        return (1 + sum(one >= abs(size) for one in self.sizes)) / (1 + len(self.sizes))


def half_widths(information: Floats, rho: float, level: float = LEVEL) -> Floats:
    """Half the width of the normal mixture's intervals, in the unit of the estimate (Howard et al. 2021, equation 14).

    sqrt((v + rho)(2 ln(1/alpha) + ln((v + rho) / rho))) / v with the information v = 1 / error^2.
    """
    total = information + rho
    return np.asarray(np.sqrt(total * (2 * math.log(1 / (1 - level)) + np.log(total / rho))) / information)


@dataclass(frozen=True, slots=True)
class Mixture:
    """The normal-mixture boundary: valid at every look, however often one looks.

    ``information`` is 1 / error^2; ``rho`` where the boundary is tightest. See ``looks``.
    """

    information: float
    rho: float

    def quantile(self, level: float) -> float:
        """As ``Student``: the half width in errors."""
        return float(half_widths(np.array(self.information), self.rho, level)) * math.sqrt(self.information)

    def p_value(self, size: float) -> float:
        """The always-valid p: the least alpha whose boundary is crossed."""
        v, total = self.information, self.information + self.rho
        return min(1.0, math.exp(-(v / total * size**2 - math.log(total / self.rho)) / 2))


Chance = Student | Draws | Mixture


@dataclass(frozen=True, slots=True)
class Found:
    """An effect as an estimator found it, as a share or in the unit of the quotients that went in.

    ``treated`` and ``controls`` count units (agents, teams, periods of a series); ``rows`` the denominators behind.
    """

    value: float
    error: float
    chance: Chance
    treated: int
    controls: int
    details: dict[str, float] = field(default_factory=dict)

    def interval(self, level: float = LEVEL) -> Estimate:
        """The interval that holds the effect with that level."""
        half = self.chance.quantile(level) * self.error
        return Estimate(self.value, self.value - half, self.value + half, level)

    @property
    def p_value(self) -> float:
        """The chance of an effect this large where there is none."""
        return self.chance.p_value(self.value / self.error) if self.error else 0.0


class NoEstimate(Exception):
    """There is no honest estimate; ``code`` names the reason, ``figures`` stand in its words (see ``refusals``)."""

    def __init__(self, code: str, **figures: float | str) -> None:
        self.code, self.figures = code, figures
        super().__init__(code)
