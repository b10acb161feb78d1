"""Numbers, lengths of time and dates as they are written on screens."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from onefloor.language import Text
from onefloor_web.platform.pages import formats


@pytest.fixture(autouse=True)
def shanghai():
    with timezone.override(ZoneInfo("Asia/Shanghai")), translation.override("zh-hans"):
        yield


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        (formats.number(43_986), "43,986"),
        (formats.number(Decimal("-8312.40")), "−8,312.40"),
        (formats.number(None), "—"),
        (formats.signed(Decimal("4156.20")), "+4,156.20"),
        (formats.signed(0), "0"),
        (formats.percent(Decimal("78.9")), "78.9%"),
        (formats.money(Decimal("272611.80"), "CNY"), "272,611.80 元"),
        (formats.duration(259_000), "4:19"),
        (formats.duration(None), "—"),
    ],
)
def test_numbers_have_a_true_minus_commas_and_a_dash_where_there_is_none(written: str, wanted: str):
    assert written == wanted


def test_a_difference_of_percentages_is_in_points():
    assert formats.points(Decimal("-2.1")) == "−2.1 个百分点"
    with translation.override("en"):
        assert formats.points(Decimal("2.1")) == "+2.1 points"


@pytest.mark.parametrize(
    ("ms", "zh", "en"),
    [
        (259_000, "4 分 19 秒", "4 min 19 s"),
        (0, "0 秒", "0 s"),
        (3_600_000, "1 小时", "1 h"),
        (-61_000, "−1 分 1 秒", "−1 min 1 s"),
    ],
)
def test_in_a_sentence_a_length_of_time_has_words(ms: int, zh: str, en: str):
    assert formats.duration_words(ms) == zh
    with translation.override("en"):
        assert formats.duration_words(ms) == en


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=1, hours=4, minutes=9), "1 天 4 小时"),
        (timedelta(hours=-16), "16 小时"),
        (timedelta(seconds=20), "0 分"),
    ],
)
def test_a_clock_shows_its_two_largest_units(left: timedelta, words: str):
    assert formats.time_left(left) == words


def test_moments_are_in_the_zone_of_the_floor_and_have_24_hours():
    at = datetime(2026, 11, 20, 15, 59, 30, tzinfo=UTC)
    assert formats.moment(at) == formats.moment(int(at.timestamp() * 1000)) == "2026-11-20 23:59"
    assert [formats.exact(at), formats.clock(at), formats.day(at)] == ["2026-11-20 23:59:30", "23:59", "2026-11-20"]


def test_a_day_and_a_month_are_written_in_words_of_the_language():
    assert formats.day_words(date(2026, 11, 21)) == "2026 年 11 月 21 日，周六"
    assert formats.month("2026-10") == "2026 年 10 月"
    with translation.override("en"):
        assert formats.day_words(date(2026, 11, 21)) == "Sat 21 November 2026"
        assert formats.month("2026-10") == "October 2026"


def test_texts_of_the_core_are_said_in_the_language_of_the_request():
    text = Text("放弃率", "abandonment rate")
    assert [formats.say(text), formats.begin(text)] == ["放弃率", "放弃率"]
    with translation.override("en"):
        assert [formats.say(text), formats.begin(text)] == ["abandonment rate", "Abandonment rate"]
