"""Lines of a roster, as the core reads and as it holds them; and files written so that they read back the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from onefloor.facts import roster
from onefloor.facts.sources.mapping import Layout
from onefloor.facts.sources.records import blocks
from onefloor.facts.store import recover, table_version
from onefloor.floor import Floor
from onefloor.language import Text
from onefloor.problems import Place, Problem
from onefloor_web.platform.companies.mirroring import day_of
from onefloor_web.platform.spreadsheets.files import harmless, unguarded

MOST_LINES = 50_000
GUARDED = ("agent", "name", "company", "site", "team")
HEADS = {
    "en": roster.COLUMNS,
    "zh": ("工号", "姓名", "所属公司", "用工形式", "职场", "班组", "入职日期", "开始日期", "结束日期"),
}
FORMS = {
    "own": Text("自有员工", "own"),
    "dispatched": Text("劳务派遣", "dispatched"),
    "outsourced": Text("外包员工", "outsourced"),
}


class TooManyLines(Problem):
    """More lines than a roster has."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Text(f"文件超过 {MOST_LINES:,} 行。", f"The file has more than {MOST_LINES:,} lines."),
            remedy=Text("请分成几个文件。", "Split it into several files."),
            where=Place(path.name),
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One stretch of one person: days are those of the facts, ``until_day`` is the day after the last."""

    agent: str
    name: str | None
    company: str
    form: str
    site: str | None
    team: str | None
    hired_day: int | None
    from_day: int
    until_day: int | None

    @property
    def first(self) -> date:
        """The first day."""
        return day_of(self.from_day)

    @property
    def last(self) -> date | None:
        """The last day, None while open."""
        return None if self.until_day is None else day_of(self.until_day - 1)

    @property
    def hired(self) -> date | None:
        """The day of hiring."""
        return None if self.hired_day is None else day_of(self.hired_day)

    def on(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.first <= day and (self.last is None or day <= self.last)

    def overlaps(self, other: Line) -> bool:
        """Whether the two share a day."""
        starts_before = self.until_day is None or other.from_day < self.until_day
        return starts_before and (other.until_day is None or self.from_day < other.until_day)


@dataclass(frozen=True, slots=True)
class Read:
    """A line of a file: its number, why the core would set it aside, what it says if it can be read."""

    number: int
    fault: str | None
    line: Line | None
    agent: str | None
    company: str | None


def current(floor: Floor) -> tuple[Line, ...]:
    """The lines that count now, by agent and day."""
    recover(floor)
    return _current(str(floor.root), table_version(floor, "roster"))


@lru_cache(maxsize=4)
def _current(root: str, _version: int) -> tuple[Line, ...]:
    from onefloor.floor import open_floor

    rows = roster.current(open_floor(Path(root))).iter_rows(named=True)
    return tuple(
        Line(
            row["agent"], row["name"], row["company"], row["employment"], row["site"], row["team"],
            row["hired_day"], row["from_day"], row["until_day"],
        )
        for row in rows
    )  # fmt: skip


def read(path: Path) -> list[Read]:
    """Every line of a file with the core's own judgement.

    Raises:
        Problem: the file as a whole cannot be read, or is too long.
    """
    layout = Layout(aliases=roster.ALIASES, optional=frozenset(roster.COLUMNS) - frozenset(roster.REQUIRED))
    rows: list[dict[str, Any]] = []
    for block in blocks(path, layout, {name: Place(path.name) for name in roster.COLUMNS}):
        rows.extend(roster.parsed_rows(block))
        if len(rows) > MOST_LINES:
            raise TooManyLines(path)
    for row in rows:
        row.update({name: unguarded(row[name]) for name in GUARDED if row[name]})
    roster.judge([row for row in rows if row["fault"] not in ("blank", "header")])
    return [Read(row["line"], row["fault"], _line(row), row["agent"], row["company"]) for row in rows]


def _line(row: dict[str, Any]) -> Line | None:
    if row["fault"] is not None:
        return None
    return Line(
        row["agent"], row["name"], row["company"], row["form"], row["site"], row["team"],
        row["hired_day"], row["from_day"], row["until_day"],
    )  # fmt: skip


def cells(line: Line, language: str) -> list[str]:
    """A line as the cells of a file."""
    form = FORMS[line.form].zh if language == "zh" else FORMS[line.form].en
    days = [day.isoformat() if day else "" for day in (line.hired, line.first, line.last)]
    return [line.agent, line.name or "", line.company, form, line.site or "", line.team or "", *days]


def as_csv(lines: Iterable[Line], language: str, guard: bool = True) -> bytes:  # noqa: FBT001, FBT002
    """A file that reads back as the same lines; ``guard`` puts an apostrophe before what a spreadsheet would run."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADS[language])
    for line in lines:
        writer.writerow([harmless(cell) if guard else cell for cell in cells(line, language)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def of_agent(lines: Sequence[Line], agent: str) -> list[Line]:
    """The lines of one agent, in order of days."""
    return [line for line in lines if line.agent == agent]
