"""Events: each one costs something, after a number that is free."""

from __future__ import annotations

from fractions import Fraction

from onefloor.agreements.case import Case
from onefloor.agreements.clauses.level import WINDOWS
from onefloor.agreements.clauses.verdict import Verdict, consequence
from onefloor.agreements.measuring import measured
from onefloor.agreements.statement import Step
from onefloor.agreements.terms.clauses import Event
from onefloor.agreements.terms.values import Portion
from onefloor.agreements.volume import left_out_of
from onefloor.agreements.wording import money, number, percent
from onefloor.language import Text


def event(case: Case, clause: Event) -> Verdict:
    """The number of events beyond the free ones, times the credit of one."""
    months = WINDOWS[clause.window]
    found = measured(case, clause, clause.id, months=months, without=left_out_of(case, clause, months))
    count = found.figure.numerator
    counted = min(max(0, count - clause.free), clause.most or count)
    credit = Portion(clause.credit.share * counted, clause.credit.of)
    title, what = found.metric.title, consequence(credit, Portion())
    words = Text(
        f"{title.zh} {number(count)}，免扣 {number(clause.free)}：{what.zh}",
        f"{number(count)} ({title.en}), {number(clause.free)} of them free: {what.en}",
    )
    return Verdict(
        "missed" if counted else "met", words, credit, figures=(found.line_figure(),), steps=_steps(clause, counted)
    )


def _steps(clause: Event, counted: int) -> tuple[Step, ...]:
    if not counted:
        return ()
    shown = money if clause.credit.of == "amount" else percent
    each, whole = shown(clause.credit.share), shown(clause.credit.share * Fraction(counted))
    return (Step(Text("逐件", "per event"), f"{number(counted)} x {each} = {whole}"),)
