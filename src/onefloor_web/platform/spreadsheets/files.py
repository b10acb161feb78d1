"""A sheet with everything that has to travel with it, as CSV or XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal

import xlsxwriter
from django.http import HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from onefloor.language import Text
from onefloor_web.platform.floor import floor, now, zone
from onefloor_web.platform.pages.downloads import attachment
from onefloor_web.platform.pages.formats import exact, say
from onefloor_web.platform.tenancy.viewer import Viewer

Cell = str | int | Decimal | date | datetime | bool | None
Kind = Literal["csv", "xlsx"]
KINDS: Final[tuple[Kind, ...]] = ("csv", "xlsx")
TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST_ROWS: Final = 100_000
RUN_AS_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
WIDEST: Final = 48


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows with their heads, and what has to travel with them: names and values in ``about``."""

    title: str
    about: Sequence[tuple[str, str]]
    heads: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def response(sheet: Sheet, kind: Kind, name: str) -> HttpResponse:
    """The file to be kept; ``name`` without its ending."""
    made = as_csv(sheet) if kind == "csv" else as_xlsx(sheet)
    safe = slugify(name) or "onefloor"
    return attachment(made, f"{safe}.{kind}", TYPES[kind])


def travels(viewer: Viewer, *, scope: str, period: str, data_version: str, **more: str) -> list[tuple[str, str]]:
    """What every file says of itself: floor, scope, period, versions, who took it out and when."""
    return [
        (_("Floor"), floor().name),
        (_("Scope"), scope),
        (_("Time span"), period),
        (_("Time zone"), str(zone())),
        (_("Data version"), data_version),
        *more.items(),
        (_("Taken out by"), f"{viewer.name}{say(Text('，', ', '))}{viewer.code}"),
        (_("Taken out at"), exact(now())),
    ]


def harmless(cell: Cell) -> str:
    """A cell of a CSV: text that a spreadsheet would run as a formula gets an apostrophe before it.

    >>> harmless("=1+1"), harmless(-5), harmless("tech")
    ("'=1+1", '-5', 'tech')
    """
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.lstrip(" ").startswith(RUN_AS_FORMULA) else cell
    if isinstance(cell, datetime):
        return exact(cell)
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell)


def unguarded(text: str) -> str:
    """The text of a cell without the apostrophe that :func:`harmless` put before it.

    >>> unguarded(harmless(" =1+1")), unguarded("'n Dank")
    (' =1+1', "'n Dank")
    """
    return text[1:] if text.startswith("'") and harmless(text[1:]) == text else text


def as_csv(sheet: Sheet) -> bytes:
    """UTF-8 with the mark that spreadsheets look for; first what the file is of, then an empty line, then the rows."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([harmless(sheet.title)])
    writer.writerows([harmless(name), harmless(value)] for name, value in sheet.about)
    writer.writerow([])
    writer.writerow([harmless(head) for head in sheet.heads])
    writer.writerows([harmless(cell) for cell in row] for row in sheet.rows)
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def as_xlsx(sheet: Sheet) -> bytes:
    """Two sheets, the rows and what they are of; text is text and never a formula or a link."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        _write_rows(book, sheet)
        _write_about(book, sheet)
    return file.getvalue()


def _write_rows(book: xlsxwriter.Workbook, sheet: Sheet) -> None:
    page = book.add_worksheet(_("Detail rows"))
    head = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"})
    forms = {
        date: book.add_format({"num_format": "yyyy-mm-dd"}),
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
    }
    for column, text in enumerate(sheet.heads):
        page.write_string(0, column, text, head)
        page.set_column(column, column, min(max(10, 2 * len(text)), WIDEST))
    for row, cells in enumerate(sheet.rows, 1):
        for column, cell in enumerate(cells):
            _write(page, row, column, cell, forms)
    page.freeze_panes(1, 1)
    page.set_landscape()
    page.repeat_rows(0)
    page.set_footer("&L" + " · ".join(value.replace("&", "&&") for _name, value in sheet.about)[:200] + "&R&P / &N")


def _write(
    page: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: Cell, forms: dict[type[date], object]
) -> None:
    if isinstance(cell, str):
        page.write_string(row, column, cell)
    elif isinstance(cell, datetime):
        page.write_datetime(row, column, cell.astimezone(zone()).replace(tzinfo=None), forms[datetime])
    elif isinstance(cell, date):
        page.write_datetime(row, column, cell, forms[date])
    elif cell is not None:
        page.write(row, column, cell)


def _write_about(book: xlsxwriter.Workbook, sheet: Sheet) -> None:
    page = book.add_worksheet(pgettext("sheet", "About"))
    page.write_string(0, 0, sheet.title, book.add_format({"bold": True}))
    for row, (name, value) in enumerate(sheet.about, 1):
        page.write_string(row, 0, name)
        page.write_string(row, 1, value)
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 80)
