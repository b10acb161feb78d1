"""From simulated levels to the next needs, in agents: looks at rosters put into the scale of Erlang A.

A roster that gives n agents to a skill sees the level that Erlang A gives to e agents of a queue of its own. What
pooling gains and routing loses, who leaves with a shift's end and who does not come is all in the difference. It is
measured at the roster as it stands, with those whom a shift's shape puts there, so the needs come out right although
rosters never match them. How e answers to n is learned from one look to the next
(``response``); several looks at one interval are averaged, those near the target first.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from onefloor.planning.pools.daily import Shape
from onefloor.planning.pools.levels import Levels
from onefloor.planning.rostering.layout import skillsets
from onefloor.planning.rounds.problem import POINT, Bools, Floats, Ints, Rounds
from onefloor.planning.rounds.response import Look, gain

FAR = 2.0  # agents: a look that far from the target counts half
TOO_GOOD, TOO_BAD = 0.985, 0.02  # levels beyond which the curve is too flat to be read
ROUNDING = 1e-6
SCALINGS, LITTLE = 40, 1e-3


def look(asked: Rounds, shapes: Sequence[Shape], staff: Floats, seen: Levels, replications: int) -> Look:
    """A simulated roster in the scale of Erlang A's curves; ``staff`` is (K, P)."""
    level = np.clip(seen.value, TOO_BAD, TOO_GOOD)
    equal = np.array([shape.equal(row) for shape, row in zip(shapes, level, strict=True)])
    known = (seen.value > TOO_GOOD).astype(np.int64) - (seen.value < TOO_BAD)
    return Look(staff, equal, known, seen.value < asked.level - POINT, replications)


def next_needs(asked: Rounds, needed: Floats, looks: Sequence[Look], now: Ints) -> Ints:
    """The least agents by skill and interval that all looks together expect to reach the target, shape (K, P).

    ``needed`` (K, P) are the agents, with their parts, that Erlang A asks for; ``now`` (K, P) the needs of the last
    look: where it was short, one more is asked for at least. Closed intervals keep what they have.
    """
    found = np.ceil(wanted(needed, gain(asked, looks), looks) - ROUNDING).astype(np.int64)
    found = np.where(looks[-1].short, np.maximum(found, now + 1), found)
    return np.where(asked.judged, np.maximum(found, 1), asked.roster.needs.T[asked.columns])


def wanted(needed: Floats, worth: float, looks: Sequence[Look]) -> Floats:
    """The agents, with their parts, with whom every skill is where it should be, shape (K, P).

    Each look says how far to go from its own staff, an agent being worth ``worth``; where its levels only bound that,
    the bounds alone count, and Erlang A is believed as far as they allow.
    """
    each = np.array([one.staff + (needed - one.equal) / worth for one in looks])
    weights = np.array([one.replications / (1.0 + ((one.equal - needed) / FAR) ** 2) for one in looks])
    known = np.array([one.known for one in looks])
    weights = np.where(known == 0, weights, 0.0)
    total = weights.sum(axis=0)
    mean = (weights * each).sum(axis=0) / np.where(total > 0, total, 1.0)
    most = np.where(known > 0, each, np.inf).min(axis=0)
    least = np.where(known < 0, each, -np.inf).max(axis=0)
    return np.asarray(np.where(total > 0, mean, np.minimum(np.maximum(needed, least), most)))


def served(asked: Rounds, there: Bools, needed: Floats) -> Floats:
    """Agents that each skill has, shape (K, P), with those at work who are ``there`` (agents, P).

    Who has several skills is divided over them so that all skills come as near as can be to the same share of what
    Erlang A asks for, as idle agents do by themselves: proportions are scaled again and again by what is short.
    """
    sets, counts = _by_set(asked, there)
    goal = np.maximum(needed, LITTLE)
    parts = sets[:, :, None] * goal  # set, skill, interval
    for _ in range(SCALINGS):
        share = parts / np.maximum(parts.sum(axis=1, keepdims=True), LITTLE * LITTLE)
        found = np.einsum("sp,skp->kp", counts, share)
        parts = parts * np.sqrt(goal / np.maximum(found, LITTLE))
    return np.asarray(found)


def _by_set(asked: Rounds, there: Bools) -> tuple[Floats, Floats]:
    """Which of the simulated skills each set of skills has (S, K), and how many of it are there (S, P)."""
    sets, places = skillsets(asked.roster)
    held = np.array([[bits >> int(column) & 1 for column in asked.columns] for bits in sets], dtype=float)
    number = places[:, asked.roster.grid.day_of]
    return held, np.array([(there & (number == place)).sum(axis=0) for place in range(len(sets))], dtype=float)
