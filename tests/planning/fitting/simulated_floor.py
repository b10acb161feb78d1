"""A floor whose truth is known: days of a model, simulated and written as measuring tables and facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from onefloor.facts.schemas import OUTCOMES, TABLES
from onefloor.metrics.prepared import Names, Prepared
from onefloor.metrics.tables import MEASURING
from onefloor.periods import MS_PER_DAY, Month, clock, day_of, month_of_day
from onefloor.planning.fitting.rows import Source
from onefloor.planning.simulation.model import Model
from onefloor.planning.simulation.reading import parse_model
from onefloor.planning.simulation.rows import OUTCOMES as SIMULATED
from onefloor.planning.simulation.simulating import recorded

FIRST = Month(2026, 9)
TRUTH = """
model: truth
horizon: 24h
interval: 30min
busyness: gamma cv 0.12
types:
  - {id: tech, arrivals: [%(tech)s], busyness: gamma cv 0.08, service: lognormal 240s cv 0.8, wrap_up: gamma 40s cv 0.7,
     patience: exponential 150s, never_waits: 6%%, redial: {share: 30%%, after: exponential 600s},
     routing: longest_idle, groups: [{group: own}, {group: both}, {group: vendor, after: 20s}]}
  - {id: bills, arrivals: [%(bills)s], service: gamma 180s cv 0.6, wrap_up: gamma 30s cv 0.7,
     patience: lognormal 300s cv 1.0, repeat: {share: 8%%, after: lognormal 3600s cv 0.5}, routing: longest_idle}
groups:
  - {id: own, company: Own, types: [{type: tech}], agents: [%(own)s]}
  - {id: both, company: Own, types: [{type: tech}, {type: bills}], agents: [%(both)s]}
  - {id: vendor, company: North, types: [{type: tech}, {type: bills}], agents: [%(vendor)s]}
"""


def truth() -> Model:
    """Two types, three groups of two companies, shifts with a break, agents faster and slower than usual."""
    shape = [0.0] * 16 + [0.6, 0.9, 1.2, 1.3, 1.3, 1.1, 0.9, 0.9, 1.0, 1.1, 1.2, 1.2, 1.1, 1.0, 0.9, 0.8] + [0.0] * 16
    agents = {}
    number = 0
    for group, size in (("own", 4), ("both", 5), ("vendor", 5)):
        named = []
        for _ in range(size):
            number += 1
            pace = 1 + 0.15 * np.sin(number)
            hour = 10 + number % 4
            named.append(f"{{id: a{number:02d}, pace: {pace:.3f}, shift: 08:00-16:30, breaks: {hour}:00-{hour}:30}}")
        agents[group] = ", ".join(named)
    rates = {"tech": 26, "bills": 22}
    filled = {name: ", ".join(f"{rate * part:.2f}" for part in shape) for name, rate in rates.items()}
    return parse_model(TRUTH % (agents | filled))


def floor_of(root: Path, model: Model, days: int, seed: int = 1) -> Source:
    """Days of a model from 1 September 2026 on as a floor: replication 0 is the first."""
    first = FIRST.days.start
    drawn = [_day(model, first + place, seed, place) for place in range(days)]
    legs = pl.concat([one for one, _ in drawn])
    names = _names(model, drawn[0][1])
    prepared = Prepared(root, {"legs": _written(root, legs)}, names, clock("UTC"), 0, "0" * 16)
    months = tuple(Month.from_id(month) for month in sorted(set(legs["month"].to_list())))
    facts = {"contacts": legs.select("row_id", "customer"), "shifts": _shifts(model, range(first, first + days))}
    return Source(prepared, months, reader(facts))


def reader(facts: Mapping[str, pl.DataFrame]) -> Any:
    """Facts for a ``Source``."""

    def rows(table: str, columns: Sequence[str], _: Sequence[Month]) -> pl.DataFrame:
        return (facts[table] if table in facts else pl.DataFrame(TABLES[table].empty_table())).select(columns)

    return rows


def _names(model: Model, agents: Sequence[str]) -> Names:
    return Names(
        {
            "queue": {kind.id: number for number, kind in enumerate(model.types, 1)},
            "topic": {},
            "company": {name: number for number, name in enumerate(model.companies, 1)},
            "agent": {name: number for number, name in enumerate(agents, 1)},
        }
    )


def _day(model: Model, day: int, seed: int, place: int) -> tuple[pl.DataFrame, list[str]]:
    found = recorded(model, seed, place)
    served = found.agent >= 0
    ended = np.where(served, found.answered, found.ended)
    companies = {name: number for number, name in enumerate(model.companies, 1)}
    company_of = np.array([companies[group.company] for group in model.groups])
    numbers = {number: OUTCOMES[name] for number, name in SIMULATED.items()}
    interval = np.minimum((found.arrived // 1800).astype(int), 47)
    ms = {
        "wait_ms": ended - found.arrived,
        "talk_ms": np.where(served, found.ended - found.answered, 0.0),
        "wrap_ms": np.where(served, found.freed - found.ended, 0.0),
    }
    rows = {name: np.rint(1000 * value).astype(np.int64) for name, value in ms.items()}
    size = len(found)
    rows |= {
        "row_id": np.arange(size) + 1_000_000 * place,
        "start_ms": day * MS_PER_DAY + np.rint(1000 * found.arrived).astype(np.int64),
        "day": np.full(size, day), "month": np.full(size, month_of_day(day).id),
        "weekday": np.full(size, day_of(day).isoweekday()), "interval": interval, "hour": interval // 2,
        "queue": found.type + 1, "agent": np.where(served, found.agent + 1, 0),
        "company": np.where(served, company_of[np.maximum(found.group, 0)], 0),
        "outcome": np.array([numbers[number] for number in found.outcome.tolist()]),
        "inbound": np.ones(size, bool), "offered": np.ones(size, bool), "first": np.ones(size, bool),
        "answered": served, "customer": found.customer + 1 + 1_000_000 * place,
    }  # fmt: skip
    return pl.DataFrame(rows), list(found.compiled.agents)


def _written(root: Path, legs: pl.DataFrame) -> dict[int, tuple[str, ...]]:
    files = {}
    schema = MEASURING["legs"]
    for month in sorted(set(legs["month"].to_list())):
        rows = legs.filter(pl.col("month") == month).to_dict()
        size = len(rows["row_id"])
        zeros = {field.name: np.zeros(size, bool if pa.types.is_boolean(field.type) else np.int64) for field in schema}
        columns = [pa.array(rows.get(name, zeros[name])).cast(schema.field(name).type) for name in schema.names]
        path = root / f"legs-{month}.parquet"
        pq.write_table(pa.Table.from_arrays(columns, schema=schema), path)
        files[month] = (str(path),)
    return files


def _shifts(model: Model, days: Sequence[int]) -> pl.DataFrame:
    rows = []
    for day in days:
        for agent in (agent for group in model.groups for agent in group.agents):
            spans = [("work", *span) for span in agent.at_work()] + [("break", *span) for span in agent.breaks]
            rows += [(agent.id, what, *(day * MS_PER_DAY + int(1000 * at) for at in span)) for what, *span in spans]
    return pl.DataFrame(rows, schema=["agent", "activity", "started_ms", "ended_ms"], orient="row")
