"""Who is to be asked first: bounds of what everybody could save, made exact from the top (lazy greedy: Minoux 1978).

A bound takes nobody out of the cover, so that it costs a tenth of the exact value; those of people who are alike are
computed once. Bounds stay bounds while the gap fills, for gains only shrink.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from onefloor.planning.compiled import compiled
from onefloor.planning.repairing.moves import BREAKS, CALLED, MOVED, Reach, evaluate, sum_up
from onefloor.planning.repairing.overtime import beside
from onefloor.planning.rostering.arrays import Cover, Floats, Ints, Prices, Scratch, Task, Tours
from onefloor.planning.rostering.duty import paid_price, value_intervals
from onefloor.planning.rostering.tours import FORBIDDEN, NOTHING, place_pauses

Flags = NDArray[np.bool_]


@compiled
def bound_all(
    task: Task, cover: Cover, tours: Tours, prices: Prices, room: Scratch, day: int, reach: Reach, locked: Flags,
    kin: Ints, gains: Floats,
) -> None:  # fmt: skip
    """What every agent's best change of a day saves at most, rules aside; below all for those who are ``locked``.

    People with the same shifts, company and groups (``kin``), skills and shift of the day share one bound.
    """
    places = room.gain.shape[1]
    known = np.full((kin.max() + 1, cover.worth.shape[1], places + 1), np.nan)
    for agent in range(len(gains)):
        gains[agent] = NOTHING
        if locked[agent]:
            continue
        now, held = tours.choice[agent, day], task.people.skillset[agent, day]
        if now >= 0:
            gains[agent] = beside(task, cover, tours, prices, room, agent, day, reach, reach.most)[0]
            shift = task.patterns.shift[task.patterns.shift_at[task.people.pattern[agent]] + now]
            if task.shifts.begin[day, shift] < reach.soonest:
                gains[agent] = max(gains[agent], _of_breaks(task, cover, tours, prices, room, agent, day, shift, reach))
                continue
        if np.isnan(known[kin[agent], held, now]):
            known[kin[agent], held, now] = _of_shifts(task, cover, prices, room, agent, day, now, reach)
        wished = _wished(task, agent, day) - (task.people.day_cost[agent, day] if now < 0 else 0.0)
        gains[agent] = max(gains[agent], known[kin[agent], held, now] + wished)


@compiled
def _of_breaks(
    task: Task, cover: Cover, tours: Tours, prices: Prices, room: Scratch, agent: int, day: int, shift: int,
    reach: Reach,
) -> float:  # fmt: skip
    """At most what being there during the breaks would save."""
    shifts, found = task.shifts, 0.0
    begin, first = shifts.begin[day, shift], shifts.pause_at[shift]
    for pause in range(first, shifts.pause_at[shift + 1]):
        at = begin + tours.pauses[agent, day, pause - first]
        if reach.told <= at < reach.until:
            value_intervals(task, cover, prices, room, agent, 0.0, at, at + shifts.pause_length[pause])
            for t in range(at, at + shifts.pause_length[pause]):
                found += max(room.value[t], 0.0)
    found += _crowded(task, cover, agent, begin, begin + shifts.length[shift])
    return float(found - reach.penalties[BREAKS]) if found > 0.0 else NOTHING


@compiled
def _of_shifts(
    task: Task, cover: Cover, prices: Prices, room: Scratch, agent: int, day: int, now: int, reach: Reach
) -> float:
    """At most what the best other shift of the day saves; where the present one is at the desk counts nothing."""
    patterns, shifts, pattern = task.patterns, task.shifts, task.people.pattern[agent]
    sum_up(task, cover, prices, room, agent, day)
    best, paid, crowded, first = NOTHING, 0, 0.0, patterns.shift_at[pattern]
    if now >= 0:
        held = patterns.shift[first + now]
        begin, paid = shifts.begin[day, held], shifts.paid[held]
        crowded = _crowded(task, cover, agent, begin, begin + shifts.length[held])
        for t in range(begin, begin + shifts.length[held]):
            if not _may_pause(task, held, t - begin):
                room.value[t] = min(room.value[t], 0.0)
        span = patterns.span[pattern, day]
        for t in range(span[0], span[1]):
            room.sums[t + 1] = room.sums[t] + room.value[t]
    price = paid_price(task, cover, prices, agent, 0.0)
    for place in range(first, patterns.shift_at[pattern + 1]):
        shift = patterns.shift[place]
        begin = shifts.begin[day, shift]
        if reach.soonest <= begin < reach.until:
            value = place_pauses(shifts, room.sums, room.pauses[day, 0], begin, shift)
            best = max(best, value - price * (shifts.paid[shift] - paid))
    return float(best + crowded - reach.penalties[CALLED if now < 0 else MOVED])


@compiled
def _may_pause(task: Task, shift: int, offset: int) -> bool:
    """Whether somebody on a shift may be away from the desk so many intervals after its start."""
    shifts = task.shifts
    if shifts.gap[shift, 0] <= offset < shifts.gap[shift, 1]:
        return True
    for pause in range(shifts.pause_at[shift], shifts.pause_at[shift + 1]):
        if shifts.pause_first[pause] <= offset < shifts.pause_last[pause] + shifts.pause_length[pause]:
            return True
    return False


@compiled
def _crowded(task: Task, cover: Cover, agent: int, first: int, last: int) -> float:
    """What leaving some intervals saves in seats."""
    people, demand, found = task.people, task.demand, 0.0
    for place in range(people.group_at[agent], people.group_at[agent + 1]):
        group = people.group[place]
        for t in range(first, last):
            if cover.present[group, t] > demand.high[group, t]:
                found += demand.high_cost[group]
    return found


@compiled
def _wished(task: Task, agent: int, day: int) -> float:
    """At most what wishes for and against shifts of a day change."""
    least, most = 0.0, 0.0
    for extra in range(task.people.extra_at[agent], task.people.extra_at[agent + 1]):
        if task.people.extra_day[extra] == day and task.people.extra_cost[extra] < -FORBIDDEN:
            least = min(least, task.people.extra_cost[extra])
            most = max(most, task.people.extra_cost[extra])
    return most - least


@compiled
def leader(
    task: Task, cover: Cover, tours: Tours, prices: Prices, room: Scratch, days: Ints, reach: Reach, free: Flags,
    gains: Floats, exact: Flags, least: float,
) -> tuple[int, int]:  # fmt: skip
    """The place of the day and the agent who saves most, -1 where nobody saves more than ``least``.

    ``gains`` (day, agent) are bounds, and exact where ``exact`` says so, but for what the checker will say of overtime
    and of agents who are ``free`` of the engine's rules. They are made exact from the top.
    """
    refused = np.zeros(room.gain.shape[1], np.bool_)
    while True:
        place = int(np.argmax(gains))
        number, agent = place // gains.shape[1], place % gains.shape[1]
        if gains[number, agent] <= least:
            return -1, -1
        if exact[number, agent]:
            return number, agent
        day = days[number]
        other = evaluate(task, cover, tours, prices, room, agent, day, reach, free[agent], refused)[0]
        extra = beside(task, cover, tours, prices, room, agent, day, reach, reach.most)[0]
        gains[number, agent], exact[number, agent] = min(gains[number, agent], max(other, extra)), True
