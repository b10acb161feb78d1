"""Weekdays, seasons and the public holidays of mainland China."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import numpy as np

from onefloor.demo.chance import Flags, Floats, Ints
from onefloor.demo.truth import Truth
from onefloor.periods import day_id, day_of

# Days off by the State Council's notices for 2025 and 2026 (first day, last day), make-up workdays not modelled.
# In other years only the festivals with a fixed date are known here.
HOLIDAYS = (
    ((2025, 1, 28), (2025, 2, 4)), ((2025, 4, 4), (2025, 4, 6)), ((2025, 5, 1), (2025, 5, 5)),
    ((2025, 5, 31), (2025, 6, 2)), ((2025, 10, 1), (2025, 10, 8)),
    ((2026, 1, 1), (2026, 1, 3)), ((2026, 2, 15), (2026, 2, 23)), ((2026, 4, 4), (2026, 4, 6)),
    ((2026, 5, 1), (2026, 5, 5)), ((2026, 6, 19), (2026, 6, 21)), ((2026, 9, 25), (2026, 9, 27)),
    ((2026, 10, 1), (2026, 10, 7)),
)  # fmt: skip
FIXED = {(1, 1), (5, 1), (10, 1), (10, 2), (10, 3)}


@lru_cache
def holiday_days() -> frozenset[int]:
    """Day ids of the listed holidays."""
    spans = ((day_id(date(*first)), day_id(date(*last))) for first, last in HOLIDAYS)
    return frozenset(day for first, last in spans for day in range(first, last + 1))


def is_holiday(day: int) -> bool:
    """Whether a day id is a public holiday."""
    found = day_of(day)
    return day in holiday_days() or (found.month, found.day) in FIXED


def holidays(days: Ints) -> Flags:
    """Which of the days are public holidays."""
    known, place = np.unique(days, return_inverse=True)
    return np.array([is_holiday(int(day)) for day in known], dtype=bool)[place]


def weekdays(days: Ints) -> Ints:
    """0 = Monday; day id 0 was a Thursday."""
    return np.asarray((days + 3) % 7, dtype=np.int64)


def season(truth: Truth, days: Ints) -> Floats:
    """The season's factor on each day."""
    known, place = np.unique(days, return_inverse=True)
    return np.array([truth.season[day_of(int(day)).month - 1] for day in known])[place]


def day_weights(truth: Truth, days: Ints) -> Floats:
    """Expected demand of days, relative: weekday x season x holiday."""
    quiet = np.where(holidays(days), truth.holiday, 1.0)
    return np.asarray(np.array(truth.weekday)[weekdays(days)] * season(truth, days) * quiet)
