"""How intervals stand: short, kept, above because shifts are as they are, or asked too much.

Whole agents in shifts with shapes cannot meet a level to the point in every interval, so what is asked is: no interval
more than a point below the target, and none more than a point above it that could spare an agent. A skill's interval is

- ``short`` if its level lies more than a point below the target;
- ``kept`` if it lies within a point, or above with one agent less of it at most a point above;
- ``spare`` if it would lie higher even with one agent less, and the roster has that agent beyond all needs: the shape
  of shifts, people who must be present, or hours that are guaranteed put them there;
- ``ample`` if it would lie higher and the needs ask for that agent: the needs are too high.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from onefloor.planning.pools.levels import Levels
from onefloor.planning.rostering.checking import at_desk
from onefloor.planning.rostering.problem import Problem, Roster
from onefloor.planning.rostering.scoring import missing
from onefloor.planning.rounds.problem import POINT, Bools, Ints, Rounds
from onefloor.planning.rounds.seeing import Chance, levels

COLOURS = 3  # every third interval loses an agent at once: a level hangs on its own interval and the one before


class Standing(StrEnum):
    """How an interval stands."""

    SHORT = "short"
    KEPT = "kept"
    SPARE = "spare"
    AMPLE = "ample"


@dataclass(frozen=True, slots=True)
class Judgement:
    """Levels on fresh chance (K, P), how many stand how, and which of the short ones lack people in the roster.

    ``standing`` has the names of ``Standing`` where an interval is judged and "" elsewhere, shape (K, P).
    ``uncovered`` (K, P): short, and the roster does not cover the interval's needs.
    """

    seen: Levels
    standing: np.ndarray
    uncovered: Bools

    def count(self, standing: Standing) -> int:
        """How many intervals of skills stand so."""
        return int((self.standing == standing.value).sum())

    @property
    def judged(self) -> int:
        """How many there are."""
        return int((self.standing != "").sum())

    @property
    def held(self) -> float:
        """Share that is neither short nor asked too much."""
        off = self.count(Standing.SHORT) + self.count(Standing.AMPLE)
        return 1.0 - off / max(self.judged, 1)

    @property
    def error(self) -> float:
        """Standard error of a level: the mean over the judged intervals."""
        inside = self.standing != ""
        return float(self.seen.error[inside].mean()) if inside.any() else 0.0


def judged(asked: Rounds, problem: Problem, roster: Roster, chance: Chance) -> Judgement:
    """How a roster's intervals stand; ``problem`` has the needs it was made for."""
    there = at_desk(problem, roster)
    seen = levels(asked, there, chance)
    inside, above = asked.judged, seen.value > asked.level + POINT
    short = inside & (seen.value < asked.level - POINT)
    lost = missing(problem, there)[1]
    standing = np.where(inside, np.where(short, Standing.SHORT.value, Standing.KEPT.value), "")
    for k in range(len(asked.skills)):
        chosen = inside[k] & above[k]
        if chosen.any():
            fewer, less = _one_less(asked, there, k, chosen, lambda held: levels(asked, held, chance))
            higher = chosen & (fewer > asked.level + POINT)
            beyond = missing(problem, less)[1] == lost
            standing[k][higher & beyond] = Standing.SPARE.value
            standing[k][higher & ~beyond] = Standing.AMPLE.value
    return Judgement(seen, standing, short & (lost > 0))


def _one_less(
    asked: Rounds, there: Bools, k: int, chosen: Bools, look: Callable[[Bools], Levels]
) -> tuple[np.ndarray, Bools]:
    """A skill's levels (P,) with one agent less in each chosen interval, and who is there without all of them."""
    who = least_skilled(asked, there, k)
    levels_, every = np.zeros(len(chosen)), there.copy()
    for colour in range(COLOURS):
        at = np.flatnonzero(chosen & (np.arange(len(chosen)) % COLOURS == colour) & (who >= 0))
        if len(at):
            held = there.copy()
            held[who[at], at] = every[who[at], at] = False
            levels_[at] = look(held).value[k, at]
    return levels_, every


def least_skilled(asked: Rounds, there: Bools, k: int) -> Ints:
    """Of each interval the agent at the desk who has a skill and the fewest others, -1 where nobody has it."""
    problem, days = asked.roster, list(asked.roster.grid.dates())
    day_of, skill = problem.grid.day_of, asked.skills[k]
    held = np.zeros((len(problem.agents), len(days)), dtype=np.int64)
    for row, agent in enumerate(problem.agents):
        for number, day in enumerate(days):
            names = {one.skill for one in agent.qualifications if one.holds(day)}
            held[row, number] = len(names) if skill in names else 0
    many = np.iinfo(np.int64).max
    order = np.where(there & (held[:, day_of] > 0), held[:, day_of], many)
    return np.where(order.min(axis=0) < many, order.argmin(axis=0), -1)
