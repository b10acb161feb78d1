"""``agent_time``: what agents did and what their shifts asked for, per agent and half hour, in ms.

At every instant an agent is in one state (the busiest wins) and has one shift activity (the most particular wins:
approved leave before training, coaching and meeting, these before a break, a break before work).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from onefloor.facts.identity import derived_ids, stable_ids
from onefloor.metrics.preparing.sweep import Codes, Spans, cut_at_half_hours, flattened, overlaid
from onefloor.metrics.preparing.times import Instants, days_of, month_span_ms
from onefloor.metrics.preparing.work import Family, Made, Rows, Work, dimensioned
from onefloor.metrics.tables import AGENT_TIME, COMMON
from onefloor.periods import Clock, Month

BUSIEST_FIRST: Final = ("talk", "hold", "wrap", "ringing", "paused", "available")
PARTICULAR_FIRST: Final = ("leave", "training", "coaching", "meeting", "break", "work")
Flags = npt.NDArray[np.bool_]
MEASURES: Final = tuple(AGENT_TIME.names[len(COMMON) :])
PAUSED: Final = BUSIEST_FIRST.index("paused") + 1
WORK: Final = PARTICULAR_FIRST.index("work") + 1
LEAVE: Final = PARTICULAR_FIRST.index("leave") + 1


def make(work: Work, month: int) -> Made:
    """The agents' half hours of one month."""
    states, newest = _states(work, month)
    shifts = _shifts(work, month)
    spans, asked = overlaid(states, shifts)
    if not len(spans.agent):
        return Made({})
    clock = work.floor.clock
    pieces, origin, begins = cut_at_half_hours(spans, clock)
    until = max(work.reached(month), newest)
    scheduled = _on_scheduled_days(pieces, asked[origin], begins, clock)
    sums = _half_hours(pieces, asked[origin], begins, until, scheduled)
    # A shift of the night before has begun in another month, one of this month's last night ends in another.
    first, end = month_span_ms(Month.from_id(month), clock)
    inside = (sums["start_ms"] >= first) & (sums["start_ms"] < end)
    own = {name: column[inside] for name, column in sums.items()}
    return Made({"agent_time": _dimensioned(work, own)} if inside.any() else {})


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


def _on_scheduled_days(pieces: Spans, asked: Codes, begins: Instants, clock: Clock) -> Flags:
    """For each piece whether its agent has any shift on its day, also one that is still to come."""
    runs = _runs(pieces.agent, days_of(begins, clock))
    any_shift = np.logical_or.reduceat(asked > 0, runs)
    found: Flags = np.repeat(any_shift, np.diff(np.append(runs, len(asked))))
    return found


def _half_hours(
    pieces: Spans, asked: Codes, begins: Instants, until: int, on_scheduled_day: Flags
) -> dict[str, Instants]:
    """Sums per agent and half hour of what lies before ``until``: nobody is absent from a time not yet come.

    The pieces come by agent and time, so a half hour is a run of neighbours.
    """
    ms = np.maximum(np.minimum(pieces.end, until) - pieces.start, 0)
    runs = _runs(pieces.agent, begins)
    measures = _measures(pieces.code, (asked + 1) // 2, asked % 2 == 1, on_scheduled_day)
    sums = {name: np.add.reduceat(np.where(measures[name], ms, 0), runs) for name in MEASURES}
    some = np.add.reduceat(ms, runs) > 0
    return {
        name: column[some] for name, column in {"agent": pieces.agent[runs], "start_ms": begins[runs], **sums}.items()
    }


def _runs(one: Codes, other: Codes) -> Codes:
    """Where runs of rows with the same two values begin."""
    changes = (one[1:] != one[:-1]) | (other[1:] != other[:-1])
    return np.flatnonzero(np.append([True], changes))


def _measures(state: Codes, activity: Codes, paid: Flags, on_scheduled_day: Flags) -> dict[str, Flags]:
    """Which pieces count towards which sum."""
    logged, required, productive = state > 0, activity == WORK, (state > 0) & (state != PAUSED)
    scheduled = (activity > 0) & (activity != LEAVE)
    states = {f"{name}_ms": state == number for number, name in enumerate(BUSIEST_FIRST, 1)}
    return states | {
        "logged_ms": logged,
        "productive_ms": productive,
        "paid_ms": np.where(on_scheduled_day, paid, logged),
        "scheduled_ms": scheduled,
        "required_ms": required,
        "adherent_ms": scheduled & (productive == required),
        "worked_ms": logged,
        "absent_ms": required & ~logged,
        "productive_adherent_ms": required & productive,
    }


def _dimensioned(work: Work, sums: dict[str, Instants]) -> pl.DataFrame:
    agent, start = sums["agent"], sums["start_ms"]
    names = {number: name for name, number in work.state.names["agent"].items()}
    present = np.unique(agent)
    stable = np.zeros(int(present[-1]) + 1, dtype=np.int64)
    stable[present] = stable_ids(names[int(number)] for number in present)
    row_id = derived_ids(stable[agent], start)
    order = np.lexsort((row_id, start))
    rows = Rows(row_id[order], start[order], agent=agent[order].astype(np.int32))
    rows.more = {name: sums[name][order] for name in MEASURES}
    return dimensioned(work, "agent_time", rows)


def _months(work: Work) -> list[int]:
    shifts = work.facts["shifts"].months
    spilled = [Month.from_id(month).following().id for month in shifts]
    return sorted({*work.facts["agent_states"].months, *shifts, *spilled})


def _seen(work: Work, month: int) -> object:
    before = Month.from_id(month).shifted(-1).id
    shifts = work.facts["shifts"]
    # How far the facts reach matters only where a shift reaches further.
    latest = max(shifts.latest_end_ms(before), shifts.latest_end_ms(month))
    return [
        work.seen(month, facts="agent_states"), work.seen(before, month, facts="shifts"), work.roster_seen(month),
        min(work.reached(month), latest), work.floor.timezone,
    ]  # fmt: skip


FAMILY = Family("agent_time", _months, _seen, make)
