"""Answered legs with whether the same customer was back within the hour."""

from __future__ import annotations

from typing import Final

import polars as pl

from onefloor.insight.guards.rows import Rows

SHORT_MS = 15_000
BACK_MS = 3_600_000
SHORT_AND_BACK: Final = (pl.col("talk_ms") < SHORT_MS) & pl.col("back").fill_null(value=False)


def with_back(rows: Rows, *columns: str) -> pl.LazyFrame:
    """Answered legs with ``talk_ms``, some more columns, and ``back`` (null: not back within the hour)."""
    legs = rows.of("legs", *dict.fromkeys(("row_id", "answered", "talk_ms", *columns)))
    back = rows.of("contacts", "row_id", "gap_any_ms").filter(pl.col("gap_any_ms") <= BACK_MS)
    back = back.select("row_id", pl.lit(value=True).alias("back"))
    return legs.filter(pl.col("answered").cast(pl.Boolean)).join(back, on="row_id", how="left")
