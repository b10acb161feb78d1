"""Taking rows out of the facts for good: no old version, no log, no derived table keeps them.

Delta tables keep what was deleted until they are cleaned, so a table is written anew instead: files without such rows
become its own by links, the others are copied without them. All tables are ready before ``commit.json`` appears by
one rename, which is the moment the removal happens; whoever opens the floor next finishes what a killed process left.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq
from deltalake import Schema as DeltaSchema
from deltalake.transaction import AddAction, create_table_with_add_actions

from onefloor.facts.exchange import COMMIT, FOLDER, finish
from onefloor.facts.schemas import PARTITIONED, TABLES
from onefloor.facts.store import files_of, write_part
from onefloor.floor import Floor
from onefloor.writing import write_whole

Unwanted = Callable[[pl.DataFrame], pl.Series]
"""Of the rows of one file, which must go."""


@dataclass(frozen=True, slots=True)
class Removed:
    """What was taken out of one table: how many rows, from which months, and a digest of them.

    ``digest`` is the SHA-256 of the sorted SHA-256 of every row as canonical JSON: it names the rows and tells nothing
    of them.
    """

    table: str
    rows: int
    months: tuple[int, ...]
    digest: str
    loads: Mapping[str, int]

    def as_json(self) -> dict[str, Any]:
        """For records and proofs."""
        return {
            "table": self.table, "rows": self.rows, "months": list(self.months), "sha256": self.digest,
            "loads": dict(sorted(self.loads.items())),
        }  # fmt: skip


def remove(floor: Floor, unwanted: Mapping[str, Unwanted], record: Mapping[str, Any]) -> list[Removed]:
    """Take rows out of fact tables; the caller holds ``writing``.

    Args:
        floor: whose facts; everything derived goes with the rows and is rebuilt when it is next asked for.
        unwanted: by table, which rows go.
        record: why and when; kept with what was removed in ``facts/removals.jsonl``.

    Returns:
        What went, of every table that lost rows; empty if nothing did, and then nothing changes.
    """
    folder = floor.facts / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    found = [_without(floor, table, test, folder / table) for table, test in unwanted.items()]
    removed = [one for one in found if one is not None]
    if not removed:
        shutil.rmtree(folder)
        return []
    entry = {**record, "removed": [one.as_json() for one in removed]}
    write_whole(folder / COMMIT, json.dumps(entry, ensure_ascii=False, sort_keys=True))
    finish(floor)
    return removed


def _without(floor: Floor, table: str, test: Unwanted, target: Path) -> Removed | None:
    """A new table without the unwanted rows; None if it would be the same."""
    hashes: list[bytes] = []
    months: set[int] = set()
    loads: dict[str, int] = {}
    added: list[AddAction] = []
    for path in map(Path, files_of(floor, table)):
        rows = _rows(table, path)
        gone = rows.filter(test(rows))
        if gone.height:
            hashes += _hashes(gone)
            months |= set(gone["month"].unique()) if "month" in gone.columns else set()
            for load, count in gone.group_by("load").len().iter_rows():
                loads[load] = loads.get(load, 0) + count
        if gone.height < rows.height:
            rest = rows.filter(~test(rows)) if gone.height else None
            added.append(_kept(floor.facts, table, path, target, rest))
    if not hashes:
        shutil.rmtree(target, ignore_errors=True)
        return None
    by = ["month"] if table in PARTITIONED else []
    target.mkdir(exist_ok=True)
    create_table_with_add_actions(str(target), DeltaSchema.from_arrow(TABLES[table]), added, partition_by=by)
    digest = sha256(b"".join(sorted(hashes))).hexdigest()
    return Removed(table, len(hashes), tuple(sorted(months)), digest, loads)


def _rows(table: str, path: Path) -> pl.DataFrame:
    rows = pl.read_parquet(path, hive_partitioning=False)
    if table in PARTITIONED:
        month = int(path.parent.name.removeprefix("month="))
        rows = rows.with_columns(pl.lit(month, pl.Int32).alias("month"))
    return rows.select(TABLES[table].names)


def _hashes(rows: pl.DataFrame) -> list[bytes]:
    lines = (json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows.iter_rows(named=True))
    return [sha256(line.encode("utf-8", "surrogatepass")).digest() for line in lines]


def _kept(facts: Path, table: str, path: Path, target: Path, rest: pl.DataFrame | None) -> AddAction:
    """A file of the old table as a file of the new one; ``rest`` are its rows if not all stay."""
    name = path.relative_to(facts / table)
    if rest is not None:
        name = name.with_name(f"{name.stem}-r{name.suffix}")
    (target / name).parent.mkdir(parents=True, exist_ok=True)
    if rest is None:
        _link(path, target / name)
    else:
        write_part(table, rest.drop(["month"] if table in PARTITIONED else []).to_arrow(), target / name)
    month = name.parent.name.removeprefix("month=")
    rows = pq.ParquetFile(target / name).metadata.num_rows
    stats = json.dumps({"numRecords": rows})
    size = (target / name).stat().st_size
    return AddAction(str(name), size, {"month": month} if month else {}, 0, data_change=True, stats=stats)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without links
        shutil.copyfile(source, target)
