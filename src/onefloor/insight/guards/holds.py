"""Whether a reward's quality gate holds: for competitions, and to plan one that agreements then have in their terms."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

import numpy as np

from onefloor.insight.finding import LEVEL, Estimate, Finding, Verdict
from onefloor.insight.guards.peers import Whole
from onefloor.insight.rating.bounds import clustered, wilson
from onefloor.language import Text
from onefloor.problems import Problem

Rule = Literal["bound", "margin"]
LEAST_ROWS = 20
IN_CONTRACTS = 0.975
"""The level at which an agreement's gate with ``error: bound`` judges: the lower end of a 95 % interval."""
PERCENT = Text("%", "%")
ABOUT = Text("奖励的质量前置条件", "the quality gate of a reward")
BY_AGENT = Text(
    "坐席视为整群：同一人的话务彼此相似。", "agents are the sample: contacts of one agent resemble each other"
)
CHOSEN = Text("规则与余量须事先约定。", "rule and margin were agreed beforehand")


class BadGate(Problem):
    """A gate that is no share, or counts that cannot be."""

    def __init__(self) -> None:
        super().__init__(
            Text("质量前置条件有误。", "The quality gate cannot be judged."),
            why=Text(
                "前置条件须在 0 与 1 之间，合格数不得超过总数。",
                "A gate is a share, and no more can pass than there are.",
            ),
            remedy=Text("请写成 0.85，并检查计数。", "Write it as 0.85 and check the counts."),
        )


def holds(
    numerator: Whole, denominator: Whole, gate: float, rule: Rule = "bound", margin: float = 0.0, level: float = LEVEL
) -> Finding:
    """Whether a team's quality passes the gate of a reward.

    ``bound``: the lower one-sided bound has to reach the gate, with agents as the sample. ``margin``: the observed
    share has to reach gate + margin. Which of the two holds is chosen in advance. With counts in all (one entry) and
    ``level=IN_CONTRACTS`` it is the answer of the same gate in an agreement (``agreements.clauses.gates``), which
    decides over money in exact arithmetic and without this package. ``details`` has ``holds``,
    ``numerator``, ``denominator``, ``lower`` and the rule; the verdict is better (it holds), worse (even the upper
    bound is below the gate) or cannot tell.

    Args:
        numerator: contacts that passed, one entry an agent (or one in all).
        denominator: contacts that were checked, likewise.
        gate: share to be reached.
        rule: ``bound`` or ``margin``.
        margin: share to be reached beyond the gate under ``margin``.
        level: of the one-sided bounds.

    Raises:
        BadGate: numbers that cannot be.

    >>> import numpy as np
    >>> found = holds(np.array([95]), np.array([100]), 0.85)
    >>> found.details["holds"], found.verdict.value, round(found.details["lower"], 3)
    (True, 'better', 0.901)
    """
    good, whole = int(np.sum(numerator)), int(np.sum(denominator))
    if not (0 < gate < 1 and 0 <= margin < 1 and np.all((numerator >= 0) & (numerator <= denominator))):
        raise BadGate
    if whole < LEAST_ROWS:
        return _too_few(good, whole, gate)
    several = int((denominator > 0).sum()) > 1
    low, high = (
        clustered(numerator, denominator, side, level) if several else float(wilson(good, whole, side, level))
        for side in ("low", "high")
    )
    share = good / whole
    passed = low >= gate if rule == "bound" else Fraction(good, whole) >= written(gate) + written(margin)
    verdict = Verdict.BETTER if passed else Verdict.WORSE if high < gate else Verdict.CANNOT_TELL
    return Finding(
        about=ABOUT,
        verdict=verdict,
        sentence=_sentence(good, whole, low, gate, rule, margin, passed=passed),
        estimate=Estimate(share, min(max(low, 0.0), share), max(min(high, 1.0), share), 2 * level - 1).times(100),
        unit=PERCENT,
        contacts=whole,
        agents=int((denominator > 0).sum()) if several else 0,
        assumptions=(BY_AGENT, CHOSEN) if several else (CHOSEN,),
        details={
            "holds": bool(passed), "numerator": good, "denominator": whole, "lower": low, "gate": gate, "rule": rule,
            "margin": margin,
        },
    )  # fmt: skip


def written(share: float) -> Fraction:
    """A share as it was written: 0.85 is 17/20, not the nearest binary number."""
    return Fraction(repr(float(share)))


def _too_few(good: int, whole: int, gate: float) -> Finding:
    """Fewer rows than anything can be said of: the gate does not hold."""
    few = Text(
        f"只有 {whole} 条质检，至少需要 {LEAST_ROWS} 条。",
        f"only {whole} contacts were checked, and it takes {LEAST_ROWS}",
    )
    said = Text("样本不足，前置条件不成立。", "Too few contacts were checked: the gate does not hold.")
    details = {"holds": False, "numerator": good, "denominator": whole, "lower": None, "gate": gate}
    return Finding(ABOUT, Verdict.CANNOT_TELL, said, contacts=whole, reasons=(few,), details=details)


def _sentence(good: int, whole: int, low: float, gate: float, rule: Rule, margin: float, *, passed: bool) -> Text:
    aim = gate if rule == "bound" else gate + margin
    reached = low if rule == "bound" else good / whole
    what = Text("下限", "the lower bound") if rule == "bound" else Text("观察值", "the observed share")
    verb = Text("达到", "reaches") if passed else Text("未达到", "does not reach")
    answer = Text("前置条件成立", "the gate holds") if passed else Text("前置条件不成立", "the gate does not hold")
    return Text(
        f"{whole:,} 条中 {good:,} 条合格（{good / whole:.1%}），{what.zh} {reached:.1%} {verb.zh} {aim:.1%}："
        f"{answer.zh}。",
        f"{good:,} of {whole:,} passed ({good / whole:.1%}); {what.en} of {reached:.1%} {verb.en} {aim:.1%}: "
        f"{answer.en}.",
    )
