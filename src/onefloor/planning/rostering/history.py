"""What was worked before the horizon, from the roster file of those days."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path

from onefloor.periods import zone
from onefloor.planning.rostering import tables
from onefloor.planning.rostering.problem import Agent, History, Problem, Shift
from onefloor.planning.rostering.timing import is_night

COLUMNS = ("agent", "date", "paid", "started", "ended")
OVERTIME = "overtime"  # the activity of lines that a repair wrote beside a shift


@dataclass(frozen=True, slots=True)
class Before:
    """A day worked before the horizon."""

    day: date
    began: datetime
    ended: datetime
    paid_hours: float
    overtime: float = 0.0


def with_history(problem: Problem, path: Path) -> Problem:
    """The problem with the histories that a roster file of the days before tells; files of ``plan`` have its columns.

    Raises:
        MissingFile, BadTable: it is not there, or a line cannot be read.
    """
    worked = _worked(path, zone(problem.grid.zone_name))
    return replace(problem, agents=tuple(
        replace(agent, history=history(problem, agent, worked.get(agent.id, ()))) for agent in problem.agents
    ))  # fmt: skip


def _worked(path: Path, tz: tzinfo) -> dict[str, list[Before]]:
    """The worked days of each agent in order; moments without an offset are of the zone."""
    spans: dict[tuple[str, date], list[tuple[datetime, datetime, float, float]]] = defaultdict(list)
    for line in tables.lines(path, COLUMNS, ("activity",)):
        on = tables.day(line, "date")
        since, until = (tables.moment(line, name) for name in ("started", "ended"))
        since, until = (one.astimezone(tz) if one.tzinfo else one.replace(tzinfo=tz) for one in (since, until))
        if on is not None:
            hours = (until.timestamp() - since.timestamp()) / 3600
            extra = hours * (line["activity"] == OVERTIME)
            spans[line["agent"], on].append((since, until, hours * (line["paid"] == "true"), extra))
    found: dict[str, list[Before]] = defaultdict(list)
    for (agent, on), held in sorted(spans.items()):
        began, ended = min(since for since, _, _, _ in held), max(until for _, until, _, _ in held)
        paid, extra = sum(hours for _, _, hours, _ in held), sum(hours for _, _, _, hours in held)
        found[agent].append(Before(on, began, ended, paid, extra))
    return found


def history(problem: Problem, agent: Agent, worked: Sequence[Before]) -> History:
    """What the days before leave to the horizon's first days."""
    grid = problem.grid
    held = [one for one in worked if one.day < grid.first]
    if not held:
        return agent.history
    last = held[-1]
    since_start = (last.ended.timestamp() - grid.midnights[0] / 1000) / (grid.minutes * 60)
    dark = {one.day for one in held if _by_night(problem, one)}
    monday = grid.first - timedelta(grid.first.weekday())
    week = [one for one in held if one.day >= monday]
    return History(
        ended=int(-(-since_start // 1)),
        days=_run(grid.first, {one.day for one in held}),
        nights=_run(grid.first, dark),
        off_since_night=(grid.first - last.day).days - 1 if last.day in dark else None,
        week_hours=sum(one.paid_hours for one in week),
        week_days=len(week),
        month_overtime=sum(one.overtime for one in held if one.day >= grid.first.replace(day=1)),
    )


def _by_night(problem: Problem, one: Before) -> bool:
    """Whether a day before was a night by the clock; the rules need not know its shift any more."""
    start = one.began.hour * 60 + one.began.minute
    minutes = (one.ended.timestamp() - one.began.timestamp()) / 60
    return is_night(Shift("", start, math.ceil(minutes)), problem.night, 1)


def _run(first: date, days: set[date]) -> int:
    """Days in a row that end the day before ``first``."""
    run = 0
    while first - timedelta(run + 1) in days:
        run += 1
    return run
