"""The generated floor that several benchmarks measure, and CPU seconds of an act in a process of its own."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from onefloor.demo.filling import fill, with_queues
from onefloor.demo.truth import TRUTH
from onefloor.demo.year import ZONE, Plan
from onefloor.floor import SETTINGS, Floor, create_floor, open_floor

ROOT = Path(__file__).resolve().parents[1]
TABLES = frozenset({"contacts", "surveys", "sales", "complaints", "evaluations", "roster"})


def floor_of(root: Path, contacts: int) -> Floor:
    """A floor with a generated year of contacts and what follows them; made once, then found."""
    floor = open_floor(root) if (root / SETTINGS).exists() else create_floor(root, timezone=ZONE)
    began = time.perf_counter()
    account = fill(with_queues(floor, TRUTH), Plan(seed=1, contacts=contacts, tables=TABLES))
    if account.loaded:
        print(f"generated and loaded {account.loaded:,} rows in {time.perf_counter() - began:.0f} s", file=sys.stderr)
    return open_floor(root)


def cpu_seconds() -> float:
    """CPU of this process so far, all threads, user and system."""
    spent = os.times()
    return spent.user + spent.system


def best(act: Callable[[], Any], times: int) -> tuple[float, Any]:
    """The least CPU seconds of some runs after the first, which warms files and caches; and the last result."""
    found = act()
    least = float("inf")
    for _ in range(times):
        before = cpu_seconds()
        found = act()
        least = min(least, cpu_seconds() - before)
    return least, found


def peak_mb() -> int:
    """Peak resident memory of this process, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def in_a_process(script: str, *arguments: str) -> dict[str, Any]:
    """Run a benchmark's part in a process of its own; it prints one JSON object on its last line."""
    command = [sys.executable, str(ROOT / "benchmarks" / script), *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found
