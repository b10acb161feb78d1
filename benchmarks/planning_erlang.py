"""Erlang B, C and A: exact to the last digits, to 10,000 agents, and a day of intervals in no time.

    python benchmarks/planning_erlang.py [--quick]

Exactness against the same sums with 60 decimal digits (``decimal``, integers in, no table of functions); speed in CPU
seconds against the incomplete beta functions of the states (SciPy) and against the plain recursion in Python, in one
process, after compiling.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from decimal import Decimal, localcontext

import numpy as np

from onefloor.planning.erlang.chain import by_states
from onefloor.planning.erlang.queues import Performance, performance
from onefloor.planning.erlang.sizing import Goal, least_agents
from onefloor.planning.erlang.traffic import Traffic

SEED = 5
DIGITS, LEAST_DIGITS = 60, 1e-11
CASES = ((200, 180, 300, 13), (3_600, 300, 45, 250), (12_000, 300, 3_600, 1_000), (118_000, 300, 90, 9_900),
         (126_000, 300, 600, 10_000))  # fmt: skip
SIDE_BY_SIDE, GRID_AGREES = 400, 1e-9
DAY_AT_MOST_S, BY_STATES_AT_LEAST, PLAIN_AT_LEAST = 0.01, 20.0, 10.0


def by_digits(calls: int, handling: int, patience: int, agents: int) -> tuple[Decimal, Decimal]:
    """P(wait) and P(abandon) from the states."""
    with localcontext() as context:
        context.prec = DIGITS
        lam, mu, theta = Decimal(calls) / 3600, Decimal(1) / handling, Decimal(1) / patience
        weight = total = Decimal(1)
        waiting = queue = Decimal(0)
        k = 0
        while k <= agents or weight > total * Decimal(10) ** -50:
            k += 1
            weight *= lam / (min(k, agents) * mu + max(0, k - agents) * theta)
            total += weight
            if k >= agents:
                waiting += weight
                queue += (k - agents) * weight
        return waiting / total, theta * queue / total / lam


def furthest_digits() -> float:
    """The largest relative error against 60 digits."""
    worst = 0.0
    for case in CASES:
        exact = by_digits(*case)
        found = performance(Traffic(*case[:3]), case[3])
        for mine, true in zip((found.p_wait, found.p_abandon), exact, strict=True):
            worst = max(worst, abs(float(Decimal(float(mine)) / true - 1)))
    return worst


def furthest_grid(cases: int) -> float:
    """The largest difference of any figure against the states, over random settings to 10,000 agents."""
    rng, worst = np.random.default_rng(SEED), 0.0
    for _ in range(cases):
        agents, handling, patience = int(10 ** rng.uniform(0, 4)), 10 ** rng.uniform(1, 3), 10 ** rng.uniform(0.5, 4)
        calls = 3600 * agents / handling * rng.choice([0.3, 0.8, 0.95, 1.0, 1.1, 2.5])
        within = 10 ** rng.uniform(-1, 2.5)
        fast, slow = (of(calls, handling, patience, agents, within) for of in (_fast, by_states))
        for name in Performance.__slots__:
            one, other = float(getattr(fast, name)), float(getattr(slow, name))
            worst = max(worst, abs(one - other) / max(abs(other), 1e-3))
    return worst


def _fast(calls: float, handling: float, patience: float, agents: int, within: float) -> Performance:
    return performance(Traffic(calls, handling, patience), agents, within)


def cpu(work: Callable[[], object], rounds: int) -> float:
    """CPU seconds of one call, the best of three batches."""
    work()
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        for _ in range(rounds):
            work()
        best = min(best, (time.process_time() - began) / rounds)
    return best


def plain_a_day(calls: np.ndarray) -> list[int]:
    """Least agents with P(wait) <= 0.2 in Erlang C, as a textbook writes it: the recursion from 1."""
    found = []
    for rate in calls:
        load, lost, agents = rate * 300 / 3600, 1.0, 0
        while True:
            agents += 1
            lost = load * lost / (agents + load * lost)
            if agents > load and lost / (1 - load / agents * (1 - lost)) <= 0.2:
                break
        found.append(agents)
    return found


def main() -> int:
    """Print the table; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    rounds = 3 if quick else 20
    day = Traffic(np.linspace(400, 60_000, 48), 300, 120)
    sized = cpu(lambda: least_agents(day, Goal("service_level", 0.8, 20)), rounds)
    one = cpu(lambda: performance(Traffic(58_000, 300, 120), 4_850, 20), rounds)
    states = cpu(lambda: by_states(58_000, 300, 120, 4_850, 20), rounds)
    patient = Traffic(np.linspace(400, 60_000, 48), 300)
    sized_c, plain = (
        cpu(lambda: least_agents(patient, Goal("p_wait", 0.2)), rounds),
        cpu(lambda: plain_a_day(np.linspace(400, 60_000, 48)), max(1, rounds // 5)),
    )
    assert least_agents(patient, Goal("p_wait", 0.2)).tolist() == plain_a_day(np.linspace(400, 60_000, 48))
    rows = [
        ("largest relative error against 60 digits, to 10,000 agents", furthest_digits(), "<=", LEAST_DIGITS),
        ("largest difference of any figure against the states, random grid",
         furthest_grid(40 if quick else SIDE_BY_SIDE), "<=", GRID_AGREES),
        ("48 half hours to 5,000 agents sized by Erlang A, CPU s", sized, "<=", DAY_AT_MOST_S),
        ("Erlang A of 4,850 agents by states / by the integral", states / one, ">=", BY_STATES_AT_LEAST),
        ("48 half hours by Erlang C, plain recursion / ours, equal agents", plain / sized_c, ">=", PLAIN_AT_LEAST),
    ]  # fmt: skip
    missed = 0
    for what, value, sign, goal in rows:
        good = value <= goal if sign == "<=" else value >= goal
        missed += not good
        print(f"{what:<70} {value:>10.3g}  {sign} {goal:g}{'' if good else '   MISSED'}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
