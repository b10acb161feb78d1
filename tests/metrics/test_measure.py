from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from measuring_tables import END_OF_NOVEMBER, prepared_of

from onefloor.findings import Figure, Question, Scope
from onefloor.metrics.dimensions import BadFilterValue, NotGroupable, UnknownDimension, unknown_names
from onefloor.metrics.expressions import BadExpression
from onefloor.metrics.grouping import Finality, nearest_rank
from onefloor.metrics.measure import as_json, measure
from onefloor.metrics.prepared import Prepared, UnknownName
from onefloor.metrics.questions import answer, recomputed
from onefloor.periods import MS_PER_DAY, Month, Period, clock, day_id

NOV, OCT = Month(2026, 11), Month(2026, 10)
LEG: dict[str, Any] = {"offered": True, "answered": True}


def at(month: Month, day: int, hour: int = 0) -> int:
    return (month.days.start + day - 1) * MS_PER_DAY + hour * 3_600_000


@pytest.fixture
def world(tmp_path: Path) -> Prepared:
    legs = [
        {**LEG, "start_ms": at(NOV, 21, 9), "company": "North", "queue": "tax", "tenure": "90-179 d", "wait_ms": 10},
        {**LEG, "start_ms": at(NOV, 21, 14), "company": "South", "queue": "water", "tenure": "1-2 y", "wait_ms": 30},
        {**LEG, "start_ms": at(OCT, 5), "company": "South", "queue": "water", "tenure": "0-29 d", "wait_ms": 50},
        {"offered": True, "abandoned": True, "start_ms": at(NOV, 2), "queue": "tax", "wait_ms": 99_000},
    ]
    return prepared_of(tmp_path, {"legs": legs, "agent_time": [{"company": "North", "talk_ms": 1, "available_ms": 3}]})


def keys(prepared: Prepared, *by: str) -> list[tuple[Any, ...]]:
    return [tuple(row.key.values()) for row in measure(prepared, ["offered_contacts"], by).rows]


def test_groups_are_named_and_ordered_with_none_last(world: Prepared) -> None:
    assert keys(world, "company", "month") == [
        ("North", "2026-11"), ("South", "2026-10"), ("South", "2026-11"), (None, "2026-11"),
    ]  # fmt: skip
    assert keys(world, "tenure") == [("0-29 d",), ("90-179 d",), ("1-2 y",), (None,)]
    assert keys(world, "day") == [("2026-10-05",), ("2026-11-02",), ("2026-11-21",)]
    assert keys(world, "week") == [("2026-W41",), ("2026-W45",), ("2026-W47",)]
    assert keys(world, "hour", "interval", "weekday") == [(0, "00:00", 1), (9, "09:00", 6), (14, "14:00", 6)]


def test_figures_of_two_tables_stand_in_one_row(world: Prepared) -> None:
    rows = measure(world, ["asa", "occupancy"], ["company"]).rows
    assert [(row.key["company"], row.figures["asa"], row.figures["occupancy"]) for row in rows] == [
        ("North", Figure(10, 1), Figure(1, 4)),
        ("South", Figure(80, 2), Figure(0, 0)),
        (None, Figure(0, 0), Figure(0, 0)),
    ]


@pytest.mark.parametrize(
    ("where", "count"),
    [
        ({"queue": "tax"}, 2),
        ({"queue": ["tax", "water"], "company": "South"}, 2),
        ({"company": ""}, 1),
        ({"month": "2026-11"}, 3),
        ({"day": "2026-11-21", "hour": "14"}, 1),
        ({"week": "2026-W47"}, 2),
        ({"weekday": 6}, 2),
        ({"interval": "09:00"}, 1),
        ({"queue": []}, 0),
    ],
)
def test_filters_are_written_as_values_are_shown(world: Prepared, where: dict[str, Any], count: int) -> None:
    assert measure(world, ["offered_contacts"], where=where).rows[0].figures["offered_contacts"].numerator == count


def test_months_and_periods_choose_the_rows(world: Prepared) -> None:
    def offered(months: Any) -> int:
        return measure(world, ["offered_contacts"], months=months).rows[0].figures["offered_contacts"].numerator

    start = day_id(date(2026, 11, 2))
    assert [offered(None), offered([OCT]), offered([OCT, NOV]), offered([Month(2025, 1)])] == [4, 1, 4, 0]
    assert [offered(Period(start, start + 1)), offered(Period(start - 40, start))] == [1, 1]
    assert offered(Period(start, start)) == 0


def test_without_and_scope_narrow_every_atom(world: Prepared) -> None:
    found = measure(world, ["abandonment"], without=["queue == 'tax' and wait_ms < 11"], scope="queue == 'tax'")
    assert found.rows[0].figures["abandonment"] == Figure(1, 1)


def test_nothing_measured_has_no_value(tmp_path: Path) -> None:
    empty = prepared_of(tmp_path, {})
    found = as_json(measure(empty, ["asa", "offered_contacts", "longest_wait"]))
    assert found["rows"] == [{"metrics": {
        "asa": {"numerator": 0, "denominator": 0, "value": None, "version": 1, "provisional": True},
        "offered_contacts": {"numerator": 0, "denominator": 1, "value": "0", "version": 1, "provisional": True},
        "longest_wait": {"numerator": 0, "denominator": 0, "value": None, "version": 1, "provisional": True},
    }}]  # fmt: skip
    assert measure(empty, ["asa"], ["company"]).rows == []


def test_json_names_a_metric_plainly_if_it_is_asked_once(world: Prepared) -> None:
    asked = ["service_level:formula=F3", "fcr:within=7d", "fcr:within=1d", "asa"]
    found = as_json(measure(world, asked, ["month"], months=[OCT]))
    assert found == {"data_version": "0123456789abcdef", "rows": [{"month": "2026-10", "metrics": {
        "service_level": {"numerator": 1, "denominator": 1, "value": "100.00", "version": 1, "provisional": False},
        "fcr:within=7d": {"numerator": 0, "denominator": 0, "value": None, "version": 1, "provisional": False},
        "fcr:within=1d": {"numerator": 0, "denominator": 0, "value": None, "version": 1, "provisional": False},
        "asa": {"numerator": 50, "denominator": 1, "value": "50", "version": 1, "provisional": False},
    }}]}  # fmt: skip


def test_what_cannot_be_asked_is_refused_with_what_can(world: Prepared) -> None:
    with pytest.raises(NotGroupable) as caught:
        measure(world, ["asa", "occupancy"], ["queue"])
    assert str(caught.value) == (
        "occupancy cannot be split by queue. What it counts has no queue. It can be split by agent, company, "
        "employment, site, team, tenure, day, month, week, weekday, hour, interval."
    )
    with pytest.raises(NotGroupable):
        measure(world, ["occupancy"], where={"queue": "tax"})
    with pytest.raises(UnknownDimension):
        measure(world, ["asa"], ["colour"])
    with pytest.raises(UnknownName):
        measure(world, ["asa"], where={"queue": "gas"})
    with pytest.raises(BadFilterValue):
        measure(world, ["asa"], where={"day": "2026-02-30"})
    with pytest.raises(BadFilterValue):
        measure(world, ["asa"], where={"hour": "24"})
    with pytest.raises(BadExpression):
        measure(world, ["asa"], without=["colour == 1"])
    with pytest.raises(BadExpression):
        measure(world, ["asa"], scope="answered > 3")


def test_a_month_is_provisional_until_the_facts_reach_beyond_it(tmp_path: Path) -> None:
    legs = [{**LEG, "start_ms": at(month, 5)} for month in (OCT, NOV)]

    def provisional(watermark_ms: int) -> list[bool]:
        prepared = prepared_of(tmp_path, {"legs": legs}, watermark_ms)
        return [row.figures["asa"].provisional for row in measure(prepared, ["asa"], ["month"]).rows]

    assert provisional(END_OF_NOVEMBER - 1) == [False, True]
    assert provisional(END_OF_NOVEMBER) == [False, False]
    assert provisional(at(OCT, 20)) == [True, True]


def test_a_repeat_window_is_provisional_until_it_has_passed(tmp_path: Path) -> None:
    contacts = [{"identified": True, "start_ms": at(NOV, day)} for day in (20, 24)]
    prepared = prepared_of(tmp_path, {"contacts": contacts}, END_OF_NOVEMBER + MS_PER_DAY)
    asked = ["fcr:within=7d", "fcr:within=1d", "handled_contacts"]
    rows = measure(prepared, asked, ["day"]).rows
    assert [[row.figures[name].provisional for name in asked] for row in rows] == [
        [False, False, False],
        [True, False, False],
    ]
    total = measure(prepared, asked, months=[NOV]).rows[0].figures
    assert [total[name].provisional for name in asked] == [True, False, False]


def test_the_nearest_rank_is_the_value_that_many_do_not_exceed() -> None:
    counts = [(value, 1) for value in (15, 20, 35, 40, 50)]
    assert [nearest_rank(counts, percent) for percent in (5, 30, 40, 50, 100)] == [15, 20, 20, 35, 50]
    assert nearest_rank([], 50) is None


QUESTIONS = [
    Question("asa", Scope("South"), OCT, NOV),
    Question("asa", Scope("South"), NOV, NOV),
    Question("abandonment", Scope("North", unassigned=True), NOV, NOV),
    Question("abandonment", Scope("North", (("queue", ("tax", "water")),)), NOV, NOV),
    Question("longest_wait:population=all", Scope(), NOV, NOV, ("queue == 'tax' and start_ms < 1",)),
    Question("offered_contacts", Scope("Nobody"), NOV, NOV),
    Question("occupancy", Scope("North"), NOV, NOV),
    Question("fcr", Scope("North"), NOV, NOV),
]
ANSWERS = [
    Figure(80, 2),
    Figure(30, 1),
    Figure(1, 2),
    Figure(0, 1),
    Figure(99_000, 1),
    Figure(0, 1),
    Figure(1, 4),
    Figure(0, 0),
]


def test_questions_are_answered_within_their_scope(world: Prepared) -> None:
    found = answer(world, QUESTIONS)
    assert [found[question] for question in QUESTIONS] == ANSWERS


def test_a_bundle_with_names_gives_the_same_answers(world: Prepared) -> None:
    import polars as pl

    def named(table: str) -> pl.LazyFrame:
        frame = pl.read_parquet(world.paths(table), hive_partitioning=False)
        columns = [name for name in world.names.ids if name in frame.columns]
        return frame.lazy().with_columns(
            pl.col(name).replace_strict({0: ""} | world.names.of(name), return_dtype=pl.String) for name in columns
        )

    frames = {table: named(table) for table in world.files}
    finality = Finality(world.watermark_ms, clock("UTC"))
    assert recomputed(frames, QUESTIONS, finality) == answer(world, QUESTIONS)
    by_id = {table: pl.scan_parquet(world.paths(table), hive_partitioning=False) for table in world.files}
    assert recomputed(by_id, QUESTIONS, finality, resolve=world.names.id) == answer(world, QUESTIONS)


def test_a_question_beyond_its_rows_is_refused(world: Prepared) -> None:
    with pytest.raises(NotGroupable):
        answer(world, [Question("occupancy", Scope("North", (("queue", ("tax",)),)), NOV, NOV)])


def test_names_nobody_has_seen_can_be_found_beforehand(world: Prepared) -> None:
    predicate = Scope("Nobody", (("queue", ("tax", "gas")),)).predicate()
    assert [str(problem) for problem in unknown_names(predicate, world.names)] == [
        'There is no company "Nobody" on this floor. Known: North, South.',
        'There is no queue "gas" on this floor. Known: tax, water.',
    ]


def test_answered_and_abandoned_never_exceed_offered_although_more_legs_were_answered(tmp_path: Path) -> None:
    """Counters taken at different clocks may exceed; here both are picked from the same offered legs."""
    legs = [
        {"offered": True, "answered": True},
        {"offered": True, "abandoned": True},
        *({"offered": False, "answered": True} for _ in range(5)),
    ]
    asked = ["connect_rate", "abandonment", "handled_legs"]
    figures = measure(prepared_of(tmp_path, {"legs": legs}), asked).rows[0].figures
    assert figures["handled_legs"].numerator == 6
    assert [(figures[name].numerator, figures[name].denominator) for name in asked[:2]] == [(1, 2), (1, 2)]
