"""``onefloor plan``: rosters from rules, people and needs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from onefloor.cli.bilingual import FILE, NEW_FILE, BadUsage, Command, Option, check_kept, floor_argument
from onefloor.cli.bilingual import Argument as Given
from onefloor.cli.insight.answering import FiniteRange, drawn, picture_options
from onefloor.cli.output import Screen
from onefloor.cli.planning.notes import Note, digest, write_roster
from onefloor.cli.planning.plan_target import kept, needs_of, target_options, tell, wanted
from onefloor.cli.planning.rules_file import companies_of, inputs_of, problem_of, read_day
from onefloor.language import Text

if TYPE_CHECKING:
    from onefloor.insight.pictures import Picture
    from onefloor.planning.rostering.problem import Problem as Roster
    from onefloor.planning.rostering.result import Result
    from onefloor.planning.rounds.result import Answer

ENDINGS = (".csv", ".ics", ".xlsx")
SEEDS = 2**32


def plan(
    screen: Screen, floor: Path, rules: Path, first: str, days: int, out: Sequence[Path], company: Sequence[str],
    seconds: float, rounds: int | None, gap: float | None, seed: int,
    target: str | None, model: Path | None, forecast: Path | None, cuts: int, replications: int, shrinkage: str,
    needs: Path | None, picture: Path, draw: bool,  # noqa: FBT001  Click's signature
) -> int | None:  # fmt: skip
    """The roster, its cost and bound, and the files; with a target what its simulation says."""
    from onefloor.planning.rostering.conflicts import NoRoster, unrosterable
    from onefloor.planning.rostering.picture import picture as drawing
    from onefloor.planning.rostering.solving import solve
    from onefloor.planning.solving import Stop

    _check_endings(out)
    goal = wanted(target, model, forecast, cuts, replications, shrinkage, needs)
    check_kept(inputs_of(rules), [*out, *([needs] if needs else [])])
    problem = problem_of(floor, rules, read_day(first, "--from"), days)
    shown = companies_of(problem, company)
    whole = len(shown) == len(problem.companies)
    if needs is not None and not whole:
        raise BadUsage(
            Text("需求表是全场的，其中没有一家公司自己的部分。",
                 "Needs are of the whole floor: no company has a part of them."),
            remedy=Text("请去掉 --needs 或 --company；onefloor split 把需求分给各公司。",
                        "Leave out --needs or --company; onefloor split gives companies their parts of needs."),
        )  # fmt: skip
    _check_calendars(problem, out, shown)
    stop = Stop(None if rounds else seconds, rounds, gap)
    answer = None
    try:
        if goal is not None:
            answer = kept(screen, problem, floor, goal, stop, seed, told=whole)
            found = answer.plan
        else:
            with screen.progress(Text("排班", "planning")) as told:
                found = solve(
                    problem, None, stop, seed, clock=time.monotonic,
                    progress=lambda step: told(int(step.seconds * 10), int(seconds * 10)),
                )  # fmt: skip
    except NoRoster as none:
        raise unrosterable(problem, shown, none, str(rules)) from None
    note = Note(floor, rules, problem.grid.first, days, seed, tuple(shown), digest(rules))
    written = write(found, out, shown, note)
    if answer is not None and needs is not None:
        written.append(needs_of(answer, needs))
    pictures = drawn(screen, drawing(found) if answer is None else _rounds(answer), picture, wanted=draw and whole)
    if whole:
        _tell(screen, found, answer, written, pictures)
    else:
        _tell_companies(screen, found, shown, written)
        if draw:
            screen.say(Text("未画图：图中有全场的坐席。", "No picture: it shows the whole floor's people."))
    return 1 if found.breaches else None


def _rounds(answer: Answer) -> Picture:
    from onefloor.planning.rounds.picture import picture

    return picture(answer)


def _check_endings(out: Sequence[Path]) -> None:
    for path in out:
        if path.suffix.lower() not in ENDINGS:
            raise BadUsage(
                Text(f"不知道如何写出“{path.name}”。", f'How to write "{path.name}" is not known.'),
                remedy=Text("请用 .csv、.ics 或 .xlsx。", "Use .csv, .ics or .xlsx."),
            )


def _check_calendars(problem: Roster, out: Sequence[Path], companies: Sequence[str]) -> None:
    """Said before the time is spent."""
    from onefloor.planning.rostering.files import calendars_of

    for path in out:
        if path.suffix.lower() == ".ics":
            calendars_of(problem, path.with_suffix(""), companies)


def write(found: Result, out: Sequence[Path], companies: Sequence[str], note: Note) -> list[Path]:
    """Every file that was asked for, and beside a CSV how it was made."""
    from onefloor.planning.rostering import files

    written: list[Path] = []
    for path in out:
        ending = path.suffix.lower()
        if ending == ".csv":
            written += write_roster(path, files.csv_text(found, companies), note)
        elif ending == ".xlsx":
            files.write_workbook(found, path, companies)
            written.append(path)
        else:
            files.write_calendars(found, path.with_suffix(""), companies)
            written.append(path.with_suffix(""))
    return written


def _tell(
    screen: Screen, found: Result, answer: Answer | None, written: Sequence[Path], pictures: Sequence[Path]
) -> None:
    from onefloor.planning.rostering import sentences

    if screen.json:
        told = {**sentences.as_json(found), "files": [str(path) for path in written]}
        if answer is not None:
            told["simulated"] = answer.as_json()
        screen.answer({**told, "pictures": [str(path) for path in pictures]})
        return
    screen.show(sentences.outcome(found))
    screen.table([Text("部分", "part"), Text("成本", "cost")], sentences.parts(found), right=[1])
    for words in (*sentences.fair(found), *sentences.remarks(found)):
        screen.show(words)
    if answer is not None:
        tell(screen, answer)
    for path in (*written, *pictures):
        screen.say(Text(f"已写出：{path}", f"written: {path}"))


def _tell_companies(screen: Screen, found: Result, companies: Sequence[str], written: Sequence[Path]) -> None:
    """What is told where some companies were asked for: of their people, nothing of the whole floor."""
    from onefloor.planning.rostering.promises import unkept
    from onefloor.planning.rostering.sentences import as_json_of, outcome_of

    if screen.json:
        told = {**as_json_of(found, companies), "files": [str(path) for path in written], "pictures": []}
        screen.answer(told)
        return
    screen.show(outcome_of(found, companies))
    for words in unkept(found, companies):
        screen.show(words)
    for path in written:
        screen.say(Text(f"已写出：{path}", f"written: {path}"))


COMMANDS = (
    Command(
        "plan",
        Text(
            "按规则、人员和需求排班，并给出成本下界。",
            "A roster from rules, people and needs, with a bound on what any roster costs.",
        ),
        plan,
        [
            floor_argument(),
            Given("rules", text=Text("规则文件。", "The rules file."), type=FILE, metavar="RULES"),
            Option("--from", "first", text=Text("第一天。", "The first day."), required=True, metavar="DATE"),
            Option(
                "--days", text=Text("天数。", "How many days."), type=click.IntRange(1, 62), default=28,
                metavar="DAYS",
            ),
            Option(
                "--out",
                text=Text(
                    "写出的文件：.csv、.xlsx，或 .ics（每人一份，放入同名目录）；可重复。",
                    "A file to write: .csv, .xlsx, or .ics (one a person, in a folder of that name); may be repeated.",
                ),
                type=NEW_FILE, multiple=True, metavar="FILE",
            ),
            Option(
                "--company",
                text=Text("只显示和写出这些公司的人，不含全场合计；可重复。",
                          "Show and write their people only, and no totals of the floor; may be repeated."),
                multiple=True, metavar="NAME",
            ),
            Option(
                "--seconds", text=Text("求解时间。", "How long to search."), type=FiniteRange(min=1), default=60.0,
                metavar="SECONDS",
            ),
            Option(
                "--rounds",
                text=Text("改为固定轮数：种子相同，班表相同。", "So many rounds instead; equal seeds, equal rosters."),
                type=click.IntRange(1, 100_000), metavar="NUMBER",
            ),
            Option(
                "--gap", text=Text("差距小到此值即停，例如 0.01。", "Stop at this gap, such as 0.01."),
                type=FiniteRange(min=0), metavar="SHARE",
            ),
            Option(
                "--seed", text=Text("随机种子。", "Seed of chance."), type=click.IntRange(0, SEEDS), default=0,
                metavar="NUMBER",
            ),
            *target_options(),
            *picture_options("plan"),
        ],
        examples=(
            "onefloor plan myfloor rules.yaml --from 2026-12-01 --days 28 --out roster.csv",
            "onefloor plan myfloor rules.yaml --from 2026-12-01 --company north --out north.xlsx --seconds 300",
            'onefloor plan myfloor rules.yaml --from 2026-12-01 --target "service_level >= 80% in 20s" --model m.yaml',
        ),
    ),
)  # fmt: skip
