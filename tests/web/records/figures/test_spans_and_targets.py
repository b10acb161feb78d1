from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from onefloor.metrics import catalogue
from onefloor.metrics.grouping import Finality
from onefloor.metrics.uncertainty import Range
from onefloor.periods import clock, day_id
from onefloor_web.platform.pages.marks import State
from onefloor_web.records.figures import address, filters, spans, targets
from onefloor_web.records.figures.address import FigureAddress
from onefloor_web.records.figures.readings import nice_ends, settles_on

SPANS = ["2026-10", "2026-08..2026-10", "2026-W43", "2026-10-14", "2026-10-01..2026-10-15"]


@pytest.mark.parametrize("text", SPANS)
def test_a_period_is_written_as_it_was_read(text: str) -> None:
    assert spans.read(text).text == text


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026-10..2026-08", "2026-10..2026-10-03", "0000-01", "x", "2020-01..2026-01"]
)
def test_what_is_no_period_is_refused_with_examples(text: str) -> None:
    with pytest.raises(spans.BadSpan) as caught:
        spans.read(text)
    assert "2026-W43" in caught.value.to("en")


def test_the_period_before_is_as_long_and_ends_where_this_one_begins() -> None:
    before = {text: spans.read(text).before().text for text in SPANS}
    assert before == {
        "2026-10": "2026-09",
        "2026-08..2026-10": "2026-05..2026-07",
        "2026-W43": "2026-W42",
        "2026-10-14": "2026-10-13",
        "2026-10-01..2026-10-15": "2026-09-16..2026-09-30",
    }


def test_a_year_before_days_lie_on_the_same_weekdays() -> None:
    before = spans.read("2026-10-14").year_before()
    assert (before.text, before.first.weekday()) == ("2025-10-15", date(2026, 10, 14).weekday())


@pytest.mark.parametrize(
    ("text", "written"), [(">=80", ">=80"), ("<= 5.5%", "<=5.5"), ("4:00..5:30", "240000..330000")]
)
def test_a_target_is_read_as_people_write_it(text: str, written: str) -> None:
    assert targets.read(text).text == written


@pytest.mark.parametrize("text", ["80", ">80", "5:30..4:00", ">=", "=<5", ">=1e9"])
def test_what_is_no_target_is_refused(text: str) -> None:
    with pytest.raises(targets.BadTarget):
        targets.read(text)


def test_nobody_can_tell_while_the_range_reaches_across_the_target() -> None:
    target, around = targets.read(">=80"), Range(Fraction(79), Fraction(82))
    assert [
        target.judged(Fraction(81), around),
        target.judged(Fraction(81), Range(Fraction(805, 10), Fraction(82))),
        target.judged(Fraction(79), Range(Fraction(78), Fraction(795, 10))),
        target.judged(Fraction(80), None),
    ] == [State.UNCLEAR, State.MET, State.MISSED, State.MET]


def test_the_gap_is_measured_from_the_nearer_edge() -> None:
    band = targets.read("4:00..5:30")
    assert [band.gap(Fraction(ms)) for ms in (230_000, 300_000, 331_000)] == [-10_000, 0, 1_000]


def test_an_address_of_a_figure_says_what_it_read() -> None:
    query = {"where": ["company:North", "queue:tech"], "target": [">=80"]}
    found = address.read("service_level", "2026-10", query)
    assert found.url == (
        "/figures/service_level:formula=F4,within=20s,short=20s/2026-10/"
        "?where=company:North&where=queue:tech&target=%3E%3D80"
    )
    assert address.read(found.reference, found.span.text, query) == found


def test_a_narrowed_figure_never_has_more_rows() -> None:
    wide = FigureAddress("aht", spans.read("2026-10"), (("queue", "tax"), ("queue", "water"), ("team", "A")))
    assert wide.narrowed("queue", "tax").where == (("team", "A"), ("queue", "tax"))


def test_filters_that_cannot_be_read_are_named_and_the_others_kept() -> None:
    found, problems = filters.read(["queue:tech", "nonsense", "colour:red"])
    assert found == (("queue", "tech"),)
    assert [type(problem).__name__ for problem in problems] == ["BadFilter", "UnknownDimension"]


@pytest.mark.parametrize("reference", ["service_level", "fcr:within=7d", "sale_quality:within=30d"])
def test_a_figure_settles_on_the_first_day_on_which_the_core_calls_it_final(reference: str) -> None:
    metric, end, hours = catalogue.metric(reference), day_id(date(2026, 11, 1)), clock("Asia/Shanghai")
    settles = day_id(settles_on(metric, end))
    early, late = (Finality(hours.start_of_day_ms(day), hours) for day in (settles - 1, settles))
    assert (early.cut(metric) >= end, late.cut(metric) >= end) == (False, True)


def test_an_axis_has_round_ends_and_shares_never_leave_0_to_100() -> None:
    assert nice_ends([70.6, 79.9], whole=True) == (70.0, 80.0)
    assert nice_ends([95.0, 99.99], whole=True) == (95.0, 100.0)
    assert nice_ends([258_484, 288_000]) == (250_000, 290_000)


def test_a_filter_by_nobody_is_the_empty_name() -> None:
    assert filters.wanted([("company", ""), ("company", "North")]) == {"company": ["", "North"]}
