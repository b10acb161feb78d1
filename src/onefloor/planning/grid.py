"""The intervals a plan is made in: whole days of one zone, cut into equal parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from onefloor.language import Text
from onefloor.periods import zone
from onefloor.problems import Problem

MINUTES_PER_HOUR = 60
MS_PER_MINUTE = 60_000


class BadGrid(Problem):
    """A length of interval that does not fill an hour or no days at all."""

    def __init__(self, minutes: int, days: int) -> None:
        super().__init__(
            Text(f"不能按{minutes}分钟、{days}天划分时段。", f"{days} days cannot be cut into {minutes} minutes."),
            remedy=Text(
                "时段须整除一小时（如5、15、30、60分钟），至少一天。",
                "Intervals divide an hour (5, 15, 30, 60 minutes, for example); at least one day.",
            ),
        )


@dataclass(frozen=True, slots=True)
class Grid:
    """Whole days from ``first`` in intervals of ``minutes``; a day of 23 or 25 hours has fewer or more of them.

    Raises:
        BadGrid: ``minutes`` do not divide an hour, or there is no day.

    >>> from datetime import date
    >>> grid = Grid(date(2026, 12, 1), days=2, minutes=30, zone_name="Asia/Shanghai")
    >>> len(grid), grid.day_of[[0, 47, 48]].tolist(), int(grid.starts[1] - grid.starts[0])
    (96, [0, 0, 1], 1800000)
    """

    first: date
    days: int
    minutes: int = 30
    zone_name: str = "Asia/Shanghai"

    def __post_init__(self) -> None:
        if self.days < 1 or self.minutes < 1 or MINUTES_PER_HOUR % self.minutes:
            raise BadGrid(self.minutes, self.days)

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def midnights(self) -> list[int]:
        """Where the days begin and the last one ends, epoch milliseconds; one more than days."""
        tz = zone(self.zone_name)
        days = (self.first + timedelta(day) for day in range(self.days + 1))
        return [int(datetime(day.year, day.month, day.day, tzinfo=tz).timestamp() * 1000) for day in days]

    @property
    def starts(self) -> NDArray[np.int64]:
        """Where the intervals begin, epoch milliseconds."""
        edges = self.midnights
        return np.arange(edges[0], edges[-1], self.minutes * MS_PER_MINUTE, dtype=np.int64)

    @property
    def day_of(self) -> NDArray[np.int64]:
        """The day of each interval, counted from 0."""
        return np.searchsorted(np.array(self.midnights), self.starts, side="right") - 1

    def dates(self) -> Iterator[date]:
        """The days in order."""
        return (self.first + timedelta(day) for day in range(self.days))
