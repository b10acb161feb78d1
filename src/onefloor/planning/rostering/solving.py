"""Solving a roster: prices first, then several searches; the best state ever seen is the answer, its breaks staggered.

Searches run side by side with different seeds, each on a cover of its own; the compiled loops let threads run at once.
With a time limit the steps are stretched over it; without one, ``Parameters`` count them, and equal seeds then give
equal rosters.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from onefloor.planning.rostering.arrays import Task, Tours, empty_cover
from onefloor.planning.rostering.checking import breaches
from onefloor.planning.rostering.conflicts import NoRoster, impossible
from onefloor.planning.rostering.layout import constant_cost, laid_out
from onefloor.planning.rostering.passes import cost, put_all
from onefloor.planning.rostering.prices import bound_of_all, climb
from onefloor.planning.rostering.problem import Problem, Roster
from onefloor.planning.rostering.result import Result, Start
from onefloor.planning.rostering.searching import Course, Parameters, Search, begun, continued, searched
from onefloor.planning.rostering.staggering import stagger
from onefloor.planning.solving import Clock, Progress, Step, Stop, silent

__all__ = ["Parameters", "Start", "solve"]

ROUNDING = 1e-9  # what sums of so many numbers may be off, as a share


def solve(
    problem: Problem,
    parameters: Parameters | None = None,
    stop: Stop | None = None,
    seed: int = 0,
    *,
    start: Start | None = None,
    clock: Clock = time.monotonic,
    progress: Progress = silent,
) -> Result:
    """Plan a roster; with ``start``, go on from one of the same people, days and shifts (``Result.start``).

    A problem that differs in its needs, costs, limits or absences can so be solved again in a part of the time. Whoever
    the start has a tour for that breaks a rule of the problem takes a new one. The bound is proved anew.

    Raises:
        NoRoster: the rules leave an agent no tour; it names a smallest set of conflicting demands.
        ValueError: the start is of another number of people or days, or its prices of other skills.
    """
    asked, limit = parameters or Parameters(), stop or Stop()
    if conflict := impossible(problem):
        raise NoRoster(conflict)
    broken = _broken(problem, start.roster) if start else set()
    began = clock()

    def elapsed() -> float:
        return clock() - began

    layout = laid_out(problem)
    task, constant = layout.task, constant_cost(problem)
    passed = _price_clock(asked, limit, elapsed, progress, constant)
    priced = climb(task, passed, start.prices if start else None)
    bound = max(priced.bound, bound_of_all(task, priced.prices)) + constant
    bound -= ROUNDING * abs(bound)
    progress(Step(elapsed(), 0, None, bound))
    course = Course(task, priced.prices, asked, limit, elapsed, elapsed(), bound, constant)
    searches = [begun(task, seed, number) for number in range(asked.searches)]

    def run(search: Search) -> int:
        tell = progress if search is searches[0] else silent
        if start is None:
            return searched(course, search, tell)
        return continued(course, search, layout.tours(start.roster), broken, tell)

    with ThreadPoolExecutor(asked.searches) as pool:
        rounds = sum(pool.map(run, searches))
    best = min(searches, key=lambda search: search.best)
    if asked.stagger:
        stagger(task, best.kept, lambda: limit.seconds is not None and elapsed() >= limit.seconds)
    found = _cost(task, best.kept) + constant if asked.stagger else best.best + constant
    return Result(problem, layout.roster(best.kept), found, bound, elapsed(), rounds, seed, priced.prices)


def _cost(task: Task, tours: Tours) -> float:
    cover = empty_cover(task)
    put_all(task, cover, tours)
    return float(cost(task, cover, tours))


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


def _broken(problem: Problem, roster: Roster) -> set[int]:
    """The places of agents whose days break a rule of the problem.

    Raises:
        ValueError: the roster is of another number of people or days.
    """
    if roster.shifts.shape != (len(problem.agents), problem.grid.days):
        raise ValueError("the start is a roster of other people or days")
    named = {breach.agent for breach in breaches(problem, roster)}
    return {row for row, agent in enumerate(problem.agents) if agent.id in named}
