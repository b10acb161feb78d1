"""Spans of an agent's state, cut at local midnight."""

from __future__ import annotations

import numpy as np
import polars as pl

from onefloor.facts.identity import stable_ids
from onefloor.periods import Clock


def split_at_midnight(rows: pl.DataFrame, clock: Clock) -> pl.DataFrame:
    """Rows with ``row_id, started_ms, ended_ms`` as one row a local day; ``group_id`` stays: revised as one.

    The first day keeps the record's ``row_id``; the following ones get ids of their own.
    """
    first = pl.Series([clock.day(ms) for ms in rows["started_ms"]], dtype=pl.Int64)
    last = pl.Series([clock.day(ms) for ms in rows["ended_ms"] - 1], dtype=pl.Int64)
    if (first >= last).all():
        return rows
    order = rows.columns
    parts = rows.with_columns(
        pl.int_ranges(first, pl.max_horizontal(first, last) + 1).alias("day"), first.alias("first")
    ).explode("day", empty_as_null=True, keep_nulls=True)
    days = parts["day"].unique().to_list()
    begins = {day: clock.start_of_day_ms(day) for day in {*days, *(day + 1 for day in days)}}
    begin = parts["day"].replace_strict(begins, return_dtype=pl.Int64)
    end = (parts["day"] + 1).replace_strict(begins, return_dtype=pl.Int64)
    number = (parts["day"] - parts["first"]).to_numpy()
    again = stable_ids(f"{row}\x1f{part}" for row, part in zip(parts["row_id"], number, strict=True))
    row_ids = np.where(number == 0, parts["row_id"].to_numpy(), again)
    return parts.with_columns(
        pl.Series("row_id", row_ids, dtype=pl.Int64),
        pl.max_horizontal(pl.col("started_ms"), begin).alias("started_ms"),
        pl.min_horizontal(pl.col("ended_ms"), end).alias("ended_ms"),
    ).select(order)
