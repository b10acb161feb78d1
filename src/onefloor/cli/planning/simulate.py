"""``onefloor simulate``: what becomes of the contacts of a floor that a file describes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from onefloor.cli.bilingual import FILE, Argument, BadUsage, Command, Option
from onefloor.cli.insight.answering import FiniteRange, drawn, picture_options, without_repeats
from onefloor.cli.output import Screen
from onefloor.language import Text, same

if TYPE_CHECKING:
    from onefloor.planning.simulation.report import Line
    from onefloor.planning.simulation.result import Result

BYS = ("type", "interval", "group", "company")
MOST_REPLICATIONS, MOST_SEED, MOST_THREADS = 1_000_000, 2**63 - 1, 1024


def simulate(
    screen: Screen, file: Path, replications: int, precision: float | None, seconds: float | None, seed: int,
    threads: int | None, by: Sequence[str], company: Sequence[str], legs: Path | None, picture: Path,
    draw: bool,  # noqa: FBT001  Click's signature
) -> None:  # fmt: skip
    """Run the model and say what came out."""
    from onefloor.planning.simulation.picture import picture as drawing
    from onefloor.planning.simulation.reading import read_model
    from onefloor.planning.simulation.report import known_companies, lines
    from onefloor.planning.simulation.sentences import NOT_OF_COMPANIES
    from onefloor.planning.simulation.simulating import Parameters
    from onefloor.planning.simulation.simulating import simulate as run
    from onefloor.planning.solving import Stop

    model, wanted = read_model(file), _bys(by)
    companies = known_companies(without_repeats(company), model.companies)
    asked = Parameters(replications, threads, precision and precision / 100)
    found = run(model, asked, seed, Stop(seconds=seconds))
    told = lines(found, wanted, companies)
    written = [] if legs is None else _written(screen, found, seed, legs, companies)
    saved = drawn(screen, None if companies else drawing(found), picture, wanted=draw)
    _tell(screen, found, told, [*written, *saved])
    if companies and by and not {"type", "interval"}.isdisjoint(wanted):
        screen.say(NOT_OF_COMPANIES)


def _bys(by: Sequence[str]) -> tuple[Any, ...]:
    names = without_repeats(by) or ("type", "company")
    for name in names:
        if name not in BYS:
            raise BadUsage(
                Text(f"--by 不能是“{name}”。", f'--by cannot be "{name}".'),
                remedy=Text(f"可用：{'、'.join(BYS)}。", f"Use {', '.join(BYS)}."),
            )
    return names


def _written(screen: Screen, found: Result, seed: int, folder: Path, companies: Sequence[str]) -> list[Path]:
    """The facts of the first replication as Parquet files."""
    from onefloor.planning.simulation.legs import facts_of, write_facts

    paths = write_facts(facts_of(found.model, seed, companies=companies), folder)
    screen.say(Text(f"第一次模拟的话务已写入 {folder}。", f"The contacts of the first replication are in {folder}."))
    return paths


def _tell(screen: Screen, found: Result, told: Sequence[Line], files: Sequence[Path]) -> None:
    from onefloor.planning.simulation.sentences import HEADS, OF_ANSWERED, row, summary

    whole = told[0] if told and told[0].by == "all" else None
    if screen.json:
        screen.answer(
            {
                "model": found.model.id,
                "replications": found.replications,
                "seed": found.seed,
                "summary": summary(found, whole).as_json(),
                "lines": [line.as_json() for line in told],
                "files": [str(path) for path in files],
            }
        )
        return
    screen.show(summary(found, whole))
    screen.table(HEADS, [row(line) for line in told], right=range(2, len(HEADS)))
    if any(line.by in ("group", "company") for line in told):
        screen.say(OF_ANSWERED)
    for path in files:
        screen.say(same(str(path)))


COMMANDS = (
    Command(
        "simulate",
        Text(
            "模拟一个由文件描述的现场：服务水平、放弃率、占用率及其区间。",
            "Simulate a floor that a file describes: service level, abandonment, occupancy, with intervals.",
        ),
        simulate,
        [
            Argument("file", text=Text("模型文件（YAML）。", "The model, a YAML file."), type=FILE, metavar="MODEL"),
            Option(
                "--replications",
                text=Text("模拟次数；有 --precision 时为上限。", "How many times; at most, with --precision."),
                type=click.IntRange(1, MOST_REPLICATIONS),
                default=200,
                metavar="COUNT",
            ),
            Option(
                "--precision",
                text=Text(
                    "服务水平区间的半宽达到多少个百分点即停止。",
                    "Stop once half the interval of the service level is this many points.",
                ),
                type=FiniteRange(0, 100, min_open=True),
                metavar="POINTS",
            ),
            Option(
                "--seconds",
                text=Text("至多运行多少秒。", "Run no longer than this."),
                type=FiniteRange(0, None, min_open=True),
                metavar="SECONDS",
            ),
            Option(
                "--seed",
                text=Text("随机种子；相同种子给出相同结果。", "The seed of chance; equal seeds give equal results."),
                type=click.IntRange(0, MOST_SEED),
                default=1,
                metavar="NUMBER",
            ),
            Option(
                "--threads",
                text=Text("线程数；不影响结果。", "How many threads; the result is the same for any number."),
                type=click.IntRange(1, MOST_THREADS),
                metavar="COUNT",
            ),
            Option(
                "--by",
                text=Text(
                    "分类列出，用逗号分隔：type、interval、group、company。",
                    "Lines for each type, interval, group or company; separate with commas.",
                ),
                multiple=True,
                metavar="NAMES",
            ),
            Option(
                "--company",
                text=Text(
                    "只列出这些公司及其坐席组；不显示其他公司的任何内容。",
                    "Only these companies and their groups; nothing of others is shown.",
                ),
                multiple=True,
                metavar="NAME",
            ),
            Option(
                "--legs",
                text=Text(
                    "把第一次模拟的话务、坐席状态、班次和名册写成事实表（Parquet）的文件夹。",
                    "A folder for the facts of the first replication (Parquet): contacts, states, shifts, roster.",
                ),
                type=FILE,
                metavar="FOLDER",
            ),
            *picture_options("simulate"),
        ],
        examples=(
            "onefloor simulate model.yaml --replications 200",
            "onefloor simulate model.yaml --precision 0.5 --by interval",
            "onefloor simulate model.yaml --company north --by group --json",
        ),
    ),
)
