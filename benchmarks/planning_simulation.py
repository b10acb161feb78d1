"""The simulator against SimPy, Ciw, a C++ twin of itself and exact theory.

    python benchmarks/planning_simulation.py [--quick] [--threads] [--exact] [--json]

Floors A, B and C are those of ``simulated_floors``. Contacts per CPU second, all in this process (the twin in one of
its own), round by round in turn; the ratios are medians over rounds. ``--exact`` adds 4e8 calls of floor A against
Erlang A and a grid of 100 random settings (some minutes). ``--quick`` runs everything small; its ratios mean little.
``--threads`` asks only what two threads gain. On the wall that says something on an idle machine alone; so beside it
stand what two processes gain in the same round, which share nothing (the machine's own limit), and the share of one
thread's CPU time that is spent outside compiled code, where one thread waits for the other.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

import numpy as np

import simulation_peers as peers
from onefloor.planning.simulation import chance, simulating
from onefloor.planning.simulation.laws import exponential
from onefloor.planning.simulation.memory import COUNTS, DONE, STATUS, Block
from onefloor.planning.simulation.model import ContactType, Group, Model, Return, Rule, Skill
from onefloor.planning.simulation.result import Result, ratio
from onefloor.planning.simulation.simulating import Parameters, Runner, runner, simulate
from onefloor.planning.simulation.tables import Compiled, compiled_model
from simulated_floors import floor_a, floor_b, floor_c

HERE = Path(__file__).resolve().parent
GOALS = {
    "A / SimPy": 100.0, "A / Ciw": 400.0, "B / SimPy": 60.0, "B / Ciw": 300.0, "C, M calls/s": 3.0,
    "two threads / one": 1.8,
}  # fmt: skip
OUTSIDE = "outside compiled code, share of CPU time"
LIMITS = {"C: C++ twin / kernel": 1.5, "warm start to first result, s": 1.5, OUTSIDE: 0.05}


class Table:
    """Lines of the answer, each against its goal."""

    def __init__(self) -> None:
        self.values: dict[str, float] = {}
        self.missed: list[str] = []

    def tell(self, name: str, value: float, note: str = "") -> None:
        """One line."""
        self.values[name] = value
        goal, limit = GOALS.get(name), LIMITS.get(name)
        good = (goal is None or value >= goal) and (limit is None or value <= limit)
        if not good:
            self.missed.append(name)
        wanted = f"(goal >= {goal:g})" if goal else f"(limit <= {limit:g})" if limit else ""
        print(f"{name:42s} {value:12.3f} {wanted:18s} {'' if good else 'MISSED'} {note}", flush=True)


Loop = Callable[[Any, Any, Any], None]


def kernel_seconds(source: Runner, run: Loop, streams: np.ndarray) -> tuple[float, int, bytes]:
    """CPU seconds of replications, contacts, and the bytes of what they counted; streams are given, as to the twin."""
    seconds, contacts, told = 0.0, 0, []
    for one in streams:
        start = time.process_time()
        words = source.plan.empty.copy()
        source.plan.parts.of(words, "streams")[:] = one
        found = Block(words.view(np.int64), words.view(np.float64), words)
        run(*found)
        seconds += time.process_time() - start
        assert found.w[STATUS] == DONE
        counts = source.plan.parts.of(found.w, "counts")
        contacts += int(counts[..., COUNTS.index("offered")].sum())
        told += [
            counts.tobytes(),
            source.plan.parts.of(found.f, "waits").tobytes(),
            source.plan.parts.of(found.f, "work").tobytes(),
        ]
    return seconds, contacts, b"".join(told)


def streams(source: Runner, replications: int, seed: int = 1) -> np.ndarray:
    """The streams of replications, shape (replications, streams, 4)."""
    many = 2 + 2 * len(source.compiled.queues)
    return np.stack([chance.streams_of(base, many) for base in chance.bases_of(seed, replications)])


def kernel_rate(model: Model, replications: int) -> float:
    """Contacts per CPU second."""
    source = runner(compiled_model(model))
    seconds, contacts, _ = kernel_seconds(source, source.loop, streams(source, replications))
    return contacts / seconds


Peer = Callable[[int, int], tuple[float, dict[str, int]]]


def race(table: Table, name: str, floor: Callable[[float], Model], against: dict[str, tuple[Peer, int]], rounds: int,
         contacts: float) -> None:  # fmt: skip
    """Our kernel and its peers, in turn."""
    ours, theirs = [], {peer: [] for peer in against}  # type: ignore[var-annotated]
    model = floor(contacts)
    kernel_rate(floor(1000.0), 1)
    for number in range(rounds):
        ours.append(kernel_rate(model, 2))
        for peer, (run, size) in against.items():
            seconds, told = run(size, number + 1)
            theirs[peer].append(told["offered"] / seconds)
            share = told["abandoned"] / told["offered"]
            print(f"  {name} {peer}: {theirs[peer][-1]:12,.0f}/s, abandoned {share:.4f}", flush=True)
    result = simulate(floor(contacts), Parameters(2, threads=1))
    share = result.abandonment()
    table.tell(f"{name}, M calls/s", median(ours) / 1e6, f"abandoned {share.value:.4f}" if share else "")
    for peer, rates in theirs.items():
        table.tell(f"{name} / {peer}", median(o / t for o, t in zip(ours, rates, strict=True)))


def dump(source: Runner, given: np.ndarray, path: Path) -> None:
    """Everything the twin needs, in its order."""
    tables = source.compiled.tables
    shape = np.array([*tables.rates.shape, len(tables.single), tables.offer_group.shape[1],
                      tables.skill_queue.shape[1], tables.stages.shape[1], len(given)], np.int64)  # fmt: skip
    layers = [chance.EXP_X, chance.EXP_F, chance.NORMAL_X, chance.NORMAL_F]
    with path.open("wb") as file:
        for array in (shape, *layers, given, *tables):
            np.array([array.size], np.int64).tofile(file)
            np.ascontiguousarray(array).tofile(file)


def twin(table: Table, model: Model, name: str, replications: int, rounds: int, folder: Path) -> None:
    """The C++ twin: the same counts to the bit, and how much faster."""
    compiler = shutil.which("g++")
    if compiler is None:
        print("  no g++: the C++ twin is left out", flush=True)
        return
    binary, plan, out = folder / "twin", folder / f"{name}.bin", folder / f"{name}.out"
    if not binary.exists():
        flags = ["-O3", "-march=native", "-ffp-contract=off", "-std=c++17"]
        subprocess.run([compiler, *flags, str(HERE / "simulation_twin.cpp"), "-o", str(binary)], check=True)
    from onefloor.planning.simulation.kernel import run

    source = runner(compiled_model(model))
    given = streams(source, replications)
    dump(source, given, plan)
    kernel_seconds(source, run, given[:1])
    ratios, rates = [], []
    for _ in range(rounds):
        seconds, contacts, told = kernel_seconds(source, run, given)
        ran = subprocess.run([str(binary), str(plan), "1", str(out)], check=True, capture_output=True, text=True)
        ratios.append(seconds / float(ran.stdout))
        rates.append(contacts / seconds / 1e6)
    if name == "C":
        table.tell("C, M calls/s", median(rates), f"{contacts / replications:,.0f} attempts a day")
    table.tell(f"{name}: C++ twin / kernel", median(ratios), "the same bits" if told == out.read_bytes() else "")
    if told != out.read_bytes():
        table.missed.append(f"{name}: the twin counts otherwise")
        print("  the twin counts otherwise: MISSED", flush=True)


def days_of_c(replications: int, threads: int) -> float:
    """Seconds on the wall of some days of floor C."""
    model, start = floor_c(), time.perf_counter()
    found = simulate(model, Parameters(replications, threads=threads))
    assert found.replications == replications
    return time.perf_counter() - start


def threads(table: Table, replications: int, rounds: int) -> None:
    """One thread against two, and against two processes with half the days each; best rounds."""
    gains: dict[str, list[float]] = {"two threads / one": [], "two processes / one": []}
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        list(pool.map(days_of_c, [2, 2], [1, 1]))
        for _ in range(rounds):
            one, two = days_of_c(replications, 1), days_of_c(replications, 2)
            apart = max(pool.map(days_of_c, [replications // 2] * 2, [1, 1]))
            gains["two threads / one"].append(one / two)
            gains["two processes / one"].append(one / apart)
    for name, ratios in gains.items():
        table.tell(name, max(ratios), "best round; " + ", ".join(f"{ratio:.2f}" for ratio in ratios))
    table.tell(OUTSIDE, median(outside(replications) for _ in range(rounds)), "one thread")


def outside(replications: int) -> float:
    """Of the CPU time of some days of floor C on one thread, the share that is not spent in compiled code."""
    inside = 0.0

    def clocked(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any) -> Any:
            nonlocal inside
            start = time.process_time()
            found = function(*given)
            inside += time.process_time() - start
            return found

        return call

    def clocked_runner(compiled: Compiled) -> Runner:
        source = runner(compiled)
        return replace(source, loop=clocked(source.loop))

    model, start = floor_c(), time.process_time()
    with (
        patch.object(simulating, "streams_of", clocked(chance.streams_of)),
        patch.object(simulating, "runner", clocked_runner),
    ):
        simulate(model, Parameters(replications, threads=1))
    return 1 - inside / (time.process_time() - start)


WARM = """
import sys, time
sys.path.insert(0, {here!r})
from simulated_floors import floor_c
from onefloor.planning.simulation.simulating import Parameters, simulate
assert simulate(floor_c(), Parameters(1, threads=1)).service_level() is not None
print(time.process_time())
"""


def warm_start(table: Table, rounds: int) -> None:
    """A new process with its machine code on disk: CPU seconds from nothing to a first simulated day."""
    script = WARM.format(here=str(HERE))
    seconds = []
    for _ in range(rounds + 1):
        ran = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
        seconds.append(float(ran.stdout))
    table.tell("warm start to first result, s", median(seconds[1:]), "CPU")


# Exactness


def erlang_a(rate: float, patience: float, agents: int, within: float) -> dict[str, float]:
    """Exact figures of the tests' birth-death chain; handling time 1."""
    sys.path.insert(0, str(HERE.parent / "tests" / "planning" / "simulation"))
    from exact_queues import erlang_a as exact

    found = exact(rate, 1.0, patience, agents, within)
    return {"in time": found.in_time, "abandoned": found.abandons, "waits": found.waits, "mean wait": found.mean_wait}


NEVER = Return(share=1e-300, after=exponential(1))  # nobody comes back, and yet the event loop has to run


def steady(
    rate: float, patience: float, agents: int, within: float, contacts: float, back: Return | None = None
) -> Model:
    """One queue whose first tenth is not counted."""
    long = contacts / rate
    kind = ContactType(
        id="calls", arrivals=(contacts / 10,), service=exponential(1), patience=exponential(patience), repeat=back
    )
    pool = Group(id="pool", types=(Skill(type="calls"),), staff=(agents,))
    return Model(id="steady", horizon=long, interval=long / 10, warm_up=long / 10, types=(kind,), groups=(pool,),
                 rule=Rule(within=within, formula="F3"))  # fmt: skip


def scores(found: Result, exact: dict[str, float]) -> dict[str, tuple[float, bool]]:
    """For each figure its z, and whether the 95 % interval holds the truth."""
    from scipy.stats import t

    offered = found.count("offered")
    estimates = {
        "in time": found.service_level(), "abandoned": found.abandonment(),
        "waits": ratio(found.count("waited"), offered),
        "mean wait": ratio(found.waits[:, 0, 1:].sum(axis=(1, 2)), offered),
    }  # fmt: skip
    told = {}
    for name, estimate in estimates.items():
        assert estimate is not None
        error = (estimate.high - estimate.low) / 2 / float(t.ppf(0.975, found.replications - 1))
        told[name] = (
            (estimate.value - exact[name]) / error if error else 0.0,
            estimate.low <= exact[name] <= estimate.high,
        )
    return told


def exactness(table: Table, calls: float) -> None:
    """Many calls of floor A against Erlang A, in both loops."""
    replications, exact = 400, erlang_a(95.0, 1.0, 100, 1 / 15)
    for loop, back in (("event loop", NEVER), ("one queue, no events", None)):
        model = steady(95.0, 1.0, 100, 1 / 15, calls / replications / 0.9, back)
        found = simulate(model, Parameters(replications), seed=20)
        offered, told = float(found.count("offered").sum()), scores(found, exact)
        for name, (z, _) in told.items():
            table.tell(f"A against Erlang A: |z|, {name}", abs(z), f"{loop}, {offered:.3g} calls")
        if max(abs(z) for z, _ in told.values()) >= 3:
            table.missed.append(f"A against Erlang A, {loop}")


def coverage(table: Table, settings: int, contacts: float) -> None:
    """How often the 95 % intervals hold the truth, over random settings and four figures."""
    rng, held = np.random.default_rng(77), []
    for number in range(settings):
        agents = int(np.exp(rng.uniform(0, math.log(120)))) + 1
        rate, patience = agents * rng.uniform(0.6, 1.25), float(np.exp(rng.uniform(-1.5, 1.5)))
        within = float(rng.uniform(0.02, 0.3))
        found = simulate(steady(rate, patience, agents, within, contacts), Parameters(40), seed=1000 + number)
        held += [inside for _, inside in scores(found, erlang_a(rate, patience, agents, within)).values()]
    share = float(np.mean(held))
    table.tell("share of 95 % intervals that hold", share, f"{settings} settings, four figures")
    if not 0.90 <= share <= 0.99 and settings >= 100:
        table.missed.append("share of 95 % intervals that hold")


def main() -> int:
    """Run what is asked for; 1 if a goal is missed (``--quick`` has none)."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="everything small; the ratios then mean little")
    parser.add_argument("--threads", action="store_true", help="two threads against one only")
    parser.add_argument("--exact", action="store_true", help="4e8 calls against Erlang A and 100 random settings")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    small: Any = asked.quick
    table, rounds = Table(), 1 if small else 3
    if asked.threads:
        threads(table, 20 if small else 300, 5)
        return _ended(table, asked)
    against_a: dict[str, tuple[Peer, int]] = {
        "SimPy": (peers.simpy_a, 5_000 if small else 100_000), "Ciw": (peers.ciw_a, 2_000 if small else 30_000),
    }  # fmt: skip
    against_b: dict[str, tuple[Peer, int]] = {
        "SimPy": (peers.simpy_b, 5_000 if small else 100_000), "Ciw": (peers.ciw_b, 2_000 if small else 30_000),
    }  # fmt: skip
    race(table, "A", floor_a, _installed(against_a), rounds, 1e5 if small else 4e6)
    race(table, "B", floor_b, _installed(against_b), rounds, 1e5 if small else 4e6)
    with tempfile.TemporaryDirectory() as folder:
        for name, model, replications in (("A", floor_a(1e6), 4), ("B", floor_b(1e6), 4), ("C", floor_c(), 100)):
            twin(table, model, name, 2 if small else replications, rounds, Path(folder))
    threads(table, 20 if small else 300, rounds)
    warm_start(table, rounds)
    if asked.exact or small:
        exactness(table, 1e6 if small else 4e8)
        coverage(table, 4 if small else 100, 5_000 if small else 30_000)
    return _ended(table, asked)


def _ended(table: Table, asked: argparse.Namespace) -> int:
    if asked.json:
        print(json.dumps(table.values))
    if table.missed and not asked.quick:
        print(f"missed: {', '.join(table.missed)}")
    return 1 if table.missed and not asked.quick else 0


def _installed(against: dict[str, tuple[Peer, int]]) -> dict[str, tuple[Peer, int]]:
    """The peers that are there; says which are not."""
    from importlib.util import find_spec

    missing = [name for name in against if find_spec(name.lower()) is None]
    for name in missing:
        print(f"  {name} is not installed: left out", flush=True)
    return {name: one for name, one in against.items() if name not in missing}


if __name__ == "__main__":
    raise SystemExit(main())
