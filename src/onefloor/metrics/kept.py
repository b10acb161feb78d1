"""Figures that outlive their rows: the daily sums of months whose rows the retention rules remove.

They lie in ``aggregates/``, one Parquet file a month and table: names instead of ids, one column for every sum that
the catalogue's metrics are made of. No row of them is about one contact or one customer.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from onefloor.facts.files import Progress, no_progress
from onefloor.facts.removal import Removed
from onefloor.facts.retention import months_due, retain
from onefloor.floor import Floor
from onefloor.metrics.cubes import NAMES, build_cubes
from onefloor.metrics.prepare import prepare
from onefloor.metrics.prepared import Prepared

FOLDER: Final = "aggregates"
SUMS: Final = "sums.json"


def run_retention(floor: Floor, today: date, *, progress: Progress = no_progress) -> list[Removed]:
    """Keep the daily sums of the months that are due, then remove their rows for good.

    Args:
        floor: its ``retention`` settings say what is due.
        today: the day of the run.
        progress: told how the measuring tables come along.

    Returns:
        What was removed of each table.
    """
    months = months_due(floor, today)
    if months:
        keep_sums(floor, months, progress=progress)
    return retain(floor, today)


def keep_sums(floor: Floor, months: Sequence[int], *, progress: Progress = no_progress) -> list[Path]:
    """Write the daily sums of some months to ``aggregates/`` and return the files; those that are there stay."""
    prepared = prepare(floor, progress=progress)
    cubes = build_cubes(floor, prepared, progress=progress)
    made = []
    for table, by_month in prepared.files.items():
        for month in sorted(set(months) & set(by_month)):
            found = {cubes.cube_of[file] for file in by_month[month] if file in cubes.cube_of}
            target = floor.root / FOLDER / table / f"month={month}.parquet"
            if found and not target.exists():
                _write(target, pl.read_parquet(sorted(found)), prepared)
                _describe(
                    target.parent,
                    {column: {"where": total.where, "of": total.of} for total, column in cubes.columns[table].items()},
                )
                made.append(target)
    return made


def kept_sums(floor: Floor, table: str, month: int) -> pl.DataFrame | None:
    """The daily sums of a month whose rows are gone; None if none were kept."""
    path = floor.root / FOLDER / table / f"month={month}.parquet"
    return pl.read_parquet(path) if path.exists() else None


def _write(target: Path, cube: pl.DataFrame, prepared: Prepared) -> None:
    named = [
        pl.col(name).replace_strict({0: "", **prepared.names.of(name)}, default="", return_dtype=pl.String)
        for name in NAMES
        if name in cube.columns
    ]
    target.parent.mkdir(parents=True, exist_ok=True)
    pending = target.with_suffix(".pending")
    cube.with_columns(named).write_parquet(pending)
    pending.replace(target)


def _describe(folder: Path, sums: dict[str, dict[str, str | None]]) -> None:
    """Say what each column of sums counts."""
    (folder / SUMS).write_text(json.dumps(sums, indent=1, sort_keys=True), encoding="utf-8")
