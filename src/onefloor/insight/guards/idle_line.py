"""The head of the longest-idle list: going not-ready when the next contact is one's own.

Whoever has waited longest is next. Somebody who does not care about that leaves at the head as often as its own time
there, of all its time waiting in that hour of the day, says.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from onefloor.insight.guards.rows import Facts, Rows
from onefloor.insight.guards.tallying import WHO, Counted, Pattern
from onefloor.language import Text

SAME_MS = 2_000  # one state follows another within that
BACK_MS = 2 * 3_600_000  # logged out for less is a pause; for longer the shift was over
ORDERED = 0.5  # how far from chance (0) to always (1) contacts have to go to whoever waited longest
NO_STATES = Text("没有坐席状态：不知道谁在等待。", "no agent states are loaded: nobody knows who was waiting")
NO_LINE = Text(
    "话务并不先给等待最久的坐席：没有可以躲开的队首。",
    "contacts do not go to whoever waited longest: there is no head of a line to leave",
)


def _leaving(rows: Rows) -> Counted:
    spells = _spells(rows, rows.facts) if rows.facts else None
    return NO_STATES if spells is None or spells.is_empty() else judged_line(spells)


def judged_line(spells: pl.DataFrame) -> Counted:
    """Of each agent and hour how often it left, how often of that at the head, and its share of time there.

    Args:
        spells: ``agent``, ``company``, ``queue`` (whose line), ``hour``, ``started_ms``, ``ended_ms`` of every time an
            agent was available, and whether it ended by a contact (``taken``) or by going not-ready (``left``).
    """
    lined = _in_line(spells)
    if _ordered(lined) < ORDERED:
        return NO_LINE
    cells = lined.group_by(*WHO, "hour").agg(
        (pl.col("left") & pl.col("at_head")).cast(pl.Int64).sum().alias("hits"),
        pl.col("left").cast(pl.Int64).sum().alias("rows"),
        (pl.col("head_ms").sum() / pl.col("free_ms").sum()).alias("chance"),
    )
    return cells.filter(pl.col("rows") > 0)


def _spells(rows: Rows, facts: Facts) -> pl.DataFrame:
    """Every time an agent was available: when, in whose line, and whether it ended by a contact or by leaving."""
    columns = ("agent", "state", "started_ms", "ended_ms", "group_id", "revision")
    found = facts("agent_states", columns).filter(pl.col("revision") == pl.col("revision").max().over("group_id"))
    ids = rows.prepared.names.ids.get("agent", {})
    states = found.select(
        pl.col("agent").replace_strict(ids, default=0, return_dtype=pl.Int32), "state", "started_ms", "ended_ms"
    ).sort("agent", "started_ms")
    later = pl.col("started_ms").shift(-1).over("agent") - pl.col("ended_ms")
    then = pl.col("state").shift(-1).over("agent")
    follows = (later <= SAME_MS).fill_null(value=False)
    states = states.with_columns(
        taken=follows & then.is_in(["ringing", "talk", "hold"]),
        left=(follows & (then == "paused")) | ((later > SAME_MS) & (later <= BACK_MS)).fill_null(value=False),
    )
    free = states.filter((pl.col("state") == "available") & (pl.col("ended_ms") > pl.col("started_ms")))
    zone = rows.prepared.clock.zone_name
    local = pl.from_epoch("started_ms", time_unit="ms").dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
    day = local.dt.date().cast(pl.Int32).alias("day")
    timed = free.with_columns(local.dt.hour().alias("hour"), day)
    worked = rows.of("agent_time", "agent", "day").unique()  # days within the scope
    return timed.join(_lines(rows), on="agent").join(worked, on=["agent", "day"]).collect()


def _lines(rows: Rows) -> pl.LazyFrame:
    """Of each agent the queue of most of its contacts, whose line it stands in, and its company."""
    legs = rows.of("legs", *WHO, "queue", "answered").filter(pl.col("answered").cast(pl.Boolean))
    most = legs.group_by(*WHO, "queue").agg(pl.len().alias("n")).sort("n", "queue", "company")
    return most.filter(pl.col("agent") != 0).unique("agent", keep="last").select(*WHO, "queue")


def _in_line(spells: pl.DataFrame) -> pl.DataFrame:
    """With the time at the head: from when everybody who began to wait earlier is gone."""
    ordered = spells.sort("queue", "started_ms", "agent")
    gone = pl.col("ended_ms").cum_max().shift().over("queue").fill_null(0)
    head = (pl.col("ended_ms") - pl.max_horizontal("started_ms", gone)).clip(0)
    free = (pl.col("ended_ms") - pl.col("started_ms")).alias("free_ms")
    return ordered.with_columns(head.alias("head_ms"), free, (head > 0).alias("at_head"))


def _ordered(lined: pl.DataFrame) -> float:
    """How far contacts go to whoever waited longest: 0 as by lot, 1 always."""
    taken = lined.filter("taken").sort("ended_ms")
    if taken.is_empty():
        return 0.0
    here = []
    for (queue,), some in taken.group_by("queue"):
        line = lined.filter(pl.col("queue") == queue)
        begun = line["started_ms"].sort().search_sorted(some["ended_ms"], side="left").cast(pl.Int64)
        ended = line["ended_ms"].sort().search_sorted(some["ended_ms"], side="left").cast(pl.Int64)
        here.append(pl.DataFrame({"waiting": begun - ended, "at_head": some["at_head"]}))
    several = pl.concat(here).filter(pl.col("waiting") > 1)
    if several.is_empty():
        return 0.0
    lot, found = float((1 / several["waiting"]).mean()), float(several["at_head"].mean())  # type: ignore[arg-type]
    return (found - lot) / (1 - lot)


HEAD_OF_LINE: Final = Pattern(
    "leaving_the_head_of_the_line",
    Text("轮到自己时离席", "leaving the head of the line"),
    Text(
        "等待最久、下一通轮到自己时示忙，多于其在队首的时间应有的次数",
        "goes not-ready when next in line, more than the time spent there explains",
    ),
    _leaving,
    "adherence",
)
