"""Best response: agent after agent gives up the tour and takes the best one for the values as they stand.

A value is a share ``alpha`` of the price (``prices``) and the rest of what an interval on duty saves right now. While
alpha falls to 0, prices stand for what those who have not chosen yet will do; at 0 every step can only gain.
"""

from __future__ import annotations

from onefloor.planning.compiled import compiled
from onefloor.planning.rostering.arrays import NEVER, Cover, Ints, Prices, Scratch, Task, Tours
from onefloor.planning.rostering.cover import shortfall
from onefloor.planning.rostering.duty import change_tour, paid_price, value_intervals
from onefloor.planning.rostering.tours import FORBIDDEN, best_tour, value_shifts


@compiled
def nights_and_weekends(task: Task, tours: Tours, agent: int) -> tuple[int, int]:
    """How many nights and days of weekends an agent works."""
    nights, weekends = 0, 0
    first = task.patterns.shift_at[task.people.pattern[agent]]
    for day in range(tours.choice.shape[1]):
        if tours.choice[agent, day] >= 0:
            nights += task.shifts.night[task.patterns.shift[first + tours.choice[agent, day]]]
            weekends += task.demand.weekend[day]
    return nights, weekends


@compiled
def respond(task: Task, cover: Cover, tours: Tours, prices: Prices, room: Scratch, agent: int, share: float) -> None:
    """Replace one agent's tour by the best one for the values as they stand without it."""
    nights, weekends = nights_and_weekends(task, tours, agent)
    change_tour(task, cover, tours, agent, -1)
    value_intervals(task, cover, prices, room, agent, share, 0, len(room.value))
    fairness = task.demand.fairness  # the next unit of a square costs about twice the number there are
    price = paid_price(task, cover, prices, agent, share)
    value_shifts(task, room, agent, price, fairness * 2 * nights, fairness * 2 * weekends)
    if best_tour(task.patterns, task.people.pattern[agent], room) > FORBIDDEN:
        take(tours, room, agent)
    change_tour(task, cover, tours, agent, 1)


@compiled
def put_all(task: Task, cover: Cover, tours: Tours) -> None:
    """Put every agent's tour into an empty cover."""
    for agent in range(tours.choice.shape[0]):
        change_tour(task, cover, tours, agent, 1)


@compiled
def take(tours: Tours, room: Scratch, agent: int) -> None:
    """Copy the tour that the programme found."""
    for day in range(tours.choice.shape[1]):
        place = room.choice[day]
        tours.choice[agent, day] = place
        if place >= 0:
            for pause in range(tours.pauses.shape[2]):
                tours.pauses[agent, day, pause] = room.pauses[day, place, pause]


@compiled
def respond_all(
    task: Task, cover: Cover, tours: Tours, prices: Prices, room: Scratch, agents: Ints, first: float, last: float
) -> None:
    """One pass over ``agents``; the share of prices goes from ``first`` to ``last``."""
    for place in range(len(agents)):
        share = first + (last - first) * place / len(agents)
        respond(task, cover, tours, prices, room, agents[place], share)


@compiled
def cost(task: Task, cover: Cover, tours: Tours) -> float:
    """What the whole roster costs."""
    total = shortfall(cover, task.demand)
    for agent in range(tours.choice.shape[0]):
        total += own_cost(task, tours, agent)
    return total if total < NEVER / 2 else NEVER


@compiled
def own_cost(task: Task, tours: Tours, agent: int) -> float:
    """What one agent's tour costs apart from cover and pay: wishes that are not granted, and fairness."""
    people, total = task.people, 0.0
    for day in range(tours.choice.shape[1]):
        if tours.choice[agent, day] >= 0:
            total += people.day_cost[agent, day]
    for extra in range(people.extra_at[agent], people.extra_at[agent + 1]):
        if tours.choice[agent, people.extra_day[extra]] == people.extra_shift[extra]:
            total += people.extra_cost[extra]
    nights, weekends = nights_and_weekends(task, tours, agent)
    return float(total + task.demand.fairness * (nights * nights + weekends * weekends))
