"""Prediction intervals from the errors of past origins: split conformal (Vovk et al. 2005; Lei et al. 2018).

Errors are divided by the root of the forecast, so that small and large intervals compare, and their own quantiles are
taken within bands of days ahead and of size. Neighbouring days err together, and so do forecasts of far days from
origins a week apart (errors of overlapping forecasts are correlated: Hansen and Hodrick 1980). A few origins therefore
hold fewer errors than it seems: the quantiles are pushed out by what Student's t asks beyond the normal for so many,
by one factor for all levels, as the errors' own quantiles have their tails.
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
TOGETHER = 3.0  # days that err as one, for each week ahead
USUAL = 0.9  # the quantile at which Student's t is held against the normal
STEP = 7  # days between origins


@dataclass(frozen=True, slots=True)
class Spread:
    """Quantiles of errors: by band of days ahead and of size; ``edges`` of size, ``errors`` sorted, both per band.

    ``alone``: how many days of each band err on their own.
    """

    bands: tuple[int, ...]
    edges: tuple[Floats, ...]
    errors: tuple[tuple[Floats, ...], ...]
    alone: tuple[float, ...]

    def limits(self, mean: Floats, level: float, widening: Floats | float = 1.0) -> tuple[Floats, Floats]:
        """Low and high of each interval of a forecast (horizon, intervals); ``widening`` by day or for all."""
        stretches = [_stretch(alone) for alone in self.alone]
        wider = np.broadcast_to(widening, len(mean))
        low, high = np.empty_like(mean), np.empty_like(mean)
        for n, day in enumerate(mean):
            band = min(sum(n >= edge for edge in self.bands[:-1]), len(self.bands) - 1)
            size = np.searchsorted(self.edges[band], day)
            ends = np.array([_ends(errors, level) for errors in self.errors[band]])
            scale = np.sqrt(day + LEAST_SCALE) * stretches[band] * wider[n]
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
    edges, errors, alone = [], [], []
    for start, stop in zip((0, *bands), bands, strict=False):
        part = known[:, start:stop]
        part = part if part.sum() >= FEWEST else known
        where = slice(start, stop) if part is not known else slice(None)
        edge, sorted_errors = _by_size(said[:, where][part], came[:, where][part])
        edges.append(edge)
        errors.append(sorted_errors)
        weeks = max(1.0, min(stop, horizon) / STEP)
        alone.append(float(part.any(axis=2).sum()) / (TOGETHER * weeks))
    return Spread(bands, tuple(edges), tuple(errors), tuple(alone))


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


def _stretch(alone: float) -> float:
    """Student's t against the normal: a few errors do not show how far others may lie."""
    from scipy import stats

    return float(stats.t.ppf(USUAL, max(2.0, alone)) / stats.norm.ppf(USUAL))


@dataclass(frozen=True, slots=True)
class Totals:
    """Errors of totals, as logarithms of what came by what was said: of days, or of whole horizons.

    Horizons of more than a week overlap: ``alone`` is how many of them there would be without.
    """

    logs: Floats
    alone: float

    def limits(self, total: float, level: float, widening: float = 1.0) -> tuple[float, float]:
        """Low and high of a total."""
        if len(self.logs) < 2 or total <= 0:
            return 0.0, float("inf") if total > 0 else 0.0
        from scipy import stats

        centre, spread = float(np.mean(self.logs)), float(np.std(self.logs, ddof=1))
        half = float(stats.t.ppf((1 + level) / 2, max(1.0, self.alone - 1))) * spread * (1 + 1 / self.alone) ** 0.5
        low, high = min(0.0, centre - half * widening), max(0.0, centre + half * widening)
        return total * float(np.exp(low)), total * float(np.exp(high))


def totals_of(said: Floats, came: Floats, over: Sequence[int] = (1, 2)) -> Totals:
    """Errors of totals over the axes ``over`` of (origins, horizon, intervals), of what is known in full."""
    known: Flags = np.asarray(~np.isnan(came).any(axis=2))
    first, second = (np.where(known[:, :, None], part, 0.0) for part in (said, came))
    axes = tuple(over)
    promised, arrived = first.sum(axis=axes).ravel(), second.sum(axis=axes).ravel()
    good = (promised > 0) & (arrived > 0)
    overlap = min(1.0, STEP / said.shape[1]) if 1 in axes else 1.0
    return Totals(np.log(arrived[good] / promised[good]), 1 + (int(good.sum()) - 1) * overlap)
