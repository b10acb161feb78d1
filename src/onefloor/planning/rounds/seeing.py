"""Service levels by skill and interval of a floor that is staffed by a roster, by simulation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from onefloor.planning.pools.levels import Levels, ratios, sides
from onefloor.planning.pools.transfers import receiving
from onefloor.planning.rostering.layout import skillsets
from onefloor.planning.rounds.floor import rostered
from onefloor.planning.rounds.problem import Bools, Floats, Ints, Rounds
from onefloor.planning.simulation.memory import OFFERED, RETURNED
from onefloor.planning.simulation.result import Result
from onefloor.planning.simulation.simulating import Parameters as Runs
from onefloor.planning.simulation.simulating import simulate

PIECE = 50  # replications that are counted together and share who is away
STRIDE = 7_919  # between the seeds of pieces


@dataclass(frozen=True, slots=True)
class Chance:
    """Which chance, and how much of it: replications, threads (None: all)."""

    seed: int
    replications: int
    threads: int | None = None


def levels(asked: Rounds, there: Bools, chance: Chance) -> Levels:
    """Levels (K, P) with those at work who are ``there`` (agents, P), less those who do not come.

    Raises:
        TooMuchWaits: nobody leaves a queue that grows without end.
    """
    above, below, surplus, contacts = zip(*_pieces(asked, there, chance), strict=True)
    controls = np.concatenate(surplus)
    before = np.concatenate([np.zeros_like(controls[..., :1]), controls[..., :-1]], axis=-1)
    both = np.stack([controls, before], axis=-1)
    return ratios(np.concatenate(above), np.concatenate(below), both, sum(contacts))


def _pieces(asked: Rounds, there: Bools, chance: Chance) -> Iterator[tuple[Floats, Floats, Floats, int]]:
    """Numerators, denominators and surplus of contacts (R, K, P), and contacts, piece by piece."""
    members = asked.members.astype(float)
    for number, first in enumerate(range(0, chance.replications, PIECE)):
        size = min(PIECE, chance.replications - first)
        model = rostered(asked, present(asked, there, number))
        found = simulate(model, Runs(size, chance.threads, batch=size), chance.seed + STRIDE * number)
        pairs = [sides(found, kind) for kind in range(len(model.types))]
        above, below = (np.einsum("kt,trp->rkp", members, np.array([pair[i] for pair in pairs])) for i in range(2))
        yield above, below, _surplus(asked, found, members), int(found.counts[..., OFFERED].sum())


def _surplus(asked: Rounds, found: Result, members: Floats) -> Floats:
    """How many more contacts came by themselves than expected, shape (R, K, P); 0 of types from other lines."""
    fresh = found.counts[..., OFFERED] - found.counts[..., RETURNED] - asked.arrivals
    fresh = np.where(receiving(asked.model)[:, None], 0.0, fresh)
    return np.asarray(np.einsum("kt,rtp->rkp", members, fresh))


def present(asked: Rounds, there: Bools, number: int) -> Bools:
    """Who of the rostered comes, in draw ``number``: of each day the share away is left out, evenly over the people.

    People stand by skills and by when they begin; those away are drawn systematically (every so many), so that each
    draw has the expected number of them, and the draws together everybody equally often.
    """
    if asked.away is None or not asked.away.any():
        return there
    kept, day_of = there.copy(), asked.roster.grid.day_of
    sets, places = skillsets(asked.roster)
    shares = _shares_away(asked, sets)
    for day in range(asked.roster.grid.days):
        inside = np.flatnonzero(day_of == day)
        rows = np.flatnonzero(there[:, inside].any(axis=1))
        begin = there[np.ix_(rows, inside)].argmax(axis=1)
        rows = rows[np.lexsort((begin, places[rows, day]))]
        passed = np.cumsum(shares[day, places[rows, day]]) + (number * GOLDEN) % 1.0
        missing = np.floor(passed) > np.floor(np.concatenate([[(number * GOLDEN) % 1.0], passed[:-1]]))
        kept[np.ix_(rows[missing], inside)] = False
    return kept


GOLDEN = 0.6180339887498949  # its multiples fill 0 to 1 evenly (Knuth 1998, The Art of Computer Programming 3, 6.4)


def _shares_away(asked: Rounds, sets: list[int]) -> Floats:
    """The share away by day and set of skills: the mean over its skills, shape (D, sets)."""
    assert asked.away is not None
    columns: Ints = asked.columns
    held = np.array([[bits >> int(column) & 1 for column in columns] for bits in sets], dtype=float)
    return np.asarray(asked.away @ held.T / np.maximum(held.sum(axis=1), 1.0))
