"""A planned roster with its cost, the bound it is measured by, and what explains it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from onefloor.planning.rostering.arrays import Prices
from onefloor.planning.rostering.checking import Breach, at_desk, breaches
from onefloor.planning.rostering.clock import Duty, duties_of
from onefloor.planning.rostering.presence import Lapse, lapses
from onefloor.planning.rostering.problem import Problem, Roster
from onefloor.planning.rostering.scoring import Score, paid_hours, score


@dataclass(frozen=True, slots=True)
class Start:
    """Where a search may begin: a roster, and the prices it was found by where they are known."""

    roster: Roster
    prices: Prices | None = None


@dataclass(frozen=True)
class Result:
    """What ``solve`` found.

    ``cost`` is the engine's own; ``score.total`` counts it anew. ``bound`` is what no roster can cost less than.
    """

    problem: Problem
    roster: Roster
    cost: float
    bound: float
    seconds: float
    rounds: int
    seed: int
    prices: Prices | None = field(default=None, repr=False)

    @property
    def start(self) -> Start:
        """This roster with its prices, for ``solve`` to begin with when something has changed."""
        return Start(self.roster, self.prices)

    @property
    def gap(self) -> float:
        """How far the cost may be above the least possible, as a share of the bound; 0 where the bound is 0."""
        return (self.cost - self.bound) / self.bound if self.bound > 0 else 0.0

    @cached_property
    def breaches(self) -> list[Breach]:
        """What the independent checker has against it: nothing."""
        return breaches(self.problem, self.roster)

    @cached_property
    def score(self) -> Score:
        """The cost counted anew, part by part."""
        return score(self.problem, self.roster)

    def duties(self, row: int) -> list[Duty]:
        """The worked days of an agent."""
        return duties_of(self.problem, self.roster, row)

    @cached_property
    def lapses(self) -> list[Lapse]:
        """Seats, minimum presence and key posts that are not kept."""
        found = lapses(self.problem, at_desk(self.problem, self.roster))
        return [one for one in found if one.people.any()]

    @cached_property
    def hours(self) -> dict[str, float]:
        """Paid hours by company."""
        return paid_hours(self.problem, [self.duties(row) for row in range(len(self.problem.agents))])

    @cached_property
    def present(self) -> NDArray[np.int64]:
        """Agents at the desk in each interval."""
        found: NDArray[np.int64] = at_desk(self.problem, self.roster).sum(axis=0)
        return found


@dataclass(frozen=True, slots=True)
class Spread:
    """How something is divided among people: least, most, mean, and the Gini coefficient (0: all the same)."""

    least: int
    most: int
    mean: float
    gini: float


def spread(numbers: NDArray[np.int64]) -> Spread:
    """The spread of whole numbers of 0 or more.

    >>> import numpy as np
    >>> spread(np.array([1, 1, 1, 1])).gini, spread(np.array([0, 0, 0, 4])).gini
    (0.0, 0.75)
    """
    if not len(numbers):
        return Spread(0, 0, 0.0, 0.0)
    ordered, total = np.sort(numbers), int(numbers.sum())
    rank = np.arange(1, len(ordered) + 1)
    gini = 0.0 if total == 0 else float(((2 * rank - len(ordered) - 1) * ordered).sum() / (len(ordered) * total))
    return Spread(int(ordered[0]), int(ordered[-1]), float(numbers.mean()), gini)


def fairness(result: Result) -> dict[str, Spread]:
    """Nights and weekend days, spread over those who have a contract with such shifts."""
    duties = [result.duties(row) for row in range(len(result.problem.agents))]
    nightly = {
        contract.id: any(duty.night for held, agent in zip(duties, result.problem.agents, strict=True)
                         if agent.contract == contract.id for duty in held)
        for contract in result.problem.contracts
    }  # fmt: skip
    able = [held for held, agent in zip(duties, result.problem.agents, strict=True) if nightly[agent.contract]]
    return {
        "nights": spread(np.array([sum(duty.night for duty in held) for held in able], dtype=np.int64)),
        "weekends": spread(
            np.array([sum(duty.day.weekday() >= 5 for duty in held) for held in duties], dtype=np.int64)
        ),
    }
