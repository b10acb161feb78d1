"""The statement as a workbook: real numbers, both languages side by side, ready to print on A4.

Text is always text: a cell that begins with ``=``, ``+``, ``-`` or ``@`` is never a formula.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from math import ceil
from typing import Any
from unicodedata import east_asian_width
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from onefloor.agreements.adjustments import Adjustment, payable
from onefloor.agreements.rendering import formats
from onefloor.agreements.rendering.conditions import condition_words
from onefloor.agreements.rendering.html import approvals, main_figures, minus_signs, statement_title, summary
from onefloor.agreements.rendering.words import (
    CURRENCIES,
    HEADINGS,
    KINDS,
    LABELS,
    OUTCOMES,
    ROLES,
    STATE_NOTES,
    STATES,
    UNITS,
    word,
)
from onefloor.agreements.statement import LineFigure, Statement
from onefloor.language import Text, joined, same

EXACT = 10**15  # beyond, a workbook's numbers are no longer exact
LONGEST = 32_000  # characters a cell can hold, a few less
BOLD, RULE = Font(bold=True), Border(bottom=Side(style="medium"))
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
EPOCH = datetime(1980, 1, 1)
LINE_POINTS, MOST_LINES = 15, 27  # a row cannot be higher than 409 points
HEAD_COLUMNS = 4  # what the texts above the table may take
Cell = Text | str | Decimal | int | None


def statement_xlsx(statement: Statement, *, zone_rules: str = "", adjustments: Sequence[Adjustment] = ()) -> bytes:
    """The statement as the bytes of a workbook; equal statements give equal bytes.

    Args:
        statement: what to show.
        zone_rules: version of the time zone rules, for the sheet of versions.
        adjustments: what is booked beside the lines.
    """
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    _lines(_sheet(book, "statement"), statement, adjustments)
    _arithmetic(_sheet(book, "arithmetic"), statement)
    _figures(_sheet(book, "figures"), statement)
    _left_out(_sheet(book, "left_out"), statement)
    _versions(_sheet(book, "versions"), statement, zone_rules)
    for sheet in book.worksheets:
        _fit_rows(sheet)
    book.properties.title = CONTROL.sub("", statement_title(statement).en)
    book.properties.creator = "onefloor"
    book.properties.created = EPOCH
    out = BytesIO()
    book.save(out)
    return _without_clock(out.getvalue())


def _sheet(book: Workbook, name: str) -> Worksheet:
    title = HEADINGS[name]
    sheet: Worksheet = book.create_sheet(f"{title.zh} {title.en}")
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    footer = sheet.oddFooter
    assert footer is not None
    footer.left.text, footer.right.text = "&A", "&P / &N"
    return sheet


def _lines(sheet: Worksheet, statement: Statement, adjustments: Sequence[Adjustment]) -> None:
    _, state, note = formats.state(statement)
    _row(sheet, [statement_title(statement)], bold=True)
    _row(sheet, [LABELS["state"], Text(f"{state.zh}：{note.zh}", f"{state.en}. {note.en}")])
    if statement.shadow:
        _row(sheet, [STATES["shadow"], STATE_NOTES["shadow"]])
    for label, text in summary(statement):
        _row(sheet, [label, text])
    for row in range(1, sheet.max_row + 1):
        sheet.merge_cells(start_row=row, start_column=1 + (row > 1), end_row=row, end_column=HEAD_COLUMNS)
    currency = word(CURRENCIES, statement.currency)
    amount = Text(f"{LABELS['amount'].zh}（{currency.zh}）", f"{LABELS['amount'].en} ({currency.en})")
    _head(
        sheet,
        ["number", "clause", "kind:项目/Item", "words", "figure", amount, "outcome"],
        widths=(20, 26, 34, 60, 28, 18, 20),
    )
    for line in statement.lines:
        figures = joined((formats.figure_with_sample(figure) for figure in main_figures(line)), zh="；", en="; ")
        outcome = word(OUTCOMES, line.outcome)
        _row(sheet, [line.number, line.clause, line.title, line.words, figures, line.amount, outcome])
    for name, value in statement.totals:
        _row(sheet, [None, None, word(KINDS, name), None, None, value], bold=name == "net")
    for one in adjustments:
        _row(sheet, [one.line, one.clause, one.title, one.reason, None, one.amount])
    if adjustments:
        _row(sheet, [None, None, HEADINGS["payable"], None, None, payable(statement, adjustments)], bold=True)
    sheet.print_title_rows = f"{_frozen(sheet)}:{_frozen(sheet)}"


def _frozen(sheet: Worksheet) -> int:
    return int(re.sub("[A-Z]", "", str(sheet.freeze_panes))) - 1


def _arithmetic(sheet: Worksheet, statement: Statement) -> None:
    _head(
        sheet,
        ["number", "clause", "clause_text", "band", "step", "formula", "amount"],
        widths=(8, 12, 50, 26, 40, 44, 18),
    )
    for line in statement.lines:
        first: list[Cell] = [line.number, line.clause, line.clause_text, line.band]
        steps: list[list[Cell]] = [[step.text, minus_signs(step.formula), step.amount] for step in line.steps]
        for step in steps or [[None, None, line.amount]]:
            _row(sheet, [*first, *step])
            first = [line.number, line.clause, None, None]


def _figures(sheet: Worksheet, statement: Statement) -> None:
    names = [
        "number",
        "figure",
        "value",
        "unit:单位/Unit",
        "numerator",
        "denominator",
        "role",
        "scope",
        "metric",
        "version",
        "without",
    ]
    _head(sheet, names, widths=(8, 30, 14, 12, 18, 14, 20, 26, 34, 9, 44))
    for line in statement.lines:
        for figure in line.figures:
            _row(sheet, [line.number, *_figure(figure, statement.timezone)])


def _figure(figure: LineFigure, timezone: str) -> list[Cell]:
    without = joined((condition_words(text, timezone) for text in figure.question.without), zh="；", en="; ")
    unit = UNITS.get(figure.unit) or same(figure.unit)
    return [
        figure.title, figure.value, Text(unit.zh.strip(), unit.en.strip()), figure.figure.numerator,
        figure.figure.denominator, word(ROLES, figure.role), formats.scope_words(figure), figure.question.metric,
        figure.version, without if figure.question.without else None,
    ]  # fmt: skip


def _left_out(sheet: Worksheet, statement: Statement) -> None:
    _head(
        sheet,
        ["name", "reason", "rows", "clauses", "approvals", "state", "condition"],
        widths=(18, 46, 12, 18, 36, 30, 60),
    )
    for item in statement.left_out:
        state = LABELS["applied" if item.applied else "not_applied"]
        condition = condition_words(item.predicate, statement.timezone)
        _row(sheet, [item.name, item.reason, item.rows, ", ".join(item.clauses), approvals(item), state, condition])
    if not statement.left_out:
        _row(sheet, [LABELS["nothing_left_out"]])


def _versions(sheet: Worksheet, statement: Statement, zone_rules: str) -> None:
    _head(sheet, ["item", "value:内容/Content"], widths=(34, 90))
    for label, text in formats.versions(statement, zone_rules):
        _row(sheet, [label, text])
    for number, step in enumerate(statement.order, 1):
        _row(sheet, [Text(f"{HEADINGS['order'].zh} {number}", f"{HEADINGS['order'].en} {number}"), step])


def _head(sheet: Worksheet, names: Sequence[str | Text], widths: Sequence[int]) -> None:
    """A header row that stays in sight; a name is a label's, ``code:中文/English``, or a text."""
    _row(sheet, [_label(name) for name in names], bold=True)
    for cell in sheet[sheet.max_row]:
        cell.border = RULE
    for place, column_width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = column_width
    sheet.freeze_panes = f"A{sheet.max_row + 1}"


def _label(name: str | Text) -> Text:
    if isinstance(name, Text):
        return name
    zh, slash, en = name.partition(":")[2].partition("/")
    return Text(zh, en) if slash else LABELS[name]


def _fit_rows(sheet: Worksheet) -> None:
    """Heights by hand: not every program finds them for wrapped text when it opens the file."""
    widths = [sheet.column_dimensions[get_column_letter(place)].width for place in range(1, sheet.max_column + 1)]
    merged = {(part.min_row, part.min_col): part.max_col for part in sheet.merged_cells.ranges}
    for number, row in enumerate(sheet.iter_rows(), 1):
        most = max(
            _lines_of(cell.value, sum(widths[place - 1 : merged.get((number, place), place)]))
            for place, cell in enumerate(row, 1)
        )
        sheet.row_dimensions[number].height = LINE_POINTS * min(most, MOST_LINES)


def _lines_of(value: Any, width: float) -> int:
    """How many lines a cell takes; a Chinese character is as wide as two of the digits that widths are counted in."""
    if not isinstance(value, str):
        return 1
    spare = max(width - 3, 1)
    parts = (sum(2 if east_asian_width(sign) in "WF" else 1 for sign in part) for part in value.split("\n"))
    return sum(max(1, ceil(part / spare)) for part in parts)


def _row(sheet: Worksheet, values: Sequence[Cell], *, bold: bool = False) -> None:
    number = sheet.max_row + 1 if sheet._cells else 1
    for place, value in enumerate(values, 1):
        if value is not None and value != "":
            _write(sheet.cell(number, place), value, bold=bold)


def _write(cell: Any, value: Cell, *, bold: bool) -> None:
    if isinstance(value, (Decimal, int)) and -EXACT < value < EXACT:
        cell.value, cell.number_format = value, _number_format(value)
    else:
        text = CONTROL.sub("", _both(value) if isinstance(value, Text) else str(value))[:LONGEST]
        cell.value, cell.data_type = text, "s"  # openpyxl takes a leading "=" for a formula
        cell.quotePrefix = text[:1] in tuple("=+-@")
    beside_a_number = cell.data_type == "s" and cell.column > 1
    cell.alignment = Alignment(
        wrap_text=True, vertical="top", horizontal="left" if beside_a_number else None, indent=int(beside_a_number)
    )
    if bold:
        cell.font = BOLD


def _number_format(value: Decimal | int) -> str:
    """As many decimals as the value has, thousands commas, a true minus."""
    places = len(f"{value:f}".partition(".")[2]) if isinstance(value, Decimal) else 0
    digits = f"#,##0.{'0' * places}" if places else "#,##0"
    return f"{digits};{formats.MINUS}{digits}"


def _both(text: Text) -> str:
    return text.zh if text.zh == text.en else f"{text.zh}\n{text.en}"


def _without_clock(data: bytes) -> bytes:
    """The workbook with fixed times: a file does not say when it was written, so equal statements are equal bytes."""
    out = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            part = old.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", part)
            info = ZipInfo(name, EPOCH.timetuple()[:6])
            info.compress_type = ZIP_DEFLATED
            new.writestr(info, part)
    return out.getvalue()
