"""Leaving rates by cohort and tenure, with what is known of them; and how much they swing from month to month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from onefloor.insight.attrition.spells import Codes, Floats, Spells

BANDS = (30, 90, 180, 365, 730)
"""Upper ends of the tenure bands in days; the last band is open."""
MONTH = 30  # days of a stretch in which leaving may swing
PRIOR = 1.0  # leavers that the floor's own rate of a band counts for in a cohort
LEAST = 0.5  # leavers that stand for none in a band of the whole floor
FAR = 1e9


@dataclass(frozen=True, slots=True)
class Rates:
    """What is known of the leaving rate a day, by cohort and tenure band: gamma laws, shape (cohorts, bands).

    ``swing`` is the variance of a factor of mean 1 by which all rates of a cohort differ from one month to the next.
    """

    shape: Floats
    exposure: Floats
    swing: float
    bands: tuple[int, ...] = BANDS

    @property
    def mean(self) -> Floats:
        """The expected rates."""
        return self.shape / self.exposure

    def drawn(self, chance: np.random.Generator, size: int) -> Floats:
        """Rates as they may be, shape (cohorts, bands, size)."""
        return chance.gamma(self.shape[:, :, None], 1 / self.exposure[:, :, None], (*self.shape.shape, size))

    def swings(self, chance: np.random.Generator, months: int, size: int) -> Floats:
        """Factors of coming months, shape (cohorts, months, size)."""
        shape = (len(self.shape), months, size)
        if self.swing <= 0:
            return np.ones(shape)
        return np.asarray(chance.gamma(1 / self.swing, self.swing, shape))


def in_bands(begin: Floats, end: Floats, bands: tuple[int, ...] = BANDS) -> Floats:
    """How many days of each stretch of tenure fall into each band, shape (..., bands + 1).

    >>> in_bands(np.array([10.0]), np.array([100.0])).tolist()
    [[20.0, 60.0, 10.0, 0.0, 0.0, 0.0]]
    """
    low, high = np.array([0.0, *bands]), np.array([*bands, FAR])
    return np.asarray(np.clip(np.minimum(end[..., None], high) - np.maximum(begin[..., None], low), 0.0, None))


def rates(held: Spells, cohort: Codes, cohorts: int, began: Codes, bands: tuple[int, ...] = BANDS) -> Rates:
    """Gamma laws of piecewise constant rates (events over watched days; Holford 1980), by cohort and band.

    Days before somebody was watched do not count (delayed entry). In each band a cohort's rate is drawn towards that of
    all cohorts by the weight of one leaver.

    Args:
        held: the spells.
        cohort: of each, from 0.
        cohorts: how many there are.
        began: the day each was first watched, for the swing from month to month.
        bands: upper ends of the tenure bands.
    """
    days = in_bands(held.entry, held.exit, bands)
    band = np.searchsorted(np.array(bands), held.exit, side="left")
    left = np.zeros((cohorts, len(bands) + 1))
    watched = np.zeros_like(left)
    np.add.at(left, (cohort[held.event], band[held.event]), 1.0)
    np.add.at(watched, cohort, days)
    overall = (left.sum(0) + LEAST) / np.maximum(watched.sum(0) + LEAST / _everywhere(left, watched), 1e-9)
    shape, exposure = left + PRIOR, watched + PRIOR / overall
    return Rates(shape, exposure, _swing(held, cohort, began, shape / exposure, bands), bands)


def _everywhere(left: Floats, watched: Floats) -> float:
    """The rate of everybody at any tenure: what a band that nobody was watched in is taken to have."""
    return float((left.sum() + LEAST) / max(watched.sum(), 1.0))


def _swing(held: Spells, cohort: Codes, began: Codes, mean: Floats, bands: tuple[int, ...]) -> float:
    """The variance between months beyond chance, by moments: leavers against those expected, by cohort and month.

    sum((O - E)^2 - E) / sum(E^2), as for a negative binomial count (Breslow 1984).
    """
    if not held.leavers:
        return 0.0
    first = int(began.min())
    ended = began + (held.exit - held.entry)
    months = max(1, int(np.ceil((ended.max() - first) / MONTH)))
    expected, seen = np.zeros((len(mean), months)), np.zeros((len(mean), months))
    hired = began - held.entry
    for month in range(months):
        begin, end = first + month * MONTH - hired, first + (month + 1) * MONTH - hired
        days = in_bands(np.maximum(begin, held.entry), np.minimum(end, held.exit), bands)
        np.add.at(expected[:, month], cohort, (days * mean[cohort]).sum(-1))
        inside = held.event & (held.exit > begin) & (held.exit <= end)
        np.add.at(seen[:, month], cohort[inside], 1.0)
    weight = float((expected**2).sum())
    return max(0.0, float(((seen - expected) ** 2 - expected).sum()) / weight) if weight > 0 else 0.0
