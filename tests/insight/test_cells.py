"""Cells hold what ``measure`` says, as arrays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from measuring_tables import prepared_of, random_tables

from onefloor.insight.causes.explaining import Question, explain
from onefloor.insight.causes.findings import finding
from onefloor.insight.cells import NotAdditive, cells
from onefloor.insight.charts import findings as charts
from onefloor.insight.charts.watching import Asked, watch
from onefloor.metrics.measure import measure
from onefloor.metrics.prepared import Prepared
from onefloor.periods import MS_PER_DAY, Month

METRICS = ("service_level", "aht", "fcr:within=7d", "complaints_per_10000", "occupancy")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return prepared_of(tmp_path_factory.mktemp("drawn"), random_tables(7, 400))


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("by", [(), ("company",), ("company", "tenure", "day")])
def test_cells_are_the_figures_of_measure(drawn: Prepared, metric: str, by: tuple[str, ...]) -> None:
    found = cells(drawn, metric, by)
    figures = {tuple(row.key.values()): row.figures[metric] for row in measure(drawn, [metric], by).rows}
    assert len(found) == len(figures)
    for place in range(len(found)):
        figure = figures[found.key(place)]
        assert (found.numerator[place], found.denominator[place]) == (figure.numerator, figure.denominator)


def test_grouping_cells_is_measuring_fewer_dimensions(drawn: Prepared) -> None:
    fine, coarse = (
        cells(drawn, "service_level", ("day", "company", "queue")),
        cells(drawn, "service_level", ("company",)),
    )
    folded = fine.grouped(("company",))
    assert [folded.key(place) for place in range(len(folded))] == [coarse.key(place) for place in range(len(coarse))]
    assert np.array_equal(folded.numerator, coarse.numerator)
    assert fine.grouped(()).denominator.sum() == coarse.denominator.sum()


def test_chosen_cells_are_those_with_the_names(drawn: Prepared) -> None:
    found = cells(drawn, "service_level", ("company", "queue"))
    north = found.chosen(found.where("company", "North"))
    assert {north.key(place)[0] for place in range(len(north))} == {"North"}
    assert north.denominator.sum() == cells(drawn, "service_level", (), {"company": "North"}).denominator.sum()


def test_no_rows_are_no_cells(tmp_path: Path) -> None:
    found = cells(prepared_of(tmp_path, {"legs": []}), "service_level", ("company",))
    assert len(found) == 0
    assert found.names["company"] == ()


@pytest.mark.parametrize("metric", ["wait_percentile:p=90", "offered_contacts"])
def test_what_does_not_add_up_has_no_cells(drawn: Prepared, metric: str) -> None:
    with pytest.raises(NotAdditive, match="Choose a metric that is a share"):
        cells(drawn, metric, ("company",))


def test_a_row_of_agents_time_is_a_half_hour_wherever_rows_are_told(tmp_path: Path) -> None:
    """Watched and explained, the same metric rests on as many rows as its table has, not on milliseconds."""
    chance = np.random.default_rng(7)
    november = Month(2026, 11).days
    time = [
        {"start_ms": day * MS_PER_DAY + hour * 1_800_000, "company": "North", "talk_ms": busy,
         "available_ms": 1_800_000 - busy}
        for day in range(november.start - 91, november.end)
        for hour, busy in enumerate(chance.integers(900_000, 1_700_000, 10).tolist())
    ]  # fmt: skip
    floor = prepared_of(tmp_path, {"agent_time": time})
    (watched,) = charts.findings(watch(floor, Asked("occupancy", november)))
    answer = explain(floor, Question("occupancy", Month(2026, 10).days, november, by=("company",), among=("company",)))
    assert (watched.contacts, finding(answer).contacts) == (300, 610)
    assert max(point["high"] for point in watched.details["points"]) <= 100
    assert answer.enough


def test_an_hour_of_one_agent_is_too_few_rows_to_explain(tmp_path: Path) -> None:
    time = [
        {"start_ms": (Month(2026, month).days.start + day) * MS_PER_DAY, "company": "North", "talk_ms": 900_000,
         "available_ms": 900_000}
        for month in (10, 11) for day in range(20)
    ]  # fmt: skip
    asked = Question("occupancy", Month(2026, 10).days, Month(2026, 11).days, by=("company",), among=("company",))
    assert explain(prepared_of(tmp_path, {"agent_time": time}), asked).enough is False
