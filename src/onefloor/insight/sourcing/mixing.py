"""The cheapest division of the issues among the options, within the law and the bounds of the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import comb

import numpy as np

from onefloor.insight.sourcing.costs import of_option
from onefloor.insight.sourcing.inputs import at_mid, inputs_of
from onefloor.insight.sourcing.lawful import notices, people
from onefloor.insight.sourcing.terms import Mix, Option, Sourcing
from onefloor.insight.sourcing.work import issues
from onefloor.language import Text

STEPS = (20, 10, 5, 4)
MOST_DIVISIONS = 20_000
BEST = " best"
"""No name in a file begins with a space."""


@dataclass(frozen=True, slots=True)
class Part:
    """An option at every share of the issues: what it costs and resolves over all months."""

    option: Option
    cost: np.ndarray
    resolved: np.ndarray


def best_mix(sourcing: Sourcing, months: int, without: frozenset[str] = frozenset()) -> Mix | None:
    """The division that costs least per resolved contact at the middle of all inputs; None where none is allowed.

    Shares are whole steps: twentieths with up to four options, coarser with more. Options in ``without`` take no part.
    """
    options = [option for option in sourcing.options if option.id not in without]
    steps = _steps(len(options)) if options else None
    if steps is None:
        return None
    parts = [_part(sourcing, option, months, steps) for option in options]
    divisions = [one for one in _divisions(len(options), steps) if _within(options, one, steps)]
    whole = people(sourcing, months)
    for division in sorted(divisions, key=lambda one: _per_resolved(parts, one)):
        mix = _mix(options, division, steps)
        if not any(notice.refused for notice in notices(sourcing, dict(mix.shares), months, whole)):
            return mix
    return None


def _steps(options: int) -> int | None:
    return next((steps for steps in STEPS if comb(steps + options - 1, options - 1) <= MOST_DIVISIONS), None)


def _part(sourcing: Sourcing, option: Option, months: int, steps: int) -> Part:
    values = at_mid(inputs_of(sourcing), steps)
    shares = np.arange(1, steps + 1)[:, None] / steps
    done = of_option(option, values, issues(values, months) * shares)
    nothing = np.zeros(1)
    return Part(
        option,
        np.concatenate([nothing, done.cost.sum(axis=1)]),
        np.concatenate([nothing, done.resolved.sum(axis=1)]),
    )


def _divisions(options: int, steps: int) -> Iterator[tuple[int, ...]]:
    """All ways to divide ``steps`` among the options.

    >>> list(_divisions(2, 2))
    [(0, 2), (1, 1), (2, 0)]
    """
    if options == 1:
        yield (steps,)
        return
    for first in range(steps + 1):
        for rest in _divisions(options - 1, steps - first):
            yield (first, *rest)


def _within(options: list[Option], division: tuple[int, ...], steps: int) -> bool:
    shares = [Fraction(part, steps) for part in division]
    return all(option.least <= share <= option.most for option, share in zip(options, shares, strict=True))


def _per_resolved(parts: list[Part], division: tuple[int, ...]) -> float:
    pairs = list(zip(parts, division, strict=True))
    return float(sum(part.cost[share] for part, share in pairs) / sum(part.resolved[share] for part, share in pairs))


def _mix(options: list[Option], division: tuple[int, ...], steps: int) -> Mix:
    shares = tuple((option.id, Fraction(part, steps)) for option, part in zip(options, division, strict=True) if part)
    return Mix(id=BEST, title=Text("成本最低的组合", "the cheapest mix"), shares=shares)
