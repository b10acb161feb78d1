"""A fair comparison of ten million contacts in Parquet: against its own group by, and against regression on the rows.

    python benchmarks/insight_speed.py [--contacts 10000000] [--quick] [--data FOLDER] [--json]

1,200 agents of two companies, 86,400 possible cells. Three ways, each in a process of its own, CPU seconds of all
threads, user and system:

- the group by alone: DuckDB's answer to the one query of the comparison, as it comes;
- the comparison: ``compare`` from the files to its two lines, agent jackknife included;
- the rows: pyfixest (linear, fixed effects for each kind of work, errors by agent) after reading the columns it needs;
  its first call on a small sample, which compiles, is not counted.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from generated import best, cpu_seconds, in_a_process, peak_mb
from onefloor.insight.fair.asked import Asked
from onefloor.insight.fair.comparing import compare
from onefloor.metrics import catalogue
from onefloor.metrics.engines import DuckDB, Sum
from onefloor.metrics.expressions import both
from onefloor.metrics.grouping import Ask
from onefloor.metrics.measure import aggregate
from onefloor.metrics.metric import Atom
from onefloor.metrics.prepared import Names, Prepared
from onefloor.metrics.tables import MEASURING, NAMED, NO_REPEAT_MS, TENURE_BANDS
from onefloor.periods import MS_PER_DAY, Month, clock

METRIC = "fcr:within=7d"
MONTH = Month(2026, 10)
AGENTS, QUEUES, TOPICS, HOURS = 1_200, 6, 3, 4
BLOCK = 1_000_000
BY = ("agent", "company", "team", "tenure", "queue", "topic", "channel", "hour", "month")
LEVELS = {"agent": AGENTS, "company": 2, "team": 60, "tenure": len(TENURE_BANDS), "queue": QUEUES, "topic": TOPICS}
RUNS = 3


def names() -> Names:
    """Names for the ids."""
    plain = {name: {f"{name} {i}": i for i in range(1, LEVELS.get(name, 1) + 1)} for name in NAMED}
    return Names(
        {**plain, "company": {"Own": 1, "North": 2}, "tenure": {n: i for i, (_, n) in enumerate(TENURE_BANDS, 1)}}
    )


def made(folder: Path, contacts: int) -> Path:
    """The contacts as a measuring table, in row groups as the floor writes them; made once."""
    path = folder / f"contacts-{contacts}.parquet"
    if not path.exists():
        rng = np.random.default_rng(5)
        gifts, tenures = rng.normal(0, 0.25, AGENTS), rng.integers(1, len(TENURE_BANDS) + 1, AGENTS)
        with pq.ParquetWriter(path.with_suffix(".new"), MEASURING["contacts"], compression="zstd") as writer:
            for start in range(0, contacts, BLOCK):
                writer.write_table(_block(rng, start, min(BLOCK, contacts - start), gifts, tenures))
        path.with_suffix(".new").rename(path)
    return path


def _block(rng: np.random.Generator, start: int, size: int, gifts: np.ndarray, tenures: np.ndarray) -> pa.Table:
    agent = rng.integers(0, AGENTS, size)
    company = 1 + (agent % 3 > 0)
    queue = np.minimum(rng.poisson(0.5 + company), QUEUES - 1) + 1
    topic, hour = rng.integers(1, TOPICS + 1, size), rng.integers(0, HOURS, size)
    tenure = tenures[agent]
    eta = 1.9 - 0.3 * queue - 0.1 * hour - 0.2 * topic + 0.1 * tenure - 0.1 * (company == 2) + gifts[agent]
    resolved = rng.random(size) < 1 / (1 + np.exp(-eta))
    day = MONTH.days.start + rng.integers(0, 31, size)
    held: dict[str, Any] = {
        "row_id": np.arange(start, start + size), "start_ms": day * MS_PER_DAY + hour * 21_600_000, "day": day,
        "month": np.full(size, MONTH.id), "hour": hour * 6, "interval": hour * 12, "agent": agent + 1,
        "company": company, "team": agent % 60 + 1, "tenure": tenure, "queue": queue, "topic": topic,
        "channel": np.ones(size), "identified": np.ones(size, bool), "customer": rng.integers(1, 2**40, size),
        "gap_topic_ms": np.where(resolved, NO_REPEAT_MS, MS_PER_DAY),
    }  # fmt: skip
    schema = MEASURING["contacts"]
    arrays = [pa.array(held.get(f.name, np.zeros(size)).astype(f.type.to_pandas_dtype()), f.type) for f in schema]
    return pa.table(arrays, schema=schema)


def prepared(path: Path) -> Prepared:
    """The file as something that can be measured."""
    files = {"contacts": {MONTH.id: (str(path),)}, "legs": {MONTH.id: (str(path),)}}
    return Prepared(path.parent, files, names(), clock("UTC"), MONTH.days.end * MS_PER_DAY * 2, "benchmark")


def group_by(path: Path) -> Callable[[], int]:
    """The comparison's one query, run by the same engine."""
    held, engine, metric = prepared(path), DuckDB(), catalogue.metric(METRIC)
    above, below = metric.numerator, metric.denominator
    assert isinstance(above, Atom)
    assert below is not None
    ask = Ask("contacts", BY, both("company in ('Own', 'North')"), (Sum(above.where), Sum(below.where)), ())
    return lambda: engine.aggregate(aggregate(ask, (str(path),)), held.names.id).height


def comparison(path: Path) -> Callable[[], list[float]]:
    """From the files to both lines."""
    asked = Asked(prepared(path), METRIC, ("Own", "North"), months=[MONTH], engine=DuckDB())

    def run() -> list[float]:
        (found,) = compare(asked)
        return [line.estimate.value for line in found.lines if line.estimate]

    return run


def rows(path: Path) -> Callable[[], list[float]]:
    """Regression on the contacts themselves."""
    import pandas as pd
    import pyfixest as pf

    def run(limit: int | None = None) -> list[float]:
        columns = ["agent", "company", "tenure", "queue", "topic", "hour", "gap_topic_ms"]
        table = pq.read_table(path, columns=columns)
        frame = pd.DataFrame({c: table[c].to_numpy() for c in columns} if limit is None else table[:limit].to_pandas())
        frame["y"] = (frame.pop("gap_topic_ms") > 7 * MS_PER_DAY).astype("float64")
        frame["theirs"] = (frame.pop("company") == 2).astype("float64")
        told = pf.feols("y ~ theirs + C(tenure) | queue^topic^hour", data=frame, vcov={"CRV1": "agent"})
        return [100 * float(told.coef()["theirs"]), 100 * float(told.se()["theirs"])]

    run(20_000)
    return run


PARTS: dict[str, Callable[[Path], Callable[[], Any]]] = {"group_by": group_by, "comparison": comparison, "rows": rows}


def part(name: str, path: Path) -> dict[str, Any]:
    """One way, measured in this process."""
    act = PARTS[name](path)
    if name == "rows":
        before = cpu_seconds()
        answer = act()
        return {"cpu": cpu_seconds() - before, "peak_mb": peak_mb(), "answer": answer}
    cpu, answer = best(act, RUNS)
    return {"cpu": cpu, "peak_mb": peak_mb(), "answer": answer}


def main() -> int:
    """Measure the three ways and print their ratios; 1 if a target is missed (``--quick`` has none)."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contacts", type=int, default=10_000_000)
    parser.add_argument("--quick", action="store_true", help="300,000 contacts; the ratios then mean little")
    parser.add_argument("--data", type=Path, help="folder to keep the contacts in; a temporary one without")
    parser.add_argument("--without-rows", action="store_true", help="leave the regression on rows out")
    parser.add_argument("--part", choices=sorted(PARTS), help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    if asked.part:
        print(json.dumps(part(asked.part, asked.data)))
        return 0
    contacts = 300_000 if asked.quick else asked.contacts
    with tempfile.TemporaryDirectory() as folder:
        path = made(asked.data or Path(folder), contacts)
        wanted = [name for name in PARTS if not (asked.without_rows and name == "rows")]
        told = {name: in_a_process("insight_speed.py", "--part", name, "--data", str(path)) for name in wanted}
    print(f"{contacts:,} contacts, {told['group_by']['answer']:,} cells")
    for name, one in told.items():
        print(f"{name:12s} {one['cpu']:8.2f} CPU s {one['peak_mb']:7,} MB   {one['answer']}")
    slower = told["comparison"]["cpu"] / told["group_by"]["cpu"]
    good = slower <= 1.5
    print(f"comparison / group by alone: {slower:.2f} (target <= 1.5)")
    if "rows" in told:
        ratio = told["rows"]["cpu"] / told["comparison"]["cpu"]
        memory = told["rows"]["peak_mb"] / told["comparison"]["peak_mb"]
        good = good and ratio >= 10
        print(f"comparison / rows: 1/{ratio:.1f} of the CPU (target <= 1/10), 1/{memory:.1f} of the memory")
    if asked.json:
        print(json.dumps(told))
    return 0 if good or asked.quick else 1


if __name__ == "__main__":
    raise SystemExit(main())
