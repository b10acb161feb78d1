"""What a page asks of the core, on the demonstration: 1,000 agents and a year of a million contacts.

    python benchmarks/pages.py [--contacts 1000000] [--agents 1000] [--data FOLDER] [--json]

Each question is asked of one open reader, with cubes, as the web application asks it, but without the answers it keeps:
wall milliseconds and CPU milliseconds (all threads), medians of some runs after the first. Beside them the CPU of a
bare query in the same process: counting the rows of one month's legs. ``at once`` asks all questions from eight threads
and reports the CPU of a question then; every answer is compared with the one given alone.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from onefloor.demo.filling import fill, with_queues
from onefloor.demo.truth import TRUTH
from onefloor.demo.year import ZONE, Plan
from onefloor.findings import Scope
from onefloor.floor import SETTINGS, create_floor, open_floor
from onefloor.metrics.breakdown import breakdown, formulas
from onefloor.metrics.cubes import build_cubes
from onefloor.metrics.engines import Aggregate, Sum
from onefloor.metrics.freshness import freshness
from onefloor.metrics.heat_map import heat_map
from onefloor.metrics.measure import measure
from onefloor.metrics.prepare import prepare
from onefloor.metrics.reader import Reader, Reading
from onefloor.metrics.rows import rows
from onefloor.metrics.tables import MEASURING
from onefloor.metrics.trends import trend
from onefloor.metrics.visible import visible_to
from onefloor.periods import Month, Period

EIGHT = (
    "service_level", "abandonment", "asa", "aht", "fcr", "csat", "occupancy", "complaints_per_10000",
)  # fmt: skip
MONTH = Month(2026, 11)
DAY = Period(MONTH.days.start + 9, MONTH.days.start + 10)
NORTH = Scope.of_viewer("North").predicate()
RUNS, THREADS = 15, 8
Question = Callable[[Reading], Any]


def questions() -> dict[str, Question]:
    """What the pages ask, by what a reader of the page would call it."""
    last = MONTH.days.end - 1

    def figures(*by: str, **more: Any) -> Question:
        return lambda on: measure(on.prepared, EIGHT, by, months=[MONTH], engine=on.engine, cubes=on.cubes, **more)

    return {
        "8 metrics by company": figures("company"),
        "8 metrics by company, a vendor's": figures("company", scope=NORTH),
        "8 metrics by team": figures("team"),
        "8 metrics by agent": figures("agent"),
        "8 metrics, 13 months by company": lambda on: trend(
            on.prepared, EIGHT, last, ["company"], engine=on.engine, cubes=on.cubes
        ),
        "8 metrics, 13 weeks by company": lambda on: trend(
            on.prepared, EIGHT, last, ["company"], unit="week", engine=on.engine, cubes=on.cubes
        ),
        "half hour x weekday, a month": lambda on: heat_map(
            on.prepared, "service_level", None, [MONTH], engine=on.engine, cubes=on.cubes
        ),
        "half hour x weekday, the year": lambda on: heat_map(
            on.prepared, "service_level", engine=on.engine, cubes=on.cubes
        ),
        "four formulas of a day": lambda on: formulas(on.prepared, None, DAY, engine=on.engine, cubes=on.cubes),
        "what is left out": lambda on: breakdown(
            on.prepared, "service_level", None, [MONTH], engine=on.engine, cubes=on.cubes
        ),
        "50 rows": lambda on: rows(
            on.prepared, on.floor, "service_level", "others", None, [MONTH], 50, engine=on.engine
        ),
        "50 rows after 50,000": lambda on: rows(
            on.prepared, on.floor, "service_level", "numerator", None, [MONTH], 50, 50_000, engine=on.engine
        ),
        "a vendor's names to choose from": lambda on: visible_to(on.prepared, NORTH, engine=on.engine, cubes=on.cubes),
        "freshness": lambda on: freshness(on.prepared, on.floor, engine=on.engine, cubes=on.cubes),
    }


def bare(on: Reading) -> Any:
    """The least a page could ask: the number of rows of one month."""
    files = tuple(on.prepared.paths("legs", [MONTH]))
    return on.engine.aggregate(Aggregate("legs", MEASURING["legs"], files, (), "", (Sum(""),)), on.prepared.names.id)


def opened(root: Path, contacts: int, agents: int) -> Reader:
    """A reader of the demonstration's year; made if it is not there."""
    floor = open_floor(root) if (root / SETTINGS).exists() else create_floor(root, timezone=ZONE)
    floor = with_queues(floor, TRUTH)
    fill(floor, Plan(contacts=contacts, staff=agents))
    build_cubes(floor, prepare(floor))
    return Reader(root)


def spent(act: Callable[[], Any]) -> tuple[float, float]:
    """Median wall and CPU milliseconds of an act, after a first run."""
    act()
    walls, cpus = [], []
    for _ in range(RUNS):
        wall, cpu = time.perf_counter(), time.process_time()
        act()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return 1000 * statistics.median(walls), 1000 * statistics.median(cpus)


def at_once(reader: Reader) -> tuple[float, bool]:
    """CPU milliseconds of a question when eight threads ask all of them, and whether every answer was the same."""
    asked = list(questions().values()) * THREADS
    alone = [repr(ask(reader.reading())) for ask in questions().values()] * THREADS
    before = time.process_time()
    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(lambda ask: ask(reader.reading()), asked))
    cpu = time.process_time() - before
    return 1000 * cpu / len(asked), [repr(answer) for answer in answers] == alone


def run(root: Path, contacts: int, agents: int) -> dict[str, Any]:
    """Every question, alone and at once."""
    reader = opened(root, contacts, agents)
    _, least = spent(lambda: bare(reader.reading()))
    found = {}
    for name, ask in questions().items():
        wall, cpu = spent(lambda ask=ask: ask(reader.reading()))  # type: ignore[misc]
        found[name] = {"ms": wall, "cpu_ms": cpu, "to_bare": cpu / least}
    together, equal = at_once(reader)
    return {
        "contacts": contacts, "agents": agents, "bare_cpu_ms": least, "questions": found,
        "at_once_cpu_ms": together, "equal": equal,
    }  # fmt: skip


def show(found: dict[str, Any]) -> None:
    """Print for people."""
    print(f"{'a bare query':<36}{'':>9}{found['bare_cpu_ms']:8.1f} CPU ms")
    for name, one in found["questions"].items():
        print(f"{name:<36}{one['ms']:7.1f} ms{one['cpu_ms']:8.1f} CPU ms{one['to_bare']:7.1f}x")
    slowest = max(one["ms"] for one in found["questions"].values())
    print(f"slowest question         {slowest:.0f} ms   (target 200 ms)")
    print(f"from 8 threads at once   {found['at_once_cpu_ms']:.1f} CPU ms a question, equal answers {found['equal']}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--agents", type=int, default=1_000)
    parser.add_argument("--data", type=Path, help="folder to keep the floor in; a temporary one without")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = run((asked.data or Path(folder)) / "pages", asked.contacts, asked.agents)
    if asked.json:
        print(json.dumps(found))
    else:
        show(found)


if __name__ == "__main__":
    main()
