"""Spells: from which tenure until which tenure somebody was watched, and whether he left at the end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from onefloor.language import Text
from onefloor.problems import Problem

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int64]


class BadSpells(Problem):
    """Times that no spell can have."""

    def __init__(self, what: Text, remedy: Text) -> None:
        super().__init__(what, remedy=remedy)


@dataclass(frozen=True, slots=True)
class Spells:
    """One spell a row, in days of tenure: at risk at t where ``entry < t <= exit``; ``event`` if it ended at ``exit``.

    A person who was hired before the records begin has the tenure of their first day as ``entry``; one whose spell goes
    on has ``event`` False (right censoring). Arrays of shape (n,).
    """

    entry: Floats
    exit: Floats
    event: Flags

    def __len__(self) -> int:
        return len(self.exit)

    def of(self, chosen: Flags) -> Spells:
        """Some of them, by a mask or places."""
        return Spells(self.entry[chosen], self.exit[chosen], self.event[chosen])

    @property
    def leavers(self) -> int:
        """How many ended."""
        return int(self.event.sum())

    def without_entry(self) -> Spells:
        """The same as if everybody had been watched from the first day: biased, kept to show by how much."""
        return Spells(np.zeros_like(self.entry), self.exit, self.event)


def spells(exit: ArrayLike, event: ArrayLike, entry: ArrayLike | None = None) -> Spells:  # noqa: A002  the trade's word
    """Spells from plain sequences; without ``entry`` everybody is watched from the first day.

    Raises:
        BadSpells: lengths differ, a time is no finite number or below 0, or a spell ends before it is watched.

    >>> spells([30, 400], [1, 0], [0, 365]).leavers
    1
    """
    ends = np.asarray(exit, dtype=float).ravel()
    ended = np.asarray(event).astype(bool).ravel()
    begins = np.zeros_like(ends) if entry is None else np.asarray(entry, dtype=float).ravel()
    if not len(ends) == len(ended) == len(begins):
        raise BadSpells(
            Text("各列长短不一。", "The columns differ in length."), Text("每段各写一个值。", "Give one value a spell.")
        )
    if not (np.isfinite(ends).all() and np.isfinite(begins).all()):
        raise BadSpells(
            Text("有的时间不是有限的数。", "A time is no finite number."),
            Text("请删去或补上这些行。", "Leave those rows out, or fill them in."),
        )
    wrong = np.flatnonzero((begins < 0) | (ends <= begins))
    if len(wrong):
        first = int(wrong[0])
        at = f"{begins[first]:g} … {ends[first]:g}"
        raise BadSpells(
            Text(
                f"第 {first + 1} 段（{at}）在开始观察之前就结束了。", f"Spell {first + 1} ({at}) ends before it begins."
            ),
            Text("观察须早于结束，且不早于第 0 天。", "It has to begin at 0 or later and end after that."),
        )
    return Spells(begins, ends, ended)
