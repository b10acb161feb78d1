"""Prediction intervals from the errors of past origins: split conformal (Vovk et al. 2005; Lei et al. 2018).

Errors are divided by the root of the forecast, so that small and large intervals compare, and their own quantiles are
taken within bands of days ahead and of size. Days of one origin err together, so a few origins hold fewer errors than
it seems: the quantiles are pushed out by what Student's t asks beyond the normal for so many days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from onefloor.planning.forecasting.history import Flags, Floats, Ints

BANDS = (7, 14, 28, 10_000)  # days ahead, up to and including
SIZES = 4
FEWEST = 150  # errors in a band of size
LEAST_SCALE = 0.5
CLOSED = 0.005  # calls: an interval in which none are expected at all


@dataclass(frozen=True, slots=True)
class Spread:
    """Quantiles of errors: by band of days ahead and of size; ``edges`` of size, ``errors`` sorted, both per band."""

    bands: tuple[int, ...]
    edges: tuple[Floats, ...]
    errors: tuple[tuple[Floats, ...], ...]
    days: int

    def limits(self, mean: Floats, level: float, widening: Floats | float = 1.0) -> tuple[Floats, Floats]:
        """Low and high of each interval of a forecast (horizon, intervals); ``widening`` by day or for all."""
        stretch = _stretch(level, self.days) * np.broadcast_to(widening, len(mean))
        low, high = np.empty_like(mean), np.empty_like(mean)
        for n, day in enumerate(mean):
            band = min(sum(n >= edge for edge in self.bands[:-1]), len(self.bands) - 1)
            size = np.searchsorted(self.edges[band], day)
            ends = np.array([_ends(errors, level) for errors in self.errors[band]])
            scale = np.sqrt(day + LEAST_SCALE) * stretch[n]
            scale = np.where(day > CLOSED, scale, 0.0)
            low[n], high[n] = day + ends[size, 0] * scale, day + ends[size, 1] * scale
        return np.maximum(0.0, low), np.maximum(0.0, high)


def spread_of(said: Floats, came: Floats) -> Spread:
    """The spread of errors at past origins.

    Args:
        said: (origins, horizon, intervals).
        came: the same shape, nan where it is not known or not to be judged.
    """
    horizon = said.shape[1]
    bands = tuple(edge for edge, before in zip(BANDS, (0, *BANDS), strict=False) if before < horizon)
    known = ~np.isnan(came) & (said > CLOSED)
    edges, errors = [], []
    for start, stop in zip((0, *bands), bands, strict=False):
        part = known[:, start:stop]
        part = part if part.sum() >= FEWEST else known
        where = slice(start, stop) if part is not known else slice(None)
        edge, sorted_errors = _by_size(said[:, where][part], came[:, where][part])
        edges.append(edge)
        errors.append(sorted_errors)
    return Spread(bands, tuple(edges), tuple(errors), int(known.any(axis=2).sum()))


def _by_size(said: Floats, came: Floats) -> tuple[Floats, tuple[Floats, ...]]:
    sizes = max(1, min(SIZES, len(said) // FEWEST))
    edges = np.quantile(said, np.arange(1, sizes) / sizes) if sizes > 1 else np.zeros(0)
    scores = (came - said) / np.sqrt(said + LEAST_SCALE)
    place: Ints = np.searchsorted(edges, said)
    return edges, tuple(np.sort(scores[place == size]) if (place == size).any() else np.zeros(1)
                        for size in range(sizes))  # fmt: skip


def _ends(errors: Floats, level: float) -> tuple[float, float]:
    low, high = np.quantile(errors, [(1 - level) / 2, (1 + level) / 2])
    return min(0.0, float(low)), max(0.0, float(high))


def _stretch(level: float, days: int) -> float:
    """Student's t against the normal: a few days of errors do not show how far others may lie."""
    from scipy import stats

    p = (1 + level) / 2
    return float(stats.t.ppf(p, max(2, days // 3)) / stats.norm.ppf(p))


@dataclass(frozen=True, slots=True)
class Totals:
    """Errors of totals, as logarithms of what came by what was said: of days and of whole weeks."""

    logs: Floats

    def limits(self, total: float, level: float, widening: float = 1.0) -> tuple[float, float]:
        """Low and high of a total."""
        if len(self.logs) < 2 or total <= 0:
            return 0.0, float("inf") if total > 0 else 0.0
        from scipy import stats

        centre, spread = float(np.mean(self.logs)), float(np.std(self.logs, ddof=1))
        half = float(stats.t.ppf((1 + level) / 2, len(self.logs) - 1)) * spread * (1 + 1 / len(self.logs)) ** 0.5
        low, high = min(0.0, centre - half * widening), max(0.0, centre + half * widening)
        return total * float(np.exp(low)), total * float(np.exp(high))


def totals_of(said: Floats, came: Floats, over: Sequence[int] = (1, 2)) -> Totals:
    """Errors of totals over the axes ``over`` of (origins, horizon, intervals), of what is known in full."""
    known: Flags = np.asarray(~np.isnan(came).any(axis=2))
    first, second = (np.where(known[:, :, None], part, 0.0) for part in (said, came))
    axes = tuple(over)
    promised, arrived = first.sum(axis=axes).ravel(), second.sum(axis=axes).ravel()
    good = (promised > 0) & (arrived > 0)
    return Totals(np.log(arrived[good] / promised[good]))
