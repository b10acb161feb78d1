"""A finding: an estimate with its interval, one verdict of a fixed list, on what it rests, and the rows behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from onefloor.language import Text
from onefloor.metrics.metric import Better
from onefloor.periods import Month

LEVEL = 0.95
Z = 1.959964  # of the normal distribution, for that level


class Verdict(StrEnum):
    """All that a finding may say; nothing else is ever printed as a verdict."""

    # comparisons and effects
    WORSE = "worse"
    BETTER = "better"
    NO_DIFFERENCE = "no_difference"
    CANNOT_TELL = "cannot_tell"
    NOT_COMPARABLE = "not_comparable"
    # charts
    SIGNAL = "signal"
    STEADY = "steady"
    # guards
    WORTH_A_LOOK = "worth_a_look"
    NOTHING_SEEN = "nothing_seen"
    # penalties
    PENALTY = "penalty"
    NO_PENALTY = "no_penalty"

    @property
    def words(self) -> Text:
        """The verdict as people read it."""
        return WORDS[self]


WORDS: Mapping[Verdict, Text] = {
    Verdict.WORSE: Text("更差", "worse"),
    Verdict.BETTER: Text("更好", "better"),
    Verdict.NO_DIFFERENCE: Text("没有值得在意的差别", "no difference that matters"),
    Verdict.CANNOT_TELL: Text("无法判断", "cannot tell"),
    Verdict.NOT_COMPARABLE: Text("不可比", "not comparable"),
    Verdict.SIGNAL: Text("有信号", "signal"),
    Verdict.STEADY: Text("平稳", "steady"),
    Verdict.WORTH_A_LOOK: Text("值得一看", "worth a look"),
    Verdict.NOTHING_SEEN: Text("未见异常", "nothing seen"),
    Verdict.PENALTY: Text("应罚", "penalty"),
    Verdict.NO_PENALTY: Text("不罚", "no penalty"),
}


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number and the interval that holds the truth with ``level``; ``low <= high``, in the finding's unit.

    An end may be infinite where the data bound it on one side only.
    """

    value: float
    low: float
    high: float
    level: float = LEVEL

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            message = f"an interval from {self.low} to {self.high}"
            raise ValueError(message)

    def __neg__(self) -> Estimate:
        return Estimate(-self.value, -self.high, -self.low, self.level)

    def times(self, factor: float) -> Estimate:
        """The same in another unit: from shares to points, say; ``factor`` above 0."""
        return Estimate(self.value * factor, self.low * factor, self.high * factor, self.level)

    def as_json(self) -> dict[str, float]:
        """``{"value": ..., "low": ..., "high": ..., "level": ...}``."""
        return {"value": self.value, "low": self.low, "high": self.high, "level": self.level}


@dataclass(frozen=True, slots=True)
class Behind:
    """The rows a finding rests on: the question that lists them (``onefloor rows``)."""

    metric: str
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    first: Month | None = None
    last: Month | None = None

    def as_json(self) -> dict[str, Any]:
        """The question as data."""
        return {
            "metric": self.metric,
            "where": {name: list(values) for name, values in self.where.items()},
            "months": f"{self.first}..{self.last}" if self.first and self.last else None,
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, and how sure it is.

    ``estimate`` is None where there is none that would be honest; ``reasons`` then say why, and what to do.
    ``unit`` is the words after the number (points, seconds). ``contacts`` and ``agents`` are the sizes it rests on:
    rows counted, and people (or days, or raters, as ``sampled`` says) that make the chance. ``details`` are further
    figures for scripts, plain data only.
    """

    about: Text
    verdict: Verdict
    sentence: Text
    estimate: Estimate | None = None
    unit: Text = field(default_factory=lambda: Text("个百分点", "points"))
    contacts: int = 0
    agents: int = 0
    sampled: Text = field(default_factory=lambda: Text("名坐席", "agents"))
    assumptions: tuple[Text, ...] = ()
    reasons: tuple[Text, ...] = ()
    behind: tuple[Behind, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The finding as the contract of ``--json`` has it: both languages, plain numbers."""
        return {
            "about": self.about.as_json(),
            "verdict": self.verdict.value,
            "sentence": self.sentence.as_json(),
            "estimate": self.estimate and self.estimate.as_json(),
            "unit": self.unit.as_json(),
            "contacts": self.contacts,
            "agents": self.agents,
            "sampled": self.sampled.as_json(),
            "assumptions": [text.as_json() for text in self.assumptions],
            "reasons": [text.as_json() for text in self.reasons],
            "rows": [one.as_json() for one in self.behind],
            "details": dict(self.details),
        }


def judged(difference: Estimate, margin: float, better: Better) -> Verdict:
    """The verdict on a difference; from its interval alone.

    Inside ± the margin nothing matters, however sure; a difference matters once its interval leaves 0 out and does not
    lie inside the margin; all else cannot be told.

    Args:
        difference: theirs minus ours, in the unit of the margin.
        margin: what is agreed to matter; 0 or more.
        better: in which direction the metric improves; ``within`` has no better side and is never told apart.

    >>> judged(Estimate(-3.1, -5.8, -0.4), 1.0, Better.HIGHER)
    <Verdict.WORSE: 'worse'>
    >>> judged(Estimate(0.1, -0.6, 0.8), 1.0, Better.HIGHER)
    <Verdict.NO_DIFFERENCE: 'no_difference'>
    """
    if -margin < difference.low and difference.high < margin:
        return Verdict.NO_DIFFERENCE
    if difference.low <= 0 <= difference.high or better is Better.WITHIN:
        return Verdict.CANNOT_TELL
    return Verdict.BETTER if (difference.low > 0) == (better is Better.HIGHER) else Verdict.WORSE
