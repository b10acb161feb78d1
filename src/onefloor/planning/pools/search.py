"""From a staff that meets its targets to a cheaper one nearby: one fewer, one exchanged, two for one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations_with_replacement

import numpy as np

from onefloor.planning.pools.cuts import COLOURS
from onefloor.planning.pools.problem import Floats, Ints, Pools
from onefloor.planning.pools.simulated import Simulated

Stopped = Callable[[], bool]
TOO_FAR = 0.03  # a move that is expected to miss by so much is not tried


def meets(asked: Pools, floor: Simulated, staff: Ints, wanted: Floats) -> bool:
    """Whether a staff keeps its limits and reaches what is wanted (J, P)."""
    within = bool((staff >= 0).all()) and not asked.broken(staff)
    return within and bool((floor.levels(staff).value >= wanted).all())


def polished(asked: Pools, floor: Simulated, staff: Ints, wanted: Floats, by: Floats, stopped: Stopped) -> Ints:
    """The cheapest staff that a chain of small moves leads to, each of which saves and still meets the targets.

    Args:
        asked: prices and limits.
        floor: the simulation.
        staff: where to begin, shape (G, P); it meets what is wanted.
        wanted: shape (J, P).
        by: slopes (J, P, G, 2) near it, to order moves and leave out the hopeless.
        stopped: whether time is up.
    """
    if asked.intervals > 1:
        staff = _thinned(asked, floor, staff, wanted, stopped)
    found = _better(asked, floor, staff, wanted, by, stopped)
    while found is not None:
        staff = found
        found = _better(asked, floor, staff, wanted, by, stopped)
    return staff


def _better(asked: Pools, floor: Simulated, staff: Ints, wanted: Floats, by: Floats, stopped: Stopped) -> Ints | None:
    """The first move of the most saving that meets the targets."""
    slack = floor.levels(staff).value - wanted
    for move, interval in _moves(asked, slack, by):
        if stopped():
            return None
        tried = staff.copy()
        tried[:, interval] += move
        if (tried < 0).any() or asked.broken(tried) or not floor.hopeful(tried, staff, wanted):
            continue
        if meets(asked, floor, tried, wanted):
            return tried
    return None


def _moves(asked: Pools, slack: Floats, by: Floats) -> Iterator[tuple[Ints, int]]:
    """Moves that save, the largest saving first; of equal savings the one that is expected to keep most."""
    if asked.intervals > 1:
        return
    moves = _all_moves(len(asked.names))
    saving = -(moves @ asked.price)
    expected = slack[None, :, 0] + moves @ by[:, 0, :, 0].T
    hope = expected.min(axis=1)
    fewer = (moves <= 0).all(axis=1)  # one fewer is always tried: slopes far from the target say little
    worth = (saving > 1e-9) & ((hope > -TOO_FAR) | (fewer & (moves.sum(axis=1) == -1)))
    order = np.lexsort((-hope[worth], -np.round(saving[worth], 9)))
    for move in moves[worth][order]:
        yield move, 0


def _all_moves(groups: int) -> Ints:
    """One fewer; one for another; two for one and one for two; shape (moves, G)."""
    unit = np.eye(groups, dtype=np.int64)
    pairs = [unit[i] + unit[j] for i, j in combinations_with_replacement(range(groups), 2)]
    single = [*(-unit), *(b - a for a in unit for b in unit if (a != b).any())]
    double = [s * (one - two) for one in unit for two in pairs for s in (1, -1) if not (one * two).any()]
    twice = [b - a for a in pairs for b in pairs if not (a * b).any()] if groups <= 6 else []
    return np.unique(np.array([*single, *double, *twice]), axis=0)


def _thinned(asked: Pools, floor: Simulated, staff: Ints, wanted: Floats, stopped: Stopped) -> Ints:
    """One fewer in every third interval at once, where it still meets the targets; until nothing gives."""
    dearest = np.argsort(-asked.price, kind="stable")
    gave = True
    while gave:
        gave = False
        for g in dearest:
            for colour in range(COLOURS):
                if stopped():
                    return staff
                thinner = _one_fewer(asked, floor, staff, wanted, int(g), colour)
                gave, staff = gave or thinner is not None, staff if thinner is None else thinner
    return staff


def _one_fewer(asked: Pools, floor: Simulated, staff: Ints, wanted: Floats, g: int, colour: int) -> Ints | None:
    """One agent of a group fewer in the intervals of a colour that can spare one; None if none can."""
    intervals = np.arange(staff.shape[1])
    spare = (intervals % COLOURS == colour) & (staff[g] > 0)
    while spare.any():
        tried = staff.copy()
        tried[g, spare] -= 1
        spare = spare & ~_over(asked, tried)
        tried = staff.copy()
        tried[g, spare] -= 1
        if not spare.any() or meets(asked, floor, tried, wanted):
            return tried if spare.any() else None
        bad = np.asarray((floor.levels(tried).value < wanted).any(axis=0)).ravel()
        blamed = bad | np.append(bad[1:], False) | np.append(np.append(bad[2:], False), False)[: len(bad)]
        if not (spare & blamed).any():
            return None
        spare = spare & ~blamed
    return None


def _over(asked: Pools, staff: Ints) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """In which intervals a limit is broken, shape (P,)."""
    found = np.zeros(staff.shape[1], bool)
    for limit in asked.limits:
        total = staff[asked.members(limit)].sum(axis=0)
        found |= (total < limit.least) | (total > limit.most)
    return found
