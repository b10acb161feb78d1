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


def nights(kinds: Categories, most: Sequence[int]) -> Counter:
    """No more than ``most`` nights in the horizon; a limit that comes into force counts the nights from then on."""

    def rule(day: int, worked: int, kind: int) -> int:
        if most[day] >= NO_LIMIT:
            return worked
        return worked + 1 if kinds.night[kind] and worked < most[day] else -1 if kinds.night[kind] else worked

    return counter(len(most), max([n for n in most if n < NO_LIMIT], default=0) + 1, len(kinds), rule)


def off_after_nights(kinds: Categories, least: Sequence[int], run: int = 0) -> Counter:
    """After a run of nights ``least[day]`` whole days off, or another night.

    Value 0: free; 1: the last day was a night; 1 + n: n days off are still due.
    """
    values = max(least) + 2

    def rule(day: int, value: int, kind: int) -> int:
        if kinds.night[kind]:
            return 1 if value <= 1 and least[day] else 0 if value <= 1 else -1
        if kind != OFF:
            return 0 if value == 0 else -1
        due = least[day] if value == 1 else value - 1
        return 0 if due <= 1 else due  # this day off is one of them

    return counter(len(least), values, len(kinds), rule, int(run > 0))


def weekly_hours(kinds: Categories, most: Sequence[int], monday: Sequence[bool], used: int = 0) -> Counter:
    """No more than ``most[day]`` paid intervals in a week; weeks begin where ``monday``."""
    unit = _unit(kinds)
    limits = [limit // unit for limit in most]

    def rule(day: int, held: int, kind: int) -> int:
        before = 0 if monday[day] else held
        after = before + kinds.paid[kind] // unit
        return after if kind == OFF or after <= limits[day] else -1

    used_units = -(-used // unit)
    return counter(len(most), max(*limits, used_units, 0) + 1, len(kinds), rule, used_units)


def weekly_rest(kinds: Categories, least: Sequence[int], monday: Sequence[bool], worked: int = 0) -> Counter:
    """At least ``least[day]`` days off in every week; weeks begin where ``monday``."""

    def rule(day: int, held: int, kind: int) -> int:
        before = 0 if monday[day] else held
        return before if kind == OFF else before + 1 if before < 7 - least[day] else -1

    return counter(len(least), 8, len(kinds), rule, worked)


def period_hours(days: int, kinds: Categories, most: int) -> Counter:
    """No more than ``most`` paid intervals in the whole horizon: comprehensive hours are averaged over it."""
    unit = _unit(kinds)
    limit = most // unit
    return counter(days, limit + 1, len(kinds), lambda _, held, kind: held + kinds.paid[kind] // unit)


def weekends(kinds: Categories, most: int, weekday: Sequence[int]) -> Counter:
    """No more than ``most`` weekends with a worked Saturday or Sunday.

    Value: twice the weekends so far, plus 1 while a weekend that counts already is going on.
    """

    def rule(day: int, value: int, kind: int) -> int:
        going_on = value & 1 and weekday[day] == SUNDAY
        if kind == OFF or weekday[day] < SATURDAY or going_on:
            return value & ~1
        after = (value >> 1) + 1
        return 2 * after + (weekday[day] == SATURDAY) if after <= most else -1

    return counter(len(weekday), 2 * most + 2, len(kinds), rule)


def rows_of_days(kinds: Categories, days: int, least: int, *, working: bool) -> Counter:
    """Runs of worked days (or of days off) last at least ``least`` days; those at the horizon's ends may be shorter.

    Value 0: another kind of day; 1..least: days of the run, capped; least + 1: a run that touches the beginning.
    """
    free = least + 1

    def rule(_: int, value: int, kind: int) -> int:
        inside = (kind > OFF) == working
        if inside:
            return value if value == free else min(value + 1, least)
        return 0 if value in (0, least, free) else -1

    return counter(days, least + 2, len(kinds), rule, free)


def of_category(kinds: Categories, days: int, kind: int, most: int) -> Counter:
    """No more than ``most`` days of one category."""
    return counter(days, most + 1, len(kinds), lambda _, held, today: held + (today == kind))


def between_paid(kinds: Categories, days: int, least: int, most: int) -> Counter:
    """From ``least`` to ``most`` paid units in the horizon."""
    unit = _unit(kinds)
    limit = most // unit
    return counter(
        days, limit + 1, len(kinds), lambda _, held, kind: held + kinds.paid[kind] // unit,
        ends=lambda held: held * unit >= least,
    )  # fmt: skip


def _unit(kinds: Categories) -> int:
    return int(np.gcd.reduce(kinds.paid)) or 1


NO_LIMIT = 10_000
SATURDAY, SUNDAY = 5, 6
