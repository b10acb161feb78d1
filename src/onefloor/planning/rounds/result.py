"""The answer: rosters round by round, the best of them, and how it stands on chance that no round has seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from onefloor.planning.pools.levels import Levels
from onefloor.planning.rostering.result import Result as Plan
from onefloor.planning.rounds.judging import Judgement, Standing
from onefloor.planning.rounds.problem import POINT, Rounds

ALLOWED = 0.05  # share of intervals that may be short


@dataclass(frozen=True, slots=True)
class State:
    """A roster of one round, its levels (K, P) in that round's simulation, and how many intervals are off there.

    ``short`` intervals lie more than a point below the target, ``lower`` ones above it with needs that the looks so far
    say are too high; ``below`` adds up how far levels lie below the target.
    """

    plan: Plan
    seen: Levels
    short: int
    lower: int
    below: float

    @property
    def off(self) -> int:
        """Intervals that are off."""
        return self.short + self.lower

    def order(self, judged: int) -> tuple[float, ...]:
        """What the best state has least of: short intervals beyond one in twenty of those ``judged``, then intervals
        that are off, then what is below, then cost without what is missing."""
        score = self.plan.score
        return max(0.0, self.short - ALLOWED * judged), self.off, self.below, score.total - score.missing


@dataclass(frozen=True, slots=True)
class Answer:
    """The states in order and which is best; on fresh chance levels of the first (K, P), and how the best stands."""

    asked: Rounds
    states: tuple[State, ...]
    best: int
    before: Levels
    after: Judgement
    seconds: float
    fresh: int
    seed: int

    @property
    def plan(self) -> Plan:
        """The best roster, as ``rostering`` answers it; its problem has the needs that the rounds led to."""
        return self.states[self.best].plan

    @property
    def short_before(self) -> int:
        """Intervals in which the first roster lay more than a point below the target, on the same fresh chance."""
        return int((self.asked.judged & (self.before.value < self.asked.level - POINT)).sum())

    def as_json(self) -> dict[str, Any]:
        """Plain data: rounds, and how the intervals stand before and after."""
        return {
            "target": self.asked.level,
            "best_round": self.best,
            "rounds": [
                {
                    "round": number, "short": state.short, "lower": state.lower, "cost": state.plan.score.total,
                    "paid_hours": state.plan.score.paid_hours, "needed_hours": hours(state.plan),
                }
                for number, state in enumerate(self.states)
            ],
            "short_before": self.short_before,
            "after": standings(self.after),
            "replications": self.fresh,
            "seed": self.seed,
        }  # fmt: skip


def hours(plan: Plan) -> float:
    """Agent hours that a plan's needs ask for."""
    return float(plan.problem.needs.sum()) / plan.problem.per_hour


def standings(one: Judgement) -> dict[str, Any]:
    """A judgement as plain data."""
    return {
        "intervals": one.judged,
        **{standing.value: one.count(standing) for standing in Standing},
        "uncovered": int(one.uncovered.sum()),
        "held": round(one.held, 6),
        "standard_error": round(one.error, 6),
    }
