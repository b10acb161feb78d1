"""How many of each rater's contacts passed in a month, from a CSV file: what the rater-aware bound needs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from onefloor.insight.rating.marks import Places
from onefloor.insight.rating.reading import BrokenLine, csv_rows
from onefloor.language import Text, same
from onefloor.problems import Place, Problem, Problems

COLUMNS: Final = {
    "rater": ("rater", "rater id", "evaluator", "质检员", "评分人"),
    "passed": ("passed", "pass", "合格", "合格数"),
    "rows": ("rows", "sample", "contacts", "抽检", "抽检数", "样本"),
}
SHOWN = 20  # problems that are told


class BadPasses(Problem):
    """A file or line that does not say how many of a rater's contacts passed."""

    def __init__(self, what: Text, path: Path, line: int | None = None) -> None:
        super().__init__(
            what,
            remedy=Text(
                "每行一名质检员：rater、passed（合格数）、rows（抽检数），例如 QA1,38,50。",
                "One line a rater: rater, passed, rows, such as QA1,38,50.",
            ),
            where=Place(str(path), line),
        )


def read_passes(path: Path) -> tuple[Places, Places]:
    """How many passed and how many were marked, one entry a rater.

    Args:
        path: a CSV file with a head, UTF-8; columns in English or Chinese.

    Raises:
        MissingFile, NotUtf8, BrokenLine: the file cannot be read.
        BadPasses: a column is missing, a line is none, or there are none; all lines at once (``Problems``).
    """
    lines = [(number, cells) for number, cells in csv_rows(path) if any(cell.strip() for cell in cells)]
    head = [cell.strip().casefold() for cell in lines[0][1]] if lines else []
    places = {name: next((head.index(one) for one in known if one in head), -1) for name, known in COLUMNS.items()}
    missing = same(", ".join(name for name, place in places.items() if place < 0))
    if missing.en:
        raise BadPasses(Text(f"缺少列：{missing.zh}。", f"Missing: {missing.en}."), path)
    found = [_line(path, number, cells, list(places.values()), len(head)) for number, cells in lines[1:]]
    problems = [one for one in found if isinstance(one, Problem)]
    kept = [one for one in found if not isinstance(one, Problem)]
    names = [name for name, _, _ in kept]
    problems += [_twice(path, name) for name in sorted({name for name in names if names.count(name) > 1})]
    if not problems and not kept:
        problems = [BadPasses(Text("文件中没有质检员。", "The file has no raters."), path)]
    if problems:
        raise problems[0] if len(problems) == 1 else Problems(problems[:SHOWN])
    return np.array([good for _, good, _ in kept], np.intp), np.array([rows for _, _, rows in kept], np.intp)


def _twice(path: Path, name: str) -> BadPasses:
    return BadPasses(Text(f"质检员“{name}”出现多次。", f'Rater "{name}" has several lines.'), path)


def _line(
    path: Path, number: int, cells: Sequence[str], places: Sequence[int], columns: int
) -> tuple[str, int, int] | Problem:
    if len(cells) > columns:
        return BrokenLine(path, number)
    name, passed, rows = (cells[place].strip() if place < len(cells) else "" for place in places)
    if not name or not (passed.isdecimal() and rows.isdecimal()) or not 0 <= int(passed) <= int(rows) or not int(rows):
        shown = ",".join((name, passed, rows))
        return BadPasses(
            Text(f"“{shown}”不是合格数与抽检数。", f'"{shown}" is not how many passed of how many.'), path, number
        )
    return name, int(passed), int(rows)
