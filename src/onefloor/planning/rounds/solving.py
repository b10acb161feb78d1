"""Solving: simulate the roster, put its needs right, search on from the roster so far; the best state seen wins."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

import numpy as np

from onefloor.planning.pools.levels import Levels
from onefloor.planning.rostering.checking import at_desk
from onefloor.planning.rostering.problem import Counts
from onefloor.planning.rostering.result import Result as Plan
from onefloor.planning.rostering.solving import Parameters as Search
from onefloor.planning.rostering.solving import solve as search
from onefloor.planning.rounds.judging import judged
from onefloor.planning.rounds.needs import look, next_needs, served
from onefloor.planning.rounds.problem import POINT, Rounds, refused
from onefloor.planning.rounds.response import Look
from onefloor.planning.rounds.result import Answer, State
from onefloor.planning.rounds.scale import shapes
from onefloor.planning.rounds.seeing import Chance, levels
from onefloor.planning.solving import Clock, Progress, Step, Stop, silent

FRESH = 1_000_003  # what is added to the seed for chance that no round has seen
OF_FIRST = 0.4  # of the seconds, so many for the first roster; the rounds share the rest


@dataclass(frozen=True, slots=True)
class Parameters:
    """How much is done: ``rounds`` at most after the first roster, replications of each round and of the check on
    fresh chance, threads (None: all), and how rosters are searched for, the first one and then in a round.

    Raises:
        BadRounds: a number that nothing can be done with.
    """

    rounds: int = 4
    replications: int = 200
    fresh: int = 1000
    threads: int | None = None
    first: Search = field(default_factory=Search)
    again: Search = field(default_factory=lambda: Search(sweeps=40))

    def __post_init__(self) -> None:
        if self.rounds < 0 or min(self.replications, self.fresh) < 2 or (self.threads or 1) < 1:
            raise refused(
                "轮数不小于 0，重复次数至少为 2，线程数至少为 1。",
                "Rounds are 0 or more, replications 2 or more, threads 1 or more.",
                "请使用默认值。", "Leave the defaults.",
            )  # fmt: skip


def solve(
    asked: Rounds,
    parameters: Parameters | None = None,
    stop: Stop | None = None,
    seed: int = 0,
    *,
    clock: Clock = time.monotonic,
    progress: Progress = silent,
) -> Answer:
    """A roster whose simulated levels keep the target, and how it stands on fresh chance.

    Args:
        asked: the problem.
        parameters: how much is searched and simulated.
        stop: ``seconds`` for all rosters together (the check comes on top), ``rounds`` after the first.
        seed: which chance; equal seeds give equal answers where no seconds are given.
        clock: seconds, for ``stop``.
        progress: told after each simulated roster; ``best`` is the number of intervals that are off.

    Raises:
        NoRoster: the rules leave an agent no tour.
        OutOfReach: no number of agents reaches the target in some interval.
        TooMuchWaits: nobody leaves a queue that grows without end.
    """
    wanted, limit, began = parameters or Parameters(), stop or Stop(), clock()
    most = wanted.rounds if limit.rounds is None else min(wanted.rounds, limit.rounds)
    curves, states, looks = shapes(asked), list[State](), list[Look]()
    needed = np.array([curve.needed for curve in curves])
    first, each = _seconds(limit, most)
    plan = search(asked.roster, wanted.first, first, seed, clock=clock)
    for number in range(most + 1):
        there = at_desk(plan.problem, plan.roster)
        seen = levels(asked, there, Chance(seed + number, wanted.replications, wanted.threads))
        looks.append(look(asked, curves, served(asked, there, needed), seen, wanted.replications))
        now = plan.problem.needs.astype(np.int64)
        needs = _with(asked, next_needs(asked, needed, looks, now.T[asked.columns]))
        states.append(_state(asked, plan, seen, needs))
        progress(Step(clock() - began, number, min(state.off for state in states)))
        if number == most or (needs == now).all() or limit.reached(clock() - began, number):
            break
        plan = search(replace(asked.roster, needs=needs), wanted.again, each, seed + number + 1, start=plan.start,
                      clock=clock)  # fmt: skip
    best = min(range(len(states)), key=lambda number: states[number].order(int(asked.judged.sum())))
    chance = Chance(seed + FRESH, wanted.fresh, wanted.threads)
    first_plan, best_plan = states[0].plan, states[best].plan
    after = judged(asked, best_plan.problem, best_plan.roster, chance)
    before = after.seen if best == 0 else levels(asked, at_desk(first_plan.problem, first_plan.roster), chance)
    return Answer(asked, tuple(states), best, before, after, clock() - began, wanted.fresh, seed)


def _seconds(limit: Stop, rounds: int) -> tuple[Stop, Stop]:
    """The seconds of the first roster and of each further one."""
    if limit.seconds is None:
        return Stop(gap=limit.gap), Stop(gap=limit.gap)
    share = OF_FIRST if rounds else 1.0
    each = limit.seconds * (1 - share) / max(rounds, 1)
    return Stop(limit.seconds * share, gap=limit.gap), Stop(each, gap=limit.gap)


def _with(asked: Rounds, needs: np.ndarray) -> Counts:
    """The roster's needs with those of the simulated skills, shape (K, P), in their columns."""
    found = asked.roster.needs.copy()
    found[:, asked.columns] = needs.T
    return found


def _state(asked: Rounds, plan: Plan, seen: Levels, needs: Counts) -> State:
    inside = asked.judged
    below = np.where(inside, np.maximum(asked.level - seen.value, 0.0), 0.0)
    now = plan.problem.needs.T[asked.columns]
    lower = inside & (seen.value > asked.level + POINT) & (needs.T[asked.columns] < now)
    return State(plan, seen, int((below > POINT).sum()), int(lower.sum()), float(below.sum()))
