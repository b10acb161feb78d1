"""Facts on disk: a load is all or nothing, whenever the process dies and however often it is applied."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from onefloor.facts.schemas import DUTIES, TABLES
from onefloor.facts.store import (
    Account,
    Load,
    data_version,
    files_of,
    load_report,
    loading,
    months_of_table,
    recover,
    scan,
    table_version,
    writing,
)  # fmt: skip
from onefloor.floor import Floor, OtherZone, create_floor, open_floor


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    return create_floor(tmp_path / "floor", timezone="Asia/Shanghai")


def duties(load: str, *numbers: int, month: int = 202611) -> pa.Table:
    rows = [
        {"row_id": n, "group_id": n, "revision": 1, "digest": n, "source": "test", "file": "f", "line": n, "load": load,
         "month": month, "company": "North", "duty": "forecast", "reference": str(n), "started_ms": n, "done_ms": None}
        for n in numbers
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=DUTIES)


def stage(load: Load, *numbers: int, month: int = 202611) -> Account:
    load.add("duties", duties(load.id, *numbers, month=month))
    load.count_content(np.array(numbers))
    return Account("test", lines=len(numbers), loaded=len(numbers))


def loaded(floor: Floor, load_id: str, *numbers: int, month: int = 202611) -> None:
    with writing(floor), loading(floor, load_id) as load:
        load.commit(stage(load, *numbers, month=month), ["f"])


def rows(floor: Floor) -> list[int]:
    return sorted(scan(floor, "duties").collect()["row_id"])


def journal(floor: Floor) -> list[str]:
    return sorted(path.name for path in (floor.facts / "_journal").iterdir())


def test_a_committed_load_is_there_with_its_report(floor: Floor) -> None:
    loaded(floor, "one", 1, 2)
    assert rows(floor) == [1, 2]
    assert load_report(floor, "one") == Account("test", lines=2, loaded=2)
    assert load_report(floor, "two") is None
    assert journal(floor) == []


def test_a_load_that_is_not_committed_leaves_nothing(floor: Floor) -> None:
    with writing(floor), loading(floor, "one") as load:
        stage(load, 1)
    assert (rows(floor), journal(floor)) == ([], [])


def test_a_load_that_fails_leaves_nothing(floor: Floor) -> None:
    def fail() -> None:
        with writing(floor), loading(floor, "one") as load:
            stage(load, 1)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert (rows(floor), journal(floor)) == ([], [])


def test_an_account_that_does_not_balance_cannot_be_committed(floor: Floor) -> None:
    with pytest.raises(AssertionError, match="not accounted for"), writing(floor), loading(floor, "one") as load:
        load.commit(Account("test", lines=3, loaded=2), ["f"])
    assert journal(floor) == []


def test_rows_of_a_wrong_shape_fail_when_they_are_staged(floor: Floor) -> None:
    with pytest.raises(KeyError), writing(floor), loading(floor, "one") as load:
        load.add("duties", duties("one", 1).drop_columns(["duty"]))


def test_what_a_process_left_before_the_commit_is_thrown_away(floor: Floor) -> None:
    left = floor.facts / "_journal" / "one"
    load = Load(left, "one")
    stage(load, 1)
    recover(floor)
    assert (rows(floor), journal(floor)) == ([], [])


def test_what_a_process_left_after_the_commit_is_applied(floor: Floor) -> None:
    load = Load(floor.facts / "_journal" / "one", "one")
    load.commit(stage(load, 1, 2), ["f"])
    recover(floor)
    assert (rows(floor), journal(floor)) == ([1, 2], [])
    assert load_report(floor, "one") == Account("test", lines=2, loaded=2)


@pytest.mark.parametrize("applied", [("duties", "loads"), ("duties",), ("loads",), ()])
def test_a_load_that_was_applied_in_part_is_completed_and_not_counted_twice(
    floor: Floor, tmp_path: Path, applied: tuple[str, ...]
) -> None:
    with writing(floor), loading(floor, "one") as load:
        load.commit(stage(load, 1, 2), ["f"])
        shutil.copytree(floor.facts / "_journal" / "one", tmp_path / "kept")
    for table in {"duties", "loads"} - set(applied):
        shutil.rmtree(floor.facts / table)
    shutil.move(tmp_path / "kept", floor.facts / "_journal" / "one")
    recover(floor)
    assert (rows(floor), journal(floor)) == ([1, 2], [])
    assert scan(floor, "loads").collect().height == 1


def test_where_the_file_system_has_no_links_files_are_copied(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    refused: list[Path] = []

    def link(path: Path, target: Path) -> None:
        refused.append(path)
        raise OSError(errno.EXDEV, "Invalid cross-device link", str(path), None, str(target))

    monkeypatch.setattr(os, "link", link)
    loaded(floor, "one", 1, 2)
    assert [path.name for path in refused] == ["duties-202611-00001.parquet", "loads-0-00000.parquet"]
    assert (rows(floor), journal(floor)) == ([1, 2], [])
    assert [Path(path).stat().st_nlink for path in files_of(floor, "duties")] == [1]
    assert list(floor.facts.rglob("*.partial")) == []


def test_a_copy_that_a_process_left_unfinished_is_made_again(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    def die(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes()[:100])
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, "link", refuse)
        patched.setattr(shutil, "copyfile", die)
        with pytest.raises(KeyboardInterrupt):
            loaded(floor, "one", 1, 2)
    assert [path.name for path in floor.facts.rglob("*.partial")] == ["one-00001.parquet.partial"]
    monkeypatch.setattr(os, "link", refuse)
    recover(floor)
    assert (rows(floor), journal(floor)) == ([1, 2], [])
    assert list(floor.facts.rglob("*.partial")) == []


def test_text_is_text_to_every_reader_however_it_was_staged(floor: Floor) -> None:
    given = duties("one", 1, 2, 3)
    forms = {"company": given["company"].dictionary_encode(), "duty": given["duty"].cast(pa.large_string())}
    for name, column in forms.items():
        given = given.set_column(given.column_names.index(name), name, column)
    with writing(floor), loading(floor, "one") as load:
        load.add("duties", given)
        load.commit(Account("test", lines=3, loaded=3), ["f"])
    plain = duties("one", 1, 2, 3)
    (file,) = files_of(floor, "duties")
    assert pq.ParquetFile(file).schema_arrow == plain.schema.remove(plain.schema.get_field_index("month"))
    assert scan(floor, "duties").sort("row_id").collect().equals(pl.DataFrame(plain).select(DUTIES.names))
    nulls = pa.array([None] * 3, pa.string()).dictionary_encode()
    without = given.set_column(given.column_names.index("company"), "company", nulls)
    with pytest.raises(ValueError, match="null"), writing(floor), loading(floor, "two") as load:
        load.add("duties", without)


def test_rows_of_months_that_lie_mixed_come_to_their_months(floor: Floor) -> None:
    mixed = pa.concat_tables([duties("one", n, month=202610 + n % 2) for n in range(5)])
    with writing(floor), loading(floor, "one") as load:
        load.add("duties", mixed)
        load.commit(Account("test", lines=5, loaded=5), ["f"])
    assert [sorted(scan(floor, "duties", [month]).collect()["row_id"]) for month in (202610, 202611)] == [
        [0, 2, 4],
        [1, 3],
    ]


def test_months_are_partitions_that_can_be_read_alone(floor: Floor) -> None:
    loaded(floor, "one", 1, 2, month=202610)
    loaded(floor, "two", 3, month=202611)
    assert months_of_table(floor, "duties") == [202610, 202611]
    assert scan(floor, "duties", [202611, 202612]).collect()["row_id"].to_list() == [3]
    assert len(files_of(floor, "duties", [202610])) == 1
    assert files_of(floor, "duties", []) == []
    assert table_version(floor, "duties") == 1


def test_a_table_that_does_not_exist_is_empty_and_has_its_columns(floor: Floor) -> None:
    for table, schema in TABLES.items():
        assert scan(floor, table).collect().columns == schema.names
        assert (table_version(floor, table), files_of(floor, table)) == (-1, [])
    assert months_of_table(floor, "duties") == []


def test_the_data_version_depends_on_what_was_loaded_and_not_on_how(floor: Floor, tmp_path: Path) -> None:
    empty = data_version(floor)
    loaded(floor, "one", 1, 2, 3)
    other = create_floor(tmp_path / "other", timezone="Europe/Berlin")
    loaded(other, "b", 3)
    loaded(other, "a", 2, 1)
    assert data_version(other) == data_version(floor) != empty
    loaded(other, "c", 4)
    assert data_version(other) != data_version(floor)


def test_accounts_add_up() -> None:
    total = Account("test", lines=3, loaded=1, ignored=1, quarantined=1, reasons={"blank": 1})
    total.add(Account("test", lines=2, duplicates=1, ignored=1, reasons={"blank": 1, "x": 0}))
    assert total.balanced
    assert total.as_json() == {
        "source": "test", "lines": 5, "loaded": 1, "duplicates": 1, "ignored": 2, "quarantined": 1,
        "reasons": {"blank": 2},
    }  # fmt: skip


def with_zone(floor: Floor, zone: str) -> None:
    file = floor.root / "floor.toml"
    file.write_text(file.read_text("utf-8").replace("Asia/Shanghai", zone), "utf-8")


def test_the_zone_cannot_change_under_facts_that_were_cut_into_months_in_it(floor: Floor) -> None:
    loaded(floor, "one", 1)
    with_zone(floor, "Europe/London")
    with pytest.raises(OtherZone) as caught:
        open_floor(floor.root)
    assert 'timezone = "Europe/London"' in str(caught.value)
    assert 'Set timezone = "Asia/Shanghai" again' in str(caught.value)


def test_a_slip_in_the_zone_can_be_mended_before_the_first_load(floor: Floor) -> None:
    with writing(floor), loading(floor, "abandoned") as load:
        stage(load, 1)
    with_zone(floor, "Europe/London")
    loaded(open_floor(floor.root), "one", 1)
    assert open_floor(floor.root).timezone == "Europe/London"
