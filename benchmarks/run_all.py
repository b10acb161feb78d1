"""Every benchmark, one after the other, each against its target.

    python benchmarks/run_all.py [--quick] [--data FOLDER]

``--quick`` uses a thirtieth of the data, to see that all of them run; its ratios mean little. The generated floor of
the scorecard serves ``hundred_million.py`` as well.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
FIRST = ("scorecard.py", "hundred_million.py")
SHARED = ("generated.py", "run_all.py", "simulated_floors.py", "simulation_peers.py")


def scripts() -> list[Path]:
    """The benchmarks, those that share the generated floor first."""
    others = sorted(path.name for path in HERE.glob("*.py") if path.name not in (*FIRST, *SHARED))
    return [HERE / name for name in (*FIRST, *others)]


def arguments(name: str, data: Path, *, quick: bool) -> list[str]:
    """What a benchmark is called with."""
    if name in FIRST:
        return ["--data", str(data), "--contacts", "300000" if quick else "10000000"]
    small = {
        "close_month.py": ["100000"],
        "insight_causes.py": ["--quick"],
        "insight_charts.py": ["--quick"],
        "insight_effects.py": ["--quick"],
        "insight_fair.py": ["--quick"],
        "insight_guards.py": ["--quick"],
        "insight_rating.py": ["--quick"],
        "insight_sourcing.py": ["--quick"],
        "insight_speed.py": ["--quick"],
        "planning_erlang.py": ["--quick"],
        "planning_fitting.py": ["--quick"],
        "planning_forecast.py": ["--quick"],
        "planning_bench.py": ["--quick"],
        "load_queue_log.py": ["--calls", "18000"],
        "pages.py": ["--contacts", "60000", "--agents", "200"],
        "planning_pools.py": ["--quick"],
        "planning_rosters.py": ["--quick"],
        "planning_rounds.py": ["--quick"],
        "planning_simulation.py": ["--quick"],
        "web.py": ["--contacts", "60000", "--agents", "200", "--users", "10", "--seconds", "10"],
    }
    return small.get(name, []) if quick else []


def main() -> int:
    """Run all of them; 1 if one failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--data", type=Path, help="folder to keep the generated floor in; a temporary one without")
    asked = parser.parse_args()
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        for script in scripts():
            print(f"\n== {script.name}", flush=True)
            began = time.perf_counter()
            given = arguments(script.name, asked.data or Path(folder), quick=asked.quick)
            if subprocess.run([sys.executable, str(script), *given], check=False, cwd=HERE.parent).returncode:
                failed.append(script.name)
            print(f"({time.perf_counter() - began:.0f} s)", flush=True)
    if failed:
        print(f"\nfailed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
