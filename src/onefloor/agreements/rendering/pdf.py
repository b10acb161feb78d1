"""The statement as a PDF on A4, in one language. The same statement gives the same bytes on the same machine."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, partial
from io import BytesIO
from typing import Any

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    Indenter,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from onefloor.agreements.adjustments import Adjustment
from onefloor.agreements.rendering import fonts, formats
from onefloor.agreements.rendering.conditions import condition_words
from onefloor.agreements.rendering.html import (
    approvals,
    booked_rows,
    clause_text,
    main_figures,
    minus_signs,
    stamp,
    statement_title,
    summary,
    waterfall_words,
)
from onefloor.agreements.rendering.waterfall import Bar, Waterfall, waterfall
from onefloor.agreements.rendering.words import (
    CURRENCIES,
    HEADINGS,
    KINDS,
    LABELS,
    OUTCOMES,
    ROLES,
    STATE_NOTES,
    STATES,
    word,
)
from onefloor.agreements.statement import Line, LineFigure, Statement
from onefloor.language import Language, Text, joined, same

MARGIN = 16 * mm
WIDTH = A4[0] - 2 * MARGIN
INK, SOFT, RULE, STAMP = HexColor("#1a1d21"), HexColor("#565d66"), HexColor("#c4c9cf"), HexColor("#ececec")
PLUS, MINUS = HexColor("#1f5fbf"), HexColor("#3c444d")
Content = list[Any]


def statement_pdf(
    statement: Statement, *, language: Language = "zh", zone_rules: str = "", adjustments: Sequence[Adjustment] = ()
) -> bytes:
    """The statement as the bytes of a PDF.

    Args:
        statement: what to show.
        language: of all texts.
        zone_rules: version of the time zone rules, for the list of versions.
        adjustments: what is booked beside the lines.
    """
    sheet = _Sheet(language)
    out = BytesIO()
    title = statement_title(statement).to(language)
    document = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=15 * mm, bottomMargin=20 * mm,
        title=fonts.printable(title), author=fonts.printable(statement.client), lang=_tag(language), invariant=1,
    )  # fmt: skip
    document.build(
        _content(statement, sheet, zone_rules, adjustments),
        canvasmaker=partial(_NumberedCanvas, decorate=partial(_decorate, statement, sheet)),
    )
    return out.getvalue()


class _Sheet:
    """Styles and texts in one language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self.chinese = _registered()

    def text(self, text: Text) -> str:
        return text.to(self.language)

    def paragraph(
        self, text: Text | str, size: float = 9, *, bold: bool = False, right: bool = False, soft: bool = False
    ) -> Paragraph:
        shown = self.text(text) if isinstance(text, Text) else text
        style = ParagraphStyle(
            "text", fontName=fonts.LATIN_BOLD if bold else fonts.LATIN, fontSize=size, leading=size * 1.5,
            textColor=SOFT if soft else INK, alignment=TA_RIGHT if right else TA_LEFT,
            wordWrap="CJK" if self.language == "zh" and not right else None, splitLongWords=1,
        )  # fmt: skip
        return Paragraph(fonts.marked(shown, self.chinese, bold=bold), style)

    def heading(self, name: str) -> Content:
        return [
            CondPageBreak(30 * mm),
            Spacer(1, 5 * mm),
            self.paragraph(HEADINGS[name], 12, bold=True),
            Spacer(1, 1.5 * mm),
        ]


@lru_cache
def _registered() -> str:
    fonts.register_latin()
    return fonts.chinese_font(fonts.font_files(fonts.font_folders()))


def _tag(language: Language) -> str:
    return "zh-Hans" if language == "zh" else "en"


def _content(statement: Statement, sheet: _Sheet, zone_rules: str, adjustments: Sequence[Adjustment]) -> Content:
    return [
        *_head(statement, sheet),
        *sheet.heading("waterfall"),
        sheet.paragraph(waterfall_words(statement)),
        Spacer(1, 2 * mm),
        *(_BarRow(bar, waterfall(statement), sheet) for bar in waterfall(statement).bars),
        *sheet.heading("lines"),
        *_lines(statement, sheet),
        *sheet.heading("totals"),
        _pairs([(word(KINDS, name), formats.number(amount)) for name, amount in statement.totals], sheet, right=True),
        *_booked(statement, adjustments, sheet),
        *sheet.heading("left_out"),
        *_left_out(statement, sheet),
        *_order(statement, sheet),
        *sheet.heading("versions"),
        _pairs(formats.versions(statement, zone_rules), sheet),
    ]


def _booked(statement: Statement, adjustments: Sequence[Adjustment], sheet: _Sheet) -> Content:
    """From the net to what is payable, where something is booked beside the lines."""
    rows = booked_rows(statement, adjustments)
    if not rows:
        return []
    told = [
        (Text(f"{title.zh}。{reason.zh}", f"{title.en}. {reason.en}") if reason else title, amount)
        for title, reason, amount in rows
    ]
    return [*sheet.heading("adjustments"), _pairs(told, sheet, right=True)]


def _head(statement: Statement, sheet: _Sheet) -> Content:
    _, state, note = formats.state(statement)
    notes = [Text(f"{state.zh}：{note.zh}", f"{state.en}. {note.en}")]
    if statement.shadow:
        notes.append(
            Text(
                f"{STATES['shadow'].zh}：{STATE_NOTES['shadow'].zh}",
                f"{STATES['shadow'].en}. {STATE_NOTES['shadow'].en}",
            )
        )
    net = formats.money(statement.net, statement.currency)
    return [
        sheet.paragraph(statement_title(statement), 16, bold=True),
        *(sheet.paragraph(text) for text in notes),
        Spacer(1, 2 * mm),
        sheet.paragraph(Text(f"{HEADINGS['net'].zh} {net.zh}", f"{HEADINGS['net'].en} {net.en}"), 20, bold=True),
        Spacer(1, 4 * mm),
        _pairs(summary(statement), sheet),
    ]


def _pairs(pairs: list[tuple[Text, Any]], sheet: _Sheet, *, right: bool = False) -> Table:
    rows = [[sheet.paragraph(label, 8.5, soft=True), sheet.paragraph(value, right=right)] for label, value in pairs]
    widths = (WIDTH * 0.7, WIDTH * 0.3) if right else (38 * mm, WIDTH - 38 * mm)
    return _table(rows, widths, head=False)


def _table(rows: list[list[Any]], widths: tuple[float, ...], *, head: bool = True, rule: str = "LINEBELOW") -> Table:
    """Rows with thin rules; a row that is taller than a page breaks."""
    style = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 3), ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 2), ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        (rule, (0, 0), (-1, -1), 0.4, RULE),
        *([("LINEBELOW", (0, 0), (-1, 0), 1, INK)] if head else []),
    ]  # fmt: skip
    return Table(
        rows, colWidths=widths, repeatRows=int(head), style=TableStyle(style), hAlign="LEFT", splitInRow=1, spaceAfter=0
    )


LINE_WIDTHS = (9 * mm, WIDTH - 101 * mm, 38 * mm, 30 * mm, 24 * mm)


def _lines(statement: Statement, sheet: _Sheet) -> Content:
    """Every line as one row, and below it its words and details as text that pages can break."""
    currency = word(CURRENCIES, statement.currency)
    amount = Text(f"{LABELS['amount'].zh}（{currency.zh}）", f"{LABELS['amount'].en} ({currency.en})")
    heads = [LABELS["number"], LABELS["words"], LABELS["figure"], amount, LABELS["outcome"]]
    found: Content = [
        _table(
            [[sheet.paragraph(text, 8, soft=True, right=place in (2, 3)) for place, text in enumerate(heads)]],
            LINE_WIDTHS,
        )
    ]
    for line in statement.lines:
        found += [
            CondPageBreak(20 * mm),
            _table([_line(line, sheet)], LINE_WIDTHS, head=False, rule="LINEABOVE"),
            Indenter(left=LINE_WIDTHS[0] + 3),
            sheet.paragraph(line.words),
            *_details(line, statement.timezone, sheet),
            Indenter(left=-LINE_WIDTHS[0] - 3),
            Spacer(1, 2 * mm),
        ]
    net = sheet.paragraph(formats.number(statement.net), bold=True, right=True)
    last = ["", sheet.paragraph(HEADINGS["net"], bold=True), "", net, ""]
    return [*found, _table([last], LINE_WIDTHS, head=False, rule="LINEABOVE")]


def _line(line: Line, sheet: _Sheet) -> list[Any]:
    figures = [sheet.paragraph(formats.figure_with_sample(figure), right=True) for figure in main_figures(line)]
    return [
        sheet.paragraph(str(line.number)),
        sheet.paragraph(line.title, bold=True),
        figures or "",
        sheet.paragraph(formats.number(line.amount), right=True),
        sheet.paragraph(word(OUTCOMES, line.outcome)),
    ]


def _details(line: Line, timezone: str, sheet: _Sheet) -> Content:
    """What stands below a line: the clause, the band, each step, each figure; one row each, so that pages can turn."""
    found: Content = []
    if clause := clause_text(line):
        label, number = LABELS["clause_text"], f" {line.clause}" if line.clause else ""
        text = Text(f"{label.zh}{number}：{clause.zh}", f"{label.en}{number}: {clause.en}")
        found.append(sheet.paragraph(text, 8, soft=True))
    if line.band:
        band = LABELS["band"]
        found.append(sheet.paragraph(Text(f"{band.zh}：{line.band.zh}", f"{band.en}: {line.band.en}"), 8))
    for step in line.steps:
        formula = minus_signs(step.formula)
        shown = formula if step.amount is None or "=" in formula else f"{formula} = {formats.number(step.amount)}"
        found.append(sheet.paragraph(Text(f"{step.text.zh}：{shown}", f"{step.text.en}: {shown}"), 8))
    found += [sheet.paragraph(_figure(figure, timezone), 7.5, soft=True) for figure in line.figures]
    return found


def _figure(figure: LineFigure, timezone: str) -> Text:
    shown, scope, role = formats.figure_with_sample(figure), formats.scope_words(figure), word(ROLES, figure.role)
    _, counted = formats.atoms(figure)
    atoms = f" = {counted}" if " / " in counted else ""
    metric = f"{figure.question.metric} v{figure.version}"
    left = same("")
    if figure.question.without:
        without = joined((condition_words(text, timezone) for text in figure.question.without), zh="；", en="; ")
        left = Text(f"；{LABELS['without'].zh}：{without.zh}", f"; {LABELS['without'].en.lower()}: {without.en}")
    return Text(
        f"{figure.title.zh} {shown.zh}{atoms}，{role.zh}；{scope.zh}；{metric}{left.zh}",
        f"{figure.title.en} {shown.en}{atoms}, {role.en}; {scope.en}; {metric}{left.en}",
    )


def _left_out(statement: Statement, sheet: _Sheet) -> Content:
    if not statement.left_out:
        return [sheet.paragraph(LABELS["nothing_left_out"])]
    heads = [LABELS["reason"], LABELS["rows"], LABELS["clauses"], LABELS["approvals"], LABELS["state"]]
    rows: list[list[Any]] = [
        [sheet.paragraph(text, 8, soft=True, right=place == 1) for place, text in enumerate(heads)]
    ]
    for item in statement.left_out:
        condition = condition_words(item.predicate, statement.timezone)
        state = LABELS["applied" if item.applied else "not_applied"]
        rows.append(
            [
                [sheet.paragraph(item.reason), sheet.paragraph(condition, 7.5, soft=True)],
                sheet.paragraph(formats.number(item.rows), right=True),
                sheet.paragraph(", ".join(item.clauses)),
                sheet.paragraph(approvals(item)),
                sheet.paragraph(state),
            ]
        )
    return [_table(rows, (WIDTH - 108 * mm, 18 * mm, 22 * mm, 38 * mm, 30 * mm))]


def _order(statement: Statement, sheet: _Sheet) -> Content:
    if not statement.order:
        return []
    steps = [
        sheet.paragraph(Text(f"{number}. {step.zh}", f"{number}. {step.en}"))
        for number, step in enumerate(statement.order, 1)
    ]
    return [*sheet.heading("order"), *steps]


class _BarRow(Flowable):  # type: ignore[misc]  # reportlab has no types
    """One row of the waterfall: title, bar, amount. The title wraps; minus is hatched."""

    def __init__(self, bar: Bar, whole: Waterfall, sheet: _Sheet) -> None:
        super().__init__()
        self.bar, self.zero, self.sheet = bar, whole.zero, sheet
        title = same(f"{bar.number}. {sheet.text(bar.title)}") if bar.number else bar.title
        self.title = sheet.paragraph(title, 8.5, bold=bar.number is None)

    def wrap(self, available_width: float, _available_height: float) -> tuple[float, float]:
        self.width = available_width
        _, needed = self.title.wrap(self.width * 0.3, 1000)
        self.height = max(needed + 2, 15)
        return self.width, self.height

    def draw(self) -> None:
        canvas: Canvas = self.canv
        self.title.drawOn(canvas, 0, (self.height - self.title.height) / 2)
        left, span, middle = self.width * 0.32, self.width * 0.48, self.height / 2
        start, length = left + span * float(self.bar.left) / 100, max(span * float(self.bar.width) / 100, 0.5)
        canvas.setStrokeColor(SOFT)
        canvas.setLineWidth(0.5)
        canvas.line(left + span * float(self.zero) / 100, 0, left + span * float(self.zero) / 100, self.height)
        if self.bar.direction == "minus":
            _hatched(canvas, start, middle - 4.5, length, 9)
        else:
            canvas.setFillColor(PLUS if self.bar.direction == "plus" else INK)
            canvas.rect(start, middle - 4.5, length, 9, stroke=0, fill=1)
        amount = formats.signed(self.bar.amount)
        canvas.setFillColor(INK)
        _draw(canvas, amount, self.width - fonts.width(amount, 9, self.sheet.chinese), middle - 3, 9, self.sheet)


def _hatched(canvas: Canvas, left: float, bottom: float, length: float, height: float) -> None:
    canvas.saveState()
    canvas.setStrokeColor(MINUS)
    canvas.setLineWidth(0.8)
    outline = canvas.beginPath()
    outline.rect(left, bottom, length, height)
    canvas.clipPath(outline, stroke=1, fill=0)
    at = left - height
    while at < left + length:
        canvas.line(at, bottom, at + height, bottom + height)
        at += 3
    canvas.restoreState()


def _draw(canvas: Canvas, text: str, left: float, baseline: float, size: float, sheet: _Sheet) -> None:
    for font, part in fonts.runs(fonts.printable(text), sheet.chinese):
        canvas.setFont(font, size)
        canvas.drawString(left, baseline, part)
        left += canvas.stringWidth(part, font, size)


class _NumberedCanvas(Canvas):  # type: ignore[misc]  # reportlab has no types
    """A canvas that knows the number of pages before it draws the footers."""

    def __init__(self, *arguments: Any, decorate: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._decorate, self._pages = decorate, list[dict[str, Any]]()

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for place, page in enumerate(self._pages, 1):
            self.__dict__.update(page)
            self._decorate(self, place, len(self._pages))
            super().showPage()
        super().save()


def _decorate(statement: Statement, sheet: _Sheet, canvas: Canvas, page: int, pages: int) -> None:
    """Footer with versions and page number, and the stamp across the page."""
    canvas.saveState()
    canvas.setFillColor(SOFT)
    through = formats.moment(statement.facts_through_ms, statement.timezone) if statement.facts_through_ms > 0 else "—"
    versions = Text(
        f"{statement.agreement}，条款 {statement.terms_from} · 数据版本 {statement.data_version} · 数据截至 {through}",
        f"{statement.agreement}, terms {statement.terms_from} · data {statement.data_version} · through {through}",
    )
    _draw(canvas, sheet.text(versions), MARGIN + 6, 10 * mm, 7, sheet)
    number = sheet.text(LABELS["page"]).format(page=page, pages=pages)
    _draw(canvas, number, A4[0] - MARGIN - 6 - fonts.width(number, 7, sheet.chinese), 10 * mm, 7, sheet)
    if stamped := stamp(statement):
        _stamp(canvas, sheet.text(stamped), sheet)
    canvas.restoreState()


def _stamp(canvas: Canvas, text: str, sheet: _Sheet) -> None:
    """The word across the page, pale enough to read through."""
    size = min(150, 150 * 420 / fonts.width(text, 150, sheet.chinese))
    canvas.translate(A4[0] / 2, A4[1] / 2)
    canvas.rotate(35)
    canvas.setFillColor(Color(0, 0, 0, alpha=0.08))
    _draw(canvas, text, -fonts.width(text, size, sheet.chinese) / 2, -size / 3, size, sheet)
