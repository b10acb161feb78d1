"""``onefloor raters``: whether they agree, who is stricter, and who is to mark what."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from onefloor.cli.bilingual import FILE, Argument, Command, Option
from onefloor.cli.insight import penalty
from onefloor.cli.insight.answering import (
    FiniteRange,
    drawn,
    from_option,
    opened,
    picture_options,
    span,
    tell,
    to_option,
)
from onefloor.cli.output import Screen
from onefloor.language import Text

if TYPE_CHECKING:
    from onefloor.insight.rating.marks import Marks


def raters(
    screen: Screen,
    evaluations: Path,
    marks: str | None,
    first: str | None,
    last: str | None,
    own: str | None,
    margin: float,
    tolerance: float,
    seed: int,
    plan: Path | None,
    names: str,
    times: int,
    picture: Path,
    draw: bool,  # noqa: FBT001  a flag of the command line
) -> None:
    """Agreement and severity of raters, or a plan of who is to mark what."""
    import numpy as np

    if plan is not None:
        from onefloor.cli.insight.dealing import deal

        deal(screen, evaluations, plan, names, times, seed)
        return

    from onefloor.insight.rating.judging import Asked, rated
    from onefloor.insight.rating.picture import raters_picture

    read = _marks(screen, evaluations, marks, first, last)
    found = rated(read, np.random.default_rng(seed), Asked(margin, tolerance, own))
    tell(screen, found.findings, drawn(screen, raters_picture(read, found, own), picture, wanted=draw))


def _marks(screen: Screen, where: Path, kind: str | None, first: str | None, last: str | None) -> Marks:
    """The marks of a CSV file, or of a floor where a folder is named."""
    from onefloor.insight.rating.from_floor import floor_marks
    from onefloor.insight.rating.reading import read_marks

    if not where.is_dir():
        return read_marks(where, kind)  # type: ignore[arg-type]  # click has checked the choice
    found = opened(screen, where)
    return floor_marks(found.floor, found.prepared, span(found.prepared, first, last), kind)  # type: ignore[arg-type]


COMMANDS = (
    Command(
        "raters",
        Text("质检员是否一致、谁偏严谁偏松。", "Whether raters agree, and who is stricter than the others."),
        raters,
        [
            Argument(
                "evaluations",
                text=Text(
                    "CSV 文件（列：contact、rater、score 或 passed，可选 company），或现场目录。",
                    "A CSV file (columns contact, rater, score or passed, perhaps company), or the folder of a floor.",
                ),
                type=FILE,
            ),
            Option(
                "--marks",
                text=Text(
                    "看分数（score）还是合格与否（passed）；默认有分数看分数。",
                    "Which marks: score or passed; scores where there are any.",
                ),
                type=click.Choice(["score", "passed"]),
                metavar="KIND",
            ),
            from_option(),
            to_option(),
            Option(
                "--own",
                text=Text("以哪家公司的质检员为参照。", "The company whose raters the others are held against."),
                metavar="COMPANY",
            ),
            Option(
                "--margin",
                text=Text("多少分以内不算差别。", "Points of severity that do not matter."),
                type=FiniteRange(0, min_open=True),
                default=1.0,
                metavar="POINTS",
            ),
            Option(
                "--tolerance",
                text=Text("两个分数相差多少以内仍算一致。", "Scores so many points apart still agree."),
                type=FiniteRange(0),
                default=5.0,
                metavar="POINTS",
            ),
            Option(
                "--seed",
                text=Text("重抽样和抽签的随机种子。", "Seed of the resampling, and of a plan's lot."),
                type=click.IntRange(0),
                default=1,
                metavar="N",
            ),
            Option(
                "--plan",
                text=Text(
                    "不评估，而是抽签安排双盲评分：把 EVALUATIONS 中 contact 列的录音分给 --names，"
                    "写到此 CSV 及其 -key 对照表。",
                    "Instead of judging raters, deal the contacts of EVALUATIONS (column contact) to --names by lot, "
                    "double-blind: who marks what goes to this CSV file, which contact is which to its -key.",
                ),
                type=FILE,
                metavar="FILE",
            ),
            Option(
                "--names",
                text=Text("要安排的质检员，用逗号分隔。", "The raters of a plan, such as QA1,QA2,QA3."),
                default="",
                metavar="NAMES",
            ),
            Option(
                "--times",
                text=Text("每条录音由几名质检员评。", "How many raters of a plan mark each contact."),
                type=click.IntRange(2),
                default=2,
                metavar="NUMBER",
            ),
            *picture_options("raters"),
        ],
        [
            "onefloor raters evaluations.csv --own Own",
            "onefloor raters myfloor --from 2026-07",
            "onefloor raters recordings.csv --plan october.csv --names QA1,QA2,QA3 --seed 7",
        ],
    ),
    *penalty.COMMANDS,
)
