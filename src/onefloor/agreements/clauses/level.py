"""One target: a credit if it is missed, a reward if it is reached."""

from __future__ import annotations

from onefloor.agreements.case import Case
from onefloor.agreements.clauses.ramp import step_of
from onefloor.agreements.clauses.verdict import NONE, Verdict, consequence, too_few
from onefloor.agreements.measuring import Measured, measured, reaches
from onefloor.agreements.terms.clauses import Level
from onefloor.agreements.terms.values import Portion, Target
from onefloor.agreements.volume import left_out_of, under_other_rules
from onefloor.language import Text

WINDOWS = {"month": 1, "quarter": 3}


def level(case: Case, clause: Level) -> Verdict:
    """The clause's figure against its target, which in the first months may be that of a ramp."""
    months = WINDOWS[clause.window]
    found = measured(case, clause, clause.id, months=months, without=left_out_of(case, clause, months))
    others = under_other_rules(case, clause, found.question)
    step = step_of(clause.ramp, case.age)
    target = step.target if step and step.target else clause.target
    if not found.enough:
        return too_few(found, clause.too_few or case.terms.too_few)
    return against(found, target, clause.credit, clause.reward, others)


def against(
    found: Measured,
    target: Target,
    credit: Portion,
    reward: Portion,
    others: tuple = (),  # type: ignore[type-arg]
) -> Verdict:
    """A figure against a target. Under the error rule both ends of the interval have to agree."""
    missed, reached = not reaches(found.kindest, target), reaches(found.strictest, target)
    figures = (found.line_figure(), *others)
    said = found.words()
    if not missed and not reached:
        words = Text(
            f"{said.zh}包含目标 {target}：不扣罚，也不奖励。",
            f"{said.en} contains the target of {target}: no credit and no reward.",
        )
        return Verdict("cannot_tell", words, figures=figures)
    taken, given = (credit, NONE) if missed else (NONE, reward)
    what = consequence(taken, given)
    verb = Text("未达到", "misses") if missed else Text("达到", "meets")
    words = Text(f"{said.zh}，{verb.zh}目标 {target}：{what.zh}", f"{said.en} {verb.en} the target {target}: {what.en}")
    band = Text(f"目标 {target}", f"target {target}")
    return Verdict("missed" if missed else "met", words, taken, given, band, figures)
