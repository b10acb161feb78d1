"""How long a call takes, by interval, and how sure that is: a level of the last weeks, and as much shape as calls show.

What an interval took more than was said is counted in calls of the length that was said: an interval of ten calls that
take a tenth longer has worked for eleven. Such errors of past origins make limits as errors of calls do
(``intervals``): the mean of a few calls varies more than that of many.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from onefloor.language import Text
from onefloor.planning.forecasting.history import Floats
from onefloor.planning.forecasting.intervals import Totals, spread_of, totals_of
from onefloor.problems import Problem

WEEKS, PRIORS = (2, 4, 8), (np.inf, 60.0, 15.0)  # calls that the day's mean is worth beside an interval's own
WEEK, FIRST_ORIGIN, ORIGINS = 7, 14, 16
USUAL_WEEKS = 8  # make how many calls an interval usually has
LEVELS = (0.8, 0.95)


class NoHandling(Problem):
    """Nobody was served, or in a week or two only: nothing says how long a call takes."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "已接通的话务太少，无法预测处理时长。",
                "Too few calls were answered to know how long they take.",
            ),
            remedy=Text("请检查队列和账期。", "Check the queue and the months."),
        )


@dataclass(frozen=True, slots=True)
class Handling:
    """Seconds by day and interval, (horizon, intervals); ``low`` and ``high`` by level, in the same shape.

    The limits are those of the mean of an interval's calls, for as many calls as it usually has, one at least. The same
    for the mean of all calls of the horizon: ``mean_limits``. ``weeks`` of history and ``prior`` calls are chosen at
    past origins; ``wape`` is the mean error of an interval of the week after an origin, weighted by calls, as a share.
    """

    seconds: Floats
    low: Mapping[float, Floats]
    high: Mapping[float, Floats]
    totals: Totals
    weeks: int
    prior: float
    wape: float

    def mean(self, calls: Floats) -> float:
        """Seconds of a call over a horizon that brings so many, (horizon, intervals)."""
        return float((calls * self.seconds).sum() / max(1e-9, calls.sum()))

    def mean_limits(self, calls: Floats, level: float) -> tuple[float, float]:
        """Low and high of that mean."""
        return self.totals.limits(self.mean(calls), level)


def handling(seconds: Floats, calls: Floats, horizon: int = WEEK, levels: Sequence[float] = LEVELS) -> Handling:
    """The handling time of the days after a history.

    Args:
        seconds: handling time in all, (days, intervals).
        calls: answered calls it belongs to, the same shape.
        horizon: days.
        levels: of the limits.

    Raises:
        NoHandling.

    >>> found = handling(np.full((70, 2), 600.0), np.full((70, 2), 2.0), horizon=1)
    >>> found.seconds.tolist(), found.low[0.8].tolist(), found.wape
    ([[300.0, 300.0]], [[300.0, 300.0]], 0.0)
    """
    seconds, calls = np.nan_to_num(seconds), np.nan_to_num(calls)
    origins = _origins(calls)
    if not origins:
        raise NoHandling
    errors: Mapping[tuple[int, float], float] = {
        way: _missed(seconds, calls, origins, *way) for way in product(WEEKS, PRIORS)
    }
    weeks, prior = min(errors, key=lambda way: (errors[way], way))
    past = _Past.of(seconds, calls, origins, max(WEEK, horizon), weeks, prior)
    said = np.tile(_said(seconds, calls, weeks, prior), (horizon, 1))
    usual = _usual_calls(calls, horizon)
    spread = spread_of(past.usual, past.usual * past.took)
    limits = {level: [said * end / usual for end in spread.limits(usual, level)] for level in levels}
    low, high = ({level: ends[side] for level, ends in limits.items()} for side in (0, 1))
    totals = totals_of(past.calls * past.said, past.seconds)
    return Handling(said, low, high, totals, weeks, float(prior), errors[weeks, prior])


def _origins(calls: Floats) -> list[int]:
    """The newest weekly origins with answered calls before them and in the week after them."""
    weeks = range(len(calls) - WEEK, FIRST_ORIGIN - 1, -WEEK)
    return [n for n in weeks if calls[:n].any() and calls[n : n + WEEK].any()][:ORIGINS]


@dataclass(frozen=True, slots=True)
class _Past:
    """What was said at past origins and what came, (origins, horizon, intervals); nan where it has not come."""

    said: Floats
    usual: Floats
    calls: Floats
    seconds: Floats

    @classmethod
    def of(
        cls, seconds: Floats, calls: Floats, origins: Sequence[int], horizon: int, weeks: int, prior: float
    ) -> _Past:  # fmt: skip
        said = [np.tile(_said(seconds[:n], calls[:n], weeks, prior), (horizon, 1)) for n in origins]
        usual = [_usual_calls(calls[:n], horizon) for n in origins]
        ahead = np.full((horizon, calls.shape[1]), np.nan)
        came = [[np.concatenate([part, ahead])[n : n + horizon] for n in origins] for part in (calls, seconds)]
        return cls(np.stack(said), np.stack(usual), np.stack(came[0]), np.stack(came[1]))

    @property
    def took(self) -> Floats:
        """What the calls of an interval took, by what was said; nan where there were none."""
        said = self.calls * self.said
        return np.divide(self.seconds, said, out=np.full_like(said, np.nan), where=said > 0)


def _usual_calls(calls: Floats, horizon: int) -> Floats:
    """Mean calls of the last same weekdays, of those intervals that have any: 1 at least, (horizon, intervals)."""
    weeks = min(USUAL_WEEKS, len(calls) // WEEK)
    mean = calls[len(calls) - WEEK * weeks :].reshape(weeks, WEEK, -1).mean(axis=0)
    mean = np.maximum(mean, 1e-9)
    return np.asarray((mean / -np.expm1(-mean))[np.arange(horizon) % WEEK])


def _said(seconds: Floats, calls: Floats, weeks: int, prior: float) -> Floats:
    """Interval means drawn towards the day's mean, as if that were ``prior`` more calls."""
    days = slice(max(0, len(calls) - WEEK * weeks), len(calls))
    total = calls[days].sum()
    whole = slice(0, len(calls)) if total == 0 else days
    mean = seconds[whole].sum() / max(1.0, calls[whole].sum())
    if np.isinf(prior):
        return np.full(calls.shape[1], mean)
    return np.asarray((seconds[whole].sum(axis=0) + prior * mean) / (calls[whole].sum(axis=0) + prior))


def _missed(seconds: Floats, calls: Floats, origins: Sequence[int], weeks: int, prior: float) -> float:
    """WAPE of the weeks after past origins."""
    missed = came = 0.0
    for origin in origins:
        said, ahead = _said(seconds[:origin], calls[:origin], weeks, prior), slice(origin, origin + WEEK)
        missed += float(np.abs(seconds[ahead] - calls[ahead] * said).sum())
        came += float(seconds[ahead].sum())
    return missed / came if came else 0.0
