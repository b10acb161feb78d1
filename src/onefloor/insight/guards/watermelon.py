"""Green outside, red inside: every figure in the contract reached while one that is not in it drifts away.

Uncontracted figures are followed by week in an exponentially weighted moving average against their own earlier weeks,
with limits for how much weeks differ anyway (Laney 2002, Quality Engineering 14:531; Montgomery, Statistical Quality
Control, section 9.2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from onefloor.insight.guards.peers import Floats

WEIGHT = 0.2  # of the newest week
LEAST_BASE = 8  # weeks before the ones that are judged
GREEN = 3  # periods in a row in which every figure of the contract is reached
BUDGET = 0.05  # false alarms a company and look, all its figures together


@dataclass(frozen=True, slots=True)
class Drift:
    """A figure's weeks: the average in deviations from its base (up is worse), its limit, and where it is beyond."""

    level: Floats
    limit: Floats
    beyond: NDArray[np.bool_]
    base: float
    recent: float

    @property
    def moved(self) -> bool:
        """Whether the last judged week is beyond: a drift that came back is no alarm."""
        return bool(self.beyond[-1])


def drift(hits: Floats, rows: Floats, judged: int, figures: int, *, higher_is_worse: bool = True) -> Drift | None:
    """Follow a figure by week; None with fewer than ``LEAST_BASE`` weeks before the judged ones, or nothing in them.

    Args:
        hits: numerator of each week, oldest first.
        rows: denominator of each week; above 0.
        judged: how many of the last weeks are judged; the rest is the base.
        figures: how many figures are looked at together; they share the false-alarm budget.
        higher_is_worse: the side that matters.
    """
    base = len(hits) - judged
    if base < LEAST_BASE or not hits[:base].sum() or hits[:base].sum() >= rows[:base].sum():
        return None
    share = hits[:base].sum() / rows[:base].sum()
    score = (hits / rows - share) / np.sqrt(share * (1 - share) / rows)
    spread = max(1.0, float(np.abs(np.diff(score[:base])).mean()) / 1.128)
    sign = 1.0 if higher_is_worse else -1.0
    level, now = np.zeros(judged), 0.0
    for place, value in enumerate(sign * score[base:] / spread):
        now = WEIGHT * value + (1 - WEIGHT) * now
        level[place] = now
    weeks = np.arange(1, judged + 1)
    settled = WEIGHT / (2 - WEIGHT) * (1 - (1 - WEIGHT) ** (2 * weeks))
    known = (1 - (1 - WEIGHT) ** weeks) ** 2 / base  # the base is estimated too
    # Looks of an average overlap: of each figure's weeks about one in 1 / WEIGHT is new.
    looks = figures * max(1.0, judged * WEIGHT)
    limit = float(stats.t.isf(BUDGET / looks, base - 1)) * np.sqrt(settled + known)
    return Drift(level, limit, level > limit, float(share), float(hits[base:].sum() / rows[base:].sum()))


@dataclass(frozen=True, slots=True)
class Watermelon:
    """``green``: periods up to now with every contracted figure reached; ``moved``: the figures that drift."""

    green: int
    moved: tuple[str, ...]

    @property
    def ripe(self) -> bool:
        """Whether it is one."""
        return self.green >= GREEN and bool(self.moved)


def watermelon(reached: NDArray[np.bool_], drifts: dict[str, Drift | None]) -> Watermelon:
    """Put the two together.

    Args:
        reached: (periods, contracted figures), oldest first: whether each was reached.
        drifts: of each uncontracted figure its drift, None where nothing can be said.
    """
    every = np.array([bool(period.all()) for period in reached], bool)
    green = len(every) if every.all() else int(np.argmin(every[::-1]))
    moved = tuple(name for name, one in drifts.items() if one is not None and one.moved)
    return Watermelon(green, moved)
