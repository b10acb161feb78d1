"""``surveys``, ``sales``, ``complaints``, ``evaluations``: facts about a contact.

Where such a fact names its contact but not the agent, queue, topic or channel, it takes them from the contact's last
answered leg, looked for in the fact's own month and the months beside it. A contact of the fact's own source comes
first; where several other sources have a contact of that name, none is taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from onefloor.metrics.preparing.legs import contact_keys, contact_names
from onefloor.metrics.preparing.work import Family, Made, Work, dimensioned, rows_of
from onefloor.periods import Month

ABOUT: Final = ("agent", "queue", "topic", "channel")
FAMILIES: Final = ("customer", "business", "compliance")


def _after(name: str) -> pl.Expr:
    return (pl.col(name) - pl.col("started_ms")).cast(pl.Int64)


def _critical(family: str) -> Mapping[str, pl.Expr]:
    failed = pl.col(f"{family}_critical_failed")
    return {f"{family}_applies": failed.is_not_null(), f"{family}_failed": failed.fill_null(value=False)}


# Table -> the columns of its facts that it needs, and how its own columns come from them.
MEASURES: Final[Mapping[str, tuple[tuple[str, ...], Mapping[str, pl.Expr]]]] = {
    "surveys": (
        ("answered_ms", "score", "resolved"),
        {
            "responded": pl.col("answered_ms").is_not_null(),
            "score": pl.col("score"),
            "resolved": pl.col("resolved"),
        },
    ),
    "sales": (
        ("accepted", "cancelled_ms", "complained_ms", "amount_minor"),
        {
            "accepted": pl.col("accepted"),
            "cancelled_after_ms": _after("cancelled_ms"),
            "complained_after_ms": _after("complained_ms"),
            "amount_minor": pl.col("amount_minor").fill_null(0),
        },
    ),
    "complaints": (
        ("received_ms", "justified"),
        {"justified": pl.col("justified"), "received_after_ms": _after("received_ms")},
    ),
    "evaluations": (
        (*(f"{family}_critical_failed" for family in FAMILIES), "score_hundredths"),
        {name: column for family in FAMILIES for name, column in _critical(family).items()}
        | {"score_hundredths": pl.col("score_hundredths")},
    ),
}


def _make(work: Work, table: str, month: int) -> Made:
    columns, measures = MEASURES[table]
    facts = work.facts[table].rows([month], ("row_id", "contact", "source", "started_ms", *ABOUT, *columns))
    facts = facts.sort("started_ms", "row_id")
    if not facts.height:
        return Made({})
    named = {name: pl.Series(name, work.state.ids(name, facts[name])) for name in ABOUT}
    known = _from_contact(work, month, facts.select("contact", "source", *named.values(), skill=pl.lit(0, pl.Int32)))
    ids = {name: known[name].to_numpy() for name in (*ABOUT, "skill")}
    rows = rows_of(facts, ids)
    rows.more = dict(facts.select(**measures).to_dict())
    return Made({table: dimensioned(work, table, rows)})


def _from_contact(work: Work, month: int, about: pl.DataFrame) -> pl.DataFrame:
    """Fill what a fact leaves open with what its contact's last answered leg had."""
    name = contact_names(about["contact"])
    about = about.with_columns(name.alias("name"), contact_keys(name, about["source"]).alias("own_key"))
    wanted = about.filter(pl.col("contact").is_not_null()).select("name").unique()
    columns = ("key", "name", "start_ms", "row_id", "answered", *ABOUT, "skill")
    visits = work.read("legs", "visits", _around(month), columns)
    if wanted.is_empty() or visits.is_empty():
        return about
    visits = visits.join(wanted, on="name", how="semi")
    about = about.join(_keys(about, visits), on=["name", "own_key"], how="left", maintain_order="left")
    answered = visits.filter("answered").sort("start_ms", "row_id")
    last = answered.unique("key", keep="last", maintain_order=True)
    joined = about.join(last, on="key", how="left", suffix="_leg", maintain_order="left")
    named = pl.col("contact").is_not_null()
    # The leg's skill goes with the leg's queue only.
    same_queue = (pl.col("queue") == 0) | (pl.col("queue") == pl.col("queue_leg"))
    return joined.with_columns(
        skill=pl.when(named & same_queue).then(pl.col("skill_leg").fill_null(0)).otherwise(0).cast(pl.Int32),
        **{
            name: pl.when(named & (pl.col(name) == 0)).then(pl.col(f"{name}_leg").fill_null(0)).otherwise(name)
            for name in ABOUT
        },
    )


def _keys(about: pl.DataFrame, visits: pl.DataFrame) -> pl.DataFrame:
    """The contact that each fact means: that of its own source, else the only one of its name."""
    known = visits.select("name", "key").unique()
    only = known.group_by("name").agg(pl.col("key").first(), alone=pl.len() == 1)
    asked = about.select("name", "own_key").unique().join(only, on="name")
    own = pl.col("own_key").is_in(known["key"].implode())
    return asked.select("name", "own_key", key=pl.when(own).then("own_key").otherwise(pl.when("alone").then("key")))


def _around(month: int) -> list[int]:
    found = Month.from_id(month)
    return [found.shifted(-1).id, month, found.following().id]


def _family(table: str) -> Family:
    def seen(work: Work, month: int) -> object:
        return [
            work.seen(month, facts=table), work.seen(*_around(month)), work.roster_seen(month), work.settings_seen()
        ]  # fmt: skip

    return Family(table, lambda work: work.facts[table].months, seen, lambda work, month: _make(work, table, month))


ALL: Final = tuple(_family(table) for table in MEASURES)
