"""Putting a tour into the cover and taking it out: the intervals on duty, one by one."""

from __future__ import annotations

from onefloor.planning.compiled import compiled
from onefloor.planning.rostering.arrays import Cover, Ints, Prices, Scratch, Shifts, Task, Tours
from onefloor.planning.rostering.cover import add, remove


@compiled
def at_desk(shifts: Shifts, pauses: Ints, day: int, shift: int, desk: Ints) -> int:
    """Write the intervals an agent is at the desk into ``desk``; how many they are. ``pauses`` are that day's."""
    begin, number = shifts.begin[day, shift], 0
    gap_from, gap_until = shifts.gap[shift, 0], shifts.gap[shift, 1]
    first, last = shifts.pause_at[shift], shifts.pause_at[shift + 1]
    lengths = shifts.pause_length
    for offset in range(shifts.length[shift]):
        there = not gap_from <= offset < gap_until
        for pause in range(first, last):
            if 0 <= offset - pauses[pause - first] < lengths[pause]:
                there = False
        if there:
            desk[number] = begin + offset
            number += 1
    return number


@compiled
def change_day(task: Task, cover: Cover, tours: Tours, agent: int, day: int, sign: int) -> None:
    """Put one day of an agent's tour into the cover (``sign`` 1) or take it out (-1)."""
    place = tours.choice[agent, day]
    if place < 0:
        return
    shifts, people = task.shifts, task.people
    shift = task.patterns.shift[task.patterns.shift_at[people.pattern[agent]] + place]
    cover.paid[people.company[agent]] += sign * shifts.paid[shift]
    number = at_desk(shifts, tours.pauses[agent, day], day, shift, cover.desk)
    desk = cover.desk[:number]
    held = people.skillset[agent]
    if sign > 0:
        add(cover, task.demand, desk, held)
    else:
        remove(cover, task.demand, desk, held)
    for place in range(people.group_at[agent], people.group_at[agent + 1]):
        for t in desk:
            cover.present[people.group[place], t] += sign


@compiled
def change_tour(task: Task, cover: Cover, tours: Tours, agent: int, sign: int) -> None:
    """Put a whole tour into the cover (``sign`` 1) or take it out (-1)."""
    for day in range(tours.choice.shape[1]):
        change_day(task, cover, tours, agent, day, sign)


@compiled
def value_intervals(
    task: Task, cover: Cover, prices: Prices, room: Scratch, agent: int, share: float, first: int, last: int
) -> None:
    """What each interval from ``first`` until ``last`` on duty is worth: ``share`` of its price, the rest what it
    saves as things stand."""
    people, demand = task.people, task.demand
    held, day, worth, price, value = people.skillset[agent], demand.day, cover.worth, prices.best, room.value
    for t in range(first, last):
        value[t] = (1.0 - share) * worth[t, held[day[t]]] + share * price[t, held[day[t]]]
    for place in range(people.group_at[agent], people.group_at[agent + 1]):
        group = people.group[place]
        low, high, present, priced = demand.low[group], demand.high[group], cover.present[group], prices.group[group]
        low_cost, high_cost = demand.low_cost[group], demand.high_cost[group]
        for t in range(first, last):
            saves = low_cost * (present[t] < low[t]) - high_cost * (present[t] >= high[t])
            value[t] += (1.0 - share) * saves + share * priced[t]


@compiled
def paid_price(task: Task, cover: Cover, prices: Prices, agent: int, share: float) -> float:
    """What a paid interval of an agent costs, less what it is worth where the company is promised hours."""
    company = task.people.company[agent]
    saves = 0.0
    if cover.paid[company] < task.demand.guaranteed[company]:
        saves = task.demand.guaranteed_cost
    return float(task.demand.price[company] - (1.0 - share) * saves - share * prices.paid[company])
