"""What a builder of one month has at hand, and the dimension columns that every measuring table shares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from onefloor.floor import Floor, Queue
from onefloor.metrics.preparing.inputs import Facts, digest
from onefloor.metrics.preparing.roster import PLACES, Roster, place
from onefloor.metrics.preparing.state import Ids, State
from onefloor.metrics.preparing.times import Instants, calendar_columns, month_span_ms
from onefloor.metrics.tables import COMMON, MEASURING, NAMED
from onefloor.periods import Month

Values = pl.Series | npt.NDArray[Any]


@dataclass(slots=True)
class Work:
    """One run of ``prepare``: the facts, the roster, and the state that is being brought up to date."""

    floor: Floor
    facts: Mapping[str, Facts]
    roster: Roster
    state: State

    @property
    def watermark_ms(self) -> int:
        """The newest instant any contact speaks of; right once the legs are built."""
        return max((built.watermark_ms for built in self.state.built.get("legs", {}).values()), default=0)

    def seen(self, *months: int, facts: str = "contacts") -> list[str]:
        """Signatures of one fact table's months."""
        return [self.facts[facts].signature(month) for month in months]

    def roster_seen(self, month: int) -> str:
        """Signature of what a month sees of the roster."""
        days = Month.from_id(month).days
        return self.roster.signature(days.start, days.end)

    def settings_seen(self) -> str:
        """Signature of the settings that measuring tables depend on."""
        return settings_signature(self.floor)

    def reached(self, month: int) -> int:
        """The watermark, or the month's end if the facts reach beyond it: later growth changes nothing."""
        return min(self.watermark_ms, month_span_ms(Month.from_id(month), self.floor.clock)[1])

    def read(self, family: str, table: str, months: Iterable[int], columns: Iterable[str]) -> pl.DataFrame:
        """Columns (all if none are named) of what an earlier family derived; no rows where there is nothing."""
        found = self.state.built.get(family, {})
        paths = [found[month].files[table] for month in months if month in found and table in found[month].files]
        if not paths:
            return pl.DataFrame()
        wanted = list(columns) or None
        files = (self.floor.derived / path for path in paths)
        return pl.concat([pl.read_parquet(file, columns=wanted, hive_partitioning=False) for file in files])


@dataclass(slots=True)
class Made:
    """What a builder made of one month: rows by table."""

    tables: dict[str, pl.DataFrame]
    watermark_ms: int = 0


@dataclass(frozen=True, slots=True)
class Family:
    """Tables that are built together, the months they have, what a month is derived from, and how."""

    name: str
    months: Callable[[Work], Iterable[int]]
    seen: Callable[[Work, int], object]
    make: Callable[[Work, int], Made]


@dataclass(slots=True)
class Rows:
    """Rows on their way into a measuring table; dimension ids that a table does not have are left out."""

    row_id: Instants
    start_ms: Instants
    agent: Ids | None = None
    queue: Ids | None = None
    skill: Ids | None = None
    topic: Ids | None = None
    channel: Ids | None = None
    company: Ids | None = None  # given by the fact itself, such as a forecast's; else from roster and queue
    more: dict[str, Values] = field(default_factory=dict)


def settings_signature(floor: Floor) -> str:
    """Identifies zone and queue settings."""
    queues = {name: [queue.skill, queue.topic, queue.company] for name, queue in sorted(floor.queues.items())}
    return digest([floor.timezone, queues])


def dimensioned(work: Work, table: str, rows: Rows) -> pl.DataFrame:
    """The rows with all columns of a measuring table, in its types."""
    none = np.zeros(len(rows.row_id), dtype=np.int32)
    calendar = calendar_columns(rows.start_ms, work.floor.clock)
    columns: dict[str, Values] = dict.fromkeys(NAMED, none)
    columns |= {"row_id": rows.row_id, "start_ms": rows.start_ms}
    columns |= calendar
    for name in ("agent", "queue", "skill", "topic", "channel"):
        given = getattr(rows, name)
        columns[name] = none if given is None else given
    if rows.agent is not None:
        columns |= _placed(work, rows.agent, calendar["day"].astype(np.int64))
    if rows.queue is not None:
        columns |= _from_queue(work, columns, rows.queue)
    if rows.company is not None:
        columns["company"] = rows.company
    return _typed(table, columns | rows.more)


def typed_like(schema_of: str) -> dict[str, pl.DataType]:
    """The Polars types of a measuring table's columns."""
    return dict(pl.DataFrame(MEASURING[schema_of].empty_table()).schema)


def rows_of(facts: pl.DataFrame, ids: Mapping[str, Ids]) -> Rows:
    """Rows with the ids and times of facts, and dimension ids by name."""
    return Rows(
        facts["row_id"].to_numpy(), facts["started_ms"].to_numpy(),
        agent=ids.get("agent"), queue=ids.get("queue"), skill=ids.get("skill"), topic=ids.get("topic"),
        channel=ids.get("channel"), company=ids.get("company"),
    )  # fmt: skip


def names_of_queues(work: Work) -> dict[str, Ids]:
    """By queue id: the ids of its skill, topic and company from the settings; a queue without a skill is its own."""
    state = work.state
    known = dict(sorted(state.names.get("queue", {}).items()))
    found = {name: np.zeros(len(known) + 1, dtype=np.int32) for name in ("skill", "topic", "company")}
    for name, number in known.items():
        settings = work.floor.queues.get(name, Queue())
        found["skill"][number] = state.id("skill", settings.skill or name)
        found["topic"][number] = state.id("topic", settings.topic)
        found["company"][number] = state.id("company", settings.company)
    return found


def _placed(work: Work, agents: Ids, days: npt.NDArray[np.int64]) -> dict[str, Values]:
    held = days[agents > 0]
    span = (int(held.min()), int(held.max())) if len(held) else ()
    placement = place(work.roster, work.state, span)
    return {name: placement.at(name, agents, days) for name in (*PLACES, "tenure")}


def _from_queue(work: Work, columns: Mapping[str, Values], queues: Ids) -> dict[str, Values]:
    """Skill and topic where the row has none; the queue's company where there is no agent."""
    settings = names_of_queues(work)
    filled: dict[str, Values] = {}
    for name in ("skill", "topic"):
        own = np.asarray(columns[name])
        filled[name] = np.where(own == 0, settings[name][queues], own)
    company = np.asarray(columns["company"])
    filled["company"] = np.where(np.asarray(columns["agent"]) == 0, settings["company"][queues], company)
    return filled


def _typed(table: str, columns: Mapping[str, Values]) -> pl.DataFrame:
    schema = typed_like(table)
    return pl.DataFrame({
        name: pl.Series(name, columns[name]).cast(kind) for name, kind in schema.items()
    })  # fmt: skip


def unknown_agents(work: Work, tables: Iterable[pl.DataFrame]) -> list[str]:
    """Agents with rows on days on which the roster does not have them."""
    names = {number: name for name, number in work.state.names.get("agent", {}).items()}
    found: set[int] = set()
    for rows in tables:
        if {"agent", "company"} <= set(rows.columns):
            strangers = rows.filter((pl.col("agent") > 0) & (pl.col("company") == 0))
            found |= set(strangers["agent"].unique().to_list())
    return sorted(names[number] for number in found)


COMMON_NAMES = tuple(column.name for column in COMMON)
