"""``onefloor penalty-plan``: what a penalty rule does, and what a month's sample says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from onefloor.cli.bilingual import FILE, BadUsage, Command, Option
from onefloor.cli.insight.answering import FiniteRange, drawn, picture_options, tell
from onefloor.cli.output import Screen
from onefloor.language import Text

if TYPE_CHECKING:
    from onefloor.insight.finding import Estimate
    from onefloor.insight.rating.marks import Places
    from onefloor.insight.rating.penalty import Risk

STEPS = (-0.06, -0.04, -0.02, -0.01, 0.0, 0.02)  # true rates of the plan, from the target
RATERS = (2, 3, 4, 6, 8, 12, 20)


def penalty_plan(
    screen: Screen,
    target: float,
    sample: int | None,
    passed: int | None,
    passed_by: Path | None,
    level: float,
    rater_sd: float,
    checks: str | None,
    seed: int,
    picture: Path,
    draw: bool,  # noqa: FBT001  a flag of the command line
) -> None:
    """What a penalty rule does."""
    from onefloor.insight.rating.month import check, judged_month
    from onefloor.insight.rating.penalty import risks
    from onefloor.insight.rating.picture import penalty_picture
    from onefloor.insight.rating.sentences import corrected_words, raters_words

    month = _month(sample, passed, passed_by)
    sample = int(month[1].sum())
    check(target, sample, passed)
    found = risks(target, sample, tuple(round(target + step, 6) for step in STEPS if 0 < target + step < 1), level)
    design = _design(target, sample, rater_sd, level)
    judged = passed is not None or passed_by is not None
    findings = [judged_month(*month, target, level)] if judged else []
    needed = _raters_needed(target, sample, rater_sd, level)
    truth = _corrected(month, checks, seed, judged=judged)
    pictures = drawn(screen, penalty_picture(target, sample, level), picture, wanted=draw)
    sentence = _sentence(target, sample, found)
    if screen.json:
        plan = {"target": target, "sample": sample, "level": level, "sentence": sentence.as_json()}
        held = {"rates": [_risk_json(one) for one in found], "raters": design, "rater_sd": rater_sd}
        held |= {"raters_needed": needed and needed[1], "corrected": truth and truth.as_json()}
        told = {"findings": [one.as_json() for one in findings], "pictures": [str(path) for path in pictures]}
        screen.answer(plan | held | told)
        return
    screen.show(sentence)
    _show(screen, found, design, rater_sd)
    if needed is not None:
        screen.show(raters_words(*needed, sample))
    if truth is not None:
        screen.show(corrected_words(truth))
    tell(screen, findings, pictures)


def _month(sample: int | None, passed: int | None, passed_by: Path | None) -> tuple[Places, Places]:
    """Passes and contacts, by rater where a file has them; no passes where they were not given.

    Raises:
        BadUsage: neither a sample nor a file, or both; else as ``read_passes``.
    """
    import numpy as np

    from onefloor.insight.rating.passes import read_passes

    if passed_by is not None and sample is None and passed is None:
        return read_passes(passed_by)
    if passed_by is None and sample is not None:
        return np.array([passed or 0], np.intp), np.array([sample], np.intp)
    raise BadUsage(
        Text(
            "请给出 --sample，或给出 --passed-by 而不给 --sample 和 --passed。",
            "Give --sample, or --passed-by without --sample and --passed.",
        ),
        remedy=Text("文件每行一名质检员：rater、passed、rows。", "The file has a line a rater: rater, passed, rows."),
    )


def _raters_needed(target: float, sample: int, rater_sd: float, level: float) -> tuple[float, int | None] | None:
    """Eight points below, and the raters it takes to see that; None where there are no eight points."""
    from onefloor.insight.rating.design import raters_needed

    below = target - 0.08
    return (below, raters_needed(below, target, sample, rater_sd, level=level)) if below > 0 else None


def _corrected(month: tuple[Places, Places], checks: str | None, seed: int, *, judged: bool) -> Estimate | None:
    """The true rate behind raters who err, where their check was given.

    Raises:
        BadUsage: a check without a month; BadCheck, NoBetterThanChance.
    """
    import numpy as np

    from onefloor.insight.rating.misclassification import checked, corrected_rate

    if checks is None:
        return None
    if not judged:
        raise BadUsage(
            Text("--checked 要与 --passed 或 --passed-by 同用。", "--checked goes with --passed or --passed-by."),
            remedy=Text("请给出本月合格数。", "Say how many passed this month."),
        )
    passed, rows = (int(one.sum()) for one in month)
    return corrected_rate(np.random.default_rng(seed), passed, rows, checked(checks))


def _sentence(target: float, sample: int, found: Sequence[Risk]) -> Text:
    from onefloor.insight.rating.sentences import plan_sentence

    kept = next(one for one in found if one.true == round(target, 6))
    below = [one for one in found if one.true < kept.true]
    missed = next((one for one in below if abs(one.true - kept.true + 0.02) < 1e-9), below[0] if below else kept)
    return plan_sentence(target, sample, (kept.point, kept.bound), missed.true, missed.bound, missed.rows_needed)


def _design(target: float, sample: int, rater_sd: float, level: float) -> list[dict[str, Any]]:
    """By the number of raters, how often the rater-aware bound misses: at the target, and 4 and 8 points below."""
    from onefloor.insight.rating.penalty import clustered_chance

    below = [rate for rate in (target, target - 0.04, target - 0.08) if 0 < rate < 1]
    return [
        {
            "raters": number,
            "chance": {f"{rate:g}": clustered_chance(rate, target, sample, number, rater_sd, level) for rate in below},
        }
        for number in RATERS
        if number <= sample
    ]


def _risk_json(one: Risk) -> dict[str, Any]:
    return {"true": one.true, "point": one.point, "bound": one.bound, "rows_needed": one.rows_needed}


def _show(screen: Screen, found: Sequence[Risk], design: Sequence[dict[str, Any]], rater_sd: float) -> None:
    heads = [
        Text("真实合格率", "true rate"), Text("按抽检值扣罚", "penalty, observed"),
        Text("按上限扣罚", "penalty, bound"), Text("八成把握所需样本", "contacts for .8"),
    ]  # fmt: skip
    rows = [
        (f"{one.true:.1%}", f"{one.point:.3f}", f"{one.bound:.3f}", f"{one.rows_needed:,}" if one.rows_needed else "-")
        for one in found
    ]
    screen.table(heads, rows, right=range(4))
    if not design:
        return
    screen.show(
        Text(
            f"质检员宽严相差 {rater_sd * 100:g} 个百分点（标准差）时，以质检员为单位的上限多大机会扣罚：",
            f"With raters whose severity spreads by {rater_sd * 100:g} points, how often the rater-aware bound misses:",
        )
    )
    rates = list(design[0]["chance"])
    titles = [Text(f"真实 {float(rate):.1%}", f"true {float(rate):.1%}") for rate in rates]
    screen.table(
        [Text("质检员数", "raters"), *titles],
        [(one["raters"], *(f"{value:.3f}" for value in one["chance"].values())) for one in design],
        right=range(1 + len(rates)),
    )


COMMANDS = (
    Command(
        "penalty-plan",
        Text("扣罚规则会错罚多少、需要多少样本。", "How often a penalty rule is wrong, and what sample it takes."),
        penalty_plan,
        [
            Option(
                "--target",
                text=Text("目标合格率，例如 0.76。", "The target pass rate, such as 0.76."),
                type=FiniteRange(),
                required=True,
                metavar="SHARE",
            ),
            Option(
                "--sample",
                text=Text("每月抽检多少条。", "Contacts sampled a month."),
                type=int,
                metavar="N",
            ),
            Option(
                "--passed",
                text=Text("本月合格多少条：给出扣罚结论。", "How many of them passed this month: judges it."),
                type=int,
                metavar="N",
            ),
            Option(
                "--passed-by",
                text=Text(
                    "本月各质检员的合格数（CSV：rater、passed、rows）：以质检员为单位给出扣罚结论。",
                    "The month by rater, a CSV file (rater, passed, rows): judges it with raters as the sample.",
                ),
                type=FILE,
                metavar="FILE",
            ),
            Option(
                "--level",
                text=Text("单侧上限的把握。", "Certainty of the one-sided bound."),
                type=FiniteRange(0.5, 1, min_open=True, max_open=True),
                default=0.95,
                metavar="SHARE",
            ),
            Option(
                "--rater-sd",
                text=Text(
                    "质检员宽严的标准差，0.05 即 5 个百分点。", "Spread of the raters' severity: 0.05 is 5 points."
                ),
                type=FiniteRange(0, 0.5),
                default=0.05,
                metavar="SHARE",
            ),
            Option(
                "--checked",
                "checks",
                text=Text(
                    "质检员的校准结果，“判合格/真合格,判不合格/真不合格”，例如 38/40,17/20：给出校正误判后的合格率。",
                    "What a check of the raters found: passed/good,failed/bad, such as 38/40,17/20. Tells the rate "
                    "with their errors taken out.",
                ),
                metavar="CHECK",
            ),
            Option(
                "--seed",
                text=Text("校正区间的随机种子。", "Seed of the interval of --checked."),
                type=click.IntRange(0),
                default=1,
                metavar="N",
            ),
            *picture_options("penalty-plan"),
        ],
        [
            "onefloor penalty-plan --target 0.76 --sample 150 --passed 112",
            "onefloor penalty-plan --target 0.76 --passed-by september.csv",
        ],
    ),
)
