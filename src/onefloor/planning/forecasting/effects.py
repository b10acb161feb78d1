"""What a day brings beyond its weekday: holidays and the days around them, days of the month, campaigns.

The effects are factors of a day's total, learnt together by ridge regression (Hoerl and Kennard 1970) of the day's
logarithm against the median of the same weekdays within six weeks, each effect with a prior spread: how large such
effects are known to be. An effect seen once in quiet data is believed, one seen once in noise is not.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from onefloor.planning.forecasting.calendars import MOVED, Calendar
from onefloor.planning.forecasting.history import Flags, Floats, History, Ints

AROUND = 42  # days either side that make what is usual
OPEN = 0.2  # a weekday with less than this share of a usual day's calls is closed
LEAST_NOISE = 0.01
BANDS = 10
SPREAD_OF_MONTH, SPREAD_OF_HOLIDAYS, SPREAD_OF_NAME, SPREAD_AFTER, SPREAD_BEFORE = 0.1, 0.5, 0.3, 0.3, 0.1
SPREAD_OF_CAMPAIGN, SPREAD_OF_MOVED = 0.4, 0.4
CLIP = 2.5  # the largest logarithm that is believed of one day


@dataclass(frozen=True, slots=True)
class Days:
    """What is known beforehand of the days of a history and those after it.

    ``like`` weekday (0 = Monday), ``special``: not an ordinary day, ``marked``: special or in a campaign whose effect
    is learnt, ``columns`` (days, effects) what each day has, ``spread`` prior standard deviation of each effect,
    ``given`` the logarithm of factors that are known.
    """

    like: Ints
    special: Flags
    marked: Flags
    columns: Floats
    spread: Floats
    given: Floats
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.like)

    def until(self, end: int) -> Days:
        """The first days alone."""
        return Days(self.like[:end], self.special[:end], self.marked[:end], self.columns[:end], self.spread,
                    self.given[:end], self.names)  # fmt: skip


def days_of(history: History, calendar: Calendar, horizon: int) -> Days:
    """The days of a history and of the horizon after it."""
    dates = [history.day(n) for n in range(len(history) + horizon)]
    specials = [calendar.days.get(day) for day in dates]
    weekday = np.array([day.weekday() for day in dates])
    like = np.array([day.weekday() if one is None or one.like is None else one.like
                     for day, one in zip(dates, specials, strict=True)])  # fmt: skip
    special = np.array([one is not None for one in specials])
    ordinary = np.array([one is None or one.name == MOVED for one in specials])
    closed = np.isin(weekday, _closed_weekdays(history, special))
    learnt = [one.name if one and one.like is None and one.factor is None else "" for one in specials]
    parts = [
        *_of_month(dates), *_around(~ordinary, closed | special), *_holidays(learnt), *_campaigns(dates, calendar)
    ]  # fmt: skip
    names, spreads, columns = zip(*parts, strict=True)
    given = [np.log(one.factor) if one and one.factor is not None else 0.0 for one in specials]
    known = np.array(given) + _known_campaigns(dates, calendar)
    marked = special | (np.sum([part for _, _, part in _campaigns(dates, calendar)], axis=0) > 0)
    return Days(like, special, marked, np.stack(columns, axis=1).astype(float), np.array(spreads), known, names)


Column = tuple[str, float, Floats]


def _closed_weekdays(history: History, special: Flags) -> list[int]:
    totals = _totals(history.values)
    usual = {k: totals[_on(history, k) & ~special[: len(history)]] for k in range(7)}
    levels = {k: float(np.nanmedian(held)) if np.isfinite(held).any() else 0.0 for k, held in usual.items()}
    highest = max(levels.values())
    return [k for k, level in levels.items() if level < OPEN * highest]


def _on(history: History, weekday: int) -> Flags:
    return np.asarray((np.arange(len(history)) + history.first.weekday()) % 7 == weekday)


def _totals(values: Floats) -> Floats:
    return np.asarray(values.sum(axis=1))  # nan where any interval is not known


def _of_month(dates: Sequence[date]) -> list[Column]:
    """Bands of the month: first and last days apart, where salaries, bills and statements fall."""
    number = np.array([day.day for day in dates])
    left = np.array([months.monthrange(day.year, day.month)[1] - day.day for day in dates])
    edges = ((1, 1), (2, 2), (3, 5), (6, 9), (10, 13), (14, 16), (17, 20))
    begun = [(f"day {a}-{b}", SPREAD_OF_MONTH, ((number >= a) & (number <= b)).astype(float)) for a, b in edges]
    ends = [(f"last {a}-{b}", SPREAD_OF_MONTH, ((left >= a) & (left <= b)).astype(float))
            for a, b in ((0, 0), (1, 1), (2, 4))]  # fmt: skip
    return [*begun, *ends]


def _around(holiday: Flags, skipped: Flags) -> list[Column]:
    """The first day that is open after a holiday, and the last one before."""
    after, before = _next_to(holiday, skipped, -1), _next_to(holiday, skipped, 1)
    return [("after a holiday", SPREAD_AFTER, after), ("before a holiday", SPREAD_BEFORE, before)]


def _next_to(holiday: Flags, skipped: Flags, step: int) -> Floats:
    found = np.zeros(len(holiday))
    for day in np.flatnonzero(~skipped):
        at = day + step
        while 0 <= at < len(holiday) and skipped[at] and not holiday[at]:
            at += step
        found[day] = 0 <= at < len(holiday) and holiday[at]
    return found


def _holidays(learnt: Sequence[str]) -> list[Column]:
    """One effect for all holidays and one more for each name, so that a new holiday is like the others."""
    held = np.array(learnt)
    free = (held != "") & (held != MOVED)
    common = [("holiday", SPREAD_OF_HOLIDAYS, free.astype(float)),
              (MOVED, SPREAD_OF_MOVED, (held == MOVED).astype(float))]  # fmt: skip
    names = sorted(set(learnt) - {"", MOVED})
    return [*common, *((name, SPREAD_OF_NAME, (held == name).astype(float)) for name in names)]


def _campaigns(dates: Sequence[date], calendar: Calendar) -> list[Column]:
    names = sorted({one.name for one in calendar.campaigns if one.factor is None})
    return [
        (name, SPREAD_OF_CAMPAIGN,
         np.array([float(any(day in one for one in calendar.campaigns if one.name == name)) for day in dates]))
        for name in names
    ]  # fmt: skip


def _known_campaigns(dates: Sequence[date], calendar: Calendar) -> Floats:
    known = [one for one in calendar.campaigns if one.factor is not None]
    return np.array([sum(float(np.log(one.factor or 1.0)) for one in known if day in one) for day in dates])


def learn(values: Floats, days: Days) -> Floats:
    """Logarithms of the effects of each day, also of those after the values; zeros where nothing can be learnt."""
    totals = _totals(values)
    logs = np.log(np.where(totals > 0, totals, np.nan)) - days.given[: len(totals)]
    effects = np.zeros(len(days.spread))
    for _ in range(2):  # the second time against neighbours without their own effects
        residual = _beyond_weekday(logs - days.columns[: len(logs)] @ effects, logs, days)
        seen = np.flatnonzero(np.isfinite(residual))
        if len(seen) < 2 * BANDS:
            return days.given
        effects = _ridge(days.columns[seen], residual[seen], days.spread)
    return np.asarray(days.columns @ effects + days.given)


def _beyond_weekday(clean: Floats, logs: Floats, days: Days) -> Floats:
    """Each day's logarithm less the median of days alike within six weeks, itself left out."""
    count = len(logs)
    usable = np.where(days.special[:count], np.nan, clean)
    found = np.full(count, np.nan)
    for weekday in range(7):
        rows = np.flatnonzero(days.like[:count] == weekday)
        near = (np.abs(rows[:, None] - rows[None, :]) <= AROUND) & (rows[:, None] != rows[None, :])
        held = np.where(near, usable[rows][None, :], np.nan)
        enough = np.isfinite(held).sum(axis=1) >= 3
        if enough.any():
            found[rows[enough]] = logs[rows[enough]] - np.nanmedian(held[enough], axis=1)
    return np.asarray(np.clip(found, -CLIP, CLIP))


def _ridge(columns: Floats, residual: Floats, spread: Floats) -> Floats:
    """Posterior mean of effects with normal priors; the noise is the residuals' own spread, by the median."""
    noise = max(LEAST_NOISE, 1.4826 * float(np.median(np.abs(residual - np.median(residual)))))
    precision = columns.T @ columns + np.diag(noise**2 / spread**2)
    return np.asarray(np.linalg.solve(precision, columns.T @ residual))
