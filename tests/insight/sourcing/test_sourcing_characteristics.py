"""On simulated floors with known truth: the fair difference gives right findings where raw shares give wrong ones.

A small part of ``benchmarks/insight_sourcing.py``, with the same functions.
"""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

BENCHMARK = Path(__file__).parents[3] / "benchmarks" / "insight_sourcing.py"


@pytest.fixture(scope="module")
def benchmark() -> dict[str, Any]:
    return runpy.run_path(str(BENCHMARK))


def test_equally_good_vendors_are_not_called_dearer_and_raw_shares_call_them_so(benchmark: dict[str, Any]) -> None:
    name = "no difference, 30+30"
    found = benchmark["row"](name, benchmark["WORLDS"][name], 60, 1000)
    assert found.covers >= 0.88
    assert found.worse <= 0.1
    assert found.raw_covers <= 0.05
    assert found.raw_worse >= 0.95
    assert found.agents_worse >= 0.8  # honest errors do not mend another mix


def test_a_vendor_that_resolves_less_is_found_dearer(benchmark: dict[str, Any]) -> None:
    name = "4 points worse, 100+100"
    found = benchmark["row"](name, benchmark["WORLDS"][name], 25, 1000)
    assert found.covers >= 0.85
    assert found.worse >= 0.85
