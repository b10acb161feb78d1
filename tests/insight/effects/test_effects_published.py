"""Published examples come out to their printed digits."""

from __future__ import annotations

import numpy as np
import pytest

from onefloor.insight.effects import looks, staggered
from onefloor.insight.effects.panel import NEVER

# Callaway and Sant'Anna 2021, the minimum wage and teen employment: what the example's counties come to, by the year of
# their first rise (0: none): how many, and the mean logarithm of employment in 2003 to 2007.
GROUPS = {
    0: (309, (5.65463, 5.592, 5.604808, 5.638896, 5.661133)),
    2004: (20, (6.179697, 6.106563, 6.059451, 6.026705, 6.085387)),
    2006: (40, (6.573993, 6.517883, 6.52794, 6.557434, 6.543042)),
    2007: (131, (5.842907, 5.810783, 5.820865, 5.823866, 5.820048)),
}


@pytest.fixture(scope="module")
def counties() -> staggered.Changes:
    """Counties that are all as their group is on average: effects and their averages are made of means alone."""
    y = np.array([means for count, means in GROUPS.values() for _ in range(count)])
    start = np.array([year - 2003 if year else NEVER for year, (count, _) in GROUPS.items() for _ in range(count)])
    return staggered.Changes(y, np.ones_like(y), start, start, "never")


BASE = {start: (start - 1, start) for start in (1, 3, 4)}
LAST = dict.fromkeys((1, 3, 4), 5)


def test_the_minimum_wage_has_the_group_time_effects_of_callaway_and_sant_anna(counties: staggered.Changes) -> None:
    found = staggered.effects(counties, BASE, LAST)
    assert [(one.start + 2003, one.period + 2003, round(one.value, 4)) for one in found] == [
        (2004, 2004, -0.0105),
        (2004, 2005, -0.0704),
        (2004, 2006, -0.1373),
        (2004, 2007, -0.1008),
        (2006, 2006, -0.0046),
        (2006, 2007, -0.0412),
        (2007, 2007, -0.0261),
    ]


def test_before_the_minimum_wage_the_effects_are_the_printed_ones(counties: staggered.Changes) -> None:
    before = [(3, 1), (3, 2), (4, 1), (4, 2), (4, 3)]
    found = [staggered.group_time(counties, start, period, (period - 1, period)) for start, period in before]
    assert [round(one.value, 4) for one in found if one] == [0.0065, -0.0028, 0.0305, -0.0027, -0.0311]


@pytest.mark.parametrize(
    ("weights", "value"), [(staggered.simple, -0.0400), (staggered.by_group, -0.0310), (staggered.dynamic, -0.0772)]
)
def test_the_three_averages_are_the_printed_ones(counties: staggered.Changes, weights: object, value: float) -> None:
    found = staggered.effects(counties, BASE, LAST)
    average = staggered.averaged(counties, found, weights(found))  # type: ignore[operator]
    assert round(average.value, 4) == value


def test_the_sequence_is_the_boundary_of_the_normal_mixture_worked_out_by_hand() -> None:
    # v = 50, rho = 6.3: sqrt(56.3 x (2 ln 20 + ln(56.3 / 6.3))) / 50 = sqrt(56.3 x (5.99146 + 2.19010)) / 50
    assert looks.half_widths(np.array([50.0]), 6.3)[0] == pytest.approx(0.42924, abs=2e-5)
