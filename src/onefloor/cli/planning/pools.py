"""``onefloor pools``: how many agents each group needs where groups share several contact types."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import click

from onefloor.cli.bilingual import FILE, Argument, BadUsage, Command, Option
from onefloor.cli.insight.answering import drawn, picture_options
from onefloor.cli.output import Screen
from onefloor.cli.planning.model_file import interval_option, read_floor, seed_option, service_level
from onefloor.language import Text

NAMED = re.compile(r"(.+)=(\d{1,6}(?:\.\d{1,6})?)")
SEARCHING = Text("逐轮割平面", "Rounds of cuts")
MOST_CUTS = 40


def pools(
    screen: Screen, model: Path, target: str, cost: Sequence[str], seats: Sequence[str], interval: int | None,
    replications: int, seed: int, picture: Path, draw: bool,  # noqa: FBT001  Click's signature
) -> None:  # fmt: skip
    """The cheapest staff, how its targets stand on fresh chance, and the laws it rests on."""
    from onefloor.planning.pools.problem import Parameters
    from onefloor.planning.pools.sentences import headline, laws, laws_json, remarks
    from onefloor.planning.pools.solving import solve
    from onefloor.planning.pools.staff_picture import picture as drawing
    from onefloor.planning.pools.steady import busiest, steady_pools
    from onefloor.planning.rounds.problem import judged_by

    wanted = service_level(target, Text("坐席组按一个服务水平目标配置。", "Groups are staffed for one service level."))
    floor = judged_by(read_floor(model), wanted.within_s, wanted.formula)
    at = busiest(floor) if interval is None else interval - 1
    prices, most = _named("--cost", cost), {name: int(value) for name, value in _named("--seats", seats).items()}
    asked = steady_pools(floor, wanted.bound, at, prices, most)
    with screen.progress(SEARCHING) as told:
        found = solve(asked, Parameters(replications, 5 * replications), seed=seed,
                      progress=lambda step: told(step.round, MOST_CUTS))  # fmt: skip
    pictures = drawn(screen, drawing(found), picture, wanted=draw)
    if screen.json:
        screen.answer({**found.as_json(), "interval": at + 1, "laws": laws_json(asked),
                       "pictures": [str(path) for path in pictures]})  # fmt: skip
        return
    screen.show(headline(found))
    for words in (*remarks(found), *laws(asked)):
        screen.show(words)
    screen.show(Text(f"按模型的第 {at + 1} 个时段配置。", f"Staffed for interval {at + 1} of the model."))
    for path in pictures:
        screen.say(Text(f"图片：{path}", f"picture: {path}"))


def _named(option: str, texts: Sequence[str]) -> dict[str, float]:
    """``North=25``.

    Raises:
        BadUsage.
    """
    found = {}
    for text in texts:
        read = NAMED.fullmatch(text.strip())
        if read is None or (option == "--seats" and not float(read[2]).is_integer()):
            raise BadUsage(
                Text(f"无法识别 {option} {text}。", f"{option} {text} cannot be read."),
                remedy=Text("请写成 名称=25。", "Write NAME=25."),
            )
        found[read[1].strip()] = float(read[2])
    return found


COMMANDS = (
    Command(
        "pools",
        Text(
            "多技能共用时各坐席组需要多少人：模拟加割平面，费用最低，在新的随机数上检验。",
            "How many agents each group needs where groups share contact types: simulation with cuts, at least cost.",
        ),
        pools,
        [
            Argument("model", text=Text("模型文件（YAML），如 onefloor fit --out 所写。",
                                        "The model file (YAML), as onefloor fit --out writes it."), type=FILE),
            Option("--target", text=Text("每个话务类型的目标。", "What every contact type has to reach."),
                   default="service_level >= 80% in 20s", metavar="TARGET"),
            Option("--cost", text=Text("公司或坐席组每名坐席的费用；默认 1；可重复。",
                                       "Cost of an agent of a company or group; 1 without; may be repeated."),
                   multiple=True, metavar="NAME=COST"),
            Option("--seats", text=Text("公司或坐席组至多多少名；可重复。",
                                        "Agents of a company or group at most; may be repeated."),
                   multiple=True, metavar="NAME=NUMBER"),
            interval_option(),
            Option("--replications", text=Text("求解的模拟次数；检验为五倍。",
                                               "Replications of the search; the check takes five times as many."),
                   type=click.IntRange(2, 100_000), default=40, metavar="NUMBER"),
            seed_option(),
            *picture_options("pools"),
        ],
        examples=(
            'onefloor pools model.yaml --target "service_level >= 80% in 20s"',
            "onefloor pools model.yaml --cost North=0.9 --seats North=25",
        ),
    ),
)  # fmt: skip
