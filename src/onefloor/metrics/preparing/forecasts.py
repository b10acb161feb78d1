"""``forecasts``: every interval of the locked forecast that has passed, against what came.

A forecast for a company counts the offered legs that the company took or that its own queue lost; one without a
company counts the whole queue's, one without a queue all queues'.
"""

from __future__ import annotations

import polars as pl

from onefloor.metrics.preparing.forecast_share import locked_forecasts
from onefloor.metrics.preparing.work import Family, Made, Work, dimensioned, rows_of
from onefloor.periods import Month


def make(work: Work, month: int) -> Made:
    """The passed intervals of one month."""
    forecasts = locked_forecasts(work, month).filter(pl.col("until_ms") <= work.watermark_ms)
    if not forecasts.height:
        return Made({})
    actual = _actual(work, month, forecasts)
    rows = rows_of(forecasts, {name: forecasts[name].to_numpy() for name in ("queue", "company")})
    missed = (actual - forecasts["contacts"]).abs()
    rows.more = {
        "forecast": forecasts["contacts"],
        "actual": actual,
        "missed_by": missed,
        "within_tenth": 10 * missed <= actual,
    }
    return Made({"forecasts": dimensioned(work, "forecasts", rows)})


def _actual(work: Work, month: int, forecasts: pl.DataFrame) -> pl.Series:
    """Offered legs of each forecast's queue, company and interval; an interval may reach into the next month."""
    months = (month, Month.from_id(month).following().id)
    until = forecasts["until_ms"].max()
    legs = work.read("legs", "legs", months, ("start_ms", "company", "queue", "offered"))
    wanted = forecasts.with_row_index("place").select("place", "started_ms", "until_ms", "queue", "company")
    total = pl.zeros(forecasts.height, pl.Int64, eager=True)
    if legs.is_empty():
        return total
    offered = legs.filter(pl.col("offered"), pl.col("start_ms") < until)
    for by in (["queue", "company"], ["queue"], ["company"], []):
        total = total + _counted(offered, wanted, by)
    return total


def _counted(offered: pl.DataFrame, wanted: pl.DataFrame, by: list[str]) -> pl.Series:
    """Counts for the forecasts that fix exactly the dimensions ``by``; 0 for the others."""
    fixes = pl.all_horizontal(
        (pl.col(name) > 0) if name in by else (pl.col(name) == 0) for name in ("queue", "company")
    )
    asked = wanted.filter(fixes)
    if asked.is_empty():
        return pl.zeros(wanted.height, pl.Int64, eager=True)
    ordered = offered.select("start_ms", *by).sort(*by, "start_ms")
    ordered = ordered.with_columns(before=(pl.int_range(pl.len()).over(by) if by else pl.int_range(pl.len())) + 1)
    counts = asked.select(
        "place", n=_before(ordered, asked, by, "until_ms") - _before(ordered, asked, by, "started_ms")
    )
    placed = wanted.select("place").join(counts, on="place", how="left", maintain_order="left")
    return placed["n"].fill_null(0)


def _before(ordered: pl.DataFrame, asked: pl.DataFrame, by: list[str], instant: str) -> pl.Series:
    """How many of the ordered legs of the same kind lie before each instant."""
    places = asked.select(instant, *by).with_row_index("nth").sort(instant)
    found = places.join_asof(
        ordered.sort("start_ms"), left_on=instant, right_on="start_ms", by=by or None, strategy="backward",
        allow_exact_matches=False, check_sortedness=False,
    )  # fmt: skip
    return found.sort("nth")["before"].fill_null(0).cast(pl.Int64)


def _months(work: Work) -> list[int]:
    return work.facts["forecasts"].months


def _seen(work: Work, month: int) -> object:
    after = Month.from_id(month).following().id
    passed = work.reached(month)
    return [
        work.seen(month, facts="forecasts"), work.seen(month), work.roster_seen(month), work.settings_seen(), passed,
        _spilling(work, month) and [work.seen(after), work.roster_seen(after), work.watermark_ms],
    ]  # fmt: skip


def _spilling(work: Work, month: int) -> bool:
    """Whether an interval of the month's forecast ends after the month."""
    end = work.floor.clock.start_of_day_ms(Month.from_id(month).days.end)
    rows = work.facts["forecasts"].rows([month], ("started_ms", "minutes"))
    return bool(((rows["started_ms"] + 60_000 * rows["minutes"]) > end).any())


FAMILY = Family("forecasts", _months, _seen, make)
