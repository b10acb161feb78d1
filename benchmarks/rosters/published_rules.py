"""Rules of the published staff scheduling instances that no rules file has, as the engine's counters."""

from __future__ import annotations

import numpy as np

from onefloor.planning.rostering.counters import OFF, Categories, Counter, counter


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
    unit = int(np.gcd.reduce(kinds.paid)) or 1
    limit = most // unit
    return counter(
        days, limit + 1, len(kinds), lambda _, held, kind: held + kinds.paid[kind] // unit,
        ends=lambda held: held * unit >= least,
    )  # fmt: skip
