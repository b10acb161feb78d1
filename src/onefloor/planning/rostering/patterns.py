"""What agents under the same rules share: their shifts, the automaton of their rules, the rest between shifts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onefloor.planning.rostering import counters, rules, windows
from onefloor.planning.rostering.arrays import Ints, Patterns, Shifts, ints, offsets
from onefloor.planning.rostering.automaton import Automaton, product
from onefloor.planning.rostering.counters import Categories, Counter
from onefloor.planning.rostering.problem import Agent, Contract, Problem


def pattern_key(agent: Agent, contract: Contract) -> object:
    """What agents of one pattern have in common."""
    history = agent.history
    least = contract.least_days if agent.least_days is None else agent.least_days
    most = contract.most_days if agent.most_days is None else agent.most_days
    before = history.days, history.nights, history.off_since_night, history.week_hours, history.week_days
    return contract.id, least, most, *before


@dataclass(frozen=True, slots=True)
class Sorts:
    """The shifts of a contract, the category of each, and the rest between them where days off do not give it."""

    contract: Contract
    members: tuple[int, ...]
    kinds: tuple[int, ...]
    categories: Categories
    rest: Counter | None

    @classmethod
    def of(cls, problem: Problem, contract: Contract, shifts: Shifts) -> Sorts:
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
class Pattern:
    """The shifts of one pattern, the category of each, and its automaton."""

    contract: Contract
    members: tuple[int, ...]
    kinds: tuple[int, ...]
    automaton: Automaton

    @classmethod
    def of(cls, problem: Problem, agent: Agent, sorts: Sorts) -> Pattern:
        """The pattern of an agent."""
        held = rules.counters_of(problem, agent, sorts.contract, sorts.categories)
        return cls(sorts.contract, sorts.members, sorts.kinds, product([*held, *([sorts.rest] if sorts.rest else [])]))


def patterns_of(problem: Problem, shifts: Shifts, kept: Sequence[Pattern]) -> Patterns:
    """The patterns as arrays."""
    days = problem.grid.days
    shift_at = offsets(len(pattern.members) for pattern in kept)
    order, limit = np.zeros((days, shift_at[-1]), np.int32), np.zeros((days, shift_at[-1]), np.int32)
    barred = np.zeros((days, shift_at[-1]), dtype=bool)
    for number, pattern in enumerate(kept):
        held = slice(shift_at[number], shift_at[number + 1])
        order[:, held], limit[:, held] = _rest(problem, shifts, pattern)
        left = rules.left_by(problem, pattern.contract, [problem.shifts[member] for member in pattern.members])
        barred[:, held] = ~np.logical_and.reduce(list(left.values()))
    members = [member for pattern in kept for member in pattern.members]
    narrowed, window = _windows(problem, kept)
    return Patterns(
        shift_at,
        ints(members),
        ints(kind for pattern in kept for kind in pattern.kinds),
        barred,
        narrowed,
        offsets(len(problem.shifts[member].pauses) for member in members),
        window,
        order,
        limit,
        _ranks(order, shift_at),
        _spans(shifts, kept),
        offsets(len(pattern.automaton.after) for pattern in kept),
        np.array([pattern.automaton.layers for pattern in kept], dtype=np.int32),
        _stacked([pattern.automaton.after for pattern in kept]),
    )


def _windows(problem: Problem, kept: Sequence[Pattern]) -> tuple[NDArray[np.bool_], Ints]:
    """Of each day which shifts have narrowed windows, and all windows; those of a shift that is barred as they are."""
    shifts = [[problem.shifts[member] for member in pattern.members] for pattern in kept]
    plain = [windows.plain(shift) for held in shifts for shift in held]
    lawful = [rules.windows_of(problem, pattern.contract, held) for pattern, held in zip(kept, shifts, strict=True)]
    narrowed, found = [], []
    for day in range(problem.grid.days):
        told = [one for of_pattern in lawful for one in of_pattern[day]]
        today = [own if one is None else one for one, own in zip(told, plain, strict=True)]
        narrowed.append([one != own for one, own in zip(today, plain, strict=True)])
        found.append([window for one in today for window in one])
    return np.array(narrowed), np.array(found, dtype=np.int32).reshape(problem.grid.days, -1, 3)


def _ranks(order: Ints, shift_at: Ints) -> Ints:
    """The place of each shift in its pattern's order, by day."""
    ranks = np.zeros_like(order)
    for first, last in pairwise(shift_at):
        ranks[:, first:last] = np.argsort(order[:, first:last], axis=1)
    return ranks


def _spans(shifts: Shifts, kept: Sequence[Pattern]) -> Ints:
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


def _rest(problem: Problem, shifts: Shifts, pattern: Pattern) -> tuple[Ints, Ints]:
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
