"""A simulated day as facts: contact legs, agent states, shifts and roster in the schemas of ``facts.schemas``.

Times are whole milliseconds. A wait is rounded up, but never over the limits of the type's service-level rule: who was
answered in time is in time in the facts, and nobody else is. So the metrics count what the kernel counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from onefloor.facts.identity import derived_ids, stable_id, stable_ids
from onefloor.facts.roster import SOURCE as ROSTER
from onefloor.facts.schemas import TABLES
from onefloor.language import Text
from onefloor.periods import Clock, clock, day_id, month_of_day
from onefloor.planning.simulation.memory import ABANDONED, ANSWERED, BLOCKED, LEFT, NONE
from onefloor.planning.simulation.model import Model
from onefloor.planning.simulation.rows import OUTCOMES, Contacts, Floats, Ints
from onefloor.planning.simulation.simulating import recorded
from onefloor.planning.simulation.states import agent_spans, shift_spans
from onefloor.problems import Problem

SOURCE = "simulated"
SECOND = 1000.0
FUZZ = 1e-6  # ms: what is nearer to a whole millisecond is one
Columns = dict[str, Any]


class NoDay(Problem):
    """Facts need a date, and the model has none."""

    def __init__(self, model: Model) -> None:
        super().__init__(
            Text(f"模型“{model.id}”没有日期，不能写成事实。", f'The model "{model.id}" has no day to date facts with.'),
            remedy=Text("请在模型中写 day: 2026-12-01。", "Write day: 2026-12-01 into the model."),
        )


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every row carries: a key that makes its ids, the load, and where the day begins (epoch ms)."""

    key: str
    clock: Clock
    start_ms: int

    def ms(self, times: Floats) -> Ints:
        """Instants of model times, rounded down."""
        return self.start_ms + np.floor(times * SECOND + FUZZ).astype(np.int64)

    def table(self, name: str, columns: Columns) -> pa.Table:
        """A fact table of these columns, in their order."""
        size = len(columns["started_ms"]) if "started_ms" in columns else len(columns["agent"])
        ids = derived_ids(np.full(size, stable_id(f"{self.key}\x1f{name}")), np.arange(1, size + 1))
        carried: Columns = {
            "row_id": ids,
            "group_id": ids,
            "revision": np.zeros(size, np.int64),
            "digest": derived_ids(ids, np.full(size, 1)),
            "source": [SOURCE] * size,
            "file": [f"simulated-{self.key}"] * size,
            "line": np.arange(1, size + 1),
            "load": [f"simulated-{self.key}"] * size,
            "month": self._months(columns.get("started_ms", np.full(size, self.start_ms))),
        }
        values = carried | columns
        arrays = [_array(values.get(field.name), field, size) for field in TABLES[name]]
        return pa.Table.from_arrays(arrays, schema=TABLES[name])

    def _months(self, instants: NDArray[np.int64]) -> list[int]:
        days = [self.clock.day(int(instant)) for instant in instants]
        months = {day: month_of_day(day).id for day in set(days)}
        return [months[day] for day in days]


def _array(values: Any, field: pa.Field, size: int) -> pa.Array:
    if values is None:
        return pa.nulls(size, field.type)
    return (values if isinstance(values, pa.Array) else pa.array(values)).cast(field.type)


def facts_of(
    model: Model, seed: int = 1, replication: int = 0, *, day: date | None = None,
    companies: Sequence[str] = (), employment: Mapping[str, str] | None = None,
) -> dict[str, pa.Table]:  # fmt: skip
    """One replication as fact tables by name: contacts, agent_states, shifts, roster.

    Args:
        model: what is simulated; its pools become agents ``group-001``, ``group-002`` ...
        seed: which chance.
        replication: which of the seed's replications.
        day: at whose midnight, in the model's zone, its time begins; the model's own day without.
        companies: if any are named, only rows of their agents: contacts that nobody answered are nobody's and stay out.
        employment: of each company; without, the first company's agents are ``own`` and the others' ``outsourced``.

    Raises:
        NoDay: neither the model nor the call names a day.
        TooMuchWaits: a queue grew beyond all room.
    """
    when = day or model.day
    if when is None:
        raise NoDay(model)
    stamp = _stamp(model, seed, replication, when)
    contacts = recorded(model, seed, replication)
    shown = [not companies or group.company in companies for group in contacts.compiled.model.groups]
    return {
        "contacts": _contacts(contacts, stamp, shown, everybody=not companies),
        "agent_states": _states(contacts, stamp, shown),
        "shifts": _shifts(contacts, stamp, shown),
        "roster": _roster(contacts, stamp, shown, employment or {}),
    }


def _stamp(model: Model, seed: int, replication: int, when: date) -> Stamp:
    hours = clock(model.zone)
    return Stamp(f"{model.id}-{when}-{seed}-{replication}", hours, hours.start_of_day_ms(day_id(when)))


def write_facts(tables: Mapping[str, pa.Table], folder: Path) -> list[Path]:
    """Each table as a Parquet file in a folder, which is made; equal tables give equal bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}.parquet" for name in tables]
    for path, table in zip(paths, tables.values(), strict=True):
        pq.write_table(table, path, compression="zstd")
    return paths


def _contacts(found: Contacts, stamp: Stamp, shown: Sequence[bool], *, everybody: bool) -> pa.Table:
    served = found.agent != NONE
    own = np.array(shown)[np.maximum(found.group, 0)] & served
    rows = np.flatnonzero(own | everybody)
    waits = wait_ms(found)[rows]
    queued, served = stamp.ms(found.arrived)[rows], served[rows]
    left, blocked = found.outcome[rows] == LEFT, found.outcome[rows] == BLOCKED
    answered = queued + waits
    ended = np.where(served, np.maximum(stamp.ms(found.ended)[rows], answered), answered)
    freed = np.where(served, np.maximum(stamp.ms(np.where(found.agent != NONE, found.freed, 0.0))[rows], ended), ended)
    names, legs = [kind.id for kind in found.compiled.model.types], found.legs()
    numbers = np.unique(legs.contact[rows], return_inverse=True)[1]  # of those shown alone: gaps would tell of others
    onward = [names[number] if number != NONE else None for number in legs.onward[rows]]
    queue = [names[number] for number in found.type[rows]]
    customers = derived_ids(np.full(len(rows), stable_id(f"{stamp.key}\x1fcustomer")), found.customer[rows])
    return stamp.table(
        "contacts",
        {
            "contact": [f"{stamp.key}-{number + 1:07d}" for number in numbers],
            "leg": legs.leg[rows],
            "channel": ["voice"] * len(rows),
            "direction": ["in"] * len(rows),
            "started_ms": queued,
            "queued_ms": pa.array(queued, mask=blocked),
            "answered_ms": pa.array(answered, mask=~served),
            "ended_ms": pa.array(ended, mask=left),
            "wait_ms": pa.array(waits, mask=blocked | left),
            "ring_ms": pa.array(np.zeros(len(rows), np.int64), mask=~served),
            "rings_unanswered": np.zeros(len(rows), np.int64),
            "talk_ms": pa.array(ended - answered, mask=~served),
            "hold_ms": pa.array(np.zeros(len(rows), np.int64), mask=~served),
            "wrap_ms": pa.array(freed - ended, mask=~served),
            "outcome": [OUTCOMES[int(outcome)] for outcome in found.outcome[rows]],
            "ended_by": pa.array(["transfer" if to else "customer" for to in onward], pa.string(), mask=left),
            "transferred_to": pa.array(onward, pa.string()),
            "queue": queue,
            "skill": queue,
            "agent": pa.array([found.compiled.agents[a] if a >= 0 else None for a in found.agent[rows]], pa.string()),
            "customer": customers,
        },
    )


def wait_ms(found: Contacts) -> Ints:
    """Waits in whole milliseconds, on the same side of each limit as the kernel had them, shape (n,)."""
    served = found.agent != NONE
    end = np.where(served, found.answered, found.ended)
    waits = np.ceil((end - found.arrived) * SECOND - FUZZ).astype(np.int64)
    waits = np.maximum(waits, 0)
    for number, kind in enumerate(found.compiled.model.types):
        rule = found.compiled.model.rule_of(kind)
        for outcome, (limit, tie) in ((ANSWERED, (rule.within, rule.inclusive)), (ABANDONED, rule.short_limit)):
            own = (found.type == number) & (found.outcome == outcome)
            edge = found.arrived + limit
            inside = (end < edge) | ((end == edge) & tie)
            last = round(limit * SECOND) - (not tie)  # the longest wait inside, in milliseconds
            waits = np.where(own & inside, np.minimum(waits, last), waits)
            waits = np.where(own & ~inside, np.maximum(waits, last + 1), waits)
    return waits


def _states(found: Contacts, stamp: Stamp, shown: Sequence[bool]) -> pa.Table:
    rows = agent_spans(found, shown)
    started, ended = (stamp.ms(np.array([row[place] for row in rows])) for place in (3, 4))
    parts = _within_days(stamp, started, ended)
    return stamp.table(
        "agent_states",
        {
            "agent": [rows[row][0] for row, _, _ in parts],
            "state": [rows[row][1] for row, _, _ in parts],
            "reason": pa.array([rows[row][2] for row, _, _ in parts], pa.string()),
            "queue": pa.array([rows[row][5] for row, _, _ in parts], pa.string()),
            "started_ms": np.array([start for _, start, _ in parts], np.int64),
            "ended_ms": np.array([end for _, _, end in parts], np.int64),
        },
    )


def _within_days(stamp: Stamp, started: Ints, ended: Ints) -> list[tuple[int, int, int]]:
    """Spans cut at local midnights: (row, start, end), none empty."""
    found = []
    for row, (start, end) in enumerate(zip(started.tolist(), ended.tolist(), strict=True)):
        while start < end:
            cut = min(end, stamp.clock.start_of_day_ms(stamp.clock.day(start) + 1))
            found.append((row, start, cut))
            start = cut
    return found


def _shifts(found: Contacts, stamp: Stamp, shown: Sequence[bool]) -> pa.Table:
    rows = shift_spans(found.compiled.model, shown)
    return stamp.table(
        "shifts",
        {
            "agent": [row[0] for row in rows],
            "activity": [row[1] for row in rows],
            "paid": [row[1] != "break" for row in rows],
            "started_ms": stamp.ms(np.array([row[2] for row in rows])),
            "ended_ms": stamp.ms(np.array([row[3] for row in rows])),
        },
    )


def _roster(found: Contacts, stamp: Stamp, shown: Sequence[bool], employment: Mapping[str, str]) -> pa.Table:
    model = found.compiled.model
    default = {company: "outsourced" if place else "own" for place, company in enumerate(model.companies)}
    rows = [(a.id, g) for g, show in zip(model.groups, shown, strict=True) if show for a in g.agents]
    agents = [agent for agent, _ in rows]
    group_ids = stable_ids(f"{ROSTER}\x1f{agent}" for agent in agents)
    return stamp.table(
        "roster",
        {
            "agent": pa.array(agents, pa.string()),
            "company": pa.array([group.company or model.id for _, group in rows], pa.string()),
            "employment": pa.array(
                [employment.get(group.company, default[group.company]) for _, group in rows], pa.string()
            ),
            "team": pa.array([group.id for _, group in rows], pa.string()),
            "from_day": pa.array([stamp.clock.day(stamp.start_ms)] * len(rows), pa.int32()),
            "group_id": group_ids,
        },
    )
