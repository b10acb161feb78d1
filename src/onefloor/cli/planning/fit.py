"""``onefloor fit``: the model of a floor's day from its facts, and simulated days against observed ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from onefloor.cli.bilingual import FILE, NEW_FILE, BadUsage, Command, Option, floor_argument
from onefloor.cli.insight.answering import (
    Opened,
    companies,
    drawn,
    from_option,
    opened,
    picture_named,
    picture_options,
    span,
    tell,
    to_option,
    without_repeats,
)
from onefloor.cli.output import Screen
from onefloor.language import Text, joined, same
from onefloor.writing import write_whole

if TYPE_CHECKING:
    from onefloor.planning.fitting.asked import Parameters
    from onefloor.planning.fitting.basis import Basis, Fitted
    from onefloor.planning.fitting.floor_model import Parts
    from onefloor.planning.fitting.rows import Source
    from onefloor.planning.simulation.model import Rule

BYS, PRESENCES = ("queue", "topic"), ("shifts", "states", "contacts")
WITHIN = re.compile(r"(\d{1,6}(?:\.\d{1,3})?) ?(s|min|)")
MOST_SEED = 2**63 - 1


def fit(
    screen: Screen, floor: Path, first: str | None, last: str | None, queue: Sequence[str], by: str,
    company: Sequence[str], day: str | None, calendar: Path | None, without: Sequence[str], presence: str | None,
    within: str, name: str | None, out: Path | None, report: bool, against: str | None,  # noqa: FBT001
    days: int, replications: int, seed: int, picture: Path, draw: bool,  # noqa: FBT001  Click's signature
) -> None:  # fmt: skip
    """Fit a model; with ``--report`` say how its days compare with those that were."""
    from onefloor.planning.fitting.fit import fitted_parts
    from onefloor.planning.fitting.rows import Source, facts_of
    from onefloor.planning.fitting.writing import written

    if draw and not report and picture_named():
        raise BadUsage(
            Text("--picture 画的是模拟与实际的比较，须与 --report 同用。",
                 "--picture draws how simulated days compare with observed ones: it goes with --report."),
            remedy=Text("请加上 --report，或去掉 --picture。", "Add --report, or leave --picture out."),
        )  # fmt: skip
    ready = opened(screen, floor)
    whose = companies(ready.prepared, without_repeats(company))
    months = tuple(span(ready.prepared, first, last))
    seen = _visible(ready, scope_of(whose))
    source = Source(seen, months, facts_of(ready.floor), without_repeats(queue), by, scope_of(whose))
    others = tuple(_months(against)) if against else ()
    asked = _parameters(ready, name, day, calendar, without, presence, within, [*months, *others])
    fitted, parts = fitted_parts(source, asked)
    files = []
    if out is not None:
        write_whole(out, written(fitted.model, fitted.bases, screen.language))
        files.append(out)
    if report:
        _report(screen, source, asked, parts, others, (days, replications, seed), (picture, draw), files)
        return
    _tell(screen, fitted, files)


def _report(
    screen: Screen, source: Source, asked: Parameters, parts: Parts, others: Sequence[Any],
    size: tuple[int, int, int], wanted: tuple[Path, bool], files: Sequence[Path],
) -> None:  # fmt: skip
    from dataclasses import replace

    from onefloor.planning.fitting.comparing import compare
    from onefloor.planning.fitting.picture import picture as drawing
    from onefloor.planning.fitting.report import findings

    most, replications, seed = size
    against = replace(source, months=tuple(others)) if others else None
    found = compare(source, asked, against, most=most, replications=replications, seed=seed, parts=parts)
    pictures = drawn(screen, drawing(found), wanted[0], wanted=wanted[1])
    tell(screen, findings(found), [*files, *pictures])


def _visible(ready: Opened, scope: str) -> Any:
    from onefloor.metrics.visible import visible_to

    return visible_to(ready.prepared, scope, engine=ready.engine, cubes=ready.cubes)


def scope_of(whose: Sequence[str]) -> str:
    """The rows of some companies, all without any."""
    return f"company in ({', '.join(map(repr, whose))},)" if whose else ""


def _months(text: str) -> Any:
    from onefloor.periods import months_of

    return months_of(text.strip())


def _parameters(
    ready: Opened, name: str | None, day: str | None, calendar: Path | None, without: Sequence[str],
    presence: str | None, within: str, months: Sequence[Any],
) -> Parameters:  # fmt: skip
    from onefloor.periods import day_id
    from onefloor.planning.fitting.asked import Parameters
    from onefloor.planning.fitting.days import ASKED
    from onefloor.planning.fitting.special import special_days
    from onefloor.planning.forecasting.reading_calendars import read_calendar

    out = dict(special_days(read_calendar(calendar) if calendar else None, months))
    out |= {day_id(_date(text, "--without")): ASKED for text in without}
    return Parameters(
        name=(name or ready.floor.name).strip() or "floor",
        day=_date(day, "--day") if day is not None else None,
        without=out,
        presence=presence,  # type: ignore[arg-type]  # one of the choices
        rule=_rule(within),
    )


def _date(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise BadUsage(
            Text(f"{option} {text} 不是日期。", f"{option} {text} is no date."),
            remedy=Text("请写成 2026-11-30。", "Write 2026-11-30."),
        ) from None


def _rule(text: str) -> Rule:
    from onefloor.planning.simulation.model import Rule

    found = WITHIN.fullmatch(text.strip())
    if found is None:
        raise BadUsage(
            Text(f"无法识别 --within {text}。", f"--within {text} cannot be read."),
            remedy=Text("请写成 20s 或 1min。", "Write 20s or 1min."),
        )
    return Rule(within=float(found[1]) * (60 if found[2] == "min" else 1))


def _tell(screen: Screen, fitted: Fitted, files: Sequence[Path]) -> None:
    from onefloor.planning.fitting.sentences import HEADS, headline, left_out

    if screen.json:
        screen.answer({**fitted.as_json(), "files": [str(path) for path in files]})
        return
    screen.show(headline(fitted))
    if fitted.days.out:
        screen.show(left_out(fitted.days.out))
    shown = [basis for basis in fitted.bases if basis.value]
    screen.table(HEADS, [_row(basis, screen) for basis in shown], right=(3,))
    for about, text in _doubts(fitted):
        screen.show(joined([about, text], zh="：", en=": "))
    if files:
        screen.say(joined([Text("已写出：", "written:"), joined(same(str(path)) for path in files)], zh="", en=" "))


def _doubts(fitted: Fitted) -> list[tuple[Text, Text]]:
    """What is doubtful, the types of which the same is said together."""
    found: dict[tuple[Text, Text], list[str]] = {}
    for basis, text in fitted.warnings:
        found.setdefault((basis.parameter, text), []).append(basis.of)
    said = []
    for (parameter, text), types in found.items():
        named = joined(same(name) for name in types if name)
        said.append((joined([named, parameter], zh=" ", en=" ") if named.en else parameter, text))
    return said


def _row(basis: Basis, screen: Screen) -> list[object]:
    from onefloor.planning.fitting.sentences import shown

    held = basis.estimate
    interval = f"{shown(held.value)} ({shown(held.low)}..{shown(held.high)})" if held else ""
    misfit = f"{100 * basis.misfit:.1f}%" if basis.misfit is not None else ""
    unit = basis.unit.to(screen.language)
    value, interval = (basis.value, f"{interval} {unit}") if held else (f"{basis.value} {unit}", "")
    return [basis.of or "-", basis.parameter, value.strip(), f"{basis.n:,}", interval.strip(), misfit]


COMMANDS = (
    Command(
        "fit",
        Text(
            "由话务事实得出可模拟的模型，并说明每个参数的依据；--report 比较模拟与实际的日子。",
            "A model that can be simulated, from the facts, and what each parameter rests on; --report compares days.",
        ),
        fit,
        [
            floor_argument(),
            from_option(),
            to_option(),
            Option("--queue", text=Text(
                "队列（--by topic 时为业务类型），可重复；默认全部。",
                "A queue (with --by topic a topic); may be repeated. All of them by default.",
            ), multiple=True, metavar="QUEUE"),
            Option("--by", text=Text("话务类型按队列还是按业务类型划分。", "Contact types are queues, or topics."),
                   type=click.Choice(BYS), default="queue", metavar="DIMENSION"),
            Option("--company", text=Text(
                "只看某公司的行；可重复。", "Only rows of a company; may be repeated.",
            ), multiple=True, metavar="COMPANY"),
            Option("--day", text=Text(
                "模型是哪一天：该日的坐席和该星期的来话量；默认最后一天。",
                "The day of the model: its agents, its weekday's contacts. The last one by default.",
            ), metavar="DATE"),
            Option("--calendar", text=Text(
                "日历文件（YAML）：其中的特殊日不参与；默认为中国公共假日。",
                "A calendar file (YAML) whose special days are left out; the public holidays of China by default.",
            ), type=FILE, metavar="FILE"),
            Option("--without", text=Text(
                "不参与的日期；可重复。", "A day to leave out; may be repeated.",
            ), multiple=True, metavar="DATE"),
            Option("--presence", text=Text(
                "坐席何时在岗：shifts 班表，states 实际状态，contacts 首末次通话；默认取最先有的，比较时取实际状态。",
                "When agents are there: by shifts, by states, or from first to last contact. By default the first that "
                "is known; in a report states.",
            ), type=click.Choice(PRESENCES), metavar="WAY"),
            Option("--within", text=Text("服务水平的接通时限。", "In time up to this wait."), default="20s",
                   metavar="TIME"),
            Option("--name", text=Text("模型名称；默认为现场名称。", "Name of the model; the floor's by default."),
                   metavar="NAME"),
            Option("--out", text=Text("写出模型文件，供 onefloor simulate 使用。",
                                      "Write the model file, for onefloor simulate."), type=NEW_FILE, metavar="FILE"),
            Option("--report", text=Text("模拟最后若干天，与实际比较。", "Simulate the last days and compare."),
                   is_flag=True, default=False),
            Option("--against", text=Text(
                "与这些账期的日子比较，例如 2026-12；默认与拟合所用的日子比较。",
                "Compare with days of these months, such as 2026-12; by default with those of the fit.",
            ), metavar="MONTHS"),
            Option("--days", text=Text("比较多少天。", "How many days are compared."), type=click.IntRange(1, 366),
                   default=14, metavar="NUMBER"),
            Option("--replications", text=Text("每天模拟多少次。", "How often each day is simulated."),
                   type=click.IntRange(40, 10_000), default=100, metavar="NUMBER"),
            Option("--seed", text=Text("随机种子。", "Seed of what is drawn."), type=click.IntRange(0, MOST_SEED),
                   default=1, metavar="NUMBER"),
            *picture_options("fit"),
        ],
        examples=(
            "onefloor fit myfloor --from 2026-09 --to 2026-11 --out model.yaml",
            "onefloor fit myfloor --queue tech --day 2026-11-30 --out tech.yaml",
            "onefloor fit myfloor --from 2026-09 --to 2026-11 --against 2026-12 --report",
        ),
    ),
)  # fmt: skip
