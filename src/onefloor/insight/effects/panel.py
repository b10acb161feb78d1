"""Units by periods: what every design with agents or teams starts from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

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
        with np.errstate(invalid="ignore", divide="ignore"):
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

    def counted(self, span: Span) -> Floats:
        """In how many periods of a span each unit has rows."""
        return np.asarray((self.denominator[:, max(0, span[0]) : max(0, span[1])] > 0).sum(1), np.float64)

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
    """What figures differ by: variance ``between`` units, ``wobble`` from period to period, and ``within`` a row.

    The figure of a unit in a period of n rows has the variance wobble + within / n around the unit's own level.
    """

    mean: float
    between: float
    wobble: float
    within: float

    def noise(self, rows: Floats, periods: Floats | int = 1) -> Floats:
        """The variance of a figure of so many rows over so many periods, given the level; endless without rows."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(rows > 0, self.wobble / np.maximum(periods, 1) + self.within / rows, np.inf)

    def shrunk(self, value: Floats, rows: Floats, periods: Floats | int = 1) -> Floats:
        """What a figure makes one expect: drawn to the mean so far as it is chance (Efron and Morris 1977)."""
        total = self.between + self.noise(rows, periods)
        weight = np.where(np.isfinite(total) & (total > 0), self.between / np.where(total > 0, total, 1), 0.0)
        return np.asarray(self.mean + weight * (np.where(np.isfinite(value), value, self.mean) - self.mean))

    def weight(self, rows: Floats) -> Floats:
        """The precision of a unit's figure in a period, 1 for one of endless rows."""
        floor = max(self.between + self.wobble, 1e-12)
        return np.asarray(floor / (floor + self.within / np.maximum(rows, 1e-9)))


def spread(panel: Panel, span: Span) -> Spread:
    """The variances over some periods by moments, the means of periods taken out (after DerSimonian and Laird 1986)."""
    first, end = max(0, span[0]), max(0, span[1])
    rows = panel.denominator[:, first:end].astype(float)
    total = rows.sum(0)
    if not total.sum():
        return Spread(0.0, 0.0, 0.0, 0.0)
    means = panel.numerator[:, first:end].sum(0) / np.maximum(total, 1)
    mean = float((means * total).sum() / total.sum())
    apart = np.where(rows > 0, panel.rates[:, first:end] - means, np.nan)
    wobble, within = _noise(apart, rows)
    return Spread(mean, _between(apart, rows, wobble, within), wobble, within)


def _noise(apart: Floats, rows: Floats) -> tuple[float, float]:
    """Squares around each unit's own mean, as a part that rows do not lessen and one that they do."""
    times = (rows > 0).sum(1)
    used = (rows > 0) & (times > 1)[:, None]
    if used.sum() < 3:
        return 0.0, 0.0
    count = np.maximum(times, 1)
    own = np.where(rows > 0, apart, 0.0).sum(1) / count
    grown = count / np.maximum(count - 1, 1)
    squares = ((np.where(used, apart, 0.0) - own[:, None]) ** 2 * grown[:, None])[used]
    root = np.sqrt(rows[used])
    found, _ = nnls(np.column_stack([root, root / rows[used]]), squares * root)
    return float(found[0]), float(found[1])


def _between(apart: Floats, rows: Floats, wobble: float, within: float) -> float:
    """The variance of the units' levels beyond what their noise explains."""
    seen = (rows > 0).any(1)
    count = (rows > 0).sum(1)[seen]
    inverse = np.where(rows > 0, 1 / np.maximum(rows, 1), 0.0).sum(1)[seen]
    noise = (wobble * count + within * inverse) / count**2
    level = np.nansum(apart[seen], axis=1) / count
    if len(level) < 2 or not (noise > 0).all():
        return float(level.var(ddof=1)) if len(level) > 1 else 0.0
    weight = 1 / noise
    total = weight.sum()
    spread_ = (weight * (level - weight @ level / total) ** 2).sum()
    free = len(level) - 1
    return float(max(0.0, (spread_ - free) / (total - (weight**2).sum() / total)))
