"""Who may still be there: paths of people's presence, drawn from what is known of the rates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from onefloor.insight.attrition.rates import MONTH, Rates, in_bands
from onefloor.insight.attrition.spells import Codes, Floats

NEVER = 10**9


@dataclass(frozen=True, slots=True)
class People:
    """People of today, shape (n,) each: days since hiring, cohort, and in how many days they are known to go."""

    tenure: Codes
    cohort: Codes
    notice: Codes

    def __len__(self) -> int:
        return len(self.tenure)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Rates and monthly swings of ``size`` possible futures; the same for everybody who lives in them."""

    rates: Floats  # (cohorts, bands, size)
    swings: Floats  # (cohorts, months, size)
    bands: tuple[int, ...]

    @property
    def size(self) -> int:
        """How many futures."""
        return int(self.rates.shape[-1])


def futures(known: Rates, days: int, size: int, chance: np.random.Generator) -> Drawn:
    """Possible futures of the next ``days``."""
    months = max(1, -(-days // MONTH))
    return Drawn(known.drawn(chance, size), known.swings(chance, months, size), known.bands)


def hazard(drawn: Drawn, cohort: int, tenure: float, days: Codes, start: int = 0) -> Floats:
    """The cumulative hazard of one person from day ``start`` until each of ``days`` ahead, shape (days, size).

    ``tenure`` is that on day ``start``. Steps are cut where a month ends, so that swings act on their month alone.
    """
    ends = np.unique(np.concatenate([days, np.arange(MONTH, int(days[-1]) + MONTH, MONTH), [start]]))
    ends = ends[ends >= start]
    begins = np.concatenate([[start], ends[:-1]])
    inside = in_bands(tenure + begins - start, tenure + ends - start, drawn.bands)
    month = np.minimum(begins // MONTH, drawn.swings.shape[1] - 1)
    grown = np.cumsum((inside @ drawn.rates[cohort]) * drawn.swings[cohort][month], axis=0)
    place = np.searchsorted(ends, days, side="left")
    return np.asarray(np.where((days >= start)[:, None], grown[np.minimum(place, len(ends) - 1)], 0.0))


def present(drawn: Drawn, people: People, days: Codes, chance: np.random.Generator) -> Floats:
    """How many of the people are still there on each of the days ahead, in each future; shape (days, size)."""
    heads = np.zeros((len(days), drawn.size), dtype=np.float64)
    kept: dict[tuple[int, int], Floats] = {}
    longest = drawn.bands[-1]
    for tenure, cohort, notice in zip(
        people.tenure.tolist(), people.cohort.tolist(), people.notice.tolist(), strict=True
    ):
        key = (cohort, min(tenure, longest))  # beyond the last band tenure makes no difference
        if key not in kept:
            kept = {} if len(kept) > 64 else kept
            kept[key] = hazard(drawn, cohort, key[1], days)
        stays = chance.exponential(size=drawn.size)[None, :] > kept[key]
        heads += stays & (days < notice)[:, None]
    return heads


def chance_to_leave(known: Rates, people: People, days: int) -> Floats:
    """Of each person the chance to leave within so many days at the expected rates; 1 with a notice; shape (n,)."""
    tenure = people.tenure.astype(float)
    grown = (in_bands(tenure, tenure + days, known.bands) * known.mean[people.cohort]).sum(-1)
    return np.asarray(np.where(people.notice <= days, 1.0, -np.expm1(-grown)))
