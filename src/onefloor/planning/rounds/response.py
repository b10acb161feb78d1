"""How levels answer to agents, in the scale of Erlang A, learned from looks at two rosters; who shares people.

Where skills share nobody, an agent more is worth one agent of a queue of its own. Where K equal skills share everybody,
K agents more, one for each, are one pool's K agents more, and worth the square root of K to each (square-root rule:
Borst, Mandelbaum and Reiman 2004, Operations Research 52:17). It begins half-way between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from onefloor.planning.rounds.problem import Bools, Floats, Ints, Rounds

FEWEST = 30  # intervals that have to have changed by half an agent
LEAST, MOST = 0.5, 4.0


@dataclass(frozen=True, slots=True)
class Look:
    """What one simulation says by skill and interval, all (K, P).

    ``staff`` agents stand where Erlang A would have ``equal``; ``known`` is 0 where that can be read off the level, 1
    where it is at least so many (hardly anybody waits), -1 where it is at most so many. ``short`` says which levels lie
    more than a point below the target; ``replications`` it rests on.
    """

    staff: Floats
    equal: Floats
    known: Ints
    short: Bools
    replications: int


def gain(asked: Rounds, looks: Sequence[Look]) -> float:
    """What an agent more of a skill is worth to it, in agents of a queue of its own."""
    beside = float(together(asked).sum(axis=1).mean())
    changes = [_changes(*pair) for pair in pairwise(looks)]
    more, worth = np.concatenate(changes, axis=1) if changes else np.zeros((2, 0))
    if (np.abs(more) > 0.5).sum() < FEWEST:
        return float(np.sqrt(beside))
    return float(np.clip(more @ worth / (more @ more), LEAST, MOST))


def _changes(before: Look, after: Look) -> Floats:
    """Agents more, and what they were worth, where both levels can be read, shape (2, N)."""
    clear = (before.known == 0) & (after.known == 0)
    return np.array([(after.staff - before.staff)[clear], (after.equal - before.equal)[clear]])


def together(asked: Rounds) -> Bools:
    """Whether two skills share people, directly or through others, shape (K, K); each is with itself."""
    names = [{one.skill for one in agent.qualifications} for agent in asked.roster.agents]
    held = np.array([[skill in owned for skill in asked.skills] for owned in names], dtype=float)
    both = (held.T @ held > 0) | np.eye(len(asked.skills), dtype=bool)
    for _ in asked.skills:
        both = both @ both
    return np.asarray(both)
