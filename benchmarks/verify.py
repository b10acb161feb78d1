"""Verifying a bundle against computing it: CPU seconds of both in one run, and their ratio.

    python benchmarks/verify.py [CONTACTS]

Settling writes the evidence bundle from a prepared floor (questions, DuckDB, settlement, rows, digests); verifying
checks it and computes everything again with Polars. Both run three times in this process; the best of each counts.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from onefloor.agreements.bundle import write_bundle
from onefloor.agreements.settling import compute
from onefloor.agreements.terms import read_agreement
from onefloor.agreements.verify import verify
from onefloor.demo.filling import fill, with_queues
from onefloor.demo.truth import TRUTH
from onefloor.demo.year import Plan
from onefloor.floor import create_floor
from onefloor.metrics.engines import DuckDB
from onefloor.metrics.prepare import prepare

AGREEMENT = Path(__file__).parents[1] / "examples" / "agreements" / "north.yaml"
RUNS, MOST = 3, 2.0


def cpu(act: Callable[[], object]) -> float:
    """The least CPU time of some runs, in seconds."""
    times = []
    for _ in range(RUNS):
        begin = time.process_time()
        act()
        times.append(time.process_time() - begin)
    return min(times)


def main(contacts: int) -> int:
    """Measure and print one row; 1 if the goal is missed."""
    with tempfile.TemporaryDirectory() as folder:
        floor = with_queues(create_floor(Path(folder) / "floor", timezone="Asia/Shanghai"), TRUTH)
        fill(floor, Plan(seed=1, contacts=contacts, months=2))
        prepared, agreement = prepare(floor), read_agreement(AGREEMENT)
        month, bundle, source = prepared.months[1], Path(folder) / "bundle", AGREEMENT.read_bytes()

        def settle() -> None:
            shutil.rmtree(bundle, ignore_errors=True)
            write_bundle(bundle, compute(prepared, agreement, source, month, DuckDB(), {}))

        settling, result = cpu(settle), verify(bundle)
        assert result.ok, result.differences
        verifying = cpu(lambda: verify(bundle))
        rows = sum(content["rows"] for content in result.bundle.rows.values())
    print("| rows in the bundle | settle, CPU s | verify, CPU s | verify / settle | goal |")
    print("|---|---|---|---|---|")
    print(f"| {rows:,} | {settling:.2f} | {verifying:.2f} | {verifying / settling:.2f} | <= {MOST} |")
    return int(verifying > MOST * settling)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000))
