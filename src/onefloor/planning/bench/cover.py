"""Whether people with several skills cover what is needed.

Two questions. How many hold a skill: somebody with three skills counts for each of them, every skill stands alone. Who
serves what at one time: one person serves one skill, and skills lack together.
By Hall's theorem (1935) what stays uncovered is the largest lack of any set of skills: the people needed for the set,
less those who have at least one of its skills.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onefloor.language import Text
from onefloor.planning.bench.problem import BadBench

Counts = NDArray[np.int64]
MOST_SKILLS, MOST_ALONE = 14, 60


@dataclass(frozen=True, slots=True)
class Sets:
    """Sets of skills, as bits; ``members`` of each, shape (sets, skills).

    ``joint``: all of them, for people who serve one skill at a time; else each skill alone.
    """

    skills: int
    joint: bool
    masks: Counts
    members: NDArray[np.bool_]

    def needed(self, need: Counts) -> Counts:
        """People needed for each set, shape (sets, ...), of needs (skills, ...)."""
        return np.asarray(np.tensordot(self.members.astype(np.int64), need, axes=1))

    def met_by(self, mask: int) -> NDArray[np.bool_]:
        """The sets that a person with these skills can serve."""
        return np.asarray((self.masks & mask) != 0)


def sets_of(skills: int, *, joint: bool) -> Sets:
    """The sets of ``skills`` skills but the empty one, or every skill alone.

    Raises:
        BadBench: there are none, or too many to look at all their sets.
    """
    if not 1 <= skills <= (MOST_SKILLS if joint else MOST_ALONE):
        most = MOST_SKILLS if joint else MOST_ALONE
        raise BadBench(
            Text(f"一次可演练 1 至 {most} 项技能。", f"A drill takes from 1 to {most} skills."),
            Text("请用 --skill 指定其中几项。", "Name some of them with --skill."),
        )
    masks = np.arange(1, 2**skills, dtype=np.int64) if joint else 2 ** np.arange(skills, dtype=np.int64)
    return Sets(skills, joint, masks, (masks[:, None] >> np.arange(skills)) % 2 == 1)


def supply(sets: Sets, masks: Sequence[int], there: Counts) -> Counts:
    """How many people can serve each set, by when they are there (people, intervals); shape (sets, intervals)."""
    kinds, place = np.unique(np.array(masks, dtype=np.int64), return_inverse=True)
    counts = np.zeros((len(kinds), there.shape[1]), np.int64)
    np.add.at(counts, place, there)
    serves = (sets.masks[:, None] & kinds[None, :]) != 0
    return np.asarray(serves.astype(np.int64) @ counts)


def lacking(sets: Sets, needed: Counts, supplied: Counts) -> tuple[Counts, Counts]:
    """What stays uncovered (0 or more) and the set of skills that it shows in (its place; -1 if covered).

    Shape (1, intervals) for joint sets: the largest lack, in the smallest set that has it. Else (skills, intervals).
    """
    lack = needed - supplied
    if not sets.joint:
        return np.maximum(lack, 0), np.where(lack > 0, np.arange(len(lack))[:, None], -1)
    worst = lack.max(axis=0)
    size = np.where(lack == worst, sets.members.sum(axis=1)[:, None], sets.skills + 1)
    return np.maximum(worst, 0)[None, :], np.where(worst > 0, size.argmin(axis=0), -1)[None, :]


def spare(sets: Sets, room: Counts) -> Counts:
    """Of each skill how many of its people may go at once before it lacks; below 0 it lacks already; (skills,).

    ``room`` is what each set has beyond its need, shape (sets,).
    """
    return np.array([room[sets.members[:, skill]].min() for skill in range(sets.skills)])
