"""Commands about a floor as a whole: make it, see what it holds, see what could not be read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from onefloor.cli.bilingual import FILE, Argument, Command, Option, floor_argument
from onefloor.cli.output import CUBES, MEASURING_TABLES, Screen, counted_lines, local_minute
from onefloor.facts.reasons import reason_words
from onefloor.floor import create_floor, open_floor
from onefloor.language import Text
from onefloor.periods import day_of

if TYPE_CHECKING:
    from onefloor.metrics.overview import Overview
    from onefloor.periods import Month

TABLES = {
    "contacts": Text("通话段", "legs"),
    "agent_states": Text("坐席状态", "agent states"),
    "surveys": Text("满意度", "surveys"),
    "sales": Text("销售", "sales"),
    "complaints": Text("投诉", "complaints"),
    "evaluations": Text("质检评分", "evaluations"),
    "shifts": Text("班次", "shifts"),
    "forecasts": Text("预测", "forecasts"),
    "duties": Text("甲方义务", "client duties"),
}
_COLUMNS = list(TABLES)
LINES = (
    Text("行", "lines"),
    Text("已导入", "loaded"),
    Text("重复", "duplicates"),
    Text("忽略", "ignored"),
    Text("待修复", "quarantined"),
)


def init(screen: Screen, floor: Path, timezone: str, name: str | None, currency: str) -> None:
    """Make a floor."""
    made = create_floor(floor, timezone=timezone, name=name, currency=currency)
    if screen.json:
        screen.answer({"floor": made.name, "timezone": made.timezone, "currency": made.currency})
        return
    screen.show(
        Text(
            f"已建立现场“{made.name}”（{made.timezone}，{made.currency}）。设置在 {floor / 'floor.toml'}。",
            f'Made the floor "{made.name}" ({made.timezone}, {made.currency}). Its settings are in '
            f"{floor / 'floor.toml'}.",
        )
    )


def prepare(screen: Screen, floor: Path) -> None:
    """Bring measuring tables and daily cubes up to date."""
    from onefloor.metrics.cubes import build_cubes
    from onefloor.metrics.engines import engine_of
    from onefloor.metrics.prepare import prepare as prepared_of

    opened = open_floor(floor)
    with screen.progress(MEASURING_TABLES) as progress:
        prepared = prepared_of(opened, progress=progress)
    with screen.progress(CUBES) as progress:
        cubes = build_cubes(opened, prepared, engine=engine_of(opened), progress=progress)
    months, built = len(prepared.months), len(set(cubes.cube_of.values()))
    if screen.json:
        screen.answer({"data_version": prepared.data_version, "months": months, "cubes": built})
        return
    screen.show(
        Text(
            f"已就绪：{months} 个账期，{built} 个日汇总，数据版本 {prepared.data_version}。",
            f"Ready: {months} months, {built} daily cubes, data version {prepared.data_version}.",
        )
    )


def status(screen: Screen, floor: Path) -> None:
    """What a floor holds."""
    from onefloor.metrics.overview import overview

    with screen.progress(MEASURING_TABLES) as progress:
        found = overview(open_floor(floor), progress=progress)
    if screen.json:
        screen.answer(found.as_json())
        return
    opened = found.floor
    screen.show(Text(f"现场“{opened.name}”，时区 {opened.timezone}。", f'Floor "{opened.name}", {opened.timezone}.'))
    screen.show(_through(found))
    _months(screen, found)
    _loads(screen, found)
    _remarks(screen, floor, found)


def quarantine(screen: Screen, floor: Path, reason: str | None, file: str | None, limit: int) -> None:
    """Lines that could not be read."""
    from onefloor.facts.quarantine import quarantined

    found = quarantined(open_floor(floor), reason=reason, file=file, limit=limit)
    if screen.json:
        screen.answer({"quarantined": found.total, "lines": list(found.lines)})
        return
    if not found.total:
        asked = reason is not None or file is not None
        screen.show(
            Text("没有符合条件的待修复行。", "No such line is in quarantine.")
            if asked
            else Text("没有待修复的行。", "No line is in quarantine.")
        )
        return
    heads = [Text("源文件行", "source line"), Text("原因", "reason"), Text("代码", "code"), Text("原文", "as it was")]
    screen.table(heads, [_set_aside(line) for line in found.lines])
    if len(found.lines) < found.total:
        screen.say(
            Text(
                f"共 {found.total:,} 行，显示了 {len(found.lines):,} 行。--limit 0 显示全部。",
                f"{len(found.lines):,} of {found.total:,} lines. --limit 0 shows all.",
            )
        )


def _set_aside(line: Mapping[str, str]) -> tuple[object, ...]:
    """One line in quarantine: where it was, why, what ``--reason`` calls that, and the line itself."""
    code = line["reason"]
    return f"{line['file']}:{line['line']}", reason_words(code), code, line["raw"]


def _through(found: Overview) -> Text:
    if found.through_ms is None:
        return Text(
            "还没有话务数据。用 onefloor load 导入一个文件。", "No contacts yet. Bring a file in with onefloor load."
        )
    moment = local_minute(found.floor, found.through_ms)
    return Text(
        f"话务事实截至 {moment}，名册 {found.people:,} 人，数据版本 {found.data_version}。",
        f"Contacts through {moment}, {found.people:,} people on the roster, data version {found.data_version}.",
    )


def _months(screen: Screen, found: Overview) -> None:
    tables = sorted({table for counts in found.months.values() for table in counts}, key=_COLUMNS.index)
    if not tables:
        return
    rows = [[str(month), *(f"{counts.get(table, 0):,}" for table in tables)] for month, counts in found.months.items()]
    heads = [Text("账期", "month"), *(TABLES[table] for table in tables)]
    screen.table(heads, rows, right=range(1, len(heads)))


def _loads(screen: Screen, found: Overview) -> None:
    heads = [Text("来源", "source"), Text("文件", "file"), *LINES]
    counts = ("lines", "loaded", "duplicates", "ignored", "quarantined")
    rows = [[load["source"], ", ".join(load["files"]), *(f"{load[name]:,}" for name in counts)] for load in found.loads]
    if rows:
        screen.table(heads, rows, right=range(2, len(heads)))


def _remarks(screen: Screen, floor: Path, found: Overview) -> None:
    """What somebody should do something about."""
    for name, reach in found.fresh.companies.items():
        if reach.missing:
            days = ", ".join(day_of(day).isoformat() for day in reach.missing)
            screen.show(
                Text(
                    f"{name} 缺少 {days} 的记录，请导入这些天的文件。",
                    f"{name} has no records of {days}: load the files of those days.",
                )
            )
    if found.unknown_agents:
        some = list(found.unknown_agents)[:8]
        more = len(found.unknown_agents) - len(some)
        screen.show(
            Text(
                f"{len(found.unknown_agents)} 个坐席不在人员名册中：{'、'.join(some)}"
                f"{f' 等（另 {more} 个）' if more else ''}。用 onefloor roster {floor} 补充。",
                f"{len(found.unknown_agents)} agents are not on the roster: {', '.join(some)}"
                f"{f' and {more} more' if more else ''}. Add them with onefloor roster {floor}.",
            )
        )
    if jump := _jump(found):
        before, after = jump
        screen.show(
            Text(
                f"{before} 与 {after} 之间没有话务。若是某个来源的时钟有误，"
                "此前的数字会过早成为最终值；请检查来源文件。",
                f"No contacts between {before} and {after}. If a source's clock is wrong, figures before count as "
                "final too early: look at the source's file.",
            )
        )
    if found.reasons:
        lines = sum(found.reasons.values())
        screen.show(
            Text(
                f"{lines:,} 行待修复。查看：onefloor quarantine {floor}",
                f"In quarantine: {counted_lines(lines)}. To see why: onefloor quarantine {floor}",
            )
        )


def _jump(found: Overview) -> tuple[Month, Month] | None:
    """The last month with contacts and the one before it, if more than a quarter of a year lies between them."""
    *_, before, after = [None, None, *(month for month, counts in found.months.items() if counts.get("contacts"))]
    return (before, after) if before and after and before.shifted(3).id < after.id else None


COMMANDS = (
    Command(
        "init",
        Text("新建现场目录。", "Make a floor: a folder with settings, facts and keys."),
        init,
        [
            Argument("floor", text=Text("新建的目录，须为空。", "The folder to make; it must be empty."), type=FILE),
            Option(
                "--timezone",
                text=Text(
                    "现场所在时区，例如 Asia/Shanghai；每天从该时区零点算起。",
                    "The zone in which the floor's days begin, for example Asia/Shanghai.",
                ),
                required=True,
                metavar="ZONE",
            ),
            Option(
                "--name",
                text=Text("现场名称；默认为目录名。", "The floor's name; by default the folder's."),
                metavar="NAME",
            ),
            Option(
                "--currency",
                text=Text("结算货币，默认 CNY。", "The currency of statements; CNY by default."),
                default="CNY",
                metavar="CODE",
            ),
        ],
        ["onefloor init myfloor --timezone Asia/Shanghai"],
    ),
    Command(
        "prepare",
        Text(
            "更新指标表和日汇总；之后按日、按班组等查询直接读日汇总。",
            "Bring measuring tables and daily cubes up to date; measure then answers from the cubes where it can.",
        ),
        prepare,
        [floor_argument()],
        ["onefloor prepare myfloor"],
    ),
    Command(
        "status",
        Text("现场有哪些数据，截至何时，还缺什么。", "What the floor holds, how far it reaches, and what is missing."),
        status,
        [floor_argument()],
        ["onefloor status myfloor"],
    ),
    Command(
        "quarantine",
        Text("查看无法读取的行及原因。", "Show the lines that could not be read, with the reason."),
        quarantine,
        [
            floor_argument(),
            Option(
                "--reason",
                text=Text("只看这一原因（代码）。", "Only lines with this reason (its code)."),
                metavar="CODE",
            ),
            Option("--file", text=Text("只看这个文件。", "Only lines of this file."), metavar="NAME"),
            Option(
                "--limit",
                text=Text("最多显示多少行，0 为全部；默认 20。", "At most so many lines, 0 for all; 20 by default."),
                type=click.IntRange(0),
                default=20,
                metavar="N",
            ),
        ],
        ["onefloor quarantine myfloor --limit 0"],
    ),
)
