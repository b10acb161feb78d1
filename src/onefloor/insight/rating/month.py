"""A month's pass rate against its target: a penalty only when the bound misses."""

from __future__ import annotations

import numpy as np

from onefloor.insight.finding import LEVEL, Estimate, Finding, Verdict
from onefloor.insight.rating import sentences as say
from onefloor.insight.rating.bounds import clustered, exact
from onefloor.insight.rating.marks import Places
from onefloor.language import Text
from onefloor.problems import Problem

ABOUT = Text("合格率与目标", "pass rate against its target")
BY_RATER = Text(
    "质检员视为整群：同一人的评分彼此相似。", "raters are the sample: marks of one rater resemble each other"
)
ALIKE = Text("质检员宽严相同。", "all raters are equally strict")
PERCENT = Text("%", "%")


class BadPlan(Problem):
    """Numbers that are no plan: a target outside 0 to 1, more passes than contacts."""

    def __init__(self, what: Text, remedy: Text) -> None:
        super().__init__(what, remedy=remedy)


def check(target: float, rows: int, passed: int | None = None) -> None:
    """See that numbers can be a plan.

    Raises:
        BadPlan: a target not between 0 and 1, no contacts, or more passes than contacts.
    """
    if not 0 < target < 1:
        raise BadPlan(
            Text(f"目标 {target:g} 不在 0 与 1 之间。", f"The target {target:g} is not between 0 and 1."),
            Text("请写成 0.76。", "Write it as 0.76."),
        )
    if rows < 1:
        raise BadPlan(
            Text(f"样本量 {rows} 太小。", f"A sample of {rows} is none."), Text("请写成 150。", "Write it as 150.")
        )
    if passed is not None and not 0 <= passed <= rows:
        raise BadPlan(
            Text(f"{rows} 条中不可能有 {passed} 条合格。", f"{passed} of {rows} cannot have passed."),
            Text("请检查 --passed 与 --sample。", "Check --passed and --sample."),
        )


def judged_month(passed: Places, rows: Places, target: float, level: float = LEVEL) -> Finding:
    """Whether a month brings a penalty; with marks of one rater alone, as if all raters were equally strict.

    Args:
        passed: how many passed, one entry a rater (or one in all).
        rows: how many were marked, likewise.
        target: between 0 and 1.
        level: of the one-sided bound; the interval shown has both ends at that level.

    Raises:
        BadPlan: as ``check``.
    """
    whole, good = int(np.sum(rows)), int(np.sum(passed))
    check(target, whole, good)
    several = int((rows > 0).sum()) > 1
    low, high = (
        clustered(passed, rows, side, level, exact) if several else float(exact(good, whole, side, level))
        for side in ("low", "high")
    )
    verdict = Verdict.PENALTY if high < target else Verdict.NO_PENALTY
    return Finding(
        about=ABOUT,
        verdict=verdict,
        sentence=say.penalty_sentence(verdict, good, whole, min(high, 1.0), target, level),
        estimate=Estimate(good / whole, max(low, 0.0), min(high, 1.0), 2 * level - 1).times(100),
        unit=PERCENT,
        contacts=whole,
        agents=int((rows > 0).sum()) if several else 0,
        sampled=say.RATERS,
        assumptions=(BY_RATER if several else ALIKE,),
        details={"target": target, "bound": high, "level": level},
    )
