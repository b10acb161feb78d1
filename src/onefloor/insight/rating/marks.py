"""Marks: who marked which contact, and how. What every method of this package starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Marks:
    """One mark an entry; no rater marks a contact twice.

    ``contact`` and ``rater`` are places in ``contacts`` and ``raters``; ``value`` is a score, or 1 for passed and 0
    for failed where ``passed``. ``companies`` are the raters' own companies, in the order of ``raters``; None where
    nobody said. ``account`` says what became of every input line.
    """

    contact: Places
    rater: Places
    value: Floats
    contacts: tuple[str, ...]
    raters: tuple[str, ...]
    companies: tuple[str | None, ...]
    passed: bool
    account: Mapping[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.value)

    @property
    def per_contact(self) -> Places:
        """How many marks each contact has."""
        return np.bincount(self.contact, minlength=len(self.contacts))

    @property
    def shared(self) -> int:
        """How many contacts two raters or more have marked."""
        return int((self.per_contact >= 2).sum())


def linked(marks: Marks) -> bool:
    """Whether every two raters are linked by contacts that raters share, directly or through others."""
    size = (len(marks.contacts), len(marks.raters))
    grid = sparse.csr_matrix((np.ones(len(marks)), (marks.contact, marks.rater)), size)
    return int(csgraph.connected_components(grid.T @ grid, directed=False)[0]) == 1


def table_of(marks: Marks) -> Floats:
    """Contacts that two raters or more have marked x raters; NaN where a rater has not marked."""
    keep = marks.per_contact >= 2
    place = np.cumsum(keep) - 1
    chosen = keep[marks.contact]
    table = np.full((int(keep.sum()), len(marks.raters)), np.nan)
    table[place[marks.contact[chosen]], marks.rater[chosen]] = marks.value[chosen]
    return table
