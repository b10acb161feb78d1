"""The tables a bench is planned from: who holds which skill, and how many agents are needed when."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import TypeVar

from onefloor.language import Text
from onefloor.periods import day_id
from onefloor.problems import MissingFile, Place, Problem, Problems

MOST_PROBLEMS = 20
SLASHES = "%Y/%m/%d %H:%M"
DATES = ("%Y-%m-%d", "%Y/%m/%d")
ALIASES = {
    "坐席": "agent", "工号": "agent", "技能": "skill", "开始": "from", "结束": "to", "培训": "training",
    "时间": "start", "时段": "start", "人数": "agents", "坐席数": "agents", "interval": "start", "required": "agents",
}  # fmt: skip
LONGEST = 60  # minutes of an interval
MOST_AGENTS = 1_000_000


class BadTable(Problem):
    """A table of the bench that cannot be read."""


@dataclass(frozen=True, slots=True)
class Qualified:
    """A skill that somebody holds from ``first`` until ``last`` (day ids, both included; None open)."""

    agent: str
    skill: str
    first: int | None = None
    last: int | None = None
    training: str = ""

    def on(self, day: int) -> bool:
        """Whether it holds on a day."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Needed:
    """Agents needed for a skill from a minute of a day on."""

    skill: str
    day: int
    minute: int
    agents: int


Cells = Mapping[str, str]
Row = TypeVar("Row")


def read_qualified(path: Path) -> list[Qualified]:
    """Who holds which skill (``agent``, ``skill``; ``from``, ``to`` and ``training`` if wanted).

    Raises:
        MissingFile, BadTable; Problems: all lines that are wrong, up to twenty.
    """
    return _read(path, ("agent", "skill"), _qualified)


def read_needs(path: Path) -> list[Needed]:
    """Agents needed by skill and instant (``skill``, ``start``, ``agents``); raises as ``read_qualified``."""
    found = _read(path, ("skill", "start", "agents"), _needed)
    seen: set[tuple[str, int, int]] = set()
    for place, one in enumerate(found):
        key = (one.skill, one.day, one.minute)
        if key in seen:
            raise BadTable(
                Text(f"“{one.skill}”的同一时段写了两次。", f'An interval of "{one.skill}" is given twice.'),
                remedy=Text("每个技能每个时段只写一行。", "Give one line for each skill and interval."),
                where=Place(path.name, place + 2),
            )
        seen.add(key)
    return found


def _read(path: Path, needed: Sequence[str], parse: Callable[[Cells], Row]) -> list[Row]:
    problems: list[Problem] = []
    found: list[Row] = []
    for line, cells in _rows(path, needed):
        try:
            found.append(parse(cells))
        except BadTable as problem:
            problem.where = Place(path.name, line)
            problems.append(problem)
            if len(problems) == MOST_PROBLEMS:
                break
    if problems:
        raise Problems(problems)
    if not found:
        raise BadTable(
            Text("表中没有数据行。", "The table has no rows."),
            remedy=Text("请在表头下至少写一行。", "Give at least one row below the header."),
            where=Place(path.name),
        )
    return found


def _rows(path: Path, needed: Sequence[str]) -> Iterator[tuple[int, Cells]]:
    if not path.is_file():
        raise MissingFile(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise BadTable(
            Text("文件不是 UTF-8 文本。", "The file is not text in UTF-8."),
            remedy=Text("请另存为 UTF-8 编码的 CSV。", "Save it as CSV in UTF-8."),
            where=Place(path.name),
        ) from None
    reader = csv.reader(io.StringIO(text.replace("\0", "")))
    try:
        header = [ALIASES.get(cell.strip(), cell.strip().lower()) for cell in next(reader, [])]
        for name in needed:
            if header.count(name) != 1:
                raise _column(path, name, needed)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, dict(zip(header, (cell.strip() for cell in cells), strict=False))
    except csv.Error as error:
        raise BadTable(
            Text(f"无法读成 CSV：{error}。", f"It cannot be read as CSV: {error}."),
            remedy=Text("请重新另存为 CSV。", "Save it as CSV again."),
            where=Place(path.name, reader.line_num),
        ) from None


def _column(path: Path, name: str, needed: Sequence[str]) -> BadTable:
    return BadTable(
        Text(f"表头须恰好有一列 {name}。", f"The header needs exactly one column {name}."),
        remedy=Text(f"第一行请写 {'、'.join(needed)}。", f"Write {', '.join(needed)} in the first line."),
        where=Place(path.name, 1),
    )


def _qualified(cells: Cells) -> Qualified:
    first, last = _date(cells.get("from", "")), _date(cells.get("to", ""))
    if first is not None and last is not None and last < first:
        raise BadTable(
            Text("结束日早于开始日。", "The last day is before the first."),
            remedy=Text("请改正两个日期。", "Mend the two dates."),
        )
    return Qualified(_name(cells, "agent"), _name(cells, "skill"), first, last, cells.get("training", ""))


def _needed(cells: Cells) -> Needed:
    moment = _moment(cells.get("start", ""))
    text = cells.get("agents", "")
    try:
        agents = float(text)
    except ValueError:
        agents = -1.0
    if not 0 <= agents <= MOST_AGENTS:
        raise BadTable(
            Text(f"“{text}”不是人数。", f'"{text}" is no number of agents.'),
            remedy=Text("请写 0 或更大的数。", "Write 0 or more."),
        )
    minute = moment.hour * 60 + moment.minute
    return Needed(_name(cells, "skill"), day_id(moment.date()), minute, ceil(agents - 1e-9))


def _name(cells: Cells, name: str) -> str:
    if not cells.get(name):
        raise BadTable(
            Text(f"{name} 为空。", f"{name} is empty."),
            remedy=Text("请填写，或删去该行。", "Fill it in, or drop the row."),
        )
    return cells[name]


def _moment(text: str) -> datetime:
    """The local time as it is written; an offset behind it only repeats the floor's zone."""
    for read in (datetime.fromisoformat, lambda held: datetime.strptime(held, SLASHES)):
        try:
            return read(text)
        except ValueError:
            continue
    raise BadTable(
        Text(f"“{text}”不是时间。", f'"{text}" is no time.'),
        remedy=Text("请写成 2026-12-15 09:00。", "Write it as 2026-12-15 09:00."),
    )


def _date(text: str) -> int | None:
    if not text:
        return None
    for form in DATES:
        try:
            return day_id(datetime.strptime(text, form).date())
        except ValueError:
            continue
    raise BadTable(
        Text(f"“{text}”不是日期。", f'"{text}" is no date.'),
        remedy=Text("请写成 2026-12-15。", "Write it as 2026-12-15."),
    )


def minutes_of(needs: Sequence[Needed]) -> int:
    """The length of an interval: the smallest distance of two beginnings of one day, at most an hour."""
    gaps = [
        late - early
        for day in {one.day for one in needs}
        for early, late in pairwise(sorted({one.minute for one in needs if one.day == day}))
    ]
    return min([*gaps, LONGEST]) if gaps else 30


def heads_needed(needs: Sequence[Needed], skill: str, hours_a_week: float) -> int | None:
    """How many people a requirement takes: its agent hours of an average week over what one works in a week, and at
    least the most that are needed at once; None if it does not speak of the skill.

    ``hours_a_week`` are hours at the phone: leave, training and breaks taken off.
    """
    mine = [one for one in needs if one.skill == skill]
    if not mine:
        return None
    days = len({one.day for one in needs})
    hours = sum(one.agents for one in mine) * minutes_of(needs) / 60
    return max(ceil(hours / days * 7 / hours_a_week - 1e-9), max(one.agents for one in mine))
