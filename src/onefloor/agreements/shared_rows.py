"""The rows behind a statement that its company may see, with names as text.

Of every table that a question reads: rows of the company itself, and, where a question counts them, rows that are
nobody's (``company`` is empty), without the agent, team, site, form of employment, tenure and customer that they may
carry. A row of another company never gets here, whatever a question's scope says. What a forecast for a whole queue was
measured against is shown only where a question asks for it, because other companies' contacts are in it. Customers are
hashed once more with the company's name, so that two companies cannot find their common customers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_
from typing import Final

import polars as pl
import pyarrow as pa

from onefloor.facts.identity import stable_ids
from onefloor.findings import Question
from onefloor.language import Text
from onefloor.metrics.catalogue import metric
from onefloor.metrics.expressions import columns_of, to_polars
from onefloor.metrics.metric import Atom
from onefloor.metrics.prepared import FIXED, Prepared
from onefloor.metrics.tables import MEASURING, NAMED
from onefloor.periods import Month
from onefloor.problems import Problem

NOBODY: Final = 0
OF_ALL: Final = {"actual": 0, "missed_by": 0, "within_tenth": False}
"""What a forecast for a whole queue was measured against, which is of every company, and what stands there instead."""
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


class OtherQueues(Problem):
    """Terms count nobody's rows of queues in which the company never works."""

    def __init__(self, company: str, queues: Iterable[str], own: Iterable[str]) -> None:
        others, shared = ", ".join(sorted(queues)), ", ".join(sorted(own))
        super().__init__(
            Text(
                f"无归属话务中有 {company} 不参与的队列：{others}。",
                f"{company} does not work in these queues: {others}.",
            ),
            why=Text(
                "unassigned: true 会把这些队列的话务计入考核，并交给对方。",
                "unassigned: true would judge it by the contacts of these queues, and hand them over.",
            ),
            remedy=Text(f"请写 unassigned: [{shared}]。", f"Write unassigned: [{shared}]."),
        )


def refuse_other_queues(prepared: Prepared, questions: Iterable[Question], company: str) -> None:
    """Refuse to count nobody's rows of queues in which the company has not one contact in the months asked for.

    Raises:
        OtherQueues: names them, and those that can be meant.
    """
    everywhere = (
        q for q in questions if q.scope.unassigned and not q.scope.shared and "queue" not in dict(q.scope.where)
    )
    months = {month for question in everywhere for month in months_of(question)}
    files = prepared.paths("legs", months)
    if not files:
        return
    legs = (
        pl.scan_parquet(files, hive_partitioning=False).filter("offered").select("company", "queue").unique().collect()
    )
    names = prepared.names.of("queue")

    def queues_of(number: int) -> set[str]:
        return {names[queue] for queue in legs.filter(pl.col("company") == number)["queue"] if queue}

    nobodys, own = queues_of(NOBODY), queues_of(prepared.names.id("company", company))
    if others := nobodys - own:
        raise OtherQueues(company, others, nobodys & own)


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
    asked = list(questions)
    counted = reduce(or_, (to_polars(text, prepared.names.id) for text in sorted({q.scope.predicate() for q in asked})))
    rows = pl.scan_parquet(files, hive_partitioning=False).filter(visible & counted)
    hidden = OF_ALL if table == "forecasts" and not any(map(_asks_what_came, asked)) else {}
    shown = decoded(rows, table, {name: prepared.names.of(name) for name in TEXTUAL}, hidden)
    return customers_of(shown, company) if "customer" in shown.columns else shown


def decoded(
    rows: pl.LazyFrame, table: str, names: Mapping[str, Mapping[int, str]], hidden: Mapping[str, int]
) -> pl.DataFrame:
    """Rows with ids as names, nobody's rows without persons and without the numbers in ``hidden``, sorted."""
    schema = MEASURING[table]
    texts = [_name(field.name, names.get(field.name, {})) for field in schema if field.name in TEXTUAL]
    blank: dict[str, str | int] = {**dict.fromkeys(PERSONAL, ""), "customer": 0, **hidden}
    nobodys = pl.col("company") == ""
    without = [
        pl.when(nobodys).then(pl.lit(value)).otherwise(pl.col(name)).alias(name)
        for name, value in blank.items()
        if name in schema.names
    ]
    shown = rows.select(schema.names).with_columns(texts).with_columns(without)
    return shown.sort("start_ms", "row_id", *PERSONAL).collect()


def customers_of(rows: pl.DataFrame, company: str) -> pl.DataFrame:
    """Rows with the customers' hashes as this company sees them; 0, an unknown customer, stays 0."""
    known = rows["customer"].unique().sort()
    ids = pl.Series(stable_ids(f"{company}:{customer}" for customer in known), dtype=pl.Int64)
    keyed = pl.DataFrame({"customer": known, "theirs": ids})
    joined = rows.join(keyed, on="customer", how="left", maintain_order="left")
    theirs = pl.when(pl.col("customer") == 0).then(pl.lit(0, pl.Int64)).otherwise(pl.col("theirs"))
    return joined.with_columns(customer=theirs).drop("theirs")


def _asks_what_came(question: Question) -> bool:
    """Whether a question over nobody's rows needs more of a forecast than the forecast itself."""
    found = metric(question.metric)
    atoms = [side for side in (found.numerator, found.denominator) if isinstance(side, Atom)]
    read = {name for atom in atoms for text in (atom.where, atom.sum) if text for name in columns_of(text)}
    return question.scope.unassigned and not read.isdisjoint(OF_ALL)


def _name(column: str, names: Mapping[int, str]) -> pl.Expr:
    known = {number: name for name, number in FIXED[column].items()} if column in FIXED else {0: "", **names}
    return (
        pl.col(column)
        .cast(pl.Int64)
        .replace_strict(list(known), list(known.values()), default=None, return_dtype=pl.String)
    )
