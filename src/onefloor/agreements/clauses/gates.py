"""Gates: a reward counts only if every gate is passed."""

from __future__ import annotations

from dataclasses import replace

from onefloor.agreements.case import Case
from onefloor.agreements.clauses.level import WINDOWS
from onefloor.agreements.clauses.verdict import NONE, Verdict
from onefloor.agreements.measuring import Measured, measured, reaches
from onefloor.agreements.terms.clauses import Clause, Gate
from onefloor.agreements.terms.values import Target
from onefloor.agreements.volume import left_out_of
from onefloor.language import Text, joined


def gated(case: Case, clause: Clause, verdict: Verdict) -> Verdict:
    """The verdict with its gates: a gate that is not passed takes the reward, never the credit."""
    months = WINDOWS[clause.window]
    without = left_out_of(case, clause, months)
    found = [(gate, measured(case, gate, clause.id, months=months, without=without)) for gate in clause.gates]
    if not found:
        return verdict
    figures = (*verdict.figures, *(what.line_figure("gate") for _, what in found))
    closed = [(gate, what) for gate, what in found if not passed(case, gate, what)]
    if not verdict.reward or not closed:
        return replace(verdict, figures=figures)
    listed = joined(_closed_words(gate, what) for gate, what in closed)
    why = Text(f"前置条件未通过（{listed.zh}），不予奖励。", f"No reward: a gate is not passed ({listed.en}).")
    return replace(verdict, outcome="gated", words=verdict.words + why, reward=NONE, figures=figures)


def passed(case: Case, gate: Gate, found: Measured) -> bool:
    """Whether a gate is passed. With too few rows it is not, unless the agreement counts that as met."""
    if not found.enough:
        return (gate.too_few or case.terms.too_few) == "as_met"
    return reaches(found.strictest, with_margin(gate))


def with_margin(gate: Gate) -> Target:
    """What has to be reached: the target, further in by the gate's margin if it has one."""
    if gate.margin is None:
        return gate.target
    least, most, margin = gate.target.at_least, gate.target.at_most, gate.margin.value
    return Target(
        least and replace(least, value=least.value + margin),
        most and replace(most, value=most.value - margin),
    )


def _closed_words(gate: Gate, found: Measured) -> Text:
    said = found.words() if found.enough else found.too_few_words()
    margin = gate.margin
    beyond = Text(f"，余量 {margin.written}", f" with a margin of {margin.written}") if margin else Text("", "")
    return Text(f"{said.zh}，要求 {gate.target}{beyond.zh}", f"{said.en}, required {gate.target}{beyond.en}")
