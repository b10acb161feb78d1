"""Limits after a day was revised by its morning: of the day, of the total, and how often they hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from onefloor.planning.forecasting.calendars import Calendar
from onefloor.planning.forecasting.forecasting import Forecast, Parameters, forecast
from onefloor.planning.forecasting.history import History
from onefloor.planning.forecasting.intraday import revise

FIRST = date(2026, 1, 5)
QUICK = Parameters(boost=False)
SHAPE = np.array([2.0, 5.0, 8.0, 6.0, 5.0, 7.0, 4.0, 2.0])


def busy(seed: int, calls: float = 40.0) -> np.ndarray:
    """Half a year of days with a busyness of their own; eight intervals."""
    rng = np.random.default_rng(seed)
    return rng.poisson(calls * SHAPE * np.exp(rng.normal(0, 0.2, (182, 1)))).astype(float)


def revised(seed: int, horizon: int, passed: int) -> tuple[Forecast, np.ndarray]:
    values = busy(seed)
    before = forecast(History(FIRST, values[:-horizon]), Calendar(), horizon, QUICK)
    return revise(before, values[-horizon, :passed]).forecast, values[-horizon:]


@pytest.mark.parametrize("horizon", [1, 3])
@pytest.mark.parametrize("passed", [1, 4, 7])
def test_limits_lie_above_what_has_come_and_around_what_is_said(horizon: int, passed: int) -> None:
    found, values = revised(1, horizon, passed)
    came, today, total = values[0, :passed].sum(), found.mean[0].sum(), found.mean.sum()
    for level in (0.8, 0.95):
        assert came < found.day_limits[level][0, 0] < today < found.day_limits[level][0, 1]
        assert came < found.total_limits[level][0] < total < found.total_limits[level][1]


def test_the_limits_of_the_day_and_the_total_close_in_as_the_day_passes() -> None:
    days, totals = [], []
    for passed in (1, 4, 7):
        found, _ = revised(2, 2, passed)
        days.append(float(np.ptp(found.day_limits[0.8][0])))
        totals.append(float(np.ptp(found.total_limits[0.8])))
    assert days[0] > 2 * days[1] > 4 * days[2]
    assert totals[0] > totals[1] > totals[2]


def test_days_after_the_revised_one_keep_their_limits() -> None:
    values = busy(3)
    before = forecast(History(FIRST, values[:-2]), Calendar(), 2, QUICK)
    after = revise(before, values[-2, :4]).forecast
    assert (after.day_limits[0.8][1] == before.day_limits[0.8][1]).all()
    assert (after.high[0.95][1] == before.high[0.95][1]).all()


def test_revised_limits_of_day_and_total_hold_as_often_as_they_say() -> None:
    inside = []
    for seed in range(60):
        found, values = revised(100 + seed, 2, 4)
        ends = found.day_limits[0.8][0], found.total_limits[0.8]
        inside.append([low <= came <= high for (low, high), came in
                       zip(ends, (values[0].sum(), values.sum()), strict=True)])  # fmt: skip
    shares = np.mean(inside, axis=0)
    assert (shares > 0.7).all()
    assert (shares < 0.93).all()


def test_one_day_has_one_interval_as_a_day_and_as_a_total() -> None:
    found = forecast(History(FIRST, busy(4)), Calendar(), 1, QUICK)
    assert found.total_limits[0.8] == tuple(found.day_limits[0.8][0])


def test_a_day_of_wide_limits_stays_wide_when_it_is_revised() -> None:
    values = busy(5)
    before = forecast(History(FIRST, values[:-1]), Calendar(), 1, QUICK)
    wide = replace(before, widening=np.array([2.0]))
    (low, high), (lower, higher) = (
        revise(one, values[-1, :4]).forecast.day_limits[0.8][0] for one in (before, wide)
    )  # fmt: skip
    assert lower < low < high < higher
