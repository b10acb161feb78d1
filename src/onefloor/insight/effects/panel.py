"""Units by periods: what every design with agents or teams starts from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onefloor.insight.cells import Cells
from onefloor.insight.effects.found import Floats, Mask, Places
from onefloor.metrics.dimensions import Shown

NEVER = 10**6
"""The start of a unit that never gets the action."""
Span = tuple[int, int]
"""Periods from the first up to, not including, the second."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Numerators and denominators, units x periods; a cell without rows has denominator 0.

    ``start[unit]`` is the first period wholly under the action (``NEVER`` without); ``touched[unit]`` the first that is
    partly under it. ``periods`` are in order of time, without gaps.
    """

    units: tuple[Shown, ...]
    periods: tuple[str, ...]
    numerator: NDArray[np.int64]
    denominator: NDArray[np.int64]
    start: Places
    touched: Places

    @property
    def rates(self) -> Floats:
        """The quotients; NaN without rows."""
        with np.errstate(invalid="ignore"):
            return np.where(self.denominator > 0, self.numerator / self.denominator, np.nan)

    @property
    def helped(self) -> Mask:
        """The units that ever get the action."""
        return self.start < NEVER

    def sums(self, span: Span, mask: Mask | Places | None = None) -> tuple[Floats, Floats]:
        """Numerators and denominators of units over some periods."""
        first, end = max(0, span[0]), max(0, span[1])
        chosen = slice(None) if mask is None else mask
        above, below = self.numerator[chosen, first:end].sum(1), self.denominator[chosen, first:end].sum(1)
        return above.astype(float), below.astype(float)

    def over(self, span: Span) -> Floats:
        """Each unit's quotient over some periods; NaN without rows."""
        above, below = self.sums(span)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(below > 0, above / below, np.nan)

    def chosen(self, mask: Mask) -> Panel:
        """Some of the units."""
        units = tuple(unit for unit, kept in zip(self.units, mask, strict=True) if kept)
        return Panel(
            units, self.periods, self.numerator[mask], self.denominator[mask], self.start[mask], self.touched[mask]
        )


def panel_of(
    found: Cells, unit: str, period: str, periods: tuple[str, ...], starts: dict[Shown, tuple[int, int]]
) -> Panel:
    """A panel of the cells by unit and period.

    Args:
        found: cells by at least ``unit`` and ``period``.
        unit: the dimension of the units; nobody's rows are left out.
        period: ``month`` or ``week``.
        periods: all periods of the panel in order; cells of others are left out.
        starts: ``(touched, start)`` of the units that get the action, as places in ``periods``.
    """
    folded = found.grouped((unit, period))
    names = tuple(name for name in folded.names[unit] if name is not None)
    row = {name: place for place, name in enumerate(names)}
    column = {name: place for place, name in enumerate(periods)}
    above, below = (np.zeros((len(names), len(periods)), np.int64) for _ in range(2))
    for place in range(len(folded)):
        name, when = folded.key(place)
        if name in row and when in column:
            above[row[name], column[str(when)]] = folded.numerator[place]
            below[row[name], column[str(when)]] = folded.denominator[place]
    touched, start = (np.array([starts.get(name, (NEVER, NEVER))[side] for name in names], np.intp) for side in (0, 1))
    seen = below.sum(1) > 0
    return Panel(names, periods, above, below, start, touched).chosen(seen)


@dataclass(frozen=True, slots=True)
class Spread:
    """What units differ by: variance ``between`` them, and ``within / n`` from one period of n rows to another."""

    mean: float
    between: float
    within: float

    def shrunk(self, value: Floats, rows: Floats) -> Floats:
        """What a figure of so many rows makes one expect: drawn to the mean so far as it is chance (Efron 1977)."""
        weight = self.between / (self.between + self.within / np.maximum(rows, 1e-9))
        return np.asarray(self.mean + weight * (value - self.mean))

    def weight(self, rows: Floats) -> Floats:
        """The precision of a unit's figure, 1 for endless rows."""
        floor = max(self.between, 1e-12)
        return np.asarray(floor / (floor + self.within / np.maximum(rows, 1e-9)))


def spread(panel: Panel, span: Span) -> Spread:
    """The variances over some periods by moments, period means taken out (DerSimonian, Laird 1986)."""
    first, end = max(0, span[0]), max(0, span[1])
    rates, rows = panel.rates[:, first:end], panel.denominator[:, first:end].astype(float)
    if not rows.sum():
        return Spread(0.0, 0.0, 0.0)
    total = rows.sum(0)
    means = np.where(total > 0, panel.numerator[:, first:end].sum(0) / np.maximum(total, 1), 0)
    mean = float((means * total).sum() / total.sum())
    apart = np.where(rows > 0, rates - means, 0.0)
    size = rows.sum(1)
    own = (apart * rows).sum(1) / np.maximum(size, 1)
    free = np.maximum((rows > 0).sum(1) - 1, 0).sum()
    inside = (rows * (apart - own[:, None]) ** 2).sum()
    within = float(inside / free) if free else mean * max(0.0, 1 - mean)
    seen = size > 0
    weighted = (size[seen] * own[seen] ** 2).sum()
    scale = size.sum() - (size**2).sum() / size.sum()
    between = float(max(0.0, (weighted - (seen.sum() - 1) * within) / scale)) if scale > 0 else 0.0
    return Spread(mean, between, within)
