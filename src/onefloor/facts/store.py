"""The facts on disk: Delta tables, and a journal that makes a load all or nothing.

A load first writes its rows to ``facts/_journal/<load>/`` and then, in one rename, its ``commit.json``. That rename is
the moment the load happened. Only afterwards are the files linked into the folders of the Delta tables and added to
them, each commit carrying the load's id as a Delta application transaction, so applying twice adds nothing. Whoever
opens the floor next finishes what a killed process left: a journal entry with a ``commit.json`` is applied, one
without is thrown away.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from deltalake import CommitProperties, DeltaTable, Transaction
from deltalake import Schema as DeltaSchema
from deltalake.transaction import AddAction, create_table_with_add_actions
from filelock import FileLock

from onefloor.facts import exchange
from onefloor.facts.identity import Ids, content_sum
from onefloor.facts.schemas import PARTITIONED, TABLES
from onefloor.floor import Floor, keep_zone
from onefloor.writing import write_whole

JOURNAL = "_journal"
COMMIT = "commit.json"
NO_MONTH = 0
# Columns whose bounds let a reader skip parts of a file.
BOUNDED = ["at_ms", "started_ms", "ended_ms"]
# Columns worth a dictionary; the others hardly repeat.
REPEATED = ["source", "file", "load", "queue", "agent", "event", "outcome", "channel", "direction", "state", "reason"]


@dataclass(slots=True)
class Account:
    """What became of every input line: ``lines = loaded + duplicates + ignored + quarantined``, always.

    ``reasons`` counts why lines were ignored or quarantined, and facts worth knowing about loaded ones
    (keys of the latter begin with ``note:``).
    """

    source: str
    lines: int = 0
    loaded: int = 0
    duplicates: int = 0
    ignored: int = 0
    quarantined: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    def reason(self, name: str, lines: int = 1) -> None:
        """Count lines under a reason; zero lines leave no trace."""
        if lines:
            self.reasons[name] = self.reasons.get(name, 0) + lines

    def add(self, other: Account) -> None:
        """Add another account of the same source."""
        self.lines += other.lines
        self.loaded += other.loaded
        self.duplicates += other.duplicates
        self.ignored += other.ignored
        self.quarantined += other.quarantined
        for name, lines in other.reasons.items():
            self.reason(name, lines)

    @property
    def balanced(self) -> bool:
        """Whether every line is accounted for."""
        return self.lines == self.loaded + self.duplicates + self.ignored + self.quarantined

    def as_json(self) -> dict[str, object]:
        """The machine-readable report of a load."""
        return {
            "source": self.source,
            "lines": self.lines,
            "loaded": self.loaded,
            "duplicates": self.duplicates,
            "ignored": self.ignored,
            "quarantined": self.quarantined,
            "reasons": dict(sorted(self.reasons.items())),
        }


class Load:
    """Rows of one load on their way into the journal; nothing is visible before ``commit``.

    ``lines`` is set while lines that were set aside are read again: by table, of each line of what is read the line of
    the file that it came from.
    """

    def __init__(self, folder: Path, load_id: str) -> None:
        self.id = load_id
        self.lines: Mapping[str, npt.NDArray[np.int64]] = {}
        self._folder = folder
        self._parts = 0
        self._content = 0
        self.committed = False
        folder.mkdir(parents=True)

    def add(self, table: str, rows: pa.Table) -> None:
        """Stage rows of one fact table; cast to its schema, so a wrong column fails here and not later.

        Text may come as dictionaries, which are written without being spelt out, or with 64-bit offsets.
        """
        rows = rows.select(TABLES[table].names)
        rows = rows.cast(_keeping_texts(TABLES[table], rows.schema))
        if table in self.lines:
            place, origin = rows.column_names.index("line"), self.lines[table]
            lines = pa.array(origin[rows["line"].to_numpy() - 1])
            rows = rows.set_column(place, TABLES[table].field("line"), lines)
        if table not in PARTITIONED:
            self._write(table, NO_MONTH, rows)
            return
        months = pc.unique(rows["month"]).to_pylist()
        for month in sorted(months):
            self._write(table, month, _of_month(rows, month).drop_columns(["month"]))

    def _write(self, table: str, month: int, rows: pa.Table) -> None:
        if rows.num_rows:
            self._parts += 1
            write_part(table, rows, self._folder / f"{table}-{month}-{self._parts:05d}.parquet")

    def staged(self, table: str) -> pl.LazyFrame:
        """The rows of one table staged so far, for what is derived from them."""
        parts = [pl.DataFrame(TABLES[table].empty_table()).lazy()]
        for path in sorted(self._folder.glob(f"{table}-*.parquet")):
            month = pl.lit(_month_of_part(path), pl.Int32).alias("month")
            rows = pl.scan_parquet(path)
            parts.append((rows.with_columns(month) if table in PARTITIONED else rows).select(TABLES[table].names))
        return pl.concat(parts)

    def forget(self, table: str) -> None:
        """Drop what is staged of one table."""
        for path in self._folder.glob(f"{table}-*.parquet"):
            path.unlink()

    def count_content(self, ids: Ids) -> None:
        """Add the identities of loaded records to the floor's content digest (see ``data_version``)."""
        self._content = (self._content + content_sum(ids)) % 2**64

    def commit(self, account: Account, files: Sequence[str]) -> None:
        """The moment the load happens: one rename."""
        if not account.balanced:
            raise AssertionError(f"lines are not accounted for: {account.as_json()}")
        record = {
            **account.as_json(),
            "reasons": json.dumps(dict(sorted(account.reasons.items()))),
            "load": self.id,
            "files": json.dumps(list(files), ensure_ascii=False),
            "content": f"{self._content:016x}",
        }
        write_whole(self._folder / COMMIT, json.dumps(record))
        self.committed = True


def write_part(table: str, rows: pa.Table, path: Path) -> None:
    """Rows of a fact table, without their month, as a Parquet file of it; cast to the table's schema."""
    own = pa.schema(field for field in TABLES[table] if field.name in rows.column_names)
    rows = rows.cast(_keeping_texts(own, rows.schema))
    bounds = [name for name in BOUNDED if name in rows.column_names]
    # without the Arrow schema a column is text to every reader, whether or not it came as a dictionary
    pq.write_table(rows, path, use_dictionary=REPEATED, write_statistics=bounds, row_group_size=131_072,
                   store_schema=False)  # fmt: skip


def _of_month(rows: pa.Table, month: int) -> pa.Table:
    """The rows of one month; where they stand together, as they mostly do, nothing is copied."""
    own = pc.equal(rows["month"], month)
    place = np.flatnonzero(own.to_numpy())
    if place[-1] - place[0] + 1 == len(place):
        return rows.slice(place[0], len(place))
    return rows.filter(own)


def _keeping_texts(wanted: pa.Schema, given: pa.Schema) -> pa.Schema:
    """The wanted schema with text as it is given: in a file all forms of it are the same."""
    forms = (pa.large_string(), pa.dictionary(pa.int32(), pa.string()))
    types = {field.name: field.type for field in given if field.type in forms}
    return pa.schema(
        field.with_type(types[field.name]) if field.type == pa.string() and field.name in types else field
        for field in wanted
    )


@contextmanager
def writing(floor: Floor) -> Iterator[None]:
    """Hold the floor's writer lock, having finished what a killed load left. Freed by the system if we die."""
    floor.facts.mkdir(exist_ok=True)
    with FileLock(str(floor.root / ".lock")):
        _recover(floor)
        yield


@contextmanager
def loading(floor: Floor, load_id: str) -> Iterator[Load]:
    """Collect one load and, if the block committed it, apply it. The caller holds ``writing``."""
    keep_zone(floor)
    folder = floor.facts / JOURNAL / load_id
    load = Load(folder, load_id)
    try:
        yield load
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    if load.committed:
        _apply(floor, folder)
    else:
        shutil.rmtree(folder)


def recover(floor: Floor) -> None:
    """Finish or discard what a killed process left; cheap when there is nothing."""
    left = (floor.facts / JOURNAL).exists() and any((floor.facts / JOURNAL).iterdir())
    if left or (floor.facts / exchange.FOLDER).exists():
        with writing(floor):
            pass


def _recover(floor: Floor) -> None:
    exchange.finish(floor)
    journal = floor.facts / JOURNAL
    for folder in sorted(journal.iterdir()) if journal.exists() else ():
        if (folder / COMMIT).exists():
            _apply(floor, folder)
        else:
            shutil.rmtree(folder)


def _apply(floor: Floor, folder: Path) -> None:
    """Append a committed journal entry to its tables, the ``loads`` row last, then forget the entry."""
    record = json.loads((folder / COMMIT).read_text(encoding="utf-8"))
    parts: dict[str, list[Path]] = {}
    for path in sorted(folder.glob("*.parquet")):
        parts.setdefault(path.name.split("-")[0], []).append(path)
    parts.pop("loads", None)  # written again below, last
    for table, paths in parts.items():
        _append(floor, table, paths, record["load"])
    row = pa.Table.from_pylist([record], schema=TABLES["loads"])
    receipt = folder / f"loads-{NO_MONTH}-00000.parquet"
    pq.write_table(row, receipt)
    _append(floor, "loads", [receipt], record["load"])
    shutil.rmtree(folder)


def _append(floor: Floor, table: str, paths: list[Path], load_id: str) -> None:
    """Add Parquet files to a Delta table exactly once, whatever happened before.

    The files become the table's own by a hard link; the journal keeps its names until everything is done.
    """
    target, schema = floor.facts / table, DeltaSchema.from_arrow(TABLES[table])
    once = CommitProperties(app_transactions=[Transaction(load_id, 1)])
    by = ["month"] if table in PARTITIONED else []
    if not DeltaTable.is_deltatable(str(target)):
        added = [_linked(target, path, load_id) for path in paths]
        create_table_with_add_actions(str(target), schema, added, partition_by=by, commit_properties=once)
        return
    delta = DeltaTable(str(target))
    if delta.transaction_version(load_id) is None:
        added = [_linked(target, path, load_id) for path in paths]
        delta.create_write_transaction(list(added), "append", schema, by, commit_properties=once)


def _linked(target: Path, path: Path, load_id: str) -> AddAction:
    """A staged file as a file of the table; one that a killed process linked already stays."""
    month = _month_of_part(path)
    folder = f"month={month}/" if month != NO_MONTH else ""
    name = f"{folder}{load_id}-{path.name.rsplit('-', 1)[1]}"
    (target / folder).mkdir(parents=True, exist_ok=True)
    if not (target / name).exists():
        try:
            os.link(path, target / name)
        except OSError:  # a file system without links
            partial = target / f"{name}.partial"
            shutil.copyfile(path, partial)
            partial.replace(target / name)
    values = {"month": str(month)} if folder else {}
    rows = pq.ParquetFile(path).metadata.num_rows
    return AddAction(name, path.stat().st_size, values, 0, data_change=True, stats=json.dumps({"numRecords": rows}))


def _month_of_part(path: Path) -> int:
    return int(path.name.split("-")[1])


def files_of(floor: Floor, table: str, months: Iterable[int] | None = None) -> list[str]:
    """The Parquet files that make up a fact table now, of some months if given. Paths, for any engine."""
    target = floor.facts / table
    if not DeltaTable.is_deltatable(str(target)):
        return []
    delta = DeltaTable(str(target))
    if months is None:
        return sorted(delta.file_uris())
    wanted = {f"month={month}" for month in months}  # the folder of a partition
    return sorted(path for path in delta.file_uris() if wanted & set(path.split("/")))


def scan(floor: Floor, table: str, months: Iterable[int] | None = None) -> pl.LazyFrame:
    """A fact table as a lazy frame, of some months if given; empty with the right columns if there is nothing."""
    files = files_of(floor, table, months)
    if not files:
        return pl.DataFrame(TABLES[table].empty_table()).lazy()
    hive = {"month": pl.Int32} if table in PARTITIONED else None
    frame = pl.scan_parquet(files, hive_partitioning=hive is not None, hive_schema=hive)
    return frame.select(TABLES[table].names)


def months_of_table(floor: Floor, table: str) -> list[int]:
    """The months a partitioned fact table has rows in."""
    target = floor.facts / table
    if not DeltaTable.is_deltatable(str(target)):
        return []
    return sorted({int(part["month"]) for part in DeltaTable(str(target)).partitions()})


def table_version(floor: Floor, table: str) -> int:
    """The Delta version of a fact table; -1 while it does not exist."""
    target = floor.facts / table
    return DeltaTable(str(target)).version() if DeltaTable.is_deltatable(str(target)) else -1


def load_report(floor: Floor, load_id: str) -> Account | None:
    """The report of a load that happened, or None."""
    rows = scan(floor, "loads").filter(pl.col("load") == load_id).collect().to_dicts()
    if not rows:
        return None
    row = rows[0]
    names = ("source", "lines", "loaded", "duplicates", "ignored", "quarantined")
    return Account(**{name: row[name] for name in names}, reasons=json.loads(row["reasons"]))


def data_version(floor: Floor) -> str:
    """A digest of everything loaded, independent of the order and the split of loads.

    The sum of the 64-bit content digests of all loads, by source; 16 hex digits of its SHA-256.
    """
    recover(floor)
    sums: dict[str, int] = {}
    for row in scan(floor, "loads").select("source", "content").collect().iter_rows():
        sums[row[0]] = (sums.get(row[0], 0) + int(row[1], 16)) % 2**64
    text = json.dumps({source: f"{value:016x}" for source, value in sorted(sums.items()) if value})
    return hashlib.sha256(text.encode()).hexdigest()[:16]
