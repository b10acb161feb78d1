"""What holds for every settlement: sums, caps, order, direction, equal bytes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agreements import worked
from onefloor.agreements.settlement import MissingAnswer, questions, settle
from onefloor.agreements.statement import Statement
from onefloor.agreements.terms import Agreement
from onefloor.findings import Figure, Question
from onefloor.money import total
from onefloor.periods import Month

OCTOBER = Month(2026, 10)
BOTH = [
    {"party": "client", "person": "Li", "date": "2026-10-20"},
    {"party": "company", "person": "Chen", "date": "2026-10-21"},
]
PRICE = {"id": "1", "kind": "contact", "title": "Fee", "rate": "6.00", "tiers": [{"from": 9000, "rate": "5.50"}]}
LEVELS: list[dict[str, Any]] = [
    {
        "id": "2.1", "kind": "bands", "title": "Service level", "metric": "service_level", "target": ">= 80%",
        "bands": [
            {"from": "90%", "reward": "2% of fee"}, {"from": "80%", "to": "90%"},
            {"from": "75%", "to": "80%", "credit": "30%"}, {"to": "75%", "credit": "60%"},
        ],
        "gates": [
            {"metric": "abandonment", "target": "<= 5%"},
            {"metric": "fcr", "target": ">= 65%", "margin": "3%"},
            {"metric": "csat", "target": ">= 85%", "error": "bound"},
        ],
        "consecutive": [{"misses": 2, "times": "1.5"}, {"misses": 3, "times": 2}],
    },
    {
        "id": "2.2", "kind": "level", "title": "Abandonment", "metric": "abandonment", "target": "<= 5%",
        "credit": "100%", "reward": "10%", "pool": "p", "allocation": "60%",
    },
    {
        "id": "2.3", "kind": "level", "title": "Satisfaction", "metric": "csat", "target": ">= 85%", "error": "bound",
        "credit": "100%", "reward": "50%", "pool": "p", "allocation": "40%", "minimum_sample": 50,
    },
    {"id": "2.4", "kind": "event", "title": "Late", "metric": "duty_late", "free": 2, "credit": "1% of fee"},
    {
        "id": "2.10", "kind": "score", "title": "Score",
        "items": [
            {"metric": "fcr", "points": [{"from": "70%", "points": 60}, {"from": "60%", "to": "70%", "points": 30}]},
            {"metric": "abandonment", "points": [{"to": "5%", "points": 40}]},
        ],
        "bands": [{"from": 90, "reward": "5%"}, {"from": 60, "to": 90}, {"to": 60, "credit": "10%"}],
    },
]  # fmt: skip
TERMS: dict[str, Any] = {
    "at_risk": "10%", "reward_cap": "4%", "price": [PRICE], "pools": [{"id": "p", "share": "50%"}], "clauses": LEVELS,
    "duties": [
        {"id": "4.1", "title": "Late", "metric": "duty_late:duty=forecast", "bands": [{"from": 1, "relief": "50%"}]},
        {
            "id": "4.2", "title": "Answers", "metric": "duty_kept", "clauses": ["2.1"],
            "bands": [{"to": "90%", "relief": "70%"}],
        },
    ],
    "earn_back": [{"id": "5", "title": "Back", "clauses": ["2.1", "2.2"], "good_months": 2, "within": 4}],
    "incidents": [{"id": "I", "month": "2026-10", "text": "Cut", "clauses": ["2.1", "2.2"], "approvals": BOTH}],
    "exclusions": [
        {
            "id": f"E{n}", "reason": "waiver", "text": "Drill", "approvals": BOTH,
            "from": f"2026-10-0{n} 08:00", "to": f"2026-10-0{n} 09:00",
        }
        for n in (1, 2, 3)
    ],
}  # fmt: skip
AGREEMENT = worked.agreement_of(TERMS)
FREE = worked.agreement_of({**TERMS, "duties": [], "earn_back": []})
"""The same without the client's duties and without what returns an earlier credit."""

Draw = dict[Question, Figure]


@st.composite
def answers_to(draw: Any, agreement: Agreement) -> Draw:
    """Some figure for every question: shares of up to 400 rows, quantities up to 20,000."""
    found = {}
    for question in sorted(questions(agreement, OCTOBER), key=repr):
        name = question.metric.partition(":")[0]
        if name in ("handled_contacts", "offered_contacts"):
            found[question] = Figure(draw(st.integers(0, 20_000)), 1)
        elif name == "duty_late":
            found[question] = Figure(draw(st.integers(0, 9)), 1)
        else:
            rows = draw(st.sampled_from([0, 1, 49, 50, 200, 400]))
            found[question] = Figure(draw(st.integers(0, rows)), rows)
    return found


def settled(agreement: Agreement, answers: Draw) -> Statement:
    return settle(agreement, OCTOBER, answers, data_version="x", facts_through_ms=worked.FAR)


def by_kind(statement: Statement, kind: str) -> Decimal:
    return total([line.amount for line in statement.lines if line.kind == kind])


@settings(max_examples=60)
@given(answers_to(AGREEMENT))
def test_lines_add_up_and_every_cap_holds(answers: Draw) -> None:
    statement = settled(AGREEMENT, answers)
    credit, cap, reward = (by_kind(statement, kind) for kind in ("credit", "cap", "reward"))
    fee, relief = by_kind(statement, "fee"), by_kind(statement, "relief")
    taken = -credit - max(cap, Decimal(0)) if cap > 0 else -credit
    assert statement.net == total([line.amount for line in statement.lines])
    assert total([amount for name, amount in statement.totals if name != "net"]) == statement.net
    assert credit + sum(line.amount for line in statement.lines if line.kind == "cap" and line.amount > 0) >= -fee / 10
    assert reward + sum(
        line.amount for line in statement.lines if line.kind == "cap" and line.amount < 0
    ) <= fee / 25 + Decimal("0.01")
    assert Decimal(0) <= relief <= taken + max(Decimal(0), -cap)
    assert [line.number for line in statement.lines] == list(range(1, len(statement.lines) + 1))


@settings(max_examples=30)
@given(answers_to(AGREEMENT), st.randoms(use_true_random=False))
def test_the_order_of_everything_in_the_input_changes_no_amount(answers: Draw, chance: Any) -> None:
    shuffled: dict[str, Any] = {**TERMS}
    for section in ("clauses", "duties", "incidents", "exclusions"):
        shuffled[section] = chance.sample(TERMS[section], len(TERMS[section]))
    turned = worked.agreement_of(dict(reversed(shuffled.items())))
    reordered = dict(chance.sample(sorted(answers.items(), key=repr), len(answers)))
    assert questions(turned, OCTOBER) == questions(AGREEMENT, OCTOBER)
    assert settled(turned, reordered).lines == settled(AGREEMENT, answers).lines


@settings(max_examples=20)
@given(answers_to(AGREEMENT))
def test_equal_inputs_give_equal_bytes(answers: Draw) -> None:
    again = worked.agreement_of({**TERMS})
    assert settled(again, dict(reversed(answers.items()))).to_bytes() == settled(AGREEMENT, answers).to_bytes()


HIGHER = {"service_level", "csat", "fcr"}


def improved(question: Question, figure: Figure, better: int) -> Figure:
    """The same rows with a better result: more hits where higher is better, fewer elsewhere."""
    name = question.metric.partition(":")[0]
    if name in ("handled_contacts", "offered_contacts"):
        return figure
    up = min(figure.denominator, figure.numerator + better) if name in HIGHER else max(0, figure.numerator - better)
    return Figure(up, figure.denominator)


@settings(max_examples=150)
@given(answers_to(FREE), st.integers(0, 400), st.data())
def test_a_better_figure_never_costs_the_vendor_more(answers: Draw, better: int, data: Any) -> None:
    """One figure of any month, or all figures of October: bands, gates, pools, caps, misses in a row, scores."""
    asked = sorted(answers, key=repr)
    some = data.draw(st.sampled_from([[question] for question in asked] + [[q for q in asked if q.last == OCTOBER]]))
    lifted = {**answers, **{question: improved(question, answers[question], better) for question in some}}
    assert settled(FREE, lifted).net >= settled(FREE, answers).net


@settings(max_examples=60)
@given(answers_to(AGREEMENT))
def test_no_question_depends_on_an_answer(answers: Draw) -> None:
    """``settle`` asks exactly what ``questions`` said, whatever the answers are."""
    asked = set()

    class Watched(dict[Question, Figure]):
        def __getitem__(self, question: Question) -> Figure:
            asked.add(question)
            return super().__getitem__(question)

    settled(AGREEMENT, Watched(answers))
    assert asked == questions(AGREEMENT, OCTOBER)


def test_a_missing_answer_is_named() -> None:
    with pytest.raises(MissingAnswer, match="There is no figure for"):
        settled(AGREEMENT, {})


@settings(max_examples=25)
@given(st.data())
def test_what_a_statement_carries_is_as_good_as_recomputing(data: Any) -> None:
    """October from the statements of earlier months equals October from their figures."""
    months = [Month(2026, month) for month in range(1, 11)]
    everything = {question for month in months for question in questions(AGREEMENT, month)}
    figures = {}
    for question in sorted(everything, key=repr):
        rows = 1 if question.metric.startswith(("handled", "offered", "duty_late")) else 200
        figures[question] = Figure(data.draw(st.integers(0, 200)), rows)
    history: dict[Month, Any] = {}
    for month in months[:-1]:
        history[month] = settle(AGREEMENT, month, figures, history, facts_through_ms=worked.FAR).carried
    asked = questions(AGREEMENT, OCTOBER, history)
    short = settle(AGREEMENT, OCTOBER, {q: figures[q] for q in asked}, history, facts_through_ms=worked.FAR)
    assert short == settle(AGREEMENT, OCTOBER, figures, facts_through_ms=worked.FAR)
    assert {question.last for question in asked} == {OCTOBER}
