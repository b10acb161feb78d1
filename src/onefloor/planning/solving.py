"""What all solvers share: when to stop, and how they tell where they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Clock = Callable[[], float]  # seconds; time.monotonic where a solver is called, a made-up one in tests


@dataclass(frozen=True, slots=True)
class Stop:
    """When to stop: at the first of the limits that are given. None of them: when there is nothing left to do.

    ``seconds`` of the clock, ``rounds`` of the solver, ``gap`` between best and bound as a share of the bound.

    >>> Stop(seconds=60, gap=0.005).reached(seconds=12.0, rounds=3, gap=0.004)
    True
    """

    seconds: float | None = None
    rounds: int | None = None
    gap: float | None = None

    def reached(self, seconds: float, rounds: int, gap: float | None = None) -> bool:
        """Whether a solver that has come this far should stop."""
        return (
            (self.seconds is not None and seconds >= self.seconds)
            or (self.rounds is not None and rounds >= self.rounds)
            or (self.gap is not None and gap is not None and gap <= self.gap)
        )


@dataclass(frozen=True, slots=True)
class Step:
    """Where a solver is: its best result so far and what no result can beat, both in the problem's cost."""

    seconds: float
    round: int
    best: float | None = None
    bound: float | None = None

    @property
    def gap(self) -> float | None:
        """How far the best may be from the optimum, as a share of the bound; None where that is not known."""
        if self.best is None or self.bound is None or self.bound == 0:
            return None
        return (self.best - self.bound) / abs(self.bound)


Progress = Callable[[Step], None]  # called by solvers, at most a few times a second


def silent(step: Step) -> None:
    """Progress that nobody wants to see."""
