"""``agent_time``: what agents did and what their shifts asked for, per agent and half hour, in ms.

At every instant an agent is in one state (the busiest wins) and has one shift activity (the most particular wins:
approved leave before training, coaching and meeting, these before a break, a break before work).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from onefloor.facts.identity import derived_ids, stable_ids
from onefloor.metrics.preparing.sweep import Codes, Spans, cut_at_half_hours, flattened, overlaid
from onefloor.metrics.preparing.times import Instants, calendar_columns, days_of
from onefloor.metrics.preparing.work import Family, Made, Rows, Work, dimensioned
from onefloor.metrics.tables import AGENT_TIME, COMMON
from onefloor.periods import Month

BUSIEST_FIRST: Final = ("talk", "hold", "wrap", "ringing", "paused", "available")
PARTICULAR_FIRST: Final = ("leave", "training", "coaching", "meeting", "break", "work")
MEASURES: Final = tuple(AGENT_TIME.names[len(COMMON) :])
PRODUCTIVE: Final = tuple(number for number, name in enumerate(BUSIEST_FIRST, 1) if name != "paused")
WORK: Final = PARTICULAR_FIRST.index("work") + 1
LEAVE: Final = PARTICULAR_FIRST.index("leave") + 1


def make(work: Work, month: int) -> Made:
    """The agents' half hours of one month."""
    states, newest = _states(work, month)
    shifts = _shifts(work, month)
    spans, asked = overlaid(states, shifts)
    if not len(spans.agent):
        return Made({})
    pieces, origin, begins = cut_at_half_hours(spans, work.floor.clock)
    until = max(work.reached(month), newest)
    scheduled_days = _agent_days(pieces, asked[origin] > 0, begins, work)
    table = _half_hours(pieces, asked[origin], begins, until, scheduled_days)
    wanted = calendar_columns(table["start_ms"].to_numpy(), work.floor.clock)["month"] == month
    return Made({"agent_time": _dimensioned(work, table.filter(pl.Series(wanted)))} if wanted.any() else {})


def _states(work: Work, month: int) -> tuple[Spans, int]:
    rows = work.facts["agent_states"].rows([month], ("agent", "state", "started_ms", "ended_ms"))
    return flattened(_spans(work, rows, _code(rows["state"], BUSIEST_FIRST))), int(rows["ended_ms"].max() or 0)  # type: ignore[arg-type]


def _shifts(work: Work, month: int) -> Spans:
    """Shifts that may touch the month: its own, and those that began in the month before. Odd codes are paid."""
    months = (Month.from_id(month).shifted(-1).id, month)
    rows = work.facts["shifts"].rows(months, ("agent", "activity", "paid", "started_ms", "ended_ms"))
    unpaid = (~rows["paid"]).cast(pl.Int64).to_numpy()
    return flattened(_spans(work, rows, 2 * _code(rows["activity"], PARTICULAR_FIRST) - 1 + unpaid))


def _spans(work: Work, rows: pl.DataFrame, code: Codes) -> Spans:
    agents = work.state.ids("agent", rows["agent"]).astype(np.int64)
    return Spans(agents, rows["started_ms"].to_numpy(), rows["ended_ms"].to_numpy(), code)


def _code(names: pl.Series, order: tuple[str, ...]) -> Codes:
    if not len(names):
        return np.zeros(0, dtype=np.int64)
    return names.replace_strict(list(order), list(range(1, len(order) + 1)), return_dtype=pl.Int64).to_numpy()


def _agent_days(pieces: Spans, asked: np.ndarray, begins: Instants, work: Work) -> pl.Series:
    """For each piece whether its agent has any shift on its day, also one that is still to come."""
    frame = pl.DataFrame({"agent": pieces.agent, "day": days_of(begins, work.floor.clock), "asked": asked})
    return frame.select(pl.col("asked").any().over("agent", "day"))["asked"]


def _half_hours(pieces: Spans, asked: Codes, begins: Instants, until: int, scheduled_day: pl.Series) -> pl.DataFrame:
    """Sums per agent and half hour of what lies before ``until``: nobody is absent from a time not yet come."""
    frame = pl.DataFrame(
        {
            "agent": pieces.agent,
            "start_ms": begins,
            "ms": np.minimum(pieces.end, until) - pieces.start,
            "state": pieces.code,
            "activity": (asked + 1) // 2,
            "paid": asked % 2 == 1,
            "scheduled_day": scheduled_day,
        }
    ).filter(pl.col("ms") > 0)
    return frame.group_by("agent", "start_ms").agg(
        pl.col("ms").filter(where).sum().alias(name) for name, where in _predicates().items()
    )


def _predicates() -> dict[str, pl.Expr]:
    state, activity = pl.col("state"), pl.col("activity")
    logged, required, productive = state > 0, activity == WORK, state.is_in(PRODUCTIVE)
    scheduled = (activity > 0) & (activity != LEAVE)
    states = {f"{name}_ms": state == number for number, name in enumerate(BUSIEST_FIRST, 1)}
    found = states | {
        "logged_ms": logged,
        "productive_ms": productive,
        "paid_ms": pl.when("scheduled_day").then("paid").otherwise(logged),
        "scheduled_ms": scheduled,
        "required_ms": required,
        "adherent_ms": scheduled & (productive == required),
        "worked_ms": logged,
        "absent_ms": required & ~logged,
        "productive_adherent_ms": required & productive,
    }
    return {name: found[name] for name in MEASURES}


def _dimensioned(work: Work, table: pl.DataFrame) -> pl.DataFrame:
    names = {number: name for name, number in work.state.names.get("agent", {}).items()}
    agents = table["agent"].unique().sort()
    stable = dict(zip(agents.to_list(), stable_ids(names[number] for number in agents), strict=True))
    ids = np.array([stable.get(number, 0) for number in range(int(agents.max() or 0) + 1)], dtype=np.int64)  # type: ignore[arg-type]
    agent, start = table["agent"].to_numpy(), table["start_ms"].to_numpy()
    rows = Rows(derived_ids(ids[agent], start), start, agent=agent.astype(np.int32))
    rows.more = {name: table[name] for name in MEASURES}
    return dimensioned(work, "agent_time", rows).sort("start_ms", "row_id")


def _months(work: Work) -> list[int]:
    shifts = work.facts["shifts"].months
    spilled = [Month.from_id(month).following().id for month in shifts]
    return sorted({*work.facts["agent_states"].months, *shifts, *spilled})


def _seen(work: Work, month: int) -> object:
    before = Month.from_id(month).shifted(-1).id
    return [
        work.seen(month, facts="agent_states"), work.seen(before, month, facts="shifts"), work.roster_seen(month),
        work.reached(month),
    ]  # fmt: skip


FAMILY = Family("agent_time", _months, _seen, make)
