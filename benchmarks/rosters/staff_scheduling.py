"""Published staff scheduling instances (Curtois and Qu 2014), solved by the engine's automaton and tour programme.

Column generation (Desaulniers, Desrosiers, Solomon 2005, chapter 1) prices tours of everybody: the bound. A dive fixes
one person after the other: the first plan. Then some people's tours are planned anew, all at once, beside those of the
others (Shaw 1998): column generation again, and either its bound says that nothing is to be gained or an integer
programme picks among the tours whose reduced costs leave room.

    python benchmarks/rosters/staff_scheduling.py ../shared/data/nrp/Instance1.txt ... [--seed 1]
"""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from onefloor.planning.rostering.programme import Effort
from rosters.staff_instance import BEST_KNOWN, Instance, read, score, violations
from rosters.staff_master import Costs, Master, Plan, Relaxed
from rosters.staff_tours import Tour, Tours

TINY = 1e-6
SIZE, GROWTH, NODES = 10, 0.1, 500  # people planned anew at first, more after a proof; nodes of an integer programme


@dataclass(frozen=True)
class Solved:
    """A roster by person, its cost, and a cost below which there is none."""

    roster: Mapping[str, list[str]]
    cost: float
    bound: float


@dataclass(frozen=True)
class Stop:
    """When to end: seconds of the processor, rounds of planning anew, a cost that is enough.

    Without seconds equal seeds have equal results.
    """

    seconds: float | None = 60.0
    rounds: int | None = None
    enough: float = -np.inf


def solve(instance: Instance, stop: Stop, seed: int = 0) -> Solved:
    """The best plan found, and the bound."""
    end = None if stop.seconds is None else time.process_time() + stop.seconds
    tours, costs, rng = Tours(instance), Costs(instance), np.random.default_rng(seed)
    for number, requests in enumerate(costs.requests):
        found = tours.best(number, -requests)
        assert found is not None, "the rules of a person leave no tour"
        costs.learn(number, found[1])
    bound = _priced_out(tours, Master(costs, {}), np.inf)
    plan = _dive(tours, costs, rng)
    cost, size, rounds = costs.total(plan), float(SIZE), 0
    enough = max(np.ceil(bound - TINY), stop.enough) + TINY
    while cost > enough and rounds != stop.rounds and _left(end):
        found, size = _planned_anew(tours, costs, plan, rng, size, end)
        if costs.total(found) < cost - TINY:
            plan, cost = found, costs.total(found)
        rounds += 1
    names = [*instance.shifts, ""]
    roster = {name: [names[shift] for shift in plan[number]] for number, name in enumerate(instance.people)}
    return Solved(roster, cost, bound)


def _left(end: float | None) -> float:
    return np.inf if end is None else max(end - time.process_time(), 0.0)


def _priced(tours: Tours, master: Master, now: Relaxed, numbers: list[int]) -> tuple[int, float]:
    """Learn the best tour of each person; how many are new, and what the programme could be too dear by at most."""
    new, less = 0, 0.0
    for number in numbers:
        found = tours.best(number, now.prices - master.costs.requests[number])
        if found is not None:
            reduced = -found[0] - now.people[master.free.index(number)]
            less += min(reduced, 0.0)
            new += reduced < -TINY and master.add([(number, found[1])])
    return new, less


def _priced_out(tours: Tours, master: Master, enough: float) -> float:
    """Learn tours until none has a reduced cost below 0, or the bound (Lasdon 1970) is enough; the bound."""
    bound, new = -np.inf, 1
    while new and bound < enough:
        now = master.relaxed()
        new, less = _priced(tours, master, now, master.free)
        bound = max(bound, now.cost + less)
    return bound


def _dive(tours: Tours, costs: Costs, rng: np.random.Generator) -> Plan:
    """Fix a person's tour, one of those the programme is surest of, and learn tours that fit, until all are fixed
    (Joncour, Michel, Sadykov, Sverdlov, Vanderbeck 2010)."""
    master, plan = Master(costs, {}), dict[int, Tour]()
    while len(plan) < len(costs.requests):
        open_ = [number for number in master.free if number not in plan]
        for _ in range(4):
            if not _priced(tours, master, master.relaxed(), open_)[0]:
                break
        shares = zip(master.relaxed().shares, master.columns, strict=True)
        known = [(share * rng.uniform(0.8, 1.0), *column) for share, column in shares if share > TINY]
        known = [one for one in known if one[1] not in plan]
        for _, number, tour in [one for one in known if one[0] > 0.79] or [max(known)]:
            plan[number] = tour
            master.fix((number, tour))
    return plan


def _planned_anew(
    tours: Tours, costs: Costs, plan: Plan, rng: np.random.Generator, size: float, end: float | None
) -> tuple[Plan, float]:
    """The tours of some people anew beside those of the others, and how many people to try next.

    More when the bound proves that nothing was to be gained, fewer when the integer programme found nothing.
    """
    everybody, cost = len(plan), costs.total(plan)
    chosen = set(rng.choice(everybody, min(int(size), everybody), replace=False).tolist())
    master = Master(costs, {number: tour for number, tour in plan.items() if number not in chosen})
    if _priced_out(tours, master, cost - 1 + TINY) > cost - 1 + TINY:  # costs are whole numbers
        return plan, size + GROWTH
    now = master.relaxed()
    near = [column for column, reduced in zip(master.columns, now.reduced, strict=True)
            if reduced < cost - now.cost + TINY]  # fmt: skip
    found = master.whole(near, plan, Effort(1 - TINY, NODES, None if end is None else _left(end)))
    return found, size if costs.total(found) < cost - TINY else max(size - 1, 2.0)


def main() -> None:
    """Solve the instances named, each by two searches side by side (``--searches``); the better roster counts."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("instances", nargs="+", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=60.0, help="of the processor, for each search")
    parser.add_argument("--searches", type=int, default=2)
    asked = parser.parse_args()
    with ProcessPoolExecutor(asked.searches) as pool:
        for path in asked.instances:
            instance, clock = read(path), time.perf_counter()
            stop = Stop(asked.seconds, enough=BEST_KNOWN.get(path.stem, -np.inf))
            seeds = range(asked.seed, asked.seed + asked.searches)
            found = list(pool.map(partial(solve, instance, stop), seeds))
            costs = [int(score(instance, one.roster)["total"]) for one in found]
            best, bound = found[costs.index(min(costs))], max(one.bound for one in found)
            print(f"{path.stem}: {min(costs)} (searches {costs}, bound {bound:.1f}), "
                  f"{violations(instance, best.roster)} rules broken, "
                  f"{time.perf_counter() - clock:.0f} s on the wall", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
