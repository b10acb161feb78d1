"""Facts written row by row: what a test does not say of a row is filled with the plainest value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from onefloor.facts.identity import stable_id
from onefloor.facts.schemas import TABLES
from onefloor.facts.store import Account, loading, writing
from onefloor.floor import Floor, create_floor
from onefloor.metrics.prepared import Prepared
from onefloor.metrics.tables import NAMED
from onefloor.periods import day_id, day_of, instant_of

Row = Mapping[str, Any]
SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000
PLAIN: dict[str, dict[str, Any]] = {
    "contacts": {"leg": 1, "channel": "voice", "direction": "in", "outcome": "abandoned"},
    "rings": {"outcome": "answered"},
    "shifts": {"paid": True},
    "forecasts": {"minutes": 30, "locked_ms": 0},
    "roster": {"employment": "own", "from_day": 0},
}


def new_floor(folder: Path, timezone: str = "UTC", settings: str = "") -> Floor:
    """A floor with more settings appended to its floor.toml."""
    floor = create_floor(folder / "floor", timezone=timezone)
    return with_settings(floor, settings) if settings else floor


def with_settings(floor: Floor, settings: str) -> Floor:
    from onefloor.floor import open_floor

    file = floor.root / "floor.toml"
    file.write_text(file.read_text("utf-8") + settings, "utf-8")
    return open_floor(floor.root)


def at(floor: Floor, text: str) -> int:
    """Epoch ms of a local time such as ``2026-03-29 01:30`` (the earlier of two)."""
    return instant_of(datetime.fromisoformat(text), floor.timezone)


def full_row(floor: Floor, table: str, row: Row) -> dict[str, Any]:
    """A row with provenance; ``key`` names it, ``revision`` and ``group`` say what it replaces."""
    given = dict(row)
    key = given.pop("key", None) or f"{table} {sorted(given.items(), key=str)}"
    group = given.pop("group", key)
    full = dict.fromkeys(TABLES[table].names) | PLAIN.get(table, {}) | {"revision": 0} | given
    time = full.get("started_ms")
    local = day_of(floor.clock.day(time)) if time is not None else day_of(0)
    full |= {"file": "hand", "line": 1, "load": "", "month": local.year * 100 + local.month}
    full["source"] = given.get("source", "hand")
    full |= {"row_id": stable_id(str(key)), "group_id": stable_id(str(group)), "digest": stable_id(str(given))}
    return full


def load(floor: Floor, **tables: list[Row]) -> None:
    """One load of rows by table; the journal's own path onto the disk."""
    rows = {table: [full_row(floor, table, row) for row in given] for table, given in tables.items()}
    count = sum(map(len, rows.values()))
    ids = np.array([row["digest"] for given in rows.values() for row in given], dtype=np.int64)
    name = f"{stable_id(str(sorted(ids.tolist()))):016x}"
    with writing(floor), loading(floor, name) as stage:
        for table, given in rows.items():
            stage.add(table, pa.Table.from_pylist(given, schema=TABLES[table]))
        stage.count_content(ids)
        stage.commit(Account("hand", lines=count, loaded=count), ["hand"])


def stay(agent: str, company: str, start: str = "2020-01-01", until: str | None = None, **more: Any) -> Row:
    """A roster row with dates as text."""
    days = {"from_day": day_id(datetime.fromisoformat(start).date())}
    if until:
        days["until_day"] = day_id(datetime.fromisoformat(until).date())
    if hired := more.pop("hired", None):
        days["hired_day"] = day_id(datetime.fromisoformat(hired).date())
    return {"key": f"{agent} {start}", "group": agent, "agent": agent, "company": company} | days | more


def decoded(prepared: Prepared, table: str) -> pl.DataFrame:
    """All rows of a measuring table with names instead of ids, in file order."""
    paths = prepared.paths(table)
    if not paths:
        return pl.DataFrame()
    rows = pl.concat([pl.read_parquet(path, hive_partitioning=False) for path in paths])
    named = [name for name in (*NAMED, "duty") if name in rows.columns]
    for name in named:
        names = {0: ""} | prepared.names.of(name)
        rows = rows.with_columns(pl.col(name).replace_strict(list(names), list(names.values()), return_dtype=pl.String))
    return rows


def columns(prepared: Prepared, table: str, *names: str) -> list[tuple[Any, ...]]:
    """Some columns of a measuring table as tuples, in file order."""
    return decoded(prepared, table).select(names).rows()
