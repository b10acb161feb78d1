"""``rings``: every ring of an agent, taken or not."""

from __future__ import annotations

import polars as pl

from onefloor.metrics.preparing.work import Family, Made, Work, dimensioned, rows_of

COLUMNS = ("row_id", "started_ms", "ring_ms", "outcome", "queue", "agent")


def make(work: Work, month: int) -> Made:
    """The rings of one month."""
    facts = work.facts["rings"].rows([month], COLUMNS).sort("started_ms", "row_id")
    if not facts.height:
        return Made({})
    rows = rows_of(facts, {name: work.state.ids(name, facts[name]) for name in ("agent", "queue")})
    measured = facts.select("ring_ms", taken=pl.col("outcome") == "answered", canceled=pl.col("outcome") == "canceled")
    rows.more = dict(measured.to_dict())
    # A ring has no topic of its own; the queue's would pretend one.
    return Made({"rings": dimensioned(work, "rings", rows).with_columns(topic=pl.lit(0, pl.Int32))})


def _seen(work: Work, month: int) -> object:
    return [work.seen(month, facts="rings"), work.roster_seen(month), work.settings_seen()]


FAMILY = Family("rings", lambda work: work.facts["rings"].months, _seen, make)
