"""Contacts that bunch just past a paid limit, and sales that are pulled forward to a contest's last days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from onefloor.insight.finding import LEVEL, Estimate, Verdict
from onefloor.insight.guards.peers import Floats

WIDTHS = 10  # bins on either side of the limit
LEAST_BINS = 8
LEAST_CONTACTS = 200  # near the limit
LEAST_DAYS = 14  # before the contest's last days, and after them


@dataclass(frozen=True, slots=True)
class Jump:
    """The jump of the density at a limit as a logarithm: 0.10 is about 10 % more just past it than just before."""

    logarithm: Estimate
    contacts: int

    def verdict(self, least: float) -> Verdict:
        """From the interval alone: worth a look beyond ``least``, nothing seen below it, else it cannot be told."""
        if self.logarithm.low > least:
            return Verdict.WORTH_A_LOOK
        return Verdict.NOTHING_SEEN if self.logarithm.high < least else Verdict.CANNOT_TELL


def jump(
    values: Floats, limit: float, width: float, agents: NDArray[np.integer] | None = None, level: float = LEVEL
) -> Jump | None:
    """McCrary's density test (2008, Journal of Econometrics 142:698): local lines through binned counts on both sides.

    Counts of bins of one width are fitted by a line on either side, weighted by a triangle around the limit; the jump
    is the difference of the logarithms of both ends. None with fewer than ``LEAST_CONTACTS`` near the limit.

    Args:
        values: durations, in any unit.
        limit: from which duration on more is paid, in the same unit.
        width: of a bin.
        agents: of each value whose it is, as any whole number: agents are then the sample (the variance of the sums of
            their parts, Cochran 1977, equation 11.30), never with less than the counts' own variance.
        level: of the interval.
    """
    edges = limit + width * np.arange(-WIDTHS, WIDTHS + 1)
    edges = edges[edges >= 0]
    near = (values >= edges[0]) & (values < edges[-1])
    counted = np.histogram(values[near], edges)[0].astype(float)
    middle = (edges[:-1] + edges[1:]) / 2 - limit
    sides = [middle < 0, middle > 0]
    if counted.sum() < LEAST_CONTACTS or min(int(side.sum()) for side in sides) < LEAST_BINS:
        return None
    ends = [_end(middle[side] / width, counted[side]) for side in sides]
    if min(end[0] for end in ends) <= 0:
        return None
    value = float(np.log(ends[1][0]) - np.log(ends[0][0]))
    square, quantile = sum(error / end**2 for end, error, _ in ends), float(stats.norm.ppf((1 + level) / 2))
    if agents is not None:
        parts = np.zeros(len(middle))
        for side, (end, _, weight), sign in zip(sides, ends, (-1, 1), strict=True):
            parts[side] = sign * weight / end
        people, whose = np.unique(agents[near], return_inverse=True)
        own = np.bincount(whose, parts[np.searchsorted(edges, values[near], side="right") - 1])
        if len(people) < 2:
            return None
        square = max(square, float(len(people) / (len(people) - 1) * ((own - own.mean()) ** 2).sum()))
        quantile = float(stats.t.ppf((1 + level) / 2, len(people) - 1))
    reach = quantile * float(np.sqrt(square))
    return Jump(Estimate(value, value - reach, value + reach, level), int(counted.sum()))


def _end(at: Floats, counted: Floats) -> tuple[float, float, Floats]:
    """Where the line through one side's counts meets the limit, its variance as Poisson counts, and their weights."""
    weight = 1 - np.abs(at) / (WIDTHS + 0.5)
    design = np.column_stack([np.ones(len(at)), at])
    solve = np.linalg.solve(design.T @ (weight[:, None] * design), design.T * weight)
    fitted = np.maximum(design @ (solve @ counted), 0.5)
    return float(solve[0] @ counted), float(solve[0] ** 2 @ fitted), solve[0]


@dataclass(frozen=True, slots=True)
class Pulled:
    """Sales in a contest's last days and after it, each as observed / expected; cancellations of those last days too.

    ``spike``, ``dip`` and ``cancelled`` are ratios with intervals; None where nothing was expected.
    """

    spike: Estimate
    dip: Estimate
    cancelled: Estimate | None

    @property
    def found(self) -> bool:
        """A spike and a dip after it: sales were moved, not made."""
        return self.spike.low > 1 and self.dip.high < 1

    def verdict(self, matters: float) -> Verdict:
        """Nothing seen only if the spike or the dip is surely smaller than what matters (a share of the expected)."""
        if self.found:
            return Verdict.WORTH_A_LOOK
        absent = self.spike.high < 1 + matters or self.dip.low > 1 - matters
        return Verdict.NOTHING_SEEN if absent else Verdict.CANNOT_TELL


def pulled(
    sales: Floats, offers: Floats, cancellations: Floats, last: int, days: int = 3, after: int = 7, level: float = LEVEL
) -> Pulled | None:
    """Whether sales of a contest's end were pulled forward; None with too few days around it.

    Expected is the rate of the days before; days vary more than chance, so the variance of the days before is used
    (quasi-Poisson, McCullagh and Nelder 1989, section 6.2).

    Args:
        sales: accepted sales by day.
        offers: eligible contacts by day.
        cancellations: of the sales of each day, how many were cancelled later.
        last: place of the contest's last day.
        days: of the spike.
        after: of the dip.
        level: of the intervals.
    """
    start = last - days + 1
    before = slice(0, max(start, 0))
    if start < LEAST_DAYS or last + after >= len(sales) or sales[before].sum() < LEAST_DAYS:
        return None
    rate = sales[before].sum() / offers[before].sum()
    expected = np.maximum(offers[before] * rate, 1e-9)
    freedom = start - 1
    spread = max(1.0, float(((sales[before] - expected) ** 2 / expected).sum() / freedom))
    reach = float(stats.t.ppf((1 + level) / 2, freedom))

    def ratio(part: slice) -> Estimate:
        due = offers[part].sum() * rate
        error = np.sqrt(spread * (1 / max(due, 1e-9) + 1 / sales[before].sum()))
        value = sales[part].sum() / max(due, 1e-9)
        return Estimate(float(value), float(max(value - reach * error, 0.0)), float(value + reach * error), level)

    end = slice(start, last + 1)
    share = cancellations[before].sum() / sales[before].sum()
    due = sales[end].sum() * share
    cancelled = None
    if due > 0:
        value, error = cancellations[end].sum() / due, np.sqrt(spread / due)
        cancelled = Estimate(float(value), float(max(value - reach * error, 0)), float(value + reach * error), level)
    return Pulled(ratio(end), ratio(slice(last + 1, last + 1 + after)), cancelled)
