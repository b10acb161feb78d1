"""Whether days and people bear out what contacts say: contacts of one day and of one agent resemble each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onefloor.insight.cells import Cells
from onefloor.metrics.dimensions import Shown

Floats = NDArray[np.float64]
Conditions = tuple[tuple[str, Shown], ...]
FEW = 0.005  # of all rows that may lack a cluster
LEAST = 8  # clusters with rows of the segment: fewer bear out nothing


@dataclass(frozen=True, slots=True)
class Sides:
    """Numerators and denominators of every cluster, before and after: arrays of shape (clusters, 4)."""

    names: tuple[Shown, ...]
    sums: Floats


def sides(before: Cells, after: Cells) -> Sides:
    """Two periods' cells of one dimension, side by side."""
    (name,) = before.by
    known = tuple(dict.fromkeys((*before.names[name], *after.names[name])))
    at = {one: place for place, one in enumerate(known)}
    sums = np.zeros((len(known), 4))
    for first, held in ((0, before), (2, after)):
        for place in range(len(held)):
            row = at[held.key(place)[0]]
            sums[row, first], sums[row, first + 1] = held.numerator[place], held.denominator[place]
    return Sides(known, sums)


def clustered(part: Sides, whole: Sides) -> float:
    """By how many standard errors a segment moved against the rest, clusters being what was sampled.

    The difference of two quotients, each after less before, linearised: a cluster adds (k - r n) / N to each of the
    four. Squares of the clusters' sums make the variance (Cochran 1977, section 6.3; a cluster that is there in both
    periods counts once). 0 where fewer than 8 clusters have rows of the segment.
    """
    at = {name: place for place, name in enumerate(part.names)}
    inside = np.zeros_like(whole.sums)
    for place, name in enumerate(whole.names):
        if name in at:
            inside[place] = part.sums[at[name]]
    outside = whole.sums - inside
    present = int((inside[:, 1] + inside[:, 3] > 0).sum())
    if present < LEAST or not all((side[:, column].sum() > 0) for side in (inside, outside) for column in (1, 3)):
        return 0.0
    (gap0, one), (gap1, other) = _linear(inside), _linear(outside)
    error = float(np.sqrt(((one - other) ** 2).sum() * present / (present - 1)))
    return (gap0 - gap1) / error if error else 0.0


def _linear(sums: Floats) -> tuple[float, Floats]:
    """The change of a quotient, and what every cluster adds to its error."""
    above0, below0, above1, below1 = sums.sum(axis=0)
    old, new = above0 / below0, above1 / below1
    later = (sums[:, 2] - new * sums[:, 3]) / below1
    return float(new - old), np.asarray(later - (sums[:, 0] - old * sums[:, 1]) / below0)


Reader = Callable[[str, Conditions], Sides]


def borne_out(conditions: Conditions, by: Sequence[str], read: Reader, gate: float) -> bool:
    """Whether a segment moved by so many standard errors or more whatever the clusters are.

    Rows without an agent (callers who gave up) are no person's: where they are many, agents are not asked. A segment
    with a condition "none" is not borne out: its rows cannot be asked for, so nobody could look at them either.

    Args:
        conditions: of the segment.
        by: the dimensions that are clusters: day, agent.
        read: the sums of every cluster of a dimension under some conditions.
        gate: for |z|, the same as that for contacts: thousands of segments were candidates.
    """
    if any(value is None for _, value in conditions):
        return False
    asked = [(read(name, conditions), read(name, ())) for name in asked_of(by, read)]
    return all(abs(clustered(part, whole)) > gate for part, whole in asked)


def asked_of(by: Sequence[str], read: Reader) -> tuple[str, ...]:
    """Those dimensions whose clusters are asked for a second opinion: hardly any row lacks one."""
    return tuple(name for name in by if known(read(name, ())))


def known(whole: Sides) -> bool:
    """Whether hardly any row lacks a cluster."""
    if None not in whole.names:
        return True
    here = whole.sums[whole.names.index(None)]
    return bool(here[1] + here[3] <= FEW * (whole.sums[:, 1].sum() + whole.sums[:, 3].sum()))
