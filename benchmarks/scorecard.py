"""A scorecard of ten million contacts, four ways: readable SQL on raw rows, our rows, our cubes, merely decoding.

    python benchmarks/scorecard.py [--contacts 10000000] [--data FOLDER] [--json]

Sixteen metrics by company, team and month of a generated year. The raw layout is what a warehouse would hold: texts,
timestamps, company and team already on every row. Each way runs in a process of its own, the first run warms, the
best CPU time of the next counts, two threads. The four results must be equal to the last integer.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from generated import best, floor_of, in_a_process, peak_mb
from onefloor.facts.store import files_of
from onefloor.floor import Floor, open_floor
from onefloor.metrics.cubes import build_cubes
from onefloor.metrics.expressions import columns_of
from onefloor.metrics.measure import Measurement, measure
from onefloor.metrics.metric import Atom, Quantile
from onefloor.metrics.prepare import prepare

METRICS = (
    "service_level:formula=F4,within=20s", "abandonment", "short_abandonment", "connect_rate", "asa", "aht",
    "talk_time", "transfers", "fcr:within=7d", "repeat_rate:within=7d", "csat", "dsat", "response_rate",
    "complaints_per_10000", "conversion", "customer_critical_accuracy",
)  # fmt: skip
BY = ("company", "team", "month")
RUNS = {"naive": 2, "rows": 5, "decode": 5, "cubes": 7}
LOCAL_DAY = "(f.started_ms + 28800000) // 86400000"
RAW = ("contacts", "surveys", "sales", "complaints", "evaluations")
# Per metric the columns of the naive result that are its numerator and denominator.
NAIVE_COLUMNS = (
    ("in_time", "sl_base"), ("abandoned", "offered"), ("short", "offered"), ("answered", "offered"),
    ("wait_ms", "answered"), ("handle_ms", "answered"), ("talk_ms", "answered"), ("transfers", "answered"),
    ("resolved", "contacts"), ("repeats", "contacts"), ("top2", "scores"), ("bottom2", "scores"),
    ("scores", "invitations"), ("complaints", "contacts"), ("sold", "eligible"), ("correct", "evaluated"),
)  # fmt: skip

NAIVE = """
WITH first_legs AS (
  SELECT contact, customer, topic, started_at FROM {contacts} WHERE leg = 1),
answered_legs AS (
  SELECT contact, company, team, started_at,
    row_number() OVER (PARTITION BY contact ORDER BY leg DESC) AS from_last FROM {contacts} WHERE outcome = 'answered'),
ends AS (SELECT contact, max(ended_at) AS ended_at FROM {contacts} GROUP BY contact),
next_contacts AS (
  SELECT contact, lead(started_at) OVER (PARTITION BY customer, topic ORDER BY started_at, contact) AS next_at
  FROM first_legs),
whole AS (
  SELECT a.company, a.team, strftime(a.started_at, '%Y-%m') AS month,
    n.next_at IS NULL OR n.next_at > e.ended_at + INTERVAL 7 DAY AS resolved
  FROM answered_legs a JOIN ends e USING (contact) JOIN next_contacts n USING (contact) WHERE a.from_last = 1),
c AS (
  SELECT company, team, month, count(*) AS contacts, count_if(resolved) AS resolved, count_if(NOT resolved) AS repeats
  FROM whole GROUP BY ALL),
timed AS (
  SELECT company, team, strftime(started_at, '%Y-%m') AS month, outcome = 'answered' AS answered,
    outcome = 'abandoned' AS abandoned, transferred_to, sale_eligible, talk_ms, hold_ms, wrap_ms,
    date_sub('millisecond', started_at, coalesce(answered_at, ended_at)) AS waited_ms
  FROM {contacts}),
l AS (
  SELECT company, team, month, count(*) AS offered, count_if(answered) AS answered,
    count_if(answered AND waited_ms <= 20000) AS in_time,
    count_if(answered OR (abandoned AND waited_ms > 20000)) AS sl_base,
    count_if(abandoned) AS abandoned, count_if(abandoned AND waited_ms <= 5000) AS short,
    sum(CASE WHEN answered THEN waited_ms ELSE 0 END) AS wait_ms,
    sum(CASE WHEN answered THEN talk_ms + hold_ms + wrap_ms ELSE 0 END) AS handle_ms,
    sum(CASE WHEN answered THEN talk_ms ELSE 0 END) AS talk_ms,
    count_if(answered AND transferred_to IS NOT NULL) AS transfers, count_if(answered AND sale_eligible) AS eligible
  FROM timed GROUP BY ALL),
s AS (
  SELECT company, team, strftime(started_at, '%Y-%m') AS month, count(*) AS invitations, count(score) AS scores,
    count_if(score >= 4) AS top2, count_if(score <= 2) AS bottom2 FROM {surveys} GROUP BY ALL),
o AS (
  SELECT company, team, strftime(started_at, '%Y-%m') AS month, count_if(accepted) AS sold FROM {sales} GROUP BY ALL),
k AS (
  SELECT company, team, strftime(started_at, '%Y-%m') AS month, count(*) AS complaints
  FROM {complaints} GROUP BY ALL),
e AS (
  SELECT company, team, strftime(started_at, '%Y-%m') AS month, count(customer_critical_failed) AS evaluated,
    count_if(NOT customer_critical_failed) AS correct FROM {evaluations} GROUP BY ALL)
SELECT company, team, month, {columns}
FROM l LEFT JOIN c USING (company, team, month) LEFT JOIN s USING (company, team, month)
  LEFT JOIN o USING (company, team, month) LEFT JOIN k USING (company, team, month)
  LEFT JOIN e USING (company, team, month)
"""


def write_raw(floor: Floor, folder: Path) -> None:
    """The facts as a warehouse would hold them: local timestamps, texts, company and team on every row."""
    folder.mkdir(parents=True, exist_ok=True)
    connection = _connection()
    roster = _parquet(files_of(floor, "roster"))
    connection.execute(
        f"CREATE TABLE stays AS SELECT agent, company, team, from_day, coalesce(until_day, 1000000) AS until_day "
        f"FROM {roster} QUALIFY revision = max(revision) OVER (PARTITION BY group_id)"
    )
    connection.execute("CREATE TABLE dedicated (queue VARCHAR, company VARCHAR)")
    for name, queue in floor.queues.items():
        connection.execute("INSERT INTO dedicated VALUES (?, ?)", [name, queue.company])
    for table in RAW:
        for month in range(1, 13):
            target = folder / f"{table}-{month:02d}.parquet"
            if not target.exists():
                files = files_of(floor, table, [202600 + month])
                connection.execute(f"COPY ({_raw(table, _parquet(files))}) TO '{target}.new' (FORMAT parquet)")
                Path(f"{target}.new").rename(target)


def _raw(table: str, facts: str) -> str:
    times = {"started_ms": "started_at", "answered_ms": "answered_at", "ended_ms": "ended_at"}
    columns = {
        "contacts": "contact, leg, outcome, transferred_to, queue, topic, agent, f.sale_eligible, talk_ms, hold_ms, "
        "wrap_ms, md5(customer::VARCHAR) AS customer",
        "surveys": "contact, agent, score",
        "sales": "contact, agent, product, accepted",
        "complaints": "contact, agent, justified",
        "evaluations": "contact, agent, customer_critical_failed",
    }[table]
    wanted = list(times) if table == "contacts" else ["started_ms"]
    local = ", ".join(f"make_timestamp((f.{name} + 28800000) * 1000) AS {times[name]}" for name in wanted)
    columns = ", ".join(f"f.{name}" if " AS " not in name and "." not in name else name for name in columns.split(", "))
    return (
        f"SELECT {columns}, {local}, coalesce(r.company, d.company, '') AS company, coalesce(r.team, '') AS team "
        f"FROM {facts} f LEFT JOIN stays r ON r.agent = f.agent AND {LOCAL_DAY} >= r.from_day "
        f"AND {LOCAL_DAY} < r.until_day LEFT JOIN dedicated d ON d.queue = f.queue"
    )


def _parquet(files: list[str]) -> str:
    return f"read_parquet([{', '.join(repr(file) for file in files)}], hive_partitioning=false)"


def _connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("SET threads = 2; SET preserve_insertion_order = false")
    return connection


def naive(data: Path) -> tuple[float, str, int]:
    """The readable SQL on raw rows: CPU seconds, hash of the result, groups."""
    tables = {name: f"read_parquet('{data}/raw/{name}-*.parquet')" for name in RAW}
    columns = ", ".join(f"coalesce({a}, 0), coalesce({b}, 0)" for a, b in NAIVE_COLUMNS)
    query = NAIVE.format(**tables, columns=columns)
    seconds, rows = best(lambda: _connection().execute(query).fetchall(), RUNS["naive"])
    groups = {tuple(row[:3]): [int(value) for value in row[3:]] for row in rows}
    return seconds, _hash(groups), len(groups)


def ours(data: Path, *, from_cubes: bool) -> tuple[float, str, int]:
    """The same scorecard by ``measure``, from rows or from cubes."""
    floor = open_floor(data / "floor")
    prepared = prepare(floor)
    cubes = build_cubes(floor, prepared) if from_cubes else None
    times = RUNS["cubes" if from_cubes else "rows"]
    seconds, found = best(lambda: measure(prepared, METRICS, BY, cubes=cubes), times)
    groups = _groups(found)
    return seconds, _hash(groups), len(groups)


def _groups(found: Measurement) -> dict[tuple[str, ...], list[int]]:
    return {
        tuple(str(row.key[name] or "") for name in BY): [
            value for metric in METRICS for value in (row.figures[metric].numerator, row.figures[metric].denominator)
        ]
        for row in found.rows
    }


def decode(data: Path) -> tuple[float, str, int]:
    """Only reading the columns that the scorecard uses: the largest value of each."""
    floor = open_floor(data / "floor")
    prepared = prepare(floor)
    used: dict[str, set[str]] = {}
    for metric in measure(prepared, METRICS, BY, months=prepared.months[:1]).metrics.values():
        sides: list[Atom | Quantile] = [side for side in (metric.numerator, metric.denominator) if side]
        for side in sides:
            column = getattr(side, "sum", None)
            used.setdefault(side.table, set(BY)).update(columns_of(side.where) if side.where else ())
            used[side.table] |= {column} if column else set()
    queries = [
        f"SELECT {', '.join(f'max({column})' for column in sorted(columns))} FROM {_parquet(prepared.paths(table))}"
        for table, columns in used.items()
    ]
    connection = _connection()
    seconds, _ = best(lambda: [connection.execute(query).fetchall() for query in queries], RUNS["decode"])
    return seconds, "", sum(len(columns) for columns in used.values())


def _hash(groups: dict[tuple[str, ...], list[int]]) -> str:
    text = json.dumps(sorted((list(key), values) for key, values in groups.items()), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


PARTS: dict[str, Callable[[Path], tuple[float, str, int]]] = {
    "naive": naive,
    "rows": lambda data: ours(data, from_cubes=False),
    "decode": decode,
    "cubes": lambda data: ours(data, from_cubes=True),
}


def build(data: Path, contacts: int) -> None:
    """Everything that is not measured: facts, raw files, measuring tables, cubes."""
    floor = floor_of(data / "floor", contacts)
    write_raw(floor, data / "raw")
    build_cubes(floor, prepare(floor))


def run(data: Path, contacts: int) -> dict[str, Any]:
    """All four ways and their ratios."""
    in_a_process("scorecard.py", "--part", "build", "--data", str(data), "--contacts", str(contacts))
    found = {part: in_a_process("scorecard.py", "--part", part, "--data", str(data)) for part in PARTS}
    seconds = {part: result["cpu_seconds"] for part, result in found.items()}
    return {
        "contacts": contacts,
        "parts": found,
        "equal": len({found[part]["hash"] for part in ("naive", "rows", "cubes")}) == 1,
        "rows_to_naive": seconds["rows"] / seconds["naive"],
        "rows_to_decode": seconds["rows"] / seconds["decode"],
        "cubes_to_naive": seconds["cubes"] / seconds["naive"],
    }


def show(found: dict[str, Any]) -> None:
    """Print for people."""
    for part, result in found["parts"].items():
        print(f"{part:<8}{result['cpu_seconds']:9.3f} CPU s{result['peak_mb']:7d} MB  {result['hash'] or '-'}")
    print(f"equal results            {found['equal']}")
    print(f"rows against naive       1/{1 / found['rows_to_naive']:.1f}   (target 1/8)")
    print(f"rows against decoding    {found['rows_to_decode']:.2f}x  (target 1.5x)")
    print(f"cubes against naive      1/{1 / found['cubes_to_naive']:.0f}   (target 1/60)")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contacts", type=int, default=10_000_000)
    parser.add_argument("--data", type=Path, help="folder to keep the data in; a temporary one without")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--part", choices=["build", *PARTS], help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.part == "build":
        build(asked.data, asked.contacts)
        print(json.dumps({"peak_mb": peak_mb()}))
    elif asked.part:
        seconds, found, size = PARTS[asked.part](asked.data)
        print(json.dumps({"cpu_seconds": seconds, "hash": found, "size": size, "peak_mb": peak_mb()}))
    elif asked.data:
        asked.data.mkdir(parents=True, exist_ok=True)
        _answer(run(asked.data, asked.contacts), as_json=asked.json)
    else:
        with tempfile.TemporaryDirectory() as folder:
            _answer(run(Path(folder), asked.contacts), as_json=asked.json)


def _answer(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(found))
    else:
        show(found)


if __name__ == "__main__":
    main()
