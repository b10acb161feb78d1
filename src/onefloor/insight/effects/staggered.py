"""Staggered starts that have nothing to do with the figure: each wave's change against that of the not yet helped.

Callaway and Sant'Anna 2021, equations 2.4 (not yet treated) and 2.2 (never treated) without covariates, their
aggregations 3.10 (simple), 3.7 (group) and 3.4 (dynamic). Errors from the units' influence with the waves' sizes taken
as given; units with few rows weigh less.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from onefloor.insight.effects.found import Floats, Found, NoEstimate, Places, Student
from onefloor.insight.effects.panel import NEVER, Span

Against = Literal["not_yet", "never"]
LEAST_OTHERS = 5


@dataclass(frozen=True, slots=True)
class GroupTime:
    """The effect on the wave that starts with ``start`` in one period; ``influence`` has one entry a unit."""

    start: int
    period: int
    value: float
    size: int
    influence: Floats


@dataclass(frozen=True, slots=True)
class Changes:
    """What group-time effects are computed from: sums of units by period, and when each unit starts."""

    above: Floats
    below: Floats
    start: Places
    touched: Places
    against: Against = "not_yet"


def group_time(data: Changes, start: int, period: int, base: Span) -> GroupTime | None:
    """One effect: the change of a wave from its base to a period, less that of the others; None without others."""
    helped = data.start == start
    others = data.touched >= NEVER if data.against == "never" else (data.touched > max(period, base[1] - 1)) & ~helped
    change, weight = _change(data, period, base)
    one, zero = helped & (weight > 0), others & (weight > 0)
    if not one.any() or zero.sum() < LEAST_OTHERS:
        return None
    influence = np.zeros(len(helped))
    means = []
    for mask, sign in ((one, 1.0), (zero, -1.0)):
        share = weight[mask] / weight[mask].sum()
        means.append(float(share @ change[mask]))
        influence[mask] = sign * share * (change[mask] - means[-1])
    if one.sum() == 1:  # alone in its wave it has no spread of its own: that of the others stands in
        influence[one] = np.sqrt(share @ (change[zero] - means[1]) ** 2)
    return GroupTime(start, period, means[0] - means[1], int(one.sum()), influence)


def _change(data: Changes, period: int, base: Span) -> tuple[Floats, Floats]:
    """Each unit's change and its weight: the harmonic size of the two sides, 0 where one is missing."""
    before = data.below[:, max(0, base[0]) : base[1]].sum(1)
    after = data.below[:, period]
    both = (before > 0) & (after > 0)
    low, high = np.where(both, before, 1.0), np.where(both, after, 1.0)
    was = data.above[:, max(0, base[0]) : base[1]].sum(1) / low
    now = data.above[:, period] / high
    return now - was, np.where(both, 1 / (1 / low + 1 / high), 0.0)


def effects(data: Changes, base: Mapping[int, Span], last: Mapping[int, int]) -> list[GroupTime]:
    """The effects of every wave in its periods; ``base`` and ``last`` by the wave's start."""
    starts = sorted({int(one) for one in data.start if one < NEVER})
    every = [(start, period) for start in starts for period in range(start, last[start])]
    found = [group_time(data, start, period, base[start]) for start, period in every]
    return [one for one in found if one is not None]


def simple(found: Sequence[GroupTime]) -> dict[int, float]:
    """Weights of the average over all helped units and periods, by place in ``found``."""
    total = sum(one.size for one in found)
    return {place: one.size / total for place, one in enumerate(found)}


def by_group(found: Sequence[GroupTime]) -> dict[int, float]:
    """Weights: each wave's mean over its periods, then the waves by their sizes."""
    sizes = {one.start: max(other.size for other in found if other.start == one.start) for one in found}
    counts = {start: sum(one.start == start for one in found) for start in sizes}
    total = sum(sizes.values())
    return {place: sizes[one.start] / counts[one.start] / total for place, one in enumerate(found)}


def dynamic(found: Sequence[GroupTime]) -> dict[int, float]:
    """Weights: the mean over the time since the start of the mean over waves by their sizes."""
    since = [one.period - one.start for one in found]
    sizes = {e: sum(one.size for one, of in zip(found, since, strict=True) if of == e) for e in set(since)}
    return {place: one.size / sizes[since[place]] / len(sizes) for place, one in enumerate(found)}


def averaged(data: Changes, found: Sequence[GroupTime], weights: Mapping[int, float]) -> Found:
    """The weighted effect; t with the degrees of freedom of Welch and Satterthwaite over waves and the never helped.

    Every wave's mean costs it one of its units: a wave of n has the variance n / (n - 1) times that of its influence.

    Raises:
        NoEstimate: no wave has others to compare with.
    """
    if not found:
        others = int((data.touched >= NEVER).sum())
        raise NoEstimate("too_few_others", helped=int((data.start < NEVER).sum()), others=others)
    influence = sum((weights[place] * one.influence for place, one in enumerate(found)), np.zeros(len(data.start)))
    value = sum(weights[place] * one.value for place, one in enumerate(found))
    helped = data.start < NEVER
    parts, free = [], []
    for start in np.unique(data.start):
        used = (data.start == start) & (influence != 0)
        size = int(used.sum())
        if size:
            parts.append(float((influence[used] ** 2).sum()) * size / max(size - 1, 1))
            free.append(size - 1 if size > 1 else LEAST_OTHERS)
    variance = sum(parts)
    df = variance**2 / sum(part**2 / one for part, one in zip(parts, free, strict=True)) if variance else 1.0
    return Found(float(value), variance**0.5, Student(df), int(helped.sum()), int((influence[~helped] != 0).sum()))
