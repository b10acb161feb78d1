"""``onefloor effect``: did it help, and how long until one could see it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from onefloor.cli.bilingual import FILE, Argument, BadUsage, Command, Option, floor_argument
from onefloor.cli.insight.answering import FiniteRange, drawn, opened, picture_options, span, tell
from onefloor.cli.output import Screen
from onefloor.language import Text, same

if TYPE_CHECKING:
    from onefloor.insight.effects.action import Action
    from onefloor.insight.effects.case import Source
    from onefloor.insight.effects.effect import Told

HEADS = (
    Text("截至", "up to"),
    Text("作用", "effect"),
    Text("下限", "low"),
    Text("上限", "high"),
)


NO_LOOKS = Text(
    "没有可列的查看：需要抽签、因低被选或与指标无关的坐席，两边各 30 名以上。",
    "No looks to list: they need agents by lot, picked for being low or unrelated, 30 or more on each side.",
)


def effect(
    screen: Screen,
    floor: Path,
    action: Path,
    seed: int,
    see: float | None,
    picture: Path,
    *,
    looks: bool,
    plan: bool,
    draw: bool,
) -> None:
    """The effect of an action, or what it could show."""
    import numpy as np

    from onefloor.insight.effects.case import Source
    from onefloor.insight.effects.effect import effect as found
    from onefloor.insight.effects.picture import picture as pictured
    from onefloor.insight.effects.reading import read_action_file

    registered = read_action_file(action)
    held = opened(screen, floor)
    span(held.prepared, None, None)  # refuses a floor without contacts
    source = Source(held.prepared, held.engine, held.cubes)
    if plan or see is not None:
        _plan(screen, source, registered, see)
        return
    told = found(source, registered, np.random.default_rng(seed), looking=looks)
    saved = drawn(screen, pictured(registered, told[0]), picture, wanted=draw)
    tell(screen, [one.finding for one in told], saved)
    if looks and not screen.json:
        _tell_looks(screen, told[0])


def _tell_looks(screen: Screen, told: Told) -> None:
    """Every look, one a line."""
    looks = told.finding.details.get("looks") or []
    if not looks:
        screen.say(NO_LOOKS)
        return
    screen.show(same(""))
    rows = [[look["period"], *(f"{look[name]:+.1f}" for name in ("value", "low", "high"))] for look in looks]
    screen.table(HEADS, rows, right=range(1, len(HEADS)))


def _plan(screen: Screen, source: Source, action: Action, see: float | None) -> None:
    from onefloor.insight.effects import looking_ahead
    from onefloor.insight.effects.found import NoEstimate
    from onefloor.insight.effects.refusals import refusal
    from onefloor.insight.effects.sentences import PERIODS

    try:
        ahead = looking_ahead.ahead(source, action, see)
    except NoEstimate as reason:
        raise BadUsage(
            refusal(reason.code, reason.figures),
            remedy=Text("请改 given，或不用 --plan。", "Change given, or leave --plan out."),
        ) from None
    if screen.json:
        screen.answer(looking_ahead.as_json(ahead))
        return
    screen.show(looking_ahead.sentence(ahead))
    each = PERIODS[action.measured.each]
    heads = [each, Text("最小能看出", "least effect seen")]
    rows = [[number, f"{ahead.plan.visible[number - 1]:.1f}"] for number in looking_ahead.ROWS_SHOWN]
    screen.table(heads, rows, right=(0, 1))


COMMANDS = (
    Command(
        "effect",
        Text(
            "帮扶期、培训、竞赛、激励或提案是否起了作用；估计方法由选人办法决定。",
            "Whether a help period, course, competition, grant or proposal helped; how it is estimated follows "
            "from how "
            "people were picked.",
        ),
        effect,
        [
            floor_argument(),
            Argument("action", text=Text("行动文件。", "The file of the action."), type=FILE),
            Option(
                "--looks",
                text=Text(
                    "列出每一次查看，区间对每次查看都成立；没有约定结束的行动自动如此。",
                    "Every look, with intervals that hold at all of them; by itself where no end is agreed.",
                ),
                is_flag=True,
            ),
            Option(
                "--plan",
                text=Text("事前：多久才能看出作用。", "Beforehand: how long until an effect could be seen."),
                is_flag=True,
            ),
            Option(
                "--see",
                text=Text(
                    "与 --plan 同用：想看出多大的作用；默认为约定的差别。",
                    "With --plan: the effect one wants to see; the agreed margin by default.",
                ),
                type=FiniteRange(min=0, min_open=True),
                metavar="NUMBER",
            ),
            Option(
                "--seed",
                text=Text("随机种子（可能选法的抽样）；默认 1。", "Seed of the draws of possible picks; 1 by default."),
                type=click.IntRange(0),
                default=1,
                metavar="N",
            ),
            *picture_options("effect"),
        ],
        [
            "onefloor effect myfloor action.yaml",
            "onefloor effect myfloor action.yaml --plan --see 2",
        ],
    ),
)
