"""The day itself: what its first intervals brought revises the rest of it.

How far the morning speaks for the afternoon is learnt from past days: the slope of the rest's logarithm of (came by
said) on that of the intervals so far (Shen and Huang 2008, M&SOM 10; here one slope for each hour of revising).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from onefloor.language import Text
from onefloor.planning.forecasting.forecasting import Forecast
from onefloor.planning.forecasting.history import Floats
from onefloor.planning.forecasting.intervals import spread_of
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

    Args:
        forecast: as ``forecast`` made it.
        came: calls of the intervals that have passed, from midnight on; fewer than a day's.

    Raises:
        NothingToRevise.
    """
    passed = len(came)
    if forecast.rolled is None or not 0 < passed < forecast.mean.shape[1]:
        raise NothingToRevise
    said = combined(forecast.rolled.said, forecast.weights)
    past_said, past_came = (one.reshape(-1, one.shape[2]) for one in (said, forecast.rolled.judged))
    whole = ~np.isnan(past_came).any(axis=1)
    slope = _slope(past_said[whole], past_came[whole], passed)
    factor = _factor(float(forecast.mean[0, :passed].sum()), float(np.sum(came)), slope)
    today = np.concatenate([came, forecast.mean[0, passed:] * factor])
    mean = np.concatenate([today[None], forecast.mean[1:]])
    return Revised(_limited(forecast, mean, past_said[whole], past_came[whole], passed, slope), factor, slope, passed)


def _slope(said: Floats, came: Floats, passed: int) -> float:
    """Between 0, the morning says nothing, and 1, the whole day is as the morning."""
    sums = [part.sum(axis=1) for part in (said[:, :passed], came[:, :passed], said[:, passed:], came[:, passed:])]
    good = (sums[0] >= LEAST_CALLS) & (sums[1] > 0) & (sums[2] > 0) & (sums[3] > 0)
    if good.sum() < FEWEST_DAYS:
        return 0.0
    early, late = (np.log(sums[place + 1][good] / sums[place][good]) for place in (0, 2))
    spread = float((early**2).sum())
    return float(np.clip((early * late).sum() / (spread + SHRINK * spread / good.sum()), 0.0, 1.0)) if spread else 0.0


def _factor(said: float, came: float, slope: float) -> float:
    return float((came / said) ** slope) if said >= LEAST_CALLS and came > 0 else 1.0


def _limited(
    forecast: Forecast, mean: Floats, said: Floats, came: Floats, passed: int, slope: float
) -> Forecast:  # fmt: skip
    """Limits of the first day from what revising would have missed on past days; what has passed is certain."""
    factors = [_factor(float(s[:passed].sum()), float(c[:passed].sum()), slope)
               for s, c in zip(said, came, strict=True)]  # fmt: skip
    rest = said[:, None, passed:] * np.array(factors)[:, None, None]
    spread = spread_of(rest, came[:, None, passed:])
    low, high = dict(forecast.low), dict(forecast.high)
    for level in forecast.low:
        ends = spread.limits(mean[:1, passed:], level)
        for held, end in zip((low, high), ends, strict=True):
            held[level] = held[level].copy()
            held[level][0] = np.concatenate([mean[0, :passed], end[0]])
    return replace(forecast, mean=mean, low=low, high=high)
