"""Deadlines: working hours run on, days end with the day, holidays and moved workdays count as they are."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefloor.periods import instant_of
from onefloor.working_time import NoWorkingTime, Span, Unit, WorkingTime, working_time

SHANGHAI = "Asia/Shanghai"
# The National Day of 2026 as announced: 1-7 October off, 10 October (a Saturday) worked.
CALENDAR = working_time(
    SHANGHAI,
    hours=[(13 * 60 + 30, 18 * 60), (9 * 60, 12 * 60)],
    holidays=[date(2026, 10, day) for day in range(1, 8)],
    workdays=[date(2026, 10, 10)],
)


def at(text: str, zone: str = SHANGHAI) -> int:
    return instant_of(datetime.fromisoformat(text), zone)


@pytest.mark.parametrize(
    ("begin", "span", "end"),
    [
        ("2026-11-20 10:00", Span(2, "working hours"), "2026-11-20 12:00"),
        ("2026-11-20 10:00", Span(3, "working hours"), "2026-11-20 14:30"),  # over lunch
        ("2026-11-20 17:00", Span(2, "working hours"), "2026-11-23 10:00"),  # a Friday, over the weekend
        ("2026-11-21 03:00", Span(1, "working hours"), "2026-11-23 10:00"),  # begins on a Saturday
        ("2026-09-30 17:00", Span(2, "working hours"), "2026-10-08 10:00"),  # over the National Day
        ("2026-10-09 17:00", Span(2, "working hours"), "2026-10-10 10:00"),  # a Saturday that is worked
        ("2026-11-20 10:00", Span(26, "hours"), "2026-11-21 12:00"),
        ("2026-11-20 10:00", Span(1, "working days"), "2026-11-23 18:00"),  # the first day is not counted
        ("2026-11-20 23:59", Span(5, "working days"), "2026-11-27 18:00"),
        ("2026-09-29 08:00", Span(3, "working days"), "2026-10-09 18:00"),
        ("2026-11-20 10:00", Span(4, "days"), "2026-11-24 18:00"),
        ("2026-11-20 10:00", Span(2, "days"), "2026-11-23 18:00"),  # would end on a Sunday
        ("2026-09-28 10:00", Span(5, "days"), "2026-10-08 18:00"),  # would end within the holidays
    ],
)
def test_a_deadline_ends_when_the_contract_says(begin: str, span: Span, end: str):
    assert CALENDAR.deadline(at(begin), span) == at(end)


@pytest.mark.parametrize(
    ("end", "span", "begin"),
    [
        ("2026-11-23 10:00", Span(2, "working hours"), "2026-11-20 17:00"),
        ("2026-11-23 10:00", Span(1, "working days"), "2026-11-20 18:00"),
        ("2026-10-08 00:00", Span(2, "working days"), "2026-09-29 18:00"),
        ("2026-12-01 00:00", Span(2, "days"), "2026-11-27 18:00"),  # 29 November is a Sunday: before, not after
        ("2026-12-01 09:00", Span(24, "hours"), "2026-11-30 09:00"),
    ],
)
def test_notice_has_to_be_given_so_long_before(end: str, span: Span, begin: str):
    assert CALENDAR.before(at(end), span) == at(begin)


def test_a_clock_change_costs_no_working_hour():
    berlin = working_time("Europe/Berlin", days=range(7), hours=[(0, 24 * 60)])
    begin = at("2026-10-24 12:00", "Europe/Berlin")
    assert berlin.deadline(begin, Span(24, "hours")) == at("2026-10-25 11:00", "Europe/Berlin")


@pytest.mark.parametrize("unit", ["working hours", "working days", "days"])
def test_a_calendar_without_working_days_has_no_deadlines(unit: Unit):
    never = working_time(SHANGHAI, days=[])
    with pytest.raises(NoWorkingTime):
        never.deadline(at("2026-11-20 10:00"), Span(1, unit))
    with pytest.raises(NoWorkingTime):
        never.before(at("2026-11-20 10:00"), Span(1, unit))


MOMENTS = st.integers(at("2026-09-01 00:00"), at("2026-12-31 00:00"))


@given(begin=MOMENTS, hours=st.integers(1, 200))
def test_the_working_time_up_to_a_deadline_is_the_span(begin: int, hours: int):
    end = CALENDAR.deadline(begin, Span(hours, "working hours"))
    assert CALENDAR.worked_ms(begin, end) == hours * 3_600_000
    assert CALENDAR.worked_ms(begin, end - 1) < hours * 3_600_000


@given(end=MOMENTS, hours=st.integers(1, 200))
def test_the_working_time_from_a_notice_on_is_the_span(end: int, hours: int):
    begin = CALENDAR.before(end, Span(hours, "working hours"))
    assert CALENDAR.worked_ms(begin, end) == hours * 3_600_000
    assert CALENDAR.worked_ms(begin + 1, end) < hours * 3_600_000


@given(first=MOMENTS, second=MOMENTS, third=MOMENTS)
def test_working_time_adds_up(first: int, second: int, third: int):
    one, two, three = sorted([first, second, third])
    assert CALENDAR.worked_ms(one, three) == CALENDAR.worked_ms(one, two) + CALENDAR.worked_ms(two, three)
    assert CALENDAR.worked_ms(three, one) == 0


@given(begin=MOMENTS, amount=st.integers(0, 60), unit=st.sampled_from(["working days", "days"]))
def test_a_deadline_in_days_falls_on_a_working_day_and_longer_spans_end_later(begin: int, amount: int, unit: Unit):
    end = CALENDAR.deadline(begin, Span(amount, unit))
    assert CALENDAR.worked_ms(end - 1, end) == 1
    assert end <= CALENDAR.deadline(begin, Span(amount + 1, unit))


def test_the_default_is_monday_to_friday_from_nine_to_six():
    assert WorkingTime(SHANGHAI).worked_ms(at("2026-11-16 00:00"), at("2026-11-23 00:00")) == 5 * 9 * 3_600_000
