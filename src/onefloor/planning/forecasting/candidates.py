"""The candidates: ways to say what an ordinary day brings, from days of its weekday that came before.

Each takes what is known at an origin, the effects of days taken out, and answers with (horizon, intervals). Averages
of like weekdays are hard to beat beyond two or three days ahead (Taylor 2008, Management Science 54); top-down smooths
level, weekday and profile apart (Holt 1957; Gross and Sohl 1990 for the shares).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from onefloor.planning.forecasting.history import Flags, Floats, Ints

LEVEL_STEP, WEEKDAY_STEP, PROFILE_STEP = 0.1, 0.08, 0.12
LARGEST_STEP = 0.5  # of the logarithm of a day: one odd day moves the level no further


@dataclass(frozen=True, slots=True)
class Known:
    """What is known at an origin: days by intervals without their effects, which of them are ordinary and whole.

    ``values`` (days, intervals); ``usable`` (days,); ``like`` the weekday of those days and of the horizon after them.
    """

    values: Floats
    usable: Flags
    like: Ints

    @property
    def origin(self) -> int:
        """The first day that is not known."""
        return len(self.values)

    @property
    def horizon(self) -> int:
        """Days to say."""
        return len(self.like) - self.origin

    @property
    def slots(self) -> int:
        """Intervals of a day."""
        return int(self.values.shape[1])

    def alike(self, weekday: int, before: int | None = None) -> Ints:
        """Usable days of a weekday before a day, newest first."""
        end = self.origin if before is None else before
        return np.flatnonzero(self.usable[:end] & (self.like[:end] == weekday))[::-1]


Candidate = Callable[[Known], Floats]


def by_weekday(known: Known, of: Callable[[Floats], Floats]) -> Floats:
    """The same for each weekday: ``of`` its usable days, newest first; zeros where there are none."""
    day = {}
    for weekday in sorted(set(known.like[known.origin :].tolist())):
        rows = known.alike(weekday)
        day[weekday] = of(known.values[rows]) if len(rows) else np.zeros(known.slots)
    return np.stack([day[int(weekday)] for weekday in known.like[known.origin :]])


def mean_of(weeks: int) -> Candidate:
    """Mean of the last ``weeks`` same weekdays."""
    return lambda known: by_weekday(known, lambda days: np.asarray(days[:weeks].mean(axis=0)))


def median_of(weeks: int) -> Candidate:
    """Median total of the last ``weeks`` same weekdays, in the shape of all of them.

    Not the median of each interval: of counts near 0 it is 0, and the day would come out too small.
    """

    def of(days: Floats) -> Floats:
        held = days[:weeks]
        total = held.sum()
        return np.asarray(held.sum(axis=0) * (np.median(held.sum(axis=1)) / total) if total else held.mean(axis=0))

    return lambda known: by_weekday(known, of)


def fading(half_life: float, weeks: int = 16) -> Candidate:
    """Mean of same weekdays with weights that halve every ``half_life`` weeks."""

    def of(days: Floats) -> Floats:
        weights = 0.5 ** (np.arange(min(weeks, len(days))) / half_life)
        return np.asarray(np.average(days[:weeks], axis=0, weights=weights))

    return lambda known: by_weekday(known, of)


def top_down(known: Known) -> Floats:
    """Level x weekday x profile, each smoothed exponentially in logarithms; the profile is the weekday's share."""
    level, weekday = 0.0, np.zeros(7)
    profile: dict[int, Floats] = {}
    for day in np.flatnonzero(known.usable):
        total, k = known.values[day].sum(), int(known.like[day])
        if total <= 0:
            continue
        share, log = known.values[day] / total, float(np.log(total))
        level = level if profile else log
        if k not in profile:
            profile[k], weekday[k] = share, log - level
            continue
        error = float(np.clip(log - level - weekday[k], -LARGEST_STEP, LARGEST_STEP))
        level += LEVEL_STEP * error
        weekday[k] += WEEKDAY_STEP * error
        profile[k] = (1 - PROFILE_STEP) * profile[k] + PROFILE_STEP * share
    none = np.zeros(known.slots)
    return np.stack([np.exp(level + weekday[k]) * profile.get(int(k), none) for k in known.like[known.origin :]])


AVERAGES: Mapping[str, Candidate] = {
    "mean of 8": mean_of(8),
    "mean of 4": mean_of(4),
    "median of 6": median_of(6),
    "fading mean": fading(4.0),
    "top-down": top_down,
}
