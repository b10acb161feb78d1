"""Look-alikes: for each helped agent the not yet helped whose history was nearest. For the picture and as a check."""

from __future__ import annotations

import numpy as np

from onefloor.insight.effects.found import Floats, Mask, Places

NEAREST = 5


def nearest(history: Floats, helped: Mask, allowed: Mask, count: int = NEAREST) -> list[tuple[int, Places]]:
    """``(helped unit, its look-alikes)``, nearest first, in spreads of each figure (Abadie and Imbens 2006, section 2).

    Args:
        history: one row a unit, one column a figure, without gaps.
        helped: the units to find look-alikes for.
        allowed: the units that may be one.
    """
    scale = history[allowed].std(0) if allowed.any() else np.ones(history.shape[1])
    scaled = history / np.where(scale > 0, scale, 1)
    pool = np.flatnonzero(allowed & ~helped)
    found = []
    for unit in np.flatnonzero(helped):
        distance = ((scaled[pool] - scaled[unit]) ** 2).sum(1)
        found.append((int(unit), pool[np.argsort(distance, kind="stable")[:count]]))
    return found


def gap(outcome: Floats, history: Floats, pairs: list[tuple[int, Places]]) -> float:
    """The mean difference to the look-alikes, what their histories still differ by taken out with one slope a figure.

    The correction is that of Abadie and Imbens 2011, with slopes from the look-alikes; units without outcome are
    left out.
    """
    used = sorted({int(one) for _, others in pairs for one in others if np.isfinite(outcome[one])})
    columns = np.column_stack([np.ones(len(used)), history[used]])
    slope = np.linalg.lstsq(columns, outcome[used], rcond=None)[0]
    left = outcome - np.column_stack([np.ones(len(history)), history]) @ slope
    gaps = []
    for unit, others in pairs:
        held = left[others][np.isfinite(left[others])]
        if np.isfinite(left[unit]) and len(held):
            gaps.append(left[unit] - held.mean())
    return float(np.mean(gaps)) if gaps else float("nan")
