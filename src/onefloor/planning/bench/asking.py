"""What is asked of a floor's bench, and the answers: plans of classes, the drill, what to train first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np

from onefloor.floor import Floor
from onefloor.insight.attrition.histories import Watched, watched
from onefloor.insight.attrition.leavers import Known, known
from onefloor.language import Text
from onefloor.metrics.prepared import Prepared, UnknownName
from onefloor.periods import EPOCH, Period
from onefloor.planning.bench.drill import Drill, DrillProblem, drill
from onefloor.planning.bench.people import Bench, bench, of_day, on_duty, skills_answered, skills_of, training_of
from onefloor.planning.bench.plan_file import BenchFile
from onefloor.planning.bench.problem import BadBench, BenchProblem, Parameters, Plan, Training
from onefloor.planning.bench.sizing import solve
from onefloor.planning.bench.tables import Needed, Qualified, heads_needed, minutes_of
from onefloor.planning.bench.urgency import Ranked, ranked
from onefloor.planning.grid import Grid

STEP, MOST_CHECKS = 7, 52  # days from one check to the next, or more where that were too many checks
MS_A_DAY = 86_400_000
MEMORY, FEWEST_FUTURES = 600_000_000, 1000  # bytes that full classes may take; fewer futures are drawn beyond it


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to know.

    ``companies``: whose people are looked at and shown; rows of others are not read (everybody's without). ``since``:
    the first day on which somebody who left would have been seen to; without it the first month of contacts.
    ``training`` and ``need`` go before those of the file; ``hours_a_week`` turns ``needs`` into heads.
    """

    companies: tuple[str, ...] = ()
    by: tuple[str, ...] = ("company",)
    days: int = 182
    since: int | None = None
    file: BenchFile = field(default_factory=lambda: BenchFile(bench=""))
    qualified: tuple[Qualified, ...] = ()
    needs: tuple[Needed, ...] = ()
    hours_a_week: float = 32.0
    need: int | None = None
    lead: int | None = None
    passed: tuple[float, float, bool] | None = None
    parameters: Parameters = field(default_factory=Parameters)
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Held:
    """What the floor tells: spells, rates, people and their skills, and the day after its records."""

    watched: Watched
    known: Known
    bench: Bench
    today: int
    training: Mapping[str, str]

    def date_of(self, days: int) -> date:
        """The date so many days from today."""
        return EPOCH + timedelta(self.today + days)


def held(floor: Floor, prepared: Prepared, asked: Asked) -> Held:
    """The people of a floor, of the companies asked about.

    Raises:
        BadBench: there are no contacts, or nobody of these companies is there.
    """
    records = records_of(prepared, asked.since)
    seen = watched(floor, records, asked.companies)
    training = training_of(asked.qualified)
    found = known(seen, asked.by, training) if len(seen.spells) else None
    if found is None or not found.stints:
        raise BadBench(
            Text("名册中没有在岗的人。", "The roster has nobody who is there."),
            Text("请用 onefloor roster 导入名册。", "Load the roster: onefloor roster."),
        )
    agents = [one.agent for one in found.stints]
    skills = (
        skills_of(asked.qualified, records.end - 1)
        if asked.qualified
        else skills_answered(prepared, records.end, agents)
    )
    return Held(seen, found, bench(found, skills), records.end, training)


def records_of(prepared: Prepared, since: int | None) -> Period:
    """The days that the records cover: from ``since`` or the first month of contacts to the last day of any.

    Raises:
        BadBench: there are none.
    """
    months = prepared.months_with_sums
    if not months:
        raise BadBench(
            Text("该现场还没有话务数据。", "The floor has no contacts yet."),
            Text("请先用 onefloor load 导入。", "Load some first: onefloor load."),
        )
    local = prepared.watermark_ms + prepared.clock.offset_ms(prepared.watermark_ms)
    end = local // MS_A_DAY + 1
    start = months[0].days.start if since is None else since
    if start >= end:
        raise BadBench(
            Text("--since 晚于最后一天的数据。", "--since is after the last day of the records."),
            Text("请给一个更早的日期。", "Give an earlier date."),
        )
    return Period(start, end)


def skills_asked(found: Held, asked: Asked, names: Sequence[str]) -> list[str]:
    """The skills asked for as the floor spells them; without any those of the file, else all that somebody holds.

    Raises:
        UnknownName: nobody holds one, and no file or table names it.
        BadBench: nobody holds any.
    """
    written = [one.skill for one in asked.file.skills] + [one.skill for one in asked.needs]
    listed = sorted({*found.bench.names, *written})
    folded = {name.casefold(): name for name in listed}
    for name in names:
        if name.casefold() not in folded:
            raise UnknownName("skill", name, listed)
    chosen = [folded[name.casefold()] for name in names] or list(dict.fromkeys(written)) or found.bench.names
    if not chosen:
        raise BadBench(
            Text(
                "没有人持有任何技能：最近 60 天没有带技能的接听记录。",
                "Nobody holds any skill: no contacts with a skill were answered in the last 60 days.",
            ),
            Text("请用 --qualified 给出人员技能表。", "Give the people's skills with --qualified."),
        )
    return list(dict.fromkeys(chosen))


def need_of(found: Held, asked: Asked, skill: str) -> tuple[int, bool]:
    """People needed for a skill, and whether anybody said so; else as many as hold it today."""
    for said in (
        asked.need,
        heads_needed(asked.needs, skill, asked.hours_a_week),
        asked.file.need(skill, asked.companies),
    ):
        if said is not None:
            return said, True
    return len(found.bench.holders(skill)), False


def training_for(asked: Asked, skill: str) -> Training:
    """How people get a skill: by the options, else by the file."""
    found = asked.file.of(skill, asked.companies).training
    if asked.lead is not None:
        found = replace(found, lead=asked.lead)
    if asked.passed is not None:
        passed, begun, sure = asked.passed
        found = replace(found, passed=passed, begun=begun, sure=sure)
    return found


def class_plan(found: Held, asked: Asked, skill: str) -> Plan:
    """The classes of one skill.

    Raises:
        BadBench: a parameter is out of range.
    """
    people = found.bench.holders(skill)
    step = STEP * -(-asked.days // (STEP * MOST_CHECKS))
    days = np.arange(step, asked.days + 1, step)
    need, _ = need_of(found, asked, skill)
    classes, cohorts = asked.file.classes, people.cohort if len(people) else found.known.people.cohort
    problem = BenchProblem(
        found.known.rates,
        people,
        days.astype(np.int64),
        np.full(len(days), float(need)),
        tuple(range(classes.first, asked.days, classes.every)),
        training_for(asked, skill),
        int(np.bincount(cohorts).argmax()),
    )
    room = MEMORY // (2 * len(days) * asked.parameters.most * max(1, len(problem.class_days)))
    futures = min(asked.parameters.futures, max(FEWEST_FUTURES, room))
    return solve(problem, replace(asked.parameters, futures=futures), asked.seed)


def triage(found: Held, asked: Asked, skills: Sequence[str]) -> list[Ranked]:
    """The four classes of urgency, of several skills."""
    keys = frozenset(skill for skill in skills if asked.file.of(skill, asked.companies).key)
    plans = {skill: class_plan(found, asked, skill) for skill in skills}
    return ranked(plans, keys, float(asked.file.important))


def drilled(
    floor: Floor, found: Held, asked: Asked, skills: Sequence[str], at_once: int, day: int | None = None
) -> tuple[Drill, Grid | None]:
    """The sudden-leave drill: by people needed, or on one day by intervals, shifts and agents needed.

    Args:
        floor: its shifts are read for a day.
        found: its people.
        asked: needs.
        skills: that are looked at.
        at_once: how many of the most skilled leave together.
        day: the day of the drill.

    Raises:
        BadBench: nobody said how many are needed, or nobody is on duty that day.
    """
    agents, curriculum = found.bench.agents(asked.days), asked.file.curriculum
    if day is None:
        needs = [need_of(found, asked, skill) for skill in skills]
        if not any(said for _, said in needs):
            raise BadBench(
                Text("演练需要知道每项技能要多少人。", "A drill has to know how many people each skill needs."),
                Text(
                    "请给 --bench 文件、--needs 表或 --need。",
                    "Give a --bench file, a table of --needs, or --need.",
                ),
            )
        levels = np.array([[need if said else 0] for need, said in needs], dtype=np.int64)
        return drill(DrillProblem(agents, tuple(skills), levels, curriculum), at_once), None
    grid = Grid(EPOCH + timedelta(day), 1, minutes_of(asked.needs), floor.timezone)
    need, there = of_day(asked.needs, day, skills, grid), on_duty(floor, grid, [one.id for one in agents])
    if not need.any() or not there.any():
        raise BadBench(
            Text(
                f"{EPOCH + timedelta(day)} 没有需求或没有班次。",
                f"There are no needs or no shifts on {EPOCH + timedelta(day)}.",
            ),
            Text("请换一天，或导入当天的班次。", "Take another day, or load its shifts."),
        )
    return drill(DrillProblem(agents, tuple(skills), need, curriculum, there), at_once), grid
