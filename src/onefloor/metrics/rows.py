"""Drill-down: the rows behind a figure. An atom's predicate without its aggregate, so the rows always add up to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import polars as pl

from onefloor.facts.schemas import OUTCOMES, TABLES
from onefloor.facts.store import scan
from onefloor.floor import Floor
from onefloor.language import Text
from onefloor.metrics import catalogue
from onefloor.metrics.breakdown import others_of, reason_of
from onefloor.metrics.dimensions import Wanted, check_dimensions, filter_predicate, shown
from onefloor.metrics.engines import Aggregate, DuckDB, Engine, Select, Sum
from onefloor.metrics.engines.queries import kinds
from onefloor.metrics.expressions import both, checked, neither
from onefloor.metrics.measure import span_of
from onefloor.metrics.metric import Atom, Metric
from onefloor.metrics.prepared import Prepared
from onefloor.metrics.removed import refuse_rows
from onefloor.metrics.tables import DIMENSIONS, MEASURING
from onefloor.periods import Month, Period
from onefloor.problems import Problem

Side = Literal["numerator", "denominator", "others", "excluded"]
# The fact table whose row ids a measuring table carries; agent time and people are derived from many facts each.
FACTS: Final = {
    "legs": "contacts",
    "contacts": "contacts",
    "rings": "rings",
    "surveys": "surveys",
    "sales": "sales",
    "complaints": "complaints",
    "evaluations": "evaluations",
    "forecasts": "forecasts",
    "duties": "duties",
}
HIDDEN: Final = ("customer",)  # a keyed hash, of no use to a reader


class UnknownReason(Problem):
    """A reason for which a metric leaves nothing out."""

    def __init__(self, metric: Metric, reason: str) -> None:
        names = [exclusion.name for exclusion in metric.exclusions]
        super().__init__(
            Text(
                f"指标 {metric.name} 没有剔除原因“{reason}”。",
                f'{metric.name} leaves nothing out because of "{reason}".',
            ),
            remedy=Text(f"可用：{'、'.join(names) or '（无）'}。", f"There are: {', '.join(names) or '(none)'}."),
        )


@dataclass(frozen=True, slots=True)
class Listed:
    """Some rows behind a figure, and what all of them add up to.

    ``count`` rows in all; ``amount`` is the atom: the sum of every row's ``amount`` times the atom's ``times``. Each
    row has ``row_id, start_ms, amount``, the dimensions by name, the table's own columns, and, where it comes from one
    fact, ``contact, source, file, line``.
    """

    metric: Metric
    side: Side
    count: int
    amount: int
    rows: list[dict[str, Any]]

    @property
    def columns(self) -> list[str]:
        """The columns of the rows, in order."""
        return list(self.rows[0]) if self.rows else []

    @property
    def values(self) -> list[list[Any]]:
        """The rows without their column names."""
        return [list(row.values()) for row in self.rows]

    def as_json(self) -> dict[str, Any]:
        """The listing as data."""
        return {
            "metric": self.metric.reference,
            "side": self.side,
            "count": self.count,
            "amount": self.amount,
            "exclusions": [
                {"name": e.name, "where": e.where, "reason": e.reason.as_json()} for e in self.metric.exclusions
            ],
            "rows": self.rows,
        }


def rows(
    prepared: Prepared,
    floor: Floor,
    metric: str,
    side: Side = "numerator",
    where: Wanted | None = None,
    months: Iterable[Month] | Period | None = None,
    limit: int | None = 100,
    offset: int = 0,
    *,
    engine: Engine | None = None,
    without: Sequence[str] = (),
    scope: str = "",
    reason: str = "",
) -> Listed:
    """The rows behind one side of a figure, in order of time.

    Args:
        prepared: the measuring tables.
        floor: where the facts are that say file and line.
        metric: a reference.
        side: numerator, denominator, the others (of the denominator, not in the numerator; none where the metric is
            no share of rows), or the rows that the metric's exclusions leave out.
        where: as for ``measure``, as are ``months``, ``without``, ``scope`` and ``engine``.
        limit: at most so many rows; None for all.
        offset: after so many.
        reason: of the rows left out only those for this reason, the name of an exclusion.

    Raises:
        As ``measure``; UnknownReason; RowsRemoved: rows of one of the months are gone.
    """
    asked = catalogue.metric(metric)
    chosen, days = span_of(prepared, months)
    kept = both(filter_predicate(where or {}, prepared.names), scope, days, neither(*without))
    check_dimensions([asked], (), [kept])
    atom = _atom(asked, side, reason)
    if atom:
        refuse_rows(prepared, atom.table, chosen)
    files = tuple(prepared.paths(atom.table, chosen)) if atom else ()
    if atom is None or not files:
        return Listed(asked, side, 0, 0, [])
    runner, narrowed = engine or DuckDB(), atom.narrowed(checked(kept, kinds(MEASURING[atom.table])))
    count, amount = _totals(prepared, narrowed, files, runner)
    found = runner.select(_select(narrowed, files, limit, offset), prepared.names.id)
    return Listed(asked, side, count, amount, with_sources(floor, atom.table, shown_rows(prepared, found)))


def _atom(metric: Metric, side: Side, reason: str = "") -> Atom | None:
    """The predicate and amount of a side: of a quantile the values themselves; None if it has no rows."""
    if side == "others":
        return others_of(metric)
    if side == "excluded" and reason:
        if (found := reason_of(metric, reason)) is None:
            raise UnknownReason(metric, reason)
        return found
    if side == "excluded":
        where = " or ".join(f"({exclusion.where})" for exclusion in metric.exclusions)
        return Atom(metric.numerator.table, where) if where else None
    chosen = metric.denominator if side == "denominator" and metric.denominator else metric.numerator
    return chosen if isinstance(chosen, Atom) else Atom(chosen.table, chosen.where, chosen.column)


def _totals(prepared: Prepared, atom: Atom, files: tuple[str, ...], engine: Engine) -> tuple[int, int]:
    sums = (Sum(atom.where), Sum(atom.where, atom.sum))
    query = Aggregate(atom.table, MEASURING[atom.table], files, (), "", sums)
    count, amount = engine.aggregate(query, prepared.names.id).row(0)
    return count, amount * atom.times


def _select(atom: Atom, files: tuple[str, ...], limit: int | None, offset: int) -> Select:
    schema = MEASURING[atom.table]
    columns = tuple(name for name in schema.names if name not in HIDDEN)
    return Select(atom.table, schema, files, columns, atom.where, atom.sum, limit, offset)


def shown_rows(prepared: Prepared, found: pl.DataFrame) -> list[dict[str, Any]]:
    """The rows with names in place of ids."""
    names = {name: prepared.names.of(name) for name in DIMENSIONS}
    decoded = {number: name for name, number in OUTCOMES.items()}
    listed = []
    for row in found.iter_rows(named=True):
        row |= {name: shown(name, row[name], names[name]) for name in DIMENSIONS}
        if "outcome" in row:
            row["outcome"] = decoded.get(row["outcome"])
        if "duty" in row:
            row["duty"] = prepared.names.of("duty").get(row["duty"])
        listed.append(row)
    return listed


def with_sources(floor: Floor, table: str, listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with contact, source, file and line of the fact each one comes from."""
    facts = FACTS.get(table)
    if facts is None or not listed:
        return listed
    # The listing is one page long; reading only its months and ids keeps this cheap on any floor.
    months = {Month.parse(row["month"]).id for row in listed}
    scanned = scan(floor, facts, months).filter(pl.col("row_id").is_in([row["row_id"] for row in listed]))
    columns = [name for name in ("contact", "source", "file", "line") if name in TABLES[facts].names]
    newest = scanned.sort("revision").unique("row_id", keep="last").select("row_id", *columns).collect()
    by_id = {row.pop("row_id"): row for row in newest.to_dicts()}
    return [row | by_id.get(row["row_id"], {}) for row in listed]
