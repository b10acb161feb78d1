"""``duties``: what the client owed, when it was due, and whether it was done in time."""

from __future__ import annotations

import polars as pl

from onefloor.metrics.preparing.work import Family, Made, Work, dimensioned, rows_of

COLUMNS = ("row_id", "company", "duty", "started_ms", "done_ms")


def make(work: Work, month: int) -> Made:
    """The duties due in one month; one that is open and not yet due when the facts end is left out."""
    facts = work.facts["duties"].rows([month], COLUMNS).sort("started_ms", "row_id")
    facts = facts.filter(pl.col("done_ms").is_not_null() | (pl.col("started_ms") <= work.watermark_ms))
    if not facts.height:
        return Made({})
    rows = rows_of(facts, {"company": work.state.ids("company", facts["company"])})
    late = pl.max_horizontal(pl.col("done_ms") - pl.col("started_ms"), pl.lit(0, pl.Int64))
    measured = facts.select(
        done=pl.col("done_ms").is_not_null(), late_ms=pl.when(pl.col("done_ms").is_not_null()).then(late)
    )
    rows.more = {"duty": work.state.ids("duty", facts["duty"]), **measured.to_dict()}
    return Made({"duties": dimensioned(work, "duties", rows)})


def _seen(work: Work, month: int) -> object:
    return [work.seen(month, facts="duties"), work.reached(month), work.floor.timezone]


FAMILY = Family("duties", lambda work: work.facts["duties"].months, _seen, make)
