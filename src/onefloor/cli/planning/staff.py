"""``onefloor staff``: how many agents each skill needs in each interval to meet a target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from onefloor.cli.bilingual import FILE, NEW_FILE, BadUsage, Command, Option, floor_argument
from onefloor.cli.insight.answering import (
    FiniteRange,
    Opened,
    companies,
    drawn,
    opened,
    picture_options,
    without_repeats,
)
from onefloor.cli.output import Screen
from onefloor.cli.planning.forecast import (
    answered,
    asked,
    day_of_option,
    horizon_days,
    interval_minutes,
    queue_option,
    shared_options,
)
from onefloor.language import Text

if TYPE_CHECKING:
    from onefloor.periods import Period
    from onefloor.planning.forecasting.files import Line
    from onefloor.planning.pools.laws import Laws
    from onefloor.planning.staffing.patience import Patience
    from onefloor.planning.staffing.requirements import Demand, Requirement
    from onefloor.planning.staffing.shrinkage import Shrinkage
    from onefloor.planning.staffing.targets import Target

METHODS = ("erlang", "simulate")
SIMULATING = Text("模拟各日", "Simulating days")
VOLUMES = ("mean", "high80", "high95")
PATIENCE_DAYS = 91


def staff(
    screen: Screen, floor: Path, target: str, method: str, forecast: Path | None, queue: Sequence[str], horizon: str,
    interval: str, first: str | None, company: Sequence[str], calendar: Path | None, accept_change: bool, seed: int,  # noqa: FBT001
    shrinkage: str, volume: str, patience: float | None, least: int, out: Path | None, picture: Path, draw: bool,  # noqa: FBT001  Click's signature
) -> None:  # fmt: skip
    """The requirements of each skill."""
    from onefloor.planning.staffing.requirements import demands, write_csv
    from onefloor.planning.staffing.sentences import volume_words
    from onefloor.planning.staffing.shrinkage import shrinkage as absences
    from onefloor.planning.staffing.targets import target as goals

    wanted, away = goals(target), absences(shrinkage)
    span = horizon_days(horizon), interval_minutes(interval), day_of_option(first)
    ready = opened(screen, floor)
    whose = companies(ready.prepared, without_repeats(company))
    lines = lines_asked(screen, ready, forecast, without_repeats(queue), span, whose, calendar, seed,
                        accept_change=accept_change)  # fmt: skip
    queues = sorted({line.queue for line in lines})
    before = days_before(lines)
    waits = patience_of_queues(ready, queues, before, whose) if patience is None else {}
    seconds = {name: waits[name].seconds if patience is None else patience for name in queues}
    skills = {name: setting.skill for name, setting in ready.floor.queues.items() if setting.skill}
    needs = demands(lines, seconds, skills, volume)
    laws = laws_of_demands(ready, {name: skills.get(name, name) for name in queues}, before, whose,
                           patience_given=patience is not None) if method == "simulate" else {}  # fmt: skip
    found = required(screen, needs, wanted, away, least, seed, laws)
    if out is not None:
        write_csv(out, found, ready.floor.clock.zone_name)
    pictures = drawn(screen, _picture(found, wanted), picture, wanted=draw)
    if screen.json:
        screen.answer(_told(ready, found, wanted, seconds, out, pictures, method, laws))
        return
    _show(screen, found, wanted, waits, out, laws)
    if volume != "mean":
        screen.show(volume_words(volume))


def required(
    screen: Screen, needs: Sequence[Demand], wanted: Target, away: Shrinkage, least: int, seed: int,
    laws: Mapping[str, Laws],
) -> list[Requirement]:  # fmt: skip
    """What each skill needs, by Erlang A, or with laws by simulation."""
    from onefloor.planning.staffing.requirements import requirement

    if not laws:
        return [requirement(one, wanted, away, least) for one in needs]
    from onefloor.planning.pools.required import simulated_requirement

    found: list[Requirement] = []
    with screen.progress(SIMULATING) as progress:
        for number, one in enumerate(needs):
            found.append(simulated_requirement(one, wanted, away, least, seed, laws=laws[one.skill]))
            progress(number + 1, len(needs))
    return found


def lines_asked(
    screen: Screen, ready: Opened, path: Path | None, queues: Sequence[str], span: tuple[int, int, Any],
    whose: Sequence[str], calendar: Path | None, seed: int, *, accept_change: bool,
) -> list[Line]:  # fmt: skip
    """The lines of a forecast file, or of a forecast made now."""
    from onefloor.planning.forecasting.files import read

    if path is not None:
        return of_file(read(path), path, queues, whose)
    days, minutes, begin = span
    question = asked(ready, queues, days, minutes, begin, whose, intraday=False)
    answers = answered(screen, ready, question, calendar, seed, accept_change=accept_change)
    return [line for answer in answers for line in answer.lines("+".join(whose))]


def of_file(lines: Sequence[Line], path: Path, queues: Sequence[str], whose: Sequence[str]) -> list[Line]:
    """The lines of some queues, and of some companies where those are asked for.

    Raises:
        BadUsage: the file does not have one of them.
    """
    seen = [line for line in lines if not whose or line.company in whose]
    known = {line.queue for line in seen}
    missing = [name for name in queues if name not in known]
    kept = [line for line in seen if not queues or line.queue in queues]
    if missing or not kept:
        what = ", ".join(missing) or ", ".join(whose) or str(path)
        raise BadUsage(
            Text(f"预测文件 {path} 中没有 {what}。", f"The forecast file {path} has no {what}."),
            remedy=Text(
                f"其中的队列：{'、'.join(sorted(known)) or '（无）'}。",
                f"Its queues: {', '.join(sorted(known)) or '(none)'}.",
            ),
        )
    return kept


def days_before(lines: Sequence[Line]) -> Period:
    """The thirteen weeks before the first line."""
    from onefloor.periods import Period, day_id

    until = min(line.interval for line in lines).date()
    return Period(day_id(until - timedelta(days=PATIENCE_DAYS)), day_id(until))


def patience_of_queues(ready: Opened, queues: Sequence[str], days: Period, whose: Sequence[str]) -> dict[str, Patience]:
    """Patience of each queue from the facts of some days."""
    from onefloor.planning.forecasting.from_floor import queues_of
    from onefloor.planning.staffing.patience import patience

    return patience(ready.prepared, queues_of(ready.prepared, queues), days, companies=whose, engine=ready.engine,
                    cubes=ready.cubes)  # fmt: skip


def laws_of_demands(
    ready: Opened, skills: Mapping[str, str], days: Period, whose: Sequence[str], *, patience_given: bool
) -> dict[str, Laws]:
    """Laws of handling and patience of each skill of some queues, from the rows of some companies."""
    from onefloor.cli.planning.fit import scope_of
    from onefloor.planning.pools.laws import laws_of_skills

    queues: dict[str, list[str]] = {}
    for queue, skill in skills.items():
        queues.setdefault(skill, []).append(queue)
    return laws_of_skills(ready.prepared, queues, days, scope=scope_of(whose), patience_given=patience_given)


def _picture(found: Sequence[Requirement], target: Target) -> Any:
    from onefloor.planning.staffing.picture import picture

    return picture(found, target)


def _formula(target: Target) -> str:
    return next((goal.formula for goal in target.goals if goal.measure == "service_level"), "F4")


def _show(
    screen: Screen, found: Sequence[Requirement], target: Target, waits: Mapping[str, Patience], out: Path | None,
    laws: Mapping[str, Laws],
) -> None:  # fmt: skip
    from onefloor.planning.staffing.sentences import HEADS, headline, row

    screen.show(headline(found, target))
    screen.table(HEADS, [row(one, _formula(target)) for one in found], right=range(1, len(HEADS)))
    for text in _simulated(found, laws) if laws else _by_formula(waits):
        screen.show(text)
    if out is not None:
        screen.show(Text(f"需求已写入 {out}。", f"Requirements are in {out}."))


def _by_formula(waits: Mapping[str, Patience]) -> Iterator[Text]:
    from onefloor.planning.staffing.sentences import assumptions, patience_words

    for queue, patience in sorted(waits.items()):
        yield patience_words(queue, patience)
    yield from assumptions()


def _simulated(found: Sequence[Requirement], laws: Mapping[str, Laws]) -> Iterator[Text]:
    from onefloor.planning.pools.required import assumptions, mean_patience
    from onefloor.planning.pools.sentences import skill_laws

    for one in found:
        yield from skill_laws(one.demand.skill, laws[one.demand.skill], mean_patience(one.demand))
    yield from assumptions()


def _told(
    ready: Opened, found: Sequence[Requirement], target: Target, seconds: Mapping[str, float], out: Path | None,
    pictures: Sequence[Path], method: str, laws: Mapping[str, Laws],
) -> dict[str, Any]:  # fmt: skip
    return {
        "data_version": ready.prepared.data_version,
        "target": target.text,
        "method": method,
        "patience_s": {name: None if value == float("inf") else value for name, value in sorted(seconds.items())},
        "laws": _laws_json(found, laws),
        "skills": [_skill_json(one, _formula(target)) for one in found],
        "file": None if out is None else str(out),
        "pictures": [str(path) for path in pictures],
    }


def _laws_json(found: Sequence[Requirement], laws: Mapping[str, Laws]) -> dict[str, Any]:
    from onefloor.planning.pools.required import mean_handling, mean_patience

    needs = {one.demand.skill: one.demand for one in found}
    return {
        skill: one.as_json(mean_handling(needs[skill]), mean_patience(needs[skill]))
        for skill, one in sorted(laws.items())
    }


def _skill_json(one: Requirement, formula: str) -> dict[str, Any]:
    demand, expected = one.demand, one.expected
    columns = (demand.starts, demand.calls, one.at_desks, one.agents, expected.service_level(formula),
               expected.p_abandon, expected.mean_wait_s)  # fmt: skip
    names = ("interval", "contacts", "at_desks", "agents", "service_level", "abandonment", "mean_wait_s")
    return {
        "skill": demand.skill,
        "hours": one.hours,
        "service_level": one.over_all(expected.service_level(formula)) if demand.calls.any() else None,
        "intervals": [
            {name: _plain(value) for name, value in zip(names, values, strict=True)}
            for values in zip(*columns, strict=True)
            if values[1] > 0
        ],
    }


def _plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat(sep=" ", timespec="minutes")
    return int(value) if isinstance(value.item(), int) else round(float(value), 6)


COMMANDS = (
    Command(
        "staff",
        Text(
            "各技能各时段需要多少坐席才能达到目标。",
            "How many agents each skill needs in each interval to meet a target.",
        ),
        staff,
        [
            floor_argument(),
            Option(
                "--target",
                text=Text(
                    "目标，例如 service_level >= 80% in 20s；可用 and 连接 asa、abandonment、occupancy、waiting。",
                    "The target, such as service_level >= 80% in 20s; asa, abandonment, occupancy and waiting may be "
                    "joined by and.",
                ),
                required=True,
                metavar="TARGET",
            ),
            Option(
                "--method",
                text=Text(
                    "计算方法：erlang（有放弃的排队公式）或 simulate（逐日模拟，较慢）。",
                    "How: erlang (queueing formulas with abandonment) or simulate (day by day, slower).",
                ),
                type=click.Choice(METHODS),
                default="erlang",
                metavar="METHOD",
            ),
            Option(
                "--forecast",
                text=Text(
                    "使用 onefloor forecast --out 写出的文件；默认现做预测。",
                    "A file of onefloor forecast --out; without it the forecast is made now.",
                ),
                type=FILE,
                metavar="FILE",
            ),
            queue_option(),
            *shared_options(),
            Option(
                "--shrinkage",
                text=Text(
                    "计划缺勤：12%，或按日期和技能写的 YAML 文件。",
                    "Planned absence: 12%, or a YAML file by date and skill.",
                ),
                default="0%",
                metavar="SHARE",
            ),
            Option(
                "--volume",
                text=Text(
                    "按哪个话务量：mean 均值，high80、high95 为区间上限。",
                    "Which volume: mean, or the upper limit high80 or high95.",
                ),
                type=click.Choice(VOLUMES),
                default="mean",
                metavar="WHICH",
            ),
            Option(
                "--patience",
                text=Text(
                    "平均耐心（秒）；默认由数据估计，未放弃者按删失处理。",
                    "Mean patience in seconds; by default from the facts, answered callers as censored.",
                ),
                type=FiniteRange(min=1, max=1_000_000),
                metavar="SECONDS",
            ),
            Option(
                "--least",
                text=Text("有话务的时段至少几人。", "Fewest agents in an interval with contacts."),
                type=click.IntRange(0, 100_000),
                default=1,
                metavar="N",
            ),
            Option(
                "--out",
                text=Text(
                    "把需求写入 CSV：interval、skill、agents、minutes。",
                    "Write the requirements as CSV: interval, skill, agents, minutes.",
                ),
                type=NEW_FILE,
                metavar="FILE",
            ),
            *picture_options("staff"),
        ],
        examples=(
            'onefloor staff myfloor --target "service_level >= 80% in 20s"',
            'onefloor staff myfloor --target "service_level >= 90% in 15s and abandonment <= 3%" --shrinkage 12%',
            'onefloor staff myfloor --target "service_level >= 80% in 20s" --method simulate --horizon 7d',
            'onefloor staff myfloor --forecast december.csv --target "asa <= 30s" --out needs.csv',
        ),
    ),
)
