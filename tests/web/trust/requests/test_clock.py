"""The arithmetic of clocks that stand still: whatever happens in between, the time that runs adds up."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefloor.working_time import Span, WorkingTime
from onefloor_web.trust.requests.clock import Clock, after_stops, left, resumed, started, stopped

HOUR, DAY = 3_600_000, 86_400_000
UNITS = ("working hours", "working days", "hours", "days")
# Summer time begins and ends in Berlin; in Shanghai holidays and a moved workday.
BERLIN = WorkingTime("Europe/Berlin", hours=((9 * 60, 12 * 60), (13 * 60, 18 * 60)))
SHANGHAI = WorkingTime(
    "Asia/Shanghai", holidays=frozenset({date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 5)}),
    workdays=frozenset({date(2026, 10, 10)}),
)  # fmt: skip
ALWAYS = WorkingTime("UTC", days=frozenset(range(7)), hours=((0, 1440),))
TIMES = st.sampled_from([BERLIN, SHANGHAI, ALWAYS])
STARTS = st.integers(1_772_323_200_000, 1_793_404_800_000)  # March to October 2026
SPANS = st.builds(Span, st.integers(1, 60), st.sampled_from(UNITS))
TIMED = st.builds(Span, st.integers(1, 60), st.sampled_from([unit for unit in UNITS if unit != "days"]))
DAYS = st.builds(Span, st.integers(1, 60), st.just("days"))
GAPS = st.lists(st.tuples(st.integers(0, 5 * DAY), st.integers(0, 9 * DAY)), max_size=5)


def at(text: str, zone: str = "Asia/Shanghai") -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def stops_of(start: int, gaps: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stops one after another: so long after the last, for so long."""
    found, now = [], start
    for before, long in gaps:
        found.append((now + before, now + before + long))
        now = found[-1][1]
    return found


def day_of(time: WorkingTime, instant: int) -> int:
    return datetime.fromtimestamp(instant / 1000, ZoneInfo(time.zone)).date().toordinal()


def ran(time: WorkingTime, start: int, end: int, unit: str) -> int:
    return time.worked_ms(start, end) if unit.startswith("working") else max(0, end - start)


@given(TIMES, STARTS, TIMED, GAPS)
def test_the_time_that_runs_adds_up_to_what_was_allowed(time, start, span, gaps):
    allowed = left(time, start, started(time, start, span).due_ms, span.unit)
    stops = stops_of(start, gaps)
    due = after_stops(time, start, span, stops).due_ms
    running, since = 0, start
    for stop, go in stops:
        if stop >= due:
            break
        running += ran(time, since, stop, span.unit)
        since = go
    assert running + ran(time, since, due, span.unit) == allowed


@given(TIMES, STARTS, SPANS, GAPS)
def test_a_stop_never_brings_the_end_nearer(time, start, span, gaps):
    plain = started(time, start, span).due_ms
    assert after_stops(time, start, span, stops_of(start, gaps)).due_ms >= plain or not gaps


@given(TIMES, STARTS, DAYS, GAPS)
def test_days_are_counted_as_days_and_the_last_ends_when_work_does(time, start, span, gaps):
    due = after_stops(time, start, span, stops_of(start, gaps)).due_ms
    stood = [(stop, go) for stop, go in stops_of(start, gaps) if stop < due]
    last = day_of(time, due - 1)  # midnight ends a day
    running = last - day_of(time, start) - sum(day_of(time, go) - day_of(time, stop) for stop, go in stood)
    assert running >= span.amount
    assert due == time.spans_of(date.fromordinal(last))[-1][1]


@given(TIMES, STARTS, SPANS, st.integers(0, 30 * DAY))
def test_a_clock_that_stops_and_goes_on_at_once_ends_with_the_same_work_done(time, start, span, after):
    clock, now = started(time, start, span), start + after
    again = resumed(time, stopped(time, clock, now, span.unit), now, span.unit)
    assert left(time, now, again.due_ms, span.unit) == left(time, now, clock.due_ms, span.unit)


@given(TIMES, STARTS, SPANS)
def test_a_clock_that_is_over_cannot_be_stopped(time, start, span):
    clock = started(time, start, span)
    assert stopped(time, clock, clock.due_ms, span.unit) == clock


@given(TIMES, STARTS, SPANS, st.integers(0, DAY))
def test_stopping_and_starting_twice_is_as_once(time, start, span, after):
    once = stopped(time, started(time, start, span), start + after, span.unit)
    assert stopped(time, once, start + after + HOUR, span.unit) == once
    going = resumed(time, once, start + 2 * DAY, span.unit)
    assert resumed(time, going, start + 3 * DAY, span.unit) == going


@pytest.mark.parametrize(
    ("asked", "stop", "go", "due"),
    [
        ("2026-11-13 16:00", "2026-11-13 17:00", "2026-11-16 09:00", "2026-11-17 15:00"),  # over a weekend
        ("2026-11-13 16:00", "2026-11-14 12:00", "2026-11-15 12:00", "2026-11-17 14:00"),  # stopped while nobody works
        ("2026-09-30 16:00", "2026-09-30 17:00", "2026-10-06 09:00", "2026-10-07 15:00"),  # over the holidays
        ("2026-10-09 16:00", "2026-10-09 17:00", "2026-10-10 09:00", "2026-10-12 15:00"),  # a Saturday that is worked
    ],
)
def test_sixteen_working_hours_with_one_question_back(asked, stop, go, due):
    clock = after_stops(SHANGHAI, at(asked), Span(16, "working hours"), [(at(stop), at(go))])
    assert clock == Clock(at(due))


@pytest.mark.parametrize(
    ("asked", "stop", "go", "due"),
    [
        ("2026-11-16 16:00", "2026-11-17 10:00", "2026-11-17 17:00", "2026-11-19 18:00"),  # the same day: none stopped
        ("2026-11-16 16:00", "2026-11-17 10:00", "2026-11-20 06:00", "2026-11-23 18:00"),  # ends on a Sunday: Monday
        ("2026-11-16 16:00", "2026-11-19 10:00", "2026-11-20 20:00", "2026-11-23 18:00"),  # on the last day, after work
    ],
)
def test_three_days_with_one_question_back(asked, stop, go, due):
    assert after_stops(SHANGHAI, at(asked), Span(3, "days"), [(at(stop), at(go))]) == Clock(at(due))


def test_an_hour_that_summer_time_takes_is_not_worked():
    night = WorkingTime("Europe/Berlin", days=frozenset(range(7)), hours=((0, 1440),))
    start = at("2026-03-28 12:00", "Europe/Berlin")
    assert started(night, start, Span(24, "working hours")) == Clock(at("2026-03-29 13:00", "Europe/Berlin"))
