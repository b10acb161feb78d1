"""Charts give what books and programs have printed.

Data: the R package qcc 2.7 (Scrucca 2004, R News 4/1; data of Montgomery, Introduction to Statistical Quality Control)
and Montgomery's table 9.1; run lengths of Champ & Woodall 1987, Technometrics 29, 393-399.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from onefloor.insight.charts.alarms import DEFAULT, Thresholds, alarms, change_start, cusum, ewma, within_budget
from onefloor.insight.charts.limits import Kind, averages, individuals, laney, scores, spread
from onefloor.insight.charts.rare import between_counts, between_times
from onefloor.insight.charts.run_rules import NELSON, WESTERN_ELECTRIC, run_rules

ORANGE_JUICE = np.array([  # defective cans in 30 samples of 50
    12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6,
])  # fmt: skip
CIRCUIT = np.array([  # nonconformities in 26 samples of 100 boards
    21, 24, 16, 12, 15, 5, 28, 20, 31, 25, 20, 24, 16, 19, 10, 17, 13, 22, 18, 39, 30, 24, 16, 19, 17, 15,
])  # fmt: skip
CLOTH_DEFECTS = np.array([14, 12, 20, 11, 7, 10, 21, 16, 19, 23])
CLOTH_SIZES = np.array([10, 8, 13, 10, 9.5, 10, 12, 10.5, 12, 12.5])
PISTON_RINGS = np.array([  # thousandths of a millimetre above 74, 25 samples of 5
    30, 2, 19, -8, 8, -5, -8, 1, 11, 4, -12, 24, 21, 5, 2, 2, -4, -7, 15, 9, -8, 7, 15, -11, 14,
    9, -6, -3, -15, -7, -5, 6, -6, 0, 5, -15, 3, -7, 15, -12, 8, -5, 9, 5, 4, -2, 0, -10, 7, -5,
    -6, -2, -6, -5, -10, 4, 0, 7, 0, -4, -17, 2, -2, -3, 12, 6, -33, -6, 0, -16, 12, 14, -2, -1, 7,
    0, -16, 5, -2, -4, -6, 12, -14, 5, 7, 6, 10, 18, 3, 0, -16, 2, 3, 5, -3, 0, 10, 13, 20, 3,
    -12, 1, 9, 5, -4, 4, -1, -10, 6, 9, 10, -11, -10, 9, 14, 15, 8, -7, 0, 10, -18, -16, -5, 17, 13,
])  # fmt: skip
MONTGOMERY = np.array([
    9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.2, 10.34, 9.03, 11.47, 10.51, 9.4, 10.08, 9.37, 10.62, 10.31,
    8.52, 10.84, 10.9, 9.33, 12.29, 11.5, 10.6, 11.08, 10.38, 11.62, 11.31, 10.52,
])  # fmt: skip


def test_orange_juice_on_a_p_chart() -> None:
    above, below = ORANGE_JUICE.astype(float), np.full(30, 50.0)
    found = laney(Kind.SHARE, above, below, overdispersed=False)
    assert found.centre[0] == pytest.approx(0.2313333, abs=5e-8)
    assert (round(found.low[0], 4), round(found.high[0], 4)) == (0.0524, 0.4102)
    assert (np.flatnonzero(found.outside(above / below)) + 1).tolist() == [15, 23]


def test_piston_rings_on_a_chart_of_averages() -> None:
    rings = 74 + PISTON_RINGS.reshape(25, 5) / 1000
    found, sigma = averages(rings)
    assert round(found.centre[0], 5) == 74.00118
    assert sigma == pytest.approx(0.009785039, abs=5e-10)
    assert (round(found.low[0], 5), round(found.high[0], 4)) == (73.98805, 74.0143)


def test_circuit_boards_on_a_c_chart() -> None:
    found = laney(Kind.RATE, CIRCUIT.astype(float), np.ones(26), overdispersed=False)
    assert [round(float(end[0]), 3) for end in (found.centre, found.low, found.high)] == [19.846, 6.481, 33.211]
    assert (np.flatnonzero(found.outside(CIRCUIT.astype(float))) + 1).tolist() == [6, 20]


def test_dyed_cloth_on_a_u_chart() -> None:
    found = laney(Kind.RATE, CLOTH_DEFECTS.astype(float), CLOTH_SIZES, overdispersed=False)
    assert round(float(found.centre[0]), 4) == 1.4233


def test_the_cusum_of_montgomery_signals_at_29_and_dates_the_change_after_22() -> None:
    up, down = cusum(MONTGOMERY - 10)
    assert up[27:].round(2).tolist() == [4.47, 5.28, 5.3]
    alarm = int(np.flatnonzero(up > 5)[0])
    assert (alarm + 1, down.max() > 5) == (29, False)
    assert change_start(up, alarm) + 1 == 23


def test_the_ewma_of_montgomery() -> None:
    level, error = ewma(MONTGOMERY - 10, 0.1)
    assert (level + 10).round(5)[[0, 1, 2]].tolist() == [9.945, 9.7495, 9.70355]
    assert (10 + level[29]).round(4) == 10.6341
    assert round(2.7 * error[-1], 2) == 0.62
    assert abs(level[29]) > 2.7 * error[-1]


def test_individual_values_have_the_limits_of_the_handbook() -> None:
    """NIST/SEMATECH e-Handbook 6.3.2.2: flow rates of ten batches, 50.81 with limits 45.8159 and 55.8041."""
    flow = np.array([49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1])
    found, ranges = individuals(flow)
    moved = np.abs(np.diff(flow)).mean()
    assert (round(found.centre[0], 2), round(moved, 4)) == (50.81, 1.8778)
    assert (found.low[0], found.high[0]) == pytest.approx((45.8159, 55.8041), abs=5e-4)
    assert round(ranges, 2) == round(3.267 * 1.8778, 2)


def test_the_limits_of_laney_are_those_of_p_times_how_much_the_points_vary() -> None:
    above, below = np.array([120.0, 90, 150, 60, 130, 80]), np.full(6, 200.0)
    plain, wide = (laney(Kind.SHARE, above, below, overdispersed=more) for more in (False, True))
    stretched = spread(scores(Kind.SHARE, above, below, plain.centre))
    assert stretched > 2
    assert np.allclose(wide.high - wide.centre, stretched * (plain.high - plain.centre))


def test_limits_of_rare_events() -> None:
    gaps = np.array([3.0, 1, 7, 2, 5, 6])
    assert between_counts(gaps).high[0] == pytest.approx(4 + 3 * np.sqrt(20))
    assert between_counts(gaps).low[0] == 0
    bent, _ = individuals(gaps ** (1 / 3.6))
    assert between_times(gaps).high[0] == pytest.approx(bent.high[0] ** 3.6)


def run_length(which: str, shift: float, seed: int, repeats: int, cap: int) -> float:
    chance, lengths = np.random.default_rng(seed), []
    for _ in range(repeats):
        points = chance.normal(shift, 1, cap)
        hits = np.flatnonzero(signals(which, points))
        lengths.append(hits[0] + 1 if len(hits) else cap)
    return float(np.mean(lengths))


def signals(which: str, points: np.ndarray) -> np.ndarray:
    if which == "default":
        return alarms(points)
    if which == "cusum":
        return np.maximum(*cusum(points)) > 5
    names = {"nelson": NELSON, "western electric": WESTERN_ELECTRIC}.get(which, (which,))
    found = run_rules(points)
    return np.any([found[name] for name in names], axis=0)


@pytest.mark.parametrize(
    ("which", "shift", "low", "high"),
    [
        ("beyond 3", 0, 330, 410),  # 370.4
        ("beyond 3", 1, 39, 49),  # 43.9
        ("western electric", 0, 84, 100),  # 91.75
        ("nelson", 0, 64, 80),
        ("default", 0, 320, 420),
        ("default", 1, 8.7, 10.8),
        ("cusum", 1, 9.3, 11.5),  # 10.4
    ],
)
def test_run_lengths_are_the_published_ones(which: str, shift: float, low: float, high: float) -> None:
    cap = 3000 if shift == 0 else 400
    assert low < run_length(which, shift, seed=7, repeats=500, cap=cap) < high


def test_the_run_length_of_three_sigma_is_exact() -> None:
    assert round(1 / (2 * norm.sf(3)), 1) == 370.4


def test_trends_of_six_have_no_power() -> None:
    quiet, moved = (run_length("6 in a row up or down", shift, 7, 300, 3000) for shift in (0.0, 1.0))
    assert moved > 0.7 * quiet


def test_the_default_alarm_is_as_quick_as_nelson_s_rules_with_a_fifth_of_the_false_alarms() -> None:
    assert run_length("default", 1, 11, 500, 400) < 1.15 * run_length("nelson", 1, 11, 500, 400)
    assert run_length("default", 0, 11, 300, 3000) > 4 * run_length("nelson", 0, 11, 300, 3000)


def test_a_budget_widens_the_limits_of_many_charts_and_never_narrows_those_of_one() -> None:
    assert within_budget(0.5, 30) == DEFAULT
    many = within_budget(0.5, 40 * 90)
    assert many == Thresholds(many.point, many.point)
    assert many.point == pytest.approx(norm.isf(0.5 / 4 / 3600))
    assert many.point > 3.9
