"""What moved on the days of a figure, as pages show it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from django.utils import translation
from measuring_tables import prepared_of
from world import World

from onefloor.findings import Figure
from onefloor.insight.charts.watching import Asked, Watched, watch
from onefloor.metrics import catalogue
from onefloor.metrics.prepared import Prepared
from onefloor.metrics.unassigned import Unassigned
from onefloor.periods import MS_PER_DAY, Month, Period
from onefloor_web.platform.pages.marks import Signal
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.figures import days
from onefloor_web.records.figures.spans import Span

NOVEMBER = Month(2026, 11).days
BASE = Period(NOVEMBER.start - 91, NOVEMBER.start)
BROKEN = NOVEMBER.start + 16  # 17 November
FALL = NOVEMBER.start + 20  # 21 November, until the end


def leg(chance: np.random.Generator, day: int, number: int) -> dict[str, object]:
    """Water loses its callers on one day, tax since the 21st."""
    queue = ("tax", "water")[number % 2]
    often = 0.95 if queue == "water" and day == BROKEN else 0.6 if queue == "tax" and day >= FALL else 0.2
    lost = bool(chance.random() < often)
    how = {"offered": True, "answered": not lost, "abandoned": lost, "wait_ms": 10_000, "first": True, "inbound": True}
    return {"start_ms": day * MS_PER_DAY + (8 + number // 10) * 3_600_000, "queue": queue, "company": "North", **how}


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    chance = np.random.default_rng(31)
    legs = [leg(chance, day, number) for day in range(BASE.start, NOVEMBER.end) for number in range(100)]
    return prepared_of(tmp_path_factory.mktemp("days"), {"legs": legs})


@pytest.fixture(scope="module")
def watched(floor: Prepared) -> Watched:
    return watch(floor, Asked("abandonment", NOVEMBER, by=("queue",), base=BASE))


def test_a_row_says_what_moved_which_way_and_since_when(watched: Watched) -> None:
    with translation.override("en"):
        found = {key: (drift.signal, drift.when.split(" +")[0]) for key, drift in days.drifts(watched).items()}
    worse = Signal(rising=True, good=False)
    assert found == {("water",): (worse, "2026-11-17"), ("tax",): (worse, "since 2026-11-21")}


def test_a_row_says_it_in_chinese_too(watched: Watched) -> None:
    with translation.override("zh-hans"):
        when = days.drifts(watched)[("tax",)].when
    assert re.fullmatch(r"自 2026-11-21 起 \+[\d.]+ 个百分点", when)


def test_companies_are_not_told_apart_where_much_is_nobodys(floor: Prepared, watched: Watched) -> None:
    held = Unassigned(catalogue.metric("abandonment"), Figure(10, 10), Figure(20, 100))
    assert days.drifts(replace(watched, unowned=held)) == {}
    assert days.drifts(None) == {}


def test_the_chart_of_a_figure_has_its_days_its_limits_and_its_signals(floor: Prepared) -> None:
    one = watch(floor, Asked("abandonment", NOVEMBER, where={"queue": ["water"]}, base=BASE))
    with translation.override("en"):
        chart = days.chart(one, slot=2)
    assert chart is not None
    assert (len(chart.labels), chart.labels[16], chart.series[0].signals) == (30, "2026-11-17", (16,))
    assert [level.dash for level in chart.levels] == [True] * len(chart.levels)
    assert chart.series[0].values[16] > max(level.value for level in chart.levels)
    assert chart.sentence.startswith("On 17 November 2026 abandonment rate (water) was about ")


def test_two_days_make_no_chart(floor: Prepared) -> None:
    short = Period(NOVEMBER.start, NOVEMBER.start + 2)
    assert days.chart(watch(floor, Asked("abandonment", short, where={"queue": ["water"]}, base=BASE)), slot=1) is None
    assert days.chart(None, slot=1) is None


def test_a_share_of_time_has_no_limit_above_the_whole(tmp_path_factory: pytest.TempPathFactory) -> None:
    chance = np.random.default_rng(5)
    states = [
        {"start_ms": day * MS_PER_DAY, "company": "North", "talk_ms": busy, "available_ms": 100_000 - busy}
        for day in range(BASE.start, NOVEMBER.end)
        for busy in chance.integers(80_000, 100_000, 3).tolist()
    ]
    floor = prepared_of(tmp_path_factory.mktemp("agent_time"), {"agent_time": states})
    chart = days.chart(watch(floor, Asked("occupancy", NOVEMBER, base=BASE)), slot=1)
    assert chart is not None
    assert [level.value < 100 for level in chart.levels] == [True]


def test_questions_of_days_are_asked_within_the_viewers_rows(committed: World) -> None:
    """Base periods of the test floor are too short for limits, but who is charted is known."""
    november = Span(date(2026, 11, 1), date(2026, 11, 30), "month")
    north, client = (
        days.watched(Viewer(0, company, client=client, visible=(), known=()), "aht", ["company"], {}, november)
        for company, client in (("North", False), ("", True))
    )
    assert north is not None
    assert client is not None
    shown = [[one.series.key["company"] for one in found.charts] for found in (north, client)]
    assert shown[0] == ["North"]
    assert len(shown[1]) > 1
