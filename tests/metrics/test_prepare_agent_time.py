"""Agents' time by half hours: states, shifts, and both against each other, all by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from hand_made import HOUR, MINUTE, Row, at, columns, decoded, load, new_floor, stay
from hypothesis import given
from hypothesis import strategies as st

from onefloor.floor import Floor
from onefloor.metrics.prepare import prepare
from onefloor.metrics.preparing.agent_time import MEASURES
from onefloor.metrics.preparing.sweep import Spans, cut_at_half_hours, flattened, overlaid
from onefloor.periods import clock


def state(floor: Floor, kind: str, start: str, minutes: float, agent: str = "1", day: str = "2026-11-10") -> Row:
    begin = at(floor, f"{day} {start}")
    return {"agent": agent, "state": kind, "started_ms": begin, "ended_ms": begin + int(minutes * MINUTE)}


def shift(floor: Floor, activity: str, start: str, minutes: float, **more: Any) -> Row:
    row = dict(state(floor, activity, start, minutes, agent=more.pop("agent", "1"), day=more.pop("day", "2026-11-10")))
    return {"activity": row.pop("state")} | row | more


def contact_at(floor: Floor, text: str) -> Row:
    """Facts that reach up to that instant."""
    return {"contact": text, "started_ms": at(floor, text)}


def half_hours(floor: Floor) -> list[dict[str, Any]]:
    """Every half hour: day, interval and the measures that are not 0, in minutes."""
    rows = decoded(prepare(floor), "agent_time").sort("agent", "start_ms").to_dicts()
    return [
        {"at": (row["day"] % 1000, row["interval"])} | {name: row[name] / MINUTE for name in MEASURES if row[name]}
        for row in rows
    ]


def test_the_busiest_of_overlapping_states_wins_and_time_is_cut_at_half_hours(tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    load(floor, agent_states=[
        state(floor, "available", "10:10", 40), state(floor, "talk", "10:20", 5), state(floor, "talk", "10:22", 5),
        state(floor, "wrap", "10:25", 5), state(floor, "ringing", "10:19", 2), state(floor, "paused", "10:40", 5),
        state(floor, "hold", "10:26", 2),
    ])  # fmt: skip
    assert half_hours(floor) == [
        {"at": (767, 20), "logged_ms": 20, "available_ms": 9, "ringing_ms": 1, "talk_ms": 7, "hold_ms": 1,
         "wrap_ms": 2, "productive_ms": 20, "paid_ms": 20, "worked_ms": 20},
        {"at": (767, 21), "logged_ms": 20, "available_ms": 15, "paused_ms": 5, "productive_ms": 15, "paid_ms": 20,
         "worked_ms": 20},
    ]  # fmt: skip


def test_shifts_against_states(tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    load(
        floor,
        contacts=[contact_at(floor, "2026-11-11 00:00")],
        agent_states=[state(floor, "available", "09:05", 50), state(floor, "paused", "09:55", 20)],
        shifts=[
            shift(floor, "work", "09:00", 60),
            shift(floor, "break", "09:50", 20, paid=False),  # over the end of the work
            shift(floor, "leave", "10:10", 10),
        ],
    )
    assert half_hours(floor) == [
        {"at": (767, 18), "logged_ms": 25, "available_ms": 25, "productive_ms": 25, "paid_ms": 30, "scheduled_ms": 30,
         "required_ms": 30, "adherent_ms": 25, "worked_ms": 25, "absent_ms": 5, "productive_adherent_ms": 25},
        # work until 9:50 and available; break to 10:00, available for five minutes of it, then paused
        {"at": (767, 19), "logged_ms": 30, "available_ms": 25, "paused_ms": 5, "productive_ms": 25, "paid_ms": 20,
         "scheduled_ms": 30, "required_ms": 20, "adherent_ms": 25, "worked_ms": 30, "productive_adherent_ms": 20},
        {"at": (767, 20), "logged_ms": 15, "paused_ms": 15, "paid_ms": 10, "scheduled_ms": 10, "adherent_ms": 10,
         "worked_ms": 15},
    ]  # fmt: skip


def test_an_agent_without_shifts_that_day_is_paid_for_the_time_logged_in(tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    load(
        floor,
        contacts=[contact_at(floor, "2026-11-12 00:00")],
        agent_states=[state(floor, "available", "09:00", 20, agent) for agent in ("1", "2")]
        + [state(floor, "available", "09:00", 20, day="2026-11-11")],
        shifts=[shift(floor, "work", "15:00", 30)],
    )
    paid = columns(prepare(floor), "agent_time", "agent", "weekday", "interval", "paid_ms")
    assert sorted(paid) == [
        ("1", 2, 18, 0),
        ("1", 2, 30, 30 * MINUTE),
        ("1", 3, 18, 20 * MINUTE),
        ("2", 2, 18, 20 * MINUTE),
    ]


def test_nobody_is_absent_from_a_time_the_facts_have_not_reached(tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    load(floor, contacts=[contact_at(floor, "2026-11-10 09:40")], shifts=[shift(floor, "work", "09:00", 8 * 60)])
    assert [row["absent_ms"] for row in half_hours(floor)] == [30, 10]
    load(floor, contacts=[contact_at(floor, "2026-11-10 10:00")])
    assert [row["absent_ms"] for row in half_hours(floor)] == [30, 30]


def test_a_night_shift_of_the_month_s_last_day_counts_in_both_months(tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    load(
        floor,
        contacts=[contact_at(floor, "2026-11-02 00:00")],
        shifts=[shift(floor, "work", "23:30", 60, day="2026-10-31")],
        roster=[stay("1", "North", until="2026-11-01"), stay("1", "South", "2026-11-01")],
    )
    rows = columns(prepare(floor), "agent_time", "month", "interval", "company", "absent_ms")
    assert rows == [(202610, 47, "North", 30 * MINUTE), (202611, 0, "South", 30 * MINUTE)]


def test_the_repeated_hour_of_a_clock_change_is_two_rows_of_one_interval(tmp_path: Path) -> None:
    floor = new_floor(tmp_path, "Europe/London")
    start = at(floor, "2026-10-25 00:45")
    load(floor, agent_states=[{"agent": "1", "state": "talk", "started_ms": start, "ended_ms": start + 2 * HOUR}])
    assert columns(prepare(floor), "agent_time", "interval", "talk_ms") == [
        (1, 15 * MINUTE), (2, 30 * MINUTE), (3, 30 * MINUTE), (2, 30 * MINUTE), (3, 15 * MINUTE),
    ]  # fmt: skip


def test_a_grid_of_another_zone_is_cut_at_its_own_half_hours(tmp_path: Path) -> None:
    floor = new_floor(tmp_path, "Asia/Kathmandu")  # UTC+5:45
    load(floor, agent_states=[state(floor, "talk", "10:15", 30)])
    assert [row["at"][1] for row in half_hours(floor)] == [20, 21]


spans = st.lists(
    st.tuples(st.integers(1, 3), st.integers(0, 40), st.integers(0, 15), st.integers(1, 4)), max_size=25
).map(
    lambda rows: Spans(*(np.array(column, dtype=np.int64) for column in (
        [row[0] for row in rows], [row[1] for row in rows], [row[1] + row[2] for row in rows],
        [row[3] for row in rows],
    )))
)  # fmt: skip


def painted(found: Spans) -> dict[tuple[int, int], list[int]]:
    """The codes that hold at every ms of every agent, one by one."""
    codes: dict[tuple[int, int], list[int]] = {}
    for agent, start, end, code in zip(*map(np.ndarray.tolist, (found.agent, found.start, found.end, found.code)),
                                       strict=True):  # fmt: skip
        for instant in range(start, end):
            codes.setdefault((agent, instant), []).append(code)
    return codes


@given(spans)
def test_flattening_keeps_the_lowest_code_of_every_instant(found: Spans) -> None:
    assert painted(flattened(found)) == {where: [min(codes)] for where, codes in painted(found).items()}


@given(spans, spans)
def test_overlaying_says_both_codes_of_every_instant(one: Spans, other: Spans) -> None:
    one, other = flattened(one), flattened(other)
    found, second = overlaid(one, other)
    left, right = painted(one), painted(other)
    assert painted(found) == {where: left.get(where, [0]) for where in left | right}
    both = painted(Spans(found.agent, found.start, found.end, second))
    assert both == {where: right.get(where, [0]) for where in left | right}


@given(spans)
def test_cutting_loses_no_millisecond(found: Spans) -> None:
    minutes = Spans(found.agent, found.start * MINUTE, found.end * MINUTE, found.code)
    flat = flattened(minutes)
    pieces, origin, begins = cut_at_half_hours(flat, clock("Asia/Kathmandu"))
    lengths = pl.DataFrame({"origin": origin, "ms": pieces.end - pieces.start}).group_by("origin").sum().sort("origin")
    assert lengths["ms"].to_list() == (flat.end - flat.start).tolist()
    assert ((begins <= pieces.start) & (pieces.end <= begins + 30 * MINUTE)).all()
