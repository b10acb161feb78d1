"""Whether groups leave at the same pace: the log-rank test, with delayed entry and strata."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from onefloor.insight.attrition.spells import Codes, Floats, Spells


@dataclass(frozen=True, slots=True)
class LogRank:
    """Leavers of each group beside those expected if all left at one pace; chi-square with ``freedom`` degrees."""

    observed: Floats
    expected: Floats
    chi_square: float
    freedom: int
    p: float


def log_rank(held: Spells, group: Sequence[int] | Codes, stratum: Sequence[int] | Codes | None = None) -> LogRank:
    """The log-rank test (Mantel 1966; Peto & Peto 1972) with hypergeometric variance, over risk sets with entry.

    Args:
        held: the spells.
        group: a code a spell, from 0.
        stratum: sums are taken inside each; without it there is one.
    """
    codes = np.asarray(group, dtype=np.int64)
    strata = np.zeros(len(held), np.int64) if stratum is None else np.asarray(stratum, dtype=np.int64)
    width = int(codes.max()) + 1
    observed, expected, variance = np.zeros(width), np.zeros(width), np.zeros((width, width))
    for one in np.unique(strata):
        inside = strata == one
        sums = _sums(held.of(inside), codes[inside], width)
        observed, expected, variance = (a + b for a, b in zip((observed, expected, variance), sums, strict=True))
    off = (observed - expected)[:-1]
    chi_square = float(off @ np.linalg.pinv(variance[:-1, :-1]) @ off)
    return LogRank(observed, expected, chi_square, width - 1, float(chdtrc(width - 1, chi_square)))


def _sums(held: Spells, group: Codes, width: int) -> tuple[Floats, Floats, Floats]:
    time = np.unique(held.exit[held.event])
    at_risk, events = np.zeros((width, len(time))), np.zeros((width, len(time)))
    for code in range(width):
        mine = held.of(group == code)
        entered = np.searchsorted(np.sort(mine.entry), time, side="left")
        at_risk[code] = entered - np.searchsorted(np.sort(mine.exit), time, side="left")
        places = np.searchsorted(time, mine.exit[mine.event])
        events[code] = np.bincount(places, minlength=len(time))
    n, d = at_risk.sum(0), events.sum(0)
    share = at_risk / n
    spread = d * (n - d) / np.maximum(n - 1, 1)
    variance = np.diag(share @ spread) - (share * spread) @ share.T
    return events.sum(1), share @ d, variance
