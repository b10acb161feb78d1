"""Overtime: whoever is at the desk stays some intervals longer, where the rules allow it.

What it saves is counted on the cover as it stands; what is lawful the independent checker says, of a roster in which
the shift is longer. Overtime is paid at one and a half times the wage (Labour Law, article 44), for at most three hours
a day (article 41).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from onefloor.planning.compiled import compiled
from onefloor.planning.rostering.arrays import Cover, Prices, Scratch, Task, Tours
from onefloor.planning.rostering.checking import Breach, breaches
from onefloor.planning.rostering.cover import add, remove
from onefloor.planning.rostering.duty import value_intervals
from onefloor.planning.rostering.problem import Problem, Roster
from onefloor.planning.rostering.tours import NOTHING

MOST_HOURS = 3.0


@compiled
def end_of(task: Task, tours: Tours, agent: int, day: int) -> int:
    """The interval after an agent's shift of a day; -1 where it is off."""
    place = tours.choice[agent, day]
    if place < 0:
        return -1
    shift = task.patterns.shift[task.patterns.shift_at[task.people.pattern[agent]] + place]
    return int(task.shifts.begin[day, shift] + task.shifts.length[shift])


@compiled
def longer(
    task: Task, cover: Cover, tours: Tours, prices: Prices, room: Scratch, agent: int, day: int, soonest: int,
    most: int, pay: float,
) -> tuple[float, int]:  # fmt: skip
    """What staying longer saves at best, at ``pay`` times the price of an hour, and how many intervals (0: nothing)."""
    end = end_of(task, tours, agent, day)
    if end < soonest or end < 0:
        return NOTHING, 0
    last = min(end + most, len(room.value))
    value_intervals(task, cover, prices, room, agent, 0.0, end, last)
    price = pay * task.demand.price[task.people.company[agent]]
    best, intervals, saved = 0.0, 0, 0.0
    for t in range(end, last):
        saved += room.value[t] - price
        if saved > best:
            best, intervals = saved, t + 1 - end
    return (best, intervals) if intervals > 0 else (NOTHING, 0)


@compiled
def attend_after(task: Task, cover: Cover, agent: int, first: int, until: int, sign: int) -> None:
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


def lengthened(problem: Problem, roster: Roster, overtime: NDArray[np.int32]) -> tuple[Problem, Roster]:
    """The problem with a longer shift, under its own name, for each that overtime makes longer; and its roster."""
    shifts, chosen = list(problem.shifts), roster.shifts.copy()
    for row, day in np.argwhere((overtime > 0) & (chosen >= 0)).tolist():
        shift = problem.shifts[chosen[row, day]]
        chosen[row, day] = len(shifts)
        shifts.append(replace(shift, length=shift.length + int(overtime[row, day])))
    return replace(problem, shifts=tuple(shifts)), Roster(chosen, roster.pauses)


def broken(problem: Problem, rows: Sequence[int], roster: Roster, overtime: NDArray[np.int32]) -> list[Breach]:
    """What the independent checker says of some agents, whose days and overtime are given in their order."""
    few = replace(problem, agents=tuple(problem.agents[row] for row in rows))
    return breaches(*lengthened(few, roster, overtime))
