"""A problem laid out as arrays (``arrays.Task``), and what its numbers stand for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from onefloor.periods import zone
from onefloor.planning.rostering import arrays, rules
from onefloor.planning.rostering.arrays import (
    NEVER,
    UNLIMITED,
    Demand,
    Floats,
    Ints,
    People,
    Shifts,
    Task,
    Tours,
    ints,
    offsets,
)
from onefloor.planning.rostering.patterns import Pattern, Sorts, pattern_key, patterns_of
from onefloor.planning.rostering.problem import Agent, Company, Problem, Roster
from onefloor.planning.rostering.timing import begins, days_of, last_days, nights, reach


@dataclass(frozen=True, slots=True)
class Layout:
    """The arrays of a problem, with the shifts that each agent's pattern counts."""

    problem: Problem
    task: Task
    members: tuple[tuple[int, ...], ...]  # of each pattern the places in Problem.shifts

    def roster(self, tours: Tours) -> Roster:
        """Tours in the problem's own numbers."""
        chosen = np.full(tours.choice.shape, -1, dtype=np.int16)
        for agent, pattern in enumerate(self.task.people.pattern):
            held = np.array([*self.members[pattern], -1], dtype=np.int16)
            chosen[agent] = held[tours.choice[agent]]
        return Roster(chosen, tours.pauses.astype(np.int16))

    def tours(self, roster: Roster) -> Tours:
        """A roster in the numbers of the arrays; a shift that the contract does not have becomes a day off."""
        tours = arrays.empty_tours(self.task)
        for agent, pattern in enumerate(self.task.people.pattern):
            place = np.full(len(self.problem.shifts) + 1, -1, dtype=np.int32)
            place[list(self.members[pattern])] = np.arange(len(self.members[pattern]))
            tours.choice[agent] = place[roster.shifts[agent]]
        tours.pauses[:] = roster.pauses
        return tours


def laid_out(problem: Problem) -> Layout:
    """The arrays of a problem."""
    shifts = _shifts(problem)
    contracts = {contract.id: contract for contract in problem.contracts}
    found: dict[object, int] = {}
    patterns = [found.setdefault(pattern_key(agent, contracts[agent.contract]), len(found)) for agent in problem.agents]
    first = [patterns.index(number) for number in range(len(found))]
    sorts = {name: Sorts.of(problem, contract, shifts) for name, contract in contracts.items()}
    kept = [Pattern.of(problem, agent, sorts[agent.contract]) for agent in map(problem.agents.__getitem__, first)]
    people = _people(problem, patterns, kept)
    task = Task(shifts, patterns_of(problem, shifts, kept), people, _demand(problem))
    return Layout(problem, task, tuple(pattern.members for pattern in kept))


def _shifts(problem: Problem) -> Shifts:
    pauses = [pause for shift in problem.shifts for pause in shift.pauses]
    return Shifts(
        begins(problem),
        ints(shift.length for shift in problem.shifts),
        ints(shift.paid for shift in problem.shifts),
        np.array([shift.gap or (0, 0) for shift in problem.shifts], dtype=np.int32).reshape(-1, 2),
        offsets(len(shift.pauses) for shift in problem.shifts),
        ints(pause.earliest for pause in pauses),
        ints(pause.latest for pause in pauses),
        ints(pause.length for pause in pauses),
        nights(problem),
    )


def _people(problem: Problem, patterns: Sequence[int], kept: Sequence[Pattern]) -> People:
    place = {company.id: number for number, company in enumerate(problem.companies)}
    groups = _groups_of(problem)
    touching = last_days(problem)
    extras = [
        _extras(problem, agent, kept[pattern], touching)
        for agent, pattern in zip(problem.agents, patterns, strict=True)
    ]
    flat = [extra for one in extras for extra in one]
    return People(
        ints(patterns),
        ints(place[agent.company] for agent in problem.agents),
        skillsets(problem)[1],
        np.array([_day_costs(problem, agent) for agent in problem.agents]).reshape(-1, problem.grid.days),
        offsets(len(one) for one in extras),
        ints(extra[0] for extra in flat),
        ints(extra[1] for extra in flat),
        np.array([extra[2] for extra in flat], dtype=np.float64),
        np.array([rules.rested(problem, agent) for agent in problem.agents], dtype=np.int32),
        offsets(len(one) for one in groups),
        ints(group for one in groups for group in one),
    )


def skillsets(problem: Problem) -> tuple[list[int], Ints]:
    """The distinct sets of skills (bits) and the set of each agent on each day; the set of none is among them."""
    bit = {skill.id: 1 << number for number, skill in enumerate(problem.skills)}
    days = list(problem.grid.dates())
    found: dict[int, int] = {}
    places = np.zeros((len(problem.agents), len(days)), dtype=np.int32)
    for row, agent in enumerate(problem.agents):
        for column, day in enumerate(days):
            bits = 0
            for one in agent.qualifications:
                bits |= bit[one.skill] if one.holds(day) else 0
            places[row, column] = found.setdefault(bits, len(found))
    return list(found) or [0], places


def _day_costs(problem: Problem, agent: Agent) -> Floats:
    """What each day costs an agent to be worked: never where away, the price of a wished day off.

    A wish to work is told as a gain, less a constant.
    """
    costs = np.zeros(problem.grid.days)
    for number, day in enumerate(problem.grid.dates()):
        if rules.away(agent, day):
            costs[number] = NEVER
        costs[number] += sum(w.cost if w.wanted else -w.cost for w in agent.wishes if w.day == day and w.shift is None)
    return costs


def _extras(
    problem: Problem, agent: Agent, pattern: Pattern, touching: NDArray[np.int64]
) -> list[tuple[int, int, float]]:
    """Day, place of the shift and cost: wishes for or against a shift, what runs into days away, protected nights.

    A wish for a shift costs on every other kind of day; it is told as a gain on that shift, less a constant.
    """
    place = {problem.shifts[member].id: number for number, member in enumerate(pattern.members)}
    day_number = {day: number for number, day in enumerate(problem.grid.dates())}
    found = [
        (day_number[wish.day], place[wish.shift], -wish.cost if wish.wanted else wish.cost)
        for wish in agent.wishes
        if wish.shift in place and wish.day in day_number
    ]
    if agent.away or agent.protected:
        found += [(day, place, NEVER) for day, place in _kept_from(problem, agent, pattern, touching)]
    return found


def _kept_from(
    problem: Problem, agent: Agent, pattern: Pattern, touching: NDArray[np.int64]
) -> Iterator[tuple[int, int]]:
    """Days and places of shifts that end on a day away, or are nights and touch a protected day."""
    dark = nights(problem)
    for number, day in enumerate(problem.grid.dates()):
        for place, member in enumerate(pattern.members):
            days = [day + timedelta(after) for after in range(touching[number, member] + 1)]
            if any(rules.away(agent, one) for one in days) or (
                dark[member] and any(rules.protected(problem, agent, one) for one in days)
            ):
                yield number, place


def constant_cost(problem: Problem) -> float:
    """What wishes for a shift or for work cost if none is granted; granted ones are gains in the arrays."""
    days = set(problem.grid.dates())
    wishes = [wish for agent in problem.agents for wish in agent.wishes if wish.day in days]
    return sum(wish.cost for wish in wishes if (wish.shift is not None) == wish.wanted)


def _groups_of(problem: Problem) -> list[list[int]]:
    """The groups each agent belongs to: a company with limits on presence, and key posts."""
    limited = [company.id for company in problem.companies if _limited(company)]
    posts = [set(post.agents) for post in problem.posts]
    return [
        [number for number, company in enumerate(limited) if company == agent.company]
        + [len(limited) + number for number, names in enumerate(posts) if agent.id in names]
        for agent in problem.agents
    ]


def _limited(company: Company) -> bool:
    return company.seats is not None or company.present > 0


def _demand(problem: Problem) -> Demand:
    size, per_hour, costs = reach(problem), problem.per_hour, problem.costs
    need = np.zeros((size, len(problem.skills)), dtype=np.int32)
    need[: len(problem.needs)] = problem.needs
    weight = np.array([skill.weight for skill in problem.skills]) * costs.missing / per_hour
    low, high = _presence(problem, size)
    return Demand(
        np.array(skillsets(problem)[0], dtype=np.int64),
        days_of(problem, size).astype(np.int32),
        need,
        weight,
        float(weight.max(initial=0.0)),
        low,
        high,
        np.full(len(low), costs.absent / per_hour),
        np.full(len(low), costs.seat / per_hour),
        np.array([company.price for company in problem.companies]) / per_hour,
        np.array([company.guaranteed_hours for company in problem.companies]) * per_hour,
        costs.guaranteed / per_hour,
        costs.fairness,
        np.array([day.weekday() >= 5 for day in problem.grid.dates()]),
    )


def _presence(problem: Problem, size: int) -> tuple[Ints, Ints]:
    """Least and most people of each group in each interval; nothing is due or counted after the horizon's end."""
    minute = minutes_of_day(problem)
    limited = [company for company in problem.companies if _limited(company)]
    low = np.zeros((len(limited) + len(problem.posts), size), dtype=np.int32)
    high = np.full_like(low, UNLIMITED)
    for row, company in enumerate(limited):
        low[row, : len(minute)] = np.where(
            _due(minute, company.present_from, company.present_until), company.present, 0
        )
        high[row, : len(minute)] = UNLIMITED if company.seats is None else company.seats
    for row, post in enumerate(problem.posts, len(limited)):
        low[row, : len(minute)] = np.where(_due(minute, post.start, post.end), post.present, 0)
    return low, high


def _due(minute: Ints, start: int, end: int) -> NDArray[np.bool_]:
    """Which minutes of the clock are from ``start`` until before ``end``, over midnight where that is not later."""
    return (minute >= start) & (minute < end) if start < end else (minute >= start) | (minute < end)


def minutes_of_day(problem: Problem) -> Ints:
    """What the clock on the wall shows at each interval of the grid, in minutes."""
    tz = zone(problem.grid.zone_name)
    clock = (datetime.fromtimestamp(start / 1000, tz) for start in problem.grid.starts.tolist())
    return ints(moment.hour * 60 + moment.minute for moment in clock)
