"""Solving a roster: prices first, then best responses, then a heat bath; the best state ever seen is the answer.

Several searches run side by side with different seeds, each on a cover of its own; the compiled loops let threads run
at once. With a time limit the steps are stretched over it; without one, ``Parameters`` count them, and equal seeds then
give equal rosters.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from onefloor.planning.rostering.annealing import anneal
from onefloor.planning.rostering.arrays import Cover, Prices, Scratch, Task, Tours, empty_cover, empty_tours, scratch
from onefloor.planning.rostering.conflicts import NoRoster, impossible
from onefloor.planning.rostering.layout import constant_cost, laid_out
from onefloor.planning.rostering.passes import cost, respond_all
from onefloor.planning.rostering.prices import bound_of_all, climb
from onefloor.planning.rostering.problem import Problem
from onefloor.planning.rostering.result import Result
from onefloor.planning.solving import Clock, Progress, Step, Stop, silent

ROUNDING = 1e-9  # what sums of so many numbers may be off, as a share


@dataclass(frozen=True, slots=True)
class Parameters:
    """How the time is divided, and how a search cools.

    ``hot`` and ``cold`` are temperatures as shares of what a missing agent-interval costs; ``share`` is that of prices
    in the values at the beginning, which falls to 0. ``price_rounds`` and ``sweeps`` (as many draws as there are agents
    and days) count where no time limit is given.
    """

    searches: int = 2
    price_share: float = 0.35
    price_rounds: int = 1500
    passes: int = 5
    sweeps: int = 100
    share: float = 0.95
    hot: float = 0.125
    cold: float = 0.025


@dataclass(slots=True)
class _Search:
    """One search: its state, and the best it has seen."""

    cover: Cover
    tours: Tours
    room: Scratch
    counter: np.ndarray
    rng: np.random.Generator
    best: float
    kept: Tours


def solve(
    problem: Problem,
    parameters: Parameters | None = None,
    stop: Stop | None = None,
    seed: int = 0,
    *,
    clock: Clock = time.monotonic,
    progress: Progress = silent,
) -> Result:
    """Plan a roster.

    Raises:
        NoRoster: the rules leave an agent no tour; it names a smallest set of conflicting demands.
    """
    asked, limit = parameters or Parameters(), stop or Stop()
    if conflict := impossible(problem):
        raise NoRoster(conflict)
    began = clock()

    def elapsed() -> float:
        return clock() - began

    layout = laid_out(problem)
    constant = constant_cost(problem)
    priced = climb(layout.task, _price_clock(asked, limit, elapsed, progress, constant))
    bound = max(priced.bound, bound_of_all(layout.task, priced.prices)) + constant
    bound -= ROUNDING * abs(bound)
    progress(Step(elapsed(), 0, None, bound))
    searches = [_started(layout.task, seed, number) for number in range(asked.searches)]
    after_prices = elapsed()

    def run(search: _Search) -> int:
        tell = progress if search is searches[0] else silent
        return _searched(layout.task, search, priced.prices, asked, limit, elapsed, after_prices, bound, constant, tell)

    with ThreadPoolExecutor(asked.searches) as pool:
        rounds = sum(pool.map(run, searches))
    best = min(searches, key=lambda search: search.best)
    return Result(problem, layout.roster(best.kept), best.best + constant, bound, elapsed(), rounds, seed)


def _price_clock(
    asked: Parameters, limit: Stop, elapsed: Callable[[], float], progress: Progress, constant: float
) -> Callable[[int, float], float]:
    """Which share of the way of prices is done."""

    def passed(rounds: int, bound: float) -> float:
        if rounds % 100 == 0:
            progress(Step(elapsed(), rounds, None, bound + constant))
        if limit.seconds is None:
            return rounds / asked.price_rounds
        return elapsed() / (limit.seconds * asked.price_share)

    return passed


def _started(task: Task, seed: int, number: int) -> _Search:
    rng = np.random.default_rng([seed, number])
    counter = rng.integers(0, 2**63, 1, dtype=np.uint64)
    return _Search(empty_cover(task), empty_tours(task), scratch(task), counter, rng, np.inf, empty_tours(task))


def _searched(
    task: Task, search: _Search, prices: Prices, asked: Parameters, limit: Stop, elapsed: Callable[[], float],
    began: float, bound: float, constant: float, progress: Progress,
) -> int:  # fmt: skip
    """Best responses and heat bath of one search; how many sweeps it made."""
    _pass(task, search, prices, asked.share + 0.05, 0.05)
    _see(task, search)
    for number in range(asked.passes):
        share = asked.share * (1 - number / asked.passes)
        _pass(task, search, prices, share, share)
        _see(task, search)
    agents, days = search.tours.choice.shape
    unit = task.demand.heaviest
    done, sweeps, piece = 0.0, 0, max(1, agents * days // 4)
    while done < 1.0:
        heat = unit * asked.hot * (asked.cold / asked.hot) ** done
        share = asked.share * (1 - done)
        anneal(task, search.cover, search.tours, prices, search.room, search.counter, piece, heat, heat, share)
        sweeps += 1
        _see(task, search)
        step = Step(elapsed(), sweeps, search.best + constant, bound)
        progress(step)
        done = _done(asked, limit, elapsed(), began, sweeps / 4)
        if limit.gap is not None and step.gap is not None and step.gap <= limit.gap:
            break
    _settle(task, search, prices)
    return sweeps // 4


def _done(asked: Parameters, limit: Stop, seconds: float, began: float, sweeps: float) -> float:
    if limit.rounds is not None or limit.seconds is None:
        return sweeps / (limit.rounds or asked.sweeps)
    return (seconds - began) / max(limit.seconds * 0.97 - began, 1e-9)


def _pass(task: Task, search: _Search, prices: Prices, first: float, last: float) -> None:
    agents = search.rng.permutation(len(task.people.pattern)).astype(np.int32)
    respond_all(task, search.cover, search.tours, prices, search.room, agents, first, last)


def _settle(task: Task, search: _Search, prices: Prices) -> None:
    """Best responses without prices until none gains."""
    before = np.inf
    while (now := _see(task, search)) < before - 1e-9:
        before = now
        _pass(task, search, prices, 0.0, 0.0)


def _see(task: Task, search: _Search) -> float:
    """Keep the state if it is the best so far; its cost."""
    found = float(cost(task, search.cover, search.tours))
    if found < search.best:
        search.best = found
        search.kept.choice[:] = search.tours.choice
        search.kept.pauses[:] = search.tours.pauses
    return found
