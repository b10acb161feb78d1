"""What estimators of effects do over many floors with known truth, in small; the benchmark does it in full.

Bounds are wide enough for the few floors drawn, and narrow enough that the usual shortcuts fail them, which is asked.
"""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

BENCHMARK = Path(__file__).parents[3] / "benchmarks/insight_effects.py"


@pytest.fixture(scope="module")
def bench() -> dict[str, Any]:
    return runpy.run_path(str(BENCHMARK), run_name="benchmark")


def many(bench: dict[str, Any], floors: int, estimator: str, **world: Any) -> tuple[float, float, float]:
    """Bias in points, coverage, share that says it helped."""
    rng, made, found = np.random.default_rng(7), bench["World"]("", **world), []
    for _ in range(floors):
        value, low, high = bench[estimator](bench["floor"](made, rng))
        found.append((100 * (value - made.effect), low <= made.effect <= high, low > 0))
    bias, covers, helped = np.mean(found, axis=0)
    return bias, covers, helped


def test_before_and_after_calls_nothing_a_success_and_the_history_does_not(bench: dict[str, Any]) -> None:
    bias, covers, helped = many(bench, 150, "on_history")
    assert abs(bias) <= 0.3
    assert covers >= 0.90
    assert helped <= 0.07
    spreadsheet = many(bench, 30, "before_after")
    assert spreadsheet[0] > 4
    assert spreadsheet[2] == 1.0


def test_difference_in_differences_from_the_picking_month_is_no_better(bench: dict[str, Any]) -> None:
    rng, made = np.random.default_rng(7), bench["World"]("")
    found = [bench["callaway"](bench["floor"](made, rng), 1) for _ in range(30)]
    assert 100 * np.mean([value for value, _, _ in found]) > 4


def test_forty_agents_have_honest_intervals_too(bench: dict[str, Any]) -> None:
    bias, covers, _ = many(bench, 150, "on_history", effect=0.03, agents=40)
    assert abs(bias) <= 0.4
    assert covers >= 0.90


def test_a_lot_needs_no_history_to_be_right(bench: dict[str, Any]) -> None:
    bias, covers, _ = many(bench, 150, "after_lot", effect=0.03, agents=40, picks="lot")
    assert abs(bias) <= 0.3
    assert covers >= 0.90


def test_a_year_of_weekly_looks_lies_with_fixed_intervals_and_not_with_the_sequence(bench: dict[str, Any]) -> None:
    fixed, sequence, _ = bench["looked_at"](300)
    assert fixed > 0.12
    assert sequence <= 0.04
    fixed, sequence = bench["looked_at_weeks"](800)
    assert fixed > 0.2
    assert sequence <= 0.05


def test_a_series_that_remembers_needs_its_control(bench: dict[str, Any]) -> None:
    plain, alone, less_control = bench["steps"](200, 0.7)
    assert plain > 0.25
    assert alone <= 0.12
    assert less_control <= 0.08


def test_a_threshold_rule_is_right_at_the_cut_where_the_sides_are_not(bench: dict[str, Any]) -> None:
    bias, covers, naive = bench["jumps"](150)
    assert abs(bias) <= 0.5
    assert covers >= 0.90
    assert naive < -3


def test_one_team_among_thirty_is_seldom_called_helped_for_nothing(bench: dict[str, Any]) -> None:
    _, covers, helped = bench["placebos"](100, 0.0)
    assert covers >= 0.90
    assert helped <= 0.06
    assert bench["placebos"](60, 0.08)[2] >= 0.7
