from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from hand_made import at, load, new_floor
from measuring_tables import END_OF_NOVEMBER, prepared_of, random_tables

from kills import KILLS, survive
from onefloor.floor import Floor, create_floor
from onefloor.metrics import catalogue
from onefloor.metrics.cubes import Cubes, build_cubes, current_cubes
from onefloor.metrics.engines import Aggregate, Polars
from onefloor.metrics.engines.queries import Sum
from onefloor.metrics.measure import measure
from onefloor.metrics.prepare import prepare
from onefloor.metrics.prepared import Prepared
from onefloor.metrics.tables import ABSENT, MEASURING
from onefloor.periods import MS_PER_DAY, Month

ASKED = ("service_level", "aht", "abandonment")


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Floor:
    return create_floor(tmp_path_factory.mktemp("cubes") / "floor", timezone="UTC")


@pytest.fixture(scope="module")
def prepared(floor: Floor) -> Prepared:
    return prepared_of(floor.root, random_tables(3, 250), END_OF_NOVEMBER - 3 * MS_PER_DAY)


@pytest.fixture(scope="module")
def cubes(floor: Floor, prepared: Prepared) -> Cubes:
    return build_cubes(floor, prepared)


def cube_files(floor: Floor) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in (floor.derived / "cubes").rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "by", [[], ["company", "month"], ["team", "weekday"], ["site", "employment"], ["agent"], ["week"]]
)
def test_cubes_answer_as_rows_do(prepared: Prepared, cubes: Cubes, by: list[str]) -> None:
    names = [name for name in catalogue.names() if not absent(name) & set(by)]
    for months in (None, [Month(2026, 10)]):
        expected = measure(prepared, names, by, months=months, engine=Polars())
        assert measure(prepared, names, by, months=months, cubes=cubes) == expected
        defaults = [name for name in names if catalogue.metric(name).additive]
        assert (
            measure(prepared, defaults, by, months=months, cubes=cubes).rows
            == measure(prepared, defaults, by, months=months).rows
        )


def absent(name: str) -> set[str]:
    return {dimension for table in catalogue.metric(name).tables for dimension in ABSENT[table]}


def test_filters_scopes_and_left_out_rows_give_the_same_from_cubes(prepared: Prepared, cubes: Cubes) -> None:
    for without in (["queue == 'tax'"], ["wait_ms < 6000"]):
        asked = ["service_level", "asa", "aht"]
        narrowed = {"where": {"queue": ["tax", ""]}, "scope": "company == 'North'", "without": without}
        assert measure(prepared, asked, ["day"], cubes=cubes, **narrowed) == measure(
            prepared, asked, ["day"], **narrowed
        )  # type: ignore[arg-type]


def query(prepared: Prepared, by: tuple[str, ...] = ("team",), where: str = "", part: str = "offered") -> Aggregate:
    return Aggregate("legs", MEASURING["legs"], tuple(prepared.paths("legs")), by, where, (Sum(part),))


def test_cubes_answer_only_what_they_hold(prepared: Prepared, cubes: Cubes) -> None:
    assert cubes.rewritten(query(prepared)) is not None
    assert cubes.rewritten(query(prepared, by=("agent",))) is None
    assert cubes.rewritten(query(prepared, where="wait_ms < 5")) is None
    assert cubes.rewritten(query(prepared, part="offered and wait_ms < 17")) is None
    strange = Aggregate("legs", MEASURING["legs"], ("elsewhere.parquet",), (), "", (Sum("offered"),))
    assert cubes.rewritten(strange) is None


def test_a_second_build_touches_nothing(floor: Floor, prepared: Prepared, cubes: Cubes) -> None:
    before = cube_files(floor)
    assert build_cubes(floor, prepared) == cubes
    assert cube_files(floor) == before


def test_only_a_month_that_changed_is_built_again(tmp_path: Path) -> None:
    floor = create_floor(tmp_path / "floor", timezone="UTC")
    legs = [{"offered": True, "start_ms": Month(2026, month).days.start * MS_PER_DAY} for month in (10, 11)]
    build_cubes(floor, prepared_of(floor.root, {"legs": legs}))
    before = cube_files(floor)
    untouched = floor.derived / "legs" / "month=202610" / "rows.parquet"
    time = untouched.stat().st_mtime_ns
    changed = prepared_of(floor.root, {"legs": [*legs, {"offered": True, "start_ms": END_OF_NOVEMBER - 1}]})
    os.utime(untouched, ns=(time, time))
    cubes = build_cubes(floor, changed)
    after = cube_files(floor)
    assert sorted("month=202610" in path for path in set(before) & set(after)) == [True]
    assert sorted("month=202611" in path for path in set(after) - set(before)) == [True]
    assert len(after) == 2
    assert measure(changed, ["offered_contacts"], cubes=cubes).rows[0].figures["offered_contacts"].numerator == 3


def test_what_a_killed_build_left_is_swept_away(tmp_path: Path) -> None:
    floor = create_floor(tmp_path / "floor", timezone="UTC")
    prepared = prepared_of(floor.root, {"legs": [{"offered": True}]})
    (path,) = [Path(cube) for cube in build_cubes(floor, prepared).cube_of.values()]
    path.rename(path.with_suffix(".part"))
    path.with_suffix(".part").write_bytes(b"half")
    cubes = build_cubes(floor, prepared)
    assert cube_files(floor).keys() == {str(path)}
    assert measure(prepared, ["offered_contacts"], cubes=cubes).rows[0].figures["offered_contacts"].numerator == 1


def test_a_build_killed_at_any_moment_is_finished_by_the_next(tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    starts = [at(floor, f"2026-{month:02d}-{day:02d} 10:00") for month in (9, 10, 11) for day in range(1, 28)]
    answered = {"outcome": "answered", "agent": "1", "queue": "q"}
    load(floor, contacts=[
        {"contact": str(start), "started_ms": start, "queued_ms": start, "answered_ms": start + 3_000,
         "ended_ms": start + 60_000, "talk_ms": 57_000, **answered}
        for start in starts
    ])  # fmt: skip
    expected = measure(prepare(floor), ASKED, ["day"])
    program = (
        "import sys; from pathlib import Path; from onefloor.floor import open_floor;"
        "from onefloor.metrics.prepare import prepare; from onefloor.metrics.cubes import build_cubes;"
        "floor = open_floor(Path(sys.argv[1])); prepared = prepare(floor);"
        "print('begin', flush=True); build_cubes(floor, prepared)"
    )

    def reset() -> None:
        shutil.rmtree(floor.derived / "cubes", ignore_errors=True)

    def check() -> None:
        prepared = prepare(floor)
        # What is there already is right, and so is the whole once it is finished.
        assert measure(prepared, ASKED, ["day"], cubes=current_cubes(floor, prepared)) == expected
        cubes = build_cubes(floor, prepared)
        assert measure(prepared, ASKED, ["day"], cubes=cubes) == expected
        assert {Path(path).suffix for path in cube_files(floor)} == {".parquet"}

    survive([sys.executable, "-c", program, str(floor.root)], KILLS, check, reset)
