"""What came: counts of whole days in intervals, and what of it cannot be used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import ArrayLike, NDArray

from onefloor.language import Text
from onefloor.problems import Problem

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
FEWEST_DAYS = 35
MINUTES_A_DAY = 1440
LEAST_KNOWN = 0.5  # of a day's calls; a day of which less is known is not used


class TooShort(Problem):
    """Less history than any forecast can stand on."""

    def __init__(self, days: int) -> None:
        super().__init__(
            Text(f"只有 {days} 天的可用历史，无法预测。", f"{days} days of usable history are too few for a forecast."),
            remedy=Text(
                f"至少需要 {FEWEST_DAYS} 天（五个同类星期）。",
                f"It takes {FEWEST_DAYS} days: every weekday five times.",
            ),
        )


class BadHistory(Problem):
    """Counts that cannot be counts."""

    def __init__(self, what: Text) -> None:
        super().__init__(
            what,
            remedy=Text(
                "每天一行、每个时段一列，值为不小于 0 的数；未知写 nan。",
                "Give one row a day and one column an interval, 0 or more; nan where it is not known.",
            ),
        )


@dataclass(frozen=True, slots=True)
class History:
    """Calls by day and interval of the local day; shape (days, intervals), nan where it is not known.

    Raises:
        BadHistory: negative or infinite counts, or another shape.
    """

    first: date
    values: Floats

    def __init__(self, first: date, values: ArrayLike) -> None:
        held = np.array(values, dtype=np.float64)
        object.__setattr__(self, "first", first)
        object.__setattr__(self, "values", held)
        if held.ndim != 2 or held.shape[1] == 0 or MINUTES_A_DAY % held.shape[1]:
            raise BadHistory(
                Text(f"形状 {held.shape} 不是 天×时段。", f"The shape {held.shape} is not that of days and intervals.")
            )
        if np.isinf(held).any() or (held < 0).any():
            day, slot = (int(place) for place in np.argwhere(np.isinf(held) | (held < 0))[0])
            raise BadHistory(
                Text(
                    f"{first + timedelta(day)} 第 {slot + 1} 个时段为 {held[day, slot]:g}。",
                    f"Interval {slot + 1} of {first + timedelta(day)} is {held[day, slot]:g}.",
                )
            )

    def __len__(self) -> int:
        return len(self.values)

    @property
    def slots(self) -> int:
        """Intervals of a day."""
        return int(self.values.shape[1])

    @property
    def minutes(self) -> int:
        """Minutes of an interval."""
        return MINUTES_A_DAY // self.slots

    def day(self, index: int) -> date:
        """The day of a row, also beyond the last."""
        return self.first + timedelta(index)

    def index(self, day: date) -> int:
        """The row of a day, also outside."""
        return (day - self.first).days

    def before(self, day: date) -> History:
        """What was known when ``day`` began."""
        return History(self.first, self.values[: max(0, self.index(day))])

    def without(self, spans: Iterable[tuple[date, int, date, int]]) -> History:
        """With the intervals of some spans unknown: first day and interval, last day and the interval that ends it."""
        held = self.values.copy().ravel()
        for first, slot, last, end in spans:
            start, stop = (self.index(day) * self.slots + place for day, place in ((first, slot), (last, end)))
            held[max(0, start) : max(0, stop)] = np.nan
        return History(self.first, held.reshape(self.values.shape))


def filled(history: History) -> History:
    """Days of which a part is unknown, filled in proportion to the usual shape of the day.

    Where the known part makes less than half of a usual day, the whole day is unknown.
    """
    holes = np.isnan(history.values)
    partial = np.flatnonzero(holes.any(axis=1) & ~holes.all(axis=1))
    if not len(partial):
        return history
    held = history.values.copy()
    for row in partial:
        held[row] = _filled_day(history.values, int(row))
    return replace_values(history, held)


def replace_values(history: History, values: Floats) -> History:
    """The same days with other counts."""
    return History(history.first, values)


def _filled_day(values: Floats, row: int) -> Floats:
    """One day; its shape is the mean of whole days of the same weekday within ten weeks, either side."""
    alike = [j for j in range(row - 70, row + 71, 7) if 0 <= j < len(values) and not np.isnan(values[j]).any()]
    known = ~np.isnan(values[row])
    shape = values[alike].mean(axis=0) if alike else np.zeros(values.shape[1])
    part = shape[known].sum()
    if part < LEAST_KNOWN * shape.sum() or part == 0:
        return np.full(values.shape[1], np.nan)
    return np.asarray(np.where(known, values[row], shape * (values[row][known].sum() / part)))
