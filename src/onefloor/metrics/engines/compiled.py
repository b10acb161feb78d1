"""Queries as Ibis expressions and SQL: one definition for DuckDB, Spark and ClickHouse."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import add
from typing import Any

import ibis

from onefloor.metrics.engines.queries import RECENT, Aggregate, Select, Sum
from onefloor.metrics.expressions import Resolve, to_ibis

ROWS = "onefloor_rows"  # stands for the files until an engine puts its own reader there


def _counting(name: str) -> Callable[[Any], Any]:
    """An engine's own count of the rows for which a flag is true; Ibis has it as FILTER only."""

    def count_if(flag: Any) -> Any:
        """Only the signature counts: the engine runs its own."""

    found: Callable[[Any], Any] = ibis.udf.agg.builtin(count_if, name=name, signature=(("boolean",), "int64"))
    return found


count_if, count_if_of_clickhouse = _counting("count_if"), _counting("countIf")


def aggregate_expression(query: Aggregate, resolve: Resolve, count: Callable[[Any], Any] = count_if) -> Any:
    """The Ibis expression of an aggregate over an unbound table named ``ROWS``; ``count`` counts true flags."""
    table = _table(query)
    rows = table.filter(to_ibis(query.where, table, resolve)) if query.where else table
    sums = {f"s{number}": _sum(rows, part, resolve, count) for number, part in enumerate(query.sums)}
    groups = {name: rows[name] for name in query.by}
    if query.cuts:
        groups[RECENT] = reduce(add, [(rows.day >= ibis.literal(cut, "int32")).cast("int8") for cut in query.cuts])
    return rows.group_by(**groups).aggregate(**sums) if groups else rows.aggregate(**sums)


def select_expression(query: Select, resolve: Resolve) -> Any:
    """The Ibis expression of a select over an unbound table named ``ROWS``."""
    table = _table(query)
    rows = table.filter(to_ibis(query.where, table, resolve)) if query.where else table
    amount = to_ibis(query.amount, rows, resolve).cast("int64") if query.amount else ibis.literal(1, "int64")
    chosen = rows.select(*query.columns, amount=amount).order_by("start_ms", "row_id")
    return chosen.limit(query.limit, offset=query.offset)


def _table(query: Aggregate | Select) -> Any:
    # Types by name: Ibis reads a schema of pyarrow only with packages that the project does without.
    names = {"bool": "boolean"}
    types = {field.name: names.get(str(field.type), str(field.type)) for field in query.schema}
    # "!" marks what is never missing.
    return ibis.table({f.name: types[f.name] if f.nullable else f"!{types[f.name]}" for f in query.schema}, name=ROWS)


def _sum(rows: Any, part: Sum, resolve: Resolve, count: Callable[[Any], Any]) -> Any:
    # Flags and cases rather than FILTER: DuckDB then evaluates what the predicates share only once, a third less CPU.
    where = to_ibis(part.where, rows, resolve) if part.where else None
    if part.of is None:
        return rows.count() if where is None else count(where)
    value = to_ibis(part.of, rows, resolve).cast("int64")
    return value.sum() if where is None else ibis.ifelse(where, value, ibis.literal(0, "int64")).sum()


def sql(expression: Any, dialect: str, reader: str) -> str:
    """The expression in an engine's SQL, reading from ``reader``."""
    text = str(ibis.to_sql(expression, dialect=dialect))
    for quoted in (f'"{ROWS}"', f"`{ROWS}`", ROWS):
        if quoted in text:
            return text.replace(quoted, reader)
    raise AssertionError(text)


def text_literal(text: str) -> str:
    """A path as an SQL text: the only text of ours that ever stands in SQL."""
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
