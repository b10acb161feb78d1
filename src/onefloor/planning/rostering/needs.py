"""The table of needs: agents by skill from a moment on, laid on the grid of the plan whatever its lines' own length."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from itertools import pairwise
from math import ceil
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onefloor.language import Text
from onefloor.periods import zone
from onefloor.planning.grid import MS_PER_MINUTE, Grid
from onefloor.planning.rostering import tables
from onefloor.planning.rostering.problem import Counts
from onefloor.planning.rostering.problem import Problem as Roster
from onefloor.planning.rostering.tables import BadTable, Line
from onefloor.problems import Place, Problem
from onefloor.writing import write_whole

Floats = NDArray[np.float64]
COLUMNS = ("interval", "skill", "agents", "minutes")


@dataclass(frozen=True, slots=True)
class Need:
    """Agents of a skill from ``start`` (epoch milliseconds) for ``minutes``; None where the line does not say.

    ``told`` is the start as it is written: with an offset from UTC, or without one by the clock of the plan's zone.
    """

    line: Line
    skill: str
    told: datetime
    start: float
    minutes: float | None
    agents: float


def read_needs(
    path: Path, skills: Sequence[str], grid: Grid, problems: list[Problem]
) -> tuple[Counts, Mapping[date, int]]:
    """Agents needed by interval and skill, and by day how many lines lie outside the grid.

    A line counts in every interval it touches; of several the highest does. What is wrong goes to ``problems``, with
    its line.

    Raises:
        MissingFile, BadTable: as ``tables.lines``.
    """
    placed = _placed(each_need(path, grid.zone_name, problems, skills), grid, problems)
    found = np.ceil(_laid(placed, skills, grid)).astype(np.int32)
    outside = Counter(need.told.date() for need, touched in placed if touched.start >= touched.stop)
    if not problems and placed and outside.total() == len(placed):
        problems.append(_all_outside(path, outside, grid))
    elif not problems and not placed:
        problems.append(
            BadTable(
                Text("需求表没有内容行。", "The table of needs has no lines."),
                remedy=Text("请用 onefloor staff --out 写出需求。", "Have onefloor staff --out write the needs."),
                where=Place(str(path)),
            )
        )
    elif not problems and not found.any():
        problems.append(BadTable(
            Text("计划的日子里没有任何需求。", "Nobody is needed on the days that are planned."),
            remedy=Text("请核对日期和需求表。", "Check the days and the table of needs."), where=Place(str(path)),
        ))  # fmt: skip
    return found, dict(sorted(outside.items()))


def _all_outside(path: Path, outside: Counter[date], grid: Grid) -> BadTable:
    first, last, days, lines = min(outside), max(outside), list(grid.dates()), outside.total()
    return BadTable(
        Text(f"需求表是 {first}..{last} 的，而计划的是 {days[0]}..{days[-1]}。",
             f"The needs are of {first}..{last}, and {days[0]}..{days[-1]} is planned."),
        why=Text(f"表中 {lines:,} 行没有一行在计划的日子里。",
                 f"None of its lines ({lines:,}) is within the planned days."),
        remedy=Text("请用 --from 和 --days 选表中的日子，或用 onefloor staff 写出计划期的需求。",
                    "Choose days of the table with --from and --days, or have onefloor staff write these."),
        where=Place(str(path)),
    )  # fmt: skip


def each_need(path: Path, zone_name: str, problems: list[Problem], skills: Sequence[str] | None = None) -> list[Need]:
    """Every line, of these skills or of any; what is wrong goes to ``problems``.

    Raises:
        MissingFile, BadTable: as ``tables.lines``.
    """
    held = tables.lines(path, ("interval", "skill", "agents"), ("minutes",))
    found = list(tables.each(held, lambda line: _need(line, skills, zone_name), problems))
    if foreign := [need for need in found if _foreign(need, zone_name)]:
        problems.append(_other_zone(foreign, zone_name))
        return found
    first: dict[tuple[str, float], Need] = {}
    pairs = [(need, first.setdefault((need.skill, need.start), need)) for need in found]
    problems += [_twice(need, before) for need, before in pairs if before is not need]
    return found


def _twice(need: Need, before: Need) -> BadTable:
    return BadTable(
        Text(f"“{need.skill}”在 {need.line['interval']} 的需求写了两次，第一次在第 {before.line.place.line} 行。",
             f'What is needed of "{need.skill}" at {need.line["interval"]} is written twice, first in line '
             f"{before.line.place.line}."),
        remedy=Text("请只保留一行。", "Leave one of the lines."), where=need.line.place,
    )  # fmt: skip


def _foreign(need: Need, zone_name: str) -> bool:
    """Whether a line states another offset from UTC than its moment has in the zone."""
    offset = need.told.utcoffset()
    return offset is not None and offset != need.told.astimezone(zone(zone_name)).utcoffset()


def _other_zone(foreign: Sequence[Need], zone_name: str) -> BadTable:
    line, number = foreign[0].line, len(foreign)
    here = foreign[0].told.astimezone(zone(zone_name)).isoformat(" ", "minutes")
    return BadTable(
        Text(f"{number} 行的时间不属于计划的时区 {zone_name}；第一处“{line['interval']}”在该时区是“{here}”。",
             f'Lines in another time zone than {zone_name}, which is planned in: {number}. The first, '
             f'"{line["interval"]}", is "{here}" there.'),
        remedy=Text("请改用该时区的时间；plan 也可改正规则里的 zone。",
                    "Write them by the clock of that zone; for plan, zone in the rules may be what is wrong."),
        where=line.place,
    )  # fmt: skip


def laid(needs: Sequence[Need], skills: Sequence[str], grid: Grid, problems: list[Problem]) -> Floats:
    """Agents needed by interval and skill, shape (P, K)."""
    return _laid(_placed(needs, grid, problems), skills, grid)


def _laid(placed: Sequence[tuple[Need, slice]], skills: Sequence[str], grid: Grid) -> Floats:
    found = np.zeros((len(grid), len(skills)))
    for need, touched in placed:
        column = found[touched, skills.index(need.skill)]
        np.maximum(column, need.agents, out=column)
    return found


def _placed(needs: Sequence[Need], grid: Grid, problems: list[Problem]) -> list[tuple[Need, slice]]:
    """Each line with the intervals of the grid that it touches; of a line outside of it the slice is empty."""
    lengths = _lengths(needs, grid, problems)
    origin, step = int(grid.starts[0]), grid.minutes * MS_PER_MINUTE
    found = list[tuple[Need, slice]]()
    for need in needs:
        minutes = need.minutes or lengths[need.skill]
        begin, end = (moment - origin for moment in (need.start, need.start + minutes * MS_PER_MINUTE))
        found.append((need, slice(max(0, int(begin // step)), min(len(grid), max(0, ceil(end / step))))))
    return found


def _need(line: Line, skills: Sequence[str] | None, zone_name: str) -> Need:
    skill, told = tables.among(line, "skill", skills or [line["skill"]]), tables.moment(line, "interval")
    if not skill:
        raise line.bad("skill", Text("请填写技能。", "Fill in the skill."))
    begin = told if told.tzinfo else told.replace(tzinfo=zone(zone_name))
    minutes = tables.number(line, "minutes") if line["minutes"] else None
    if minutes == 0:
        raise line.bad("minutes", Text("请写大于 0 的分钟数。", "Write minutes above 0."))
    return Need(line, skill, told, begin.timestamp() * 1000, minutes, tables.number(line, "agents"))


def _lengths(needs: Sequence[Need], grid: Grid, problems: list[Problem]) -> Mapping[str, float]:
    """How long lines without minutes last, by skill: until the next one begins where they stand closest.

    Lines that are further apart than the plan's intervals may be long, or short with nobody needed between them.
    """
    found: dict[str, float] = {}
    silent: dict[str, list[Need]] = defaultdict(list)
    for need in needs:
        if need.minutes is None:
            silent[need.skill].append(need)
    for skill, lines in silent.items():
        starts = sorted({line.start for line in lines})
        gaps = [(later - earlier) / MS_PER_MINUTE for earlier, later in pairwise(starts)]
        found[skill] = min(gaps, default=grid.minutes)
        if found[skill] > grid.minutes:
            problems.append(_unsaid(lines[0], found[skill], grid.minutes))
    return found


def _unsaid(need: Need, apart: float, minutes: int) -> BadTable:
    return BadTable(
        Text(f"“{need.skill}”的各行相隔至少{apart:.0f}分钟，计划按{minutes}分钟分时段：每行持续多久没有写明。",
             f'Lines of "{need.skill}" are {apart:.0f} minutes apart or more, the plan has intervals of {minutes}: how '
             "long a line lasts is not said."),
        remedy=Text("请加一列 minutes，写每行持续的分钟数。", "Add a column minutes with how long each line lasts."),
        where=need.line.place,
    )  # fmt: skip


def days_without(problem: Roster) -> list[date]:
    """Days of the horizon on which nobody is needed in any interval."""
    asked = np.zeros(problem.grid.days, dtype=bool)
    asked[problem.grid.day_of[problem.needs.any(axis=1)]] = True
    return [day for day, some in zip(problem.grid.dates(), asked, strict=True) if not some]


def needs_text(rows: Iterable[tuple[datetime, str, int, int]]) -> str:
    """``interval,skill,agents,minutes`` in order: local ISO 8601 start with offset, skill, people to plan, minutes."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((start.isoformat(timespec="minutes"), *told) for start, *told in sorted(rows))
    return text.getvalue()


def write_needs(path: Path, problem: Roster) -> None:
    """The table of a problem's needs: a line for each interval and skill that somebody is needed for."""
    grid, tz = problem.grid, zone(problem.grid.zone_name)
    starts = [datetime.fromtimestamp(start / 1000, tz) for start in grid.starts.tolist()]
    rows = (
        (start, skill.id, agents, grid.minutes)
        for start, row in zip(starts, problem.needs.tolist(), strict=True)
        for skill, agents in zip(problem.skills, row, strict=True)
        if agents
    )
    write_whole(path, needs_text(rows))
