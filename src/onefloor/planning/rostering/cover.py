"""Who serves which skill in every interval: a flow kept at its best while agents come and go.

Each agent on duty is a unit of their skill set; the flow gives units to skills so that the weight of what is missing is
least. Units are added along an augmenting path to the heaviest skill that can still be reached, and removed along the
path that leaves the lightest one open (Ahuja, Magnanti, Orlin 1993, chapter 9: successive shortest paths); so every
change leaves an optimum. ``worth`` is what one more unit of a skill set would save: the heaviest open skill in reach.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from onefloor.planning.compiled import compiled
from onefloor.planning.rostering.arrays import Cover, Demand, Floats, Ints

UNSEEN, START = -2, -1


@compiled
def _refresh(
    worth: Floats, got: Ints, need: Ints, given: Ints, weight: Floats, mask: NDArray[np.int64], values: Floats, t: int
) -> None:
    """``worth`` of one interval anew: a unit freed at a skill can do what the units there could do elsewhere."""
    changed = False
    for skill in range(len(weight)):
        values[skill] = weight[skill] if got[t, skill] < need[t, skill] else 0.0
        changed = changed or values[skill] > 0
    while changed:
        changed = False
        for held in range(len(mask)):
            best = _best(values, mask[held])
            for skill in range(len(weight)):
                if values[skill] < best and given[t, held, skill] > 0:
                    values[skill] = best
                    changed = True
    for held in range(len(mask)):
        worth[t, held] = _best(values, mask[held])


@compiled
def _best(values: Floats, mask: int) -> float:
    """The highest value of the skills of a set."""
    best = 0.0
    for skill in range(len(values)):
        if mask >> skill & 1 and values[skill] > best:
            best = values[skill]
    return best


@compiled
def add(cover: Cover, demand: Demand, desk: Ints, held: Ints) -> None:
    """One more unit at each interval of ``desk``; ``held`` is its skill set by day."""
    got, need, given, weight, mask = cover.got, demand.need, cover.given, demand.weight, demand.mask
    worth, idle, values, room, day = cover.worth, cover.idle, cover.values, cover.room, demand.day
    for t in desk:
        own = held[day[t]]
        if worth[t, own] == 0.0:
            idle[t, own] += 1
            continue
        skill = _heaviest_open(got, need, given, weight, mask, room, t, own)
        got[t, skill] += 1
        while room[0, skill] >= 0:
            came, by = room[0, skill], room[1, skill]
            given[t, by, skill] += 1
            given[t, by, came] -= 1
            skill = came
        given[t, own, skill] += 1
        _refresh(worth, got, need, given, weight, mask, values, t)


@compiled
def _heaviest_open(
    got: Ints, need: Ints, given: Ints, weight: Floats, mask: NDArray[np.int64], room: NDArray[np.int64],
    t: int, own: int,
) -> int:  # fmt: skip
    """The heaviest open skill that a new unit can reach; the way there is in ``room``."""
    first, last = 0, 0
    for skill in range(len(weight)):
        room[0, skill] = UNSEEN
        if mask[own] >> skill & 1:
            room[0, skill], room[2, last] = START, skill
            last += 1
    best, heaviest = -1, 0.0
    while first < last:
        skill = room[2, first]
        first += 1
        if got[t, skill] < need[t, skill] and weight[skill] > heaviest:
            best, heaviest = skill, weight[skill]
        for other in range(len(mask)):
            if given[t, other, skill] > 0:
                last = _reached(mask[other], room, other, skill, last)
    return best


@compiled
def _reached(mask: int, room: NDArray[np.int64], other: int, skill: int, last: int) -> int:
    """All skills of a set that were not seen yet are reached from ``skill``; the new end of the queue."""
    for further in range(room.shape[1]):
        if mask >> further & 1 and room[0, further] == UNSEEN:
            room[0, further], room[1, further], room[2, last] = skill, other, further
            last += 1
    return last


@compiled
def remove(cover: Cover, demand: Demand, desk: Ints, held: Ints) -> None:
    """One unit less at each interval of ``desk``."""
    got, need, given, weight, mask = cover.got, demand.need, cover.given, demand.weight, demand.mask
    worth, idle, values, room, day = cover.worth, cover.idle, cover.values, cover.room, demand.day
    for t in desk:
        own = held[day[t]]
        if idle[t, own] > 0:
            idle[t, own] -= 1
            continue
        freed = 0
        while given[t, own, freed] == 0:
            freed += 1
        given[t, own, freed] -= 1
        skill, filler = _filled_or_lightest(given, idle, weight, mask, room, t, freed)
        if filler >= 0:
            idle[t, filler] -= 1
            given[t, filler, skill] += 1
        else:
            got[t, skill] -= 1
        while room[0, skill] >= 0:
            to, by = room[0, skill], room[1, skill]
            given[t, by, skill] -= 1
            given[t, by, to] += 1
            skill = to
        _refresh(worth, got, need, given, weight, mask, values, t)


@compiled
def _filled_or_lightest(
    given: Ints, idle: Ints, weight: Floats, mask: NDArray[np.int64], room: NDArray[np.int64], t: int, freed: int
) -> tuple[int, int]:
    """A skill and the idle skill set that can serve it to fill the freed place; else the lightest to leave open, -1."""
    room[0, :] = UNSEEN
    room[0, freed], room[2, 0] = START, freed
    first, last, lightest = 0, 1, freed
    while first < last:
        skill = room[2, first]
        first += 1
        if weight[skill] < weight[lightest]:
            lightest = skill
        for other in range(len(mask)):
            if not mask[other] >> skill & 1:
                continue
            if idle[t, other] > 0:
                return skill, other
            for further in range(len(weight)):
                if given[t, other, further] > 0 and room[0, further] == UNSEEN:
                    room[0, further], room[1, further], room[2, last] = skill, other, further
                    last += 1
    return lightest, -1


@compiled
def rebuild(cover: Cover, demand: Demand, t: int) -> None:
    """Serve one interval anew by whoever is on duty there, after its needs changed."""
    got, need, given, weight, mask = cover.got, demand.need, cover.given, demand.weight, demand.mask
    units = cover.idle[t].copy()
    for held in range(len(mask)):
        units[held] += given[t, held].sum()
    cover.idle[t], cover.given[t], cover.got[t] = 0, 0, 0
    _refresh(cover.worth, got, need, given, weight, mask, cover.values, t)
    desk = np.full(1, t, np.int32)
    for held in range(len(mask)):
        same = np.full(demand.day[t] + 1, held, np.int32)
        for _ in range(units[held]):
            add(cover, demand, desk, same)


@compiled
def shortfall(cover: Cover, demand: Demand) -> float:
    """What is missing, in the costs of the problem: skills, people of groups, guaranteed hours; and seats too many."""
    total = 0.0
    for t in range(len(demand.need)):
        for skill in range(len(demand.weight)):
            total += demand.weight[skill] * (demand.need[t, skill] - cover.got[t, skill])
    for group in range(len(demand.low)):
        for t in range(len(demand.need)):
            total += demand.low_cost[group] * max(0, demand.low[group, t] - cover.present[group, t])
            total += demand.high_cost[group] * max(0, cover.present[group, t] - demand.high[group, t])
    for company in range(len(demand.price)):
        total += demand.price[company] * cover.paid[company]
        total += demand.guaranteed_cost * max(0.0, demand.guaranteed[company] - cover.paid[company])
    return total
