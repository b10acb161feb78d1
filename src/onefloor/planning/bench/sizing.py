"""The smallest classes that keep the chance of a shortage of a skill below the risk.

The futures are the same for every plan that is tried, and the people of a class are the first of one row of candidates:
one more never makes a future worse, so that the smallest size is found by halving.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from onefloor.insight.attrition.leaving import Drawn, futures, hazard, present
from onefloor.planning.bench.problem import BenchProblem, Chances, Floats, Parameters, Plan, TrainingClass

Works = NDArray[np.bool_]
Counts = NDArray[np.int16]
QUANTILES = (0.025, 0.25, 0.5, 0.75, 0.975)
NEAR = 1e-9


@dataclass(frozen=True, slots=True)
class _Candidates:
    """One class: what a newcomer counts for on each day, and how many of the first seats work on which day in which
    future, (days, futures) for every number of seats so far looked at."""

    weight: Floats
    seat: Callable[[int], Works]
    counted: list[Counts]

    def heads(self, size: int) -> Floats:
        """The people of the first ``size`` seats; at least one."""
        while len(self.counted) < size:
            place = len(self.counted)
            before = self.counted[-1] if place else 0
            self.counted.append((self.seat(place) + before).astype(np.int16))
        return np.asarray(self.counted[size - 1] * self.weight[:, None])


@dataclass(frozen=True, slots=True)
class _Trial:
    """Everything that trying a plan needs."""

    problem: BenchProblem
    parameters: Parameters
    alone: Floats
    candidates: tuple[_Candidates, ...]
    windows: tuple[NDArray[np.bool_], ...]

    def heads(self, sizes: Sequence[int]) -> Floats:
        total = self.alone.copy()
        for one, size in zip(self.candidates, sizes, strict=True):
            if size:
                total += one.heads(size)
        return total

    def chances(self, sizes: Sequence[int]) -> Chances:
        return shortage(self.heads(sizes), self.problem.need, self.parameters.level)

    def safe(self, sizes: Sequence[int], days: NDArray[np.bool_]) -> bool:
        """Whether the risk is kept on those days, and not by the luck of what was drawn."""
        return bool((self.chances(sizes).high[days] <= self.parameters.risk).all())


def shortage(heads: Floats, need: Floats, level: float) -> Chances:
    """The share of futures with fewer heads than needed, by day, with the interval of Clopper & Pearson (1934)."""
    short = (heads < need[:, None] - NEAR).sum(axis=1).astype(float)
    size = heads.shape[1]
    tail = (1 - level) / 2
    with np.errstate(invalid="ignore"):
        low = np.where(short > 0, betaincinv(np.maximum(short, 1), size - short + 1, tail), 0.0)
        high = np.where(short < size, betaincinv(short + 1, np.maximum(size - short, 1), 1 - tail), 1.0)
    return Chances(short / size, low, high)


def solve(problem: BenchProblem, parameters: Parameters | None = None, seed: int = 1) -> Plan:
    """The smallest classes that keep the risk: each holds until the next one is ready, the last until the end.

    A class that would be larger than a room takes what is missing into the one before it. What then proves superfluous
    is taken away again, so that no class can lose a person without breaking the risk (or its least size).

    Args:
        problem: the skill.
        parameters: the risk and the limits of a class.
        seed: of the futures; equal seeds give equal plans.
    """
    parameters = parameters or Parameters()
    trial = _trial(problem, parameters, seed)
    sizes = [0] * len(trial.candidates)
    for place in range(len(sizes)):
        _fill(trial, sizes, place)
    _trim(trial, sizes)
    return _plan(trial, sizes)


def _trial(problem: BenchProblem, parameters: Parameters, seed: int) -> _Trial:
    horizon = int(problem.days[-1])
    drawn = futures(problem.known, horizon, parameters.futures, np.random.default_rng([seed, 0]))
    alone = present(drawn, problem.people, problem.days, np.random.default_rng([seed, 1]))
    share = problem.training.drawn(np.random.default_rng([seed, 2]), parameters.futures)
    ready = [begins + problem.training.lead for begins in _in_time(problem)]
    candidates = tuple(_candidates(problem, drawn, share, day, (seed, 3, place)) for place, day in enumerate(ready))
    ends = [*ready[1:], horizon + 1][: len(ready)]
    windows = tuple((problem.days >= day) & (problem.days < end) for day, end in zip(ready, ends, strict=True))
    return _Trial(problem, parameters, alone, candidates, windows)


def _in_time(problem: BenchProblem) -> list[int]:
    """The class days whose people are ready by the last day."""
    return sorted(day for day in set(problem.class_days) if day + problem.training.lead <= problem.days[-1])


def _candidates(problem: BenchProblem, drawn: Drawn, share: Floats, ready: int, seed: Sequence[int]) -> _Candidates:
    grown = hazard(drawn, problem.newcomers, float(problem.training.lead), problem.days, ready)
    there = (problem.days >= ready)[:, None]

    def seat(place: int) -> Works:
        chance = np.random.default_rng([*seed, place])
        qualified = chance.random(drawn.size) < share
        stays = chance.exponential(size=drawn.size)[None, :] > grown
        return np.asarray(stays & qualified[None, :] & there)

    new = problem.days < ready + problem.training.ramp
    return _Candidates(np.where(new, problem.training.ramp_share, 1.0), seat, [])


def _fill(trial: _Trial, sizes: list[int], place: int) -> None:
    """Make class ``place`` as large as its own days need; what does not fit goes into those before it."""
    window, most = trial.windows[place], trial.parameters.most
    for one in range(place, -1, -1):
        if trial.safe(sizes, window):
            return
        sizes[one] = _smallest(sizes[one], most, lambda size, one=one: trial.safe(_with(sizes, one, size), window))  # type: ignore[misc]
        sizes[one] = max(sizes[one], trial.parameters.least)


def _smallest(low: int, high: int, enough: Callable[[int], bool]) -> int:
    """The smallest number from ``low`` that is enough; ``high`` if none is."""
    while low < high:
        middle = (low + high) // 2
        if enough(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _with(sizes: Sequence[int], place: int, size: int) -> list[int]:
    return [*sizes[:place], size, *sizes[place + 1 :]]


def _trim(trial: _Trial, sizes: list[int]) -> None:
    """Take away what later classes made superfluous; a class that helps on a day still above the risk stays full."""
    kept = _met(trial, sizes)
    unmet = np.flatnonzero(np.any(trial.windows, axis=0) & ~kept) if trial.windows else np.zeros(0, np.int64)
    for place in range(len(sizes)):
        helps = len(unmet) > 0 and np.argmax(trial.windows[place]) <= unmet[-1]
        if not sizes[place] or helps:
            continue
        if trial.safe(_with(sizes, place, 0), kept) and _met(trial, _with(sizes, place, 0)).sum() >= kept.sum():
            sizes[place] = 0
            continue
        sizes[place] = _smallest(
            min(trial.parameters.least, sizes[place]),
            sizes[place],
            lambda size, place=place: trial.safe(_with(sizes, place, size), kept),  # type: ignore[misc]
        )


def _met(trial: _Trial, sizes: Sequence[int]) -> NDArray[np.bool_]:
    """The days that a class can help on and that keep the risk."""
    helped = np.any(trial.windows, axis=0) if trial.windows else np.zeros(len(trial.problem.days), dtype=bool)
    return np.asarray((trial.chances(sizes).high <= trial.parameters.risk) & helped)


def _plan(trial: _Trial, sizes: Sequence[int]) -> Plan:
    problem, heads = trial.problem, trial.heads(sizes)
    begins = _in_time(problem)
    classes = tuple(
        TrainingClass(day, day + problem.training.lead, size) for day, size in zip(begins, sizes, strict=True)
    )
    helped = np.any(trial.windows, axis=0) if trial.windows else np.zeros(len(problem.days), dtype=bool)
    short = heads[helped] < problem.need[helped, None] - NEAR
    unmet = helped & ~_met(trial, sizes)
    return Plan(
        problem=problem,
        parameters=trial.parameters,
        classes=classes,
        without=trial.chances([0] * len(sizes)),
        with_classes=trial.chances(sizes),
        heads=np.quantile(heads, QUANTILES, axis=1, method="inverted_cdf"),
        alone=np.quantile(trial.alone, QUANTILES, axis=1, method="inverted_cdf"),
        from_day=classes[0].ready if classes else None,
        unmet=tuple(problem.days[unmet].tolist()),
        ever=float(short.any(axis=0).mean()) if helped.any() else 0.0,
    )
