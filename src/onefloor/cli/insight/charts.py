"""``onefloor watch``: what moved beyond chance, since when, how sure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from onefloor.cli.bilingual import FILE, BadUsage, Command, Option, floor_argument
from onefloor.cli.insight.answering import FiniteRange, drawn, opened, picture_options, tell, to_option, without_repeats
from onefloor.cli.measuring import filters
from onefloor.cli.output import Screen
from onefloor.language import Text, same
from onefloor.periods import Month, Period, day_id, months_of
from onefloor.problems import MissingFile, Place, Problem

if TYPE_CHECKING:
    from onefloor.insight.finding import Finding
    from onefloor.metrics.prepared import Prepared

EXPECTED = ("weekday", "level", "forecast")


class BadDay(Problem):
    """A line of the holidays that is no date."""

    def __init__(self, text: str, path: Path, line: int) -> None:
        super().__init__(
            Text(f"“{text}”不是日期。", f'"{text}" is no date.'),
            remedy=Text(
                "每行写一个日期，例如 2026-10-01；其后的文字不看。",
                "Write one date a line, such as 2026-10-01; what follows it is not read.",
            ),
            where=Place(str(path), line),
        )


class NotText(Problem):
    """A file of holidays that is not text in UTF-8."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Text("节假日文件不是 UTF-8 文本。", "The file of holidays is not text in UTF-8."),
            remedy=Text("请另存为 UTF-8 文本，每行一个日期。", "Save it as text in UTF-8 with one date a line."),
            where=Place(str(path)),
        )


def watch(
    screen: Screen, floor: Path, metric: str, by: Sequence[str], where: Sequence[str], first: str | None,
    last: str | None, base: str | None, rebase: Sequence[str], holidays: Path | None, budget: float, expect: str,
    picture: Path, draw: bool,  # noqa: FBT001  Click's signature
) -> None:  # fmt: skip
    """Signals, control limits, what happened."""
    from onefloor.insight.charts.findings import findings
    from onefloor.insight.charts.picture import picture as drawing
    from onefloor.insight.charts.sentences import budget_words, screen_words, unowned_words
    from onefloor.insight.charts.watching import Asked, new_base
    from onefloor.insight.charts.watching import watch as watched

    if budget <= 0:
        raise BadUsage(
            Text("--budget 必须大于 0。", "--budget must be above 0."),
            remedy=Text(
                "例如 0.5：平均两次查看才有一次误报。", "0.5, say: one false alarm in two looks at the screen."
            ),
        )
    decisions, off = tuple(new_base(text) for text in rebase), days_off(holidays)
    ready = opened(screen, floor)
    asked = Asked(
        metric=metric.strip(),
        judged=_days(judged_months(ready.prepared, first, last)),
        by=without_repeats(by),
        where=filters(where),
        base=_days(months_of(base)) if base else None,
        rebased=decisions,
        holidays=off,
        budget=budget,
        expect=expect,  # type: ignore[arg-type]  # one of the choices
    )
    found = watched(ready.prepared, asked, engine=ready.engine, cubes=ready.cubes)
    told = sorted(findings(found), key=lambda one: ORDER.index(one.verdict.value))
    pictures = drawn(screen, drawing(found), picture, wanted=draw)
    if screen.json:
        tell(screen, told, pictures)
        return
    screen.show(screen_words(found, told))
    screen.show(budget_words(found))
    for words in unowned_words(found):
        screen.show(words)
    loud = [one for one in told if one.verdict.value in LOUD]
    if loud:
        screen.show(same(""))
    tell(screen, loud, pictures)
    _rest(screen, [one for one in told if one not in loud])


ORDER = ("signal", "worth_a_look", "steady", "cannot_tell")
LOUD = ("signal", "worth_a_look")


def _rest(screen: Screen, quiet: Sequence[Finding]) -> None:
    """What needs no more than a line."""
    if not quiet:
        return
    screen.show(same(""))
    rows: list[list[Any]] = [
        [one.about, one.verdict.words, one.reasons[0] if one.reasons else _limits(one)] for one in quiet
    ]
    heads = [Text("对象", "about"), Text("结论", "verdict"), Text("控制界限或原因", "control limits, or why not")]
    screen.table(heads, rows)


def _limits(one: Finding) -> Text:
    """The control limits of a quiet chart."""
    limits = one.details["limits"]
    return Text(**limits) if limits else same("")


def judged_months(prepared: Prepared, first: str | None, last: str | None) -> list[Month]:
    """The months that are judged; without any the floor's last.

    Raises:
        BadPeriod, BadUsage.
    """
    held = prepared.months
    if not held:
        raise BadUsage(
            Text("该现场还没有话务数据。", "The floor has no contacts yet."),
            remedy=Text("请先用 onefloor load 导入。", "Load some first: onefloor load."),
        )
    end = last or str(held[-1])
    return months_of(f"{first or end}..{end}")


def days_off(path: Path | None) -> frozenset[int]:
    """Day ids of the holidays in a file: one date a line, comments after it.

    Raises:
        MissingFile, NotText, BadDay.
    """
    if path is None:
        return frozenset()
    if not path.is_file():
        raise MissingFile(path)
    found = set()
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise NotText(path) from None
    for number, line in enumerate(lines, 1):
        text = line.split("#")[0].replace(",", " ").strip().strip("- ").split(" ")[0]
        if not text:
            continue
        try:
            found.add(day_id(date.fromisoformat(text)))
        except ValueError:
            raise BadDay(text, path, number) from None
    return frozenset(found)


def _days(months: Sequence[Month]) -> Period:
    return Period(months[0].days.start, months[-1].days.end)


COMMANDS = (
    Command(
        "watch",
        Text(
            "哪些超出了正常波动，从何时起，有多大把握。",
            "What moved beyond chance, since when, how sure.",
        ),
        watch,
        [
            floor_argument(),
            Option(
                "--metric",
                text=Text("指标及其参数。", "A metric with its parameters."),
                required=True,
                metavar="METRIC",
            ),
            Option(
                "--by",
                text=Text(
                    "每组一张图的分组维度，用逗号分隔，例如 company,queue。",
                    "One chart for each group, such as company,queue.",
                ),
                multiple=True,
                metavar="DIMENSIONS",
            ),
            Option(
                "--where",
                text=Text("筛选条件，例如 queue=water；可重复。", "A filter such as queue=water; may be repeated."),
                multiple=True,
                metavar="DIMENSION=NAME",
            ),
            Option(
                "--from",
                "first",
                text=Text(
                    "评判的起始账期，例如 2026-11；默认只评判最近一个账期。",
                    "First month that is judged; by default only the last.",
                ),
                metavar="MONTH",
            ),
            to_option(),
            Option(
                "--base",
                text=Text(
                    "设定界限的基准账期，例如 2026-07..2026-10；默认为此前 26 周（按天时取最后 13 周）。",
                    "Months that set the limits, such as 2026-07..2026-10; by default the 26 weeks before (of days the "
                    "last 13).",
                ),
                metavar="MONTHS",
            ),
            Option(
                "--rebase",
                text=Text(
                    "自某日起重设界限并注明原因，例如 2026-09-01=新流程；可重复。",
                    "Set limits anew since a day, with the reason: 2026-09-01=new procedure; may be repeated.",
                ),
                multiple=True,
                metavar="DATE=REASON",
            ),
            Option(
                "--holidays",
                text=Text(
                    "节假日文件，每行一个日期；这些日子不参与。",
                    "A file with holidays, one date a line; they are left out.",
                ),
                type=FILE,
                metavar="FILE",
            ),
            Option(
                "--budget",
                text=Text("整屏允许的误报次数。", "False alarms allowed on the whole screen."),
                type=FiniteRange(),
                default=0.5,
                metavar="NUMBER",
            ),
            Option(
                "--expect",
                text=Text(
                    "何为通常：weekday 同类星期的中位数，level 总体中位数，forecast 锁定的预测（仅人工请求量）。",
                    "What is usual: weekday (median of like weekdays), level (median of all days), forecast (locked; "
                    "of offered contacts only).",
                ),
                type=click.Choice(EXPECTED),
                default="weekday",
                metavar="WAY",
            ),
            *picture_options("watch"),
        ],
        examples=(
            "onefloor watch myfloor --metric abandonment --by company,queue",
            "onefloor watch myfloor --metric aht --from 2026-11 --to 2026-11 --holidays holidays.txt",
            'onefloor watch myfloor --metric fcr:within=7d --by company --rebase "2026-09-01=new procedure"',
        ),
    ),
)
