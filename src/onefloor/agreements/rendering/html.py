"""The statement as one HTML file: both languages, no script, nothing fetched; readable on paper and on a phone."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from importlib import resources
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup, escape

from onefloor.agreements.adjustments import Adjustment, payable
from onefloor.agreements.rendering import formats
from onefloor.agreements.rendering.conditions import condition_words
from onefloor.agreements.rendering.waterfall import waterfall
from onefloor.agreements.rendering.words import (
    CURRENCIES,
    HEADINGS,
    KINDS,
    LABELS,
    MEASURED,
    OUTCOMES,
    PARTIES,
    ROLES,
    STATE_NOTES,
    STATES,
    WAITING,
    word,
)
from onefloor.agreements.statement import LeftOut, Line, LineFigure, Statement, Step
from onefloor.language import Language, Text, joined, same

RowPages = Mapping[tuple[int, int], str]
"""Where the rows of a figure are listed: ``(line number, place of the figure in it)`` to a relative address."""


def statement_html(
    statement: Statement,
    *,
    language: Language = "zh",
    rows: RowPages | None = None,
    zone_rules: str = "",
    adjustments: Sequence[Adjustment] = (),
) -> str:
    """The statement as one self-contained page.

    Args:
        statement: what to show.
        language: the language it opens in; the reader can switch, without a script.
        rows: addresses of the pages with a figure's rows, if they were written.
        zone_rules: version of the time zone rules, for the footer.
        adjustments: what is booked beside the lines.
    """
    booked = {"booked": booked_rows(statement, adjustments)}
    return page("statement.html.j2", language, {**_statement(statement, rows or {}, zone_rules), **booked})


def page(template: str, language: Language, values: Mapping[str, Any]) -> str:
    """A template of this package filled in, with the common style and its hash for the content security policy."""
    style = _resource("statement.css")
    digest = b64encode(sha256(style.encode("utf-8")).digest()).decode("ascii")
    common = {"style": Markup(style), "style_digest": Markup(digest), "language": language}
    labels = {**LABELS, "net": HEADINGS["net"]}
    return _template(template).render({**common, "L": labels, "H": HEADINGS, **values})


def in_both_languages(text: Text) -> Markup:
    """A text twice, each marked with its language; once if both are the same.

    >>> print(in_both_languages(Text("净额", "Net")))
    <span lang="zh-Hans">净额</span><span lang="en">Net</span>
    """
    if text.zh == text.en:
        return escape(text.zh)
    return Markup('<span lang="zh-Hans">{}</span><span lang="en">{}</span>').format(text.zh, text.en)


@lru_cache
def _template(name: str) -> Template:
    return _environment().from_string(_resource(name))


@lru_cache
def _environment() -> Environment:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=False, lstrip_blocks=True)
    environment.filters["t"] = in_both_languages
    return environment


@lru_cache
def _resource(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def _statement(statement: Statement, rows: RowPages, zone_rules: str) -> dict[str, Any]:
    code, state_word, note = formats.state(statement)
    drawn = waterfall(statement)
    currency = word(CURRENCIES, statement.currency)
    return {
        "title": statement_title(statement),
        "state": {"code": code, "word": state_word, "note": note},
        "shadow": {"word": STATES["shadow"], "note": STATE_NOTES["shadow"]} if statement.shadow else None,
        "stamp": stamp(statement),
        "net": formats.money(statement.net, statement.currency),
        "net_number": formats.number(statement.net),
        "facts": summary(statement),
        "bars": [{**_fields(bar), "shown": formats.signed(bar.amount)} for bar in drawn.bars],
        "zero": drawn.zero,
        "waterfall_words": waterfall_words(statement),
        "unit": Text(f"（{currency.zh}）", f" ({currency.en})"),
        "lines": [_line(line, statement.timezone, rows) for line in statement.lines],
        "totals": [(word(KINDS, name), formats.number(amount)) for name, amount in statement.totals],
        "left_out": [_left_out(item, statement.timezone) for item in statement.left_out],
        "order": statement.order,
        "versions": formats.versions(statement, zone_rules),
        "provisional": STATES["provisional"],
        "space": same(" "),
        "colon": Text("：", ": "),
    }


def statement_title(statement: Statement) -> Text:
    """``North 2026 年 10 月对账单``."""
    month, head = formats.month(statement), HEADINGS["shadow" if statement.shadow else "statement"]
    return Text(f"{statement.company} {month.zh}{head.zh}", f"{head.en} for {statement.company}, {month.en}")


def stamp(statement: Statement) -> Text | None:
    """The word across the pages of a statement that nobody should pay from."""
    if statement.shadow:
        return Text("影子对账单", "Shadow")
    return STATES["provisional"] if statement.provisional else None


def summary(statement: Statement) -> list[tuple[Text, Text]]:
    """Between whom, under what, for when."""
    through = formats.moment(statement.facts_through_ms, statement.timezone) if statement.facts_through_ms > 0 else "—"
    return [
        (PARTIES["client"], same(statement.client)),
        (MEASURED if statement.shadow else PARTIES["company"], same(statement.company)),
        (Text("协议", "Agreement"), statement.title if statement.title.zh else same(statement.agreement)),
        (Text("账期", "Period"), formats.month(statement)),
        (Text("数据截至", "Facts through"), same(f"{through} {statement.timezone}")),
        (Text("签发时待办方", "Waiting for, when issued"), waiting(statement)),
    ]


def waiting(statement: Statement) -> Text:
    """Whose turn it is when the statement is issued; what is missing as long as it is provisional."""
    if not statement.provisional:
        return WAITING["shadow" if statement.shadow else "final"]
    open_lines = [line.title for line in statement.lines if any(figure.figure.provisional for figure in line.figures)]
    missing = joined(dict.fromkeys(open_lines)) if open_lines else Text("本账期", "the month")
    return Text(f"待“{missing.zh}”的数据齐备后重新结算", f"Further facts on: {missing.en}; then settle again")


def waterfall_words(statement: Statement) -> Text:
    """The chart as one sentence."""
    plus = sum((line.amount for line in statement.lines if line.amount > 0), start=Decimal(0))
    minus = sum((line.amount for line in statement.lines if line.amount < 0), start=Decimal(0))
    zh, en = word(CURRENCIES, statement.currency).zh, word(CURRENCIES, statement.currency).en
    parts = [formats.number(value) for value in (plus, -minus, statement.net)]
    return Text(
        f"应付 {parts[0]}，减去 {parts[1]}，净额 {parts[2]} {zh}。",
        f"{parts[0]} owed, less {parts[1]}: net {parts[2]} {en}.",
    )


def approvals(item: LeftOut) -> Text:
    """Who agreed to leave rows out, and when."""
    if not item.approvals:
        return LABELS["by_terms"] if item.applied else same("—")
    zh = "；".join(f"{word(PARTIES, party).zh} {date}" for party, date in item.approvals)
    return Text(zh, "; ".join(f"{word(PARTIES, party).en} {date}" for party, date in item.approvals))


def _left_out(item: LeftOut, timezone: str) -> dict[str, Any]:
    return {
        "reason": item.reason,
        "predicate": condition_words(item.predicate, timezone),
        "rows": formats.number(item.rows),
        "clauses": ", ".join(item.clauses),
        "approvals": approvals(item),
        "state": LABELS["applied" if item.applied else "not_applied"],
    }


def _line(line: Line, timezone: str, rows: RowPages) -> dict[str, Any]:
    return {
        "number": line.number,
        "clause": line.clause,
        "title": line.title,
        "words": line.words,
        "clause_text": clause_text(line),
        "band": line.band,
        "outcome": word(OUTCOMES, line.outcome),
        "amount": formats.number(line.amount),
        "shown_figures": [formats.figure_with_sample(figure) for figure in main_figures(line)],
        "steps": [_step(step) for step in line.steps],
        "figures": [
            _figure(figure, timezone, rows.get((line.number, place))) for place, figure in enumerate(line.figures)
        ],
    }


def clause_text(line: Line) -> Text | None:
    """The text of the line's clause; None for a line that belongs to no clause and only repeats its words."""
    return None if not line.clause and line.clause_text == line.words else line.clause_text


def main_figures(line: Line) -> tuple[LineFigure, ...]:
    """The figures shown on the line itself: those that were assessed, else the first."""
    return tuple(figure for figure in line.figures if figure.role == "assessed") or line.figures[:1]


def booked_rows(statement: Statement, adjustments: Sequence[Adjustment]) -> list[tuple[Text, Text | None, str]]:
    """What is booked beside the lines, from the net to what is payable: title, reason, amount; [] without."""
    if not adjustments:
        return []
    rows = [(one.title, one.reason, formats.number(one.amount)) for one in adjustments]
    owed = formats.number(payable(statement, adjustments))
    return [(HEADINGS["net"], None, formats.number(statement.net)), *rows, (HEADINGS["payable"], None, owed)]


def _step(step: Step) -> dict[str, Any]:
    amount = "" if step.amount is None else formats.number(step.amount)
    return {"text": step.text, "formula": minus_signs(step.formula), "amount": amount}


def minus_signs(formula: str) -> str:
    """A formula with typographic signs: ``x`` between spaces becomes ``×``, a minus before a digit ``−``.

    >>> minus_signs("27,708.00 x 30% = -8,312.40")
    '27,708.00 × 30% = −8,312.40'
    """
    text = formula.replace(" x ", " × ").replace(" * ", " × ").replace(" - ", f" {formats.MINUS} ")
    return "".join(
        formats.MINUS if sign == "-" and before in " (=" and after.isdigit() else sign
        for before, sign, after in zip(" " + text, text, text[1:] + " ", strict=False)
    )


def _figure(figure: LineFigure, timezone: str, address: str | None) -> dict[str, Any]:
    return {
        "title": figure.title,
        "shown": formats.figure_with_sample(figure),
        "atoms": formats.atoms(figure),
        "role": word(ROLES, figure.role),
        "provisional": figure.figure.provisional,
        "scope": formats.scope_words(figure),
        "metric": figure.question.metric,
        "version": figure.version,
        "without": [condition_words(text, timezone) for text in figure.question.without],
        "rows": address,
    }


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}
