"""Legs: calendar, dimensions, measures, and their place against the forecast."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from hand_made import HOUR, MINUTE, at, columns, decoded, load, new_floor, stay, with_settings

from onefloor.metrics.prepare import prepare
from onefloor.metrics.tables import MEASURING

CALENDAR = ("day", "month", "week", "weekday", "hour", "interval")
WATER = '\n[queues.water]\nskill = "billing"\ntopic = "bills"\ncompany = "North"\n'


def test_midnight_month_end_and_iso_week_are_those_of_the_floor_s_zone(tmp_path: Path) -> None:
    floor = new_floor(tmp_path, "Asia/Shanghai")
    midnight = at(floor, "2027-01-01 00:00")
    load(floor, contacts=[{"contact": str(ms), "started_ms": midnight + ms} for ms in (-1, 0)])
    assert columns(prepare(floor), "legs", *CALENDAR) == [
        (20818, 202612, 202653, 4, 23, 47),
        (20819, 202701, 202653, 5, 0, 0),
    ]


def test_london_s_short_day_skips_an_hour_and_its_long_day_has_one_twice(tmp_path: Path) -> None:
    floor = new_floor(tmp_path, "Europe/London")
    spring, autumn = at(floor, "2026-03-29 00:30"), at(floor, "2026-10-25 00:30")
    load(
        floor, contacts=[{"contact": str(ms), "started_ms": start + n * HOUR} for start in (spring, autumn)
                         for n, ms in enumerate((start, start + 1, start + 2))],
    )  # fmt: skip
    hours = columns(prepare(floor), "legs", "month", "hour", "interval")
    assert hours == [
        (202603, 0, 1), (202603, 2, 5), (202603, 3, 7),
        (202610, 0, 1), (202610, 1, 3), (202610, 1, 3),
    ]  # fmt: skip


def test_every_table_has_exactly_the_columns_and_types_of_its_schema(tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    now = at(floor, "2026-11-03 10:00")
    about = {"contact": "c", "started_ms": now}
    load(
        floor,
        contacts=[about | {"queued_ms": now, "answered_ms": now, "ended_ms": now + HOUR, "outcome": "answered"}],
        roster=[stay("1", "North")],
        rings=[about | {"agent": "1", "ring_ms": 5}],
        agent_states=[{"agent": "1", "state": "talk", "started_ms": now, "ended_ms": now + 5}],
        surveys=[about | {"invited_ms": now}],
        sales=[about | {"accepted": True}],
        complaints=[about | {"received_ms": now}],
        evaluations=[about | {"scored_ms": now}],
        forecasts=[{"started_ms": now, "contacts": 3}],
        duties=[{"company": "North", "duty": "notice", "reference": "1", "started_ms": now}],
    )
    prepared = prepare(floor)
    for table, schema in MEASURING.items():
        found = pl.concat([pl.read_parquet(path, hive_partitioning=False) for path in prepared.paths(table)])
        assert found.schema == pl.DataFrame(schema.empty_table()).schema, table
        assert found.height == (3 if table == "people" else 1), table


def test_company_and_tenure_are_those_of_the_agent_s_roster_row_on_that_day(tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    days = [at(floor, f"2026-11-{day} 10:00") for day in ("14", "15")]
    load(
        floor,
        contacts=[{"contact": str(ms), "started_ms": ms, "agent": "7", "outcome": "answered"} for ms in days],
        roster=[
            stay("7", "North", "2026-08-01", "2026-11-15", hired="2026-08-17", team="a", employment="dispatched"),
            stay("7", "South", "2026-11-15", team="b", site="Hall", hired="2026-08-17"),
        ],
    )
    prepared = prepare(floor)
    assert columns(prepared, "legs", "company", "employment", "site", "team", "tenure") == [
        ("North", "dispatched", "", "a", "30-89 d"),
        ("South", "own", "Hall", "b", "90-179 d"),
    ]
    assert prepared.unknown_agents == ()


def test_an_agent_off_the_roster_belongs_to_nobody_and_is_named(tmp_path: Path) -> None:
    floor = new_floor(tmp_path, settings=WATER)
    now = at(floor, "2026-11-14 10:00")
    leg = {"started_ms": now, "queue": "water", "outcome": "answered"}
    load(floor, contacts=[leg | {"contact": name, "agent": name} for name in ("left", "never")],
         roster=[stay("left", "North", "2026-01-01", "2026-11-14")])  # fmt: skip
    prepared = prepare(floor)
    assert set(columns(prepared, "legs", "agent", "company")) == {("left", ""), ("never", "")}
    assert prepared.unknown_agents == ("left", "never")


def test_without_an_agent_a_leg_belongs_to_the_company_its_queue_is_dedicated_to(tmp_path: Path) -> None:
    floor = new_floor(tmp_path, settings=WATER)
    now = at(floor, "2026-11-14 10:00")
    legs = [("water", None, None), ("water", "loans", "fees"), ("tax", None, None), (None, None, None)]
    load(floor, contacts=[
        {"contact": str(n), "started_ms": now + n, "queue": queue, "skill": skill, "topic": topic}
        for n, (queue, skill, topic) in enumerate(legs)
    ])  # fmt: skip
    assert columns(prepare(floor), "legs", "queue", "company", "skill", "topic") == [
        ("water", "North", "billing", "bills"),
        ("water", "North", "loans", "fees"),
        ("tax", "", "tax", ""),
        ("", "", "", ""),
    ]


def test_measures_of_a_leg(tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    now = at(floor, "2026-11-14 10:00")
    answered = {"queued_ms": now, "answered_ms": now + 4_000, "ended_ms": now + 60_000, "outcome": "answered",
                "talk_ms": 50_000,
                "hold_ms": 6_000, "wrap_ms": 9_000, "ring_ms": 1_000, "rings_unanswered": 2}  # fmt: skip
    load(floor, contacts=[
        {"contact": "a", "started_ms": now, "transferred_to": "b"} | answered,
        {"contact": "b", "started_ms": now + 1, "wait_ms": 3, "sale_eligible": False} | answered,
        {"contact": "c", "started_ms": now + 2, "queued_ms": now + 2, "ended_ms": now + 9},
        {"contact": "d", "started_ms": now + 3, "leg": 2, "direction": "out", "outcome": "failed"},
    ])  # fmt: skip
    prepared = prepare(floor)
    flags = ("inbound", "first", "offered", "answered", "abandoned", "outcome", "transferred", "sale_eligible")
    assert columns(prepared, "legs", *flags) == [
        (True, True, True, True, False, 1, True, True),
        (True, True, True, True, False, 1, False, False),
        (True, True, True, False, True, 2, False, False),
        (False, False, False, False, False, 7, False, False),
    ]
    amounts = ("wait_ms", "ring_ms", "talk_ms", "hold_ms", "wrap_ms", "handle_ms", "rings_unanswered")
    assert columns(prepared, "legs", *amounts) == [
        (4_000, 1_000, 50_000, 6_000, 9_000, 65_000, 2),
        (3, 1_000, 50_000, 6_000, 9_000, 65_000, 2),
        (7, 0, 0, 0, 0, 0, 0),
        (0, 0, 0, 0, 0, 0, 0),
    ]
    assert prepared.watermark_ms == now + 60_000


def test_offered_legs_are_counted_against_the_newest_lock_of_their_company_queue_and_interval(tmp_path: Path) -> None:
    floor = new_floor(tmp_path, settings=WATER)
    noon = at(floor, "2026-11-14 12:00")
    starts = [noon - 1, noon, noon + 1, noon + 30 * MINUTE - 1, noon + 30 * MINUTE]
    load(
        floor,
        contacts=[
            *({"contact": str(ms), "started_ms": ms, "queued_ms": ms, "queue": "water"} for ms in starts),
            {"contact": "direct", "started_ms": noon + 2, "queue": "water"},  # never entered a queue
            {"contact": "tax", "started_ms": noon + 3, "queued_ms": noon + 3, "queue": "tax"},
        ],
        forecasts=[
            {"started_ms": noon, "queue": "water", "company": "North", "contacts": 50, "locked_ms": 1},
            {"started_ms": noon, "queue": "water", "company": "North", "contacts": 7, "locked_ms": 2},
            {"started_ms": noon, "queue": "water", "contacts": 100, "locked_ms": 3},  # the whole queue's
            {"started_ms": noon + 30 * MINUTE, "queue": "water", "company": "North", "contacts": 0},
        ],
    )
    assert columns(prepare(floor), "legs", "queue", "nth_ppm", "interval_ppm", "nth_in_month") == [
        ("water", 0, 0, 1),  # before the interval
        ("water", 142_858, 428_572, 2),  # 1/7 and 3/7, rounded up
        ("water", 285_715, 428_572, 3),
        ("water", 0, 0, 0),
        ("tax", 0, 0, 1),  # nobody's
        ("water", 428_572, 428_572, 4),
        ("water", 2_000_000, 2_000_000, 5),  # forecast at nothing: a surplus
    ]


def test_changed_queue_settings_are_seen(tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    load(floor, contacts=[{"contact": "a", "started_ms": at(floor, "2026-11-14 12:00"), "queue": "water"}])
    before = prepare(floor)
    after = prepare(with_settings(floor, WATER))
    assert columns(after, "legs", "company", "skill", "topic") == [("North", "billing", "bills")]
    assert before.data_version != after.data_version


def test_a_floor_without_facts_has_nothing_to_measure(tmp_path: Path) -> None:
    prepared = prepare(new_floor(tmp_path))
    assert prepared.months == []
    assert prepared.watermark_ms == 0
    assert {table: dict(months) for table, months in prepared.files.items()} == {table: {} for table in MEASURING}
    assert decoded(prepared, "legs").is_empty()
