"""What-if: past months under changed terms, clause by clause."""

from __future__ import annotations

import json
from contextlib import nullcontext
from decimal import Decimal

import pytest
from generated_floor import FEBRUARY

from onefloor.agreements.replay import what_if
from onefloor.agreements.settlement import questions, settle
from onefloor.agreements.settling import refuse_unfit
from onefloor.agreements.shared_rows import OtherQueues
from onefloor.agreements.terms.agreement import parse_amendment, read_agreement
from onefloor.metrics.engines import Polars
from onefloor.metrics.prepare import prepare
from onefloor.metrics.questions import answer
from onefloor.money import total
from onefloor.problems import Problems

JANUARY = FEBRUARY.shifted(-1)
DEARER = """\
amends: own-north
price:
  - {id: "3.1", rate: 7.00}
"""
STRICTER = """\
amends: own-north
clauses:
  - {id: "4.1", target: ">= 99.9%", credit: 60%}
"""


@pytest.fixture(scope="module")
def prepared(generated):
    return prepare(generated)


@pytest.fixture(scope="module")
def agreement(agreement_file):
    return read_agreement(agreement_file)


def settled_alone(prepared, agreement, month):
    answers = answer(prepared, questions(agreement, month))
    return settle(agreement, month, answers, data_version=prepared.data_version, facts_through_ms=prepared.watermark_ms)


def test_the_same_terms_change_nothing(prepared, agreement):
    replay = what_if(prepared, agreement, agreement, [JANUARY, FEBRUARY])
    assert {item.difference for item in (*replay.clauses, *replay.nets)} == {Decimal("0.00")}
    assert [item.month for item in replay.nets] == [JANUARY, FEBRUARY]


@pytest.mark.parametrize("change", [DEARER, STRICTER])
def test_a_replay_is_what_settling_each_month_under_each_of_the_terms_gives(prepared, agreement, change):
    amended = parse_amendment(change, agreement)
    replay = what_if(prepared, agreement, amended, [JANUARY, FEBRUARY])
    expected = [
        (month, settled_alone(prepared, agreement, month).net, settled_alone(prepared, amended, month).net)
        for month in (JANUARY, FEBRUARY)
    ]
    assert [(item.month, item.signed, item.new) for item in replay.nets] == expected
    assert any(item.difference for item in replay.nets)


def test_the_clauses_of_a_month_add_up_to_its_net(prepared, agreement):
    replay = what_if(prepared, agreement, parse_amendment(DEARER, agreement), [JANUARY, FEBRUARY])
    for net in replay.nets:
        items = [item for item in replay.clauses if item.month == net.month]
        assert total([item.signed for item in items]) == net.signed
        assert total([item.new for item in items]) == net.new


def test_a_dearer_contact_costs_one_yuan_more_each(prepared, agreement):
    replay = what_if(prepared, agreement, parse_amendment(DEARER, agreement), [FEBRUARY])
    (fee,) = [item for item in replay.clauses if item.clause == "3.1"]
    assert fee.new / 7 == fee.signed / 6
    names = [name.en for name, *_ in replay.clause_rows()]
    assert names[0] == "3.1 Fee"


def test_months_without_facts_or_terms_are_named_and_left_out(prepared, agreement):
    months = [FEBRUARY, FEBRUARY.shifted(1), JANUARY.shifted(-1)]
    replay = what_if(prepared, agreement, agreement, months)
    assert [(str(item.month), item.reason.en) for item in replay.left_out] == [
        ("2025-12", "no facts"),
        ("2026-03", "no facts"),
    ]
    assert [item.month for item in replay.nets] == [FEBRUARY]


def test_no_month_at_all_is_an_empty_replay(prepared, agreement):
    replay = what_if(prepared, agreement, agreement, [JANUARY.shifted(-1)])
    assert (replay.nets, replay.clauses, replay.month_rows(), replay.clause_rows()) == ((), (), [], [])


def test_an_open_month_is_marked(prepared, agreement):
    replay = what_if(prepared, agreement, agreement, [JANUARY, FEBRUARY])
    assert replay.provisional == (FEBRUARY,)
    assert [row[0].en for row in replay.month_rows()] == ["2026-01", "2026-02 (provisional)", "All months"]


def test_the_table_by_clause_sums_the_months_and_counts_those_that_changed(prepared, agreement):
    replay = what_if(prepared, agreement, parse_amendment(DEARER, agreement), [JANUARY, FEBRUARY])
    title, changed, signed, new, difference = replay.clause_rows()[0]
    fees = [item for item in replay.clauses if item.clause == "3.1"]
    assert (title.en, changed.en) == ("3.1 Fee", "2 of 2")
    assert (signed, new) == (total([item.signed for item in fees]), total([item.new for item in fees]))
    assert difference == new - signed


def test_the_replay_as_data_holds_text_and_another_engine_gives_the_same(prepared, agreement):
    amended = parse_amendment(STRICTER, agreement)
    replay = what_if(prepared, agreement, amended, [FEBRUARY])
    data = json.loads(json.dumps(replay.as_json()))
    assert data["months"][0]["difference"] == str(replay.nets[0].difference)
    assert what_if(prepared, agreement, amended, [FEBRUARY], engine=Polars()).as_json() == replay.as_json()


def test_a_proposal_may_not_count_queues_the_company_does_not_work_in(prepared, agreement):
    amended = parse_amendment("amends: own-north\nunassigned: true\n", agreement)
    with pytest.raises(OtherQueues):
        what_if(prepared, agreement, amended, [FEBRUARY])


@pytest.mark.parametrize("since", ["from: 2026-02-01", "note: as if always agreed"])
@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("clauses: [{id: '4.1', scope: {queue: wter}}]", Problems),
        ("unassigned: [wter]", Problems),
        ("at_risk: 12%", None),
    ],
)
def test_a_proposal_has_to_fit_the_floor(generated, prepared, agreement, since, change, problem):
    amended = parse_amendment(f"amends: own-north\n{since}\n{change}\n", agreement)
    with pytest.raises(problem) if problem else nullcontext():
        refuse_unfit(generated, amended, prepared)
