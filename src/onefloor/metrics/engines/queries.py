"""What an engine is asked: sums over rows of one table, or the rows themselves. Plain data, no engine in sight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import polars as pl
import pyarrow as pa

from onefloor.metrics.expressions import Kind, Resolve
from onefloor.metrics.tables import NAMED

RECENT = "recent"


@dataclass(frozen=True, slots=True)
class Sum:
    """A count of the rows that satisfy ``where`` ('' for all), or the sum of an integer over them."""

    where: str
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Sums over the rows of some Parquet files of one table, grouped by columns.

    The answer has the columns of ``by``, ``recent`` if there are ``cuts``, and ``s0, s1, ...``, all int64 (names stay
    names). ``recent`` is the number of ``cuts`` (day ids) that a row's day has reached.
    """

    table: str
    schema: pa.Schema
    files: tuple[str, ...]
    by: tuple[str, ...]
    where: str
    sums: tuple[Sum, ...]
    cuts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Select:
    """Rows of some Parquet files of one table: ``columns`` and the integer ``amount``, ordered by time and row id."""

    table: str
    schema: pa.Schema
    files: tuple[str, ...]
    columns: tuple[str, ...]
    where: str
    amount: str | None
    limit: int | None
    offset: int = 0


class Engine(Protocol):
    """Runs queries. Every engine gives the same answer to the last digit."""

    name: str

    def aggregate(self, query: Aggregate, resolve: Resolve) -> pl.DataFrame:
        """The sums of a query, one row a group that has rows; ungrouped, one row."""
        ...

    def select(self, query: Select, resolve: Resolve) -> pl.DataFrame:
        """The rows of a query."""
        ...


def kinds(schema: pa.Schema) -> dict[str, Kind]:
    """What the columns of a measuring table hold, for checking predicates."""
    return {field.name: _kind(field) for field in schema}


def _kind(field: pa.Field) -> Kind:
    if field.name in (*NAMED, "outcome", "duty") or pa.types.is_string(field.type):
        return "name"
    return "flag" if pa.types.is_boolean(field.type) else "number"


def sum_names(query: Aggregate) -> list[str]:
    """The names of the sums in an answer."""
    return [f"s{number}" for number in range(len(query.sums))]


def integers(frame: pl.DataFrame) -> pl.DataFrame:
    """Every column but names as int64, missing sums (of no rows) as 0."""
    sums = [name for name in frame.columns if frame.schema[name] != pl.String]
    return frame.with_columns(pl.col(name).cast(pl.Int64) for name in sums).with_columns(
        pl.col(name).fill_null(0) for name in sums if name[0] == "s" and name[1:].isdigit()
    )
