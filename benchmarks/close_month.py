"""What closing a month costs: prepare five months, load the sixth, prepare again; then all six from nothing.

    python benchmarks/close_month.py [legs in all, default 3000000]

Prints CPU seconds (user + system, all threads) of each and the ratio that counts: closing against preparing all six.
The facts are drawn from a fixed seed and written through the journal, like any load's.
"""

from __future__ import annotations

import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa

from onefloor.facts.schemas import TABLES
from onefloor.facts.store import Account, loading, writing
from onefloor.floor import Floor, create_floor, open_floor
from onefloor.metrics.prepare import prepare
from onefloor.periods import Month, day_id, day_of

MONTHS = [Month(2026, month) for month in range(1, 7)]
AGENTS, QUEUES, TOPICS, CUSTOMERS = 1_280, 40, 60, 2_600_000
TRANSFERRED, ANSWERED = 0.067, 0.93


def contacts(floor: Floor, month: Month, count: int) -> pa.Table:
    """Contact legs of one month, some transferred once, in the order in which a PBX would end them."""
    chance = np.random.default_rng(month.id)
    start, end = (floor.clock.start_of_day_ms(day) for day in (month.days.start, month.days.end))
    queued = np.sort(chance.integers(start, end - 7_200_000, count))
    follows = chance.random(count) < TRANSFERRED
    follows[0] = False
    number = np.cumsum(~follows)
    first = np.flatnonzero(~follows)[number - 1]
    leg = np.arange(count) - first + 1
    queued = np.where(follows, queued[first] + 400_000 * (leg - 1), queued)
    answered = (chance.random(count) < ANSWERED) | np.append(follows[1:], [False])
    wait = chance.exponential(20_000, count).astype(np.int64)
    talk = np.where(answered, chance.exponential(180_000, count).astype(np.int64), 0)
    customer = chance.integers(1, CUSTOMERS, count)[first] * 7919
    row = month.id * 10**9 + np.arange(count)
    frame = pl.DataFrame(
        {
            "row_id": row,
            "group_id": row,
            "contact": pl.Series(month.id * 10**9 + number).cast(pl.String),
            "leg": leg,
            "started_ms": queued,
            "queued_ms": queued,
            "answered_ms": queued + wait,
            "ended_ms": queued + wait + talk,
            "wait_ms": wait,
            "ring_ms": np.minimum(wait, 4_000),
            "talk_ms": talk,
            "hold_ms": talk // 10,
            "wrap_ms": np.where(answered, 15_000, 0),
            "customer": customer,
            "queue": pl.Series(chance.integers(0, QUEUES, count)[first]).cast(pl.String),
            "topic": pl.Series(chance.integers(0, TOPICS, count)[first]).cast(pl.String),
            "agent": pl.Series(1_000 + chance.integers(0, AGENTS, count)).cast(pl.String),
            "took": answered,
        }
    )
    none_unless_answered = [pl.when("took").then(name).alias(name) for name in ("answered_ms", "agent")]
    frame = frame.with_columns(
        *none_unless_answered, outcome=pl.when("took").then(pl.lit("answered")).otherwise(pl.lit("abandoned"))
    )
    return as_facts("contacts", frame, month, channel="voice", direction="in", rings_unanswered=0)


def states(floor: Floor, month: Month, legs: pa.Table) -> pa.Table:
    """Agents' states: talking and wrapping up as the legs say, and available from nine to five."""
    taken = pl.DataFrame(legs).filter(pl.col("outcome") == "answered")
    ends = pl.col("answered_ms") + pl.col("talk_ms")
    talk = taken.select("agent", state=pl.lit("talk"), started_ms="answered_ms", ended_ms=ends)
    wrap = taken.select("agent", state=pl.lit("wrap"), started_ms=ends, ended_ms=ends + pl.col("wrap_ms"))
    days = pl.DataFrame({"day": [floor.clock.start_of_day_ms(day) for day in range(month.days.start, month.days.end)]})
    available = (
        taken.select(pl.col("agent").unique())
        .join(days, how="cross")
        .select(
            "agent",
            state=pl.lit("available"),
            started_ms=pl.col("day") + 32_400_000,
            ended_ms=pl.col("day") + 61_200_000,
        )
    )
    frame = pl.concat([talk, wrap, available]).with_row_index("n")
    numbered = frame.with_columns(row_id=pl.col("n").cast(pl.Int64) + month.id * 10**9).drop("n")
    return as_facts("agent_states", numbered.with_columns(group_id="row_id"), month)


def roster() -> pa.Table:
    """Three companies; one agent in ten changes team in April."""
    rows = []
    for agent in range(AGENTS):
        change = day_id(day_of(Month(2026, 4).days.start))
        spans = [(0, change), (change, None)] if agent % 10 == 0 else [(0, None)]
        for nth, (first, until) in enumerate(spans):
            rows.append({
                "row_id": agent * 2 + nth, "group_id": agent, "agent": str(1_000 + agent), "employment": "own",
                "company": ("Own", "North", "South")[agent % 3], "site": "A", "team": str((agent + nth) % 96),
                "from_day": first, "until_day": until,
            })  # fmt: skip
    schema = {"until_day": pl.Int32}
    return as_facts("roster", pl.DataFrame(rows, schema_overrides=schema, infer_schema_length=None), MONTHS[0])


def as_facts(table: str, frame: pl.DataFrame, month: Month, **constant: object) -> pa.Table:
    """Fill provenance and constants, and put the columns into the table's order and types."""
    fixed = {"revision": 0, "digest": 0, "source": "drawn", "file": "drawn", "line": 1, "load": "", "month": month.id}
    frame = frame.with_columns(**{name: pl.lit(value) for name, value in (fixed | constant).items()})
    missing = [pl.lit(None).alias(name) for name in TABLES[table].names if name not in frame.columns]
    return frame.with_columns(missing).select(TABLES[table].names).to_arrow().cast(TABLES[table])


def load(floor: Floor, name: str, **tables: pa.Table) -> None:
    """One load, through the journal."""
    rows = sum(table.num_rows for table in tables.values())
    with writing(floor), loading(floor, name) as stage:
        for table, given in tables.items():
            stage.add(table, given)
        stage.count_content(np.array([len(name)], dtype=np.int64))
        stage.commit(Account("drawn", lines=rows, loaded=rows), [name])


def load_month(floor: Floor, month: Month, count: int) -> None:
    """The facts of one month."""
    legs = contacts(floor, month, count)
    load(floor, f"m{month.id}", contacts=legs, agent_states=states(floor, month, legs))


def cost(act: Callable[[], object]) -> tuple[float, float]:
    """CPU and wall seconds of an act."""
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    act()
    after = resource.getrusage(resource.RUSAGE_SELF)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.perf_counter() - began


def main(count: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        root = create_floor(Path(folder) / "floor", timezone="Asia/Shanghai").root
        floor = open_floor(root)
        load(floor, "roster", roster=roster())
        for month in MONTHS[:-1]:
            load_month(floor, month, count // len(MONTHS))
        report("months 1-5, from nothing", cost(lambda: prepare(floor)))
        load_month(floor, MONTHS[-1], count // len(MONTHS))
        closing = report("month 6 closed", cost(lambda: prepare(floor)))
        report("nothing changed", cost(lambda: prepare(floor)))
        shutil.rmtree(floor.derived)
        whole = report("months 1-6, from nothing", cost(lambda: prepare(floor)))
        print(f"{'ratio of CPU':<28}{closing / whole:8.3f}   1/{whole / closing:.1f}")
        print(f"{'peak memory, loads included':<28}{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024:8d} MB")


def report(what: str, seconds: tuple[float, float]) -> float:
    """Print a line; the CPU seconds."""
    print(f"{what:<28}{seconds[0]:8.2f} CPU s {seconds[1]:8.2f} s", flush=True)
    return seconds[0]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3_000_000)
