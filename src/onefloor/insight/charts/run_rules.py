"""Run rules: patterns of points inside the limits. Hints only: all eight together give a false alarm in 72 points.

Nelson 1984, Journal of Quality Technology 16, 237-239; Western Electric 1956. Trends of six and alternations of
fourteen find a shift no faster than chance does, and are kept only because people ask for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from onefloor.insight.charts.limits import Floats

Flags = NDArray[np.bool_]
WESTERN_ELECTRIC = ("beyond 3", "2 of 3 beyond 2", "4 of 5 beyond 1", "8 on one side")
NELSON = (
    "beyond 3", "9 on one side", "6 in a row up or down", "14 up and down", "2 of 3 beyond 2", "4 of 5 beyond 1",
    "15 within 1", "8 beyond 1",
)  # fmt: skip


def run_rules(scored: Floats) -> Mapping[str, Flags]:
    """Which rule is met at which point, by the rule's name; a rule is met at the last point of its pattern."""
    up, down, size = scored > 0, scored < 0, np.abs(scored)
    steps = np.diff(scored, prepend=np.nan)
    swings = np.zeros(len(scored), bool)
    swings[2:] = steps[2:] * steps[1:-1] < 0
    return MappingProxyType({
        "beyond 3": size > 3,
        "9 on one side": _seen(up, 9) | _seen(down, 9),
        "6 in a row up or down": _seen(steps > 0, 5) | _seen(steps < 0, 5),  # six points are five steps
        "14 up and down": _seen(swings, 12),
        "2 of 3 beyond 2": _seen(scored > 2, 3, 2) | _seen(scored < -2, 3, 2),
        "4 of 5 beyond 1": _seen(scored > 1, 5, 4) | _seen(scored < -1, 5, 4),
        "15 within 1": _seen(size < 1, 15),
        "8 beyond 1": _seen(size > 1, 8),
        "8 on one side": _seen(up, 8) | _seen(down, 8),
    })  # fmt: skip


def hints(scored: Floats, recent: int = 5) -> tuple[str, ...]:
    """Run rules met at one of the last points; no alarms."""
    found = run_rules(scored) if len(scored) > recent else {}
    return tuple(name for name, met in found.items() if name != "beyond 3" and met[-recent:].any())


def _seen(flag: Flags, among: int, least: int | None = None) -> Flags:
    """Points that are flagged and close a window of ``among`` points with at least ``least`` flags (all by default)."""
    total = np.convolve(flag.astype(np.int64), np.ones(among, np.int64))[: len(flag)]
    return np.asarray(flag & (total >= (least or among)))
