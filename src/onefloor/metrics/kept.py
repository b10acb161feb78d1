"""Figures that outlive their rows: the daily sums of months whose rows the retention rules remove.

They lie in ``aggregates/``, one Parquet file a month and table: names instead of ids, one column for every sum that
the catalogue's metrics are made of at their defaults, and for what these leave out. No row of them is about one
contact or one customer. ``removed`` answers from them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl

from onefloor.facts.files import Progress, no_progress
from onefloor.facts.removal import Removed
from onefloor.facts.retention import months_due, retain
from onefloor.floor import Floor
from onefloor.metrics import catalogue
from onefloor.metrics.breakdown import FORMULAS, parts_of
from onefloor.metrics.cubes import GRAIN, NAMES, column_of, daily_sums
from onefloor.metrics.engines import DuckDB, Sum
from onefloor.metrics.metric import Atom
from onefloor.metrics.prepare import is_current, prepare
from onefloor.metrics.prepared import Prepared
from onefloor.metrics.removed import MADE_OF, file_of
from onefloor.writing import replacing, write_whole

SUMS: Final = "sums.json"


def run_retention(floor: Floor, today: date, *, progress: Progress = no_progress) -> list[Removed]:
    """Keep the daily sums of the months that are due, then remove their rows for good.

    Args:
        floor: its ``retention`` settings say what is due.
        today: the day of the run.
        progress: told how the measuring tables come along.

    Returns:
        What was removed of each table; nothing if facts came meanwhile that the sums lack: the next run removes them.
    """
    due = {fact: months for fact in floor.retention if (months := months_due(floor, today, fact))}
    if not due:
        return retain(floor, today)
    keep_sums(floor, due, progress=progress)
    return retain(floor, today, ready=lambda: is_current(floor))


def keep_sums(floor: Floor, due: Mapping[str, list[int]], *, progress: Progress = no_progress) -> list[Path]:
    """Write the daily sums of what is made of the months that are due, by fact table, and return the files.

    Sums of a month whose rows are gone already stay as they are; others are written anew, as the rows are now.
    """
    prepared, made = prepare(floor, progress=progress), []
    columns = _columns()
    for table, month in _places(prepared, due):
        target = file_of(floor, table, month)
        _write(target, _daily(prepared, table, month, columns[table]), prepared)
        _describe(target.parent, columns[table])
        made.append(target)
    return made


def kept_sums(floor: Floor, table: str, month: int) -> pl.DataFrame | None:
    """The daily sums of a month whose rows are gone; None if none were kept."""
    path = file_of(floor, table, month)
    return pl.read_parquet(path) if path.exists() else None


def _places(prepared: Prepared, due: Mapping[str, list[int]]) -> Iterator[tuple[str, int]]:
    """The tables and months that lose rows now. One without rows has sums too: that there was nothing."""
    for table, facts in MADE_OF.items():
        losing = {month for fact in facts for month in due.get(COVERED.get(fact, fact), ())}
        for month in sorted(losing - set(prepared.gone.get(table, {}))):
            yield table, month


COVERED: Final = {"rings": "contacts"}  # the rule for contacts is theirs too


def _columns() -> dict[str, dict[Sum, str]]:
    """Every sum worth keeping, by table, with its column."""
    found: dict[str, dict[Sum, str]] = {table: {Sum(""): column_of(Sum(""))} for table in MADE_OF}
    found["legs"][Sum("answered")] = column_of(Sum("answered"))  # on which days a company worked
    for reference in (*catalogue.names(), *(f"service_level:formula={formula}" for formula in FORMULAS)):
        for table, wanted in _sums(reference):
            if table in found:
                found[table][wanted] = column_of(wanted)
    return found


def _sums(reference: str) -> Iterator[tuple[str, Sum]]:
    """What a metric is made of, and what becomes of all rows it looks at."""
    metric = catalogue.metric(reference)
    for side in (metric.numerator, metric.denominator):
        if isinstance(side, Atom):
            yield side.table, Sum(side.where, side.sum)
    for part in parts_of(metric):
        yield metric.population.table, Sum(part)


def _daily(prepared: Prepared, table: str, month: int, columns: Mapping[Sum, str]) -> pl.DataFrame:
    if month in prepared.files.get(table, {}):
        return daily_sums(prepared, table, month, columns, DuckDB())
    return pl.DataFrame(schema={**dict.fromkeys(GRAIN, pl.Int32), **dict.fromkeys(columns.values(), pl.Int64)})


def _write(target: Path, sums: pl.DataFrame, prepared: Prepared) -> None:
    named = [
        pl.col(name).replace_strict({0: "", **prepared.names.of(name)}, default="", return_dtype=pl.String)
        for name in NAMES
    ]
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing(target) as pending:
        sums.with_columns(named).write_parquet(pending)


def _describe(folder: Path, columns: Mapping[Sum, str]) -> None:
    """Say what each column of sums counts; what older files hold besides stays said."""
    path = folder / SUMS
    known: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    known |= {column: {"where": total.where, "of": total.of} for total, column in columns.items()}
    write_whole(path, json.dumps(known, indent=1, sort_keys=True))
