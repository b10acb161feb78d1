"""The facts as they count now: of every group the rows of its highest revision, and a signature of every month."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
from deltalake import DeltaTable

from onefloor.facts.schemas import PARTITIONED, TABLES
from onefloor.floor import Floor
from onefloor.metrics.preparing.state import Revised, State, write_rows

DERIVABLE = (
    "contacts", "rings", "agent_states", "surveys", "sales", "complaints", "evaluations", "shifts", "forecasts",
    "duties", "roster",
)  # fmt: skip
NO_MONTH = 0  # where an unpartitioned table keeps its rows
SUPERSEDED = {"group_id": pl.Int64(), "month": pl.Int32(), "newest": pl.Int64()}


@dataclass(frozen=True, slots=True)
class Facts:
    """One fact table: its files by month, and the groups of which a month holds rows that no longer count."""

    table: str
    files: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    superseded: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SUPERSEDED))

    ends: Mapping[int, int] = field(default_factory=dict)
    signatures: Mapping[int, str] = field(default_factory=dict)

    def latest_end_ms(self, month: int) -> int:
        """The latest ``ended_ms`` of the month's rows, counting or not, where the table has one; else 0."""
        return self.ends.get(month, 0)

    @property
    def months(self) -> list[int]:
        """The months that have rows, counting or not."""
        return sorted(self.files)

    def signature(self, month: int) -> str:
        """Changes whenever the rows of that month that count may have changed; empty without rows."""
        return self.signatures.get(month, "")

    def rows(self, months: Iterable[int], columns: Sequence[str]) -> pl.DataFrame:
        """Those columns of the rows that count, of those months."""
        found = [self._month(month, columns) for month in months if month in self.files]
        schema = pl.DataFrame(TABLES[self.table].empty_table()).select(columns).schema
        return pl.concat(found) if found else pl.DataFrame(schema=schema)

    def _month(self, month: int, columns: Sequence[str]) -> pl.DataFrame:
        rows = pl.scan_parquet(list(self.files[month]), hive_partitioning=False)
        gone = self.superseded.filter(pl.col("month") == month).select("group_id", "newest")
        if gone.height:
            rows = rows.join(gone.lazy(), on="group_id", how="left")
            rows = rows.filter(pl.col("newest").is_null() | (pl.col("revision") == pl.col("newest")))
        wanted = [pl.lit(month, pl.Int32).alias("month") if name == "month" else pl.col(name) for name in columns]
        return rows.select(wanted).collect()


def digest(content: object) -> str:
    """16 hex digits that identify JSON-like content."""
    return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()[:16]


def read_facts(floor: Floor, table: str, state: State) -> Facts:
    """One fact table as it is now; updates what ``state`` knows of its superseded groups."""
    target = floor.facts / table
    if not DeltaTable.is_deltatable(str(target)):
        return Facts(table)
    actions = pl.DataFrame(DeltaTable(str(target)).get_add_actions(flatten=True))
    month = pl.col("partition.month").cast(pl.Int32) if table in PARTITIONED else pl.lit(NO_MONTH, pl.Int32)
    actions = actions.select("path", month.alias("month")).sort("path")
    bounds = [_bounds(target / path) for path in actions["path"]]
    names = ("oldest", "newest", "end")
    actions = actions.hstack(pl.DataFrame(bounds, schema=dict.fromkeys(names, pl.Int64), orient="row"))
    files: dict[int, tuple[str, ...]] = {}
    for path, month_id in actions.select("path", "month").iter_rows():
        files[month_id] = (*files.get(month_id, ()), str(target / path))
    ends = actions.filter(pl.col("end") > 0).group_by("month").agg(pl.col("end").max())
    superseded = _superseded(floor, Facts(table, files), actions, state)
    signatures = {month_id: _signature(names, superseded, month_id) for month_id, names in files.items()}
    return Facts(table, files, superseded, dict(ends.rows()), signatures)


def _bounds(path: Path) -> tuple[int, int, int]:
    """Lowest and highest revision of a file and its latest ``ended_ms`` (0 without one), from the Parquet footer.

    Read from the rows where a footer does not say.
    """
    metadata = pq.read_metadata(path)
    columns = {metadata.schema.column(place).name: place for place in range(metadata.num_columns)}
    groups = [metadata.row_group(group) for group in range(metadata.num_row_groups)]

    def bounds(name: str) -> tuple[int, int]:
        found = [group.column(columns[name]).statistics for group in groups]
        if found and all(each is not None and each.has_min_max for each in found):
            return min(each.min for each in found), max(each.max for each in found)
        values = pl.read_parquet(path, columns=[name], hive_partitioning=False)[name].drop_nulls()
        return (int(values.min()), int(values.max())) if len(values) else (0, 0)  # type: ignore[arg-type]

    return (*bounds("revision"), bounds("ended_ms")[1] if "ended_ms" in columns else 0)


def _signature(files: Sequence[str], superseded: pl.DataFrame, month: int) -> str:
    gone = superseded.filter(pl.col("month") == month).select("group_id", "newest").sort("group_id")
    return digest([sorted(Path(file).name for file in files), hashlib.sha256(gone.to_numpy().tobytes()).hexdigest()])


def _superseded(floor: Floor, facts: Facts, actions: pl.DataFrame, state: State) -> pl.DataFrame:
    """Groups with rows of an older revision. Only new files are searched, and none while all revisions are equal."""
    if actions["oldest"].min() == actions["newest"].max():
        state.revised.pop(facts.table, None)
        return pl.DataFrame(schema=SUPERSEDED)
    before = state.revised.get(facts.table, Revised())
    path = floor.derived / before.file
    names = sorted(actions["path"].to_list())
    if not set(before.seen) <= set(names) or (before.file and not path.is_file()):
        before = Revised()
    known = pl.read_parquet(path) if before.file else pl.DataFrame(schema=SUPERSEDED)
    new = set(names) - set(before.seen)
    if not new:
        return known
    found = _search(facts, {str(floor.facts / facts.table / name) for name in new}, known)
    name = f"superseded/{facts.table}-{digest(names)}.parquet" if found.height else ""
    if name:
        write_rows(floor.derived, name, found)
    state.revised[facts.table] = Revised(names, name)
    return found


def _search(facts: Facts, new: set[str], known: pl.DataFrame) -> pl.DataFrame:
    """Add to the known superseded groups those that the new files touch."""
    columns = ("group_id", "revision")
    touched = pl.scan_parquet(sorted(new), hive_partitioning=False).select("group_id").unique().collect()
    parts = [
        pl.scan_parquet(list(files), hive_partitioning=False)
        .select(*columns, pl.lit(month, pl.Int32).alias("month"))
        .join(touched.lazy(), on="group_id", how="semi")
        .unique()
        .collect()
        for month, files in facts.files.items()
    ]
    rows = pl.concat(parts)
    several = rows.group_by("group_id").agg(pl.col("revision").max().alias("newest"), pl.col("revision").min())
    several = several.filter(pl.col("revision") < pl.col("newest")).select("group_id", "newest")
    older = rows.join(several, on="group_id").filter(pl.col("revision") < pl.col("newest"))
    found = older.select(pl.col("group_id"), pl.col("month"), pl.col("newest")).unique()
    return pl.concat([known.join(touched, on="group_id", how="anti"), found]).sort("month", "group_id")
