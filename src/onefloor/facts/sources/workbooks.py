"""The rows of XLSX sheets and Parquet files, every cell as text."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.parsers import expat

import pyarrow as pa
import pyarrow.parquet as pq

from onefloor.facts.files import FREE_BYTES, RATIO, UnpacksTooFar
from onefloor.facts.sources.encodings import BrokenFile
from onefloor.language import Text
from onefloor.problems import Place, Problem

ROWS = 50_000
CELLS = 5_000_000  # of a block: a sparse sheet may name a cell in its last column in every row
UNPACKED_BYTES = 4 << 30
Rows = Iterator[list[tuple[int, list[str | None]]]]


class MissingSheet(Problem):
    """The workbook has no sheet of that name."""

    def __init__(self, path: Path, name: str, known: list[str]) -> None:
        super().__init__(
            Text(f"工作簿中没有“{name}”表。", f'The workbook has no sheet "{name}".'),
            remedy=Text(f"可用：{'、'.join(known)}。", f"Its sheets: {', '.join(known)}."),
            where=Place(str(path)),
        )


class UnsafeWorkbook(Problem):
    """A workbook that would do more when read than hold cells."""

    def __init__(self, path: Path, why: Text) -> None:
        super().__init__(
            Text(f"“{path.name}”不能作为工作簿读取。", f'"{path.name}" cannot be read as a workbook.'),
            why=why,
            remedy=Text(
                "请在表格软件中打开，另存为新的 XLSX 或 CSV。",
                "Open it in a spreadsheet and save it anew as XLSX or CSV.",
            ),
            where=Place(str(path)),
        )


def _refuse_harm(path: Path) -> None:
    """Look at the archive and the beginning of its XML before anything unpacks it.

    Raises:
        UnpacksTooFar: its parts are far larger than the file.
        UnsafeWorkbook: a part declares a document type, as only attacks do in a workbook.
    """
    size = path.stat().st_size
    with zipfile.ZipFile(path) as archive:
        most = min(UNPACKED_BYTES, max(FREE_BYTES, RATIO * size))
        if sum(member.file_size for member in archive.infolist()) > most:
            raise UnpacksTooFar(path, most)
        for member in archive.infolist():
            if member.filename.endswith((".xml", ".rels", ".vml")) and _declares_type(archive, member):
                raise UnsafeWorkbook(
                    path, Text(f"{member.filename} 含有 XML 实体声明。", f"{member.filename} declares XML entities.")
                )


def _declares_type(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Whether the XML has a document type, whatever its encoding; read up to its first element."""
    found: list[bool] = []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: found.append(True)
    parser.StartElementHandler = lambda *_: found.append(False)
    with archive.open(member) as file:
        while not found and (block := file.read(4096)):
            try:
                parser.Parse(block)
            except expat.ExpatError:
                break  # the reader says what is wrong
    return bool(found) and found[0]


def sheet_rows(path: Path, sheet: str | None, block: int = ROWS) -> Rows:
    """The rows of a sheet (the first if not named) in blocks, each with its row number."""
    try:
        _refuse_harm(path)
        book = _opened(path)
        try:
            if sheet is not None and sheet not in book.sheetnames:
                raise MissingSheet(path, sheet, book.sheetnames)
            worksheet: Any = book[sheet if sheet is not None else book.sheetnames[0]]
            worksheet.reset_dimensions()
            for rows in _batches(enumerate(worksheet.iter_rows(values_only=True), 1), block):
                yield [(number, [cell_text(cell) for cell in cells]) for number, cells in rows]
        finally:
            book.close()
    except Problem:
        raise
    except Exception as error:  # damaged archives and sheets raise whatever the reader stumbles over
        raise BrokenFile(path, str(error)) from None


def sheet_names(path: Path) -> list[str]:
    """The sheets of a workbook.

    Raises:
        BrokenFile, UnsafeWorkbook, UnpacksTooFar: it cannot be read.
    """
    try:
        _refuse_harm(path)
        book = _opened(path)
        try:
            return list(book.sheetnames)
        finally:
            book.close()
    except Problem:
        raise
    except Exception as error:  # damaged archives raise whatever the reader stumbles over
        raise BrokenFile(path, str(error)) from None


def _opened(path: Path) -> Any:
    """The workbook with the values its formulas had. The reader is loaded here: few runs meet a workbook."""
    import openpyxl

    return openpyxl.load_workbook(path, read_only=True, data_only=True)


def parquet_rows(path: Path, block: int = ROWS) -> Rows:
    """The rows of a Parquet file in blocks, the header as row 0."""
    try:
        file = pq.ParquetFile(path)
        header: list[str | None] = list(file.schema_arrow.names)
        yield [(0, header)]
        line = 1
        for batch in file.iter_batches(batch_size=block):
            columns = [[cell_text(cell) for cell in column.to_pylist()] for column in batch.columns]
            yield [(line + i, list(cells)) for i, cells in enumerate(zip(*columns, strict=True))]
            line += batch.num_rows
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise BrokenFile(path, str(error)) from None


def cell_text(cell: Any) -> str | None:
    """A typed cell as the text a CSV would hold; decimals as a spreadsheet shows them (15 digits).

    >>> cell_text(1.0), cell_text(0.1 + 0.2), cell_text(True)
    ('1', '0.3', 'true')
    """
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else format(cell, ".15g")
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="milliseconds").replace(".000", "")
    if isinstance(cell, timedelta):
        return _duration_text(cell)
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _duration_text(cell: timedelta) -> str:
    ms = abs(cell) // timedelta(milliseconds=1)
    seconds, fraction = divmod(ms, 1000)
    text = f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return ("-" if cell < timedelta(0) else "") + text + (f".{fraction:03d}" if fraction else "")


def _batches(rows: Iterator[tuple[int, Any]], size: int) -> Iterator[list[tuple[int, Any]]]:
    block: list[tuple[int, Any]] = []
    cells = 0
    for row in rows:
        block.append(row)
        cells += len(row[1])
        if len(block) == size or cells >= CELLS:
            yield block
            block, cells = [], 0
    if block:
        yield block
