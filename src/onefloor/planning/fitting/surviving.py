"""How long customers wait when many are answered first: the Kaplan-Meier curve and the rate of leaving by seconds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrc

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
LEAST_PEAK = 1.5
"""Fewer times as many as around are not worth a word."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A Kaplan-Meier curve: after each of ``times`` that share is still willing to wait.

    ``error`` is Greenwood's standard error, ``at_risk`` how many still waited just before.
    """

    times: Floats
    surviving: Floats
    error: Floats
    at_risk: Floats

    def at(self, times: Floats | float) -> Floats:
        """The share still waiting after each time."""
        place = np.searchsorted(self.times, times, side="right")
        return np.asarray(np.append(1.0, self.surviving)[place])

    def quantile(self, share: float) -> float | None:
        """The first time at which that share has left; None if so many were never seen to leave."""
        left = np.flatnonzero(self.surviving <= 1 - share)
        return float(self.times[left[0]]) if len(left) else None


def kaplan_meier(waits: Floats, left: Flags) -> Curve:
    """The product-limit estimate (Kaplan and Meier 1958) with Greenwood's error (1926).

    Who was answered would have waited longer: the answer censors. At equal times leaving comes before answering.

    Args:
        waits: how long each waited.
        left: whether the customer gave up then; else the wait ended otherwise.

    >>> kaplan_meier(np.array([1.0, 2.0, 2.0, 3.0]), np.array([True, True, False, False])).surviving.tolist()
    [0.75, 0.5]
    """
    times, events = np.unique(waits[left], return_counts=True)
    at_risk = len(waits) - np.searchsorted(np.sort(waits), times, side="left")
    steps = 1 - events.astype(float) / at_risk
    surviving = np.cumprod(steps).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.cumsum(np.where(at_risk > events, events / (at_risk * (at_risk - events)), 0.0))
    return Curve(times, surviving, np.asarray(surviving * np.sqrt(spread), np.float64), at_risk.astype(float))


@dataclass(frozen=True, slots=True)
class Peak:
    """Seconds in which several times as many leave as in those around: an announcement, or a limit."""

    start: float
    end: float
    times_as_many: float
    left: int


def exposure(waits: Floats, edges: Floats) -> Floats:
    """Seconds waited by all between each two edges."""
    return np.asarray([np.clip(waits, low, high).sum() - low * len(waits) for low, high in _pairs(edges)])


def _pairs(edges: Floats) -> list[tuple[float, float]]:
    return list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))


def peaks(waits: Floats, left: Flags, width: float = 5.0, around: int = 4, chance: float = 0.01) -> list[Peak]:
    """Where the rate of leaving jumps: bins with a higher rate than those before and than those after, beyond chance.

    Given how many leave in a bin and ``around`` bins on one side, those in the bin are binomial with its share of the
    waiting (the exact comparison of two Poisson rates, Przyborowski and Wilenski 1940). Both sides have to say so, and
    ``chance`` is shared by all bins (Bonferroni): a rate that only rises or falls is no peak.
    """
    end = float(np.quantile(waits, 1 - min(200 / len(waits), 1.0))) if len(waits) else 0.0
    edges = np.arange(0.0, end + width, width)
    seconds, events = exposure(waits, edges), np.histogram(waits[left], edges)[0].astype(float)
    found = []
    for place in range(1, len(events) - 1):
        sides = (slice(max(0, place - around), place), slice(place + 1, place + 1 + around))
        pairs = [(float(events[side].sum()), float(seconds[side].sum())) for side in sides]
        if all(_higher(events[place], seconds[place], pair, chance / len(events)) for pair in pairs):
            usual = sum(one for one, _ in pairs) / sum(waited for _, waited in pairs) * seconds[place]
            found.append(
                Peak(float(edges[place]), float(edges[place + 1]), float(events[place] / usual), int(events[place]))
            )
    return [one for one in found if one.times_as_many >= LEAST_PEAK]


def _higher(events: float, seconds: float, near: tuple[float, float], chance: float) -> bool:
    """Whether the rate here is above that of a neighbourhood where some left, too."""
    others, waited = near
    if not others or not seconds:
        return False
    return bool(bdtrc(events - 1, int(events + others), seconds / (seconds + waited)) < chance)
