"""Rolling origins, intervals, accuracy, boosting and the day's own revision."""

from __future__ import annotations

import csv
import gzip
import json
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from onefloor.planning.forecasting.accuracy import accuracy, noise_floor, overall
from onefloor.planning.forecasting.calendars import Calendar, Special
from onefloor.planning.forecasting.effects import days_of
from onefloor.planning.forecasting.forecasting import BadHorizon, Forecast, Parameters, forecast
from onefloor.planning.forecasting.handling import NoHandling, handling
from onefloor.planning.forecasting.history import History
from onefloor.planning.forecasting.intervals import spread_of, totals_of
from onefloor.planning.forecasting.intraday import NothingToRevise, revise
from onefloor.planning.forecasting.rolling import PLAIN, rolled, said_at, weights

SHARED = Path(__file__).parents[3] / "../shared/data"
FIRST = date(2026, 3, 2)
WEEK = np.array([120.0, 110.0, 100.0, 100.0, 105.0, 60.0, 40.0])
SHAPE = np.array([0.04, 0.16, 0.2, 0.15, 0.2, 0.13, 0.08, 0.04])
QUICK = Parameters(boost=False, origins=10)


def busy(seed: int, weeks: int = 24, spread: float = 0.1, calls: int = 4) -> np.ndarray:
    """Poisson calls of days with a busyness of their own; eight intervals."""
    rng = np.random.default_rng(seed)
    mean = np.resize(calls * WEEK, 7 * weeks)[:, None] * SHAPE
    return rng.poisson(mean * np.exp(rng.normal(0, spread, 7 * weeks))[:, None]).astype(float)


def test_nothing_after_an_origin_is_seen() -> None:
    values = busy(1)
    days = days_of(History(FIRST, values), Calendar(), 7)
    before = said_at(values, days, 100, 7, boost=True)
    values[100:] = values[100:] * 3 + 7
    after = said_at(values, days, 100, 7, boost=True)
    assert {name: part.tobytes() for name, part in before.items()} == {
        name: part.tobytes() for name, part in after.items()
    }


def test_equal_seeds_give_equal_bytes() -> None:
    one, two = (forecast(History(FIRST, busy(2)), Calendar(), 14, Parameters(origins=3), seed=5) for _ in range(2))
    assert one.mean.tobytes() == two.mean.tobytes()
    assert one.low[0.95].tobytes() == two.low[0.95].tobytes()


def test_the_best_candidate_gets_the_most_weight() -> None:
    values = busy(3, spread=0.02)
    past = rolled(values, days_of(History(FIRST, values), Calendar(), 7), 7, 10, boost=False)
    by = weights(past)
    errors = {name: float(np.nansum(np.abs(past.judged - said))) for name, said in past.said.items()}
    assert sum(by.values()) == pytest.approx(1.0)
    assert max(by, key=lambda name: by[name]) == min(errors, key=lambda name: errors[name])
    assert len(past.origins) == 10
    assert past.origins[-1] == len(values) - 7


def test_intervals_hold_what_comes() -> None:
    inside: dict[float, list[float]] = {0.8: [], 0.95: []}
    for seed in range(6):
        values = busy(10 + seed, weeks=30)
        for end in (len(values) - 21, len(values) - 14, len(values) - 7):
            found = forecast(History(FIRST, values[:end]), Calendar(), 7, QUICK)
            came = values[end : end + 7]
            for level, held in inside.items():
                held.append(float(((came >= found.low[level]) & (came <= found.high[level])).mean()))
    assert 0.75 < np.mean(inside[0.8]) < 0.86
    assert 0.91 < np.mean(inside[0.95]) < 0.985


def drifting(chance: np.random.Generator, origins: int) -> tuple[np.ndarray, np.ndarray]:
    """Errors of weekly origins, four weeks ahead, as far as they are known at the last; and what comes after that."""
    level = np.cumsum(chance.normal(0, 2, 7 * origins + 28))
    errors = np.stack([level[7 * n : 7 * n + 28] - level[max(0, 7 * n - 1)] for n in range(origins + 1)])
    came = 100 + errors[:, :, None] + chance.normal(0, 8, (origins + 1, 28, 4))
    for origin in range(origins):
        came[origin, 7 * (origins - origin) :] = np.nan
    return came[:-1], came[-1]


def test_intervals_hold_in_every_week_of_four_where_the_level_wanders() -> None:
    chance, draws = np.random.default_rng(1), 150
    inside = {0.8: np.zeros(4), 0.95: np.zeros(4)}
    for _ in range(draws):
        past, came = drifting(chance, origins=16)
        spread = spread_of(np.full_like(past, 100.0), past)
        for level, held in inside.items():
            low, high = spread.limits(np.full_like(came, 100.0), level)
            held += ((came >= low) & (came <= high)).reshape(4, -1).mean(axis=1) / draws
    assert 0.755 < inside[0.8].min() < inside[0.8].max() < 0.83  # errors of all weeks alike: .867 in the first
    assert 0.91 < inside[0.95].min() < inside[0.95].max() < 0.97


def test_totals_of_four_weeks_from_weekly_origins_are_few() -> None:
    past, _ = drifting(np.random.default_rng(2), origins=16)
    weeks, months = (totals_of(np.full_like(past, 100.0)[:, :days], past[:, :days]) for days in (7, 28))
    assert (weeks.alone, months.alone) == (16, 1 + 15 / 4)


def test_wider_levels_are_wider_and_totals_lie_inside_their_limits() -> None:
    found = forecast(History(FIRST, busy(4)), Calendar(), 14, QUICK)
    assert (found.low[0.95] <= found.low[0.8]).all()
    assert (found.high[0.95] >= found.high[0.8]).all()
    assert found.total_limits[0.8][0] < found.mean.sum() < found.total_limits[0.8][1]
    totals = found.mean.sum(axis=1)
    assert ((found.day_limits[0.95][:, 0] < totals) & (totals < found.day_limits[0.95][:, 1])).all()


def test_closed_intervals_are_forecast_closed() -> None:
    values = busy(5)
    values[:, 0] = 0
    values[5::7] = values[6::7] = 0
    found = forecast(History(FIRST, values), Calendar(), 7, QUICK)
    assert (found.mean[:, 0] == 0).all()
    assert (found.high[0.95][5:] == 0).all()
    assert found.overall is not None
    assert found.overall.within_tenth < 0.9


def test_accuracy_by_hand() -> None:
    came = np.array([[[10.0, 20.0], [0.0, 40.0]]])
    said = np.array([[[11.0, 16.0], [1.0, 42.0]]])
    found = overall(said, came)
    assert found is not None
    assert (found.wape, found.bias, found.within_tenth) == pytest.approx((8 / 70, 0.0, 2 / 3))
    assert found.day_wape == pytest.approx(6 / 70)
    assert [(one.first, one.last) for one in accuracy(said, came)] == [(1, 1), (2, 2)]


@pytest.mark.parametrize("rate", [0.3, 4.0, 77.5])
def test_the_noise_floor_is_what_poisson_counts_miss(rate: float) -> None:
    drawn = np.random.default_rng(6).poisson(rate, 400_000)
    assert noise_floor([rate]) == pytest.approx(float(np.abs(drawn - rate).mean() / rate), rel=0.01)


def test_boosting_learns_what_averages_do_not_see() -> None:
    values = np.resize(4 * WEEK, 7 * 40)[:, None] * SHAPE
    swing = np.where(np.arange(280) // 7 % 2, 1.3, 0.7)  # every other week: the last week says the next
    values = values * swing[:, None]
    days = days_of(History(FIRST, values), Calendar(), 7)
    said = said_at(values[:273], days, 273, 7, boost=True)
    missed = {name: float(np.abs(part - values[273:280]).sum()) for name, part in said.items()}
    assert missed["boosting"] < 0.7 * missed["mean of 8"]


@pytest.mark.parametrize("days", [0, -1, 401])
def test_horizons_that_are_none_are_refused(days: int) -> None:
    with pytest.raises(BadHorizon):
        forecast(History(FIRST, busy(7)), Calendar(), days)


def revised(seed: int, spread: float) -> tuple[Forecast, np.ndarray, float, float]:
    values = busy(seed, spread=spread, calls=60)
    found = forecast(History(FIRST, values[:-1]), Calendar(), 1, QUICK)
    after = revise(found, values[-1, :4])
    first, second = (float(np.abs(one.mean[0, 4:] - values[-1, 4:]).sum()) for one in (found, after.forecast))
    return after.forecast, values[-1], first, second


def test_the_morning_revises_the_rest_where_days_have_a_busyness() -> None:
    found = [revised(seed, 0.3) for seed in range(20, 32)]
    assert sum(second for *_, second in found) < 0.6 * sum(first for _, _, first, _ in found)
    inside = [((came >= one.low[0.8][0]) & (came <= one.high[0.8][0]))[4:].mean() for one, came, _, _ in found]
    assert np.mean(inside) > 0.65
    one, came, _, _ = found[0]
    assert one.mean[0, :4].tolist() == one.low[0.8][0, :4].tolist() == came[:4].tolist()


def test_a_morning_that_says_nothing_changes_little() -> None:
    slopes = []
    for seed in range(40, 52):
        values = busy(seed, spread=0.0)
        slopes.append(revise(forecast(History(FIRST, values), Calendar(), 1, QUICK), values[-7, :4]).slope)
    assert np.mean(slopes) < 0.3


@pytest.mark.parametrize("passed", [0, 8, 9])
def test_a_whole_day_or_none_cannot_revise(passed: int) -> None:
    found = forecast(History(FIRST, busy(8)), Calendar(), 1, QUICK)
    with pytest.raises(NothingToRevise):
        revise(found, np.ones(passed))


def test_handling_time_keeps_the_shape_of_the_day_where_calls_show_it() -> None:
    rng = np.random.default_rng(9)
    calls = rng.poisson(40, (84, 4)).astype(float)
    shape = np.array([240.0, 300.0, 360.0, 300.0])
    seconds = rng.gamma(calls * 2, shape / 2)
    found = handling(seconds, calls, horizon=1)
    assert found.seconds[0] == pytest.approx(shape, rel=0.03)
    sparse = handling(rng.gamma(2 * np.ones((84, 4)), 150), np.ones((84, 4)))
    assert np.ptp(sparse.seconds) < 100
    with pytest.raises(NoHandling):
        handling(np.zeros((40, 4)), np.zeros((40, 4)))


def test_limits_of_handling_time_hold_for_few_calls_and_for_many() -> None:
    rng = np.random.default_rng(11)
    rates = np.array([2.0, 8.0, 30.0, 60.0])
    inside: dict[float, list[np.ndarray]] = {0.8: [], 0.95: []}
    totals = []
    for _ in range(20):
        calls = rng.poisson(rates, (140, 4)).astype(float)
        level = np.exp(rng.normal(0, 0.04, 140))[:, None]
        seconds = rng.gamma(np.maximum(calls, 1e-9), 250.0 * level)
        found = handling(seconds[:-28], calls[:-28], horizon=28)
        came = np.divide(seconds[-28:], calls[-28:], out=np.full((28, 4), np.nan), where=calls[-28:] > 0)
        for level_, held in inside.items():
            hit = (came >= found.low[level_]) & (came <= found.high[level_])
            held.append(np.where(np.isnan(came), np.nan, hit))
        low, high = found.mean_limits(calls[-28:], 0.95)
        totals.append(low <= seconds[-28:].sum() / calls[-28:].sum() <= high)
    assert all(0.75 < share < 0.86 for share in np.nanmean(inside[0.8], axis=(0, 1)))
    assert all(0.92 < share < 0.98 for share in np.nanmean(inside[0.95], axis=(0, 1)))
    assert sum(totals) >= 17


def test_a_queue_that_is_closed_now_takes_as_long_as_when_it_was_open() -> None:
    calls = np.full((210, 4), 5.0)
    calls[70:] = 0
    found = handling(300.0 * calls, calls, horizon=7)
    assert found.seconds.tolist() == found.high[0.95].tolist() == [[300.0] * 4] * 7


def bank() -> tuple[History, Calendar]:
    """Half hours of the North American bank, 07:00 to 21:00; weekdays without data are its holidays."""
    path = SHARED / "bank_calls_5min_2003/calls_5min.csv.gz"
    if not path.exists():
        pytest.skip("the bank's calls are not beside the checkout")
    first, values = date(2003, 3, 3), np.full((236, 48), np.nan)
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            at = datetime.fromisoformat(row["start"])
            day = (at.date() - first).days
            values[day] = np.nan_to_num(values[day])
            if at.hour < 21:
                values[day, at.hour * 2 + at.minute // 30] += int(row["calls"])
    closed = {first + timedelta(n): Special("holiday") for n in range(236)
              if np.isnan(values[n]).any() and (first + timedelta(n)).weekday() < 5}  # fmt: skip
    return History(first, values), Calendar(closed)


def test_on_a_bank_of_2003_it_beats_the_mean_of_eight_weekdays() -> None:
    history, calendar = bank()
    days = days_of(history, calendar, 7)
    missed: dict[str, float] = {"ours": 0.0, PLAIN: 0.0}
    for end in range(len(history) - 7 * 10, len(history), 7):
        part = History(history.first, history.values[:end])
        came = history.values[end : end + 7]
        missed["ours"] += float(np.nansum(np.abs(came - forecast(part, calendar, 7, QUICK).mean)))
        plain = said_at(history.values[:end], days, end, 7, boost=False)[PLAIN]
        missed[PLAIN] += float(np.nansum(np.abs(came - plain)))
    assert missed["ours"] < 0.95 * missed[PLAIN]


def test_the_published_errors_of_the_seasonal_naive_forecast() -> None:
    history, _ = bank()
    rows = history.values[~np.isnan(history.values).any(axis=1)]
    came, said = rows[-20:, 14:42], rows[-25:-5, 14:42]
    expected = json.loads((SHARED / "bank_calls_5min_2003/expected.json").read_text())["seasonal_naive_last_20_days"]
    found = overall(said[None], came[None])
    assert found is not None
    assert (found.wape, found.day_wape) == pytest.approx(
        (expected["30_min"]["wape"], expected["day"]["wape"]), abs=1e-6
    )
