"""What is rebuilt and what is not; the same facts in any order; revisions; kills."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hand_made import HOUR, MINUTE, Row, at, columns, decoded, load, new_floor, stay
from hypothesis import given, settings
from hypothesis import strategies as st

from kills import KILLS, survive
from onefloor.floor import Floor
from onefloor.metrics.prepare import prepare
from onefloor.metrics.prepared import Prepared
from onefloor.metrics.tables import MEASURING, NO_REPEAT_MS

SETTINGS = '\n[queues.q0]\ncompany = "North"\ntopic = "bills"\n'
AGENTS = ["1", "2", "3", "stranger"]


def drawn_facts(floor: Floor, count: int, seed: int = 1) -> dict[str, list[Row]]:
    """A small floor over September to November, by fact table; some contacts have two legs, some are re-derived."""
    chance = np.random.default_rng(seed)
    start, end = at(floor, "2026-09-20 00:00"), at(floor, "2026-11-20 00:00")
    facts: dict[str, list[Row]] = {name: [] for name in ("contacts", "rings", "agent_states", "surveys")}
    for n in range(count):
        begin = int(chance.integers(start, end))
        agent = AGENTS[int(chance.integers(4))] if chance.random() < 0.8 else None
        leg = {"contact": f"c{n}", "queue": f"q{n % 3}", "agent": agent, "customer": int(chance.integers(1, 9)),
               "group": f"c{n}", "outcome": "answered" if agent else "abandoned", "queued_ms": begin}  # fmt: skip
        facts["contacts"].append(leg | {"key": f"c{n}", "started_ms": begin, "ended_ms": begin + HOUR})
        if n % 4 == 0:
            second = {"key": f"c{n}-2", "leg": 2, "started_ms": begin + HOUR, "ended_ms": begin + 2 * HOUR}
            facts["contacts"].append(leg | second)
        if n % 5 == 0:  # a newer revision, perhaps in another month
            moved = {"started_ms": begin + int(chance.integers(0, 40)) * 24 * HOUR, "revision": n + 1}
            facts["contacts"].append(leg | moved | {"key": f"c{n} again", "ended_ms": begin + 3 * HOUR})
        if agent:
            facts["rings"].append(
                {"key": f"r{n}", "contact": f"c{n}", "started_ms": begin, "ring_ms": 5, "agent": agent}
            )
            stretch = {"agent": agent, "started_ms": begin, "ended_ms": begin + 20 * MINUTE}
            facts["agent_states"].append(stretch | {"key": f"s{n}", "state": ("talk", "paused", "wrap")[n % 3]})
            facts["surveys"].append({"key": f"v{n}", "contact": f"c{n}", "started_ms": begin, "invited_ms": begin})
    noon = at(floor, "2026-10-10 12:00")
    return facts | {
        "roster": [
            stay("1", "North", until="2026-10-15"),
            stay("1", "South", "2026-10-15"),
            stay("2", "Own", team="t"),
        ],
        "shifts": [{"key": "n", "agent": "3", "activity": "work", "started_ms": noon, "ended_ms": noon + HOUR}],
        "forecasts": [
            {"key": "f", "started_ms": noon, "minutes": 600, "queue": "q0", "company": "North", "contacts": 2}
        ],
    }


def everything(prepared: Prepared) -> dict[str, pl.DataFrame]:
    return {table: decoded(prepared, table) for table in MEASURING}


def assert_equal(one: Prepared, other: Prepared) -> None:
    for table, rows in everything(one).items():
        assert rows.equals(decoded(other, table)), table
    assert one.watermark_ms == other.watermark_ms
    assert one.unknown_agents == other.unknown_agents


def files_of(prepared: Prepared, table: str) -> dict[int, tuple[str, ...]]:
    return dict(prepared.files[table])


@pytest.fixture(scope="module")
def at_once(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    floor = new_floor(tmp_path_factory.mktemp("once"), "Europe/London", SETTINGS)
    load(floor, **drawn_facts(floor, 60))
    return prepare(floor)


@settings(max_examples=6)
@given(st.integers(0, 10**6), st.integers(2, 5))
def test_loads_in_any_split_and_order_prepared_in_between_or_not_give_the_same_tables(
    at_once: Prepared, tmp_path_factory: pytest.TempPathFactory, seed: int, parts: int
) -> None:
    floor = new_floor(tmp_path_factory.mktemp("split"), "Europe/London", SETTINGS)
    chance = np.random.default_rng(seed)
    rows = [(table, row) for table, given_rows in drawn_facts(floor, 60).items() for row in given_rows]
    of_part = chance.integers(0, parts, len(rows))
    for part in range(parts):
        chosen = [rows[place] for place in chance.permutation(len(rows)) if of_part[place] == part]
        tables = sorted({table for table, _row in chosen})
        load(floor, **{table: [row for name, row in chosen if name == table] for table in tables})
        if chance.random() < 0.6:
            prepare(floor)
    incremental = prepare(floor)
    assert_equal(incremental, at_once)
    shutil.rmtree(floor.derived)
    assert_equal(prepare(floor), at_once)
    assert incremental.data_version == at_once.data_version


def test_with_nothing_changed_no_file_is_touched(tmp_path: Path) -> None:
    floor = new_floor(tmp_path, settings=SETTINGS)
    load(floor, **drawn_facts(floor, 20))
    first = prepare(floor)
    before = {path: path.stat().st_mtime_ns for path in floor.root.rglob("*")}
    assert prepare(floor) == first
    assert {path: path.stat().st_mtime_ns for path in floor.root.rglob("*")} == before


def calls(floor: Floor, *times: str) -> list[Row]:
    return [
        {"contact": text, "started_ms": at(floor, text), "queued_ms": at(floor, text), "outcome": "answered",
         "agent": "1", "ended_ms": at(floor, text) + 1, "customer": 5}
        for text in times
    ]  # fmt: skip


def test_a_new_month_rebuilds_no_legs_and_only_the_contacts_that_can_see_it(tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    times = ("2026-08-10 10:00", "2026-09-10 10:00", "2026-10-10 10:00")
    load(floor, contacts=calls(floor, *times), roster=[stay("1", "North")])
    before = prepare(floor)
    built: list[tuple[int, int]] = []
    load(floor, contacts=calls(floor, "2026-11-01 10:00"))
    after = prepare(floor, progress=lambda done, total: built.append((done, total)))
    for table in ("legs", "contacts"):
        assert {202608, 202609} <= set(files_of(after, table))
        same = [month for month, files in files_of(before, table).items() if files_of(after, table)[month] == files]
        assert same == ([202608, 202609, 202610] if table == "legs" else [202608, 202609])
    assert columns(after, "contacts", "month", "gap_any_ms")[2:] == [
        (202610, 22 * 24 * HOUR - 1),
        (202611, NO_REPEAT_MS),
    ]
    assert built == sorted(built)
    assert {total for _done, total in built} == {built[-1][0]}


def test_a_roster_change_touches_only_the_months_it_speaks_of(tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    load(floor, contacts=calls(floor, "2026-09-10 10:00", "2026-10-10 10:00"), roster=[stay("1", "North")])
    before = prepare(floor)
    corrected = [dict(stay("1", "North", until="2026-10-02")), dict(stay("1", "South", "2026-10-02"))]
    load(floor, roster=[row | {"revision": 1, "key": f"r{n}"} for n, row in enumerate(corrected)])
    after = prepare(floor)
    assert columns(after, "legs", "company") == [("North",), ("South",)]
    assert files_of(before, "legs")[202609] == files_of(after, "legs")[202609]
    assert columns(after, "people", "joined").count((True,)) == 1
    assert before.data_version != after.data_version


def test_a_re_derived_call_replaces_all_its_rows_also_those_in_another_month(tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    first, second, third = calls(floor, "2026-09-30 23:00", "2026-10-02 10:00", "2026-09-02 10:00")
    load(floor, contacts=[dict(first) | {"group": "g"}, dict(second) | {"group": "g"}, third])
    assert len(columns(prepare(floor), "legs", "row_id")) == 3
    load(floor, contacts=[dict(calls(floor, "2026-10-01 00:30")[0]) | {"group": "g", "revision": 4}])
    assert columns(prepare(floor), "legs", "start_ms") == [(third["started_ms"],), (at(floor, "2026-10-01 00:30"),)]
    load(floor, contacts=[dict(third) | {"group": "g", "revision": 3, "key": "came late"}])
    assert len(columns(prepare(floor), "legs", "row_id")) == 2
    load(floor, contacts=[dict(third) | {"group": "g", "revision": 5, "key": "moves all to September"}])
    prepared = prepare(floor)
    assert columns(prepared, "legs", "month") == [(202609,), (202609,)]
    assert [month.id for month in prepared.months] == [202609]


def test_a_measurement_that_began_before_a_load_can_end_and_only_two_generations_stay(tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    times = [f"2026-09-10 10:0{n}" for n in range(4)]
    generations = []
    for time in times:
        load(floor, contacts=calls(floor, time))
        generations.append(prepare(floor))
    assert [len(columns(prepared, "legs", "row_id")) for prepared in generations[-2:]] == [3, 4]
    here = {str(path) for path in (floor.derived / "legs").rglob("*.parquet")}
    assert here == {path for prepared in generations[-2:] for path in prepared.paths("legs")}


def test_a_broken_state_or_a_missing_file_is_derived_again(tmp_path: Path) -> None:
    floor = new_floor(tmp_path, settings=SETTINGS)
    load(floor, **drawn_facts(floor, 20))
    expected = everything(prepare(floor))
    state = floor.derived / "state.json"
    for broken in ("", "{}", "[]", state.read_text("utf-8")[:500], '{"built": 3}'):
        state.write_text(broken, "utf-8")
        found = everything(prepare(floor))
        assert all(rows.equals(found[table]) for table, rows in expected.items())


def test_killed_at_any_moment_the_next_run_repairs(tmp_path: Path) -> None:
    floor = new_floor(tmp_path, settings=SETTINGS)
    load(floor, **drawn_facts(floor, 40))
    prepare(floor)
    pristine = tmp_path / "pristine"
    load(floor, contacts=calls(floor, "2026-10-05 10:00", "2026-12-05 10:00"), roster=[stay("stranger", "South")])
    shutil.copytree(floor.root, pristine)
    expected = prepare(floor)
    root = tmp_path / "killed"
    program = (
        "import sys; from pathlib import Path; from onefloor.floor import open_floor;"
        "from onefloor.metrics.prepare import prepare; floor = open_floor(Path(sys.argv[1]));"
        "print('begin', flush=True); prepare(floor)"
    )

    def reset() -> None:
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(pristine, root)

    def check() -> None:
        from onefloor.floor import open_floor

        killed = open_floor(root)
        assert_equal(prepare(killed), expected)
        assert list(killed.derived.rglob("*.pending")) == []

    survive([sys.executable, "-c", program, str(root)], KILLS, check, reset)
