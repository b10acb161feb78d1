"""A hundred million contacts measured: the scorecard over the measuring files of ten million, listed ten times.

    python benchmarks/hundred_million.py [--contacts 10000000] [--data FOLDER] [--json]

Storing a hundred million contacts would show nothing more: the engine opens, decodes and groups every listed file. The
result must be ten times the integers of one pass. The peak memory is that of the measuring process, all included.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from generated import cpu_seconds, in_a_process, peak_mb
from onefloor.floor import open_floor
from onefloor.metrics.measure import measure
from onefloor.metrics.prepare import prepare
from scorecard import BY, METRICS

TIMES = 10
LIMIT_MB = 1_000


def measured(data: Path, times: int) -> dict[str, Any]:
    """The scorecard over files listed so many times: its integers summed, its cost."""
    prepared = prepare(open_floor(data / "floor"))
    files = {
        table: {month: paths * times for month, paths in months.items()} for table, months in prepared.files.items()
    }
    before = cpu_seconds()
    found = measure(replace(prepared, files=files), METRICS, BY)
    seconds = cpu_seconds() - before
    sums = [
        sum(part for row in found.rows for part in (row.figures[metric].numerator, row.figures[metric].denominator))
        for metric in METRICS
    ]
    offered = sum(row.figures["abandonment"].denominator for row in found.rows)
    return {"cpu_seconds": seconds, "peak_mb": peak_mb(), "sums": sums, "offered": offered, "groups": len(found.rows)}


def run(data: Path, contacts: int) -> dict[str, Any]:
    """One pass and ten."""
    in_a_process("scorecard.py", "--part", "build", "--data", str(data), "--contacts", str(contacts))
    once, often = (
        in_a_process("hundred_million.py", "--times", str(times), "--data", str(data)) for times in (1, TIMES)
    )
    return {
        "legs": often["offered"],
        "cpu_seconds": often["cpu_seconds"],
        "peak_mb": often["peak_mb"],
        "within_limit": often["peak_mb"] < LIMIT_MB,
        "equal": often["sums"] == [TIMES * value for value in once["sums"]],
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contacts", type=int, default=10_000_000)
    parser.add_argument("--data", type=Path, help="folder to keep the data in; a temporary one without")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--times", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.times:
        print(json.dumps(measured(asked.data, asked.times)))
        return
    with tempfile.TemporaryDirectory() as folder:
        data = asked.data or Path(folder)
        data.mkdir(parents=True, exist_ok=True)
        found = run(data, asked.contacts)
    if asked.json:
        print(json.dumps(found))
        return
    print(
        f"{found['legs']:,} legs measured in {found['cpu_seconds']:.1f} CPU s, peak {found['peak_mb']} MB (target 1 GB)"
    )
    print(f"ten times the result of one pass: {found['equal']}")


if __name__ == "__main__":
    main()
