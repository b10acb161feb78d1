"""What was worked before the horizon, from the roster file of those days."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path

from onefloor.language import Text
from onefloor.periods import zone
from onefloor.planning.rostering import tables
from onefloor.planning.rostering.problem import Agent, History, Problem, Shift
from onefloor.planning.rostering.tables import BadTable, Line
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
        MissingFile, BadTable: it is not there, a line cannot be read, or is of a day that is planned or later.
    """
    worked = _worked(_of_before(path, problem.grid.first), zone(problem.grid.zone_name))
    return replace(problem, agents=tuple(
        replace(agent, history=history(problem, agent, worked.get(agent.id, ()))) for agent in problem.agents
    ))  # fmt: skip


def _of_before(path: Path, first: date) -> list[tuple[date, Line]]:
    """The lines of the file with their days."""
    held = [(tables.required_day(line, "date"), line) for line in tables.lines(path, COLUMNS, ("activity",))]
    late = [(on, line) for on, line in held if on >= first]
    if late:
        raise _not_before(late, first)
    return held


def _not_before(late: Sequence[tuple[date, Line]], first: date) -> BadTable:
    (on, line), number, after = late[0], len(late), max(on for on, _ in late) + timedelta(1)
    so = "1 line is" if number == 1 else f"{number:,} lines are"
    return BadTable(
        Text(f"date 列的“{on}”不早于计划的第一天 {first}。",
             f'"{on}" in column date is not before {first}, the first day that is planned.'),
        why=Text(f"before 只写计划期之前的上班情况；共有 {number:,} 行不是。",
                 f"before tells what was worked before the planned days; {so} of others."),
        remedy=Text(f"请改用前期的班表，删去这些行，或从 {after} 起排班（--from）。",
                    f"Name the roster of the days before, take such lines out, or plan from {after} on (--from)."),
        where=line.place,
    )  # fmt: skip


def _worked(lines: Sequence[tuple[date, Line]], tz: tzinfo) -> dict[str, list[Before]]:
    """The worked days of each agent in order; moments without an offset are of the zone."""
    spans: dict[tuple[str, date], list[tuple[datetime, datetime, float, float]]] = defaultdict(list)
    for on, line in lines:
        since, until = (tables.moment(line, name) for name in ("started", "ended"))
        since, until = (one.astimezone(tz) if one.tzinfo else one.replace(tzinfo=tz) for one in (since, until))
        _check_times(line, on, since, until)
        hours = (until.timestamp() - since.timestamp()) / 3600
        extra = hours * (line["activity"] == OVERTIME)
        is_paid = tables.among(line, "paid", ("true", "false")) == "true"
        spans[line["agent"], on].append((since, until, hours * is_paid, extra))
    found: dict[str, list[Before]] = defaultdict(list)
    for (agent, on), held in sorted(spans.items()):
        began, ended = min(since for since, _, _, _ in held), max(until for _, until, _, _ in held)
        paid, extra = sum(hours for _, _, hours, _ in held), sum(hours for _, _, _, hours in held)
        found[agent].append(Before(on, began, ended, paid, extra))
    return found


def _check_times(line: Line, on: date, since: datetime, until: datetime) -> None:
    """A line ends after it has begun, and begins on the day of its shift or in the night after it."""
    if until.timestamp() <= since.timestamp():
        raise line.bad(
            "ended", Text("请写晚于 started 的时间。", "Write a time after started."),
            Text(f"不晚于 started 列的“{line['started']}”", f'is not after "{line["started"]}" in column started'),
        )  # fmt: skip
    if not on <= since.date() <= on + timedelta(1):
        raise line.bad(
            "started", Text(f"请写 {on} 或次日的时间。", f"Write a time of {on} or of the day after."),
            Text(f"不属于 date 列的 {on}", f"does not belong to {on} in column date"),
        )  # fmt: skip


def history(problem: Problem, agent: Agent, held: Sequence[Before]) -> History:
    """What the days before leave to the horizon's first days."""
    grid = problem.grid
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
