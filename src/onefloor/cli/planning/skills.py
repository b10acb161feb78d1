"""``onefloor skills``: which product lines an agent should learn, so that training falls and the level holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from onefloor.cli.bilingual import FILE, Argument, BadUsage, Command, Option
from onefloor.cli.insight.answering import FiniteRange, drawn, picture_options
from onefloor.cli.output import Screen
from onefloor.cli.planning.model_file import interval_option, read_floor, seed_option
from onefloor.language import Text

if TYPE_CHECKING:
    from onefloor.planning.simulation.model import Model
    from onefloor.planning.skilling.result import Curve

HOURS = re.compile(r"(?:(.+)=)?(\d{1,6}(?:\.\d{1,6})?) ?h?")
PERCENT = re.compile(r"(\d{1,2}(?:\.\d{1,6})?) ?%")
DESIGNING = Text("模拟各种技能设计", "Simulating skill designs")


def skills(
    screen: Screen, model: Path, target: str, hours: Sequence[str], working: float, line: Sequence[str],
    interval: int | None, replications: int, seed: int, picture: Path, draw: bool,  # noqa: FBT001  Click's signature
) -> None:  # fmt: skip
    """The curve from one skill each to all skills, with the recommended groups."""
    from onefloor.planning.pools.problem import Parameters
    from onefloor.planning.skilling.designs import designs
    from onefloor.planning.skilling.picture import picture as drawing
    from onefloor.planning.skilling.problem import Lines
    from onefloor.planning.skilling.solving import solve

    floor = _chosen(read_floor(model), line)
    asked = Lines(floor, training(hours, [kind.id for kind in floor.types]), level(target), working,
                  None if interval is None else interval - 1)  # fmt: skip
    with screen.progress(DESIGNING) as progress:
        count = len(designs(asked))
        found = solve(asked, Parameters(replications, max(2, 2 * replications)), seed=seed,
                      progress=lambda step: progress(step.round, count))  # fmt: skip
    pictures = drawn(screen, drawing(found), picture, wanted=draw)
    if screen.json:
        screen.answer({**found.as_json(), "pictures": [str(path) for path in pictures]})
        return
    _show(screen, found)
    if pictures:
        names = ", ".join(map(str, pictures))
        screen.say(Text(f"图片：{names}", f"picture: {names}"))


def _show(screen: Screen, found: Curve) -> None:
    from onefloor.planning.skilling.sentences import HEADS, headline, remarks, row

    screen.show(headline(found))
    for remark in remarks(found):
        screen.show(remark)
    screen.table(HEADS, [row(found, point) for point in found.points], right=range(1, len(HEADS)))


def _chosen(model: Model, names: Sequence[str]) -> Model:
    """The model with some lines alone.

    Raises:
        BadUsage: a line that is not there.
    """
    from dataclasses import replace

    known = [kind.id for kind in model.types]
    for name in names:
        if name not in known:
            raise BadUsage(
                Text(f"没有产品线“{name}”。", f'There is no line "{name}".'),
                remedy=Text(f"可用：{', '.join(known)}。", f"There are: {', '.join(known)}."),
            )
    return replace(model, types=tuple(kind for kind in model.types if not names or kind.id in names))


def level(text: str) -> float:
    """``80%``.

    Raises:
        BadUsage.

    >>> level("80%")
    0.8
    """
    found = PERCENT.fullmatch(text.strip())
    if found is None or not float(found[1]):
        raise BadUsage(
            Text(f"无法识别 --target {text}。", f"--target {text} cannot be read."),
            remedy=Text("请例如写 80%；时限取自模型的 service_level。",
                        "Write 80%, say; the seconds are those of the model's service_level."),
        )  # fmt: skip
    return float(found[1]) / 100


def training(texts: Sequence[str], known: Sequence[str]) -> dict[str, float]:
    """Training hours by line: ``60`` for all, ``water=120`` for one.

    Raises:
        BadUsage.

    >>> training(["60", "water=120"], ["tech", "water"])
    {'tech': 60.0, 'water': 120.0}
    """
    found: dict[str, float] = {}
    own: dict[str, float] = {}
    for text in texts:
        read = HOURS.fullmatch(text.strip())
        if read is None or (read[1] and read[1].strip() not in known):
            raise BadUsage(
                Text(f"无法识别 --hours {text}。", f"--hours {text} cannot be read."),
                remedy=Text(
                    f"请写 60（每条线）或 产品线=120；产品线：{', '.join(known)}。",
                    f"Write 60 (for every line) or LINE=120; lines: {', '.join(known)}.",
                ),
            )
        if read[1]:
            own[read[1].strip()] = float(read[2])
        else:
            found = dict.fromkeys(known, float(read[2]))
    return found | own


COMMANDS = (
    Command(
        "skills",
        Text(
            "哪些产品线归到同一名坐席，既少培训又保住服务水平。",
            "Which product lines an agent should learn: less training, the same service level.",
        ),
        skills,
        [
            Argument("model", text=Text("模型文件（YAML）。", "The model file (YAML)."), type=FILE),
            Option(
                "--hours",
                text=Text(
                    "每名坐席每条线一年的培训工时：60 用于所有线，water=120 用于一条；可重复。",
                    "Training hours of an agent and line in a year: 60 for every line, water=120 for one; may be "
                    "repeated.",
                ),
                multiple=True,
                required=True,
                metavar="[LINE=]HOURS",
            ),
            Option("--target", text=Text("每条线的服务水平。", "The service level of every line."), default="80%",
                   metavar="SHARE"),
            Option("--working", text=Text("一名坐席一年的工时。", "Hours an agent works in a year."),
                   type=FiniteRange(min=1), default=1700.0, metavar="HOURS"),
            Option("--line", text=Text("只看某条产品线；可重复。", "Only this line; may be repeated."), multiple=True,
                   metavar="LINE"),
            interval_option(),
            Option("--replications", text=Text("每种设计的模拟次数。", "Replications of each design."),
                   type=click.IntRange(2, 100_000), default=40, metavar="NUMBER"),
            seed_option(),
            *picture_options("skills"),
        ],
        examples=(
            "onefloor skills model.yaml --hours 60",
            "onefloor skills model.yaml --hours 60 --hours water=120 --target 85% --working 1650",
        ),
    ),
)  # fmt: skip
