"""Rosters against the bound of a linear programme, own bound, price-free greedy, time and memory; repairs by time.

    python benchmarks/planning_rosters.py [--quick] [--one-core] [--plain] [--agents 200 1000] [--seconds 30 60]
                                          [--keep FOLDER] [--repair-only FOLDER] [--possible CASES]

The instance generator, the linear programme and its recorded values lie in ``benchmarks/rosters``. Cost and rules of
every roster are counted by the independent score and checker. ``seconds`` are of the wall with two searches, for an
idle machine of two cores; with ``--one-core`` they are processor seconds of one search, whatever else runs.
``--plain`` plans each a second time, in the same time without the polish. ``--keep`` writes the rosters into a folder,
and ``--repair-only`` repairs those of a folder without planning. ``--possible`` says of so many absences of each kind
what lawful changes could bring back at most (``benchmarks/rosters/reachable.py``; a minute or so each).
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))

from onefloor.planning.repairing.repair import Parameters as Repairing
from onefloor.planning.repairing.repair import absent
from onefloor.planning.repairing.state import held_ready
from onefloor.planning.rostering.arrays import empty_cover, empty_tours, scratch
from onefloor.planning.rostering.layout import laid_out
from onefloor.planning.rostering.passes import cost, respond_all
from onefloor.planning.rostering.prices import no_prices
from onefloor.planning.rostering.problem import Problem, Roster
from onefloor.planning.rostering.solving import Parameters, solve
from onefloor.planning.solving import Stop
from rosters.bound import digest
from rosters.instance import FIRST, instance
from rosters.reachable import Gap, Reachable

# Instance by number of people: its digest and the bound that benchmarks/rosters/bound.py computed for it.
BOUNDS = {
    200: ("80461c68b612ac6b", 61892.6),
    1000: ("7f7fcb6319bdbe22", 308751.5),
    2000: ("b2b65b7e7eb53b4e", 617876.8),
}
GOALS = {200: ((30, 0.013), (300, 0.010)), 1000: ((60, 0.008), (600, 0.005)), 2000: ((120, 0.010),)}
OWN_BOUND, OF_GREEDY, MEMORY_MB = 0.003, 0.25, 1024
REPAIR_MS, BACK, CHANGES, JUDGED = 100.0, 0.90, 1.2, 2000  # from so many people on


def goal(agents: int, seconds: float) -> float | None:
    """The largest gap allowed after so many seconds; None where there is no goal yet."""
    held = [gap for limit, gap in GOALS.get(agents, ()) if seconds <= limit * 1.01]
    return held[0] if held else None


def greedy(problem: Problem) -> float:
    """What best responses without prices reach until nothing gains."""
    task = laid_out(problem).task
    cover, tours, room, prices = empty_cover(task), empty_tours(task), scratch(task), no_prices(task)
    rng, best, now = np.random.default_rng(1), np.inf, 1e300
    while now < best:
        best = now
        respond_all(task, cover, tours, prices, room, rng.permutation(len(problem.agents)).astype(np.int32), 0.0, 0.0)
        now = cost(task, cover, tours)
    return float(best)


def slowness() -> float:
    """Seconds of the wall for one of the processor, as things are."""
    wall, processor = time.monotonic(), time.process_time()
    greedy(instance(100))
    return max(1.0, (time.monotonic() - wall) / (time.process_time() - processor))


def planned(agents: int, seconds: float, *, one_core: bool, plain: bool) -> tuple[bool, Problem, Roster]:
    """Plan once and tell; whether every goal is met."""
    problem = instance(agents)
    known, lp = BOUNDS.get(agents, ("", None))
    assert not known or known == digest(problem), "another instance than the one of the recorded bound"
    solve(instance(20, days=28), Parameters(price_rounds=2, sweeps=1, passes=1))  # compiled before the clock runs
    clock, searches = (time.process_time, 1) if one_core else (time.monotonic, 2)
    # HiGHS reads the clock on the wall: where others run beside it, the polish gives a day as much more of that.
    asked = Parameters(searches=searches, day_seconds=Parameters().day_seconds * (slowness() if one_core else 1.0))
    began = time.process_time()
    found = solve(problem, asked, Stop(seconds=seconds), seed=1, clock=clock)
    spent = time.process_time() - began
    score, broken = found.score.total, len(found.breaches)
    limit = lp if lp is not None else found.bound
    gap, limit_gap = score / limit - 1, goal(agents, seconds)
    without = greedy(problem) / limit - 1
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    checks = {
        f"gap {gap:.2%}" + (f" (goal {limit_gap:.1%})" if limit_gap else ""): limit_gap is None or gap <= limit_gap,
        _bound_words(found.bound, lp): lp is None or found.bound >= lp * (1 - OWN_BOUND),
        f"{gap / without:.2f} of the greedy's gap ({without:.1%})": gap <= OF_GREEDY * without,
        f"{broken} rules broken": broken == 0,
        f"score {score:,.0f} = cost {found.cost:,.0f}": abs(score - found.cost) < 1e-6 * score,
        f"{memory:,.0f} MB": memory <= MEMORY_MB,
    }
    print(f"{agents} people, {found.seconds:.0f} s ({spent:.0f} s of processor):")
    for told, met in checks.items():
        print(f"    {'ok  ' if met else 'MISS'} {told}", flush=True)
    if plain:
        other = solve(problem, replace(asked, polish=0.0), Stop(seconds=seconds), seed=1, clock=clock)
        print(f"         gap {other.score.total / limit - 1:.2%} without the polish")
    return all(checks.values()), problem, found.roster


def _bound_words(own: float, programme: float | None) -> str:
    if programme is None:
        return "own bound is the measure: no linear programme was run for this size"
    return f"own bound {1 - own / programme:.2%} below the linear programme's"


# Who falls out: when it is told, in minutes of the day, and when the shift began. Goals are for one who is still to
# come: of a shift that runs already, nobody brings back the hours until somebody can be there.
LATER = ("still to come at 10:00", 600, (600, 1440))
WORKING = ("at work at 10:00", 600, (0, 600))
NIGHT = ("in a night at 02:00", 120, (1200, 1440))


def repaired(problem: Problem, roster: Roster, cases: int) -> bool:
    """Sudden absences of people who are still to come, at work, and in a night; whether the goals of one are met."""
    for duty in (LATER, WORKING, NIGHT):
        _absences(problem, roster, duty, 1, 1, np.random.default_rng(0))  # compiled before the clock runs
    rng, every = np.random.default_rng(0), True
    for number, duty in ((1, LATER), (3, LATER), (10, LATER), (1, WORKING), (1, NIGHT)):
        times, back, each = _absences(problem, roster, duty, number, cases, rng)
        p99 = float(np.quantile(times, 0.99))
        judged = number == 1 and duty is LATER and len(problem.agents) >= JUDGED  # the others are told beside it
        met = not judged or (p99 <= REPAIR_MS and back >= BACK and each <= CHANGES)
        every, mark = every and met, ("ok  " if met else "MISS") if judged else "    "
        print(
            f"    {mark} {number} {duty[0]}: median {np.median(times):.1f} ms, p99 {p99:.1f} ms of processor, "
            f"{back:.0%} back, {each:.2f} changes an absence",
            flush=True,
        )
    return every


def possible(problem: Problem, roster: Roster, cases: int) -> None:
    """What repairs bring back of what one, two or any number of lawful changes could."""
    asked, minutes = Repairing(), problem.grid.minutes
    for label, minute, began_within in (LATER, WORKING, NIGHT):
        rng, told = np.random.default_rng(0), np.zeros(6)
        for _ in range(cases):
            day = int(rng.integers(1, problem.grid.days - 1))
            who = _on(problem, roster, day, minute, began_within, rng, 1)
            now = _moment(day, minute, began_within)
            state = held_ready(problem, roster)
            since, row = state.interval(now), state.row(who[0])
            span, soonest, late = state.span(row, day), -(-asked.notice // minutes), -(-asked.told // minutes)
            gap = Gap(row, day, since, span.until, since + soonest, since + late, asked.overtime // minutes)
            programme, found = Reachable(problem, roster, gap), absent(state, who, now)
            assert abs(programme.lost - found.lost) < 1e-6, "the independent count differs"
            most = [programme.most(changes) for changes in (1, 2, None)]
            back = found.lost - max(found.left, 0.0)
            told += [found.lost, programme.gone[:soonest].sum(), back, *most]
        lost, *rest = told
        before, back, one, two, every = (part / lost for part in rest)
        print(
            f"         {cases} {label}: {before:.0%} lost before anybody can come; {back:.0%} back; at most {one:.0%} "
            f"by one lawful change, {two:.0%} by two, {every:.0%} by any",
            flush=True,
        )


def _moment(day: int, minute: int, began_within: tuple[int, int]) -> datetime:
    """When an absence of a duty of a day is told; a night's is on the day after."""
    return datetime(FIRST.year, FIRST.month, FIRST.day) + timedelta(day + (began_within[0] > minute), minutes=minute)


def _absences(
    problem: Problem, roster: Roster, duty: tuple[str, int, tuple[int, int]], number: int, cases: int,
    rng: np.random.Generator,
) -> tuple[list[float], float, float]:  # fmt: skip
    """So many repairs: milliseconds of each, the share of the lost cover that is back, changes an absence."""
    _, minute, began_within = duty
    times, lost, left, changes = [], 0.0, 0.0, 0
    for _ in range(cases):
        state, day = held_ready(problem, roster), int(rng.integers(1, problem.grid.days - 1))
        who = _on(problem, roster, day, minute, began_within, rng, number)
        now = _moment(day, minute, began_within)
        began = time.process_time()
        found = absent(state, who, now)
        times.append((time.process_time() - began) * 1000)
        lost, left, changes = lost + found.lost, left + max(found.left, 0.0), changes + len(found.changes)
    return times, 1 - left / lost, changes / number / cases


def _on(
    problem: Problem, roster: Roster, day: int, minute: int, began_within: tuple[int, int], rng: np.random.Generator,
    number: int,
) -> list[str]:  # fmt: skip
    """People whose shift begins within those minutes of a day and is not over when the absence is told."""
    told = minute + 1440 * (began_within[0] > minute)
    begins = np.array([one.start for one in problem.shifts])
    ends = begins + problem.grid.minutes * np.array([one.length for one in problem.shifts])
    there = (begins >= began_within[0]) & (begins < began_within[1]) & (ends > told)
    taken = roster.shifts[:, day]
    fits = np.flatnonzero((taken >= 0) & there[taken])
    return [problem.agents[row].id for row in rng.choice(fits, number, replace=False)]


def _repaired_of(folder: Path, agents: int, cases: int) -> bool:
    """Repair a roster that was kept; whether the goals are met."""
    with np.load(folder / f"{agents}.npz") as kept:
        problem, roster = instance(agents), Roster(kept["shifts"], kept["pauses"])
    print(f"{agents} people:", flush=True)
    met = repaired(problem, roster, cases=30)
    if cases:
        possible(problem, roster, cases)
    return met


def main() -> int:
    """Plan each size once, repair the last one; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="200 people for 12 s, judged by rules and bound only")
    parser.add_argument("--one-core", action="store_true")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--agents", type=int, nargs="+", default=[200, 1000, 2000])
    parser.add_argument("--seconds", type=float, nargs="+", default=[30.0, 60.0, 120.0])
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    parser.add_argument("--repair-only", type=Path, metavar="FOLDER")
    parser.add_argument("--possible", type=int, default=0, metavar="CASES")
    asked = parser.parse_args()
    if asked.repair_only:
        every = [_repaired_of(asked.repair_only, agents, asked.possible) for agents in asked.agents]
        return 0 if all(every) else 1
    runs = [(200, 12.0)] if asked.quick else list(zip(asked.agents, asked.seconds, strict=True))
    met, held = True, None
    for agents, seconds in runs:
        good, problem, roster = planned(agents, seconds, one_core=asked.one_core or asked.quick, plain=asked.plain)
        met, held = met and good, (problem, roster)
        if asked.keep:
            asked.keep.mkdir(parents=True, exist_ok=True)
            np.savez(asked.keep / f"{agents}.npz", shifts=roster.shifts, pauses=roster.pauses)
    assert held is not None
    met = repaired(*held, cases=10 if asked.quick else 30) and met
    if asked.possible:
        possible(*held, asked.possible)
    return 0 if met or asked.quick else 1


if __name__ == "__main__":
    sys.exit(main())
