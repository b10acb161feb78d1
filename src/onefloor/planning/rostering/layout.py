"""A problem laid out as arrays (``arrays.Task``), and what its numbers stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onefloor.periods import zone
from onefloor.planning.rostering import arrays, counters, rules
from onefloor.planning.rostering.arrays import (
    NEVER,
    UNLIMITED,
    Demand,
    Floats,
    Ints,
    Patterns,
    People,
    Shifts,
    Task,
    Tours,
)
from onefloor.planning.rostering.automaton import Automaton, product
from onefloor.planning.rostering.counters import Categories, Counter
from onefloor.planning.rostering.problem import Agent, Company, Contract, Problem, Roster
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
    patterns = [
        found.setdefault(_pattern_key(agent, contracts[agent.contract]), len(found)) for agent in problem.agents
    ]
    first = [patterns.index(number) for number in range(len(found))]
    sorts = {name: _Sorts.of(problem, contract, shifts) for name, contract in contracts.items()}
    kept = [_Pattern.of(problem, agent, sorts[agent.contract]) for agent in map(problem.agents.__getitem__, first)]
    people = _people(problem, patterns, kept)
    task = Task(shifts, _patterns(problem, shifts, kept), people, _demand(problem))
    return Layout(problem, task, tuple(pattern.members for pattern in kept))


def _pattern_key(agent: Agent, contract: Contract) -> object:
    history = agent.history
    least = contract.least_days if agent.least_days is None else agent.least_days
    most = contract.most_days if agent.most_days is None else agent.most_days
    before = history.days, history.nights, history.off_since_night, history.week_hours, history.week_days
    return contract.id, least, most, *before


@dataclass(frozen=True, slots=True)
class _Sorts:
    """The shifts of a contract, the category of each, and the rest between them where days off do not give it."""

    contract: Contract
    members: tuple[int, ...]
    kinds: tuple[int, ...]
    categories: Categories
    rest: Counter | None

    @classmethod
    def of(cls, problem: Problem, contract: Contract, shifts: Shifts) -> _Sorts:
        """Categories by pay and night alone, by times too where rest reaches over days off."""
        place = {shift.id: number for number, shift in enumerate(problem.shifts)}
        members = tuple(place[name] for name in contract.shifts)
        sorts = [(int(shifts.paid[one]), bool(shifts.night[one])) for one in members]
        fine = [
            (*sort, problem.shifts[one].start, problem.shifts[one].length)
            for sort, one in zip(sorts, members, strict=True)
        ]
        told = sorted(set(fine))
        one_of = [members[0], *(members[fine.index(sort)] for sort in told)]
        begin = shifts.begin[:, one_of]
        rest = counters.rest(begin, begin + shifts.length[one_of], rules.rest_intervals(problem, contract.id))
        if rest is None:
            return cls(contract, members, *_numbered(sorts), None)
        return cls(contract, members, *_numbered(fine), rest)


def _numbered(sorts: Sequence[tuple[Any, ...]]) -> tuple[tuple[int, ...], Categories]:
    """The category of each shift by its sort, and the categories."""
    told = sorted(set(sorts))
    kinds = Categories((0, *(sort[0] for sort in told)), (False, *(sort[1] for sort in told)))
    return tuple(1 + told.index(sort) for sort in sorts), kinds


@dataclass(frozen=True, slots=True)
class _Pattern:
    """The shifts of one pattern, the category of each, and its automaton."""

    contract: Contract
    members: tuple[int, ...]
    kinds: tuple[int, ...]
    automaton: Automaton

    @classmethod
    def of(cls, problem: Problem, agent: Agent, sorts: _Sorts) -> _Pattern:
        """The pattern of an agent."""
        held = rules.counters_of(problem, agent, sorts.contract, sorts.categories)
        return cls(sorts.contract, sorts.members, sorts.kinds, product([*held, *([sorts.rest] if sorts.rest else [])]))


def _ints(values: Iterable[object]) -> Ints:
    return np.array(list(values), dtype=np.int32)


def _offsets(sizes: Iterable[int]) -> Ints:
    return np.concatenate([[0], np.cumsum(list(sizes))]).astype(np.int32)


def _shifts(problem: Problem) -> Shifts:
    pauses = [pause for shift in problem.shifts for pause in shift.pauses]
    return Shifts(
        begins(problem),
        _ints(shift.length for shift in problem.shifts),
        _ints(shift.paid for shift in problem.shifts),
        np.array([shift.gap or (0, 0) for shift in problem.shifts], dtype=np.int32).reshape(-1, 2),
        _offsets(len(shift.pauses) for shift in problem.shifts),
        _ints(pause.earliest for pause in pauses),
        _ints(pause.latest for pause in pauses),
        _ints(pause.length for pause in pauses),
        nights(problem),
    )


def _patterns(problem: Problem, shifts: Shifts, kept: Sequence[_Pattern]) -> Patterns:
    days = problem.grid.days
    shift_at = _offsets(len(pattern.members) for pattern in kept)
    order, limit = np.zeros((days, shift_at[-1]), np.int32), np.zeros((days, shift_at[-1]), np.int32)
    barred = np.zeros((days, shift_at[-1]), dtype=bool)
    for number, pattern in enumerate(kept):
        held = slice(shift_at[number], shift_at[number + 1])
        order[:, held], limit[:, held] = _rest(problem, shifts, pattern)
        paid = [problem.shifts[member].paid for member in pattern.members]
        breaks = rules.breaks_close_enough(problem, pattern.contract, [problem.shifts[m] for m in pattern.members])
        barred[:, held] = ~(np.array(rules.short_enough(problem, pattern.contract, paid)) & np.array(breaks))
    return Patterns(
        shift_at,
        _ints(member for pattern in kept for member in pattern.members),
        _ints(kind for pattern in kept for kind in pattern.kinds),
        barred,
        order,
        limit,
        _ranks(order, shift_at),
        _spans(shifts, kept),
        _offsets(len(pattern.automaton.after) for pattern in kept),
        np.array([pattern.automaton.layers for pattern in kept], dtype=np.int32),
        _stacked([pattern.automaton.after for pattern in kept]),
    )


def _ranks(order: Ints, shift_at: Ints) -> Ints:
    """The place of each shift in its pattern's order, by day."""
    ranks = np.zeros_like(order)
    for first, last in pairwise(shift_at):
        ranks[:, first:last] = np.argsort(order[:, first:last], axis=1)
    return ranks


def _spans(shifts: Shifts, kept: Sequence[_Pattern]) -> Ints:
    """From which interval until which the shifts of each pattern and day reach."""
    found = []
    for pattern in kept:
        begin = shifts.begin[:, list(pattern.members)]
        end = begin + shifts.length[list(pattern.members)]
        found.append(np.stack([begin.min(axis=1), end.max(axis=1)], axis=1))
    return np.array(found, dtype=np.int32)


def _stacked(tables: Sequence[Ints]) -> Ints:
    widest = max(table.shape[1] for table in tables)
    padded = [np.pad(table, ((0, 0), (0, widest - table.shape[1])), constant_values=-1) for table in tables]
    return np.concatenate(padded)


def _rest(problem: Problem, shifts: Shifts, pattern: _Pattern) -> tuple[Ints, Ints]:
    """The order of a pattern's shifts by their end on each day, and how many leave the rest before each shift."""
    members = list(pattern.members)
    begin = shifts.begin[:, members]
    end = begin + shifts.length[members]
    order = np.argsort(end, axis=1, kind="stable").astype(np.int32)
    limit = np.zeros_like(order)
    for day, rest in enumerate(rules.rest_intervals(problem, pattern.contract.id)):
        if day > 0:
            ends = np.take_along_axis(end[day - 1], order[day - 1], axis=0)
            limit[day] = np.searchsorted(ends + rest, begin[day], side="right")
    return order, limit


def _people(problem: Problem, patterns: Sequence[int], kept: Sequence[_Pattern]) -> People:
    place = {company.id: number for number, company in enumerate(problem.companies)}
    groups = _groups_of(problem)
    touching = last_days(problem)
    extras = [
        _extras(problem, agent, kept[pattern], touching)
        for agent, pattern in zip(problem.agents, patterns, strict=True)
    ]
    flat = [extra for one in extras for extra in one]
    return People(
        _ints(patterns),
        _ints(place[agent.company] for agent in problem.agents),
        skillsets(problem)[1],
        np.array([_day_costs(problem, agent) for agent in problem.agents]).reshape(-1, problem.grid.days),
        _offsets(len(one) for one in extras),
        _ints(extra[0] for extra in flat),
        _ints(extra[1] for extra in flat),
        np.array([extra[2] for extra in flat], dtype=np.float64),
        np.array([rules.rested(problem, agent) for agent in problem.agents], dtype=np.int32),
        _offsets(len(one) for one in groups),
        _ints(group for one in groups for group in one),
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
    problem: Problem, agent: Agent, pattern: _Pattern, touching: NDArray[np.int64]
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
    problem: Problem, agent: Agent, pattern: _Pattern, touching: NDArray[np.int64]
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
    return _ints(moment.hour * 60 + moment.minute for moment in clock)
