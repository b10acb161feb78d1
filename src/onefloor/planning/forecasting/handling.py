"""How long a call takes, by interval: a level of the last weeks, and the shape of the day as far as calls show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from onefloor.language import Text
from onefloor.planning.forecasting.history import Floats
from onefloor.problems import Problem

WEEKS, PRIORS = (2, 4, 8), (np.inf, 60.0, 15.0)  # calls that the day's mean is worth beside an interval's own
ORIGINS = 8


class NoHandling(Problem):
    """Nobody was served: nothing says how long a call takes."""

    def __init__(self) -> None:
        super().__init__(
            Text("历史中没有已接通的话务，无法预测处理时长。", "No call was answered: its handling time is not known."),
            remedy=Text("请检查队列和账期。", "Check the queue and the months."),
        )


@dataclass(frozen=True, slots=True)
class Handling:
    """Seconds by interval of the day, ``weeks`` of history and ``prior`` calls chosen at past origins.

    ``wape`` is the mean error of an interval of the week after an origin, weighted by calls, as a share.
    """

    seconds: Floats
    weeks: int
    prior: float
    wape: float

    def of(self, horizon: int) -> Floats:
        """The same for every day of a horizon."""
        return np.tile(self.seconds, (horizon, 1))


def handling(seconds: Floats, calls: Floats) -> Handling:
    """The handling time of days after a history.

    Args:
        seconds: handling time in all, (days, intervals).
        calls: answered calls it belongs to, the same shape.

    Raises:
        NoHandling.

    >>> found = handling(np.full((70, 2), 600.0), np.full((70, 2), 2.0))
    >>> found.seconds.tolist(), found.wape
    ([300.0, 300.0], 0.0)
    """
    if np.nansum(calls) == 0:
        raise NoHandling
    seconds, calls = np.nan_to_num(seconds), np.nan_to_num(calls)
    errors: Mapping[tuple[int, float], float] = {way: _missed(seconds, calls, *way) for way in product(WEEKS, PRIORS)}
    weeks, prior = min(errors, key=lambda way: (errors[way], way))
    return Handling(_said(seconds, calls, weeks, prior), weeks, float(prior), errors[weeks, prior])


def _said(seconds: Floats, calls: Floats, weeks: int, prior: float) -> Floats:
    """Interval means drawn towards the day's mean, as if that were ``prior`` more calls."""
    days = slice(max(0, len(calls) - 7 * weeks), len(calls))
    total = calls[days].sum()
    whole = slice(0, len(calls)) if total == 0 else days
    mean = seconds[whole].sum() / max(1.0, calls[whole].sum())
    if np.isinf(prior):
        return np.full(calls.shape[1], mean)
    return np.asarray((seconds[whole].sum(axis=0) + prior * mean) / (calls[whole].sum(axis=0) + prior))


def _missed(seconds: Floats, calls: Floats, weeks: int, prior: float) -> float:
    """WAPE of the weeks after past origins."""
    missed = came = 0.0
    for origin in range(len(calls) - 7, 13, -7)[:ORIGINS]:
        if calls[:origin].sum() == 0:
            continue
        said = _said(seconds[:origin], calls[:origin], weeks, prior)
        ahead = slice(origin, origin + 7)
        missed += float(np.abs(seconds[ahead] - calls[ahead] * said).sum())
        came += float(seconds[ahead].sum())
    return missed / came if came else 0.0
