"""Where a roster has too many or too few people of a company or a key post: for its score and what is said of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from onefloor.planning.rostering.problem import Problem

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Lapse:
    """People too many for the ``seats`` of a company, too few for its minimum ``presence`` or for a key ``post``.

    ``who`` is the company or the post, ``due`` the number that may or has to be there, ``people`` how many are too many
    or too few in each interval of the grid (0 where nothing is wrong).
    """

    kind: Literal["seats", "presence", "post"]
    who: str
    due: int
    people: Ints


@dataclass(frozen=True, slots=True)
class Span:
    """Intervals in a row within a day: the most people too many or too few, and their agent-hours."""

    day: date
    start: datetime
    end: datetime
    people: int
    hours: float


def lapses(problem: Problem, there: NDArray[np.bool_]) -> list[Lapse]:
    """Every bound on who is there, kept or not; ``there`` has a row for each agent and a column for each interval."""
    found: list[Lapse] = []
    for company in problem.companies:
        present = there[[agent.company == company.id for agent in problem.agents]].sum(axis=0)
        if company.seats is not None:
            found.append(Lapse("seats", company.id, company.seats, np.maximum(0, present - company.seats)))
        due = _clock_within(problem, company.present_from, company.present_until)
        lacking = np.where(due, np.maximum(0, company.present - present), 0)
        found.append(Lapse("presence", company.id, company.present, lacking))
    for post in problem.posts:
        present = there[[agent.id in post.agents for agent in problem.agents]].sum(axis=0)
        due = _clock_within(problem, post.start, post.end)
        found.append(Lapse("post", post.id, post.present, np.where(due, np.maximum(0, post.present - present), 0)))
    return found


def of_companies(problem: Problem, found: Sequence[Lapse], companies: Collection[str]) -> list[Lapse]:
    """Those of some companies, all if no company is left out; a post is theirs if all its people are."""
    if all(company.id in companies for company in problem.companies):
        return list(found)
    theirs = {agent.id for agent in problem.agents if agent.company in companies}
    posts = {post.id for post in problem.posts if post.agents and theirs.issuperset(post.agents)}
    return [one for one in found if one.who in (posts if one.kind == "post" else companies)]


def spans(problem: Problem, lapse: Lapse) -> list[Span]:
    """When it lapses, in order of time; a span ends at midnight at the latest."""
    tz, day_of, days = ZoneInfo(problem.grid.zone_name), problem.grid.day_of, list(problem.grid.dates())
    starts, length = problem.grid.starts / 1000.0, timedelta(minutes=problem.grid.minutes).total_seconds()
    wrong = np.flatnonzero(lapse.people)
    breaks = np.flatnonzero((np.diff(wrong) > 1) | (np.diff(day_of[wrong]) > 0)) + 1
    return [
        Span(
            days[day_of[run[0]]],
            datetime.fromtimestamp(starts[run[0]], tz),
            datetime.fromtimestamp(starts[run[-1]] + length, tz),
            int(lapse.people[run].max()),
            float(lapse.people[run].sum()) / problem.per_hour,
        )
        for run in np.split(wrong, breaks)
        if len(run)
    ]


def _clock_within(problem: Problem, start: int, end: int) -> NDArray[np.bool_]:
    """Of each interval whether the clock stands from ``start`` until before ``end``; over midnight if end is first."""
    tz = ZoneInfo(problem.grid.zone_name)
    wall = [datetime.fromtimestamp(moment / 1000, tz) for moment in problem.grid.starts.tolist()]
    passed = [(moment.hour * 60 + moment.minute - start) % 1440 for moment in wall]
    return np.array(passed) < ((end - start) % 1440 or 1440)
