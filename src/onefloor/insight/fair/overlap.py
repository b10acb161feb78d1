"""Overlap: which of their contacts ours handle too. What nobody of ours does cannot be compared with ours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from onefloor.insight.fair.work import OURS, THEIRS, Codes, Mask, Work

ENOUGH = 30  # of our contacts in a stratum, below which it says nothing of what ours would do
NEEDED = 0.8  # of their contacts


@dataclass(frozen=True, slots=True)
class Overlap:
    """Which cells can be compared, and the share of their contacts that this leaves."""

    cells: Mask
    share: float

    @property
    def enough(self) -> bool:
        """Whether what can be compared speaks for the whole."""
        return self.share >= NEEDED


def overlap(work: Work, *, tenure: bool, barred: Mask | None = None, enough: float = ENOUGH) -> Overlap:
    """The part of the work of two companies that can be compared.

    Their contacts count where ours handled ``enough`` in the same stratum, in the same level of every calendar
    dimension and, if experience is held alike, in the same tenure band. Ours stay all: they tell what ours would do.

    Args:
        work: cells of two companies.
        tenure: whether experience is held alike.
        barred: cells that are not comparable for another reason; those of both companies go.
        enough: how many of ours are enough.
    """
    free = np.ones(len(work), bool) if barred is None else ~barred
    supported = free.copy()
    for codes in (work.stratum, *work.calendar, *([work.tenure] if tenure else [])):
        supported &= _has_enough(codes, work, free, enough)
    theirs = work.company == THEIRS
    total = work.rows[theirs].sum()
    share = float(work.rows[theirs & supported].sum() / total) if total else 0.0
    return Overlap((free & ~theirs) | (supported & theirs), share)


def _has_enough(codes: Codes, work: Work, free: Mask, enough: float) -> Mask:
    """The cells in whose level ours have enough contacts."""
    ours = np.bincount(codes, work.rows * ((work.company == OURS) & free), int(codes.max(initial=0)) + 1)
    return np.asarray(ours[codes] >= enough)
