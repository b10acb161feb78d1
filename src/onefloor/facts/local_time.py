"""Whole columns of instants as days and months of the floor's zone; the same offsets as ``periods.Clock``."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from onefloor.facts.identity import Ids
from onefloor.periods import MS_PER_DAY, Clock


def local_days(clock: Clock, instants_ms: Ids) -> Ids:
    """The local day id of each instant (epoch ms)."""
    if len(clock.starts_ms) == 1:
        return (instants_ms + clock.offsets_ms[0]) // MS_PER_DAY
    starts, offsets = np.array(clock.starts_ms), np.array(clock.offsets_ms)
    at = np.searchsorted(starts, instants_ms, side="right") - 1
    return np.asarray((instants_ms + offsets[np.maximum(at, 0)]) // MS_PER_DAY)


def months_of_days(days: Ids) -> npt.NDArray[np.int32]:
    """``year * 100 + month`` of each day id.

    >>> months_of_days(np.array([0, 31])).tolist()
    [197001, 197002]
    """
    months = np.asarray(days).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return np.asarray((1970 + months // 12) * 100 + months % 12 + 1).astype(np.int32)


def local_months(clock: Clock, instants_ms: Ids) -> npt.NDArray[np.int32]:
    """The local month of each instant, as facts are partitioned by."""
    return months_of_days(local_days(clock, instants_ms))


def days_between_without(days: Ids) -> int:
    """How many days between the first and the last of ``days`` are not among them.

    >>> days_between_without(np.array([10, 11, 14, 10]))
    2
    """
    return int(days.max() - days.min()) + 1 - len(np.unique(days)) if len(days) else 0


def with_month(rows: pl.DataFrame, clock: Clock, instant: str) -> pl.DataFrame:
    """The rows with their ``month``, the local month of one of their columns."""
    months = local_months(clock, rows[instant].to_numpy()) if rows.height else np.empty(0, np.int32)
    return rows.with_columns(pl.Series("month", months, dtype=pl.Int32))
