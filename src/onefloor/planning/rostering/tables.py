"""The tables beside a rules file: CSV with named columns, every fault with its line."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from onefloor.language import Text
from onefloor.problems import MissingFile, Place, Problem

T = TypeVar("T")
FIRST_YEAR, END_OF_YEARS = 1970, 3000
MOST = 999_999_999
UNKNOWN = Text("无法识别", "is not known")
TOO_LARGE = Text("过大", "is too large")
TWICE = Text("重复", "is written twice")
LATER_LAST = Text("请把较晚的日期写在后面。", "Write the later day last.")


class BadTable(Problem):
    """A table that cannot be read, or a line of it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table: its fields by column, and where it stands."""

    fields: dict[str, str]
    place: Place

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")

    def bad(self, name: str, write: Text, what: Text = UNKNOWN) -> BadTable:
        """The problem of a field; of ``what``, what is wrong with it."""
        said = self[name]
        told = Text(f"{name} 列的“{said}”{what.zh}。", f'"{said}" in column {name} {what.en}.')
        return BadTable(told, remedy=write, where=self.place)


def lines(path: Path, required: Sequence[str], optional: Sequence[str] = ()) -> list[Line]:
    """All lines of a table.

    Raises:
        MissingFile: there is no such file.
        BadTable: it is no text in UTF-8, or a column is missing or not known.
    """
    if not path.is_file():
        raise MissingFile(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
    except (UnicodeDecodeError, csv.Error):
        raise BadTable(
            Text("不是 UTF-8 编码的 CSV。", "This is no CSV in UTF-8."),
            remedy=Text("请另存为 UTF-8 的 CSV。", "Save it as CSV in UTF-8."),
            where=Place(str(path)),
        ) from None
    heads = [cell.strip().lower() for cell in rows[0]] if rows else []
    _check_heads(path, heads, required, optional)
    return [
        Line({head: cell.strip() for head, cell in zip(heads, row, strict=False)}, Place(str(path), number))
        for number, row in enumerate(rows[1:], 2)
        if any(cell.strip() for cell in row)
    ]


def _check_heads(path: Path, heads: Sequence[str], required: Sequence[str], optional: Sequence[str]) -> None:
    absent = [name for name in required if name not in heads]
    if absent:
        known = ", ".join([*required, *(f"[{name}]" for name in optional)])
        raise BadTable(
            Text(f"缺少列 {absent[0]}。", f"Column {absent[0]} is missing."),
            remedy=Text(f"首行应为：{known}。", f"The first line is: {known}."),
            where=Place(str(path), 1),
        )


def number(line: Line, name: str, without: float | None = None) -> float:
    """A number of 0 or more; ``without`` where the field is empty."""
    if not line[name] and without is not None:
        return without
    try:
        found = float(line[name])
    except ValueError:
        found = -1.0
    if found > MOST:
        raise line.bad(name, Text(f"请写不大于 {MOST:,} 的数。", f"Write a number of at most {MOST:,}."), TOO_LARGE)
    if not found >= 0:
        raise line.bad(name, Text("请写不小于 0 的数。", "Write a number of 0 or more."))
    return found


def day(line: Line, name: str) -> date | None:
    """As ``required_day``; None where the field is empty."""
    return required_day(line, name) if line[name] else None


def required_day(line: Line, name: str) -> date:
    """A day of a year from 1970 to 2999."""
    try:
        found = date.fromisoformat(line[name])
    except ValueError:
        found = date.min
    if not FIRST_YEAR <= found.year < END_OF_YEARS:
        raise line.bad(name, Text("请写成 2026-12-01。", "Write 2026-12-01."))
    return found


def span(line: Line, first: str, last: str) -> tuple[date | None, date | None]:
    """The days from one column to another, both included; None is open."""
    since, until = day(line, first), day(line, last)
    if since is not None and until is not None and until < since:
        raise line.bad(last, LATER_LAST, Text(f"早于 {first} 列的“{since}”", f'is before "{since}" in column {first}'))
    return since, until


def moment(line: Line, name: str) -> datetime:
    """A moment of the clock, ``2026-12-01 08:30``, or with its offset from UTC; of a year from 1970 to 2999."""
    try:
        found = datetime.fromisoformat(line[name])
    except ValueError:
        found = datetime.min
    if not FIRST_YEAR <= found.year < END_OF_YEARS:
        raise line.bad(name, Text("请写成 2026-12-01 08:30。", "Write 2026-12-01 08:30."))
    return found


def among(line: Line, name: str, known: Iterable[str]) -> str:
    """One of the names that are known."""
    options = sorted(known)
    if line[name] not in options:
        shown = options[:8]
        raise line.bad(name, Text(f"可用：{'、'.join(shown)}。", f"Use one of {', '.join(shown)}."))
    return line[name]


def each(held: Iterable[Line], read: Callable[[Line], T], problems: list[Problem]) -> Iterator[T]:
    """What is read of every line; problems are collected."""
    for line in held:
        try:
            yield read(line)
        except Problem as problem:
            problems.append(problem)
