"""Rows of the measuring tables, for what is no quotient of sums: joins of tables, waits of half hours, densities."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from onefloor.facts.store import scan
from onefloor.floor import Floor
from onefloor.insight.finding import Behind
from onefloor.metrics.expressions import to_polars
from onefloor.metrics.prepared import Prepared
from onefloor.periods import Month

Facts = Callable[[str, Sequence[str]], pl.LazyFrame]
"""Some columns of a fact table; rows that a later revision replaced may be among them."""


def question(metric: str, months: Sequence[Month], companies: Sequence[str] = (), agents: Sequence[str] = ()) -> Behind:
    """The question that lists the rows behind a finding: those of some companies and agents, or all of the months."""
    limits = {"company": tuple(companies), "agent": tuple(agents)}
    return Behind(metric, {name: values for name, values in limits.items() if values}, months[0], months[-1])


def facts_of(floor: Floor, months: Sequence[Month]) -> Facts:
    """The facts of some months."""
    wanted = [month.id for month in months]
    return lambda table, columns: scan(floor, table, wanted).select(columns)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of some months that may be looked at; ``scope`` is a predicate as for ``metrics.measure.measure``.

    ``facts`` say which rows belong to one contact, and what agents did one after the other; without them patterns that
    need that are refused.
    """

    prepared: Prepared
    months: Sequence[Month]
    scope: str = ""
    facts: Facts | None = None

    def of(self, table: str, *columns: str) -> pl.LazyFrame:
        """Some columns of a measuring table; no rows where it has no files."""
        files = self.prepared.paths(table, self.months)
        if not files:
            return pl.LazyFrame(schema=dict.fromkeys(columns, pl.Int64))
        rows = pl.scan_parquet(files)
        kept = rows.filter(to_polars(self.scope, self.prepared.names.id)) if self.scope else rows
        return kept.select(columns)
