"""Evaluations from a CSV file: every line ends as a mark, a blank line, a line without a mark, or a problem."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np

from onefloor.insight.rating.marks import Marks
from onefloor.language import Text, joined, same
from onefloor.problems import MissingFile, Place, Problem, Problems

Kind = Literal["score", "passed"]
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "contact": ("contact", "contact id", "contact_id", "call id", "录音", "录音编号", "通话编号", "流水号", "话务"),
    "rater": ("rater", "rater id", "evaluator", "质检员", "评分人"),
    "company": ("company", "rater company", "rater_company", "公司", "质检员公司", "所属公司"),
    "score": ("score", "points", "得分", "分数", "评分"),
    "passed": ("passed", "pass", "result", "合格", "是否合格", "结果"),
}
NEEDED: Final = ("contact", "rater")
PASSED: Final = frozenset({"1", "yes", "y", "true", "pass", "passed", "ok", "是", "合格", "通过"})
FAILED: Final = frozenset({"0", "no", "n", "false", "fail", "failed", "否", "不合格", "未通过"})
SHOWN = 20  # problems of one file that are told; more would hide the first


class NotUtf8(Problem):
    """Bytes that are not UTF-8."""

    def __init__(self, path: Path, line: int) -> None:
        super().__init__(
            Text("该行不是 UTF-8 编码。", "This line is not UTF-8."),
            remedy=Text(
                "请另存为“CSV UTF-8”后重试（Excel：另存为 → CSV UTF-8）。",
                'Save the file as "CSV UTF-8" and try again.',
            ),
            where=Place(str(path), line),
        )


class ColumnsMissing(Problem):
    """A column that the reader needs is not there."""

    def __init__(self, path: Path, missing: Sequence[str], held: Sequence[str]) -> None:
        names = joined(same(name) for name in missing)
        super().__init__(
            Text(f"缺少列：{names.zh}。", f"Missing: {names.en}."),
            why=Text(
                f"文件中的列：{'、'.join(held) or '（无）'}。", f"The file has {', '.join(held) or 'no columns'}."
            ),
            remedy=Text(
                "需要 contact、rater，以及 score 或 passed；company（质检员所属公司）可选。",
                "Needed are contact, rater, and score or passed; company (the rater's own) may be given.",
            ),
            where=Place(str(path), 1),
        )


class BadMark(Problem):
    """A cell that is no mark, or that is empty where it must not be."""

    def __init__(self, path: Path, line: int, column: str, text: str) -> None:
        possible = {
            "score": Text("分数须为数字，例如 87.5。", "A score is a number such as 87.5."),
            "passed": Text("请写 1 或 0、是或否、合格或不合格。", "Write 1 or 0, yes or no, pass or fail."),
        }.get(column, Text("请补上。", "Fill it in."))
        what = Text(f"“{text}”不是有效的 {column}。", f'"{text}" is no {column}.') if text else None
        empty = Text(f"{column} 为空。", f"{column} is empty.")
        super().__init__(what or empty, remedy=possible, where=Place(str(path), line))


class BrokenLine(Problem):
    """A line with more cells than the head has columns, or with a quote that never ends."""

    def __init__(self, path: Path, line: int) -> None:
        super().__init__(
            Text("该行的列数多于表头，或引号没有配对。", "This line has more cells than the head, or an open quote."),
            remedy=Text("请检查逗号和引号。", "Check its commas and quotes."),
            where=Place(str(path), line),
        )


class MarkedTwice(Problem):
    """The same rater marks the same contact in two lines."""

    def __init__(self, path: Path, line: int, first: int, contact: str, rater: str) -> None:
        super().__init__(
            Text(
                f"质检员“{rater}”对“{contact}”评了两次，第一次在第 {first} 行。",
                f'Rater "{rater}" marks contact "{contact}" a second time; the first is line {first}.',
            ),
            remedy=Text("请只保留一行。", "Keep one of the two lines."),
            where=Place(str(path), line),
        )


class TwoCompanies(Problem):
    """A rater of two companies."""

    def __init__(self, path: Path, line: int, rater: str, first: str, second: str) -> None:
        super().__init__(
            Text(
                f"质检员“{rater}”先属于“{first}”，此行属于“{second}”。",
                f'Rater "{rater}" is of "{first}" before and of "{second}" here.',
            ),
            remedy=Text(
                "company 是质检员自己的公司，不是被检话务的公司。", "company is the rater's own, not the contact's."
            ),
            where=Place(str(path), line),
        )


class OneRater(Problem):
    """Only one rater: nobody to compare with."""

    def __init__(self, raters: Sequence[str], where: Place | None = None) -> None:
        name = raters[0] if raters else None
        super().__init__(
            Text(f"只有一名质检员“{name}”。", f'There is only one rater, "{name}".')
            if name
            else Text("没有任何评分。", "There are no marks at all."),
            why=Text("一致性和宽严都要与他人比较。", "Agreement and severity are comparisons with others."),
            remedy=Text(
                "请让至少两名质检员对同一批话务盲评。", "Have two raters or more mark the same contacts, unseen."
            ),
            where=where,
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One mark as the file has it."""

    number: int
    contact: str
    rater: str
    company: str | None
    value: float


def read_marks(path: Path, kind: Kind | None = None) -> Marks:
    """Read evaluations; columns are found by name, in English or Chinese.

    Args:
        path: a CSV file with a head, UTF-8.
        kind: which of ``score`` and ``passed`` to read; by default ``score`` where it is.

    Raises:
        MissingFile, NotUtf8, ColumnsMissing: the file cannot be read as evaluations.
        BadMark, BrokenLine, MarkedTwice, TwoCompanies: lines that cannot be; all of them at once (``Problems``).
        OneRater: nobody to compare with.
    """
    rows = list(csv_rows(path))
    head = [cell.strip() for cell in rows[0][1]] if rows else []
    places = _places(head)
    chosen = kind or ("score" if "score" in places else "passed")
    if missing := [name for name in (*NEEDED, chosen) if name not in places]:
        raise ColumnsMissing(path, missing, head)
    filled = [(number, cells) for number, cells in rows[1:] if any(cell.strip() for cell in cells)]
    unmarked = sum(not _cell(cells, places[chosen]) for _, cells in filled)
    lines = _checked(path, [_line(path, one, places, chosen, len(head)) for one in filled])
    account = {
        "lines": len(rows), "head": 1, "blank": len(rows) - 1 - len(filled), "unmarked": unmarked, "marks": len(lines),
    }  # fmt: skip
    return marks_of(lines, passed=chosen == "passed", account=account, where=Place(str(path)))


def marks_of(lines: Sequence[Line], *, passed: bool, account: Mapping[str, int], where: Place | None = None) -> Marks:
    """Marks from lines that are known to be sound.

    Raises:
        OneRater: nobody to compare with.
    """
    contacts, contact = np.unique([line.contact for line in lines], return_inverse=True)
    raters, rater = np.unique([line.rater for line in lines], return_inverse=True)
    if len(raters) < 2:
        raise OneRater([str(name) for name in raters], where)
    company = {line.rater: line.company for line in lines}
    return Marks(
        contact=contact.astype(np.intp),
        rater=rater.astype(np.intp),
        value=np.array([line.value for line in lines]),
        contacts=tuple(map(str, contacts)),
        raters=tuple(map(str, raters)),
        companies=tuple(company[str(name)] for name in raters),
        passed=passed,
        account=account,
    )


def csv_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Line numbers and cells; a quoted cell may span lines and counts for the last of them.

    Raises:
        MissingFile, NotUtf8, BrokenLine: the file cannot be read.
    """
    if not path.is_file():
        raise MissingFile(path)
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotUtf8(path, content.count(b"\n", 0, error.start) + 1) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error:
        raise BrokenLine(path, reader.line_num) from None


def _places(head: Sequence[str]) -> dict[str, int]:
    """In which column each thing stands."""
    names = [name.casefold() for name in head]
    found = {
        what: next((names.index(name) for name in known if name in names), None) for what, known in COLUMNS.items()
    }
    return {what: place for what, place in found.items() if place is not None}


def _cell(cells: Sequence[str], place: int | None) -> str:
    return cells[place].strip() if place is not None and place < len(cells) else ""


def _line(
    path: Path, row: tuple[int, Sequence[str]], places: Mapping[str, int], kind: Kind, columns: int
) -> Line | Problem | None:
    """One line as a mark; None where its mark is empty."""
    number, cells = row
    if len(cells) > columns:
        return BrokenLine(path, number)
    held = {what: _cell(cells, place) for what, place in places.items()}
    if not held[kind]:
        return None
    if empty := next((name for name in NEEDED if not held[name]), None):
        return BadMark(path, number, empty, "")
    value = _value(held[kind], kind)
    if value is None:
        return BadMark(path, number, kind, held[kind])
    return Line(number, held["contact"], held["rater"], held.get("company") or None, value)


def _value(text: str, kind: Kind) -> float | None:
    """A mark as a number; None for what is none."""
    if kind == "passed":
        low = text.casefold()
        return 1.0 if low in PASSED else 0.0 if low in FAILED else None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _checked(path: Path, found: Sequence[Line | Problem | None]) -> list[Line]:
    """The marks, if no line is a problem, by itself or with another."""
    lines = [one for one in found if isinstance(one, Line)]
    problems = [one for one in found if isinstance(one, Problem)]
    seen: dict[tuple[str, str], int] = {}
    company: dict[str, str | None] = {}
    for line in lines:
        first = seen.setdefault((line.contact, line.rater), line.number)
        own = company.setdefault(line.rater, line.company)
        if first != line.number:
            problems.append(MarkedTwice(path, line.number, first, line.contact, line.rater))
        if own != line.company:
            problems.append(TwoCompanies(path, line.number, line.rater, own or "-", line.company or "-"))
    if problems:
        raise problems[0] if len(problems) == 1 else Problems(problems[:SHOWN])
    return lines


def read_contacts(path: Path) -> list[str]:
    """The contacts of a CSV file in order, each once: its column ``contact``, whatever else it holds.

    Raises:
        MissingFile, NotUtf8, BrokenLine: the file cannot be read; ColumnsMissing: it names no contacts.
    """
    lines = [cells for _, cells in csv_rows(path) if any(cell.strip() for cell in cells)]
    head = [cell.strip().casefold() for cell in lines[0]] if lines else []
    place = next((head.index(one) for one in COLUMNS["contact"] if one in head), -1)
    if place < 0:
        raise ColumnsMissing(path, ["contact"], head)
    named = (cells[place].strip() for cells in lines[1:] if place < len(cells))
    return list(dict.fromkeys(name for name in named if name))
