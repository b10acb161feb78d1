"""The day itself: what its first intervals brought revises the rest of it.

How far the morning speaks for the afternoon is learnt from past days: the slope of the rest's logarithm of (came by
said) on that of the intervals so far (Shen and Huang 2008, M&SOM 10; here one slope for each hour of revising).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from onefloor.language import Text
from onefloor.planning.forecasting.forecasting import Forecast, of_one_day
from onefloor.planning.forecasting.history import Floats
from onefloor.planning.forecasting.intervals import spread_of, totals_of
from onefloor.planning.forecasting.rolling import combined
from onefloor.problems import Problem

LEAST_CALLS = 5.0  # so far: fewer say nothing
FEWEST_DAYS = 10
SHRINK = 0.5  # of one past day's variance: keeps the slope of noise near 0


class NothingToRevise(Problem):
    """Intervals of another day, or none."""

    def __init__(self) -> None:
        super().__init__(
            Text("没有可用于修正的当日时段。", "There are no intervals of the day to revise it with."),
            remedy=Text(
                "请给出预测首日自零点起已过去的各时段。",
                "Give the intervals of the forecast's first day that have passed, from midnight on.",
            ),
        )


@dataclass(frozen=True, slots=True)
class Revised:
    """A forecast whose first day is revised: ``factor`` of the rest, ``slope`` of what it rests on, ``passed``."""

    forecast: Forecast
    factor: float
    slope: float
    passed: int


def revise(forecast: Forecast, came: Floats) -> Revised:
    """The forecast after the first intervals of its first day.

    Its limits, of intervals, day and total, are those of what is still to come; what came is certain.

    Args:
        forecast: as ``forecast`` made it.
        came: calls of the intervals that have passed, from midnight on; fewer than a day's.

    Raises:
        NothingToRevise.
    """
    passed = len(came)
    if forecast.rolled is None or not 0 < passed < forecast.mean.shape[1]:
        raise NothingToRevise
    past = Past(combined(forecast.rolled.said, forecast.weights), forecast.rolled.judged)
    slope = _slope(past.days, passed)
    factor = _factor(float(forecast.mean[0, :passed].sum()), float(np.sum(came)), slope)
    mean = forecast.mean.copy()
    mean[0] = [*came, *forecast.mean[0, passed:] * factor]
    days, horizons = (one.after(passed, slope) for one in (past.days, past.until(forecast.horizon)))
    found = _total_limited(_limited(replace(forecast, mean=mean), days, passed), horizons, passed)
    return Revised(found, factor, slope, passed)


@dataclass(frozen=True, slots=True)
class Past:
    """What was said at past origins and what came, (origins, horizon, intervals); nan where it is not known."""

    said: Floats
    came: Floats

    @property
    def days(self) -> Past:
        """Every day that is known as a horizon of its own."""
        said, came = (part.reshape(-1, 1, part.shape[2]) for part in (self.said, self.came))
        known = ~np.isnan(came).any(axis=(1, 2))
        return Past(said[known], came[known])

    def until(self, horizon: int) -> Past:
        """The first days of each origin."""
        return Past(self.said[:, :horizon], self.came[:, :horizon])

    def after(self, passed: int, slope: float) -> Past:
        """With the first day of each origin revised by its morning, which itself counts 0."""
        said, came = self.said.copy(), self.came.copy()
        for promised, arrived in zip(said[:, 0], came[:, 0], strict=True):
            promised[passed:] *= _factor(float(promised[:passed].sum()), float(arrived[:passed].sum()), slope)
        said[:, 0, :passed] = 0.0
        came[:, 0, :passed] *= 0.0  # nan stays nan
        return Past(said, came)


def _slope(past: Past, passed: int) -> float:
    """Between 0, the morning says nothing, and 1, the whole day is as the morning."""
    sums = [part[:, 0, where].sum(axis=1) for where in (slice(passed), slice(passed, None))
            for part in (past.said, past.came)]  # fmt: skip
    good = (sums[0] >= LEAST_CALLS) & (sums[1] > 0) & (sums[2] > 0) & (sums[3] > 0)
    if good.sum() < FEWEST_DAYS:
        return 0.0
    early, late = (np.log(sums[place + 1][good] / sums[place][good]) for place in (0, 2))
    spread = float((early**2).sum())
    return float(np.clip((early * late).sum() / (spread + SHRINK * spread / good.sum()), 0.0, 1.0)) if spread else 0.0


def _factor(said: float, came: float, slope: float) -> float:
    return float((came / said) ** slope) if said >= LEAST_CALLS and came > 0 else 1.0


def _limited(forecast: Forecast, days: Past, passed: int) -> Forecast:
    """Limits of the first day's intervals and of the day itself."""
    today, wider = forecast.mean[:1], forecast.widening[0]
    spread, by_day = spread_of(days.said[:, :, passed:], days.came[:, :, passed:]), totals_of(days.said, days.came)
    low, high, of_days = dict(forecast.low), dict(forecast.high), dict(forecast.day_limits)
    for level in forecast.low:
        ends = spread.limits(today[:, passed:], level, wider)
        for held, end in zip((low, high), ends, strict=True):
            held[level] = np.concatenate([np.concatenate([today[:, :passed], end], axis=1), held[level][1:]])
        rest = by_day.limits(float(today[0, passed:].sum()), level, wider)
        of_days[level] = np.concatenate([[np.add(rest, today[0, :passed].sum())], of_days[level][1:]])
    return replace(forecast, low=low, high=high, day_limits=of_days)


def _total_limited(forecast: Forecast, horizons: Past, passed: int) -> Forecast:
    """Limits of the total; of one day they are the day's."""
    if forecast.horizon == 1:
        return replace(forecast, total_limits=of_one_day(forecast.day_limits))
    came, errors = float(forecast.mean[0, :passed].sum()), totals_of(horizons.said, horizons.came)
    rest = float(forecast.mean.sum()) - came
    limits = {level: errors.limits(rest, level, forecast.wider) for level in forecast.low}
    return replace(forecast, total_limits={level: (came + low, came + high) for level, (low, high) in limits.items()})
