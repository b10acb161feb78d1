"""The forecast of one queue: history, calendar and horizon in; mean, intervals and how sure they are out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from onefloor.language import Text
from onefloor.planning.forecasting.accuracy import Accuracy, accuracy, overall
from onefloor.planning.forecasting.breaks import Break, last_break, levelled
from onefloor.planning.forecasting.calendars import Calendar
from onefloor.planning.forecasting.effects import Days, days_of
from onefloor.planning.forecasting.history import FEWEST_DAYS, Floats, History, TooShort, filled
from onefloor.planning.forecasting.intervals import Totals, spread_of, totals_of
from onefloor.planning.forecasting.rolling import Rolled, combined, rolled, said_at, weights
from onefloor.problems import Problem

MOST_DAYS = 400
WEEK = 7  # past origins are judged over a week at least
LEVELS = (0.8, 0.95)
LEAST_SPECIAL, SPECIAL_WIDER = 20, 1.5


class BadHorizon(Problem):
    """No days, or more than can be told."""

    def __init__(self, days: int) -> None:
        super().__init__(
            Text(f"无法预测 {days} 天。", f"{days} days cannot be forecast."),
            remedy=Text(f"须为 1 至 {MOST_DAYS} 天。", f"Ask for 1 to {MOST_DAYS} days."),
        )


class RegimeChanged(Problem):
    """The level changed so lately that the days since do not carry a forecast."""

    def __init__(self, day: date, found: Break) -> None:
        moved = f"{(found.factor - 1) * 100:+.0f}%"
        super().__init__(
            Text(
                f"自 {day} 起话务水平变化 {moved}，其后只有 {found.days} 个可用日。",
                f"The level changed by {moved} on {day}; only {found.days} days are known since.",
            ),
            why=Text("变化之前的数据说明不了之后的话务。", "What came before says little about what comes after."),
            remedy=Text(
                "若为故障或活动，请写入日历文件（--calendar）；若会持续，请加 --accept-change 按新水平预测。",
                "If it was an outage or a campaign, write it into a calendar file (--calendar); if it will last, "
                "--accept-change forecasts at the new level.",
            ),
        )


@dataclass(frozen=True, slots=True)
class Parameters:
    """How a forecast is made.

    ``origins`` past origins, a week apart; ``boost`` with gradient boosting among the candidates; ``accept_change``:
    forecast although the level has just changed.
    """

    origins: int = 16
    boost: bool = True
    accept_change: bool = False
    levels: tuple[float, ...] = LEVELS


@dataclass(frozen=True, slots=True)
class Forecast:
    """Calls by day and interval, (horizon, intervals), from ``first``.

    ``low`` and ``high`` by level, shapes as ``mean``; ``day_limits`` by level (horizon, 2), ``total_limits`` by level;
    ``widening`` of each day's limits; ``weights`` of the candidates;
    ``rolled`` errors at past origins, ``accuracy`` by days ahead, ``overall`` of all;
    ``changed`` a change of level, ``unknown_years`` whose holidays are not known; ``special`` days by index.
    """

    first: date
    mean: Floats
    low: Mapping[float, Floats]
    high: Mapping[float, Floats]
    day_limits: Mapping[float, Floats]
    total_limits: Mapping[float, tuple[float, float]]
    widening: Floats
    weights: Mapping[str, float]
    accuracy: tuple[Accuracy, ...]
    overall: Accuracy | None
    changed: Break | None = None
    changed_on: date | None = None
    unknown_years: tuple[int, ...] = ()
    special: Mapping[int, str] = field(default_factory=dict)
    rolled: Rolled | None = None

    @property
    def horizon(self) -> int:
        """Days."""
        return len(self.mean)

    @property
    def wider(self) -> float:
        """How much a change of level widens the limits of totals."""
        return 1.0 if self.changed is None else self.changed.widening

    @property
    def minutes(self) -> int:
        """Minutes of an interval."""
        return 1440 // int(self.mean.shape[1])

    def day(self, index: int) -> date:
        """The day of a row."""
        return self.first + timedelta(index)


def forecast(
    history: History, calendar: Calendar, horizon: int, parameters: Parameters | None = None, seed: int = 0
) -> Forecast:
    """The forecast of the days after a history.

    Args:
        history: calls by day and interval; what is not known is nan, outages of the calendar are masked here.
        calendar: special days and campaigns, of history and horizon.
        horizon: days.
        parameters: how; the defaults serve.
        seed: of the boosting; equal seeds give equal bytes.

    Raises:
        TooShort, BadHorizon; RegimeChanged: unless ``accept_change``.

    >>> from datetime import date
    >>> weeks = np.tile([[60.0, 40.0]] * 5 + [[30.0, 20.0]] * 2, (8, 1))
    >>> found = forecast(History(date(2026, 6, 1), weeks), Calendar(), 7, Parameters(boost=False))
    >>> found.mean.sum(axis=1).round().tolist()
    [100.0, 100.0, 100.0, 100.0, 100.0, 50.0, 50.0]
    """
    how = parameters or Parameters()
    if not 1 <= horizon <= MOST_DAYS:
        raise BadHorizon(horizon)
    values, days, changed = prepared(history, calendar, horizon, how)
    past = rolled(values, days, max(WEEK, horizon), how.origins, boost=how.boost, seed=seed)
    by = weights(past)
    mean = combined(said_at(values, days, len(values), horizon, boost=how.boost, seed=seed), by)
    return _with_limits(history, calendar, days, changed, past, by, mean, how.levels)


def prepared(history: History, calendar: Calendar, horizon: int, how: Parameters) -> tuple[Floats, Days, Break | None]:
    """Masked, filled and, after a change, levelled counts; what is known of the days; the change.

    Raises:
        TooShort, RegimeChanged.
    """
    masked = filled(history.without(_spans(history, calendar)))
    usable = int((~np.isnan(masked.values).any(axis=1)).sum())
    if len(masked) < FEWEST_DAYS or usable < FEWEST_DAYS // 7 * 5 or np.nansum(masked.values) == 0:
        raise TooShort(min(usable, len(masked)))
    days = days_of(masked, calendar, horizon)
    changed = last_break(masked.values, days)
    if changed is None:
        return masked.values, days, None
    if changed.too_new and not how.accept_change:
        raise RegimeChanged(masked.day(changed.at), changed)
    return levelled(masked.values, changed), days, changed


def _spans(history: History, calendar: Calendar) -> list[tuple[date, int, date, int]]:
    """Outages as intervals, both ends rounded outwards."""
    spans = []
    for outage in calendar.outages:
        starts = outage.start.hour * 60 + outage.start.minute
        ends = outage.end.hour * 60 + outage.end.minute
        last = -(-ends // history.minutes)
        spans.append((outage.start.date(), starts // history.minutes, outage.end.date(), last))
    return spans


def _with_limits(
    history: History, calendar: Calendar, days: Days, changed: Break | None, past: Rolled, by: Mapping[str, float],
    mean: Floats, levels: Sequence[float],
) -> Forecast:  # fmt: skip
    said, came = combined(past.said, by), past.judged
    ahead = slice(0, len(mean))
    spread, by_day = spread_of(said, came), totals_of(said, came, (2,))
    by_total = totals_of(said[:, ahead], came[:, ahead])
    wider = 1.0 if changed is None else changed.widening
    end, horizon = len(history), len(mean)
    special = days.special[end : end + horizon]
    widening = np.where(special, _special_widening(past, said) * wider, wider)
    limits = {level: spread.limits(mean, level, widening) for level in levels}
    totals = mean.sum(axis=1)
    of_days = {level: _day_limits(by_day, totals, level, widening) for level in levels}
    of_all = {level: by_total.limits(float(totals.sum()), level, wider) for level in levels}
    return Forecast(
        first=history.day(end),
        mean=mean,
        low={level: low for level, (low, _) in limits.items()},
        high={level: high for level, (_, high) in limits.items()},
        day_limits=of_days,
        total_limits=of_all if horizon > 1 else of_one_day(of_days),
        widening=widening,
        weights=dict(by),
        accuracy=accuracy(said[:, ahead], came[:, ahead]),
        overall=overall(said[:, ahead], came[:, ahead]),
        changed=changed,
        changed_on=None if changed is None else history.day(changed.at),
        unknown_years=tuple(y for y in calendar.unknown_years if _reaches(history, horizon, y)),
        special={n: calendar.days[history.day(end + n)].name for n in range(horizon) if special[n]},
        rolled=past,
    )


def _day_limits(by_day: Totals, totals: Floats, level: float, widening: Floats) -> Floats:
    return np.array([by_day.limits(float(total), level, float(w)) for total, w in zip(totals, widening, strict=True)])


def of_one_day(limits: Mapping[float, Floats]) -> dict[float, tuple[float, float]]:
    """Limits of a total of one day: the day's own, by level."""
    return {level: (float(low), float(high)) for level, ((low, high),) in limits.items()}


def _reaches(history: History, horizon: int, year: int) -> bool:
    return history.first.year <= year <= history.day(len(history) + horizon - 1).year


def _special_widening(past: Rolled, said: Floats) -> float:
    """How much further forecasts of special days were off; a guess where there were too few of them."""
    ordinary = np.isnan(past.judged)
    there = ~np.isnan(past.came)
    errors = np.abs(past.came - said) / np.sqrt(said + 0.5)
    special, others = errors[there & ordinary], errors[there & ~ordinary]
    if len(special) < LEAST_SPECIAL or not len(others) or others.mean() == 0:
        return SPECIAL_WIDER
    return max(1.0, float(special.mean() / others.mean()))
