"""Rings, people, forecasts and duties."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from hand_made import MINUTE, Row, at, columns, load, new_floor, stay

from onefloor.floor import Floor
from onefloor.metrics.prepare import prepare
from onefloor.periods import day_id

WATER = '\n[queues.water]\nskill = "billing"\ntopic = "bills"\ncompany = "North"\n'


def first_and_last(floor: Floor, first: str, last: str) -> list[Row]:
    """Contacts between whose days people are counted."""
    return [{"contact": text, "started_ms": at(floor, text)} for text in (first, last)]


def test_rings_know_the_agent_s_company_and_the_queue_s_skill_but_no_topic(tmp_path: Path) -> None:
    floor = new_floor(tmp_path, settings=WATER)
    now = at(floor, "2026-11-10 10:00")
    ring = {"contact": "c", "queue": "water"}
    load(floor, roster=[stay("1", "South", team="a")], rings=[
        ring | {"started_ms": now + n, "agent": agent, "ring_ms": 9, "outcome": outcome}
        for n, (agent, outcome) in enumerate([("1", "answered"), ("1", "no_answer"), ("2", "canceled")])
    ])  # fmt: skip
    prepared = prepare(floor)
    assert columns(prepared, "rings", "agent", "company", "team", "skill", "topic", "taken", "canceled") == [
        ("1", "South", "a", "billing", "", True, False),
        ("1", "South", "a", "billing", "", False, False),
        ("2", "", "", "billing", "", False, True),
    ]
    assert prepared.unknown_agents == ("2",)


def test_people_are_counted_from_the_first_month_s_start_to_the_watermark_s_day(tmp_path: Path) -> None:
    floor = new_floor(tmp_path, "Asia/Shanghai")
    load(floor, contacts=first_and_last(floor, "2026-10-30 12:00", "2026-11-02 12:00"), roster=[stay("1", "North")])
    days = columns(prepare(floor), "people", "day", "start_ms", "hour", "joined", "left")
    first = day_id(date(2026, 10, 1))
    assert days == [(day, floor.clock.start_of_day_ms(day), 0, False, False) for day in range(first, first + 33)]


def test_arrivals_departures_and_changes_of_company(tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    load(
        floor,
        contacts=first_and_last(floor, "2026-10-01 12:00", "2026-11-30 12:00"),
        roster=[
            stay("moves", "North", "2026-10-05", "2026-10-31", hired="2026-08-02"),
            stay("moves", "North", "2026-10-31", "2026-11-01", team="other", hired="2026-08-02"),
            stay("moves", "South", "2026-11-01", hired="2026-08-02"),
            stay("late", "South", "2026-10-05", "2026-11-02", hired="2026-08-03"),  # leaves 91 days later
            stay("new", "South", "2026-10-20", "2026-10-22"),
            stay("new", "South", "2026-11-20"),
        ],
    )
    prepared = prepare(floor)
    names = ("agent", "company", "day", "joined", "left", "left_early", "hired")
    told = [row for row in columns(prepared, "people", *names) if any(row[3:])]
    day = {text: day_id(date.fromisoformat(f"2026-{text}")) for text in
           ("10-05", "10-20", "10-21", "10-31", "11-01", "11-20")}  # fmt: skip
    assert sorted(told) == [
        ("late", "South", day["10-05"], True, False, False, False),
        ("late", "South", day["11-01"], False, True, False, False),
        ("moves", "North", day["10-05"], True, False, False, False),
        ("moves", "North", day["10-31"], False, True, False, False),
        ("moves", "South", day["11-01"], True, False, False, False),
        ("new", "South", day["10-20"], True, False, False, True),
        ("new", "South", day["10-21"], False, True, True, False),
        ("new", "South", day["11-20"], True, False, False, False),
    ]


def test_leaving_on_the_ninetieth_day_is_early_and_on_the_next_is_not(tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    load(
        floor,
        contacts=first_and_last(floor, "2026-10-01 12:00", "2026-11-30 12:00"),
        roster=[stay("90", "A", "2026-08-03", "2026-11-01"), stay("91", "A", "2026-08-03", "2026-11-02")],
    )
    left = [row for row in columns(prepare(floor), "people", "agent", "left", "left_early") if row[1]]
    assert left == [("90", True, True), ("91", True, False)]


def test_a_forecast_counts_its_queue_s_and_company_s_offered_legs_once_it_has_passed(tmp_path: Path) -> None:
    floor = new_floor(tmp_path, settings=WATER)
    noon = at(floor, "2026-11-10 12:00")
    half = 30 * MINUTE
    legs = [("water", noon), ("water", noon + half - 1), ("water", noon + half), ("tax", noon), ("tax", noon - 1)]
    load(
        floor,
        contacts=[
            *({"contact": f"{n}", "queue": queue, "started_ms": ms, "queued_ms": ms, "ended_ms": ms}
              for n, (queue, ms) in enumerate(legs)),
            {"contact": "direct", "queue": "water", "started_ms": noon + 1},
            {"contact": "end", "started_ms": noon + half, "ended_ms": noon + 2 * half - 1},
        ],
        forecasts=[
            {"started_ms": noon, "queue": "water", "company": "North", "contacts": 9, "locked_ms": 1},
            {"started_ms": noon, "queue": "water", "company": "North", "contacts": 2, "locked_ms": 2},
            {"started_ms": noon, "queue": "water", "company": "South", "contacts": 0},
            {"started_ms": noon, "queue": "tax", "contacts": 3},
            {"started_ms": noon, "company": "North", "contacts": 1},
            {"started_ms": noon, "contacts": 4},
            {"started_ms": noon + half, "queue": "water", "company": "North", "contacts": 5},  # not over yet
        ],
    )  # fmt: skip
    names = ("queue", "company", "skill", "topic", "forecast", "actual", "missed_by", "within_tenth")
    assert sorted(columns(prepare(floor), "forecasts", *names)) == [
        ("", "", "", "", 4, 3, 1, False),
        ("", "North", "", "", 1, 2, 1, False),
        ("tax", "", "tax", "", 3, 1, 2, False),
        ("water", "North", "billing", "bills", 2, 2, 0, True),
        ("water", "South", "billing", "bills", 0, 0, 0, True),
    ]
    load(floor, contacts=[{"contact": "later", "started_ms": noon + 2 * half}])
    passed = columns(prepare(floor), "forecasts", "start_ms", "actual")
    assert [row for row in passed if row[0] == noon + half] == [(noon + half, 1)]


def test_within_a_tenth_is_exact(tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    now = at(floor, "2026-11-10 12:00")
    load(
        floor,
        contacts=[{"contact": f"{n}", "started_ms": now, "queued_ms": now, "queue": "q"} for n in range(10)]
        + [{"contact": "end", "started_ms": now + 60 * MINUTE}],
        forecasts=[
            {"started_ms": now, "minutes": 30 + n, "queue": "q", "contacts": 10 + n, "company": None, "key": n,
             "locked_ms": n}
            for n in range(3)
        ],
    )  # fmt: skip
    assert columns(prepare(floor), "forecasts", "forecast", "actual", "within_tenth") == [(12, 10, False)]
    load(floor, forecasts=[{"started_ms": now, "queue": "q", "contacts": 11, "locked_ms": 9}])
    assert columns(prepare(floor), "forecasts", "forecast", "actual", "within_tenth") == [(11, 10, True)]


def test_duties_are_done_late_or_open_and_not_counted_before_they_are_due(tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    now = at(floor, "2026-11-10 12:00")
    duty = {"company": "North", "duty": "forecast"}
    load(
        floor,
        contacts=[{"contact": "c", "started_ms": now}],
        duties=[
            duty | {"reference": "early", "started_ms": now - 3, "done_ms": now - 9},
            duty | {"reference": "late", "started_ms": now - 2, "done_ms": now + 5, "duty": "notice"},
            duty | {"reference": "open", "started_ms": now},
            duty | {"reference": "to come", "started_ms": now + 1},
        ],
    )
    assert columns(prepare(floor), "duties", "company", "duty", "done", "late_ms") == [
        ("North", "forecast", True, 0),
        ("North", "notice", True, 7),
        ("North", "forecast", False, None),
    ]
