"""The local calendar of many instants at once, by sorted search in the floor's clock."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from onefloor.floor import INTERVAL_MINUTES
from onefloor.periods import MS_PER_DAY, MS_PER_HOUR, Clock, Month, day_of

Instants = npt.NDArray[np.int64]
Column = npt.NDArray[np.generic]
INTERVAL_MS = INTERVAL_MINUTES * 60_000


def offsets_of(instants: Instants, clock: Clock) -> Instants:
    """Local time minus UTC (ms) at each instant; the same answer as ``Clock.offset_ms``."""
    starts, offsets = np.array(clock.starts_ms), np.array(clock.offsets_ms)
    if len(instants) and (only := _only_offset(instants, starts, offsets)) is not None:
        return np.full(len(instants), only, dtype=np.int64)
    found: Instants = offsets[np.maximum(np.searchsorted(starts, instants, side="right") - 1, 0)]
    return found


def _only_offset(instants: Instants, starts: Instants, offsets: Instants) -> int | None:
    """The offset of all instants if no clock change lies between the first and the last."""
    first, last = np.searchsorted(starts, [instants.min(), instants.max()], side="right") - 1
    return int(offsets[max(first, 0)]) if first == last else None


def days_of(instants: Instants, clock: Clock) -> Instants:
    """Local day ids of instants."""
    days: Instants = (instants + offsets_of(instants, clock)) // MS_PER_DAY
    return days


def calendar_columns(instants: Instants, clock: Clock) -> dict[str, Column]:
    """``day month week weekday hour interval`` of each instant, in the types of the measuring tables."""
    local = instants + offsets_of(instants, clock)
    days = local // MS_PER_DAY
    of_day = local - days * MS_PER_DAY
    distinct, where = _distinct(days)
    dates = [day_of(int(day)) for day in distinct]
    weeks = [date.isocalendar() for date in dates]

    def per_day(values: list[int], kind: type[np.generic]) -> Column:
        column: Column = np.array(values, dtype=kind)[where]
        return column

    return {
        "day": days.astype(np.int32),
        "month": per_day([date.year * 100 + date.month for date in dates], np.int32),
        "week": per_day([week.year * 100 + week.week for week in weeks], np.int32),
        "weekday": per_day([week.weekday for week in weeks], np.int8),
        "hour": (of_day // MS_PER_HOUR).astype(np.int8),
        "interval": (of_day // INTERVAL_MS).astype(np.int16),
    }


def _distinct(days: Instants) -> tuple[Instants, Instants]:
    """The days that occur, and for each row the place of its day among them; no sorting over a short span."""
    if not len(days):
        return days, days
    first, last = int(days.min()), int(days.max())
    if last - first < 10_000:
        return np.arange(first, last + 1), days - first
    distinct, where = np.unique(days, return_inverse=True)
    return distinct, where


def month_span_ms(month: Month, clock: Clock) -> tuple[int, int]:
    """First instant of a local month and first instant after it."""
    return clock.start_of_day_ms(month.days.start), clock.start_of_day_ms(month.days.end)
