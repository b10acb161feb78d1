"""A compiled definition against hand-written SQL of the same shape, and against merely decoding its columns.

python benchmarks/definition.py [rows]     generated legs, six months; CPU seconds, best of seven, ratios of one run
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from onefloor.metrics.engines.duck import reader
from onefloor.metrics.measure import measure
from onefloor.metrics.prepared import Names, Prepared
from onefloor.metrics.tables import LEGS
from onefloor.periods import MS_PER_DAY, Month, clock

METRICS = ["service_level", "service_level:formula=F3", "abandonment", "asa", "aht", "transfers"]
COLUMNS = ["company", "team", "month", "offered", "answered", "abandoned", "transferred", "wait_ms", "handle_ms"]
HAND = """
SELECT company, team, month,
       count_if(offered AND answered AND wait_ms <= 20000),
       count_if(offered AND (answered OR abandoned AND wait_ms > 20000)),
       count_if(offered AND (answered OR abandoned)), count_if(offered AND abandoned), count_if(offered),
       sum(CASE WHEN offered AND answered THEN wait_ms ELSE 0 END), count_if(offered AND answered),
       sum(CASE WHEN answered THEN handle_ms ELSE 0 END), count_if(answered), count_if(answered AND transferred)
FROM {} GROUP BY ALL"""


def generated(root: Path, rows: int) -> Prepared:
    """Six months of legs of 96 teams and three companies, without anything that needs facts."""
    chance, files = np.random.default_rng(1), {}
    for month in (Month(2026, number) for number in range(1, 7)):
        count, days = rows // 6, month.days
        start = np.sort(chance.integers(days.start * MS_PER_DAY, days.end * MS_PER_DAY, count))
        answered, team = chance.random(count) < 0.92, chance.integers(1, 97, count)
        given = {
            "start_ms": start, "day": start // MS_PER_DAY, "month": np.full(count, month.id), "team": team,
            "company": team % 3 + 1, "offered": np.ones(count, bool), "answered": answered, "abandoned": ~answered,
            "transferred": chance.random(count) < 0.07, "wait_ms": chance.exponential(18_000, count).astype(np.int64),
            "handle_ms": chance.exponential(240_000, count).astype(np.int64) * answered,
        }  # fmt: skip
        columns = [pa.array(given.get(field.name, np.zeros(count, int))).cast(field.type) for field in LEGS]
        path = root / f"{month.id}.parquet"
        pq.write_table(pa.Table.from_arrays(columns, schema=LEGS), path, compression="zstd", row_group_size=122_880)
        files[month.id] = (str(path),)
    watermark_ms = (Month(2026, 7).days.end + 40) * MS_PER_DAY
    return Prepared(root, {"legs": files}, Names(), clock("UTC"), watermark_ms, "")


def cpu_seconds(*acts: Callable[[], object]) -> list[float]:
    """The least CPU time of seven runs of each, of all threads; in turn, so that a noisy moment meets all alike."""
    spent: list[list[float]] = [[] for _ in acts]
    for _ in range(7):
        for times, act in zip(spent, acts, strict=True):
            before = os.times()
            act()
            after = os.times()
            times.append(after.user + after.system - before.user - before.system)
    return [min(times) for times in spent]


def main(rows: int) -> None:
    """Measure and print the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        prepared = generated(Path(folder), rows)
        files = reader(tuple(prepared.paths("legs")))
        decode = f"SELECT {', '.join(f'max({name})' for name in COLUMNS)} FROM {files}"
        compiled, by_hand, decoding = cpu_seconds(
            lambda: measure(prepared, METRICS, ["company", "team", "month"]),
            lambda: duckdb.connect().execute(HAND.format(files)).fetchall(),
            lambda: duckdb.connect().execute(decode).fetchall(),
        )
    print(f"compiled {compiled:.2f} s, by hand {by_hand:.2f} s, decoding {decoding:.2f} s of CPU; {rows:,} legs")
    print(f"compiled / by hand {compiled / by_hand:.2f}, compiled / decoding {compiled / decoding:.2f}")


if __name__ == "__main__":
    main(int(float(sys.argv[1])) if len(sys.argv) > 1 else 10_000_000)
