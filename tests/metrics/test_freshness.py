from __future__ import annotations

from pathlib import Path

from hand_made import MINUTE, at, load, new_floor, stay

from onefloor.floor import Floor
from onefloor.metrics.freshness import Freshness, Reach, days_missing, freshness
from onefloor.metrics.overview import overview
from onefloor.metrics.prepare import prepare
from onefloor.periods import day_of


def floor_with(folder: Path, north: range, south: range, closed: int = 0) -> Floor:
    """Two companies that answer a contact on each of these days of November, but never on the weekday ``closed``."""
    floor = new_floor(folder, "Asia/Shanghai")
    contacts = []
    for agent, days in (("n", north), ("s", south)):
        for day in days:
            start = at(floor, f"2026-11-{day:02d} 23:30")
            if day_of(floor.clock.day(start)).isoweekday() != closed:
                contacts.append({
                    "contact": f"{agent}{day}", "started_ms": start, "queued_ms": start, "answered_ms": start,
                    "ended_ms": start + 5 * MINUTE, "outcome": "answered", "agent": agent, "queue": "q",
                    "source": f"log of {agent}",
                })  # fmt: skip
    load(floor, contacts=contacts, roster=[stay("n", "North"), stay("s", "South")])
    return floor


def days(reach: Reach) -> list[int]:
    return [day_of(day).day for day in reach.missing]


def test_a_company_and_its_source_that_lack_a_day_are_named(tmp_path: Path) -> None:
    floor = floor_with(tmp_path, range(1, 31), range(1, 29))
    found = freshness(prepare(floor), floor)
    assert {name: (day_of(reach.through).day, days(reach)) for name, reach in found.companies.items()} == {
        "North": (30, []),
        "South": (28, [29, 30]),
    }
    assert {key: days(reach) for key, reach in found.sources.items()} == {
        ("log of n", "contacts"): [],
        ("log of s", "contacts"): [29, 30],
    }
    assert found.through_ms == at(floor, "2026-11-30 23:35")


def test_a_weekly_closing_day_is_not_missing(tmp_path: Path) -> None:
    floor = floor_with(tmp_path, range(1, 31), range(1, 31), closed=7)
    found = freshness(prepare(floor), floor)
    assert [days(reach) for reach in found.companies.values()] == [[], []]


def test_a_company_is_told_of_itself_alone(tmp_path: Path) -> None:
    floor = floor_with(tmp_path, range(1, 31), range(1, 29))
    found = freshness(prepare(floor), floor).of("North")
    assert (list(found.companies), found.sources) == (["North"], {})


def test_the_overview_says_what_is_missing(tmp_path: Path) -> None:
    floor = floor_with(tmp_path, range(1, 31), range(1, 29))
    assert overview(floor).as_json()["reach"]["companies"] == {
        "North": {"through": "2026-11-30", "missing": []},
        "South": {"through": "2026-11-28", "missing": ["2026-11-29", "2026-11-30"]},
    }


def test_a_floor_without_contacts_reaches_nowhere(tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    assert freshness(prepare(floor), floor) == Freshness(None, {}, {})


def test_a_day_is_expected_after_two_weeks_with_its_weekday() -> None:
    assert days_missing([], 9) == ()
    assert days_missing([1], 15) == ()
    assert days_missing([1, 8], 15) == (15,)
