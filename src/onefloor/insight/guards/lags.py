"""What follows selling later: complaints, repeats and cancellations some weeks after more was sold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from onefloor.insight.finding import Estimate, Verdict
from onefloor.insight.guards.peers import Floats

BUDGET = 0.05  # false alarms, all lags together
LEAST_UNITS, LEAST_PERIODS = 8, 10


@dataclass(frozen=True, slots=True)
class Lagged:
    """The slope of what follows on what was sold, by lag in periods, and the lag that stands out, if any."""

    slopes: tuple[Estimate, ...]
    lag: int | None

    @property
    def told(self) -> Estimate:
        """The slope that decides: that of the lag that stands out, else that which may be the largest."""
        return max(self.slopes, key=lambda one: one.high) if self.lag is None else self.slopes[self.lag]

    def verdict(self, matters: float) -> Verdict:
        """Worth a look if a lag stands out; nothing seen only if every interval lies below what matters."""
        if self.lag is not None:
            return Verdict.WORTH_A_LOOK
        return Verdict.NOTHING_SEEN if self.told.high < matters else Verdict.CANNOT_TELL


def lagged(sold: Floats, follows: Floats, weight: Floats, longest: int) -> Lagged | None:
    """Whether a unit's periods with more selling are followed by more of something, and how much later.

    Both are shares by unit and period. The unit's own mean and the period's mean are taken out (two-way fixed effects),
    so neither lasting differences between units nor what hit everybody count; errors are clustered by unit (Cameron and
    Miller 2015, J. Human Resources 50:317, with t on units - 1). The budget is shared by all lags.

    Args:
        sold: (units, periods), the share sold.
        follows: (units, periods), the share that complained, called again or cancelled, by when it *arrived*.
        weight: (units, periods), contacts; 0 where there were none.
        longest: lag to look back, in periods.

    Returns:
        None with fewer than ``LEAST_UNITS`` units or ``LEAST_PERIODS`` periods beyond the longest lag.
    """
    units, periods = sold.shape
    if units < LEAST_UNITS or periods - longest < LEAST_PERIODS:
        return None
    found = [_slope(sold, follows, weight, lag, 1 - 2 * BUDGET / (longest + 1)) for lag in range(longest + 1)]
    beyond = [lag for lag, one in enumerate(found) if one.low > 0]
    best = max(beyond, key=lambda lag: found[lag].value / (found[lag].high - found[lag].value), default=None)
    return Lagged(tuple(found), best)


def _slope(sold: Floats, follows: Floats, weight: Floats, lag: int, level: float) -> Estimate:
    """The slope of what arrives ``lag`` periods later, with its interval."""
    periods = sold.shape[1]
    x, y, w = sold[:, : periods - lag], follows[:, lag:], np.minimum(weight[:, : periods - lag], weight[:, lag:])
    x, y = _centred(x, w), _centred(y, w)
    square = float((w * x * x).sum())
    if square <= 0:
        return Estimate(0.0, -np.inf, np.inf, level)
    slope = float((w * x * y).sum()) / square
    parts = (w * x * (y - slope * x)).sum(axis=1)
    units = len(parts)
    error = float(np.sqrt(units / (units - 1) * (parts**2).sum())) / square
    reach = float(stats.t.ppf((1 + level) / 2, units - 1)) * error
    return Estimate(slope, slope - reach, slope + reach, level)


def _centred(values: Floats, weight: Floats) -> Floats:
    """Without the means of units and periods, weighted; alternating until they stay."""
    rest = np.where(weight > 0, values, 0.0)
    for _ in range(100):
        moved = 0.0
        for axis in (1, 0):
            sums = np.maximum(weight.sum(axis=axis, keepdims=True), 1e-12)
            mean = (weight * rest).sum(axis=axis, keepdims=True) / sums
            rest = np.where(weight > 0, rest - mean, 0.0)
            moved = max(moved, float(np.abs(mean).max()))
        if moved < 1e-12:
            break
    return rest
