"""Grids and stops, which all parts of planning share."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from onefloor.planning.grid import BadGrid, Grid
from onefloor.planning.solving import Step, Stop


def test_days_of_23_and_25_hours_have_fewer_and_more_intervals() -> None:
    spring = Grid(date(2026, 3, 28), 3, 30, "Europe/Berlin")
    autumn = Grid(date(2026, 10, 24), 3, 30, "Europe/Berlin")
    assert np.bincount(spring.day_of).tolist() == [48, 46, 48]
    assert np.bincount(autumn.day_of).tolist() == [48, 50, 48]


@pytest.mark.parametrize(("days", "minutes"), [(0, 30), (1, 0), (1, 7), (1, 120)])
def test_intervals_that_do_not_fill_an_hour_are_refused(days: int, minutes: int) -> None:
    with pytest.raises(BadGrid):
        Grid(date(2026, 12, 1), days, minutes)


@pytest.mark.parametrize(
    ("stop", "reached"),
    [
        (Stop(), False),
        (Stop(seconds=10), True),
        (Stop(seconds=10.5), False),
        (Stop(rounds=4), True),
        (Stop(rounds=5, gap=0.01), False),
        (Stop(gap=0.02), True),
    ],
)
def test_a_solver_stops_at_the_first_of_its_limits(stop: Stop, reached: bool) -> None:
    assert stop.reached(seconds=10.0, rounds=4, gap=0.02) is reached


def test_the_gap_is_a_share_of_the_bound() -> None:
    assert Step(1.0, 1, best=102.0, bound=100.0).gap == pytest.approx(0.02)
    assert Step(1.0, 1, best=102.0).gap is None
