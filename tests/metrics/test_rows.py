from __future__ import annotations

from pathlib import Path

import pytest
from hand_made import at, load, new_floor
from hypothesis import given, settings
from hypothesis import strategies as st
from measuring_tables import prepared_of, random_tables

from onefloor.floor import Floor, create_floor
from onefloor.metrics import catalogue
from onefloor.metrics.measure import measure
from onefloor.metrics.prepared import Prepared
from onefloor.metrics.rows import rows


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Floor:
    return create_floor(tmp_path_factory.mktemp("rows") / "floor", timezone="UTC")


@pytest.fixture(scope="module")
def prepared(floor: Floor) -> Prepared:
    return prepared_of(floor.root, random_tables(11, 120))


@settings(max_examples=20)
@given(name=st.sampled_from(catalogue.names()), scope=st.sampled_from(["", "company == 'North'", "month != 202610"]))
def test_listed_rows_add_up_to_the_atom(prepared: Prepared, floor: Floor, name: str, scope: str) -> None:
    metric = catalogue.metric(name)
    figure = measure(prepared, [name], scope=scope).rows[0].figures[name]
    for side, atom in (("numerator", metric.numerator), ("denominator", metric.denominator)):
        if metric.additive and atom is not None:
            listed = rows(prepared, floor, name, side, scope=scope, limit=None)  # type: ignore[arg-type]
            times = getattr(atom, "times", 1)
            added = sum(row["amount"] or 0 for row in listed.rows) * times
            assert (added, listed.amount, len(listed.rows)) == (getattr(figure, side), listed.amount, listed.count)
            assert listed.amount == added


def test_pages_follow_each_other(prepared: Prepared, floor: Floor) -> None:
    every = rows(prepared, floor, "offered_contacts", limit=None).rows
    first, second = (rows(prepared, floor, "offered_contacts", limit=20, offset=offset) for offset in (0, 20))
    assert first.rows + second.rows == every[:40]
    assert first.count == len(every)


def test_excluded_rows_are_listed(tmp_path: Path) -> None:
    floor = create_floor(tmp_path / "floor", timezone="UTC")
    legs = [{"offered": True, "answered": True, "outcome": 1}, {"offered": True, "outcome": 4, "queue": "tax"}]
    listed = rows(prepared_of(floor.root, {"legs": legs}), floor, "service_level:formula=F3", "excluded")
    assert [(row["queue"], row["outcome"], row["company"]) for row in listed.rows] == [("tax", "timeout", None)]
    assert rows(prepared_of(floor.root, {"legs": legs}), floor, "asa", "excluded").rows == []


def test_a_row_says_from_which_line_of_which_file_it_comes(tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    moment = at(floor, "2026-11-03 09:00")
    row = {"contact": "c1", "queue": "tax", "started_ms": moment, "queued_ms": moment, "ended_ms": moment + 9_000}
    load(floor, contacts=[row])
    from onefloor.metrics.prepare import prepare

    listed = rows(prepare(floor), floor, "abandonment", "numerator", {"queue": "tax"})
    assert [(r["contact"], r["source"], r["file"], r["line"], r["wait_ms"], r["amount"]) for r in listed.rows] == [
        ("c1", "hand", "hand", 1, 9_000, 1)
    ]
    assert listed.as_json()["count"] == 1
