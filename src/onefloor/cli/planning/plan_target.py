"""``onefloor plan --target``: a roster that is simulated and put right until it keeps its service level."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from onefloor.cli.bilingual import FILE, NEW_FILE, BadUsage, Option
from onefloor.cli.output import Screen
from onefloor.cli.planning.model_file import service_level
from onefloor.language import Text

if TYPE_CHECKING:
    from onefloor.planning.rostering.problem import Problem as Roster
    from onefloor.planning.rounds.problem import Rounds
    from onefloor.planning.rounds.result import Answer
    from onefloor.planning.solving import Step, Stop

MOST_REPLICATIONS = 100_000
SWEEPS_AGAIN = 0.4  # of the first roster's rounds, so many for each further one


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options of a target."""

    target: str
    model: Path
    forecast: Path | None
    cuts: int
    replications: int
    shrinkage: str


def wanted(
    target: str | None, model: Path | None, forecast: Path | None, cuts: int, replications: int, shrinkage: str,
    needs: Path | None,
) -> Wanted | None:  # fmt: skip
    """What is asked for; None without a target.

    Raises:
        BadUsage: a target without a model, or a model, forecast or needs without a target.
    """
    if not any((target, model, forecast, needs)):
        return None
    if target is None or model is None:
        raise BadUsage(
            Text("--target 与 --model 须一起给出。", "--target and --model belong together."),
            remedy=Text(
                "例如 --target \"service_level >= 80% in 20s\" --model model.yaml；模型由 onefloor fit --out 写出。",
                'Write --target "service_level >= 80% in 20s" --model model.yaml; onefloor fit --out writes a model.',
            ),
        )  # fmt: skip
    return Wanted(target, model, forecast, cuts, replications, shrinkage)


def kept(screen: Screen, problem: Roster, floor: Path, asked: Wanted, stop: Stop, seed: int, *, told: bool) -> Answer:
    """The roster that keeps the target best; with ``told`` each round's simulation is told as it goes.

    Raises:
        NoRoster, Problem: as the core.
    """
    from onefloor.planning.rostering.solving import Parameters as Search
    from onefloor.planning.rounds.solving import Parameters, solve
    from onefloor.planning.solving import Stop as Limit

    question = rounds_of(problem, floor, asked)
    effort = Parameters(rounds=asked.cuts, replications=asked.replications // 2, fresh=asked.replications)
    if stop.rounds is not None:
        again = Search(sweeps=max(1, round(stop.rounds * SWEEPS_AGAIN)))
        effort = replace(effort, first=Search(sweeps=stop.rounds), again=again)

    def tell(step: Step) -> None:
        if not told:
            return
        off = int(step.best or 0)
        screen.say(
            Text(
                f"第 {step.round} 轮：最好时 {off} 个时段有偏差。", f"Round {step.round}: {off} intervals off at best."
            )
        )

    return solve(question, effort, Limit(stop.seconds, None, stop.gap), seed, clock=time.monotonic, progress=tell)


def needs_of(found: Answer, path: Path) -> Path:
    """The file of the needs that the best roster was made for."""
    from onefloor.planning.rostering.needs import write_needs

    write_needs(path, found.plan.problem)
    return path


def rounds_of(problem: Roster, floor: Path, asked: Wanted) -> Rounds:
    """The question: the rules' people, the model's customers, the forecast's contacts."""
    import numpy as np

    from onefloor.floor import open_floor
    from onefloor.planning.forecasting.files import read
    from onefloor.planning.rounds.contacts import of_forecast, of_model
    from onefloor.planning.rounds.problem import Rounds, judged_by
    from onefloor.planning.simulation.reading import read_model
    from onefloor.planning.staffing.shrinkage import shrinkage

    goal = service_level(
        asked.target, Text("班表只按一个服务水平目标修正。", "A roster is put right for one service level.")
    )
    model = judged_by(read_model(asked.model), goal.within_s, goal.formula)
    if asked.forecast is None:
        arrivals = of_model(model, problem.grid)
    else:
        arrivals = of_forecast(model, problem.grid, read(asked.forecast), goal.bound)
    skills = {name: one.skill for name, one in open_floor(floor).queues.items() if one.skill}
    question = Rounds(problem, model, arrivals, goal.bound, skills)
    planned = shrinkage(asked.shrinkage)
    away = [[planned.on(day, skill) for skill in question.skills] for day in problem.grid.dates()]
    return replace(question, away=np.array(away))


def tell(screen: Screen, found: Answer) -> None:
    """The rounds, and how the intervals stand."""
    from onefloor.planning.rounds.sentences import HEADS, headline, remarks, rounds

    screen.show(headline(found))
    screen.table(HEADS, rounds(found), right=range(len(HEADS)))
    for words in remarks(found):
        screen.show(words)


def target_options() -> list[click.Parameter]:
    """The options of a target."""
    return [
        Option(
            "--target",
            text=Text(
                "各时段模拟服务水平的目标，例如 service_level >= 80% in 20s；需要 --model。",
                "What every interval's simulated level has to reach: service_level >= 80% in 20s; needs --model.",
            ),
            metavar="TARGET",
        ),
        Option(
            "--model",
            text=Text("模型文件（onefloor fit --out）：客户如何来电、等待、重拨。",
                      "A model file (onefloor fit --out): how customers call, wait and call again."),
            type=FILE, metavar="MODEL",
        ),
        Option(
            "--forecast",
            text=Text("预测文件：各时段的话务量；默认每天都是模型的一天。",
                      "A forecast file: contacts by interval; without it every day is the model's."),
            type=FILE, metavar="FILE",
        ),
        Option(
            "--needs",
            text=Text("写出修正后的需求表，供规则文件使用（例如之后的 repair）。",
                      "Write the needs that were put right, for the rules file: repair reads them there."),
            type=NEW_FILE, metavar="FILE",
        ),
        Option(
            "--cuts", text=Text("按模拟修正需求的轮数，至多。", "Rounds of putting needs right, at most."),
            type=click.IntRange(0, 20), default=4, metavar="NUMBER",
        ),
        Option(
            "--replications", text=Text("最终检验的模拟次数；每轮取一半。",
                                        "Replications of the last check; a round takes half as many."),
            type=click.IntRange(4, MOST_REPLICATIONS), default=400, metavar="COUNT",
        ),
        Option(
            "--shrinkage",
            text=Text("排班人员中的计划缺勤，同 onefloor staff：12% 或 YAML 文件。",
                      "Planned absence of those rostered, as onefloor staff has it: 12%, or a YAML file."),
            default="0%", metavar="SHARE",
        ),
    ]  # fmt: skip
