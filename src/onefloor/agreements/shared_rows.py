"""The rows behind a statement that its company may see, with names as text.

Of every table that a question reads: rows of the company itself, and, where a question counts them, rows that are
nobody's (``company`` is empty), without the agent, team, site, form of employment and tenure that they may carry. A
row of another company never gets here, whatever a question's scope says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_
from typing import Final

import polars as pl
import pyarrow as pa

from onefloor.findings import Question
from onefloor.language import Text
from onefloor.metrics.catalogue import metric
from onefloor.metrics.expressions import to_polars
from onefloor.metrics.prepared import FIXED, Prepared
from onefloor.metrics.tables import MEASURING, NAMED
from onefloor.periods import Month
from onefloor.problems import Problem

NOBODY: Final = 0
PERSONAL: Final = ("agent", "employment", "site", "team", "tenure")
TEXTUAL: Final = frozenset({*NAMED, "duty", *FIXED})


class ForeignScope(Problem):
    """A question reaches beyond the rows that the company may see."""

    def __init__(self, question: Question, company: str) -> None:
        super().__init__(
            Text(
                f"指标 {question.metric} 的范围超出了 {company} 可见的数据。",
                f"{question.metric} looks at rows that {company} may not see.",
            ),
            remedy=Text(f"请把该条款的范围限定为 {company}。", f"Limit the clause's scope to {company}."),
        )


def schema_of(table: str) -> pa.Schema:
    """The columns of a rows file: those of the measuring table, names as text."""
    return pa.schema(
        [pa.field(field.name, pa.string() if field.name in TEXTUAL else field.type) for field in MEASURING[table]]
    )


def months_of(question: Question) -> list[Month]:
    """The months a question covers."""
    span = (question.last.year - question.first.year) * 12 + question.last.month - question.first.month
    return [question.first.shifted(by) for by in range(span + 1)]


def questions_by_file(questions: Iterable[Question]) -> dict[tuple[str, Month], list[Question]]:
    """Which questions read which month of which measuring table, in order of table and month."""
    found: dict[tuple[str, Month], list[Question]] = {}
    for question in questions:
        for table in metric(question.metric).tables:
            for month in months_of(question):
                found.setdefault((table, month), []).append(question)
    return dict(sorted(found.items(), key=lambda item: (item[0][0], item[0][1].id)))


def refuse_foreign(questions: Iterable[Question], company: str) -> None:
    """Refuse questions that look beyond the rows of one company.

    Raises:
        ForeignScope: a question asks for rows of another company or of all.
    """
    for question in questions:
        if question.scope.company != company:
            raise ForeignScope(question, company)


def shared_rows(
    prepared: Prepared, table: str, month: Month, questions: Iterable[Question], company: str
) -> pl.DataFrame | None:
    """One month of a table: the rows that some question counts and ``company`` may see, by time and row id.

    None if the table has no rows in that month.
    """
    files = prepared.paths(table, [month])
    if not files:
        return None
    visible = pl.col("company").is_in([prepared.names.id("company", company), NOBODY])
    asked = {question.scope.predicate() for question in questions}
    counted = reduce(or_, (to_polars(text, prepared.names.id) for text in sorted(asked)))
    rows = pl.scan_parquet(files, hive_partitioning=False).filter(visible & counted)
    return decoded(rows, table, {name: prepared.names.of(name) for name in TEXTUAL})


def decoded(rows: pl.LazyFrame, table: str, names: Mapping[str, Mapping[int, str]]) -> pl.DataFrame:
    """Rows with ids as names, nobody's rows without persons, sorted."""
    schema = MEASURING[table]
    texts = [_name(field.name, names.get(field.name, {})) for field in schema if field.name in TEXTUAL]
    nobodys = pl.col("company") == ""
    hidden = [pl.when(nobodys).then(pl.lit("")).otherwise(pl.col(name)).alias(name) for name in PERSONAL]
    shown = rows.select(schema.names).with_columns(texts).with_columns(hidden)
    return shown.sort("start_ms", "row_id", *PERSONAL).collect()


def _name(column: str, names: Mapping[int, str]) -> pl.Expr:
    known = {number: name for name, number in FIXED[column].items()} if column in FIXED else {0: "", **names}
    return (
        pl.col(column)
        .cast(pl.Int64)
        .replace_strict(list(known), list(known.values()), default=None, return_dtype=pl.String)
    )
