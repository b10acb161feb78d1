"""The generic table source: identities, revisions, encodings, quotes, clocks, workbooks."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import zstandard

from onefloor.facts.load import load_files
from onefloor.facts.sources import table
from onefloor.facts.sources.encodings import BrokenFile, UnknownEncoding
from onefloor.facts.sources.reading_mappings import read_mapping
from onefloor.facts.sources.records import EmptyFile, MissingColumn
from onefloor.facts.sources.workbooks import MissingSheet
from onefloor.facts.store import Account, data_version, scan
from onefloor.floor import Floor, create_floor
from onefloor.problems import Problem

MAPPING = """\
name: calls
target: contacts
identity: [id]
columns:
  contact: id
  queued_ms: begin
  wait_ms: {column: wait, format: s}
  outcome: result
  queue: queue
"""
HEADER = "id,begin,wait,result,queue\n"
ONE = "1,2026-11-21 09:00:00,5,answered,water\n"
TWO = "2,2026-11-21 09:01:00,7,abandoned,tax\n"
Loader = Callable[..., Account]


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    return create_floor(tmp_path / "floor", timezone="Europe/Berlin")


@pytest.fixture
def load(floor: Floor, tmp_path: Path) -> Loader:
    def loader(content: str | bytes | Path, mapping: str = MAPPING, on: Floor = floor) -> Account:
        number = len(list(tmp_path.iterdir()))
        rules = tmp_path / f"{number}.yaml"
        rules.write_text(mapping, encoding="utf-8")
        found = read_mapping(rules)
        path = content if isinstance(content, Path) else tmp_path / f"{number}.csv"
        if not isinstance(content, Path):
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        account = load_files(on, table.SOURCE, table.reader(found), [path], options=found.digest)
        assert account.balanced
        return account

    return loader


def counts(account: Account) -> tuple[int, int, int, int, int]:
    return account.lines, account.loaded, account.duplicates, account.ignored, account.quarantined


def column(floor: Floor, name: str) -> list[object]:
    return scan(floor, "contacts").collect().sort("contact", "revision")[name].to_list()


def test_the_same_rows_in_another_file_are_duplicates(load: Loader, floor: Floor) -> None:
    load(HEADER + ONE + TWO)
    version = data_version(floor)
    assert counts(load(HEADER + TWO + ONE)) == (2, 0, 2, 0, 0)
    assert data_version(floor) == version


def test_columns_may_move_and_new_ones_may_come(load: Loader) -> None:
    load(HEADER + ONE)
    assert counts(load("result,new,begin,wait,queue,id\nanswered,x,2026-11-21 09:00,5,water,1\n")) == (1, 0, 1, 0, 0)


@pytest.mark.parametrize("split", [False, True], ids=["in one file", "across loads"])
def test_another_content_under_the_same_identity_is_a_conflict(load: Loader, floor: Floor, *, split: bool) -> None:
    other = ONE.replace(",5,", ",6,")
    if split:
        load(HEADER + ONE)
        account = load(HEADER + other)
    else:
        account = load(HEADER + ONE + other)
    assert account.reasons == {"conflict": 1}
    assert column(floor, "wait_ms") == [5000]
    assert scan(floor, "quarantine").collect()["raw"].to_list() == [other.strip()]


def test_the_newest_revision_wins_whatever_came_first(tmp_path: Path, load: Loader) -> None:
    mapping = MAPPING + "revision: {column: changed, format: iso}\n"
    header = HEADER.replace("\n", ",changed\n")
    old = ONE.replace("\n", ",2026-11-21 10:00\n")
    new = ONE.replace(",5,", ",6,").replace("\n", ",2026-11-21 11:00\n")
    versions = set()
    for name, files in {"a": [old, new], "b": [new, old], "c": [old + new]}.items():
        floor = create_floor(tmp_path / name, timezone="Europe/Berlin")
        reports = [load(header + rows, mapping, floor) for rows in files]
        facts = scan(floor, "contacts").collect()
        assert facts.filter(pl.col("revision") == facts["revision"].max())["wait_ms"].to_list() == [6000]
        assert [report.reasons for report in reports][-1] == (
            {"note:replaced": 1} if name == "a" else {"older_revision": 1}
        )
        versions.add(data_version(floor))
    assert len(versions) == 1


def test_a_newer_version_of_the_mapping_replaces_what_the_older_one_made(load: Loader, floor: Floor) -> None:
    load(HEADER + ONE)
    mended = MAPPING.replace("format: s", "format: min")
    assert load(HEADER + ONE, mended).reasons == {"conflict": 1}
    assert load(HEADER + ONE, mended + "version: 2\n").reasons == {"note:replaced": 1}
    assert column(floor, "wait_ms") == [5000, 300_000]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-be-bom", "utf-32"])
def test_the_encoding_is_told_from_the_file(load: Loader, floor: Floor, encoding: str) -> None:
    text = HEADER + ONE.replace("water", "水费") + TWO.replace("tax", "税务")
    content = "\ufeff".encode("utf-16-be") + text.encode("utf-16-be") if "bom" in encoding else text.encode(encoding)
    assert counts(load(content)) == (2, 2, 0, 0, 0)
    assert column(floor, "queue") == ["水费", "税务"]


def test_a_stated_encoding_is_used(load: Loader, floor: Floor) -> None:
    load((HEADER + ONE.replace("water", "Wärme")).encode("latin-1"), MAPPING + "file: {encoding: latin-1}\n")
    assert column(floor, "queue") == ["Wärme"]


def test_a_damaged_line_costs_itself_only(load: Loader, floor: Floor) -> None:
    content = (
        HEADER + ONE.replace("water", "水费") + TWO.replace("tax", "税务")
    ).encode() + b"3,2026-11-21 09:00,1,answered,\xff\n"
    account = load(content)
    assert (account.loaded, account.reasons) == (2, {"undecodable": 1})
    assert scan(floor, "quarantine").collect()["raw"].to_list() == ["3,2026-11-21 09:00,1,answered,\\xff"]


def test_a_header_in_no_known_encoding_is_refused(load: Loader) -> None:
    with pytest.raises(UnknownEncoding):
        load(b"\xff\xffid,begin\n")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_told_from_the_header(load: Loader, delimiter: str) -> None:
    assert counts(load((HEADER + ONE + TWO).replace(",", delimiter))) == (2, 2, 0, 0, 0)


@pytest.mark.parametrize("squeeze", [gzip.compress, zstandard.compress], ids=["gz", "zst"])
def test_compressed_files_are_read(load: Loader, squeeze: Callable[[bytes], bytes]) -> None:
    assert counts(load(squeeze((HEADER + ONE).encode()))) == (1, 1, 0, 0, 0)


def test_a_cut_off_archive_is_refused_and_nothing_is_loaded(load: Loader, floor: Floor) -> None:
    with pytest.raises(BrokenFile):
        load(gzip.compress((HEADER + ONE * 50).encode())[:-20])
    assert scan(floor, "contacts").collect().height == 0


def test_quoted_fields_hold_delimiters_quotes_and_line_ends(load: Loader, floor: Floor) -> None:
    rows = ONE.replace("water", '"a, ""b""\nc"') + TWO + '3,"2026-11-21 09:02:00",1,answered,x\n'
    assert counts(load(HEADER + rows)) == (3, 3, 0, 0, 0)
    assert column(floor, "queue") == ['a, "b"\nc', "tax", "x"]
    assert column(floor, "line") == [2, 4, 5]


def test_a_quote_that_is_never_closed_costs_its_own_line(load: Loader) -> None:
    rows = [f"{i},2026-11-21 09:00:00,5,answered,water\n" for i in range(100)]
    rows[10] = rows[10].replace("water", '"water')
    account = load(HEADER + "".join(rows))
    assert (account.loaded, account.reasons) == (99, {"unclosed_quote": 1})


def test_blank_lines_and_repeated_headers_are_ignored(load: Loader) -> None:
    account = load(HEADER + ONE + "\n,,,,\n" + HEADER + TWO)
    assert counts(account) == (5, 2, 0, 3, 0)
    assert account.reasons == {"blank": 2, "header": 1}


@pytest.mark.parametrize(
    ("begin", "reason", "utc"),
    [
        ("2026-03-29 02:30:00", "nonexistent_time:queued_ms", None),
        ("2026-10-25 02:30:00", "note:ambiguous_time", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2026-10-25T02:30:00+01:00", None, datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        ("2026-07-01 12:00", None, datetime(2026, 7, 1, 10, tzinfo=UTC)),
        ("1899-12-30 00:00", "bad_time:queued_ms", None),
        ("", "missing:started_ms", None),
    ],
)
def test_local_times_become_instants(
    load: Loader, floor: Floor, begin: str, reason: str | None, utc: datetime | None
) -> None:
    result = "before_queue" if begin == "" else "answered"
    account = load(HEADER + f"1,{begin},5,{result},water\n")
    assert account.reasons == ({reason: 1} if reason else {})
    assert column(floor, "queued_ms") == ([int(utc.timestamp()) * 1000] if utc else [])


def test_the_month_is_the_floors_month(load: Loader, floor: Floor) -> None:
    load(HEADER + ONE.replace("2026-11-21 09:00:00", "2026-11-30T23:30:00Z"))
    assert column(floor, "month") == [202612]


def test_require_rules_set_rows_aside_under_their_name(load: Loader) -> None:
    rule = "require: [{that: \"queue in ('water', 'tax')\", reason: unknown_queue}]\n"
    assert load(HEADER + ONE + TWO.replace("tax", "gas"), MAPPING + rule).reasons == {"unknown_queue": 1}


@pytest.mark.parametrize("kind", ["xlsx", "parquet"])
def test_workbooks_and_parquet_hold_typed_cells(load: Loader, floor: Floor, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"calls.{kind}"
    cells = (1, datetime(2026, 11, 21, 9), 5.0, "answered", "water")
    if kind == "xlsx":
        book = openpyxl.Workbook()
        sheet = book.create_sheet("Calls")
        for row in (["exported today"], HEADER.strip().split(","), cells):
            sheet.append(list(row))
        book.save(path)
        account = load(path, MAPPING + "file: {sheet: Calls, skip: 1}\n")
    else:
        pl.DataFrame([cells], schema=HEADER.strip().split(","), orient="row").write_parquet(path)
        account = load(path)
    assert counts(account) == (1, 1, 0, 0, 0)
    assert counts(load(HEADER + ONE)) == (1, 0, 1, 0, 0)  # the same call as text


def test_a_sheet_that_is_not_there_is_refused(load: Loader, tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "calls.xlsx")
    with pytest.raises(MissingSheet, match="Its sheets: Sheet"):
        load(tmp_path / "calls.xlsx", MAPPING + "file: {sheet: Calls}\n")


def test_a_missing_column_names_the_mappings_line_and_the_nearest(load: Loader) -> None:
    with pytest.raises(MissingColumn) as caught:
        load(HEADER.replace("wait", "waiting") + ONE)
    assert '"wait"' in str(caught.value)
    assert ".yaml:7:" in str(caught.value)
    assert "Nearest: waiting." in str(caught.value)


def test_an_empty_file_is_refused(load: Loader) -> None:
    with pytest.raises(EmptyFile):
        load("")


def test_a_header_alone_loads_nothing(load: Loader) -> None:
    assert counts(load(HEADER)) == (0, 0, 0, 0, 0)


def test_a_file_without_header_is_read_by_the_stated_names(load: Loader) -> None:
    stated = "file: {header: [id, begin, wait, result, queue]}\n"
    assert counts(load(ONE + TWO, MAPPING + stated)) == (2, 2, 0, 0, 0)


@pytest.mark.parametrize("kind", ["xlsx", "parquet"])
def test_a_damaged_workbook_is_refused_or_read_and_never_crashes(load: Loader, tmp_path: Path, kind: str) -> None:
    whole = tmp_path / f"whole.{kind}"
    if kind == "xlsx":
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for row in (HEADER, *[ONE] * 20):
            sheet.append(row.strip().split(","))
        book.save(whole)
    else:
        pl.DataFrame([ONE.strip().split(",")] * 20, schema=HEADER.strip().split(","), orient="row").write_parquet(whole)
    chance, refused = random.Random(5), 0
    for _ in range(60):
        content = bytearray(whole.read_bytes())
        for _ in range(chance.randrange(1, 6)):
            content[chance.randrange(8, len(content))] = chance.randrange(256)
        damaged = tmp_path / f"damaged.{kind}"
        damaged.write_bytes(content)
        try:
            load(damaged)
        except Problem:
            refused += 1
    assert refused > 20


def test_customers_become_keyed_hashes_and_missing_ones_stay_missing(load: Loader, floor: Floor) -> None:
    mapping = MAPPING.replace("queue: queue", "customer: queue")
    load(HEADER + ONE.replace("water", "") + TWO.replace("tax", ""), mapping)
    assert column(floor, "customer") == [None, None]
    rows = [f"{i},2026-11-21 09:00,1,answered,{number}\n" for i, number in enumerate((555, 556, 555, ""), 3)]
    load(HEADER + "".join(rows), mapping)
    first, second, third, none = column(floor, "customer")[2:]
    assert (first, none) == (third, None)
    assert first != second
    assert {first, second} & {555, 556} == set()
