from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measuring_tables import prepared_of, random_tables

from onefloor.floor import Floor, create_floor
from onefloor.metrics import catalogue
from onefloor.metrics.breakdown import breakdown, formulas, left_out
from onefloor.metrics.cubes import build_cubes
from onefloor.metrics.heat_map import heat_map
from onefloor.metrics.measure import measure
from onefloor.metrics.prepared import Prepared
from onefloor.metrics.rows import UnknownReason, rows


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Floor:
    return create_floor(tmp_path_factory.mktemp("breakdown") / "floor", timezone="UTC")


@pytest.fixture(scope="module")
def prepared(floor: Floor) -> Prepared:
    return prepared_of(floor.root, random_tables(17, 200))


@settings(max_examples=25)
@given(name=st.sampled_from(catalogue.names()), scope=st.sampled_from(["", "company == 'North'", "month != 202610"]))
def test_every_row_is_accounted_for(prepared: Prepared, name: str, scope: str) -> None:
    found = breakdown(prepared, name, scope=scope)
    assert found.rows == found.numerator + found.others + found.out


@pytest.mark.parametrize("name", catalogue.names())
def test_what_a_metric_leaves_out_are_rows_of_the_table_it_counts(prepared: Prepared, name: str) -> None:
    found = breakdown(prepared, name)
    assert tuple(out.exclusion for out in found.left_out) == found.metric.exclusions


@pytest.mark.parametrize("reference", [f"service_level:formula=F{n}" for n in (1, 2, 3, 4)] + ["abandonment:short=5s"])
def test_the_counts_are_those_of_the_listed_rows(prepared: Prepared, floor: Floor, reference: str) -> None:
    found = breakdown(prepared, reference)
    figure = measure(prepared, [reference]).rows[0].figures[reference]
    assert (found.numerator, found.numerator + found.others) == (figure.numerator, figure.denominator)
    assert rows(prepared, floor, reference, "others").count == found.others
    assert rows(prepared, floor, reference, "excluded").count == found.out
    assert [
        rows(prepared, floor, reference, "excluded", reason=out.exclusion.name).count for out in found.left_out
    ] == [out.count for out in found.left_out]


@pytest.mark.parametrize("by", [("company",), ("company", "team"), ("skill",), ("interval",), ("month",)])
def test_by_group_the_same_rows_are_left_out(prepared: Prepared, floor: Floor, by: tuple[str, ...]) -> None:
    metrics = ["service_level", "aht", "abandonment:short=5s"]
    cubes = build_cubes(floor, prepared)
    found = left_out(prepared, metrics, by, {"queue": ["tax", "water"]}, cubes=cubes)
    assert found == left_out(prepared, metrics, by, {"queue": ["tax", "water"]})
    for reference in metrics:
        whole = breakdown(prepared, reference, {"queue": ["tax", "water"]})
        groups = [one for reasons in found.values() for one in reasons.get(reference, ())]
        assert [sum(one.count for one in groups if one.exclusion == out.exclusion) for out in whole.left_out] == [
            out.count for out in whole.left_out
        ]


def test_a_group_leaves_out_what_it_leaves_out_alone(prepared: Prepared) -> None:
    found = left_out(prepared, ["service_level"], ("company",))
    for (company,), reasons in found.items():
        alone = breakdown(prepared, "service_level", {"company": "" if company is None else str(company)})
        assert reasons["service_level"] == tuple(out for out in alone.left_out if out.count)
    assert found


def test_a_mean_has_no_others(prepared: Prepared, floor: Floor) -> None:
    found = breakdown(prepared, "aht")
    figure = measure(prepared, ["aht"]).rows[0].figures["aht"]
    assert (found.numerator, found.others) == (figure.denominator, 0)
    assert rows(prepared, floor, "aht", "others").count == 0


def test_an_unknown_reason_is_refused_with_those_there_are(prepared: Prepared, floor: Floor) -> None:
    with pytest.raises(UnknownReason) as refused:
        rows(prepared, floor, "service_level", "excluded", reason="weather")
    assert "short_abandon, other_outcomes" in str(refused.value)


def test_four_formulas_look_at_the_same_rows(prepared: Prepared) -> None:
    found = formulas(prepared, {"company": "North"}, within="5s", short="20s")
    assert [each.metric.reference for each in found] == [
        f"service_level:formula=F{n},within=5s,short=20s" for n in (1, 2, 3, 4)
    ]
    assert len({each.rows for each in found}) == 1


def test_the_four_formulas_differ_by_the_abandoned(tmp_path: Path) -> None:
    answered = [{"offered": True, "answered": True, "wait_ms": wait} for wait in (3_000, 19_000, 40_000)]
    abandoned = [{"offered": True, "abandoned": True, "wait_ms": wait} for wait in (2_000, 8_000, 30_000)]
    timeout = [{"offered": True, "wait_ms": 90_000}]
    found = formulas(prepared_of(tmp_path, {"legs": answered + abandoned + timeout}), within="20s", short="5s")
    assert [
        (each.rows, each.numerator, each.others, {out.exclusion.name: out.count for out in each.left_out})
        for each in found
    ] == [
        (7, 3, 3, {"other_outcomes": 1}),
        (7, 2, 1, {"abandoned": 3, "other_outcomes": 1}),
        (7, 2, 4, {"other_outcomes": 1}),
        (7, 2, 3, {"short_abandon": 1, "other_outcomes": 1}),
    ]


def test_cubes_account_for_the_rows_alike(prepared: Prepared, floor: Floor) -> None:
    cubes = build_cubes(floor, prepared)
    assert breakdown(prepared, "abandonment", cubes=cubes) == breakdown(prepared, "abandonment")


def test_the_heat_map_holds_every_half_hour_between_the_first_and_the_last(prepared: Prepared) -> None:
    found = heat_map(prepared, "service_level", {"company": "North"})
    expected = measure(prepared, ["service_level"], ("interval", "weekday"), {"company": "North"})
    assert found.cells == {
        (row.key["interval"], row.key["weekday"]): row.figures["service_level"] for row in expected.rows
    }
    starts = [int(interval[:2]) * 2 + int(interval[3:]) // 30 for interval in found.intervals]
    assert starts == list(range(starts[0], starts[-1] + 1))
    held = sorted({interval for interval, _ in found.cells})
    assert (found.intervals[0], found.intervals[-1]) == (held[0], held[-1])


def test_a_heat_map_without_rows_is_empty(tmp_path: Path) -> None:
    found = heat_map(prepared_of(tmp_path, {}), "service_level")
    assert (found.intervals, found.cells) == ((), {})
