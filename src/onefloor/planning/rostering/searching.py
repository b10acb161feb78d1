"""One search for a roster: best responses, a heat bath that cools, the polish; the best state it ever saw is kept.

A search that starts from a roster leaves out the best responses of those whose tours still keep the rules, and begins
cooler and with less of prices, so that it mends rather than begins anew.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np

from onefloor.planning.rostering.annealing import anneal
from onefloor.planning.rostering.arrays import (
    Cover,
    Ints,
    Prices,
    Scratch,
    Task,
    Tours,
    empty_cover,
    empty_tours,
    scratch,
)
from onefloor.planning.rostering.passes import cost, put_all, respond_all
from onefloor.planning.rostering.polishing import polished
from onefloor.planning.rostering.programme import Effort
from onefloor.planning.solving import Progress, Step, Stop

CONTENT = 0.2  # the polish leaves a difference of so much of a missing agent-interval


@dataclass(frozen=True, slots=True)
class Parameters:
    """How the time is divided, and how a search cools.

    ``hot`` and ``cold`` are temperatures as shares of what a missing agent-interval costs; ``share`` is that of prices
    in the values at the beginning, which falls to 0. A search that starts from a roster begins with ``warm`` and
    ``warm_share`` instead. ``price_share`` and ``polish`` are the shares of the time for prices and for the polish,
    which is left out where it cannot give each day ``day_seconds``, and looks at most at ``nodes`` of its programme.
    ``price_rounds``, ``sweeps`` (as many draws as there are agents and days) and ``polish_rounds`` (over all days; none
    unless asked for, because programmes can take long without a clock) count where no time limit is given. With
    ``stagger`` the breaks of the best roster are spread at no cost at the end.
    """

    searches: int = 2
    price_share: float = 0.35
    price_rounds: int = 1500
    passes: int = 5
    sweeps: int = 100
    share: float = 0.95
    hot: float = 0.125
    cold: float = 0.025
    warm: float = 0.05
    warm_share: float = 0.6
    polish: float = 0.4
    polish_rounds: int = 0
    day_seconds: float = 4.0
    nodes: int = 50
    stagger: bool = True


@dataclass(slots=True)
class Search:
    """A state, and the best it has been."""

    cover: Cover
    tours: Tours
    room: Scratch
    counter: np.ndarray
    rng: np.random.Generator
    best: float
    kept: Tours


@dataclass(frozen=True, slots=True)
class Course:
    """What all searches of one run share; ``began`` is when prices were found, in seconds like ``elapsed``."""

    task: Task
    prices: Prices
    asked: Parameters
    limit: Stop
    elapsed: Callable[[], float]
    began: float
    bound: float
    constant: float


def begun(task: Task, seed: int, number: int) -> Search:
    """Search ``number`` of a run, with everybody off."""
    rng = np.random.default_rng([seed, number])
    counter = rng.integers(0, 2**63, 1, dtype=np.uint64)
    return Search(empty_cover(task), empty_tours(task), scratch(task), counter, rng, np.inf, empty_tours(task))


def searched(course: Course, search: Search, tell: Progress) -> int:
    """A search from nothing; how many sweeps it made."""
    asked = course.asked
    respond(course, search, asked.share + 0.05, 0.05)
    see(course.task, search)
    for number in range(asked.passes):
        share = asked.share * (1 - number / asked.passes)
        respond(course, search, share, share)
        see(course.task, search)
    return _finished(course, search, asked.hot, asked.share, tell)


def continued(course: Course, search: Search, start: Tours, broken: Collection[int], tell: Progress) -> int:
    """A search from tours of which those of the agents in ``broken`` keep the rules no longer; sweeps made."""
    task, asked = course.task, course.asked
    search.tours.choice[:], search.tours.pauses[:] = start.choice, start.pauses
    search.tours.choice[list(broken)] = -1
    put_all(task, search.cover, search.tours)
    agents = np.array(sorted(broken), dtype=np.int32)
    _respond(course, search, agents, asked.warm_share, asked.warm_share)
    see(task, search)
    return _finished(course, search, asked.warm, asked.warm_share, tell)


def _finished(course: Course, search: Search, hot: float, share: float, tell: Progress) -> int:
    """The heat bath and the polish of its best; how many sweeps it made."""
    sweeps = _cooled(course, search, hot, share, tell)
    settle(course, search)
    if _polish_share(course) > 0:
        _polish(course, search, tell)
        settle(course, search)
    return sweeps


def _cooled(course: Course, search: Search, hot: float, share: float, tell: Progress) -> int:
    """The heat bath from a temperature and a share of prices down; how many sweeps it made."""
    task, asked = course.task, course.asked
    agents, days = search.tours.choice.shape
    unit = task.demand.heaviest
    done, pieces, piece = 0.0, 0, max(1, agents * days // 4)
    while done < 1.0 and not _told(course, search, pieces // 4, tell):
        heat = unit * hot * (asked.cold / hot) ** done
        now = share * (1 - done)
        anneal(task, search.cover, search.tours, course.prices, search.room, search.counter, piece, heat, heat, now)
        pieces += 1
        see(task, search)
        done = _done(course, pieces / 4)
    return pieces // 4


def _told(course: Course, search: Search, rounds: int, tell: Progress) -> bool:
    """Tell where the search is; whether the gap is small enough."""
    best = search.best + course.constant if np.isfinite(search.best) else None
    step = Step(course.elapsed(), rounds, best, course.bound)
    tell(step)
    return course.limit.gap is not None and step.gap is not None and step.gap <= course.limit.gap


def _done(course: Course, sweeps: float) -> float:
    """Which share of the way of the heat bath is behind."""
    limit = course.limit
    if limit.rounds is not None or limit.seconds is None:
        return sweeps / (limit.rounds or course.asked.sweeps)
    end = limit.seconds * (0.97 - _polish_share(course))
    return (course.elapsed() - course.began) / max(end - course.began, 1e-9)


def _polish_share(course: Course) -> float:
    """The share of the time for the polish; nothing where it could not look at every day."""
    asked, seconds = course.asked, course.limit.seconds
    counted = course.limit.rounds is not None or seconds is None
    days = course.task.people.day_cost.shape[1]
    enough = asked.polish_rounds > 0 if counted else (seconds or 0.0) * asked.polish >= days * asked.day_seconds
    return asked.polish if enough else 0.0


def _polish(course: Course, search: Search, tell: Progress) -> None:
    """Day after day of the best state by an exact programme, until the time is over or a whole round gains nothing."""
    task, gained, rounds = course.task, np.inf, 0
    _go_back_to_best(task, search)
    everybody = np.arange(len(task.people.pattern), dtype=np.int32)
    while gained > 0 and not _over(course, rounds):
        gained, days = 0.0, search.tours.choice.shape[1]
        for turn, day in enumerate(search.rng.permutation(days).tolist()):
            if _over(course, rounds) or _told(course, search, rounds, tell):
                return
            effort = _effort(course, days - turn)
            gained += polished(task, search.cover, search.tours, search.room, day, everybody, effort)
            see(task, search)
        rounds += 1


def _go_back_to_best(task: Task, search: Search) -> None:
    search.tours.choice[:], search.tours.pauses[:] = search.kept.choice, search.kept.pauses
    search.cover = empty_cover(task)
    put_all(task, search.cover, search.tours)


def _over(course: Course, rounds: int) -> bool:
    """Whether the polish has had its rounds, or its time."""
    limit = course.limit
    if limit.rounds is not None or limit.seconds is None:
        return rounds >= course.asked.polish_rounds
    return course.elapsed() >= limit.seconds * 0.97


def _effort(course: Course, days: int) -> Effort:
    """How long to look at a day: its part of the time that is left."""
    limit, asked = course.limit, course.asked
    difference = course.task.demand.heaviest * CONTENT
    if limit.rounds is not None or limit.seconds is None:
        return Effort(difference, asked.nodes)
    left = limit.seconds * 0.97 - course.elapsed()
    return Effort(difference, asked.nodes, min(left, max(left / days, asked.day_seconds)))


def respond(course: Course, search: Search, first: float, last: float) -> None:
    """One pass of best responses over everybody; the share of prices goes from ``first`` to ``last``."""
    agents = search.rng.permutation(len(course.task.people.pattern)).astype(np.int32)
    _respond(course, search, agents, first, last)


def _respond(course: Course, search: Search, agents: Ints, first: float, last: float) -> None:
    respond_all(course.task, search.cover, search.tours, course.prices, search.room, agents, first, last)


def settle(course: Course, search: Search) -> None:
    """Best responses without prices until none gains."""
    before = np.inf
    while (now := see(course.task, search)) < before - 1e-9:
        before = now
        respond(course, search, 0.0, 0.0)


def see(task: Task, search: Search) -> float:
    """Keep the state if it is the best so far; its cost."""
    found = float(cost(task, search.cover, search.tours))
    if found < search.best:
        search.best = found
        search.kept.choice[:] = search.tours.choice
        search.kept.pauses[:] = search.tours.pauses
    return found
