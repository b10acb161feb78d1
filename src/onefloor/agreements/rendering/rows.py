"""The rows behind a figure, as a page beside the statement. They come from the bundle: what its company may see."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from onefloor.agreements.rendering import formats
from onefloor.agreements.rendering.html import page
from onefloor.agreements.rendering.words import COLUMNS
from onefloor.agreements.statement import LineFigure, Statement
from onefloor.findings import Question
from onefloor.language import Language, Text, same
from onefloor.metrics.expressions import neither, to_polars
from onefloor.metrics.metric import Atom, Quantile
from onefloor.metrics.questions import narrowed
from onefloor.metrics.tables import NAMED, TIMED, TITLES

MOST_ROWS: Final = 200  # of each side; the bundle has them all
COUNTED: Final = Text("所计的行", "Rows counted")
SIDES: Final = (Text("计入分子", "In the numerator"), Text("只计入分母", "In the denominator only"))
OWN_TIME: Final = ("start_ms", "row_id")
HIDDEN: Final = frozenset({
    *TIMED, "customer", "end_ms", "employment", "site", "tenure", "inbound", "first", "offered", "sale_eligible",
    "nth_ppm", "interval_ppm", "nth_in_month", "rings_unanswered",
})  # fmt: skip
Frames = Mapping[str, pl.LazyFrame]


@dataclass(frozen=True, slots=True)
class RowPage:
    """A page with the rows of one question, and the places of the statement that show its figure."""

    name: str
    html: str
    figures: tuple[tuple[int, int], ...]


def row_pages(statement: Statement, frames: Frames, *, language: Language = "zh") -> list[RowPage]:
    """One page for each question behind the statement's figures, in their order.

    Args:
        statement: whose figures.
        frames: the rows of the bundle by measuring table, names as text.
        language: the language the pages open in.
    """
    shown: dict[Question, list[tuple[int, int]]] = {}
    figures: dict[Question, LineFigure] = {}
    for line in statement.lines:
        for place, figure in enumerate(line.figures):
            shown.setdefault(figure.question, []).append((line.number, place))
            figures.setdefault(figure.question, figure)
    return [
        RowPage(f"figure-{number:02d}.html", _page(statement, figures[question], frames, language), tuple(places))
        for number, (question, places) in enumerate(shown.items(), 1)
    ]


def _page(statement: Statement, figure: LineFigure, frames: Frames, language: Language) -> str:
    metric, shown = narrowed(figure.question), formats.figure_with_sample(figure)
    within = pl.col("month").is_between(figure.question.first.id, figure.question.last.id)
    asked = {table: rows.filter(within) for table, rows in frames.items()}
    titles = SIDES if metric.denominator else (COUNTED,)
    sides = [
        _side(asked, atom, title, statement.timezone)
        for atom, title in zip(_sides(metric.numerator, metric.denominator), titles, strict=False)
    ]
    values = {
        "title": Text(f"{figure.title.zh}：{shown.zh}", f"{figure.title.en}: {shown.en}"),
        "scope": formats.scope_words(figure),
        "back": Text("返回对账单", "Back to the statement"),
        "more": Text(
            "全部明细行在证据包的 bundle/rows/ 中；甲方也可运行：",
            "All rows are in the bundle, bundle/rows/; the client can also run:",
        ),
        "command": command(figure.question),
        "sides": sides,
    }
    return page("rows.html.j2", language, values)


def command(question: Question) -> str:
    """The command that lists the same rows from the floor itself, with their source lines."""
    scope = question.scope
    where = [f"company={scope.company}"] if scope.company and not scope.unassigned else []
    where += [f"{dimension}={','.join(names)}" for dimension, names in scope.where]
    months = str(question.first) if question.first == question.last else f"{question.first}..{question.last}"
    filters = [part for text in where for part in ("--where", text)]
    return shlex.join(
        ["onefloor", "rows", "FLOOR", question.metric, "--side", "denominator", *filters, "--month", months]
    )


def _sides(numerator: Atom | Quantile, denominator: Atom | None) -> list[Atom | Quantile]:
    """The rows of the numerator, and those that are in the denominator alone if both count the same table."""
    if denominator is None:
        return [numerator]
    if denominator.table != numerator.table or (isinstance(numerator, Atom) and numerator.sum is not None):
        return [numerator, denominator]
    return [numerator, denominator.narrowed(neither(numerator.where))]


def _side(frames: Frames, atom: Atom | Quantile, title: Text, timezone: str) -> dict[str, Any]:
    rows = frames.get(atom.table)
    if rows is None:
        return {"title": title, "words": Text("没有明细行。", "There are no rows."), "columns": [], "rows": []}
    found = rows.filter(to_polars(atom.where))
    count = found.select(pl.len()).collect().item()
    first = found.sort(*OWN_TIME).head(MOST_ROWS).collect()
    order = ["start_ms", *(name for name in first.columns if name not in OWN_TIME), "row_id"]
    columns = [name for name in order if name not in HIDDEN and _says_something(first[name])]
    return {
        "title": title,
        "words": _words(count),
        "columns": [_title(name) for name in columns],
        "rows": [[_cell(name, row[name], timezone) for name in columns] for row in first.iter_rows(named=True)],
    }


def _words(count: int) -> Text:
    if count > MOST_ROWS:
        return Text(
            f"共 {formats.number(count)} 行，以下为前 {MOST_ROWS} 行。",
            f"{formats.number(count)} rows; the first {MOST_ROWS} are below.",
        )
    return Text(f"共 {formats.number(count)} 行。", f"{formats.number(count)} rows.")


def _says_something(column: pl.Series) -> bool:
    """Whether a column holds more than nothing in all rows."""
    if column.name in OWN_TIME:
        return True
    values = column.drop_nulls().unique()
    return any(value not in ("", 0, False) for value in values.head(3))


def _title(name: str) -> Text:
    return TITLES[name] if name in NAMED else COLUMNS.get(name, same(name.removesuffix("_ms")))


def _cell(name: str, value: Any, timezone: str) -> str:
    if name == "start_ms":
        return formats.moment(value, timezone)
    if isinstance(value, bool) or value is None:
        return {True: "✓", False: "", None: "—"}[value]
    return formats.duration(value) if name.endswith("_ms") else str(value)


def links(pages: list[RowPage]) -> dict[tuple[int, int], str]:
    """Where each figure of a statement finds its rows."""
    return {place: f"rows/{found.name}" for found in pages for place in found.figures}
