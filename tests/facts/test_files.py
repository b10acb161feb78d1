"""Input files: how they are unpacked, and where a hostile or damaged one stops."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import openpyxl
import pytest
import zstandard

from onefloor.facts import files
from onefloor.facts.files import DamagedArchive, EncryptedArchive, SeveralFiles, UnpacksTooFar, opened
from onefloor.facts.sources import encodings, records, workbooks
from onefloor.facts.sources.encodings import LineTooLong, line_blocks
from onefloor.facts.sources.mapping import Layout
from onefloor.facts.sources.records import TooManyColumns, blocks
from onefloor.facts.sources.workbooks import UnsafeWorkbook, sheet_rows
from onefloor.problems import Place, Problem

TEXT = b"1|a|b\n2|c|d\n" * 1000


def plain(path: Path) -> None:
    path.write_bytes(TEXT)


def gzipped(path: Path) -> None:
    path.write_bytes(gzip.compress(TEXT))


def zstandardized(path: Path) -> None:
    path.write_bytes(zstandard.ZstdCompressor().compress(TEXT))


def zipped(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("folder/", b"")
        archive.writestr("folder/queue_log", TEXT)


@pytest.mark.parametrize("pack", [plain, gzipped, zstandardized, zipped])
def test_a_file_reads_the_same_however_it_is_packed(pack: Callable[[Path], None], tmp_path: Path) -> None:
    pack(tmp_path / "file")
    with opened(tmp_path / "file") as file:
        assert file.read() == TEXT


@pytest.mark.parametrize("pack", [gzipped, zstandardized, zipped])
def test_what_unpacks_to_far_more_than_itself_is_refused_while_it_is_read(
    pack: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack(tmp_path / "bomb")
    monkeypatch.setattr(files, "FREE_BYTES", 1000)
    monkeypatch.setattr(files, "RATIO", 10)
    with pytest.raises(UnpacksTooFar), opened(tmp_path / "bomb") as file:
        file.read()
    with pytest.raises(UnpacksTooFar):
        list(line_blocks(tmp_path / "bomb"))


def test_a_real_bomb_is_stopped_at_the_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with gzip.open(tmp_path / "bomb", "wb", compresslevel=9) as file:
        for _ in range(64):
            file.write(b"\0" * (1 << 20))
    monkeypatch.setattr(files, "FREE_BYTES", 1 << 20)
    sizes: list[int] = []
    with opened(tmp_path / "bomb") as unpacked, pytest.raises(UnpacksTooFar):
        sizes.extend(map(len, iter(partial(unpacked.read, 1 << 16), b"")))
    assert sum(sizes) <= files.RATIO * (tmp_path / "bomb").stat().st_size


def test_a_zip_of_several_files_names_them(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        archive.writestr("one", b"1")
        archive.writestr("two", b"2")
    with pytest.raises(SeveralFiles, match="one, two"):
        opened(tmp_path / "many.zip")


def test_a_broken_zip_and_one_with_a_password_are_problems(tmp_path: Path) -> None:
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04" + b"\0" * 100)
    with pytest.raises(DamagedArchive):
        opened(tmp_path / "broken.zip")
    zipped(tmp_path / "secret.zip")
    data = bytearray((tmp_path / "secret.zip").read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    (tmp_path / "secret.zip").write_bytes(bytes(data))
    with pytest.raises(EncryptedArchive):
        opened(tmp_path / "secret.zip")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_line_without_an_end_stops_the_reading(
    encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encodings, "LONGEST_LINE", 1000)
    (tmp_path / "endless").write_bytes(("x" * 5000).encode(encoding))
    with pytest.raises(LineTooLong):
        list(encodings.text_blocks(tmp_path / "endless", size=500))


def test_a_table_with_absurdly_many_columns_is_refused(tmp_path: Path) -> None:
    (tmp_path / "wide.csv").write_text(",".join(f"c{i}" for i in range(records.MOST_COLUMNS + 1)) + "\n")
    with pytest.raises(TooManyColumns, match="2,001 columns"):
        list(blocks(tmp_path / "wide.csv", Layout(), {"c1": Place("mapping")}))


def workbook(path: Path, replace: dict[str, bytes]) -> None:
    """A workbook with one cell, some of its parts replaced."""
    book = openpyxl.Workbook()
    book.worksheets[0].append(["a"])
    book.save(path.with_suffix(".clean"))
    with zipfile.ZipFile(path.with_suffix(".clean")) as clean, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name in clean.namelist():
            made.writestr(name, replace.get(name, clean.read(name)))


ENTITIES = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_workbook_with_entities_is_refused_whatever_its_encoding(encoding: str, tmp_path: Path) -> None:
    workbook(tmp_path / "evil.xlsx", {"xl/worksheets/sheet1.xml": ENTITIES.encode(encoding)})
    with pytest.raises(UnsafeWorkbook, match=r"sheet1\.xml declares XML entities"):
        list(sheet_rows(tmp_path / "evil.xlsx", None))


def test_a_workbook_that_unpacks_too_far_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workbook(tmp_path / "bomb.xlsx", {"xl/worksheets/sheet1.xml": b" " * (8 << 20)})
    monkeypatch.setattr(workbooks, "FREE_BYTES", 1 << 20)
    with pytest.raises(UnpacksTooFar):
        list(sheet_rows(tmp_path / "bomb.xlsx", None))


def test_a_sheet_with_a_cell_far_to_the_right_in_every_row_is_refused_without_filling_the_memory(
    tmp_path: Path,
) -> None:
    rows = b"".join(b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (i, i) for i in range(1, 2000))
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    workbook(tmp_path / "wide.xlsx", {"xl/worksheets/sheet1.xml": sheet + rows + b"</sheetData></worksheet>"})
    with pytest.raises(Problem, match="16,384 columns"):
        list(blocks(tmp_path / "wide.xlsx", Layout(), {"1": Place("mapping")}))
