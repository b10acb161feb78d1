from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hand_made import MINUTE, at, load, new_floor, stay, with_settings

from onefloor.floor import Floor, NoFloor
from onefloor.metrics.cubes import build_cubes
from onefloor.metrics.measure import measure
from onefloor.metrics.prepare import as_prepared, is_current, prepare
from onefloor.metrics.reader import Reader, Reading


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    floor = new_floor(tmp_path)
    load(floor, contacts=[contact(floor, 3)], roster=[stay("1", "North")])
    return floor


def contact(floor: Floor, day: int) -> dict[str, object]:
    start = at(floor, f"2026-11-{day:02d} 09:00")
    return {
        "contact": f"c{day}", "started_ms": start, "queued_ms": start, "answered_ms": start + 3_000,
        "ended_ms": start + MINUTE, "outcome": "answered", "agent": "1", "queue": "tax",
    }  # fmt: skip


def offered(reading: Reading) -> int:
    found = measure(reading.prepared, ["offered_contacts"], engine=reading.engine, cubes=reading.cubes)
    return found.rows[0].figures["offered_contacts"].numerator


def test_a_reader_prepares_nothing_and_follows_what_others_prepare(floor: Floor) -> None:
    reader = Reader(floor.root)
    assert offered(reader.reading()) == 0
    assert not is_current(floor)
    prepare(floor)
    assert is_current(floor)
    assert offered(reader.reading()) == 1
    load(floor, contacts=[contact(floor, 4)])
    assert offered(reader.reading()) == 1
    assert not is_current(floor)
    prepare(floor)
    assert offered(reader.reading()) == 2


def test_without_a_change_the_reading_stays_the_same(floor: Floor) -> None:
    prepared = prepare(floor)
    build_cubes(floor, prepared)
    reader = Reader(floor.root)
    assert reader.reading() is reader.reading()
    assert reader.reading().prepared == prepared == as_prepared(floor)


def test_cubes_that_are_built_later_are_found(floor: Floor) -> None:
    reader = Reader(floor.root)
    prepared = prepare(floor)
    assert reader.reading().cubes.cube_of == {}
    cubes = build_cubes(floor, prepared)
    assert reader.reading().cubes == cubes


def test_a_reading_stays_good_while_the_tables_are_prepared_anew(floor: Floor) -> None:
    prepare(floor)
    before = Reader(floor.root).reading()
    load(floor, contacts=[contact(floor, 4)])
    prepare(floor)
    assert offered(before) == 1


def test_changed_settings_of_the_floor_are_read_and_its_engine_is_kept(floor: Floor) -> None:
    reader = Reader(floor.root)
    before = reader.reading()
    with_settings(floor, '\n[queues.tax]\nskill = "bills"\n')
    after = reader.reading()
    assert after.floor.queues["tax"].skill == "bills"
    assert after.engine is before.engine


def test_many_threads_get_the_same_answers(floor: Floor) -> None:
    prepare(floor)
    reader = Reader(floor.root)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: offered(reader.reading()), range(64))) == {1}


def test_a_folder_that_is_no_floor_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoFloor):
        Reader(tmp_path).reading()
