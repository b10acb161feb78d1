"""What kind of file this is: every reader tries the first lines, and the one that most of them fit comes first.

Only the beginning of a file is read, so a file of any size is told in a moment.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import polars as pl

from onefloor.facts.files import opened, unpacking
from onefloor.facts.kinds import ASTERISK, CONNECT, NAMES, ROSTER, TABLE
from onefloor.facts.roster import ALIASES, COLUMNS, REQUIRED, parsed_rows
from onefloor.facts.sources.amazon_connect import readable
from onefloor.facts.sources.asterisk_lines import lines_of, parsed
from onefloor.facts.sources.encodings import UnknownEncoding, decoded_lines, text_blocks
from onefloor.facts.sources.json_values import values
from onefloor.facts.sources.mapping import Layout
from onefloor.facts.sources.records import DELIMITERS, EmptyFile, blocks, cells_of, table_format
from onefloor.facts.sources.workbooks import parquet_rows, sheet_names, sheet_rows
from onefloor.language import Text
from onefloor.problems import Place, Problem

LINES: Final = 200
HEAD_BYTES: Final = 256 << 10
_WIDE_MARKS: Final = (b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")
_OTHERS: Final = {
    b"%PDF": "PDF", b"\xd0\xcf\x11\xe0": "XLS", b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"RIFF": "WAV",
    b"SQLite format 3": "SQLite", b"\x7fELF": "ELF", b"Rar!": "RAR", b"7z\xbc\xaf": "7z", b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
}  # fmt: skip


class NoTextFile(Problem):
    """Neither text nor a workbook nor Parquet."""

    def __init__(self, path: Path, kind: str | None) -> None:
        what = (
            Text(f"这是 {kind} 文件，无法导入。", f"This is a file of type {kind}, which cannot be loaded.")
            if kind
            else Text("这不是文本文件。", "This is no text file.")
        )
        super().__init__(
            what,
            remedy=Text(
                "请导出为 CSV、XLSX 或 Parquet，或选择日志文件本身。",
                "Export it as CSV, XLSX or Parquet, or choose the log itself.",
            ),
            where=Place(str(path)),
        )


class NothingInside(Problem):
    """A file of no bytes, or of nothing but blank lines."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Text("文件是空的。", "The file is empty."),
            remedy=Text("请检查导出是否成功，再选择一次。", "See whether the export succeeded, and choose it again."),
            where=Place(str(path)),
        )


@dataclass(frozen=True, slots=True)
class Look:
    """How a table is written: ``format`` is text, xlsx or parquet; only text has a delimiter and an encoding."""

    format: str
    header: tuple[str, ...]
    delimiter: str | None = None
    encoding: str | None = None
    sheets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fit:
    """One kind and how well it fits: of the first ``lines`` lines (a table's after the header) ``fitting`` do."""

    kind: str
    lines: int
    fitting: int
    look: Look | None = None

    @property
    def words(self) -> Text:
        """The fit in a sentence, such as "Asterisk queue log (200 of 200 lines fit)"."""
        name = NAMES[self.kind]
        return Text(
            f"{name.zh}（前 {self.lines} 行中 {self.fitting} 行相符）",
            f"{name.en} ({self.fitting} of {self.lines} lines fit)",
        )


def detect(path: Path) -> Sequence[Fit]:
    """The kinds that fit a file, the best first; none if no reader can make anything of it.

    Raises:
        MissingFile: there is no such file.
        NothingInside, NoTextFile: it holds nothing, or nothing that could be loaded.
        DamagedArchive, SeveralFiles, EncryptedArchive, UnpacksTooFar, LineTooLong, BrokenFile, UnsafeWorkbook: it
            cannot be read.
    """
    head = _head(path)
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise NothingInside(path)
    format_ = table_format(path)
    if format_ == "text":
        _refuse_binary(path, head)
    tried: list[Callable[[], Fit | None]] = [lambda: _roster(path, format_), lambda: _table(path, format_)]
    if format_ == "text":
        tried = [lambda: _asterisk(head), lambda: _connect(path), *tried]
    fits = [fit for fit in (attempt() for attempt in tried) if fit is not None and fit.fitting * 2 >= fit.lines > 0]
    return sorted(fits, key=lambda fit: fit.kind == TABLE)  # what a kind of its own fits, a table fits by chance


def _head(path: Path) -> bytes:
    with opened(path) as file, unpacking(path):
        return file.read(HEAD_BYTES)


def _refuse_binary(path: Path, head: bytes) -> None:
    for magic, kind in _OTHERS.items():
        if head.startswith(magic):
            raise NoTextFile(path, kind)
    if b"\0" in head[:4096] and not head.startswith(_WIDE_MARKS):
        raise NoTextFile(path, None)


def _asterisk(head: bytes) -> Fit | None:
    lines = lines_of(head)
    whole = lines[:LINES] if len(head) < HEAD_BYTES else lines[:-1][:LINES]
    reasons = parsed(whole, 1)["reason"] if whole else pl.Series(dtype=pl.String)
    return Fit(ASTERISK, len(whole), int((reasons.is_null() | (reasons == "blank")).sum()))


def _connect(path: Path) -> Fit | None:
    found = list(islice(values(path), LINES))
    return Fit(CONNECT, len(found), sum(value.fault is None and readable(value.content) for value in found))


def _roster(path: Path, format_: str) -> Fit | None:
    layout = Layout(aliases=ALIASES, optional=frozenset(COLUMNS) - frozenset(REQUIRED))
    table = _table(path, format_)
    header = table.look.header if table is not None and table.look is not None else ()
    if not {ALIASES.get(name, name.lower()) for name in header}.issuperset(REQUIRED):
        return None  # told from the beginning alone, however large the file
    try:
        block = next(blocks(path, layout, {name: Place(path.name) for name in COLUMNS}, rows=LINES), None)
    except Problem:
        return None
    rows = parsed_rows(block.head(LINES)) if block is not None else []
    return Fit(ROSTER, len(rows), sum(row["fault"] in (None, "blank", "header") for row in rows))


def _table(path: Path, format_: str) -> Fit | None:
    return _text_table(path) if format_ == "text" else _cell_table(path, format_)


def _cell_table(path: Path, format_: str) -> Fit | None:
    sheets = tuple(sheet_names(path)) if format_ == "xlsx" else ()
    rows = sheet_rows(path, None, LINES + 20) if sheets else parquet_rows(path, LINES)
    first = [cells for block in islice(rows, 2) for _, cells in block if any(cells)]
    if not first:
        raise EmptyFile(path)
    header = tuple((cell or "").strip() for cell in first[0])
    body = first[1 : LINES + 1]
    return Fit(TABLE, max(1, len(body)), max(1, len(body)), Look(format_, header, sheets=sheets))


def _text_table(path: Path) -> Fit | None:
    try:
        block, encoding = next(text_blocks(path, size=HEAD_BYTES))
    except UnknownEncoding:
        return None
    lines = [line for line in decoded_lines(block, encoding)[0][: LINES + 20] if line.strip()][: LINES + 1]
    delimiter = _delimiter(lines)
    if delimiter is None or lines[0].lstrip().startswith(("{", "[{")):
        return None
    header = tuple(name.strip().lstrip("\ufeff").strip('" ') for name in cells_of(lines[0], delimiter, '"'))
    records = list(islice(csv.reader((line + "\n" for line in lines[1:]), delimiter=delimiter), LINES))
    fitting = sum(len(record) == len(header) for record in records)
    return Fit(TABLE, max(1, len(records)), fitting if records else 1, Look("text", header, delimiter, encoding))


def _delimiter(lines: list[str]) -> str | None:
    """The delimiter that gives most lines as many cells as the first; None if there is but one column."""

    def score(delimiter: str) -> tuple[int, int]:
        counts = Counter(len(cells_of(line, delimiter, '"')) for line in lines)
        columns = len(cells_of(lines[0], delimiter, '"'))
        return (counts[columns] if columns > 1 else 0, columns)

    best = max(DELIMITERS, key=score)
    return best if score(best)[1] > 1 else None
