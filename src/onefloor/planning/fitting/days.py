"""Which days count, and how many contacts came in each of their half hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onefloor.language import Text
from onefloor.planning.fitting.rows import INTERVALS, Contacts

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
UNUSUAL = 5.0
"""Robust standard deviations of a day's total from that of like weekdays."""
LEAST_UNUSUAL = 0.2
"""And at least so much more or less, as a share."""
FEWEST_ALIKE = 4
"""Days of a weekday without which none of them is called unusual."""
HOLIDAY = Text("节假日", "holiday")
ASKED = Text("按要求排除", "left out as asked")


@dataclass(frozen=True, slots=True)
class Days:
    """The days that count, their weekdays (1 = Monday), and contacts by type, day and half hour.

    ``counts`` has the shape (types, days, 48); ``out`` says of each other day why it does not count.
    """

    days: Ints
    weekday: Ints
    counts: Floats
    out: Mapping[int, Text]

    @property
    def totals(self) -> Floats:
        """Contacts of each type and day."""
        return np.asarray(self.counts.sum(axis=2))

    def profile(self, weekday: int) -> Floats:
        """Mean contacts of a type and half hour on that weekday, shape (types, 48); nothing where it has no day."""
        like = self.weekday == weekday
        return np.asarray(self.counts[:, like].mean(axis=1)) if like.any() else np.zeros_like(self.counts[:, 0])


def counted(contacts: Contacts, types: int, without: Mapping[int, Text]) -> Days:
    """Count contacts, without the days named and those whose total is far from that of like weekdays.

    Far is ``UNUSUAL`` robust standard deviations of the logarithm (Iglewicz and Hoaglin 1993: median and median
    deviation) and ``LEAST_UNUSUAL``: a breakdown, a closed day, the day on which the facts end.
    """
    days, place = np.unique(contacts.day, return_inverse=True)
    counts = np.zeros((types, len(days), INTERVALS))
    np.add.at(counts, (contacts.kind, place, contacts.interval), 1.0)
    weekday = np.zeros(len(days), np.int64)
    weekday[place] = contacts.weekday
    out = {int(day): without[int(day)] for day in days if int(day) in without}
    kept = np.array([int(day) not in out for day in days])
    for far, ratio in _unusual(counts.sum(axis=(0, 2)), weekday, kept):
        out[int(days[far])] = Text(f"话务量异常（同类日的 {ratio:.2f} 倍）", f"unusual ({ratio:.2f} of like days)")
        kept[far] = False
    return Days(days[kept], weekday[kept], counts[:, kept], out)


def _unusual(totals: Floats, weekday: Ints, kept: NDArray[np.bool_]) -> list[tuple[int, float]]:
    logs = np.log(np.maximum(totals, 0.5))
    usual = np.full(len(totals), np.nan)
    for day in range(1, 8):
        like = kept & (weekday == day)
        if like.sum() >= FEWEST_ALIKE:
            usual[weekday == day] = np.median(logs[like])
    gaps = np.where(kept, logs - usual, np.nan)
    known = gaps[np.isfinite(gaps)]
    if not len(known):
        return []
    spread = max(1.4826 * float(np.median(np.abs(known))), 1e-9)
    least = np.abs(np.expm1(gaps)) > LEAST_UNUSUAL
    far = np.flatnonzero(np.nan_to_num(np.abs(gaps) / spread) > UNUSUAL)
    return [(int(place), float(np.exp(gaps[place]))) for place in far if least[place]]
