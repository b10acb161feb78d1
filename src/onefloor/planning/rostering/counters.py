"""Rules as counters: small machines that read one day after the other and refuse what a rule forbids.

A counter reads, for each day, which category of day it was: 0 a day off, and from 1 on the kinds of shifts a contract
tells apart (``Categories``). ``step[day, value, category]`` is its next value, -1 where the rule forbids the day.
``ends`` are the values with which the horizon may end. Each function here is one rule; ``automaton`` multiplies them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Steps = NDArray[np.int16]
Ints = NDArray[np.int32]
OFF = 0


@dataclass(frozen=True, slots=True)
class Categories:
    """The kinds of days a contract tells apart: paid intervals and whether it is a night; category 0 is the day off."""

    paid: tuple[int, ...]
    night: tuple[bool, ...]

    def __len__(self) -> int:
        return len(self.paid)


@dataclass(frozen=True, slots=True)
class Counter:
    """A rule as a machine, with the value it begins with and those it may end with."""

    first: int
    step: Steps
    ends: NDArray[np.bool_]


def counter(
    days: int,
    values: int,
    kinds: int,
    rule: Callable[[int, int, int], int],
    first: int = 0,
    ends: Callable[[int], bool] = lambda _: True,
) -> Counter:
    """A counter from a function of day, value and category; values outside ``0..values-1`` are refusals."""
    step = np.full((days, values, kinds), -1, dtype=np.int16)
    for day in range(days):
        for value in range(values):
            for kind in range(kinds):
                after = rule(day, value, kind)
                step[day, value, kind] = after if 0 <= after < values else -1
    return Counter(min(first, values - 1), step, np.array([ends(value) for value in range(values)]))


def worked_days(days: int, kinds: Categories, least: int, most: int) -> Counter:
    """From ``least`` to ``most`` days of the horizon are worked."""
    return counter(days, most + 1, len(kinds), lambda _, n, kind: n + (kind > OFF), ends=lambda n: n >= least)


def consecutive_days(kinds: Categories, most: Sequence[int], run: int = 0) -> Counter:
    """No more than ``most[day]`` days in a row; ``run`` of them were worked just before the horizon."""

    def rule(day: int, worked: int, kind: int) -> int:
        return 0 if kind == OFF else worked + 1 if worked < most[day] else -1

    return counter(len(most), max(*most, run) + 1, len(kinds), rule, run)


def consecutive_nights(kinds: Categories, most: Sequence[int], run: int = 0) -> Counter:
    """No more than ``most[day]`` nights in a row."""

    def rule(day: int, worked: int, kind: int) -> int:
        return 0 if not kinds.night[kind] else worked + 1 if worked < most[day] else -1

    return counter(len(most), max(*most, run) + 1, len(kinds), rule, run)


def nights(kinds: Categories, most: int, held: Sequence[bool]) -> Counter:
    """No more than ``most`` nights on the days ``held``."""
    return counter(
        len(held), most + 1, len(kinds), lambda day, worked, kind: worked + (held[day] and kinds.night[kind])
    )


def rest(begin: Ints, end: Ints, least: Sequence[int]) -> Counter | None:
    """At least ``least[day]`` intervals before a shift of the day after the last one, with days off between them.

    ``begin`` and ``end`` are intervals by day and category. None where only shifts of neighbouring days can be too
    close. Value 0: nothing binds; else which category was worked last and how many days ago.
    """
    days, kinds = begin.shape
    soonest = begin[:, 1:].min(axis=1) - np.array(least)  # whatever ended by then bars nothing of the day
    farthest = max(int(np.flatnonzero(soonest < end[day].max()).max()) - day for day in range(days))
    if farthest < 2:
        return None

    def kept(day: int, since: int, worked: int) -> int:
        bars = (soonest[max(day, since + 1) + 1 :] < end[since, worked]).any()
        return (day - since) * (kinds - 1) + worked if bars else 0

    def rule(day: int, value: int, kind: int) -> int:
        if value == 0:
            return kept(day, day, kind) if kind != OFF else 0
        ago, worked = divmod(value - 1, kinds - 1)
        since, worked = day - 1 - ago, worked + 1
        if since < 0 or (kind != OFF and begin[day, kind] < end[since, worked] + least[day]):
            return -1
        return kept(day, since, worked) if kind == OFF else kept(day, day, kind)

    return counter(days, farthest * (kinds - 1) + 1, kinds, rule)


def off_after_nights(kinds: Categories, least: Sequence[int], due: int | None = 0) -> Counter:
    """After a run of nights whole days off, or another night; how many, the first day after the run says.

    ``due`` are the days off that nights before the horizon still ask for; None: the day before it was a night.
    Value 0: free; 1: the last day was a night; 1 + n: n days off are still due.
    """
    first = 1 if due is None else due and due + 1

    def rule(day: int, value: int, kind: int) -> int:
        if kinds.night[kind]:
            return 1 if value <= 1 else -1
        still = least[day] if value == 1 else max(value - 1, 0)
        if kind != OFF:
            return -1 if still else 0
        return 0 if still <= 1 else still  # this day off is one of them

    return counter(len(least), max(*least, first) + 2, len(kinds), rule, first)


def weekly_hours(kinds: Categories, most: Sequence[int], monday: Sequence[bool]) -> Counter:
    """No more than ``most[day]`` paid intervals in a week, below 0 none at all; weeks begin where ``monday``."""
    unit = _unit(kinds)
    limits = [limit // unit for limit in most]

    def rule(day: int, held: int, kind: int) -> int:
        before = 0 if monday[day] else held
        after = before + kinds.paid[kind] // unit
        return after if kind == OFF or after <= limits[day] else -1

    return counter(len(most), max(*limits, 0) + 1, len(kinds), rule)


def weekly_rest(kinds: Categories, least: Sequence[int], monday: Sequence[bool], worked: int = 0) -> Counter:
    """At least ``least[day]`` days off in every week; weeks begin where ``monday``."""

    def rule(day: int, held: int, kind: int) -> int:
        before = 0 if monday[day] else held
        return before if kind == OFF else before + 1 if before < 7 - least[day] else -1

    return counter(len(least), 8, len(kinds), rule, worked)


def period_hours(kinds: Categories, most: int, held: Sequence[bool]) -> Counter:
    """No more than ``most`` paid intervals on the days ``held``: comprehensive hours are averaged over them."""
    unit = _unit(kinds)
    limit = most // unit
    return counter(
        len(held), limit + 1, len(kinds), lambda day, hours, kind: hours + held[day] * kinds.paid[kind] // unit
    )


def weekends(kinds: Categories, most: int, weekday: Sequence[int]) -> Counter:
    """No more than ``most`` weekends with a worked Saturday or Sunday; other days of the week do not count.

    Value: twice the weekends so far, plus 1 while a weekend that counts already is going on.
    """

    def rule(day: int, value: int, kind: int) -> int:
        going_on = value & 1 and weekday[day] == SUNDAY
        if kind == OFF or weekday[day] < SATURDAY or going_on:
            return value & ~1
        after = (value >> 1) + 1
        return 2 * after + (weekday[day] == SATURDAY) if after <= most else -1

    return counter(len(weekday), 2 * most + 2, len(kinds), rule)


def _unit(kinds: Categories) -> int:
    return int(np.gcd.reduce(kinds.paid)) or 1


SATURDAY, SUNDAY = 5, 6
