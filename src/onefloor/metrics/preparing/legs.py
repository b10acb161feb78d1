"""``legs``, and beside it ``visits``: one row a contact of a month, from which ``contacts`` are made.

``visits`` is the contact as this month's legs know it. A contact that spans months has a visit in each; whoever needs
the whole contact joins them. It carries the common columns of its last answered leg (of its last where nobody
answered), the first leg as ``head_*``, and the customer. ``key`` is the contact of one source; ``name`` is the
contact's name alone, by which a survey of another source finds it.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from onefloor.facts.schemas import OUTCOMES
from onefloor.metrics.preparing.forecast_share import share_columns
from onefloor.metrics.preparing.work import COMMON_NAMES, Family, Made, Values, Work, dimensioned, rows_of

COLUMNS: Final = (
    "row_id", "contact", "leg", "channel", "direction", "started_ms", "queued_ms", "answered_ms", "ended_ms",
    "wait_ms", "ring_ms", "rings_unanswered", "talk_ms", "hold_ms", "wrap_ms", "outcome", "transferred_to", "queue",
    "skill", "topic", "agent", "customer", "sale_eligible", "source",
)  # fmt: skip
HEAD: Final = ("queue", "skill", "topic", "channel")


def contact_names(contacts: pl.Series) -> pl.Series:
    """Contacts' names as int64 hashes; only ever compared with each other, and never shown."""
    return contacts.hash(seed=0).reinterpret(signed=True)


def contact_keys(names: pl.Series, sources: pl.Series) -> pl.Series:
    """Contacts as int64 hashes: two sources may give two contacts the same name."""
    return names ^ sources.hash(seed=1).reinterpret(signed=True)


def make(work: Work, month: int) -> Made:
    """The legs and visits of one month."""
    facts = work.facts["contacts"].rows([month], COLUMNS).sort("started_ms", "row_id")
    if not facts.height:
        return Made({})
    legs = _legs(work, month, facts)
    visits = _visits(legs, facts)
    return Made({"legs": legs, "visits": visits}, _newest_instant(facts))


def _legs(work: Work, month: int, facts: pl.DataFrame) -> pl.DataFrame:
    ids = work.state.ids
    named = {name: ids(name, facts[name]) for name in ("agent", "queue", "skill", "topic", "channel")}
    rows = rows_of(facts, named)
    rows.more = _measures(facts) | dict.fromkeys(("nth_ppm", "interval_ppm", "nth_in_month"), np.zeros(facts.height))
    legs = dimensioned(work, "legs", rows)
    return legs.with_columns(share_columns(work, month, legs))


def _measures(facts: pl.DataFrame) -> dict[str, Values]:
    answered = pl.col("outcome") == "answered"
    waited = pl.coalesce("wait_ms", pl.coalesce("answered_ms", "ended_ms") - pl.col("queued_ms"), 0)
    amounts = ("ring_ms", "talk_ms", "hold_ms", "wrap_ms", "rings_unanswered")
    measured = facts.select(
        inbound=pl.col("direction") == "in",
        first=pl.col("leg") == 1,
        offered=pl.col("queued_ms").is_not_null(),
        answered=answered,
        abandoned=pl.col("outcome") == "abandoned",
        outcome=pl.col("outcome").replace_strict(list(OUTCOMES), list(OUTCOMES.values()), return_dtype=pl.Int8),
        transferred=pl.col("transferred_to").is_not_null(),
        sale_eligible=answered & pl.col("sale_eligible").fill_null(value=True),
        wait_ms=waited,
        **{name: pl.col(name).fill_null(0) for name in amounts},
    )
    measured = measured.with_columns(handle_ms=pl.col("talk_ms") + pl.col("hold_ms") + pl.col("wrap_ms"))
    return dict(measured.to_dict())


def _newest_instant(facts: pl.DataFrame) -> int:
    instants = ("started_ms", "queued_ms", "answered_ms", "ended_ms")
    newest = facts.select(pl.max_horizontal(pl.col(name).max() for name in instants)).item()
    return int(newest)


def _visits(legs: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    name = contact_names(facts["contact"])
    every = legs.select(*COMMON_NAMES, "answered", "offered").with_columns(
        *facts.select(
            pl.col("leg").alias("head_leg"),
            pl.col("customer").fill_null(0),
            pl.coalesce("ended_ms", "answered_ms", "started_ms").alias("end_ms"),
        ),
        name.alias("name"),
        contact_keys(name, facts["source"]).alias("key"),
        pl.col("row_id").alias("head_row"),
        pl.col("start_ms").alias("head_ms"),
        *(pl.col(name).alias(f"head_{name}") for name in HEAD),
    )
    several = every.filter(pl.col("head_leg") > 1).select("key").unique()
    if not several.height:
        return every
    single = every.join(several, on="key", how="anti", maintain_order="left")
    joined = _joined(every.join(several, on="key", how="semi"))
    return pl.concat([single, joined.select(single.columns)]).sort("start_ms", "row_id")


def _joined(legs: pl.DataFrame) -> pl.DataFrame:
    """One row a contact out of several legs."""
    return (
        # The last leg is the last in time: in a chain that came in several files a leg's number may be a guess.
        legs.sort("answered", "start_ms", "head_leg", "row_id")
        .group_by("key", maintain_order=True)
        .agg(
            pl.col("name").first(),
            *(pl.col(name).last() for name in COMMON_NAMES),
            pl.col("answered").any(),
            pl.col("offered").any(),
            pl.col("end_ms").max(),
            pl.col("customer").filter(pl.col("customer") != 0).sort_by(_first(pl.col("customer") != 0)).first(),
            *_head_columns(),
        )
        .with_columns(pl.col("customer").fill_null(0))
    )


def _first(where: pl.Expr) -> list[pl.Expr]:
    return [pl.col(name).filter(where) for name in ("head_leg", "head_ms", "head_row")]


def _head_columns() -> list[pl.Expr]:
    order = ["head_leg", "head_ms", "head_row"]
    names = ("head_leg", "head_row", "head_ms", *(f"head_{name}" for name in HEAD))
    return [pl.col(name).sort_by(order).first() for name in names]


def _seen(work: Work, month: int) -> object:
    return [work.seen(month), work.roster_seen(month), work.settings_seen(), work.seen(month, facts="forecasts")]


FAMILY = Family("legs", lambda work: work.facts["contacts"].months, _seen, make)
