"""Several ways to end: the share that has left by each, where one way keeps people from the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from onefloor.insight.attrition.curves import kaplan_meier
from onefloor.insight.attrition.spells import Codes, Floats, Spells


@dataclass(frozen=True, slots=True)
class Incidence:
    """By tenure ``time`` (k,) the share that has ended in each of the ways, shape (ways, k)."""

    time: Floats
    share: Floats


def cumulative_incidence(held: Spells, way: Sequence[int] | Codes, ways: int) -> Incidence:
    """The cumulative incidence of each way to end (Aalen & Johansen 1978), with delayed entry.

    One minus Kaplan-Meier of one way alone overstates it: people who moved inside can no longer resign.

    Args:
        held: spells; ``event`` where one ended in any way.
        way: of those that ended the way, from 0; of the others anything.
        ways: how many there are.

    >>> from onefloor.insight.attrition.spells import spells
    >>> held = spells([1, 2, 3, 4], [1, 1, 0, 0])
    >>> cumulative_incidence(held, [0, 1, 0, 0], 2).share[:, -1].tolist()
    [0.25, 0.25]
    """
    curve = kaplan_meier(held)
    time = curve.table.time
    before = np.concatenate([[1.0], curve.value[:-1]]) if len(time) else np.zeros(0)
    codes = np.asarray(way, dtype=np.int64)
    shares = np.zeros((ways, len(time)))
    for code in range(ways):
        places = np.searchsorted(time, held.exit[held.event & (codes == code)])
        shares[code] = np.cumsum(before * np.bincount(places, minlength=len(time)) / curve.table.at_risk)
    return Incidence(time, shares)
