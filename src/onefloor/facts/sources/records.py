"""The records of a table file, in blocks: delimited text, XLSX or Parquet, every cell as text.

A block is a frame with ``line`` (where the record begins, counted from 1), ``raw`` (the record as it was), ``fault``
(``blank``, ``header``, ``undecodable``, ``wrong_field_count``, ``unclosed_quote`` or null) and one ``c:`` column for
each column of the file that is needed. Only records with a null fault have cells.
"""

from __future__ import annotations

import csv
import difflib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from onefloor.facts.files import ZIP, is_workbook
from onefloor.facts.sources.encodings import decoded_lines, text_blocks
from onefloor.facts.sources.formulas import COLUMN
from onefloor.facts.sources.mapping import Layout
from onefloor.facts.sources.workbooks import ROWS, parquet_rows, sheet_rows
from onefloor.facts.store import Load
from onefloor.language import Text
from onefloor.problems import Place, Problem

DELIMITERS = ("\t", ",", ";", "|")
MOST_COLUMNS = 2_000
LONGEST_RECORD = 50  # physical lines; a quote that stays open longer is a fault of the line that opened it
_SHAPE = {"line": pl.Int64, "raw": pl.String, "fault": pl.String}
csv.field_size_limit(2**31 - 1)


class MissingColumn(Problem):
    """A column that the mapping reads is not in the file."""

    def __init__(self, path: Path, name: str, header: Sequence[str], place: Place | None) -> None:
        near = difflib.get_close_matches(name, header, n=3, cutoff=0.5)
        zh, en = "、".join(near or header[:12]), ", ".join(near or header[:12])
        there = Text(f"最接近的列名：{zh}。", f"Nearest: {en}.") if near else Text(f"文件中有：{zh}。", f"It has {en}.")
        mapped = place is not None and place.line is not None
        zh_used, en_used = (f"（映射 {place}）", f", which the mapping reads ({place})") if mapped else ("", "")
        mend = Text("请改正映射。", "Mend the mapping.") if mapped else Text("请改正表头。", "Mend the header.")
        super().__init__(
            Text(f"文件中没有“{name}”列{zh_used}。", f'The file has no column "{name}"{en_used}.'),
            remedy=there + mend,
            where=Place(str(path)),
        )


class TooManyColumns(Problem):
    """More columns than any table of facts has: a damaged file, or one made to do harm."""

    def __init__(self, path: Path, columns: int) -> None:
        super().__init__(
            Text(
                f"表格有 {columns:,} 列，最多 {MOST_COLUMNS:,} 列。",
                f"The table has {columns:,} columns; at most {MOST_COLUMNS:,} can be read.",
            ),
            remedy=Text("请只导出需要的列。", "Export only the columns that are needed."),
            where=Place(str(path)),
        )


class EmptyFile(Problem):
    """A file without even a header."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Text("文件没有表头。", "The file has no header."),
            remedy=Text(
                "请检查文件，或在映射的 file 下写明 header。", "Check the file, or state header in the mapping."
            ),
            where=Place(str(path)),
        )


@dataclass(frozen=True, slots=True)
class Written:
    """How a table is written: its columns, and what stands between and around them in ``raw``."""

    header: tuple[str, ...]
    delimiter: str
    quote: str


def _nobody(_written: Written) -> None:
    """Told how a table is written, and does nothing."""


def blocks(
    path: Path,
    layout: Layout,
    needed: Mapping[str, Place],
    tell: Callable[[Written], None] = _nobody,
    *,
    rows: int = ROWS,
) -> Iterator[pl.DataFrame]:
    """The records of a file of any kind, in blocks.

    Args:
        path: the file.
        layout: how it is written, as far as stated.
        needed: the columns to read, each with the place that names it.
        tell: told once, before the first block, how the table is written.
        rows: how many rows of a sheet or Parquet file make a block; those of text are by bytes.

    Raises:
        MissingColumn, TooManyColumns, EmptyFile, UnknownEncoding, BrokenFile, UnsafeWorkbook, UnpacksTooFar: the file
            as a whole cannot be read.
    """
    kind = layout.format or table_format(path)
    if kind == "text":
        yield from _text_blocks(path, layout, needed, tell)
        return
    found = sheet_rows(path, layout.sheet, rows) if kind == "xlsx" else parquet_rows(path, rows)
    yield from _cell_blocks(path, found, layout, needed, tell)


def staged_layout(load: Load, path: Path, written: Written) -> None:
    """Keep how a file is written with the lines of it that are set aside."""
    row = {"load": load.id, "file": path.name, "header": json.dumps(written.header, ensure_ascii=False),
           "delimiter": written.delimiter, "quote": written.quote}  # fmt: skip
    load.add("layouts", pl.DataFrame([row]).to_arrow())


def table_format(path: Path) -> str:
    """``text``, ``xlsx`` or ``parquet``, by the file's first bytes."""
    with path.open("rb") as file:
        magic = file.read(4)
    if magic == ZIP:
        return "xlsx" if is_workbook(path) else "text"
    return "parquet" if magic == b"PAR1" else "text"


def _named(header: Sequence[str], layout: Layout) -> tuple[str, ...]:
    """The columns' names as the mapping knows them."""
    names = (name.strip().lstrip("\ufeff").strip() for name in header)
    if not layout.aliases:
        return tuple(names)
    return tuple(layout.aliases.get(name, name.lower()) for name in names)


def _wanted(path: Path, header: Sequence[str], layout: Layout, needed: Mapping[str, Place]) -> dict[str, int]:
    """The position of each needed column; -1 for an optional one that is absent."""
    if len(header) > MOST_COLUMNS:
        raise TooManyColumns(path, len(header))
    missing = [name for name in needed if name not in header and name not in layout.optional]
    if missing:
        raise MissingColumn(path, missing[0], header, needed[missing[0]])
    return {name: header.index(name) if name in header else -1 for name in needed}


def _text_blocks(
    path: Path, layout: Layout, needed: Mapping[str, Place], tell: Callable[[Written], None]
) -> Iterator[pl.DataFrame]:
    table: _Table | None = None
    skip, line = layout.skip, 1
    pending: list[tuple[int, str, bool]] = []
    for block, encoding in text_blocks(path, layout.encoding):
        lines, wrong = decoded_lines(block, encoding)
        numbered = [(line + i, text, i in wrong) for i, text in enumerate(lines)]
        line += len(lines)
        numbered, skip = numbered[skip:], max(0, skip - len(numbered))
        if table is None:
            table, numbered = _table(path, layout, needed, numbered)
            if table is not None:
                tell(Written(table.header, table.delimiter, table.quote))
        if table is not None:
            records, pending = table.joined([*pending, *numbered], final=False)
            yield table.frame(records)
    if table is None:
        raise EmptyFile(path)
    if pending:
        yield table.frame(table.joined(pending, final=True)[0])


def _table(
    path: Path, layout: Layout, needed: Mapping[str, Place], lines: list[tuple[int, str, bool]]
) -> tuple[_Table | None, list[tuple[int, str, bool]]]:
    """The table's shape from its header, and the lines after it."""
    while lines and layout.header is None and not lines[0][1].strip():
        lines = lines[1:]
    if not lines:
        return None, lines
    first = lines[0][1]
    header_line = first if layout.header is None else None
    delimiter = layout.delimiter or _delimiter(first, layout, needed)
    header = layout.header or _named(cells_of(first, delimiter, layout.quote), layout)
    table = _Table(header, header_line, delimiter, layout.quote, _wanted(path, header, layout, needed))
    return table, lines if header_line is None else lines[1:]


def _delimiter(first: str, layout: Layout, needed: Mapping[str, Place]) -> str:
    """The delimiter that finds most of the needed columns, or as many cells as the stated header has names."""

    def score(delimiter: str) -> tuple[int, int]:
        cells = _named(cells_of(first, delimiter, layout.quote), layout)
        if layout.header is not None:
            return (-abs(len(cells) - len(layout.header)), len(cells))
        return (sum(name in cells for name in needed), len(cells))

    return max(DELIMITERS, key=score)


def cells_of(record: str, delimiter: str, quote: str) -> list[str]:
    """The cells of one record; none where it cannot be read at all."""
    if not quote or quote not in record:
        return record.split(delimiter)
    try:
        return next(csv.reader([record], delimiter=delimiter, quotechar=quote), [])
    except csv.Error:
        return []


def is_open(text: str, delimiter: str, quote: str) -> bool:
    """Whether a quote that begins in the text does not end in it.

    >>> is_open('a,"b', ",", '"'), is_open('a,"b"', ",", '"')
    (True, False)
    """
    if not quote or quote not in text:
        return False
    try:
        list(csv.reader([text], delimiter=delimiter, quotechar=quote, strict=True))
    except csv.Error as error:
        return "unexpected end of data" in str(error)
    return False


class _Table:
    """Header, delimiter and quote of one text file."""

    def __init__(
        self, header: tuple[str, ...], header_line: str | None, delimiter: str, quote: str, wanted: dict[str, int]
    ) -> None:
        self.header, self.header_line, self.delimiter, self.quote, self.wanted = (
            header, header_line, delimiter, quote, wanted,
        )  # fmt: skip

    def joined(
        self, lines: list[tuple[int, str, bool]], *, final: bool
    ) -> tuple[list[tuple[int, str, str | None]], list[tuple[int, str, bool]]]:
        """Physical lines as records, and the lines of a record that is still open at the end."""
        records: list[tuple[int, str, str | None]] = []
        quote, i = self.quote, 0
        while i < len(lines):
            number, text, wrong = lines[i]
            if not quote or quote not in text or wrong or not is_open(text, self.delimiter, self.quote):
                records.append((number, text, "undecodable" if wrong else None))
                i += 1
                continue
            end = self._end(lines, i)
            if end is None and not final and len(lines) - i < LONGEST_RECORD:
                return records, lines[i:]
            if end is None:
                records.append((number, text, "unclosed_quote"))
                i += 1
            else:
                fault = "undecodable" if any(bad for _, _, bad in lines[i : end + 1]) else None
                records.append((number, "\n".join(part for _, part, _ in lines[i : end + 1]), fault))
                i = end + 1
        return records, []

    def _end(self, lines: list[tuple[int, str, bool]], start: int) -> int | None:
        """The line that closes the quote opened in line ``start``."""
        text = lines[start][1]
        for i in range(start + 1, min(len(lines), start + LONGEST_RECORD)):
            text += "\n" + lines[i][1]
            if self.quote in lines[i][1] and not is_open(text, self.delimiter, self.quote):
                return i
        return None

    def frame(self, records: list[tuple[int, str, str | None]]) -> pl.DataFrame:
        """A block of records."""
        block = pl.DataFrame({name: [record[i] for record in records] for i, name in enumerate(_SHAPE)}, schema=_SHAPE)
        cells = self._split(block["raw"])
        bare = block["raw"].str.strip_chars(" \t\r\x0b\x0c\u3000\ufeff" + self.delimiter + self.quote)
        block = block.with_columns(
            pl.coalesce(
                pl.when(bare == "").then(pl.lit("blank")),
                pl.when(block["raw"].eq_missing(self.header_line)).then(pl.lit("header")),
                pl.col("fault"),
                pl.when(cells.list.len() != len(self.header)).then(pl.lit("wrong_field_count")),
            ).alias("fault")
        )
        return block.with_columns(
            (cells.list.get(i, null_on_oob=True).str.strip_chars() if i >= 0 else pl.lit(None, pl.String)).alias(
                COLUMN + name
            )
            for name, i in self.wanted.items()
        )

    def _split(self, raw: pl.Series) -> pl.Series:
        cells = raw.str.split(self.delimiter)
        if not self.quote:
            return cells
        quoted = raw.str.contains(self.quote, literal=True)
        if not quoted.any():
            return cells
        at = quoted.arg_true()
        parsed = [cells_of(text, self.delimiter, self.quote) for text in raw.gather(at)]
        new = pl.DataFrame({"at": at, "new": pl.Series(parsed, dtype=pl.List(pl.String))})
        both = pl.DataFrame({"at": pl.int_range(len(raw), dtype=pl.UInt32, eager=True), "old": cells})
        joined = both.join(new, on="at", how="left", maintain_order="left")
        return joined.select(pl.coalesce("new", "old")).to_series()


def _cell_blocks(
    path: Path,
    rows: Iterator[list[tuple[int, list[str | None]]]],
    layout: Layout,
    needed: Mapping[str, Place],
    tell: Callable[[Written], None],
) -> Iterator[pl.DataFrame]:
    """Blocks of a file whose cells are apart already."""
    header, skip = layout.header, layout.skip
    wanted = _wanted(path, header, layout, needed) if header else {}
    if header:
        tell(Written(header, "\t", ""))
    for block in rows:
        body = block[skip:]
        skip = max(0, skip - len(block))
        if header is None:
            body = [row for i, row in enumerate(body) if any(any(cells) for _, cells in body[: i + 1])]
            if not body:
                continue
            header = _named([cell or "" for cell in body[0][1]], layout)
            wanted, body = _wanted(path, header, layout, needed), body[1:]
            tell(Written(header, "\t", ""))
        yield _cell_frame(body, wanted)
    if header is None:
        raise EmptyFile(path)


def _cell_frame(rows: list[tuple[int, list[str | None]]], wanted: dict[str, int]) -> pl.DataFrame:
    shown = ["\t".join(cell or "" for cell in cells) for _, cells in rows]
    shape = {**_SHAPE, **{COLUMN + name: pl.String for name in wanted}}
    columns: dict[str, list[str | int | None]] = {
        "line": [number for number, _ in rows],
        "raw": list(shown),
        "fault": ["blank" if not text.strip() else None for text in shown],
    }
    for name, i in wanted.items():
        columns[COLUMN + name] = [cells[i] if 0 <= i < len(cells) else None for _, cells in rows]
    frame = pl.DataFrame(columns, schema=shape)
    return frame.with_columns(pl.col(COLUMN + name).str.strip_chars() for name in wanted)
