"""Contacts: who owns them, and the gaps to the next one."""

from __future__ import annotations

import random
from pathlib import Path

from hand_made import HOUR, MINUTE, Row, at, columns, full_row, load, new_floor, stay

from onefloor.floor import Floor
from onefloor.metrics.prepare import prepare
from onefloor.metrics.tables import NO_REPEAT_MS
from onefloor.periods import MS_PER_DAY, Month

GAPS = ("gap_topic_ms", "gap_any_ms")
NONE = NO_REPEAT_MS


def call(contact: str, start: int, *, customer: int | None = 5, length: int = MINUTE, **more: object) -> Row:
    """An answered call that entered a queue at once."""
    return {
        "contact": contact, "started_ms": start, "queued_ms": start, "answered_ms": start, "ended_ms": start + length,
        "outcome": "answered", "customer": customer, "agent": "1", "topic": "t", "queue": "q",
    } | more  # fmt: skip


def test_a_contact_is_owned_by_its_last_answered_leg_with_queue_and_topic_of_its_first(tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    now = at(floor, "2026-11-14 10:00")
    load(
        floor,
        contacts=[
            call("c", now, queue="first", topic="bills"),
            call("c", now + MINUTE, leg=2, agent="2", queue="second", topic="other", customer=None),
            call("c", now + 2 * MINUTE, leg=3, agent=None, answered_ms=None, outcome="abandoned", queue="third"),
            call("lost", now, customer=6, answered_ms=None, outcome="abandoned"),
        ],
        roster=[stay("1", "North"), stay("2", "South")],
    )
    names = ("start_ms", "agent", "company", "queue", "topic", "end_ms", "identified", "customer")
    assert columns(prepare(floor), "contacts", *names) == [
        (now + MINUTE, "2", "South", "first", "bills", now + 3 * MINUTE, True, 5)
    ]


def test_the_gap_runs_from_the_end_of_a_contact_to_the_same_customer_s_next_offered_one(tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    now = at(floor, "2026-11-10 10:00")
    load(
        floor,
        contacts=[
            call("a", now),
            call("other customer", now + 1, customer=6),
            call("outgoing", now + HOUR, queued_ms=None, direction="out"),
            call("other topic", now + 2 * HOUR, topic="u"),
            call("lost", now + 3 * HOUR, answered_ms=None, agent=None, outcome="abandoned"),
        ],
    )
    assert columns(prepare(floor), "contacts", *GAPS) == [
        (3 * HOUR - MINUTE, 2 * HOUR - MINUTE),
        (NONE, NONE),
        (2 * HOUR - MINUTE, HOUR - MINUTE),
        (NONE, HOUR - MINUTE),
    ]


def test_the_next_contact_may_begin_before_this_one_ends_or_at_the_same_time(tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    now = at(floor, "2026-11-10 10:00")
    load(floor, contacts=[
        call("a", now, length=HOUR, key="tie 1"),
        call("b", now, key="tie 2"),
        call("c", now + MINUTE // 2, key="later"),
    ])  # fmt: skip
    assert sorted(columns(prepare(floor), "contacts", *GAPS), key=str) == [(0, 0), (0, 0), (NONE, NONE)]


def test_unidentified_customers_never_come_back(tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    now = at(floor, "2026-11-10 10:00")
    load(floor, contacts=[call(str(n), now + n * HOUR, customer=None) for n in range(3)])
    assert columns(prepare(floor), "contacts", "identified", "customer", *GAPS) == [(False, 0, NONE, NONE)] * 3


def test_the_lookahead_reaches_31_days_and_crosses_months_and_clock_changes(tmp_path: Path) -> None:
    floor = new_floor(tmp_path, "Europe/London")
    start = at(floor, "2026-10-20 10:00")
    edge = start + MINUTE + 31 * MS_PER_DAY
    load(floor, contacts=[call("a", start), call("b", edge, customer=5)])
    load(floor, contacts=[call("c", start, customer=6), call("d", edge + 1, customer=6)])
    found = columns(prepare(floor), "contacts", "month", "customer", *GAPS)
    assert sorted(row for row in found if row[0] == 202610) == [
        (202610, 5, 31 * MS_PER_DAY, 31 * MS_PER_DAY),
        (202610, 6, NONE, NONE),
    ]


def test_a_month_looks_31_days_beyond_its_end_even_into_the_month_after_next(tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    start = at(floor, "2027-01-31 23:00")
    load(floor, contacts=[call("a", start)])
    prepare(floor)
    load(floor, contacts=[call("b", at(floor, "2027-03-03 22:00"))])
    expected = 30 * MS_PER_DAY + 23 * HOUR - MINUTE
    assert columns(prepare(floor), "contacts", *GAPS) == [(expected, expected), (NONE, NONE)]


def test_gaps_equal_those_found_contact_by_contact(tmp_path: Path) -> None:
    floor = new_floor(tmp_path, "Europe/London")
    chance = random.Random(7)
    first, last = at(floor, "2026-09-25 00:00"), at(floor, "2026-12-10 00:00")
    rows = [
        call(f"c{n}", chance.randrange(first, last, 6 * HOUR), key=f"c{n}", length=chance.choice([0, HOUR, 9 * HOUR]),
             customer=chance.randrange(1, 12), topic=chance.choice("ab"), direction=chance.choice(["in", "out"]))
        for n in range(160)
    ]  # fmt: skip
    rows = [{**row, "queued_ms": None if row["direction"] == "out" else row["started_ms"]} for row in rows]
    load(floor, contacts=rows[:60])
    prepare(floor)
    load(floor, contacts=rows[60:])
    full = {found["row_id"]: found for found in (full_row(floor, "contacts", row) for row in rows)}
    both = [("customer", "topic"), ("customer",)]
    wanted = [(row_id, *(naive_gap(floor, full, row_id, same) for same in both)) for row_id in full]
    assert sorted(columns(prepare(floor), "contacts", "row_id", *GAPS)) == sorted(wanted)


def naive_gap(floor: Floor, contacts: dict[int, Row], row_id: int, same: tuple[str, ...]) -> int:
    """What the definition says, one contact against all others."""
    one = contacts[row_id]
    horizon = floor.clock.start_of_day_ms(Month.from_id(one["month"]).days.end + 31)
    later = [
        (other["started_ms"], other["row_id"]) for other in contacts.values()
        if all(other[name] == one[name] for name in same) and other["queued_ms"] is not None
        and (other["started_ms"], other["row_id"]) > (one["started_ms"], row_id) and other["started_ms"] < horizon
    ]  # fmt: skip
    return min(NONE, max(0, min(later)[0] - one["ended_ms"])) if later else NONE


def test_a_contact_across_the_month_s_end_counts_once_where_its_last_answered_leg_is(tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    start = at(floor, "2026-10-31 23:50")
    load(floor, contacts=[
        call("c", start, length=20 * MINUTE, queue="first", topic="bills"),
        call("during", start + 15 * MINUTE, topic="bills"),
        call("after", start + 2 * HOUR, topic="bills"),
    ])  # fmt: skip
    assert columns(prepare(floor), "contacts", "month", "gap_any_ms")[0] == (202610, 0)
    load(floor, contacts=[call("c", start + 20 * MINUTE, leg=2, queue="second", topic="x", customer=None, agent="2")])
    names = ("start_ms", "month", "agent", "queue", "topic", "customer", *GAPS)
    assert columns(prepare(floor), "contacts", *names) == [
        (start + 15 * MINUTE, 202611, "1", "q", "bills", 5, 2 * HOUR - 16 * MINUTE, 2 * HOUR - 16 * MINUTE),
        (start + 20 * MINUTE, 202611, "2", "first", "bills", 5, 0, 0),
        (start + 2 * HOUR, 202611, "1", "q", "bills", 5, NONE, NONE),
    ]


def test_a_contact_that_is_lost_after_the_month_s_end_stays_in_its_month_and_ends_there(tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    start = at(floor, "2026-10-31 23:50")
    load(floor, contacts=[
        call("c", start, customer=None),
        call("c", start + HOUR, leg=2, answered_ms=None, agent=None, outcome="abandoned"),
        call("again", start + 3 * HOUR),
    ])  # fmt: skip
    assert columns(prepare(floor), "contacts", "month", "customer", "end_ms", "gap_topic_ms") == [
        (202610, 5, start + HOUR + MINUTE, 2 * HOUR - MINUTE),
        (202611, 5, start + 3 * HOUR + MINUTE, NONE),
    ]


def test_the_contact_found_by_a_survey_is_the_last_answered_leg(tmp_path: Path) -> None:
    floor = new_floor(tmp_path, settings='\n[queues.own]\ntopic = "o"\n')
    start = at(floor, "2026-10-31 23:50")
    asked = {"invited_ms": start, "answered_ms": start + 1, "score": 5, "resolved": True}
    load(
        floor,
        contacts=[call("c", start), call("c", start + HOUR, leg=2, agent="2", queue="w", topic="v", channel="chat")],
        roster=[stay("2", "South")],
        surveys=[
            {"contact": "c", "started_ms": start} | asked,
            {"contact": "c", "started_ms": start + 1, "agent": "9", "queue": "own", "invited_ms": start},
            {"contact": "never seen", "started_ms": start + 2, "invited_ms": start},
            {"started_ms": start + 3, "invited_ms": start, "topic": "t"},
        ],
    )
    names = ("agent", "company", "queue", "skill", "topic", "channel", "responded", "score", "resolved")
    assert columns(prepare(floor), "surveys", *names) == [
        ("2", "South", "w", "w", "v", "chat", True, 5, True),
        ("9", "", "own", "own", "v", "chat", False, None, None),
        ("", "", "", "", "", "", False, None, None),
        ("", "", "", "", "t", "", False, None, None),
    ]


def test_two_sources_may_give_two_contacts_the_same_name(tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    now = at(floor, "2026-11-10 10:00")
    load(floor, contacts=[
        call("7", now, source="east"),
        call("7", now + HOUR, source="west", leg=2, agent="2", customer=6),
    ])  # fmt: skip
    assert columns(prepare(floor), "contacts", "start_ms", "agent", "customer", "end_ms", "gap_any_ms") == [
        (now, "1", 5, now + MINUTE, NONE),
        (now + HOUR, "2", 6, now + HOUR + MINUTE, NONE),
    ]


def test_a_survey_finds_the_contact_of_its_own_source_or_the_only_one_of_that_name(tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    now = at(floor, "2026-11-10 10:00")
    asked = {"invited_ms": now}
    load(
        floor,
        contacts=[
            call("both", now, source="east"),
            call("both", now, source="west", agent="2"),
            call("one", now, source="west", agent="3"),
        ],
        surveys=[
            {"contact": "both", "source": "east", "started_ms": now} | asked,
            {"contact": "both", "source": "west", "started_ms": now + 1} | asked,
            {"contact": "both", "source": "surveys", "started_ms": now + 2} | asked,
            {"contact": "one", "source": "surveys", "started_ms": now + 3} | asked,
            {"contact": "one", "source": "east", "started_ms": now + 4} | asked,
        ],
    )
    assert columns(prepare(floor), "surveys", "agent") == [("1",), ("2",), ("",), ("3",), ("3",)]


def test_the_last_leg_is_the_last_in_time_although_its_number_was_a_guess(tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    now = at(floor, "2026-11-10 10:00")
    load(floor, contacts=[
        call("c", now),
        call("c", now + MINUTE, leg=2, agent="2"),
        call("c", now + 2 * MINUTE, leg=3, agent="3"),
        call("c", now + 3 * MINUTE, leg=2, agent="4"),  # came before the others, when its place was not known
    ])  # fmt: skip
    assert columns(prepare(floor), "contacts", "agent") == [("4",)]


def test_sales_complaints_and_evaluations(tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    now = at(floor, "2026-11-10 10:00")
    load(
        floor,
        contacts=[call("c", now)],
        sales=[
            {"contact": "c", "started_ms": now, "accepted": True, "cancelled_ms": now + 9, "amount_minor": 500},
            {"started_ms": now + 1, "accepted": False, "complained_ms": now + 8},
        ],
        complaints=[{"contact": "c", "started_ms": now, "received_ms": now + HOUR, "justified": True}],
        evaluations=[
            {"contact": "c", "started_ms": now, "scored_ms": now, "customer_critical_failed": True,
             "business_critical_failed": False, "score_hundredths": 8750},
        ],
    )  # fmt: skip
    prepared = prepare(floor)
    sales = ("agent", "accepted", "cancelled_after_ms", "complained_after_ms", "amount_minor")
    assert columns(prepared, "sales", *sales) == [("1", True, 9, None, 500), ("", False, None, 7, 0)]
    assert columns(prepared, "complaints", "agent", "justified", "received_after_ms") == [("1", True, HOUR)]
    flags = [f"{family}_{what}" for family in ("customer", "business", "compliance") for what in ("applies", "failed")]
    assert columns(prepared, "evaluations", *flags, "score_hundredths") == [
        (True, True, True, False, False, False, 8750)
    ]
