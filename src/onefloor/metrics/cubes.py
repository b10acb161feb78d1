"""Daily cubes: every atom of the catalogue's default metrics per day, company, employment, site, team, queue and skill.

A cube is a Parquet file a month and table, named by the digest of what it was built from: the measuring files, the
grain and the atoms. A cube whose name is there is current; nothing else has to be remembered, a killed build leaves
only a temporary file, and a month whose measuring files did not change is not built again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import Final

import polars as pl
import pyarrow as pa

from onefloor.facts.files import Progress, no_progress
from onefloor.facts.identity import stable_id
from onefloor.floor import Floor
from onefloor.metrics import catalogue
from onefloor.metrics.engines import Aggregate, DuckDB, Engine, Sum
from onefloor.metrics.expressions import columns_of
from onefloor.metrics.metric import Atom
from onefloor.metrics.prepared import Prepared
from onefloor.metrics.tables import MEASURING

CALENDAR: Final = ("day", "month", "week", "weekday")  # all follow from the day
NAMES: Final = ("company", "employment", "site", "team", "queue", "skill")
GRAIN: Final = (*CALENDAR, *NAMES)
FORMAT: Final = 1  # part of every digest: a changed layout rebuilds


@dataclass(frozen=True, slots=True)
class Cubes:
    """The cubes of a floor: by measuring file the cube that replaces it, and the column of every sum they hold."""

    cube_of: Mapping[str, str]
    columns: Mapping[str, Mapping[Sum, str]]

    def rewritten(self, query: Aggregate) -> Aggregate | None:
        """The same query over the cubes; None if they cannot answer all of it, or do not know its files."""
        held = self.columns.get(query.table, {})
        needed = {*query.by, *(columns_of(query.where) if query.where else ())}
        cubes = {self.cube_of.get(file) for file in query.files}
        covered = {file for file, cube in self.cube_of.items() if cube in cubes}
        if None in cubes or covered != set(query.files):
            return None
        if not needed <= set(GRAIN) or not all(part in held for part in query.sums):
            return None
        return replace(
            query,
            schema=_schema(held),
            files=tuple(sorted(cube for cube in cubes if cube)),
            sums=tuple(Sum("", held[part]) for part in query.sums),
        )


def build_cubes(
    floor: Floor, prepared: Prepared, *, engine: Engine | None = None, progress: Progress = no_progress
) -> Cubes:
    """Bring the cubes up to date and return them: only months whose measuring files changed are built.

    Args:
        floor: cubes live under its ``derived/cubes``.
        prepared: the measuring tables; they are read and never changed.
        engine: DuckDB if left out.
        progress: told how many months are done.
    """
    columns, used = _columns(), engine or DuckDB()
    places = list(_places(floor, prepared, columns))
    for done, (table, month, path) in enumerate(places):
        progress(done, len(places))
        if not path.exists():
            _build(prepared, table, month, columns[table], path, used)
        _remove_others(path)
    progress(len(places), len(places))
    return current_cubes(floor, prepared)


def current_cubes(floor: Floor, prepared: Prepared) -> Cubes:
    """The cubes that are there and current; nothing is built. What they do not cover is measured from rows."""
    columns = _columns()
    cube_of: dict[str, str] = {}
    for table, month, path in _places(floor, prepared, columns):
        if path.exists():
            cube_of |= dict.fromkeys(prepared.files[table][month], str(path))
    return Cubes(cube_of, columns)


def _places(
    floor: Floor, prepared: Prepared, columns: Mapping[str, Mapping[Sum, str]]
) -> Iterator[tuple[str, int, Path]]:
    """Every table and month that has rows, and where its cube lies if it is current."""
    for table, held in columns.items():
        for month in prepared.files.get(table, {}):
            yield table, month, _path(floor, prepared, table, month, held)


def _columns() -> dict[str, dict[Sum, str]]:
    """Every sum that metrics at their defaults need, by table, with a name that follows from the sum alone."""
    found: dict[str, dict[Sum, str]] = {}
    for name in catalogue.names():
        metric = catalogue.metric(name)
        for side in (metric.numerator, metric.denominator):
            if isinstance(side, Atom):
                wanted = Sum(side.where, side.sum)
                found.setdefault(side.table, {})[wanted] = column_of(wanted)
    return found


def column_of(wanted: Sum) -> str:
    """The column that holds a sum: its name follows from the sum alone."""
    return f"a{stable_id(wanted.where + '|' + (wanted.of or '')):016x}"


def daily_sums(prepared: Prepared, table: str, month: int, columns: Mapping[Sum, str], engine: Engine) -> pl.DataFrame:
    """Sums over the rows of one month, a row for each day and combination of names there is; in order."""
    query = Aggregate(table, MEASURING[table], prepared.files[table][month], GRAIN, "", tuple(columns))
    answer = engine.aggregate(query, prepared.names.id)
    renamed = dict(zip((f"s{number}" for number in range(len(columns))), columns.values(), strict=True))
    return answer.rename(renamed).with_columns(pl.col(*GRAIN).cast(pl.Int32)).sort(GRAIN)


def _schema(columns: Mapping[Sum, str]) -> pa.Schema:
    return pa.schema(
        [*(pa.field(name, pa.int32()) for name in GRAIN), *(pa.field(c, pa.int64()) for c in columns.values())]
    )


def _path(floor: Floor, prepared: Prepared, table: str, month: int, columns: Mapping[Sum, str]) -> Path:
    """Where the cube of a month lies if it is current."""
    parts = [str(FORMAT), *GRAIN, *sorted(columns.values())]
    for file in prepared.files[table][month]:
        state = Path(file).stat()
        parts.append(f"{Path(file).name} {state.st_size} {state.st_mtime_ns}")
    digest = blake2b("\n".join(parts).encode(), digest_size=12).hexdigest()
    return floor.derived / "cubes" / table / f"month={month}" / f"{digest}.parquet"


def _build(prepared: Prepared, table: str, month: int, columns: Mapping[Sum, str], path: Path, engine: Engine) -> None:
    cube = daily_sums(prepared, table, month, columns, engine)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".part")
    cube.write_parquet(temporary, compression="zstd", statistics=True)
    temporary.replace(path)  # atomic: a cube is there as a whole or not at all


def _remove_others(path: Path) -> None:
    for other in path.parent.iterdir():
        if other != path:
            other.unlink(missing_ok=True)
