"""What the command line shows: JSON and nothing else for scripts, tables for people, progress only on a terminal."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

from onefloor import __version__
from onefloor.floor import Floor
from onefloor.language import Language, Text, preferred_language
from onefloor.problems import Problem, Problems

WIDE = 10_000  # columns: a table that nobody looks at on a terminal is never folded
PARTS = {
    "where": Text("位置：", "  where:  "),
    "why": Text("原因：", "  why:    "),
    "remedy": Text("处理：", "  remedy: "),
}

MEASURING_TABLES = Text("整理度量表", "Preparing the months")
CUBES = Text("整理日汇总", "Building daily cubes")

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Screen:
    """How this run speaks: in which language, to a person or to a script, and how much."""

    language: Language = "en"
    json: bool = False
    quiet: bool = False
    debug: bool = False

    def say(self, text: Text) -> None:
        """A remark for people on standard error; never part of the answer."""
        if not self.quiet:
            print(text.to(self.language), file=sys.stderr)

    def show(self, text: Text) -> None:
        """A sentence that is the answer, on standard output."""
        print(text.to(self.language))

    def answer(self, data: Any) -> None:
        """The answer as JSON."""
        print(json.dumps(data, ensure_ascii=False))

    def table(
        self, heads: Sequence[Text | str], rows: Iterable[Sequence[object]], *, right: Iterable[int] = ()
    ) -> None:
        """The answer as a table; ``right`` names the columns of numbers. Without heads, plain columns."""
        from rich.box import SIMPLE_HEAD
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text as Plain

        listed = [[Plain(self.word(cell)) for cell in row] for row in rows]
        shown = Table(box=SIMPLE_HEAD if heads else None, pad_edge=False, show_edge=False, show_header=bool(heads))
        numbers = set(right)
        for place in range(len(heads) or max(map(len, listed), default=0)):
            head = self.word(heads[place]) if heads else ""
            shown.add_column(Plain(head), justify="right" if place in numbers else "left", overflow="fold")
        for row in listed:
            shown.add_row(*row)
        width = Console().width if sys.stdout.isatty() else WIDE
        console = Console(file=StringIO(), width=width, highlight=False, emoji=False)
        console.print(shown)
        # Without the spaces that fill the last column: a transcript can then be compared and pasted.
        print("\n".join(line.rstrip() for line in console.file.getvalue().splitlines()))  # type: ignore[attr-defined]

    def csv(self, heads: Sequence[str], rows: Iterable[Iterable[object]]) -> None:
        """The answer as CSV with one head line."""
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(heads)
        writer.writerows(rows)

    def word(self, value: object) -> str:
        """One value as a person reads it; what came from a file cannot move the cursor or colour the screen."""
        if isinstance(value, Text):
            return value.to(self.language)
        return "" if value is None else printable(str(value))

    def problem(self, problem: Problem) -> None:
        """A problem on standard error: what, where, why, what to do; as JSON for scripts."""
        if self.json:
            print(json.dumps(problem.as_json(), ensure_ascii=False), file=sys.stderr)
            return
        for one in problem.problems if isinstance(problem, Problems) else [problem]:
            print(self.word(one.what), file=sys.stderr)
            for name, value in (("where", one.where), ("why", one.why), ("remedy", one.remedy)):
                if value is not None:
                    print(PARTS[name].to(self.language) + self.word(value), file=sys.stderr)

    def fault(self, fault: BaseException) -> None:
        """A fault of Onefloor itself, in one line that says what to report."""
        said = " ".join(str(fault).split())[:200]
        self.problem(
            Problem(
                Text(
                    f"Onefloor {__version__} 内部错误：{type(fault).__name__}：{said}",
                    f"Onefloor {__version__} has a fault: {type(fault).__name__}: {said}",
                ),
                remedy=Text(
                    "请加上 --debug 重新运行，并把全部输出连同命令一起报告。",
                    "Run it again with --debug and report everything it prints, with the command.",
                ),
            )
        )

    @contextmanager
    def progress(self, title: Text) -> Iterator[Progress]:
        """A bar on standard error while the block runs; nothing unless a person is watching a terminal."""
        if self.quiet or self.json or not sys.stderr.isatty():
            yield _nothing
            return
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bars:
            task = bars.add_task(self.word(title), total=None)
            yield lambda done, total: bars.update(task, completed=done, total=total or None)


def printable(text: str) -> str:
    r"""The text with control characters and other invisible signs spelt out.

    >>> printable("\x1b[2Jqueue\tlog")
    '\\x1b[2Jqueue\\tlog'
    """
    return text if text.isprintable() else "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)


def counted_lines(lines: int) -> str:
    """English knows one line and many.

    >>> counted_lines(1), counted_lines(1204331)
    ('1 line', '1,204,331 lines')
    """
    return "1 line" if lines == 1 else f"{lines:,} lines"


def local_second(floor: Floor, instant_ms: int) -> str:
    """An instant in the floor's zone, to the second: ``2026-11-30 18:05:09``."""
    local = datetime(1970, 1, 1) + timedelta(milliseconds=instant_ms + floor.clock.offset_ms(instant_ms))
    return local.isoformat(" ", "seconds")


def local_minute(floor: Floor, instant_ms: int) -> str:
    """An instant in the floor's zone, to the minute: ``2026-11-30 18:05``."""
    return local_second(floor, instant_ms)[:-3]


def _nothing(_done: int, _total: int) -> None:
    """The progress that shows nothing."""


def screen_for(arguments: Sequence[str]) -> Screen:
    """The screen as far as it is known before the arguments are parsed, so that mistakes in them are told rightly.

    >>> screen_for(["--lang", "zh", "status"]).language
    'zh'
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    chosen = None
    for place, word in enumerate(arguments):
        if word == "--lang":
            chosen = (*arguments, "")[place + 1]
        elif word.startswith("--lang="):
            chosen = word.removeprefix("--lang=")
    return Screen(preferred_language(chosen), json="--json" in arguments, debug="--debug" in arguments)
