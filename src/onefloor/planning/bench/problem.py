"""What a plan of training classes is made for, and what it answers with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onefloor.insight.attrition.leaving import People
from onefloor.insight.attrition.rates import Rates
from onefloor.language import Text
from onefloor.problems import Problem

Floats = NDArray[np.float64]
Days = NDArray[np.int64]

MOST_SEATS, MOST_CLASSES = 500, 60


class BadBench(Problem):
    """A bench that cannot be planned."""

    def __init__(self, what: Text, remedy: Text) -> None:
        super().__init__(what, remedy=remedy)


@dataclass(frozen=True, slots=True)
class Training:
    """How people get a skill: ``lead`` days from the first day of class to the first contact, and who gets there.

    ``passed`` of ``begun``: those who began and qualified in the end, drop-outs among the others; ``sure`` if that is
    the share itself rather than what was seen of it. In the ``ramp`` days after it a newcomer counts as ``ramp_share``.
    """

    lead: int = 30
    passed: float = 0.85
    begun: float = 1.0
    sure: bool = True
    ramp: int = 0
    ramp_share: float = 1.0

    @property
    def share(self) -> float:
        """The expected share that qualifies."""
        return self.passed / self.begun

    def drawn(self, chance: np.random.Generator, size: int) -> Floats:
        """The share as it may be: beta with Jeffreys' prior (1/2, 1/2) where only counts are known."""
        if self.sure:
            return np.full(size, self.share)
        return chance.beta(self.passed + 0.5, self.begun - self.passed + 0.5, size)


@dataclass(frozen=True, slots=True)
class BenchProblem:
    """One skill: who has it, how people leave, what is needed, and when classes may begin. Days count from today (0).

    ``need`` people (full ones, see ``Training``) on each of ``days``; classes may begin on ``class_days``; their people
    leave like ``newcomers`` (a cohort of the rates) who have been there ``lead`` days when they qualify.
    """

    known: Rates
    people: People
    days: Days
    need: Floats
    class_days: tuple[int, ...]
    training: Training = Training()
    newcomers: int = 0

    def __post_init__(self) -> None:
        if len(self.days) != len(self.need) or not len(self.days) or (np.diff(self.days) <= 0).any():
            raise BadBench(
                Text(
                    "检查日须逐日递增，且与需求一一对应。",
                    "Days have to be in order, each with its need.",
                ),
                Text("请至少给一个检查日。", "Give at least one day."),
            )
        if len(set(self.class_days)) > MOST_CLASSES:
            raise BadBench(
                Text(f"班次多于 {MOST_CLASSES} 个。", f"There are more than {MOST_CLASSES} classes."),
                Text("请加大开班间隔，或缩短期限。", "Let more days pass between classes, or look less far ahead."),
            )


@dataclass(frozen=True, slots=True)
class Parameters:
    """What is accepted and what a class may be.

    ``risk``: the chance of a shortage that is accepted on any day that a class can still help. ``least`` and ``most``
    people in a class (or none); ``futures`` drawn; ``level`` of the intervals of what is drawn.
    """

    risk: float = 0.05
    least: int = 1
    most: int = 40
    futures: int = 10_000
    level: float = 0.95

    def __post_init__(self) -> None:
        if not (0 < self.risk < 1 and 1 <= self.least <= self.most <= MOST_SEATS and self.futures >= 100):
            raise BadBench(
                Text("参数不在范围内。", "A parameter is out of range."),
                Text(
                    f"风险在 0 与 100% 之间；每班 1 至 {MOST_SEATS} 人，下限不超过上限；至少 100 种未来。",
                    f"Risk between 0 and 100 %; a class has 1 to {MOST_SEATS} people, least no more than most; 100 "
                    "futures or more.",
                ),
            )


@dataclass(frozen=True, slots=True)
class Chances:
    """Chances of a shortage on each day, with the interval of what is drawn; shape (days,)."""

    value: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class TrainingClass:
    """A class: the day it begins, the day its people are ready, how many begin."""

    begins: int
    ready: int
    size: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The classes, and what becomes of the heads without and with them.

    ``heads`` and ``alone`` (without classes) are the 2.5, 25, 50, 75 and 97.5 percent quantiles, shape (5, days).
    ``from_day``: the first day that a class can help; earlier shortages no class prevents. ``unmet`` days stay above
    the risk although the classes are full. ``ever``: the chance of a shortage on any day from then on.
    """

    problem: BenchProblem
    parameters: Parameters
    classes: tuple[TrainingClass, ...]
    without: Chances
    with_classes: Chances
    heads: Floats
    alone: Floats
    from_day: int | None
    unmet: tuple[int, ...]
    ever: float

    @property
    def size(self) -> int:
        """People to be trained in all."""
        return sum(one.size for one in self.classes)

    @property
    def too_late(self) -> tuple[int, ...]:
        """Days before the first class is ready on which the risk is exceeded."""
        days, over = self.problem.days, self.without.value > self.parameters.risk
        before = days < (self.from_day if self.from_day is not None else days[-1] + 1)
        return tuple(days[over & before].tolist())
