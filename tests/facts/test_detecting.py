"""What kind of file this is, told from its beginning."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from onefloor.facts import detecting
from onefloor.facts.detecting import NoTextFile, NothingInside, detect
from onefloor.facts.files import opened
from onefloor.facts.sources import encodings, json_values
from onefloor.facts.sources.records import EmptyFile
from onefloor.language import Text
from onefloor.problems import MissingFile, Problem

ASTERISK, CONNECT, ROSTER, TABLE = "asterisk-queue-log", "amazon-connect", "roster", "table"
CONTACT = {"ContactId": "c1", "InitiationTimestamp": "2026-11-21T01:00:00Z", "Channel": "VOICE"}


def kinds(path: Path) -> list[str]:
    return [fit.kind for fit in detect(path)]


def test_a_queue_log_is_told_and_says_how_many_lines_fit(examples: Path) -> None:
    (fit,) = detect(examples / "asterisk_run" / "queue_log")
    assert (fit.kind, fit.lines, fit.fitting) == (ASTERISK, 200, 200)
    assert fit.words == Text("Asterisk 队列日志（前 200 行中 200 行相符）", "Asterisk queue log (200 of 200 lines fit)")


def test_some_damaged_lines_do_not_change_the_kind(examples: Path, tmp_path: Path) -> None:
    lines = (examples / "asterisk_run" / "queue_log").read_bytes().splitlines(keepends=True)[:100]
    lines[10:20] = [b"broken\n"] * 10
    (tmp_path / "log").write_bytes(b"".join(lines))
    assert [(fit.kind, fit.lines, fit.fitting) for fit in detect(tmp_path / "log")] == [(ASTERISK, 100, 90)]


def test_a_roster_comes_before_the_table_that_it_is_too(examples: Path) -> None:
    assert kinds(examples / "asterisk_run" / "roster.csv") == [ROSTER, TABLE]


def test_contact_records_are_told_as_lines_and_as_one_array(tmp_path: Path) -> None:
    (tmp_path / "lines.json").write_text("\n".join([json.dumps(CONTACT)] * 3))
    (tmp_path / "array.json").write_text(json.dumps([CONTACT] * 3, indent=1))
    assert kinds(tmp_path / "lines.json") == kinds(tmp_path / "array.json") == [CONNECT]


@pytest.mark.parametrize(
    ("name", "delimiter", "encoding", "first"),
    [("calls.csv", ";", "utf-8", "id"), ("surveys.gb18030.csv", ",", "gb18030", "流水号")],
)
def test_a_table_shows_delimiter_encoding_and_header(
    examples: Path, name: str, delimiter: str, encoding: str, first: str
) -> None:
    look = detect(examples / "tables" / name)[0].look
    assert look is not None
    assert (look.format, look.delimiter, look.encoding, look.header[0]) == ("text", delimiter, encoding, first)


def test_workbooks_and_parquet_are_tables(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Calls"
    for row in ([], ["id", "begin"], [1, "2026-11-21"]):
        book.worksheets[0].append(row)
    book.create_sheet("Notes")
    book.save(tmp_path / "t.xlsx")
    pl.DataFrame({"id": [1], "begin": ["x"]}).write_parquet(tmp_path / "t.parquet")
    for name, sheets in (("t.xlsx", ("Calls", "Notes")), ("t.parquet", ())):
        look = detect(tmp_path / name)[0].look
        assert look is not None
        assert (look.header, look.sheets) == (("id", "begin"), sheets)


def test_packed_files_are_told_by_what_is_in_them(examples: Path, tmp_path: Path) -> None:
    text = (examples / "asterisk_run" / "queue_log").read_bytes()
    (tmp_path / "log.gz").write_bytes(gzip.compress(text))
    with zipfile.ZipFile(tmp_path / "log.zip", "w") as archive:
        archive.writestr("queue_log", text)
    assert kinds(tmp_path / "log.gz") == kinds(tmp_path / "log.zip") == [ASTERISK]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", NothingInside),
        (b"\n \r\n", NothingInside),
        (b"%PDF-1.7 ...", NoTextFile),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", NoTextFile),
        (b"abc\0def" * 20, NoTextFile),
        (b"PK\x03\x04broken", Problem),
        (b"\x1f\x8bbroken", Problem),
    ],
)
def test_files_that_cannot_be_loaded_say_so(content: bytes, problem: type[Problem], tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(problem):
        detect(tmp_path / "file")


def test_a_missing_file_an_empty_sheet_and_prose_say_so(tmp_path: Path) -> None:
    with pytest.raises(MissingFile):
        detect(tmp_path / "none")
    openpyxl.Workbook().save(tmp_path / "empty.xlsx")
    with pytest.raises(EmptyFile):
        detect(tmp_path / "empty.xlsx")
    (tmp_path / "prose").write_text("Dear colleague\nplease find attached\n")
    assert detect(tmp_path / "prose") == []


class Counted(io.RawIOBase):
    """A file that notes how much was read of it."""

    def __init__(self, file: Any, read: list[int]) -> None:
        self.file, self.read_ = file, read

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self.file.close()
        super().close()

    def readinto(self, buffer: Any) -> int:
        block = self.file.read(len(buffer))
        buffer[: len(block)] = block
        self.read_.append(len(block))
        return len(block)


def test_of_a_large_file_only_the_beginning_is_read(
    examples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (examples / "asterisk_run" / "queue_log").read_bytes()
    with (tmp_path / "large").open("wb") as file:
        for _ in range(1500):  # 150 MB
            file.write(text)
    read: list[int] = []

    def counted(path: Path) -> Any:
        file = opened(path)
        return io.BufferedReader(Counted(file, read), 1 << 16)

    for module in (detecting, encodings, json_values):
        monkeypatch.setattr(module, "opened", counted)
    assert kinds(tmp_path / "large") == [ASTERISK]
    assert sum(read) < 8 << 20
