"""Limits of half hours with few contacts or none: as narrow as whole numbers allow, and what comes lies inside."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from scipy import stats

from onefloor.planning.forecasting.calendars import Calendar
from onefloor.planning.forecasting.files import lines_of, whole_limits
from onefloor.planning.forecasting.forecasting import Parameters, forecast
from onefloor.planning.forecasting.handling import handling
from onefloor.planning.forecasting.history import History

RATES = np.concatenate([np.zeros(14), np.linspace(0.03, 2.0, 12), np.linspace(2.0, 0.03, 16), np.zeros(6)])
PAST, AHEAD = 196, 28


def test_whole_limits_hold_the_counts_that_the_limits_held() -> None:
    chance = np.random.default_rng(3)
    mean = chance.uniform(0.0, 6.0, 4_000)
    low, high = mean - chance.uniform(0.5, 3.0, 4_000), mean + chance.uniform(0.5, 3.0, 4_000)
    least, most = whole_limits(low, high, mean)
    for count in range(10):
        assert (((low <= count) & (count <= high)) == ((least <= count) & (count <= most))).all()


@pytest.mark.parametrize(("level", "most"), [(0.8, 0.91), (0.95, 0.99)])
def test_of_sparse_half_hours_the_written_limits_hold_little_more_than_they_say(level: float, most: float) -> None:
    chance, name = np.random.default_rng(11), f"{level * 100:.0f}"
    came = chance.poisson(RATES, (PAST + AHEAD, 48)).astype(float)
    found = forecast(History(date(2026, 3, 2), came[:PAST]), Calendar(), AHEAD, Parameters(boost=False))
    calls = np.full((70, 48), 2.0)
    lines = lines_of(found, handling(250.0 * calls, calls, AHEAD), "tax")
    low, high = (np.array([getattr(line, f"{end}{name}") for line in lines]).reshape(AHEAD, 48)
                 for end in ("low", "high"))  # fmt: skip
    open_now = np.broadcast_to(RATES > 0, low.shape)
    inside = ((low <= came[PAST:]) & (came[PAST:] <= high))[open_now].mean()
    mass = (stats.poisson.cdf(high, RATES) - stats.poisson.cdf(low - 1, RATES))[open_now].mean()
    assert level - 0.01 <= inside <= most
    assert level - 0.01 <= mass <= most
