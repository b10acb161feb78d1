"""Looking while it runs: intervals that hold at every look, however often one looks.

A fixed 95 % interval that is looked at weekly for a year says "it helped" of nothing in a quarter of all years. The
normal-mixture confidence sequence (Robbins 1970; Howard, Ramdas, McAuliffe and Sekhon 2021, equation 14) holds at all
looks together; for figures whose spread is estimated it is the asymptotic one of Waudby-Smith, Arbour, Sinha, Kennedy
and Ramdas (2021), which wants ``LEAST`` people in each arm before the first look. An estimate that gathers rows moves
like a Brownian motion in its information 1 / error^2 (Jennison and Turnbull 1997), which is why agents who stay the
same from week to week may be looked at too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from onefloor.insight.effects.found import Found, Mixture
from onefloor.insight.effects.found import half_widths as half_widths
from onefloor.insight.finding import LEVEL, Estimate

LEAST = 30
"""People in each arm before the first look."""
PLAN = 2.0
"""The boundary is tightest when the information is this many times that of the first look."""


def rho_for(information: float, level: float = LEVEL) -> float:
    """The mixture's parameter that makes the boundary tightest at that information (Howard et al. 2021, section 3.5).

    >>> round(rho_for(50.0), 1)
    6.3
    """
    twice = -2 * math.log(1 - level)
    return information / (twice + math.log(twice + 1))


def rho_of(first: Found, level: float = LEVEL) -> float:
    """The parameter of a sequence that begins with this look."""
    return rho_for(PLAN / first.error**2, level)


@dataclass(frozen=True, slots=True)
class Look:
    """One look: the period after which it was taken, the estimate, and the interval that holds at all looks."""

    period: str
    value: float
    interval: Estimate


def sequence(found: Sequence[tuple[str, Found]], level: float = LEVEL) -> list[Look]:
    """Every look in order; an interval is never wider than those before it allow, and never contradicts them silently.

    ``found`` are the estimates after each period that had enough people. Intervals are those of each look itself; the
    running intersection is left out on purpose, because an estimate outside it would look like a mistake.
    """
    if not found:
        return []
    rho = rho_of(found[0][1], level)
    return [Look(period, one.value, always_valid(one, rho).interval(level)) for period, one in found]


def always_valid(found: Found, rho: float) -> Found:
    """The same estimate with the boundary that holds at every look."""
    return replace(found, chance=Mixture(1 / found.error**2, rho))
