"""A clause's figure: enough rows or not, the exact or rounded value, and how far sampling may have moved it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from onefloor.agreements.case import Case, line_figure
from onefloor.agreements.statement import LineFigure
from onefloor.agreements.terms.clauses import Measuring
from onefloor.agreements.terms.values import Target
from onefloor.agreements.wording import number, value_text
from onefloor.findings import Figure, Question
from onefloor.language import Text
from onefloor.metrics.metric import Better, Metric
from onefloor.metrics.uncertainty import wilson
from onefloor.money import rounded


@dataclass(frozen=True, slots=True)
class Measured:
    """What a clause measured. ``low`` and ``high``: the 95 % interval under the error rule, else the value twice."""

    metric: Metric
    question: Question
    figure: Figure
    minimum: int
    value: Fraction | None
    low: Fraction | None
    high: Fraction | None

    @property
    def enough(self) -> bool:
        """Whether there is a value, from as many rows as agreed."""
        return self.value is not None and (self.sample is None or self.sample >= self.minimum)

    @property
    def sample(self) -> int | None:
        """Rows in the denominator; None of a plain quantity, where none is a value."""
        return None if self.metric.denominator is None else self.figure.denominator

    @property
    def kindest(self) -> Fraction:
        """The end of the interval that is best for the company: a credit needs even this one to miss."""
        return self._end(kind=True)

    @property
    def strictest(self) -> Fraction:
        """The end that is worst for the company: a reward needs even this one to reach."""
        return self._end(kind=False)

    def _end(self, *, kind: bool) -> Fraction:
        found = self.low if (self.metric.better is Better.LOWER) == kind else self.high
        assert found is not None
        return found

    def line_figure(self, role: str = "assessed") -> LineFigure:
        """The figure as it stands on the statement."""
        return line_figure(self.metric, self.question, self.figure, role)

    def words(self) -> Text:
        """The value, with its interval under the error rule: ``84.1% (82.5%-85.6%)``."""
        assert self.value is not None
        shown = value_text(self.metric, self.value)
        if self.low == self.high:
            return Text(f"{self.metric.title.zh} {shown}", f"{self.metric.title.en} {shown}")
        low, high = (f"{number(Fraction(rounded(end or 0, 1)))}" for end in (self.low, self.high))
        return Text(
            f"{self.metric.title.zh} {shown}（可能范围 {low}%–{high}%）",
            f"{self.metric.title.en} {shown} ({low}-{high})",
        )

    def too_few_words(self) -> Text:
        """Why it is not judged."""
        found = self.sample or 0
        return Text(
            f"样本量 {number(found)}，少于约定的 {number(self.minimum)}",
            f"{number(found)} rows, fewer than the agreed {number(self.minimum)}",
        )


def measured(case: Case, what: Measuring, clause: str, *, months: int = 1, without: tuple[str, ...] = ()) -> Measured:
    """Ask for a figure and compare as agreed."""
    metric = case.metric_of(what.metric)
    surplus = without if set(metric.tables) == {"legs"} else ()
    question = case.question(what.metric, what.scope, clause=clause, months=months, without=surplus)
    return weighed(case, what, metric, question)


def weighed(case: Case, what: Measuring, metric: Metric, question: Question) -> Measured:
    """The answer to a question with what the clause says about sample, rounding and error."""
    figure = case.ask(question)
    own = what.minimum_sample if what.minimum_sample is not None else case.terms.minimum_sample
    minimum = max(1, metric.minimum_sample if own is None else own)
    value = metric.exact(figure)
    low = high = value
    if what.error == "bound" and figure.denominator:
        low, high = (end * metric.scale for end in wilson(figure.numerator, figure.denominator))
    if (what.compare or case.terms.compare) == "rounded":
        value, low, high = (_rounded(metric, end) for end in (value, low, high))
    return Measured(metric, question, figure, minimum, value, low, high)


def _rounded(metric: Metric, value: Fraction | None) -> Fraction | None:
    return None if value is None else Fraction(rounded(value, metric.places, metric.rounding))


def reaches(value: Fraction, target: Target) -> bool:
    """Whether a value meets a target; both edges of a range belong to it."""
    above = target.at_least is None or value >= target.at_least.value
    return above and (target.at_most is None or value <= target.at_most.value)
