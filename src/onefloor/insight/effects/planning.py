"""How long until we could see it: power before the action begins.

The outcome is the mean of some periods given the mean of some periods before (analysis of covariance; Frison and
Pocock 1992), with the variances found on the floor: between agents, and from one period to the next. Agents buy
power, contacts and months only until the spread between agents is all that is left.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import stats

from onefloor.insight.effects.panel import Spread
from onefloor.insight.finding import LEVEL

POWER = 0.8
LONGEST = 36  # periods


@dataclass(frozen=True, slots=True)
class Plan:
    """What could be seen. Effects are in the unit of the quotients.

    ``visible[m - 1]`` is the least effect seen with ``power`` after m periods; ``periods`` how many it takes to see
    ``wanted``, None if that never comes; ``helped_needed`` how many helped agents would do it in ``within`` periods,
    the others in proportion, None if more than a thousand times as many.
    """

    helped: int
    others: int
    wanted: float
    power: float
    visible: tuple[float, ...]
    periods: int | None
    within: int
    helped_needed: int | None


def plan(spread: Spread, rows: float, groups: tuple[int, int], wanted: float, before: int, within: int = 3) -> Plan:
    """What so many helped and other agents could show.

    Args:
        spread: variances between agents and within an agent, per row.
        rows: rows of an agent in a period.
        groups: helped and other agents; both at least 2.
        wanted: the effect one wants to see; above 0.
        before: periods of history that are compared.
        within: the periods in which ``helped_needed`` should do.
    """
    visible = tuple(least_visible(spread, rows, groups, before, after) for after in range(1, LONGEST + 1))
    periods = next((number for number, one in enumerate(visible, 1) if one <= wanted), None)
    return Plan(*groups, wanted, POWER, visible, periods, within, _needed(spread, rows, groups, wanted, before, within))


def least_visible(spread: Spread, rows: float, groups: tuple[int, int], before: int, after: int) -> float:
    """The effect seen with ``POWER``: (t of the level + t of the power) errors."""
    df = sum(groups) - 3
    if df < 1:
        return math.inf
    error = math.sqrt(left_over(spread, rows, before, after) * (1 / groups[0] + 1 / groups[1]))
    return float((stats.t.ppf((1 + LEVEL) / 2, df) + stats.t.ppf(POWER, df)) * error)


def left_over(spread: Spread, rows: float, before: int, after: int) -> float:
    """The variance of an agent's mean of ``after`` periods given that of ``before`` periods."""
    noise = spread.wobble + spread.within / rows
    total = spread.between + noise / after
    if not spread.between or not before:
        return total
    return total - spread.between**2 / (spread.between + noise / before)


def _needed(
    spread: Spread, rows: float, groups: tuple[int, int], wanted: float, before: int, within: int
) -> int | None:
    for factor in (step / 20 for step in range(1, 20_001)):
        size = max(2, math.ceil(groups[0] * factor)), max(2, math.ceil(groups[1] * factor))
        if least_visible(spread, rows, size, before, within) <= wanted:
            return size[0]
    return None
