"""What the commands that read a model file share: reading it, the interval, the seed, the service level to reach."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from onefloor.cli.bilingual import BadUsage, Option
from onefloor.language import Text

if TYPE_CHECKING:
    from onefloor.planning.erlang.sizing import Goal
    from onefloor.planning.simulation.model import Model

MOST_SEED = 2**62


def read_floor(path: Path) -> Model:
    """The model of a file; a floor has to be fitted first.

    Raises:
        BadUsage: a folder.
        MissingFile, BadYaml, Problems.
    """
    from onefloor.planning.simulation.reading import read_model

    if path.is_dir():
        raise BadUsage(
            Text(f"{path} 是目录，这里需要模型文件。", f"{path} is a folder; a model file belongs here."),
            remedy=Text(
                f"请先由现场拟合：onefloor fit {path} --out model.yaml。",
                f"Fit one from the floor first: onefloor fit {path} --out model.yaml.",
            ),
        )
    return read_model(path)


def service_level(text: str, why: Text) -> Goal:
    """The one goal of a target, which has to be a service level; ``why`` says so to who asks for another.

    Raises:
        BadUsage: it has another goal, or several.
        BadTarget: it cannot be read.
    """
    from onefloor.planning.staffing.targets import target

    goals = target(text).goals
    if len(goals) != 1 or goals[0].measure != "service_level":
        raise BadUsage(why, remedy=Text("请只写 service_level。", "Write service_level alone."))
    return goals[0]


def interval_option() -> click.Parameter:
    """The interval of the model that is staffed."""
    return Option(
        "--interval",
        text=Text(
            "按模型的第几个时段配置；默认最忙的时段。",
            "Staff this interval of the model, counted from 1; the busiest without.",
        ),
        type=click.IntRange(min=1),
        metavar="NUMBER",
    )


def seed_option() -> click.Parameter:
    """The seed of what is drawn."""
    return Option(
        "--seed", text=Text("随机种子。", "Seed of what is drawn."), type=click.IntRange(0, MOST_SEED), default=1,
        metavar="NUMBER",
    )  # fmt: skip
