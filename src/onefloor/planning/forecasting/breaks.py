"""A lasting change of level: calls before it say little about calls after it.

The logarithms of days without weekday and effects are split at every day in turn; the largest shift of the mean,
against its own error with the days' correlation in it, is a change if it is both sure and large (the likelihood-ratio
test for one shift; Page 1955, Hinkley 1970).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from onefloor.planning.forecasting.effects import Days, learn
from onefloor.planning.forecasting.history import Floats, Ints

LOOK_BACK, BEFORE_AT_MOST, BEFORE_AT_LEAST, AFTER_AT_LEAST = 70, 56, 21, 4
SURE, LARGE = 6.0, 0.15
REFUSED_FOR, WIDER_FOR = 10, 56  # days after a change


@dataclass(frozen=True, slots=True)
class Break:
    """A change that began with row ``at``: ``factor`` of the level after by before, ``days`` known since, ``z``."""

    at: int
    factor: float
    days: int
    z: float

    @property
    def widening(self) -> float:
        """How much wider intervals get: a level known from few days moves more; 1 after eight weeks."""
        return float(np.sqrt(1 + max(0.0, WIDER_FOR - self.days) / max(1, self.days)))

    @property
    def too_new(self) -> bool:
        """Whether no forecast should be made without somebody's word."""
        return self.days < REFUSED_FOR


def last_break(values: Floats, days: Days) -> Break | None:
    """The largest sure change of the last ten weeks; None where the level is steady."""
    rows, logs = clean_logs(values, days)
    best: Break | None = None
    for split in range(BEFORE_AT_LEAST, len(rows) - AFTER_AT_LEAST + 1):
        if rows[split] < len(values) - LOOK_BACK:
            continue
        before, after = logs[max(0, split - BEFORE_AT_MOST) : split], logs[split:]
        z, shift = _shift(before, after)
        if z >= SURE and abs(shift) >= LARGE and (best is None or z > best.z):
            best = Break(int(rows[split]), float(np.exp(shift)), len(after), z)
    return best


def clean_logs(values: Floats, days: Days) -> tuple[Ints, Floats]:
    """Rows of ordinary days, and their logarithms without effects and weekday."""
    totals = values.sum(axis=1)
    effects = learn(values, days)[: len(totals)]
    rows = np.flatnonzero((totals > 0) & ~days.special[: len(totals)])
    logs = np.log(totals[rows]) - effects[rows]
    early = rows < len(values) - LOOK_BACK // 2
    for weekday in range(7):
        mine = days.like[rows] == weekday
        basis = logs[mine & early] if (mine & early).sum() >= 3 else logs[mine]
        if len(basis):
            logs[mine] -= np.median(basis)
    return rows.astype(np.int64), logs


def _shift(before: Floats, after: Floats) -> tuple[float, float]:
    """How many standard errors, and how much."""
    shift = float(np.median(after) - np.median(before))
    noise = float(np.sqrt((np.var(before) * len(before) + np.var(after) * len(after)) / (len(before) + len(after) - 2)))
    steps = before - before.mean()
    alike = float(np.clip((steps[1:] * steps[:-1]).mean() / max(1e-12, np.var(before)), 0.0, 0.8))
    error = max(0.01, noise) * np.sqrt((1 / len(before) + 1 / len(after)) * (1 + alike) / (1 - alike))
    return abs(shift) / float(error), shift


def levelled(values: Floats, found: Break) -> Floats:
    """Days before a change at the level after it."""
    held = values.copy()
    held[: found.at] *= found.factor
    return held
