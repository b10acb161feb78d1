"""The inverse problems: fewest agents for a target, most load for agents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from onefloor.language import Text
from onefloor.planning.erlang import kernel
from onefloor.planning.erlang.queues import FORMULAS
from onefloor.planning.erlang.traffic import MOST_AGENTS, S_PER_HOUR, Floats, Ints, Traffic, together, whole_agents
from onefloor.problems import Problem

Measure = Literal["service_level", "asa", "abandonment", "occupancy", "p_wait"]
KINDS: dict[str, int] = {
    "service_level": kernel.BY_LEVEL, "asa": kernel.BY_WAIT, "abandonment": kernel.BY_ABANDON,
    "occupancy": kernel.BY_OCCUPANCY, "p_wait": kernel.BY_P_WAIT,
}  # fmt: skip


class BadGoal(Problem):
    """A goal that no number of agents can reach, or any number does."""

    def __init__(self, measure: str, bound: float) -> None:
        expected = (
            Text("须为大于 0 的秒数。", "It has to be seconds above 0.")
            if measure == "asa"
            else Text("须大于 0% 且小于 100%。", "It has to lie above 0 % and below 100 %.")
        )
        super().__init__(
            Text(f"{measure} 的目标 {bound:g} 无法采用。", f"{bound:g} is no target of {measure}."), remedy=expected
        )


class OutOfReach(Problem):
    """Not even the largest number of agents that is tried meets a goal."""

    def __init__(self, place: int | None) -> None:
        at = Text("", "") if place is None else Text(f"第 {place + 1} 个时段：", f"Interval {place + 1}: ")
        super().__init__(
            Text(
                f"{at.zh}{MOST_AGENTS:,} 名坐席也达不到目标。",
                f"{at.en}not even {MOST_AGENTS:,} agents reach the target.",
            ),
            remedy=Text("请检查话务量、处理时长和目标。", "Check calls, handling time and target."),
        )


@dataclass(frozen=True, slots=True)
class Goal:
    """What a queue has to reach.

    ``service_level`` (share, at least, within ``within_s``, by ``formula``), ``asa`` (seconds that answered callers
    waited, at most), ``abandonment``, ``occupancy``, ``p_wait`` (shares, at most).

    Raises:
        BadGoal.
    """

    measure: Measure
    bound: float
    within_s: float = 20.0
    formula: str = "F3"

    def __post_init__(self) -> None:
        above = self.bound < (np.inf if self.measure == "asa" else 1.0)
        if self.measure not in KINDS or self.formula not in FORMULAS or not (self.bound > 0 and above):
            raise BadGoal(self.measure, self.bound)
        if not (0 <= self.within_s < np.inf):
            raise BadGoal("within", self.within_s)

    @property
    def coded(self) -> tuple[int, float, int]:
        """Measure, bound and formula as the loops take them."""
        return KINDS[self.measure], float(self.bound), FORMULAS.index(self.formula) + 1


def least_agents(traffic: Traffic, goal: Goal) -> Ints:
    """Fewest agents with which each interval meets a goal; 0 where nobody calls.

    Raises:
        OutOfReach.

    >>> least_agents(Traffic(200, 180), Goal("service_level", 0.80, within_s=20)).tolist()
    14
    >>> least_agents(Traffic([0, 200, 2880], [180, 180, 60], 300), Goal("abandonment", 0.02)).tolist()
    [0, 14, 51]
    """
    shape = traffic.calls.shape
    parts = (traffic.calls / S_PER_HOUR, 1 / traffic.handling_s, 1 / traffic.patience_s)
    rates = np.stack([np.ravel(part) for part in parts], axis=1)
    found = np.empty(len(rates), dtype=np.int64)
    kind, bound, formula = goal.coded
    kernel.fewest(rates, float(goal.within_s), kind, bound, formula, MOST_AGENTS, found)
    if (found < 0).any():
        raise OutOfReach(int(np.argmax(found < 0)) if shape else None)
    return found.reshape(shape)


def least_agents_for(traffic: Traffic, goals: tuple[Goal, ...]) -> Ints:
    """Fewest agents that meet all goals at once.

    Raises:
        OutOfReach.
    """
    return np.asarray(np.max([least_agents(traffic, goal) for goal in goals], axis=0), dtype=np.int64)


def most_calls(handling_s: ArrayLike, patience_s: ArrayLike, agents: ArrayLike, goal: Goal) -> Floats:
    """Most calls an hour that agents carry within a goal; 0 without agents.

    Raises:
        BadTraffic, ShapesDiffer.

    >>> float(most_calls(180, np.inf, 14, Goal("service_level", 0.80)).round(1))
    217.4
    """
    sized = Traffic(0.0, handling_s, patience_s)
    parts = together(1 / sized.handling_s, 1 / sized.patience_s, whole_agents(agents))
    rates = np.stack([part.ravel() for part in parts], axis=1)
    found = np.empty(len(rates))
    kind, bound, formula = goal.coded
    kernel.most_loads(rates, float(goal.within_s), kind, bound, formula, found)
    return np.asarray((found * rates[:, 0] * S_PER_HOUR).reshape(parts[0].shape))


def positions(agents: ArrayLike, shrinkage: ArrayLike) -> Ints:
    """People to plan for so many at their desks when a share of them is away: rounded up.

    >>> positions(14, 0.30).tolist()
    20
    """
    there, away = together(agents, shrinkage)
    exact = there / (1 - away)
    # 14 / (1 - 0.3) is 20.000000000000004 in doubles: what is whole but for rounding stays whole.
    return np.ceil(exact - 1e-9 * np.maximum(1.0, exact)).astype(np.int64)
