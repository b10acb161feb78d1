"""Leaving as a peak begins: working in one half hour, paused or logged out for most of the next, just as queues grow.

Judged against how often the same agent leaves when no peak begins, so that who takes many pauses does not stand out.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from onefloor.insight.guards.rows import Rows
from onefloor.insight.guards.tallying import WHO, Counted, Pattern, long_queues
from onefloor.language import Text

HALF_HOUR_MS = 30 * 60_000
OUT = 0.5  # share of a half hour paused or logged out
NO_SHIFTS = Text(
    "没有班表：不知道离开的人是否本应在岗。",
    "no shifts are loaded: nobody knows whether who left should have been there",
)


def _leaving(rows: Rows) -> Counted:
    """Pairs of half hours that the roster fills with work, the first of them worked: left in the second or not."""
    columns = (*WHO, "day", "interval", "hour", "start_ms", "required_ms", "absent_ms", "paused_ms")
    whole = pl.col("required_ms") >= HALF_HOUR_MS
    out = ((pl.col("paused_ms") + pl.col("absent_ms")) > OUT * HALF_HOUR_MS).alias("out")
    time = rows.of("agent_time", *columns).filter((pl.col("agent") != 0) & whole).with_columns(out).collect()
    if time.is_empty():
        return NO_SHIFTS
    long = long_queues(rows, ("day", "interval")).collect().sort("day", "interval")
    follows = (pl.col("day") == pl.col("day").shift()) & (pl.col("interval") == pl.col("interval").shift() + 1)
    begins = pl.col("long") & ~(pl.col("long").shift() & follows).fill_null(value=False)
    peaks = long.select("day", "interval", "long", begins.alias("special")).filter(~pl.col("long") | pl.col("special"))
    here = time.filter(~pl.col("out")).select("agent", (pl.col("start_ms") + HALF_HOUR_MS).alias("start_ms"))
    pairs = time.join(here, on=["agent", "start_ms"]).join(peaks, on=["day", "interval"])
    return pairs.select(*WHO, "hour", "special", pl.col("out").cast(pl.Int64).alias("hits"), pl.lit(1).alias("rows"))


BEFORE_PEAKS: Final = Pattern(
    "leaving_as_peaks_begin",
    Text("高峰将至时离席", "leaving as peaks begin"),
    Text(
        "排队开始变长的半小时内示忙或签出，比本人平时更频繁",
        "pauses or logs out in the half hour in which queues grow long, more than at other times",
    ),
    _leaving,
    "adherence",
)
