"""How long rows are kept: by table and age, first as a list of what would go, then for good.

A rule for ``contacts`` also covers the lines and rings they were made from. Quarantined lines have no time of their
own: they go when all facts of their load are past, or when they have lain here for so long. Signed bundles are files of
their own and are not touched; figures of the months that go are kept by ``metrics.kept`` before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import polars as pl

from onefloor.facts.removal import Removed, Unwanted, remove
from onefloor.facts.schemas import PARTITIONED
from onefloor.facts.store import files_of, months_of_table, scan, writing
from onefloor.floor import Floor
from onefloor.periods import Month

COVERS: Final = {"contacts": ("contacts", "events", "rings"), "quarantine": ("quarantine", "layouts", "mendings")}


@dataclass(frozen=True, slots=True)
class Due:
    """What a rule would remove from one table now: rows of months before ``before``, and how many there are."""

    rule: str
    table: str
    before: int
    rows: int


def due(floor: Floor, today: date) -> list[Due]:
    """What ``retain`` would remove today; tables that would lose nothing are left out."""
    found = []
    for rule, table, before in _tables(floor, today):
        test = _test(floor, table, before)
        rows = scan(floor, table, _old_months(floor, table, before)).collect()
        gone = int(test(rows).sum()) if rows.height else 0
        if gone:
            found.append(Due(rule, table, before, gone))
    return found


def retain(floor: Floor, today: date, *, ready: Callable[[], bool] = lambda: True) -> list[Removed]:
    """Remove what is older than the rules keep; nothing can bring it back but a backup.

    ``ready`` is asked when nobody else can write any more; if it says no, nothing goes. The same
    lines in another file are ignored from now on, with the reason ``past_retention``.
    """
    with writing(floor):
        if not ready():
            return []
        rules = list(_tables(floor, today))
        unwanted = {table: _test(floor, table, before) for _, table, before in rules}
        before = {table: month for _, table, month in rules if table in PARTITIONED}
        return remove(floor, unwanted, {"why": "retention", "day": today.isoformat(), "before": before})


def months_due(floor: Floor, today: date, rule: str = "contacts") -> list[int]:
    """The months of the tables of a rule that a run today would remove."""
    found = {
        month
        for name, table, before in _tables(floor, today)
        if name == rule and table in PARTITIONED
        for month in months_of_table(floor, table)
        if month < before
    }
    return sorted(found)


def _tables(floor: Floor, today: date) -> Iterator[tuple[str, str, int]]:
    """Of every rule each table it covers and the first month that stays."""
    for rule, months in sorted(floor.retention.items()):
        before = Month(today.year, today.month).shifted(-months).id
        for table in COVERS.get(rule, (rule,)):
            yield rule, table, before


def _old_months(floor: Floor, table: str, before: int) -> list[int] | None:
    if table not in PARTITIONED:
        return None
    return [month for month in months_of_table(floor, table) if month < before]


def _test(floor: Floor, table: str, before: int) -> Unwanted:
    if table in PARTITIONED:
        return lambda rows: rows["month"] < before
    loads = _old_loads(floor, before)
    return lambda rows: rows["load"].is_in(list(loads))


def _old_loads(floor: Floor, before: int) -> set[str]:
    """The loads whose facts are all of earlier months, and those that set lines aside so long ago."""
    newest = [scan(floor, table).group_by("load").agg(pl.col("month").max()) for table in sorted(PARTITIONED)]
    months = pl.concat(newest).group_by("load").agg(pl.col("month").max()).collect()
    old = set(months.filter(pl.col("month") < before)["load"])
    for path in map(Path, files_of(floor, "quarantine")):
        laid = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        if Month(laid.year, laid.month).id < before:
            old |= set(pl.read_parquet(path, columns=["load"])["load"])
    return old
