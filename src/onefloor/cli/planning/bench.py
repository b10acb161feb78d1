"""``onefloor bench``: enough qualified people although some leave: classes, leavers, the drill, what to train first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from onefloor.cli.bilingual import FILE, BadUsage, Command, Option, floor_argument
from onefloor.cli.insight.answering import (
    FiniteRange,
    Opened,
    companies,
    drawn,
    opened,
    picture_named,
    picture_options,
    tell,
    without_repeats,
)
from onefloor.cli.output import Screen
from onefloor.language import Text
from onefloor.periods import EPOCH, day_id

if TYPE_CHECKING:
    from onefloor.insight.finding import Finding
    from onefloor.insight.pictures import Picture
    from onefloor.planning.bench.asking import Asked, Held

RISK = re.compile(r"(\d{1,2}(?:\.\d{1,4})?) ?%")
COHORTS = ("company", "employment", "training")
SEEDS = 2**32
NO_PICTURE = Text(
    "没有图片：只有算得出开班计划的技能（--skill）和有人员留存曲线的 --leavers 才有图。",
    "no picture: there is one of a skill (--skill) whose classes can be told, and of --leavers where curves can.",
)
Told = tuple[list["Finding"], list["Picture"]]


def bench(
    screen: Screen, floor: Path, skill: Sequence[str], risk: str, company: Sequence[str], by: Sequence[str],
    days: int, need: int | None, lead: int | None, passed: str | None, file: Path | None, qualified: Path | None,
    needs: Path | None, hours: float, since: str | None, on: str | None, at_once: int, seed: int,
    leavers: bool, drill: bool, picture: Path, draw: bool,  # noqa: FBT001  Click's signature
) -> None:  # fmt: skip
    """Classes, leavers or the drill."""
    from onefloor.planning.bench.asking import held

    if leavers and drill:
        raise _usage("--leavers 与 --drill 只能选一个。", "Choose --leavers or --drill.")
    ready = opened(screen, floor)
    whose = tuple(companies(ready.prepared, without_repeats(company)))
    asked = _asked(whose, by, days, risk, need, lead, passed, file, qualified, needs, hours, since, seed)
    found = held(ready.floor, ready.prepared, asked)
    names = without_repeats(skill)
    if leavers:
        told, pictures = _leavers(found, asked)
    elif drill:
        told, pictures = _drill(ready, found, asked, names, at_once, _day(on, "--on"))
    else:
        told, pictures = _classes(found, asked, names)
    tell(screen, told, _saved(screen, pictures, picture, wanted=draw))
    if draw and not pictures and picture_named():
        screen.say(NO_PICTURE)


def _classes(found: Held, asked: Asked, names: Sequence[str]) -> Told:
    """Plans of the skills named; without any the four classes of urgency of all."""
    from onefloor.planning.bench.asking import class_plan, need_of, skills_asked, triage
    from onefloor.planning.bench.findings import plan_finding, triage_findings
    from onefloor.planning.bench.picture import picture as drawing

    skills = skills_asked(found, asked, names)
    if not names:
        return triage_findings(found, triage(found, asked, skills)), []
    plans = [(skill, class_plan(found, asked, skill)) for skill in skills]
    told = [plan_finding(found, asked, skill, plan, said=need_of(found, asked, skill)[1]) for skill, plan in plans]
    drawable = [one for one, finding in zip(plans, told, strict=True) if finding.estimate is not None]
    return told, [drawing(skill, found, plan) for skill, plan in drawable]


def _leavers(found: Held, asked: Asked) -> Told:
    """Who stays, and how many will leave."""
    from onefloor.insight.attrition.findings import leaver_findings, staying_findings
    from onefloor.insight.attrition.leavers import leavers
    from onefloor.insight.attrition.picture import picture as drawing
    from onefloor.insight.attrition.staying import staying

    stays = staying(found.watched, asked.by, asked.days, found.training)
    code = found.watched.coded(asked.by, found.training)[1]
    gone = leavers(found.watched, found.known, code, asked.days, asked.seed, asked.parameters.futures)
    told = leaver_findings(found.watched, found.known, asked.by, gone, asked.days)
    picture = drawing(stays)
    return [*told, *staying_findings(found.watched, stays)], [picture] if picture else []


def _drill(ready: Opened, found: Held, asked: Asked, names: Sequence[str], at_once: int, on: int | None) -> Told:
    """Every sudden leave that breaks something."""
    from onefloor.planning.bench.asking import drilled, skills_asked
    from onefloor.planning.bench.findings import drill_findings

    answer, grid = drilled(ready.floor, found, asked, skills_asked(found, asked, names), at_once, on)
    return drill_findings(answer, grid), []


def _asked(
    whose: tuple[str, ...], by: Sequence[str], days: int, risk: str, need: int | None, lead: int | None,
    passed: str | None, file: Path | None, qualified: Path | None, needs: Path | None, hours: float,
    since: str | None, seed: int,
) -> Asked:  # fmt: skip
    from onefloor.planning.bench.asking import Asked
    from onefloor.planning.bench.plan_file import BenchFile, read_bench_file
    from onefloor.planning.bench.problem import Parameters
    from onefloor.planning.bench.tables import read_needs, read_qualified

    terms = read_bench_file(file) if file else BenchFile(bench="")
    return Asked(
        companies=whose,
        by=_cohorts(by),
        days=days,
        since=_day(since, "--since"),
        file=terms,
        qualified=tuple(read_qualified(qualified)) if qualified else (),
        needs=tuple(read_needs(needs)) if needs else (),
        hours_a_week=hours,
        need=need,
        lead=lead,
        passed=_passed(passed),
        parameters=Parameters(_risk(risk), terms.classes.least, terms.classes.most),
        seed=seed,
    )


def _cohorts(by: Sequence[str]) -> tuple[str, ...]:
    found = without_repeats(by) or ("company",)
    for name in found:
        if name not in COHORTS:
            raise _usage(
                f"--by 不能是“{name}”：可用 {'、'.join(COHORTS)}。", f'--by cannot be "{name}": {", ".join(COHORTS)}.'
            )
    return found


def _passed(text: str | None) -> tuple[float, float, bool] | None:
    from onefloor.planning.bench.plan_file import passed_of

    if text is None:
        return None
    found = passed_of(text.strip())
    if found is None:
        raise _usage(f"无法识别 --passed“{text}”：例如 85% 或 34 of 40。", f'--passed "{text}": write 85% or 34 of 40.')
    return found.passed, found.begun, found.sure


def _risk(text: str) -> float:
    found = RISK.fullmatch(text.strip())
    if not found or float(found[1]) <= 0:
        raise _usage(f"无法识别 --risk“{text}”：例如 5%。", f'--risk "{text}": write a share such as 5%.')
    return float(found[1]) / 100


def _day(text: str | None, option: str) -> int | None:
    if text is None:
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        day = EPOCH
    if day <= EPOCH:
        raise _usage(
            f"{option} 的“{text}”不是日期：例如 2026-12-15。", f'{option} "{text}": a date such as 2026-12-15.'
        )
    return day_id(day)


def _usage(zh: str, en: str) -> BadUsage:
    remedy = Text("请运行 onefloor bench --help 查看用法。", "Run onefloor bench --help.")
    return BadUsage(Text(zh, en), remedy=remedy)


def _saved(screen: Screen, pictures: Sequence[Picture], path: Path, *, wanted: bool) -> list[Path]:
    """Every picture in files of its own: ``PATH``, or ``PATH-1``, ``PATH-2`` where there are several."""
    names = [path] if len(pictures) == 1 else [path.with_name(f"{path.name}-{n + 1}") for n in range(len(pictures))]
    return [file for one, name in zip(pictures, names, strict=True) for file in drawn(screen, one, name, wanted=wanted)]


COMMANDS = (
    Command(
        "bench",
        Text(
            "人才储备：开多大的班才不缺人，谁会离开，谁突然离开会缺哪项技能。",
            "The bench: classes so that no skill runs short, who will leave, whose sudden leave breaks which skill.",
        ),
        bench,
        [
            floor_argument(),
            Option(
                "--skill",
                text=Text(
                    "技能，可用逗号分隔或重复；不写则列出全部技能的轻重缓急。",
                    "A skill; may be repeated. Without it, what to train first among all.",
                ),
                multiple=True,
                metavar="SKILL",
            ),
            Option(
                "--risk",
                text=Text("可接受的缺人概率。", "The accepted chance of too few people."),
                default="5%",
                metavar="SHARE",
            ),
            Option(
                "--company",
                text=Text(
                    "只看这些公司的人，其他公司的名册行不读取；可重复。",
                    "Only people of these companies; rows of others are not read. May be repeated.",
                ),
                multiple=True,
                metavar="COMPANY",
            ),
            Option(
                "--by",
                text=Text(
                    "分人群的依据：company、employment、training，用逗号分隔。",
                    "What makes a cohort: company, employment, training.",
                ),
                multiple=True,
                metavar="NAMES",
            ),
            Option(
                "--days",
                text=Text("向前看多少天。", "How many days ahead."),
                type=click.IntRange(7, 1095),
                default=182,
                metavar="DAYS",
            ),
            Option(
                "--need",
                text=Text("需要多少合格的人；优先于文件和表。", "People needed; goes before file and table."),
                type=click.IntRange(0, 100_000),
                metavar="PEOPLE",
            ),
            Option(
                "--lead",
                text=Text(
                    "从开班到上岗的天数；默认 30。",
                    "Days from a class's first to the first contact; 30 if nobody says.",
                ),
                type=click.IntRange(1, 730),
                metavar="DAYS",
            ),
            Option(
                "--passed",
                text=Text(
                    "开班者中最终合格的：85% 或 34 of 40；默认 85%。",
                    "Who qualifies of those who begin: 85% or 34 of 40; 85% if nobody says.",
                ),
                metavar="SHARE",
            ),
            Option(
                "--bench",
                "file",
                text=Text(
                    "储备文件：需求、培训、开班（见 docs/reference/bench.md）。",
                    "The bench file: needs, training, classes (docs/reference/bench.md).",
                ),
                type=FILE,
                metavar="FILE",
            ),
            Option(
                "--qualified",
                text=Text(
                    "技能表（CSV：agent, skill, from, to, training）。",
                    "Who holds which skill (CSV: agent, skill, from, to, training).",
                ),
                type=FILE,
                metavar="FILE",
            ),
            Option(
                "--needs",
                text=Text(
                    "各时段需要的坐席（CSV：skill, start, agents）。",
                    "Agents needed by interval (CSV: skill, start, agents).",
                ),
                type=FILE,
                metavar="FILE",
            ),
            Option(
                "--hours-a-week",
                "hours",
                text=Text(
                    "每人每周在席小时，用于把 --needs 折成人数。",
                    "Hours at the phone a person and week; turns --needs into people.",
                ),
                type=FiniteRange(min=1, max=80),
                default=32.0,
                metavar="HOURS",
            ),
            Option(
                "--since",
                text=Text(
                    "名册从哪天起记全离职；默认为最早有话务的账期。",
                    "Since when the roster shows everybody who left; by default the first month of contacts.",
                ),
                metavar="DATE",
            ),
            Option(
                "--leavers",
                text=Text("谁会留下、今后多少人离开。", "Who stays, and how many will leave."),
                is_flag=True,
            ),
            Option(
                "--drill",
                text=Text(
                    "突然离职演练：谁明天走会缺哪项技能，谁能最快补上。",
                    "The drill: whose leaving tomorrow breaks which skill, who mends it quickest.",
                ),
                is_flag=True,
            ),
            Option(
                "--on",
                text=Text(
                    "演练按某天的班次和 --needs 逐时段进行。", "Drill a day by interval, with its shifts and --needs."
                ),
                metavar="DATE",
            ),
            Option(
                "--at-once",
                text=Text("演练：技能最多的几人同时离开。", "Drill: so many of the most skilled leave at once."),
                type=click.IntRange(0, 50),
                default=3,
                metavar="PEOPLE",
            ),
            Option(
                "--seed",
                text=Text("随机种子；相同则结果相同。", "Equal seeds give equal answers."),
                type=click.IntRange(0, SEEDS - 1),
                default=1,
                metavar="NUMBER",
            ),
            *picture_options("bench"),
        ],
        examples=(
            "onefloor bench myfloor --skill tech --risk 5%",
            "onefloor bench myfloor --skill tech --company North --need 24 --lead 45 --passed '34 of 40'",
            "onefloor bench myfloor --leavers --by company,employment --days 90",
            "onefloor bench myfloor --drill --bench bench.yaml",
        ),
    ),
)
