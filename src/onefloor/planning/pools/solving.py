"""Least staff of pools that several types share: integer programme, cuts by simulation, small moves, a fresh check."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np

from onefloor.language import Text
from onefloor.planning.pools.cuts import cuts_at, slopes
from onefloor.planning.pools.levels import Levels
from onefloor.planning.pools.loads import all_loads, loads, pooled_agents
from onefloor.planning.pools.master import Cut, cheapest
from onefloor.planning.pools.problem import Floats, Ints, Limit, Parameters, Pools
from onefloor.planning.pools.result import OutOfReach, Staffing
from onefloor.planning.pools.search import meets, polished
from onefloor.planning.pools.simulated import Simulated
from onefloor.planning.solving import Clock, Progress, Step, Stop, silent

MOST_CHECKS = 6  # searches, each with what the checks before it found missing
MOST_GOAL = 0.99  # of what a target lets pass, no more is taken away to make the goal stricter
FRESH = 1_000_003  # what is added to the seed for chance the search has not seen
LOST = 0.85  # of what a target lets pass, so much may be lost altogether where the search begins


@dataclass(slots=True)
class Work:
    """What the search knows so far."""

    asked: Pools
    floor: Simulated
    parameters: Parameters
    stop: Stop
    clock: Clock
    progress: Progress
    began: float
    cuts: list[Cut] = field(default_factory=list)
    rounds: int = 0
    bound: float = 0.0

    def stopped(self) -> bool:
        """Whether it is time to end."""
        return self.stop.reached(self.clock() - self.began, self.rounds)


def solve(
    asked: Pools,
    parameters: Parameters | None = None,
    stop: Stop | None = None,
    seed: int = 1,
    *,
    clock: Clock = time.monotonic,
    progress: Progress = silent,
) -> Staffing:
    """The cheapest staff with which every target is reached.

    Args:
        asked: the problem.
        parameters: how much is simulated.
        stop: seconds end the polish, rounds the cuts, either the searches after a check that missed; a staff that
            reaches the targets in the search's own chance is found in any case.
        seed: which chance; equal seeds give equal answers, whatever the number of threads.
        clock: seconds, for ``stop``.
        progress: told after each round of cuts.

    Raises:
        OutOfReach: the limits leave no such staff; it says which targets, how far they get, and which limits.
        TooMuchWaits: nobody ever leaves a queue that grows without end.
    """
    wanted = parameters or Parameters()
    floor = Simulated(asked, wanted.replications, seed, wanted.threads)
    work = Work(asked, floor, wanted, stop or Stop(), clock, progress, clock())
    goal = np.repeat(asked.levels[:, None], asked.intervals, axis=1)
    aim, best = goal, None
    for number in range(MOST_CHECKS):
        try:
            staff = _searched(work, goal)
        except OutOfReach:
            if best is None:
                raise
            break  # the limits allow what was asked, not the more that fresh chance asks for
        fresh = Simulated(asked, wanted.fresh, seed + FRESH + number, wanted.threads)
        checked = fresh.levels(staff)
        floor.contacts += fresh.contacts
        short = np.maximum(aim - checked.value - checked.error, 0.0)
        if best is None or (short.max(), asked.cost(staff)) < best[0]:
            best = (short.max(), asked.cost(staff)), staff, checked
        if not short.any() or work.stopped():
            break
        # The search's own chance was kind: where fresh chance misses, ask more of it than this staff reaches there.
        reached = floor.levels(staff).value
        stricter = aim + reached - checked.value
        goal = np.where(short > 0, np.maximum(goal, np.minimum(stricter, aim + MOST_GOAL * (1 - aim))), goal)
        if (reached >= goal).all():
            break  # it would be found again, and the luckier of two checks would be told
    assert best is not None
    return _answer(work, *best[1:], seed)


def _answer(work: Work, staff: Ints, checked: Levels, seed: int) -> Staffing:
    asked, floor = work.asked, work.floor
    return Staffing(
        asked=asked, staff=staff, cost=asked.cost(staff), bound=work.bound, seen=floor.levels(staff),
        checked=checked, binding=used_up(asked, staff), rounds=work.rounds, cuts=len(work.cuts),
        staffs=len({key for key, _ in floor.known}), contacts=floor.contacts, seed=seed,
    )  # fmt: skip


def used_up(asked: Pools, staff: Ints) -> tuple[Limit, ...]:
    """The limits that let no further agent in, in some interval."""
    return tuple(x for x in asked.limits if asked.filled(x, staff).any())


def _searched(work: Work, goal: Floats) -> Ints:
    """The cheapest staff found that reaches the goal (J, P) in the search's own chance."""
    asked, floor = work.asked, work.floor
    load = loads(asked)
    spare = pooled_agents(asked) / np.maximum(load.sum(axis=0), 1e-12)
    least = float(asked.levels.min())
    judged = np.asarray(asked.counted.any(axis=0), dtype=float)[:, None]
    low = load * (least + LOST * (1 - least)) * judged
    staff = cheapest(asked, all_loads(asked) * np.maximum(spare, 1.0) * judged, work.cuts)
    for _ in range(work.parameters.most_cuts):
        if staff is None:
            staff = cheapest(asked, low, work.cuts)
        if staff is None:
            raise _out_of_reach(work, low, goal)
        seen = floor.levels(staff)
        work.rounds += 1
        if (seen.value >= goal).all():
            break
        work.cuts += cuts_at(asked, staff, seen, goal, slopes(floor, staff))
        work.progress(Step(work.clock() - work.began, work.rounds, None, asked.cost(staff)))
        staff = cheapest(asked, low, work.cuts)
        if work.stopped():
            break
    if staff is None:
        raise _out_of_reach(work, low, goal)
    staff = _repaired(work, staff, goal)
    work.bound = _bound(work, low)
    return polished(asked, floor, staff, goal, slopes(floor, staff), work.stopped)


def _bound(work: Work, low: Floats) -> float:
    staff = cheapest(work.asked, low, work.cuts)
    return 0.0 if staff is None else work.asked.cost(staff)


def _repaired(work: Work, staff: Ints, goal: Floats) -> Ints:
    """Agents added where the level gains most for its price, until the goal is reached."""
    asked, floor = work.asked, work.floor
    while not meets(asked, floor, staff, goal):
        short = np.maximum(goal - floor.levels(staff).value, 0.0)
        gain = np.einsum("jp,jpg->gp", short, slopes(floor, staff)[..., 0]) / asked.price[:, None]
        for g, p in np.dstack(np.unravel_index(np.argsort(-gain, axis=None), gain.shape))[0]:
            more = staff.copy()
            more[g, p] += 1
            if gain[g, p] > 0 and not asked.broken(more):
                staff = more
                break
        else:
            raise _missed(asked, floor, staff, goal)
    return staff


def _out_of_reach(work: Work, low: Floats, goal: Floats) -> OutOfReach:
    asked, floor, before = work.asked, work.floor, None
    for _ in range(work.parameters.most_cuts):  # until only those miss who cannot be helped
        staff = cheapest(asked, low, work.cuts, elastic=True)
        if staff is None:  # the limits alone contradict each other
            contradicted = Text("限额相互矛盾", "the limits contradict each other")
            return OutOfReach((contradicted,), tuple(limit.name for limit in asked.limits))
        if before is not None and (staff == before).all():
            break
        before = staff
        work.cuts += cuts_at(asked, staff, floor.levels(staff), goal, slopes(floor, staff))
    assert before is not None
    return _missed(asked, floor, before, goal)


def _missed(asked: Pools, floor: Simulated, staff: Ints, goal: Floats) -> OutOfReach:
    """Which targets are missed with the most that the limits allow, how far they get, and which limits are full."""
    seen = floor.levels(staff)
    told = []
    for j, target in enumerate(asked.targets):
        p = int(np.argmin(seen.value[j] - goal[j]))
        if seen.value[j, p] < goal[j, p]:
            at = Text("", "") if asked.intervals == 1 else Text(f"第{p + 1}时段", f" in interval {p + 1}")
            reach = f"{seen.value[j, p]:.1%}", f"{target.level:.1%}"
            told.append(Text(
                f"{target.name.zh}{at.zh}最多 {reach[0]}，目标 {reach[1]}",
                f"{target.name.en}{at.en} gets to {reach[0]} of {reach[1]}",
            ))  # fmt: skip
    return OutOfReach(tuple(told), tuple(limit.name for limit in used_up(asked, staff)))
