"""Presumptive level: measure first, then the target is the middle of the presumed and the measured level.

For example (ebrary.net/184019) presumptive 96 and measured 98 give 97.
"""

from __future__ import annotations

from fractions import Fraction

from onefloor.agreements.case import Case
from onefloor.agreements.clauses.level import WINDOWS, against
from onefloor.agreements.clauses.verdict import Verdict, too_few
from onefloor.agreements.exclusions import applied_to
from onefloor.agreements.measuring import Measured, measured, weighed
from onefloor.agreements.statement import Step
from onefloor.agreements.terms.clauses import Presumptive
from onefloor.agreements.terms.values import Edge, Target
from onefloor.agreements.volume import left_out_of
from onefloor.agreements.wording import number, with_unit
from onefloor.findings import Question
from onefloor.language import Text
from onefloor.metrics.metric import Better, Metric


def presumptive(case: Case, clause: Presumptive) -> Verdict:
    """The clause's figure against a target that was itself set by measuring."""
    months = WINDOWS[clause.window]
    found = measured(case, clause, clause.id, months=months, without=left_out_of(case, clause, months))
    first = _first_months(case, clause, found)
    if not found.enough:
        return too_few(found, clause.too_few or case.terms.too_few)
    measuring = clause.measured is None and case.age <= clause.months
    if measuring and clause.until_then == "not_assessed":
        said = found.words()
        words = Text(
            f"{said.zh}：前 {clause.months} 个月只测量，不作考核。",
            f"{said.en}: the first {clause.months} months only measure the level; not assessed.",
        )
        return Verdict("information", words, figures=(found.line_figure(),))
    level, steps = (clause.presumed.value, ()) if measuring else _midpoint(clause, found.metric, first)
    target = _target(found.metric, level, clause.presumed.unit)
    verdict = against(found, target, clause.credit, clause.reward)
    figures = (*verdict.figures, *([first.line_figure("base")] if first else []))
    return Verdict(verdict.outcome, verdict.words, verdict.credit, verdict.reward, verdict.band, figures, steps)


def _first_months(case: Case, clause: Presumptive, found: Measured) -> Measured | None:
    """The figure of the measuring months, unless the parties wrote the measured level down."""
    if clause.measured is not None or case.age <= clause.months:
        return None
    first, last = case.agreement.first, case.agreement.first.shifted(clause.months - 1)
    without = applied_to(case.terms.exclusions, clause.id, first, last, case.agreement.parties.timezone)
    asked = Question(found.question.metric, found.question.scope, first, last, tuple(sorted(set(without))))
    return weighed(case, clause, found.metric, asked)


def _midpoint(clause: Presumptive, metric: Metric, first: Measured | None) -> tuple[Fraction, tuple[Step, ...]]:
    """The middle of both levels; without a measured one the presumed level holds."""
    presumed = clause.presumed.value
    level = clause.measured.value if clause.measured else first.value if first and first.enough else None
    if level is None:
        return presumed, ()
    middle = (presumed + level) / 2
    formula = f"({with_unit(metric, presumed)} + {with_unit(metric, level)}) / 2 = {with_unit(metric, middle)}"
    return middle, (Step(Text("目标：预设与实测的中点", "target: middle of presumed and measured"), formula),)


def _target(metric: Metric, level: Fraction, unit: str) -> Target:
    edge = Edge(level, unit, with_unit(metric, level) if unit else number(level))
    return Target(at_most=edge) if metric.better is Better.LOWER else Target(at_least=edge)
