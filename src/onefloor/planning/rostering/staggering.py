"""Staggering: breaks are moved, and nothing else, until those who are missing are spread over the half hours.

The cost is linear in the agents missing, so four missing in one half hour cost what one costs in each of four.
Customers feel it otherwise: what they lose is convex in the number of servers (Messerli 1972; Jagers and van Doorn
1991). Among rosters of equal cost the one is wanted whose spread is least: the sum over intervals and skills of
``weight * missing**2 / need``, which is what is missing times the share that is missing, and to a hundredth of that of
``surplus**2 / need``.

Who serves which skill is not unique where agents have several, so the spread is that of the best flow: everybody at the
desk is at one of their skills, the cost of what is missing is least, and of all such flows the spread is least. Both
parts are convex in each skill's number and the numbers are those of a polymatroid, so one path for each change keeps
that flow (Federgruen and Groenevelt 1986; Ahuja, Magnanti, Orlin 1993, chapter 14). It depends on who is at the desk
and on nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onefloor.planning.compiled import compiled
from onefloor.planning.rostering.arrays import Demand, Floats, Ints, Task, Tours
from onefloor.planning.rostering.duty import at_desk

SURPLUS = 0.01  # what the square of a surplus counts beside that of as many missing
ROUNDING = 1e-11  # what sums over a break's intervals may be off, as a share of the dearest agent
UNSEEN, START = -2, -1


class Desks(NamedTuple):
    """Who is at which skill, and rooms for paths and for the values of a window; kept at its best with every change."""

    units: Ints  # interval, skill
    given: Ints  # interval, skill set, skill
    present: Ints  # group, interval
    path: NDArray[np.int64]  # 3, skill
    saves: Floats  # (cost, spread), interval of a window
    desk: Ints  # intervals at the desk on one day


def stagger(task: Task, tours: Tours, over: Callable[[], bool]) -> int:
    """Move breaks of ``tours`` in place until no single one lowers cost or, at equal cost, spread; how many moves.

    Cost never rises, so it may end after any day, as soon as ``over`` says so. It draws nothing by chance.
    """
    demand, days = task.demand, tours.choice.shape[1]
    dearest = max(demand.heaviest, demand.low_cost.max(initial=0.0), demand.high_cost.max(initial=0.0))
    desks = _desks(task)
    _seat_all(task, tours, desks)
    stale, moves = np.ones(days, dtype=bool), 0
    while stale.any():
        for day in np.flatnonzero(stale).tolist():
            if over():
                return moves
            stale[day] = False
            if moved := _stagger_day(task, tours, desks, day, dearest * ROUNDING):
                stale[max(day - 1, 0) : day + 2] = True  # nights reach into the next day
                moves += moved
    return moves


def _desks(task: Task) -> Desks:
    """Nobody is there."""
    need, longest = task.demand.need, int(task.shifts.length.max())
    return Desks(
        np.zeros_like(need),
        np.zeros((len(need), len(task.demand.mask), need.shape[1]), dtype=np.int32),
        np.zeros_like(task.demand.low),
        np.zeros((3, need.shape[1]), dtype=np.int64),
        np.zeros((2, longest)),
        np.zeros(longest, dtype=np.int32),
    )


@compiled
def _seat_all(task: Task, tours: Tours, desks: Desks) -> None:
    """Put everybody to the desk."""
    patterns, people = task.patterns, task.people
    for agent in range(tours.choice.shape[0]):
        for day in range(tours.choice.shape[1]):
            if tours.choice[agent, day] >= 0:
                shift = patterns.shift[patterns.shift_at[people.pattern[agent]] + tours.choice[agent, day]]
                number = at_desk(task.shifts, tours.pauses[agent, day], day, shift, desks.desk)
                for t in desks.desk[:number]:
                    _seat(task, desks, agent, t)


@compiled
def _stagger_day(task: Task, tours: Tours, desks: Desks, day: int, rounding: float) -> int:
    """Move each break of a day once to where it is best; how many moved.

    Windows of a shift do not overlap. A break goes no further from its neighbours than ``work_without_break`` lets it.
    """
    patterns, moved = task.patterns, 0
    for agent in range(tours.choice.shape[0]):
        if tours.choice[agent, day] < 0:
            continue
        member = patterns.shift_at[task.people.pattern[agent]] + tours.choice[agent, day]
        held = tours.pauses[agent, day]
        window = patterns.window[day, patterns.pause_at[member] : patterns.pause_at[member + 1]]
        for slot in range(len(window)):
            first, last = window[slot, 0], window[slot, 1]
            if slot > 0:
                last = min(last, held[slot - 1] + window[slot - 1, 2])
            if slot + 1 < len(window):
                first = max(first, held[slot + 1] - window[slot, 2])
            if first < last:
                moved += _move(task, desks, agent, held, slot, day, patterns.shift[member], first, last, rounding)
    return moved


@compiled
def _move(
    task: Task, desks: Desks, agent: int, held: Ints, slot: int, day: int, shift: int, first: int, last: int,
    rounding: float,
) -> bool:  # fmt: skip
    """Put one break where it is best between two places; whether it went."""
    now, length = held[slot], task.shifts.pause_length[task.shifts.pause_at[shift] + slot]
    begin, size = task.shifts.begin[day, shift] + first, last - first + length
    for at in range(size):
        if not 0 <= first + at - now < length:
            _unseat(task, desks, agent, begin + at)
    for at in range(size):
        desks.saves[0, at], desks.saves[1, at] = _worth(task, desks, agent, begin + at)
    held[slot] = first + _least(desks.saves, size, length, now - first, rounding)
    for at in range(size):
        if not 0 <= first + at - held[slot] < length:
            _seat(task, desks, agent, begin + at)
    return bool(held[slot] != now)


@compiled
def _least(saves: Floats, size: int, length: int, now: int, rounding: float) -> int:
    """Where a break of a window gives up least cost, and of such places least spread; ``now`` if none is better."""
    least = np.inf
    for at in range(size - length + 1):
        least = min(least, saves[0, at : at + length].sum())
    best = now
    lost = saves[1, now : now + length].sum() if saves[0, now : now + length].sum() <= least + rounding else np.inf
    for at in range(size - length + 1):
        spread = saves[1, at : at + length].sum()
        if saves[0, at : at + length].sum() <= least + rounding and spread < lost - rounding:
            best, lost = at, spread
    return best


@compiled
def _one_more(demand: Demand, units: Ints, t: int, skill: int) -> tuple[float, float]:
    """What one more agent at a skill saves: cost, and spread."""
    there, need, weight = units[t, skill], demand.need[t, skill], demand.weight[skill]
    if there < need:
        return weight, weight * (2 * (need - there) - 1) / need
    return 0.0, -SURPLUS * weight * (2 * (there - need) + 1) / max(need, 1)


@compiled
def _worth(task: Task, desks: Desks, agent: int, t: int) -> tuple[float, float]:
    """What an agent at the desk would save: cost, and spread."""
    people, demand = task.people, task.demand
    skill = _best_skill(demand, desks, t, people.skillset[agent, demand.day[t]])
    cost, spread = 0.0, 0.0
    if skill >= 0:
        cost, spread = _one_more(demand, desks.units, t, skill)
    for place in range(people.group_at[agent], people.group_at[agent + 1]):
        group = people.group[place]
        cost += demand.low_cost[group] * (desks.present[group, t] < demand.low[group, t])
        cost -= demand.high_cost[group] * (desks.present[group, t] >= demand.high[group, t])
    return cost, spread


@compiled
def _seat(task: Task, desks: Desks, agent: int, t: int) -> None:
    """An agent comes to the desk: along a path to the skill that gains most."""
    people, path = task.people, desks.path
    for place in range(people.group_at[agent], people.group_at[agent + 1]):
        desks.present[people.group[place], t] += 1
    own = people.skillset[agent, task.demand.day[t]]
    skill = _best_skill(task.demand, desks, t, own)
    if skill < 0:
        return
    desks.units[t, skill] += 1
    while path[0, skill] >= 0:
        came, by = path[0, skill], path[1, skill]
        desks.given[t, by, skill] += 1
        desks.given[t, by, came] -= 1
        skill = came
    desks.given[t, own, skill] += 1


@compiled
def _best_skill(demand: Demand, desks: Desks, t: int, own: int) -> int:
    """The skill that gains most by one more of a skill set, others moving on; the way is in ``path``, -1 if none."""
    path, mask = desks.path, demand.mask
    first, last, best, cost, spread = 0, 0, -1, -np.inf, -np.inf
    for skill in range(path.shape[1]):
        path[0, skill] = UNSEEN
        if mask[own] >> skill & 1:
            path[0, skill], path[2, last] = START, skill
            last += 1
    while first < last:
        skill = path[2, first]
        first += 1
        more, even = _one_more(demand, desks.units, t, skill)
        if more > cost or (more == cost and even > spread):
            best, cost, spread = skill, more, even
        for other in range(len(mask)):
            if desks.given[t, other, skill] == 0:
                continue
            for further in range(path.shape[1]):
                if mask[other] >> further & 1 and path[0, further] == UNSEEN:
                    path[0, further], path[1, further], path[2, last] = skill, other, further
                    last += 1
    return best


@compiled
def _unseat(task: Task, desks: Desks, agent: int, t: int) -> None:
    """An agent leaves the desk: along a path from the skill that loses least."""
    people, path = task.people, desks.path
    for place in range(people.group_at[agent], people.group_at[agent + 1]):
        desks.present[people.group[place], t] -= 1
    own = people.skillset[agent, task.demand.day[t]]
    if task.demand.mask[own] == 0:
        return
    freed = 0
    while desks.given[t, own, freed] == 0:
        freed += 1
    desks.given[t, own, freed] -= 1
    skill = _least_missed(task.demand, desks, t, freed)
    desks.units[t, skill] -= 1
    while path[0, skill] >= 0:
        to, by = path[0, skill], path[1, skill]
        desks.given[t, by, skill] -= 1
        desks.given[t, by, to] += 1
        skill = to


@compiled
def _least_missed(demand: Demand, desks: Desks, t: int, freed: int) -> int:
    """The skill that loses least by one agent less, others moving up to ``freed``; the way is in ``path``."""
    path, mask, units = desks.path, demand.mask, desks.units
    path[0, :] = UNSEEN
    path[0, freed], path[2, 0] = START, freed
    first, last, best, cost, spread = 0, 1, freed, np.inf, np.inf
    while first < last:
        skill = path[2, first]
        first += 1
        units[t, skill] -= 1
        less, uneven = _one_more(demand, units, t, skill)
        units[t, skill] += 1
        if less < cost or (less == cost and uneven < spread):
            best, cost, spread = skill, less, uneven
        for other in range(len(mask)):
            if not mask[other] >> skill & 1:
                continue
            for further in range(path.shape[1]):
                if desks.given[t, other, further] > 0 and path[0, further] == UNSEEN:
                    path[0, further], path[1, further], path[2, last] = skill, other, further
                    last += 1
    return best
