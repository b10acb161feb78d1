"""Prices of intervals on duty, and with them a bound no roster can beat: a Lagrangian relaxation over agent classes.

If whoever is on duty earns the price of the best skill they have, every agent's best tour is a tour programme of its
own, and ``what the needs are worth - what the agents earn`` is a lower bound of the cost (Held and Karp 1971; Fisher
1981, eq. 2). Agents who differ only in wishes and absences are one class, whose tour earns at least as much as any of
theirs. The prices climb along smoothed subgradients, each coordinate in steps of its own size (Kingma and Ba 2015,
algorithm 1, without the correction of the first rounds), which shrink to nothing over the time given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from onefloor.planning.compiled import compiled
from onefloor.planning.rostering.arrays import (
    UNLIMITED,
    Demand,
    Floats,
    Ints,
    Prices,
    Scratch,
    Task,
    Tours,
    empty_cover,
    empty_tours,
    scratch,
)
from onefloor.planning.rostering.duty import at_desk, value_intervals
from onefloor.planning.rostering.passes import take
from onefloor.planning.rostering.tours import best_tour, value_shifts

NEW, OLD = 0.15, 0.99  # share of the newest subgradient in its mean, of the old ones in the mean of squares
LONGEST, SHORTEST = 0.05, 0.0005  # steps at the beginning and at the end, as shares of the highest price
AGAIN = 0.01  # the first step from prices of a similar problem
TINY = 1e-9


class Used(NamedTuple):
    """What the tours of a relaxed round use: by interval and skill, by group, and paid by company."""

    skill: Floats
    group: Floats
    paid: Floats


def no_prices(task: Task) -> Prices:
    """Everything at nothing."""
    demand = task.demand
    return priced(demand, np.zeros(demand.need.shape), np.zeros(demand.low.shape), np.zeros(len(demand.price)))


def priced(demand: Demand, skill: Floats, group: Floats, paid: Floats) -> Prices:
    """Prices with the dearest skill of each skill set."""
    bits = (demand.mask[:, None] >> np.arange(skill.shape[1])) & 1 > 0
    each = np.where(bits, skill[:, None, :], -1.0)  # interval, skill set, skill
    dearest = np.where(bits.any(axis=1), each.argmax(axis=2), -1).astype(np.int32)
    return Prices(skill, group, paid, np.maximum(each.max(axis=2, initial=-1.0), 0.0), dearest)


@compiled
def _earn(task: Task, tours: Tours, prices: Prices, room: Scratch, used: Used, agent: int, times: float) -> None:
    """Count what an agent's tour uses, ``times`` times; on duty it serves the dearest skill it has."""
    people, shifts = task.people, task.shifts
    first = task.patterns.shift_at[people.pattern[agent]]
    held, day_of, dearest, skill_used = people.skillset[agent], task.demand.day, prices.dearest, used.skill
    for day in range(tours.choice.shape[1]):
        if tours.choice[agent, day] < 0:
            continue
        shift = task.patterns.shift[first + tours.choice[agent, day]]
        used.paid[people.company[agent]] += times * shifts.paid[shift]
        desk = room.desk[: at_desk(shifts, tours.pauses[agent, day], day, shift, room.desk)]
        for t in desk:
            best = dearest[t, held[day_of[t]]]
            if best >= 0:
                skill_used[t, best] += times
        for place in range(people.group_at[agent], people.group_at[agent + 1]):
            for t in desk:
                used.group[people.group[place], t] += times


@compiled
def relaxed(
    task: Task, cover: object, tours: Tours, prices: Prices, room: Scratch, used: Used, agents: Ints, times: Floats
) -> float:
    """What ``agents`` (each ``times`` times) earn by their best tours for the prices; ``used`` counts what they use."""
    earned = 0.0
    for place in range(len(agents)):
        agent = agents[place]
        value_intervals(task, cover, prices, room, agent, 1.0, 0, len(room.value))  # type: ignore[arg-type]
        company = task.people.company[agent]
        price = task.demand.price[company] - prices.paid[company]
        value_shifts(task, room, agent, price, task.demand.fairness, task.demand.fairness)
        earned += times[place] * best_tour(task.patterns, task.people.pattern[agent], room)
        take(tours, room, agent)
        _earn(task, tours, prices, room, used, agent, times[place])
    return earned


def worth_of_needs(task: Task, prices: Prices) -> float:
    """What all needs are worth at the prices."""
    demand = task.demand
    low, high = np.maximum(prices.group, 0), np.minimum(prices.group, 0)
    presence = (low * demand.low).sum() + (high * np.where(high < 0, demand.high, 0)).sum()
    return float((prices.skill * demand.need).sum() + presence + (prices.paid * demand.guaranteed).sum())


@dataclass(frozen=True, slots=True)
class Priced:
    """The best prices found and the bound they prove."""

    prices: Prices
    bound: float
    rounds: int


def classes(task: Task) -> tuple[Task, Ints, Floats]:
    """The task without wishes and absences, one agent of each class, and how many there are of it.

    Leaving them out can only let an agent earn more, so the bound stays one; rules and histories stay. A wish that is
    granted is a gain, though, and keeps its agent alone.
    """
    people = task.people
    gains = np.zeros(len(people.pattern), dtype=bool)
    for agent in range(len(gains)):
        extra = people.extra_cost[people.extra_at[agent] : people.extra_at[agent + 1]]
        gains[agent] = (extra < 0).any() or (people.day_cost[agent] < 0).any()
    keys: dict[tuple[object, ...], list[int]] = {}
    for agent in range(len(people.pattern)):
        held = people.group[people.group_at[agent] : people.group_at[agent + 1]]
        alone = agent if gains[agent] else -1
        key = (
            int(people.pattern[agent]), int(people.company[agent]), people.skillset[agent].tobytes(),
            held.tobytes(), alone,
        )  # fmt: skip
        keys.setdefault(key, []).append(agent)
    free = people._replace(day_cost=np.minimum(people.day_cost, 0.0), rested=np.full_like(people.rested, -(10**6)),
                           extra_cost=np.minimum(people.extra_cost, 0.0))  # fmt: skip
    agents = np.array([held[0] for held in keys.values()], dtype=np.int32)
    return task._replace(people=free), agents, np.array([float(len(held)) for held in keys.values()])


class Relaxation:
    """A relaxed problem with its room: asked again and again for the bound at some prices."""

    def __init__(self, task: Task, agents: Ints, times: Floats) -> None:
        self.task, self.agents, self.times = task, agents, times
        self.cover, self.tours, self.room = empty_cover(task), empty_tours(task), scratch(task)

    def at(self, prices: Prices) -> tuple[float, Used]:
        """The bound at some prices, and what its tours use."""
        used = _nothing_used(self.task)
        earned = relaxed(
            self.task, self.cover, self.tours, prices, self.room, used, self.agents, self.times
        )  # fmt: skip
        return worth_of_needs(self.task, prices) - earned, used


def climb(task: Task, passed: Callable[[int, float], float], start: Prices | None = None) -> Priced:
    """Climb the bound from ``start`` (prices of a similar task); ``passed`` says, of rounds and bound, which share of
    the way is done (1: all).

    Raises:
        ValueError: the start has prices for other skills, groups, companies or intervals.
    """
    relaxation = Relaxation(*classes(task))
    prices, longest = (_first(task), LONGEST) if start is None else (_allowed(task.demand, start), AGAIN)
    best, kept, rounds, done = -np.inf, prices, 0, 0.0
    mean = square = _nothing_used(task)
    while done < 1.0:
        bound, used = relaxation.at(prices)
        rounds += 1
        if bound > best:
            best, kept = bound, prices
        done = passed(rounds, best)
        now = _short(task, prices, used)
        mean = Used(*(NEW * new + (1 - NEW) * old for new, old in zip(now, mean, strict=True)))
        square = Used(*((1 - OLD) * new * new + OLD * old for new, old in zip(now, square, strict=True)))
        prices = _stepped(task, prices, mean, square, max(longest * (1.0 - done), SHORTEST))
    return Priced(kept, best, rounds)


def _nothing_used(task: Task) -> Used:
    demand = task.demand
    return Used(np.zeros(demand.need.shape), np.zeros(demand.low.shape), np.zeros(len(demand.price)))


def _first(task: Task) -> Prices:
    """A quarter of what a missing agent costs, where anybody is needed."""
    demand, nothing = task.demand, no_prices(task)
    return priced(demand, np.where(demand.need > 0, demand.weight * 0.275, 0.0), nothing.group, nothing.paid)


def _short(task: Task, prices: Prices, used: Used) -> Used:
    """What is short minus what is over: the subgradient; nothing for presence whose price is and would stay 0."""
    demand = task.demand
    over, under = demand.high - used.group, demand.low - used.group
    at_nothing = np.where(over < 0, over, np.maximum(under, 0))
    return Used(
        np.where(demand.need > 0, demand.need - used.skill, 0.0),
        np.where(prices.group > 0, under, np.where(prices.group < 0, over, at_nothing)),
        np.where(demand.guaranteed > 0, demand.guaranteed - used.paid, 0.0),
    )


def _stepped(task: Task, prices: Prices, mean: Used, square: Used, step: float) -> Prices:
    """Prices one step further, each within what a missing or extra agent costs."""
    demand = task.demand
    lowest, highest = group_prices(demand)
    way = Used(*(step * part / np.sqrt(size + TINY) for part, size in zip(mean, square, strict=True)))
    moved = Used(
        prices.skill + demand.weight * way.skill,
        prices.group + np.maximum(highest, -lowest) * way.group,
        prices.paid + demand.guaranteed_cost * way.paid,
    )
    return _clipped(demand, moved)


def _clipped(demand: Demand, prices: Used) -> Prices:
    """Prices, each within what a missing or extra agent costs."""
    return priced(
        demand,
        np.clip(prices.skill, 0.0, np.where(demand.need > 0, demand.weight, 0.0)),
        np.clip(prices.group, *group_prices(demand)),
        np.clip(prices.paid, 0.0, np.where(demand.guaranteed > 0, demand.guaranteed_cost, 0.0)),
    )


def _allowed(demand: Demand, start: Prices) -> Prices:
    """Prices of a similar task, as this one allows them."""
    held = Used(start.skill, start.group, start.paid)
    wanted = demand.need.shape, demand.low.shape, demand.price.shape
    if tuple(part.shape for part in held) != wanted:
        raise ValueError("the start has prices of another problem")
    return _clipped(demand, held)


def group_prices(demand: Demand) -> tuple[Floats, Floats]:
    """Lowest and highest price of presence: below 0 only where there is a most, above 0 only where there is a least."""
    lowest = np.where(demand.high < UNLIMITED, -demand.high_cost[:, None], 0.0)
    return lowest, np.where(demand.low > 0, demand.low_cost[:, None], 0.0)


def bound_of_all(task: Task, prices: Prices) -> float:
    """The bound at some prices with every agent's own wishes, absences and history."""
    agents = len(task.people.pattern)
    return Relaxation(task, np.arange(agents, dtype=np.int32), np.ones(agents)).at(prices)[0]
