"""A gate of an agreement and the gate of insight give the same answer to the same counts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onefloor.agreements.settlement import questions, settle
from onefloor.agreements.terms import parse_agreement
from onefloor.findings import Figure
from onefloor.insight.guards.holds import IN_CONTRACTS, LEAST_ROWS, holds
from onefloor.periods import Month

OCTOBER = Month(2026, 10)
TERMS = """
agreement: gate
title: Gate
client: Own
company: North
timezone: Asia/Shanghai
currency: CNY
from: 2026-01-01
price: [{{id: "1", kind: base_fee, title: Fee, text: Fee, fee: 100000}}]
clauses:
  - {{id: "2", kind: level, title: Sales, text: Sales, metric: conversion, target: ">= 10%", reward: 1% of fee,
     gates: [{{metric: fcr, target: ">= {target}%", minimum_sample: {least}, {rule}}}]}}
"""


def in_a_contract(good: int, rows: int, target: str, rule: str) -> str:
    """The outcome of a clause whose own figure always earns its reward."""
    agreement = parse_agreement(TERMS.format(target=target, rule=rule, least=LEAST_ROWS))
    answers = {}
    for question in questions(agreement, OCTOBER):
        answers[question] = Figure(good, rows) if question.metric.startswith("fcr") else Figure(50, 100)
    lines = settle(agreement, OCTOBER, answers, facts_through_ms=4_000_000_000_000).lines
    return next(line.outcome for line in lines if line.clause == "2")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_contract_and_insight_open_the_same_gates(data: Any) -> None:
    rows = data.draw(st.integers(0, 400))
    good = data.draw(st.integers(0, rows))
    tenths = data.draw(st.integers(10, 990))
    margin = data.draw(st.integers(1, 900 if tenths < 100 else 99))
    counts, gate = (np.array([good]), np.array([rows])), tenths / 1000
    bound = holds(*counts, gate, "bound", level=IN_CONTRACTS).details["holds"]
    assert (in_a_contract(good, rows, f"{tenths / 10}", "error: bound") == "met") == bound
    beyond = holds(*counts, gate, "margin", margin / 1000).details["holds"]
    assert (in_a_contract(good, rows, f"{tenths / 10}", f"margin: {margin / 10}%") == "met") == beyond


@pytest.mark.parametrize(("good", "expected"), [(88, True), (87, False)])
def test_a_share_exactly_at_gate_and_margin_is_enough(good: int, expected: bool) -> None:
    """0.56 + 0.32 is above 0.88 in binary; as it was written it is not."""
    for gate, margin in ((0.85, 0.03), (0.56, 0.32), (0.81, 0.07)):
        assert holds(np.array([good]), np.array([100]), gate, "margin", margin).details["holds"] is expected
