from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefloor.periods import (
    BadPeriod,
    Month,
    Period,
    UnknownZone,
    clock,
    day_id,
    day_of,
    instant_of,
    month_of_day,
    months_of,
    zone_rules_version,
)

ZONES = ["Asia/Shanghai", "Europe/London", "Asia/Jerusalem", "America/Sao_Paulo", "Asia/Kathmandu"]


@given(st.sampled_from(ZONES), st.integers(700_000_000_000, 2_500_000_000_000))
def test_the_clock_agrees_with_the_standard_library_at_any_instant(name, instant_ms):
    local = datetime.fromtimestamp(instant_ms / 1000, ZoneInfo(name))
    assert clock(name).offset_ms(instant_ms) == local.utcoffset().total_seconds() * 1000
    assert clock(name).day(instant_ms) == day_id(local.date())


def test_a_day_of_the_spring_change_has_23_hours_in_london():
    london = clock("Europe/London")
    change = day_id(date(2026, 3, 29))
    assert london.start_of_day_ms(change + 1) - london.start_of_day_ms(change) == 23 * 3_600_000


def test_the_hour_that_happens_twice_is_read_as_the_earlier_one():
    assert instant_of(datetime(2026, 10, 25, 1, 30), "Europe/London") == 1_792_888_200_000  # 00:30 UTC


@given(st.integers(1, 9998), st.integers(1, 12))
def test_a_months_days_lie_in_it_and_its_neighbours_do_not(year, month):
    found = Month(year, month)
    days = found.days
    assert {month_of_day(days.start), month_of_day(days.end - 1)} == {found}
    assert month_of_day(days.end) == found.following()
    assert len(days) in (28, 29, 30, 31)


def test_months_count_over_the_year_and_back():
    assert Month(2026, 11).shifted(3) == Month(2027, 2)
    assert Month(2027, 2).shifted(-3) == Month(2026, 11)
    assert Month.from_id(202611).id == 202611


def test_a_range_names_both_ends():
    assert months_of("2025-11..2026-02") == [Month(2025, 11), Month(2025, 12), Month(2026, 1), Month(2026, 2)]


@pytest.mark.parametrize("text", ["2026-13", "2026", "november", "2026-02..2026-01", "", "2026-01-01"])
def test_what_is_no_period_is_refused_with_a_remedy(text):
    with pytest.raises(BadPeriod) as caught:
        months_of(text)
    assert caught.value.remedy.en == "Write 2026-11 or 2026-01..2026-11."


@pytest.mark.parametrize("name", ["Mars/Base", "", "../etc/passwd", "Asia"])
def test_an_unknown_zone_is_refused(name):
    with pytest.raises(UnknownZone):
        clock(name)


def test_a_period_is_half_open():
    period = Period(10, 12)
    assert [day in period for day in (9, 10, 11, 12)] == [False, True, True, False]


def test_day_ids_are_dates():
    assert day_of(day_id(date(2026, 11, 21))) == date(2026, 11, 21)


def test_the_zone_rules_have_a_version():
    assert zone_rules_version()[:3] == "202"
