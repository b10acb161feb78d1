"""Overtime: whoever works that day comes some intervals earlier or stays longer, where the rules allow it.

What it saves is counted on the cover as it stands; what is lawful the independent checker says: hours of a day, of a
week and on average, rest, and the limits of overtime itself (``daily_overtime``, ``monthly_overtime``). It is paid at
one and a half times the wage (Labour Law, article 44).
"""

from __future__ import annotations

import numpy as np

from onefloor.planning.compiled import compiled
from onefloor.planning.repairing.moves import LONGER, Reach
from onefloor.planning.rostering.arrays import Cover, Prices, Scratch, Task, Tours
from onefloor.planning.rostering.cover import add, remove
from onefloor.planning.rostering.duty import value_intervals
from onefloor.planning.rostering.tours import NOTHING


@compiled
def beside(
    task: Task, cover: Cover, tours: Tours, prices: Prices, room: Scratch, agent: int, day: int, reach: Reach,
    most: int,
) -> tuple[float, int, int]:  # fmt: skip
    """What overtime of a day, of at most so many intervals, saves at best less its penalty, and how many it has before
    the shift and after it (one of them is 0)."""
    place = tours.choice[agent, day]
    if place < 0:
        return NOTHING, 0, 0
    shift = task.patterns.shift[task.patterns.shift_at[task.people.pattern[agent]] + place]
    begin = task.shifts.begin[day, shift]
    end = begin + task.shifts.length[shift]
    price = reach.pay * task.demand.price[task.people.company[agent]]
    best, before, after = 0.0, 0, 0
    if reach.told <= end < reach.until:
        last = min(end + most, len(room.value))
        value_intervals(task, cover, prices, room, agent, 0.0, end, last)
        saved = 0.0
        for t in range(end, last):
            saved += room.value[t] - price
            if saved > best:
                best, after = saved, t + 1 - end
    first = max(begin - most, reach.soonest, 0)
    if first < min(begin, reach.until):
        value_intervals(task, cover, prices, room, agent, 0.0, first, begin)
        saved = 0.0
        for t in range(begin - 1, first - 1, -1):
            saved += room.value[t] - price
            if saved > best:
                best, before, after = saved, begin - t, 0
    return (best - reach.penalties[LONGER], before, after) if best > 0.0 else (NOTHING, 0, 0)


@compiled
def attend_beside(task: Task, cover: Cover, agent: int, first: int, until: int, sign: int) -> None:
    """Put an agent's overtime from interval ``first`` until before ``until`` into the cover (1) or take it out (-1)."""
    people = task.people
    desk = np.arange(first, until).astype(np.int32)
    if sign > 0:
        add(cover, task.demand, desk, people.skillset[agent])
    else:
        remove(cover, task.demand, desk, people.skillset[agent])
    cover.paid[people.company[agent]] += sign * len(desk)
    for place in range(people.group_at[agent], people.group_at[agent + 1]):
        for t in desk:
            cover.present[people.group[place], t] += sign
