"""Measuring tables written by hand or drawn at random, without facts: what a test does not say is plain."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from onefloor.metrics.prepared import Names, Prepared
from onefloor.metrics.tables import MEASURING, NAMED, NO_REPEAT_MS, TENURE_BANDS
from onefloor.periods import MS_PER_DAY, Month, clock, day_of, month_of_day

Row = Mapping[str, Any]
NAMES = Names(
    {
        "agent": {"1001": 1, "2001": 2, "2002": 3},
        "company": {"North": 1, "South": 2},
        "employment": {"own": 1, "outsourced": 2},
        "site": {"Harbin": 1, "Xi'an": 2},
        "team": {"A": 1, "B": 2},
        "tenure": {name: number for number, (_, name) in enumerate(TENURE_BANDS, 1)},
        "queue": {"tax": 1, "water": 2},
        "skill": {"bills": 1},
        "topic": {"new": 1, "moved": 2},
        "channel": {"voice": 1, "chat": 2},
        "duty": {"forecast": 1, "answer": 2},
    }
)
END_OF_NOVEMBER = Month(2026, 12).days.start * MS_PER_DAY


def common(row_id: int, start_ms: int) -> dict[str, Any]:
    """The common columns of a row in UTC."""
    day, within = divmod(start_ms, MS_PER_DAY)
    date = day_of(day)
    year, week, weekday = date.isocalendar()
    return {
        "row_id": row_id, "start_ms": start_ms, "day": day, "month": month_of_day(day).id, "week": year * 100 + week,
        "weekday": weekday, "hour": within // 3_600_000, "interval": within // 1_800_000, **dict.fromkeys(NAMED, 0),
    }  # fmt: skip


def full_row(table: str, row_id: int, row: Row) -> dict[str, Any]:
    """A row in which names are given as names and what is not given is False, 0 or, where it may be, missing."""
    start_ms = row.get("start_ms", END_OF_NOVEMBER - 10 * MS_PER_DAY)
    held = {name: NAMES.id(name, value) if isinstance(value, str) else value for name, value in row.items()}
    plain = {field.name: False if pa.types.is_boolean(field.type) else 0 for field in MEASURING[table]}
    missing = {name: None for name in plain if name.endswith("_after_ms") or name == "late_ms"}
    never = {name: NO_REPEAT_MS for name in plain if name.startswith("gap_")}
    return {**plain, **missing, **never, **common(row_id, start_ms), **held}


def prepared_of(
    root: Path, tables: Mapping[str, Sequence[Row]], watermark_ms: int = END_OF_NOVEMBER + 60 * MS_PER_DAY
) -> Prepared:
    """Write the rows as measuring tables, a file a month, and return what can be measured."""
    files: dict[str, dict[int, tuple[str, ...]]] = {}
    for table, rows in tables.items():
        full = [full_row(table, number, row) for number, row in enumerate(rows, 1)]
        for month in sorted({row["month"] for row in full}):
            path = root / "derived" / table / f"month={month}" / "rows.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            chosen = [row for row in full if row["month"] == month]
            pq.write_table(pa.Table.from_pylist(chosen, schema=MEASURING[table]), path)
            files.setdefault(table, {})[month] = (str(path),)
    return Prepared(root, files, NAMES, clock("UTC"), watermark_ms, "0123456789abcdef")


def random_tables(seed: int, rows: int) -> dict[str, list[dict[str, Any]]]:
    """Every measuring table, with missing values where the schema has them, over three months."""
    chance = random.Random(seed)
    return {table: [_random_row(chance, table) for _ in range(rows)] for table in MEASURING}


def _random_row(chance: random.Random, table: str) -> dict[str, Any]:
    start = Month(2026, 9).days.start * MS_PER_DAY
    row: dict[str, Any] = {"start_ms": start + chance.randrange(91 * MS_PER_DAY)}
    for field in MEASURING[table]:
        if field.name in NAMED or field.name == "duty":
            row[field.name] = chance.randrange(len(NAMES.ids[field.name]) + 1)
        elif field.name not in common(0, 0):
            row[field.name] = _random_value(chance, field)
    return row


def _random_value(chance: random.Random, field: pa.Field) -> Any:
    if field.nullable and chance.random() < 0.2:
        return None
    if pa.types.is_boolean(field.type):
        return chance.random() < 0.5
    if field.name in ("score", "outcome"):
        return chance.randint(1, 5)
    if field.name.endswith("_after_ms") or field.name.startswith("gap_"):
        return chance.randrange(40 * MS_PER_DAY)
    return chance.choice([0, 1, 4_999, 5_000, 5_001, 20_000, 20_001, chance.randrange(2**30)])
