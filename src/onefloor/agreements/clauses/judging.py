"""From a clause to its verdict: the figure, its band, then its gates, with the month before where that is the rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from onefloor.agreements.case import Case
from onefloor.agreements.clauses.bands import bands
from onefloor.agreements.clauses.event import event
from onefloor.agreements.clauses.gates import gated
from onefloor.agreements.clauses.level import WINDOWS, level
from onefloor.agreements.clauses.presumptive import presumptive
from onefloor.agreements.clauses.score import score
from onefloor.agreements.clauses.verdict import Verdict
from onefloor.agreements.terms.clauses import Bands, Clause, Event, Level, Measuring, Presumptive, Score
from onefloor.language import Text

JUDGES: Mapping[type[Clause], Callable[[Case, Any], Verdict]] = {
    Level: level,
    Bands: bands,
    Presumptive: presumptive,
    Event: event,
    Score: score,
}


def judged(case: Case, clause: Clause) -> Verdict:
    """What the clause found in the case's month, its gates applied."""
    if case.month.month % WINDOWS[clause.window]:
        words = Text("按季考核，在季度最后一个月结算。", "Judged quarterly, in the quarter's last month.")
        return Verdict("information", words)
    verdict = gated(case, clause, JUDGES[type(clause)](case, clause))
    before = _before(case, clause)
    return _instead(verdict, before) if verdict.outcome == "too_few" and before else verdict


def _before(case: Case, clause: Clause) -> Verdict | None:
    """The verdict of the period before, where too few rows take it over."""
    if not isinstance(clause, Measuring) or (clause.too_few or case.terms.too_few) != "previous_month":
        return None
    earlier = case.at(case.month.shifted(-WINDOWS[clause.window]))
    then = earlier.clause(clause.id) if earlier else None
    return gated(earlier, then, JUDGES[type(then)](earlier, then)) if earlier and then else None


def _instead(verdict: Verdict, before: Verdict) -> Verdict:
    if before.outcome == "too_few":
        return verdict
    few = verdict.figures[0].figure.denominator
    why = Text(f"样本量 {few} 不足，沿用上一账期：", f"With only {few} rows the month before holds:")
    return replace(before, words=why + before.words, figures=(*verdict.figures, *before.figures))


def outcome_in(case: Case | None, number: str) -> str:
    """What a clause found in an earlier month: as its statement says, else recomputed; '' if it did not exist."""
    if case is None:
        return ""
    if case.month in case.history:
        return next((c.outcome for c in case.history[case.month] if c.clause == number), "")
    clause = case.clause(number)
    return judged(case, clause).outcome if clause else ""
