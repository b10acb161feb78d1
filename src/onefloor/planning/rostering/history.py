"""What was worked before the horizon, from the roster file of those days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from onefloor.planning.rostering import rules, tables
from onefloor.planning.rostering.problem import Agent, History, Problem
from onefloor.planning.rostering.timing import nights

COLUMNS = ("agent", "date", "shift", "paid", "started", "ended")


@dataclass(frozen=True, slots=True)
class Before:
    """A day worked before the horizon."""

    day: date
    shift: str
    ended: float  # epoch seconds
    paid_hours: float


def with_history(problem: Problem, path: Path) -> Problem:
    """The problem with the histories that a roster file of the days before tells; files of ``plan`` have its columns.

    Raises:
        MissingFile, BadTable: it is not there, or a line cannot be read.
    """
    worked = _worked(path)
    return replace(problem, agents=tuple(
        replace(agent, history=history(problem, agent, worked.get(agent.id, ()))) for agent in problem.agents
    ))  # fmt: skip


def _worked(path: Path) -> dict[str, list[Before]]:
    """The worked days of each agent in order."""
    spans: dict[tuple[str, date], list[tuple[str, float, float]]] = defaultdict(list)
    for line in tables.lines(path, COLUMNS):
        on = tables.day(line, "date")
        since, until = tables.moment(line, "started").timestamp(), tables.moment(line, "ended").timestamp()
        if on is not None:
            spans[line["agent"], on].append((line["shift"], until, (until - since) / 3600 * (line["paid"] == "true")))
    found: dict[str, list[Before]] = defaultdict(list)
    for (agent, on), held in sorted(spans.items()):
        found[agent].append(Before(on, held[0][0], max(end for _, end, _ in held), sum(paid for _, _, paid in held)))
    return found


def history(problem: Problem, agent: Agent, worked: Sequence[Before]) -> History:
    """What the days before leave to the horizon's first days."""
    grid = problem.grid
    held = [one for one in worked if one.day < grid.first]
    if not held:
        return agent.history
    since_start = (held[-1].ended - grid.midnights[0] / 1000) / (grid.minutes * 60)
    dark = {shift.id for shift, night in zip(problem.shifts, nights(problem), strict=True) if night}
    monday = grid.first - timedelta(grid.first.weekday())
    week = [one for one in held if one.day >= monday]
    return History(
        rested=int(-(-since_start // 1)) + rules.rest_intervals(problem, agent.contract)[0],
        days=_run(grid.first, {one.day for one in held}),
        nights=_run(grid.first, {one.day for one in held if one.shift in dark}),
        week_hours=sum(one.paid_hours for one in week),
        week_days=len(week),
    )


def _run(first: date, days: set[date]) -> int:
    """Days in a row that end the day before ``first``."""
    run = 0
    while first - timedelta(run + 1) in days:
        run += 1
    return run
