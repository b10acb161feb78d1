"""How fast an Asterisk queue log is loaded, against DuckDB's own CSV reader on the same file in the same run.

    python benchmarks/load_queue_log.py [--calls 600000] [--folder /tmp/onefloor-benchmark] [--json]

It writes a deterministic log of about four lines a call, then runs in processes of their own: the whole load (parse,
identities, events, legs, rings and agent states, all committed to Delta tables) and DuckDB reading the file's columns
into a table. CPU seconds are those of all threads of each process, so that lines per CPU second are lines a second
per core.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

QUEUES = ("water", "tax", "english", "complaints", "power")
FIRST_SECOND = 1_795_300_000 - 1_795_300_000 % 86_400
CALLS_A_DAY = 40_000
AGENTS = 240


def call_lines(chance: random.Random, number: int, at: int) -> Iterator[tuple[int, str]]:
    """The lines of one call that enters at a second, each with its second."""
    call, queue = f"{at - 1}.{number}", chance.choice(QUEUES)
    agent = f"agent{1001 + chance.randrange(AGENTS)}"
    position, wait = chance.randint(1, 9), int(chance.expovariate(1 / 12)) + 1
    yield at, f"{call}|{queue}|NONE|ENTERQUEUE||1990{chance.randrange(10**7):07d}|{position}"
    if chance.random() < 0.08:
        yield at + wait, f"{call}|{queue}|NONE|ABANDON|1|{position}|{wait}"
        return
    if chance.random() < 0.12:
        wait += 9
        yield at + 9, f"{call}|{queue}|{agent[:-1]}0|RINGNOANSWER|8000"
    ring, talk = min(wait, chance.randint(1, 7)), int(chance.lognormvariate(5, 0.6)) + 5
    yield at + wait, f"{call}|{queue}|{agent}|CONNECT|{wait}|{at + wait - ring}.{number}|{ring}"
    end = at + wait + talk
    if chance.random() < 0.05:
        yield end, f"{call}|{queue}|{agent}|BLINDTRANSFER|8001|agents|{wait}|{talk}|{position}"
    else:
        who = "COMPLETEAGENT" if chance.random() < 0.6 else "COMPLETECALLER"
        yield end, f"{call}|{queue}|{agent}|{who}|{wait}|{talk}|{position}"
    if chance.random() < 0.1:
        yield from _pause(agent, queue, end, end + 30)


def _pause(agent: str, queue: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    yield start, f"NONE|NONE|{agent}|PAUSEALL|AfterCall"
    yield start, f"NONE|{queue}|{agent}|PAUSE|AfterCall"
    yield end, f"NONE|NONE|{agent}|UNPAUSEALL|"
    yield end, f"NONE|{queue}|{agent}|UNPAUSE|"


def write_log(path: Path, calls: int) -> int:
    """Write a log of that many calls, the same every time; gives back the number of lines."""
    chance, lines = random.Random(20261121), 0
    with path.open("w", encoding="ascii") as file:
        for day in range(-(-calls // CALLS_A_DAY)):
            start = FIRST_SECOND + day * 86_400
            rows = [(start, f"MANAGER|{queue}|agent{1001 + n}|ADDMEMBER|") for n in range(AGENTS) for queue in QUEUES]
            for number in range(day * CALLS_A_DAY, min(calls, (day + 1) * CALLS_A_DAY)):
                rows.extend(call_lines(chance, number, start + chance.randrange(60, 50_000)))
            rows += [
                (start + 55_000, f"MANAGER|{q}|agent{1001 + n}|REMOVEMEMBER|") for n in range(AGENTS) for q in QUEUES
            ]
            rows.sort(key=lambda row: row[0])
            file.writelines(f"{at}|{rest}\n" for at, rest in rows)
            lines += len(rows)
    return lines


def load(log: Path) -> None:
    """The whole load into a new floor."""
    from onefloor.facts.load import load_files
    from onefloor.facts.sources import asterisk
    from onefloor.floor import create_floor

    floor = create_floor(log.parent / "floor", timezone="Asia/Shanghai")
    with Measured():
        load_files(floor, asterisk.SOURCE, asterisk.read, [log])


def read_with_duckdb(log: Path) -> None:
    """The file's columns into a table of DuckDB, nothing else."""
    import duckdb

    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in "abcdefghijkl")
    with Measured():
        duckdb.sql(
            f"CREATE TABLE log AS SELECT * FROM read_csv('{log}', delim='|', header=false, quote='', escape='',"
            f" null_padding=true, auto_detect=false, columns={{{columns}}})"
        )


class Measured:
    """Prints CPU and wall seconds of its block, and the process's peak memory."""

    def __enter__(self) -> None:
        self.cpu, self.wall = time.process_time(), time.perf_counter()

    def __exit__(self, *_: object) -> None:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(json.dumps({
            "cpu_s": time.process_time() - self.cpu,
            "wall_s": time.perf_counter() - self.wall,
            "peak_mb": peak // 1024,
        }))  # fmt: skip


def measure(what: str, log: Path) -> dict[str, float]:
    """Run one of the two in a process of its own."""
    done = subprocess.run([sys.executable, __file__, "--only", what, "--folder", str(log.parent)],
                          check=True, capture_output=True, text=True)  # fmt: skip
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    """Write the log, measure both, print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=600_000)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/onefloor-benchmark"))
    parser.add_argument("--only", choices=("load", "duckdb"))
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    log = asked.folder / "queue_log"
    if asked.only:
        return load(log) if asked.only == "load" else read_with_duckdb(log)
    shutil.rmtree(asked.folder, ignore_errors=True)
    asked.folder.mkdir(parents=True)
    try:
        lines = write_log(log, asked.calls)
        report(lines, log.stat().st_size, measure("load", log), measure("duckdb", log), as_json=asked.json)
    finally:
        shutil.rmtree(asked.folder)


def report(lines: int, size: int, ours: dict[str, float], theirs: dict[str, float], *, as_json: bool) -> None:
    """Print what was measured."""
    found = {
        "lines": lines,
        "megabytes": round(size / 1e6),
        "load": ours,
        "duckdb": theirs,
        "lines_per_cpu_second": round(lines / ours["cpu_s"]),
        "load_to_duckdb_cpu": round(ours["cpu_s"] / theirs["cpu_s"], 2),
    }
    print(json.dumps(found) if as_json else "\n".join(f"{name:24} {value}" for name, value in found.items()))


if __name__ == "__main__":
    main()
