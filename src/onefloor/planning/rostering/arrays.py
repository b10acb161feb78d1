"""A problem as arrays, the only form the compiled loops read. Ragged lists are one array and where each begins."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
NEVER = 1e12  # what a forbidden day costs; anything from half of it on is forbidden

UNLIMITED = 1_000_000  # people of a group where there is no most


class Shifts(NamedTuple):
    """All shifts: first interval by day, length and paid intervals, gap, pauses (windows after the start), nights."""

    begin: Ints  # day, shift
    length: Ints
    paid: Ints
    gap: Ints  # shift, (from, until)
    pause_at: Ints  # shift + 1
    pause_first: Ints
    pause_last: Ints
    pause_length: Ints
    night: NDArray[np.bool_]


class Patterns(NamedTuple):
    """What agents under the same rules share: their shifts and the automaton of their rules.

    ``order[d]`` are a pattern's shifts by the end they have when worked on day ``d``; ``limit[d, i]`` counts how many
    of yesterday's order leave enough rest before shift ``i``. ``after`` numbers states within the pattern. ``window``
    has of each break when it begins, first and last, and how much later the next one begins at most (``windows``).
    """

    shift_at: Ints  # pattern + 1
    shift: Ints
    kind: Ints  # category in the automaton
    barred: NDArray[np.bool_]  # day, shift of pattern: rules of the day forbid it
    narrowed: NDArray[np.bool_]  # day, shift of pattern: its windows are not those of the shift
    pause_at: Ints  # shift of pattern + 1
    window: Ints  # day, pause of shift of pattern, (first, last, apart)
    order: Ints  # day, shift of pattern
    limit: Ints  # day, shift of pattern
    rank: Ints  # day, shift of pattern: its place in the order
    span: Ints  # pattern, day, (first, last): intervals that its shifts of the day can touch
    state_at: Ints  # pattern + 1
    layers: Ints  # pattern, day + 2
    after: Ints  # state, category


class People(NamedTuple):
    """Agents: pattern, company, skill set of each day, what each day costs, and costs of single shifts on days."""

    pattern: Ints
    company: Ints
    skillset: Ints  # agent, day
    day_cost: Floats  # agent, day
    extra_at: Ints  # agent + 1
    extra_day: Ints
    extra_shift: Ints  # place among the shifts of the agent's pattern
    extra_cost: Floats
    rested: Ints  # agent, day: the first interval after the rest that shifts before the horizon ask for
    group_at: Ints  # agent + 1
    group: Ints


class Demand(NamedTuple):
    """What is wanted: agents by interval and skill with the price of one missing, presence of groups, paid time."""

    mask: NDArray[np.int64]  # skill set -> bits of its skills
    day: Ints  # of an interval
    need: Ints  # interval, skill
    weight: Floats  # skill
    heaviest: float
    low: Ints  # group, interval
    high: Ints
    low_cost: Floats  # group
    high_cost: Floats
    price: Floats  # company, of a paid interval
    guaranteed: Floats  # company, paid intervals
    guaranteed_cost: float
    fairness: float
    weekend: NDArray[np.bool_]  # day


class Cover(NamedTuple):
    """Who serves what, as it stands; kept exact with every change."""

    got: Ints  # interval, skill
    given: Ints  # interval, skill set, skill
    idle: Ints  # interval, skill set
    worth: Floats  # interval, skill set: what one more on duty would save
    present: Ints  # group, interval
    paid: Floats  # company
    room: NDArray[np.int64]  # for paths: 3, skill
    values: Floats  # for worth: skill
    desk: Ints  # for the intervals of one day


class Tours(NamedTuple):
    """Of each agent and day the place of the shift in the pattern's list (-1: off) and its pauses."""

    choice: Ints  # agent, day
    pauses: Ints  # agent, day, pause


class Scratch(NamedTuple):
    """Room for one tour programme."""

    value: Floats  # interval
    sums: Floats  # interval + 1
    gain: Floats  # day, shift
    pauses: Ints  # day, shift, pause
    given_up: Floats  # pause, place in its window: the least by it and all later breaks, beginning there or before
    begins: Ints  # pause, place in its window: where it then begins
    best: Floats  # state, shift + 1
    parent: Ints  # state, shift + 1
    choice: Ints  # day
    tops: Floats  # shift + 1
    top_places: Ints  # shift + 1
    desk: Ints  # intervals at the desk on one day
    kinds: Ints  # day: category of a tour's days
    option: Floats  # values of what a move can choose from


class Prices(NamedTuple):
    """What an interval on duty is thought to be worth: by skill, by group (may be negative), by paid time."""

    skill: Floats  # interval, skill
    group: Floats  # group, interval
    paid: Floats  # company
    best: Floats  # interval, skill set: price of the dearest skill
    dearest: Ints  # interval, skill set: that skill; -1 without skills


class Task(NamedTuple):
    """A whole problem for the compiled loops."""

    shifts: Shifts
    patterns: Patterns
    people: People
    demand: Demand


def ints(values: Iterable[object]) -> Ints:
    """Whole numbers as an array."""
    return np.array(list(values), dtype=np.int32)


def offsets(sizes: Iterable[int]) -> Ints:
    """Where each of several lists of these sizes begins in one array, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(list(sizes))]).astype(np.int32)


def empty_cover(task: Task) -> Cover:
    """Nobody is on duty."""
    need, mask, low = task.demand.need, task.demand.mask, task.demand.low
    cover = Cover(
        np.zeros_like(need),
        np.zeros((len(need), len(mask), need.shape[1]), dtype=np.int32),
        np.zeros((len(need), len(mask)), dtype=np.int32),
        np.zeros((len(need), len(mask))),
        np.zeros_like(low),
        np.zeros(len(task.demand.price)),
        np.zeros((3, need.shape[1]), dtype=np.int64),
        np.zeros(need.shape[1]),
        np.zeros(int(task.shifts.length.max()), dtype=np.int32),
    )
    bits = (mask[:, None] >> np.arange(need.shape[1])) & 1
    open_ = np.where(need > 0, task.demand.weight, 0.0)
    cover.worth[:] = (open_[:, None, :] * bits).max(axis=2, initial=0.0)
    return cover


def empty_tours(task: Task) -> Tours:
    """Everybody is off on every day."""
    agents, days = task.people.day_cost.shape
    return Tours(np.full((agents, days), -1, dtype=np.int32), np.zeros((agents, days, most_pauses(task)), np.int32))


def most_pauses(task: Task) -> int:
    """Pauses of the shift that has most of them; at least 1."""
    return int(max(np.diff(task.shifts.pause_at).max(initial=0), 1))


def scratch(task: Task) -> Scratch:
    """Room for one tour programme of any agent of the task."""
    days, reach = task.shifts.begin.shape[0], len(task.demand.need)
    shifts = int(np.diff(task.patterns.shift_at).max())
    states = int(np.diff(task.patterns.state_at).max())
    longest = int(task.shifts.length.max())
    return Scratch(
        np.zeros(reach),
        np.zeros(reach + 1),
        np.zeros((days, shifts)),
        np.zeros((days, shifts, most_pauses(task)), dtype=np.int32),
        np.zeros((most_pauses(task), longest)),
        np.zeros((most_pauses(task), longest), dtype=np.int32),
        np.zeros((states, shifts + 1)),
        np.zeros((states, shifts + 1), dtype=np.int32),
        np.zeros(days, dtype=np.int32),
        np.zeros(shifts + 1),
        np.zeros(shifts + 1, dtype=np.int32),
        np.zeros(longest, dtype=np.int32),
        np.zeros(days, dtype=np.int32),
        np.zeros(2 * shifts + 1),
    )
