from __future__ import annotations

import pytest
from measuring_tables import END_OF_NOVEMBER, prepared_of, random_tables

from onefloor.findings import Figure
from onefloor.metrics import catalogue
from onefloor.metrics.measure import measure
from onefloor.metrics.prepared import Prepared
from onefloor.metrics.trends import Movement, movement, trend
from onefloor.periods import MS_PER_DAY, Month, day_of

LAST = END_OF_NOVEMBER // MS_PER_DAY - 1
SHARE = catalogue.metric("service_level")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return prepared_of(tmp_path_factory.mktemp("trends"), random_tables(5, 200), END_OF_NOVEMBER - 3 * MS_PER_DAY)


def test_thirteen_months_end_with_the_month_of_the_day_and_gaps_stay_gaps(prepared: Prepared) -> None:
    found = trend(prepared, ["service_level"], LAST)
    assert (found.periods[0], found.periods[-1], len(found.periods)) == ("2025-11", "2026-11", 13)
    (line,) = found.lines
    assert [figure is None for figure in line.figures["service_level"]] == [True] * 10 + [False] * 3


@pytest.mark.parametrize("unit", ["month", "week", "day"])
def test_every_figure_is_the_one_measured_for_its_period_alone(prepared: Prepared, unit: str) -> None:
    asked = ["service_level", "aht"]
    found = trend(prepared, asked, LAST, ["company"], unit=unit)  # type: ignore[arg-type]
    for line in found.lines:
        for place, period in enumerate(found.periods):
            where = {"company": line.key["company"] or "", unit: period}
            figures = measure(prepared, asked, (), where).rows[0].figures
            for name in asked:
                held = line.figures[name][place]
                expected = figures[name]
                assert (
                    (0, 0)
                    if held is None
                    else (held.numerator, held.denominator)
                    == (
                        expected.numerator,
                        expected.denominator,
                    )
                )


def test_only_the_open_month_is_provisional(prepared: Prepared) -> None:
    (line,) = trend(prepared, ["service_level"], LAST).lines
    figures = [figure for figure in line.figures["service_level"] if figure]
    assert [figure.provisional for figure in figures] == [False, False, True]


def test_weeks_run_from_monday_and_days_to_the_day_itself(prepared: Prepared) -> None:
    weeks, days = (trend(prepared, ["aht"], LAST, unit=unit).periods for unit in ("week", "day"))
    year, week, _ = day_of(LAST).isocalendar()
    assert (weeks[-1], len(weeks)) == (f"{year}-W{week:02d}", 13)
    assert days[-1] == day_of(LAST).isoformat()


def test_a_scope_narrows_every_period(prepared: Prepared) -> None:
    found = trend(prepared, ["service_level"], LAST, ["company"], scope="company == 'North'")
    assert [line.key["company"] for line in found.lines] == ["North"]


def steady(last: int) -> list[Figure | None]:
    return [Figure(80 + place % 2, 100) for place in range(12)] + [Figure(last, 100)]


def test_a_move_beyond_the_limits_is_a_signal_and_its_worth_depends_on_the_metric() -> None:
    up, level, down = (movement(SHARE, steady(last)) for last in (90, 80, 70))
    assert [found.direction for found in (up, level, down)] == ["up", None, "down"]
    assert [found.better(SHARE) for found in (up, level, down)] == [True, None, False]
    assert up.better(catalogue.metric("abandonment")) is False
    assert up.better(catalogue.metric("aht")) is None


def test_too_few_rows_or_periods_give_no_signal() -> None:
    assert movement(SHARE, [*steady(80)[:-1], Figure(0, 14)]) == Movement()
    assert movement(SHARE, [*steady(80)[:-1], None]) == Movement()
    assert movement(SHARE, [None] * 8 + steady(20)[-5:]) == Movement()
    assert movement(SHARE, []) == Movement()


def test_months_before_the_first_row_are_asked_for_without_harm(prepared: Prepared) -> None:
    found = trend(prepared, ["service_level"], Month(2020, 1).days.start)
    assert found.lines == []


def test_no_change_is_judged_where_the_rows_more_than_doubled_or_halved() -> None:
    doubled, halved = (movement(SHARE, [*steady(0)[:-1], last]) for last in (Figure(20, 201), Figure(20, 49)))
    assert [(found.direction, found.changed) for found in (doubled, halved)] == [(None, True)] * 2
    assert movement(SHARE, [*steady(0)[:-1], Figure(20, 200)]).direction == "down"
    still_open = movement(SHARE, [*steady(0)[:-1], Figure(5, 49, provisional=True)])
    assert (still_open.direction, still_open.changed) == ("down", False)


def test_a_quantity_that_doubles_is_itself_the_change() -> None:
    counted = [Figure(100 + place % 2, 1) for place in range(12)]
    assert movement(catalogue.metric("offered_contacts"), [*counted, Figure(300, 1)]).direction == "up"


def test_the_share_of_a_time_is_allowed_no_more_than_all_of_it() -> None:
    high, low = Figure(980, 1000), Figure(700, 1000)
    found = movement(catalogue.metric("occupancy"), [high, low] * 6 + [high]).limits
    assert found is not None
    assert (found.high, found.bounded) == (100, True)
