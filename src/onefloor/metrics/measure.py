"""Measuring: figures of metrics over the prepared tables, by any dimensions.

All metrics of one table are computed in one pass; each distinct atom once. Names are put in place of ids at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from onefloor.findings import Figure
from onefloor.metrics import catalogue
from onefloor.metrics.cubes import Cubes
from onefloor.metrics.dimensions import Shown, Wanted, check_dimensions, filter_predicate, shown, sort_key
from onefloor.metrics.engines import Aggregate, DuckDB, Engine
from onefloor.metrics.engines.queries import kinds
from onefloor.metrics.expressions import both, checked, neither
from onefloor.metrics.grouping import Ask, Finality, Key, Run, figures_by_group, open_ended
from onefloor.metrics.metric import Metric
from onefloor.metrics.prepared import Prepared
from onefloor.metrics.removed import Removal, answer, removal
from onefloor.metrics.tables import MEASURING
from onefloor.money import plain
from onefloor.periods import Month, Period, month_of_day


@dataclass(frozen=True, slots=True)
class Row:
    """One group: its names (None for "none") and the figure of every metric, by the reference as it was asked."""

    key: Mapping[str, Shown]
    figures: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Measurement:
    """What was measured: the grouping, the rows in order of their keys, the metrics by the reference as asked.

    ``removed`` says which months rest on kept sums alone, because a retention rule took their rows.
    """

    keys: tuple[str, ...]
    rows: list[Row]
    data_version: str
    metrics: Mapping[str, Metric] = field(default_factory=dict)
    removed: Removal | None = None


def measure(
    prepared: Prepared,
    metrics: Sequence[str],
    by: Sequence[str] = (),
    where: Wanted | None = None,
    months: Iterable[Month] | Period | None = None,
    *,
    engine: Engine | None = None,
    without: Sequence[str] = (),
    scope: str = "",
    cubes: Cubes | None = None,
) -> Measurement:
    """The figures of some metrics.

    Args:
        prepared: the measuring tables.
        metrics: references such as ``asa`` or ``fcr:within=7d``.
        by: dimensions to group by; without any there is one row, even without data.
        where: allowed names by dimension, as they are shown: ``{"queue": ["tax", "water"], "hour": "9"}``.
        months: months, or a period of local days; None for all.
        engine: DuckDB if left out.
        without: predicates of rows left out of every atom.
        scope: a predicate of the rows that may be looked at (``Scope.predicate()``).
        cubes: daily cubes to answer from where they can.

    Raises:
        UnknownMetric, UnknownParameter, BadParameter, UnknownDimension, UnknownName, BadFilterValue, NotGroupable,
        BadExpression; RowsRemoved: a month's rows are gone, and the sums that stay do not say it.
    """
    asked = {reference.strip(): catalogue.metric(reference) for reference in metrics}
    chosen, days = span_of(prepared, months)
    kept = both(filter_predicate(where or {}, prepared.names), scope, days, neither(*without))
    check_dimensions(asked.values(), by, [kept])
    finality = Finality(prepared.watermark_ms, prepared.clock)
    cuts = {name: finality.cut(metric) for name, metric in asked.items()}
    groups = figures_by_group(
        asked, run_on(prepared, chosen, engine or DuckDB(), cubes), by=by, where=kept, cuts=_reachable(cuts, chosen)
    )
    end = months.end if isinstance(months, Period) else max((m.days.end for m in chosen), default=None)
    names = {name: prepared.names.of(name) for name in by}
    rows = [
        Row(_shown_key(by, key, names), _with_open_end(figures, asked, cuts, _end_of(by, key, end)))
        for key, figures in groups.items()
    ]
    rows.sort(key=lambda row: [sort_key(name, value) for name, value in row.key.items()])
    return Measurement(tuple(by), rows, prepared.data_version, asked, removal(prepared, asked.values(), chosen))


def run_on(prepared: Prepared, months: Sequence[Month], engine: Engine, cubes: Cubes | None = None) -> Run:
    """What answers queries about some months: the cubes where they can, else an engine over the rows.

    Where a retention rule took the rows, the kept sums answer, or nothing does: ``RowsRemoved``.
    """

    def run(ask: Ask) -> list[pl.DataFrame]:
        gone = prepared.gone.get(ask.table, {})
        past, living = [m for m in months if m.id in gone], [m for m in months if m.id not in gone]
        parts = [(part, tuple(prepared.paths(ask.table, chosen))) for part, chosen in _parts(ask, living)]
        found = [answered(aggregate(part, files)) for part, files in parts if files]
        return [*found, answer(prepared, ask, past)] if past else found

    def answered(query: Aggregate) -> pl.DataFrame:
        found = cubes.rewritten(query) if cubes else None
        return engine.aggregate(found or query, prepared.names.id)

    return run


def _parts(ask: Ask, months: Sequence[Month]) -> list[tuple[Ask, Sequence[Month]]]:
    """The query about the months that are final as a whole, which is cheaper, and about the others."""
    if not ask.cuts:
        return [(ask, months)]
    final = [month for month in months if month.days.end <= min(ask.cuts)]
    others = [month for month in months if month.days.end > min(ask.cuts)]
    return [(ask, others), (replace(ask, cuts=()), final)]


def aggregate(ask: Ask, files: tuple[str, ...]) -> Aggregate:
    """The query with its files, its predicates checked against the table's columns."""
    schema = MEASURING[ask.table]
    columns = kinds(schema)
    checked(ask.where, columns)
    for part in ask.sums:
        checked(part.where, columns)
    return Aggregate(ask.table, schema, files, ask.by, ask.where, ask.sums, ask.cuts)


def as_json(measurement: Measurement) -> dict[str, Any]:
    """The measurement as the contract of ``measure --format json`` has it.

    A metric is named plainly if it was asked once, else by the reference as it was asked.
    """
    names = _names(measurement.metrics)
    rows = [
        {
            **row.key,
            "metrics": {
                names[reference]: figure_json(measurement.metrics[reference], figure)
                for reference, figure in row.figures.items()
            },
        }
        for row in measurement.rows
    ]
    told = {"removed": measurement.removed.as_json()} if measurement.removed else {}
    return {"data_version": measurement.data_version, "rows": rows, **told}


def figure_json(metric: Metric, figure: Figure) -> dict[str, Any]:
    """A figure with its value as decimal text, null where there is none."""
    value = metric.value(figure)
    return {
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "value": None if value is None else plain(value),
        "version": metric.version,
        "provisional": figure.provisional,
    }


def _names(metrics: Mapping[str, Metric]) -> dict[str, str]:
    plainly = [metric.name for metric in metrics.values()]
    return {ref: metric.name if plainly.count(metric.name) == 1 else ref for ref, metric in metrics.items()}


def span_of(prepared: Prepared, months: Iterable[Month] | Period | None) -> tuple[list[Month], str]:
    """The months whose files are read, and the predicate that cuts a period's days out of them."""
    if isinstance(months, Period):
        first, last = month_of_day(months.start), month_of_day(max(months.start, months.end - 1))
        every = [first]
        while every[-1].id < last.id:
            every.append(every[-1].following())
        return every, f"day >= {months.start} and day < {months.end}"
    if months is not None:
        return sorted(months, key=lambda month: month.id), ""
    held = {month for found in (*prepared.files.values(), *prepared.gone.values()) for month in found}
    return [Month.from_id(month) for month in sorted(held)], ""


def _reachable(cuts: Mapping[str, int], months: Sequence[Month]) -> dict[str, int]:
    """The cuts that rows of these months can reach; the others would only cost time."""
    end = max((month.days.end for month in months), default=0)
    return {name: cut for name, cut in cuts.items() if cut < end}


def _shown_key(by: Sequence[str], key: Key, names: Mapping[str, Mapping[int, str]]) -> dict[str, Shown]:
    return {name: shown(name, held, names[name]) for name, held in zip(by, key, strict=True)}


def _end_of(by: Sequence[str], key: Key, end: int | None) -> int | None:
    """The end of the days a group speaks of: its own day or month, else all that was asked."""
    held = dict(zip(by, key, strict=True))
    if "day" in held:
        return int(held["day"]) + 1
    return Month.from_id(int(held["month"])).days.end if "month" in held else end


def _with_open_end(
    figures: Mapping[str, Figure], metrics: Mapping[str, Metric], cuts: Mapping[str, int], end: int | None
) -> dict[str, Figure]:
    return {
        name: open_ended(metrics[name], figure, still_open=end is None or end > cuts[name])
        for name, figure in figures.items()
    }
