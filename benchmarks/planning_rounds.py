"""Rosters whose simulated service level keeps its target, after at most four rounds of cuts.

    python benchmarks/planning_rounds.py [--quick]

Three generated floors of 200 agents for 28 days of half hours, two companies, redials, patience, lognormal handling, a
day factor: one skill (9,000 contacts a day) and three skills, of which four in seven people have two or three, with
shifts of 8, 9 and 10 hours with breaks and split shifts; and one skill with shifts of two to five hours that begin at
any half hour, where the shape of shifts is no limit. Needs begin with Erlang A's, skill by skill; the target is 80 % in
20 s in every half hour of every skill. Judged on fresh replications, whose standard error is printed: a half hour is
*short* more than a point below the target; *kept* within a point, or above where one agent less would be; *spare* above
with people whom the shape of shifts puts there beyond all needs; *ample* above as the needs ask for an agent too many.
Beside it stands in how many half hours any whole number of agents has a level within a point on both sides.

Goals: at most 5 % short; with one skill at most 5 % short or ample together; with short shifts at least 90 % kept; no
rule broken; at most 4 rounds. Times are CPU seconds of this process.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))

from onefloor.planning.grid import Grid
from onefloor.planning.rostering.problem import (
    Agent,
    Company,
    Contract,
    Costs,
    Limit,
    Problem,
    Qualification,
    Shift,
    Skill,
)
from onefloor.planning.rostering.solving import Parameters as Search
from onefloor.planning.rounds.judging import Standing
from onefloor.planning.rounds.problem import POINT, Rounds
from onefloor.planning.rounds.scale import erlang_needs, shapes
from onefloor.planning.rounds.solving import Parameters, solve
from onefloor.planning.simulation.laws import exponential, gamma, lognormal
from onefloor.planning.simulation.model import ContactType, Group, Model, Return, Rule
from onefloor.planning.simulation.model import Skill as Serves
from rosters.instance import COMPANIES, CONTRACTS, FIRST, OF_CONTRACT

SETS = {1: ((0,),), 3: ((0,), (1,), (2,), (0, 1), (1, 2), (0, 2), (0, 1, 2))}
LOAD, WRAP_S, DESK_HOURS, MOST_DAYS = 0.7, 30.0, 7.75, 20 / 28
WEEK = np.array([1.15, 1.05, 1.0, 1.0, 1.05, 0.79, 0.69])
SHORT, OFF, KEPT, ROUNDS = 0.05, 0.05, 0.90, 4
# Two to five hours without a break, begun at any half hour: how near the target shifts let a roster come.
PIECES = tuple(Shift(f"{n / 2:g}h-{start}", start * 30, n) for n in range(4, 11) for start in range(48))
PIECE_HOURS = 2.5


@dataclass(frozen=True, slots=True)
class Size:
    """A floor: people, skills, days, the shifts of each contract, and replications of a round."""

    agents: int
    skills: int
    days: int
    work: Sequence[Sequence[Shift]] = OF_CONTRACT
    replications: int = 200

    @property
    def free(self) -> bool:
        """Whether the shape of shifts is no limit."""
        return self.work is not OF_CONTRACT


def customers(skills: int) -> Model:
    """Calls of 280 to 360 s and wrap-up, patience of three minutes, redials, a day factor."""
    types = tuple(
        ContactType(
            id=f"skill{k}", arrivals=(0.0,), service=lognormal(280.0 + 40 * k, 1.0), wrap_up=lognormal(WRAP_S, 0.5),
            patience=exponential(180.0), redial=Return(share=0.2, after=exponential(900.0)), busyness=gamma(1.0, 0.03),
        )
        for k in range(skills)
    )  # fmt: skip
    group = Group(id="all", types=tuple(Serves(type=kind.id) for kind in types), staff=(1,))
    return Model(id="floor", rule=Rule(within=20.0, formula="F4"), types=types, groups=(group,))


def contacts(grid: Grid, model: Model, hours: float, rng: np.random.Generator) -> np.ndarray:
    """Three waves a day, fewer at the weekend, with noise, scaled to so many hours of work."""
    hour, rows = (np.arange(len(grid)) % 48) / 2, []
    for k in range(len(model.types)):
        waves = 0.1 + np.exp(-(((hour - 10.5 - 0.3 * k) / 2.6) ** 2)) + 0.85 * np.exp(-(((hour - 15.5) / 2.4) ** 2))
        waves += 0.5 * np.exp(-(((hour - 20) / 1.8) ** 2))
        rows.append(waves * WEEK[grid.day_of % 7] * (1 + 0.03 * rng.standard_normal(len(hour))))
    busy = np.array([kind.service.mean + WRAP_S for kind in model.types])
    return np.asarray(np.array(rows) * hours / (np.array(rows) * busy[:, None] / 3600).sum())


def floor(size: Size, seed: int = 1) -> Rounds:
    """The question, with Erlang A's needs."""
    agents, skills, days, work = size.agents, size.skills, size.days, size.work
    grid, model, names = Grid(FIRST, days), customers(skills), [f"skill{k}" for k in range(skills)]
    sets = SETS[skills]
    people = tuple(
        Agent(str(2001 + n), COMPANIES[n % 3 == 2], CONTRACTS[n % 3],
              tuple(Qualification(skill=names[k]) for k in sets[n % len(sets)]))
        for n in range(agents)
    )  # fmt: skip
    contracts = tuple(
        Contract(name, tuple(shift.id for shift in work[n]), 0, max(1, 22 * days // 28))
        for n, name in enumerate(CONTRACTS)
    )
    problem = Problem(
        grid, tuple(Skill(name) for name in names), (Company(COMPANIES[0]), Company(COMPANIES[1], price=1.8)),
        tuple(shift for shifts in work for shift in shifts), contracts, people,
        np.ones((len(grid), skills), np.int32),
        (Limit(rule="rest", amount=11), Limit(rule="consecutive_days", amount=6)), costs=Costs(missing=40.0),
    )  # fmt: skip
    desk = PIECE_HOURS if size.free else DESK_HOURS
    hours = agents * desk * MOST_DAYS * days * LOAD
    asked = Rounds(problem, model, contacts(grid, model, hours, np.random.default_rng(seed)), 0.8)
    return replace(asked, roster=replace(problem, needs=erlang_needs(asked).T.astype(np.int32)))


def reachable(asked: Rounds) -> float:
    """Share of the judged intervals in which some whole number of agents has a level within a point of the target.

    By Erlang A, skill by skill, with no regard to shifts: no roster that staffs by whole agents comes nearer.
    """
    within = [(abs(curve.levels - asked.level) <= POINT).any(axis=0) for curve in shapes(asked)]
    return float(np.array(within)[asked.judged].mean())


def run(size: Size, fresh: int, seed: int) -> bool:
    """One floor; whether its goals are met."""
    asked, cpu = floor(size), time.process_time()
    first, again = Search(searches=1, sweeps=60, price_rounds=600), Search(searches=1, sweeps=30, price_rounds=600)
    effort = Parameters(ROUNDS, replications=size.replications, fresh=fresh, first=first, again=again)
    laps: list[float] = []
    found = solve(asked, effort, seed=seed, progress=lambda _: laps.append(time.process_time() - cpu))
    whole, after = time.process_time() - cpu, found.after
    shifts = "shifts of 2 to 5 h" if size.free else "shifts of 8 to 10 h"
    print(f"{size.agents} agents, {size.skills} skill(s), {shifts}, {size.days} days, "
          f"{asked.arrivals.sum():,.0f} contacts, seed {seed}:")  # fmt: skip
    for number, state in enumerate(found.states):
        print(f"    round {number}: {state.short} short, {state.lower} needs too high, "
              f"{state.plan.problem.needs.sum() / 2:,.0f} h needed, {state.plan.score.paid_hours:,.0f} h paid, "
              f"{laps[number]:.0f} CPU s")  # fmt: skip
    told = ", ".join(f"{after.count(one) / after.judged:.1%} {one.value}" for one in Standing)
    print(f"    fresh: round {found.best}, {after.judged} intervals: {told}; {found.short_before} short at first; "
          f"standard error {100 * after.error:.2f} points ({fresh} replications); {whole:.0f} CPU s")  # fmt: skip
    within = (abs(after.seen.value - asked.level) <= POINT)[asked.judged].mean()
    print(f"    within a point on both sides: {within:.1%}; whole agents allow {reachable(asked):.1%}")
    short, kept = after.count(Standing.SHORT) / after.judged, after.count(Standing.KEPT) / after.judged
    checks = {f"short {short:.1%} (goal <= {SHORT:.0%})": short <= SHORT,
              f"{len(found.plan.breaches)} rules broken": not found.plan.breaches}  # fmt: skip
    if size.skills == 1:
        checks[f"short or ample {1 - after.held:.1%} (goal <= {OFF:.0%})"] = 1 - after.held <= OFF
    if size.free:
        checks[f"kept {kept:.1%} (goal >= {KEPT:.0%})"] = kept >= KEPT
    for words, met in checks.items():
        print(f"    {'ok  ' if met else 'MISS'} {words}")
    return all(checks.values())


def main() -> int:
    """All floors; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="seven days, fewer fresh replications")
    quick = parser.parse_args().quick
    days, fresh = (7, 150) if quick else (28, 400)
    free = Size(200, 1, days, (PIECES,) * len(CONTRACTS), 400)
    met = [run(size, fresh, seed=1) for size in (Size(200, 1, days), Size(200, 3, days), free)]
    allowed = ", ".join(f"{people:,}: {reachable(floor(Size(people, 1, 28))):.1%}" for people in (200, 1000, 5000))
    print(f"within a point on both sides whole agents allow, one skill, by people: {allowed}")
    print("goals met" if all(met) else "a goal is missed")
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
