"""Places of offered legs against the locked forecast: which leg of its interval and of its month one was."""

from __future__ import annotations

from typing import Final

import polars as pl

from onefloor.metrics.preparing.work import Work

COLUMNS: Final = ("row_id", "revision", "started_ms", "minutes", "queue", "company", "contacts", "locked_ms")
PPM: Final = 1_000_000


def locked_forecasts(work: Work, month: int) -> pl.DataFrame:
    """The newest lock of every queue, company and interval of a month, queue and company as ids."""
    rows = work.facts["forecasts"].rows([month], COLUMNS).sort("locked_ms", "revision", "row_id")
    rows = rows.with_columns(
        pl.Series("queue", work.state.ids("queue", rows["queue"])),
        pl.Series("company", work.state.ids("company", rows["company"])),
    )
    newest = rows.unique(["queue", "company", "started_ms"], keep="last", maintain_order=True)
    return newest.with_columns(until_ms=pl.col("started_ms") + 60_000 * pl.col("minutes")).sort("started_ms", "row_id")


def share_columns(work: Work, month: int, legs: pl.DataFrame) -> list[pl.Series]:
    """``nth_ppm``, ``interval_ppm`` and ``nth_in_month`` of a month's legs, which come in order of time.

    Rounded up, so that ``nth_ppm > limit`` and ``<= limit`` say exactly what the unrounded quotient says. An interval
    forecast at nothing makes every contact a surplus: the first counts as twice the forecast, and so on.
    """
    zero = pl.lit(0, pl.Int64)
    nth = pl.when("offered").then(pl.col("offered").cast(pl.Int64).cum_sum().over("company")).otherwise(zero)
    in_month = legs.select(nth.alias("nth_in_month"))["nth_in_month"]
    forecasts = locked_forecasts(work, month)
    if not forecasts.height:
        none = pl.zeros(legs.height, pl.Int64, eager=True)
        return [none.alias("nth_ppm"), none.alias("interval_ppm"), in_month]
    offered = legs.with_row_index("place").filter("offered").select("place", "start_ms", "company", "queue")
    matched = _matched(offered, forecasts)
    group = ["company", "queue", "started_ms"]
    ppm = matched.select(
        "place",
        nth_ppm=_ppm(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over(group)),
        interval_ppm=_ppm(pl.len().cast(pl.Int64).over(group)),
    )
    placed = legs.with_row_index("place").select("place").join(ppm, on="place", how="left", maintain_order="left")
    return [placed["nth_ppm"].fill_null(0), placed["interval_ppm"].fill_null(0), in_month]


def _matched(offered: pl.DataFrame, forecasts: pl.DataFrame) -> pl.DataFrame:
    """Offered legs with the forecast of their company, queue and interval; others are left out."""
    found = offered.sort("start_ms", "place").join_asof(
        forecasts.select("started_ms", "until_ms", "company", "queue", "contacts").sort("started_ms"),
        left_on="start_ms", right_on="started_ms", by=["company", "queue"], strategy="backward", coalesce=False,
        check_sortedness=False,
    )  # fmt: skip
    return found.filter(pl.col("start_ms") < pl.col("until_ms")).sort("place")


def _ppm(nth: pl.Expr) -> pl.Expr:
    forecast = pl.col("contacts")
    rounded_up = (nth * PPM + forecast - 1) // pl.max_horizontal(forecast, pl.lit(1, pl.Int64))
    return pl.when(forecast > 0).then(rounded_up).otherwise((nth + 1) * PPM)
