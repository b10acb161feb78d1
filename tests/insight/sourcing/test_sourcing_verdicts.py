"""Every verdict and every refusal, and sentences that say what the numbers say, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onefloor.insight.finding import Estimate, Verdict
from onefloor.insight.sourcing import sentences, tables
from onefloor.insight.sourcing.comparing import Compared, CostsNothing, Decision, TooShort, decide
from onefloor.insight.sourcing.terms import Sourcing

Make = Callable[..., Sourcing]
Run = Callable[..., Decision]


def at(rate: str, **more: Any) -> dict[str, Any]:
    return {"costs": [{"item": "telephony", "per": "contact", "amount": rate}], **more}


@pytest.mark.parametrize(
    ("own", "north", "margin", "verdict"),
    [
        ("2.00", "1.50..1.60..1.70", "0.10", Verdict.BETTER),
        ("1.50..1.60..1.70", "2.00", "0.10", Verdict.WORSE),
        ("2.00", "1.98..2.00..2.02", "0.10", Verdict.NO_DIFFERENCE),
        ("2.00", "1.98..2.00..2.02", "5%", Verdict.NO_DIFFERENCE),
        ("2.00", "1.50..2.00..2.50", "0.10", Verdict.CANNOT_TELL),
        ("2.00", "1.94..1.95..1.96", "0.10", Verdict.NO_DIFFERENCE),
        ("2.00", "1.94..1.95..1.96", "0.01", Verdict.BETTER),
    ],
)
def test_the_verdict_follows_from_the_interval_of_the_gap(
    make: Make, run: Run, own: str, north: str, margin: str, verdict: Verdict
) -> None:
    assert run(make(at(own), at(north), margin=margin)).compared[0].verdict is verdict


@pytest.mark.parametrize(
    ("own", "north", "said"),
    [
        ({}, {}, "North cannot be compared with Own: North does not state redress."),
        ({}, {"none": ["quality"]}, None),
        ({}, {"included": ["redress"]}, None),
        ({"none": ["tax"]}, {"none": ["quality"]}, "North cannot be compared with Own: North does not state tax."),
        ({"included": ["tax"]}, {"none": ["quality"]}, "North cannot be compared with Own: North does not state tax."),
        ({"none": ["relation"]}, {"none": ["quality"]}, None),  # a group is not something somebody thought of
        (
            {},
            {"included": ["quality"], "costs": [{"item": "audit", "per": "month", "amount": "0"}]},
            "North cannot be compared with Own: Own does not state audit.",
        ),
    ],
)
def test_a_missing_item_is_named_and_never_taken_as_nothing(
    make: Make, run: Run, own: dict[str, Any], north: dict[str, Any], said: str | None
) -> None:
    base = {"costs": [{"item": "redress", "per": "contact", "amount": "0.20"}], **own}
    decision = run(make(base, north))
    one = decision.compared[0]
    text = sentences.sentence(decision, one).en.replace("errors and redress", "redress")
    assert (one.verdict is Verdict.NOT_COMPARABLE) == (said is not None)
    assert (one.gap is None) == (said is not None)
    if said is not None:
        assert text == said


def test_only_the_two_sides_of_a_comparison_must_state_the_same(make: Make, run: Run, as_data: Any) -> None:
    from onefloor.insight.sourcing.reading import parse_sourcing

    file = as_data(at("2"), at("1"))
    third = {**file["options"][1], "id": "south", "costs": [{"item": "audit", "per": "month", "amount": "9"}]}
    import json

    decision = run(parse_sourcing(json.dumps({**file, "options": [*file["options"], third]})))
    assert [one.verdict for one in decision.compared] == [Verdict.BETTER, Verdict.NOT_COMPARABLE]
    assert [one.missing_here for one in decision.compared] == [(), ("audit",)]
    assert decision.best is None  # nobody states all that the others state


def test_what_nobody_states_is_said(make: Make, run: Run) -> None:
    decision = run(make(at("2"), at("1", none=["people", "one_off", "risk", "relation", "direct"])))
    said = [text.en for text in sentences.assumptions(decision) if text.en.startswith("No option states")]
    assert len(said) == 1
    assert "errors and redress" in said[0]
    assert "audit" not in said[0]


def test_a_cost_after_the_last_month_is_refused(make: Make, run: Run) -> None:
    once = {"costs": [{"item": "transition", "per": "once", "amount": "9", "month": "13"}]}
    with pytest.raises(TooShort, match=r"north: transition falls in month 13, after month 12\. .*Ask for --months 13"):
        run(make(at("2"), once), months=12)


def test_a_reference_that_costs_nothing_is_refused(make: Make, run: Run) -> None:
    with pytest.raises(CostsNothing, match=r"The option own, .* costs nothing\. Write its costs or price"):
        run(make({}, at("2")))


def test_a_mix_misses_what_its_parts_miss(make: Make, run: Run) -> None:
    mix = {"id": "mix", "title": "Mix", "shares": {"own": "50%", "north": "50%"}}
    decision = run(make(at("2"), {"costs": [{"item": "audit", "per": "month", "amount": "1"}]}, mixes=[mix]))
    assert decision.compared[1].missing_there == ("telephony", "audit")


# --- sentences -----------------------------------------------------------------------------------------------------

rates = st.integers(50, 400)
widths = st.integers(0, 80)


def spread(mid: int, width: int) -> str:
    low = max(1, mid - width)
    return f"{low / 100:.2f}..{mid / 100:.2f}..{(mid + width) / 100:.2f}"


@settings(max_examples=60)
@given(own=rates, north=rates, one=widths, other=widths, resolved=st.integers(40, 95), margin=st.integers(0, 30))
def test_a_sentence_is_true_of_its_numbers(
    make: Make, own: int, north: int, one: int, other: int, resolved: int, margin: int
) -> None:
    sourcing = make(at(spread(own, one)), at(spread(north, other), resolved=f"{resolved}%"), margin=f"{margin}%")
    decision = decide(sourcing, 2, np.random.default_rng(own), 200)
    found = decision.compared[0]
    said = sentences.sentence(decision, found)
    assert found.gap is not None
    assert found.relative is not None
    assert found.gap.low <= found.gap.value <= found.gap.high
    _words_are_those_of_the_verdict(found, said.zh, said.en)
    _ends_are_those_of_the_interval(found.relative, said.zh, said.en)
    _turns_where_the_gap_closes(found, said.zh, said.en)


STARTS = {
    Verdict.CANNOT_TELL: ("无法判断", "It cannot be told"),
    Verdict.NO_DIFFERENCE: ("每件已解决诉求的成本，North与Own相差不到", "A resolved contact costs nearly the same"),
    Verdict.BETTER: ("每件已解决诉求的成本，North比Own低", "A resolved contact costs"),
    Verdict.WORSE: ("每件已解决诉求的成本，North比Own高", "A resolved contact costs"),
}


def _words_are_those_of_the_verdict(found: Compared, zh: str, en: str) -> None:
    assert found.gap is not None
    assert zh.startswith(STARTS[found.verdict][0])
    assert en.startswith(STARTS[found.verdict][1])
    if found.verdict in (Verdict.BETTER, Verdict.WORSE):
        word = "less" if found.verdict is Verdict.BETTER else "more"
        assert re.match(rf"A resolved contact costs [\d.]+ % {word} with North than with Own", en)
        assert (found.gap.high < 0) == (found.verdict is Verdict.BETTER)
        assert (found.gap.low > 0) == (found.verdict is Verdict.WORSE)


def _ends_are_those_of_the_interval(relative: Estimate, zh: str, en: str) -> None:
    (low, low_word), (high, high_word) = re.findall(r"([\d.]+) % (less|more)", en)[-2:]
    assert [(word, number) for word, number in re.findall(r"(低|高) ([\d.]+)%", zh)[-2:]] == [
        ({"less": "低", "more": "高"}[low_word], low),
        ({"less": "低", "more": "高"}[high_word], high),
    ]
    for end, number, word in ((relative.low, low, low_word), (relative.high, high, high_word)):
        assert (word == "less") == (end < 0)
        assert float(number) == pytest.approx(abs(end) * 100, abs=0.5)


def _turns_where_the_gap_closes(found: Compared, zh: str, en: str) -> None:
    assert found.gap is not None
    assert ("It stops paying when" in en) == ("不再划算" in zh)
    assert ("Both would cost the same" in en) == ("两者持平" in zh)
    if "It stops paying when" in en:
        assert found.gap.value < 0
        for one in found.closing:
            if one.input.key == ("north", "resolved"):
                assert not one.dearer_above
                assert "its resolution at first contact falls below" in en
                assert one.value < float(one.input.spread.mid)
    if "Both would cost the same" in en:
        assert found.gap.value >= 0


def test_beside_the_finding_stand_lost_issues_and_money_that_is_no_part_of_it(make: Make, run: Run) -> None:
    churn = {"item": "churn", "per": "lost", "amount": "10"}
    own, north = ({"costs": [*at(rate)["costs"], churn], "resolved": f} for rate, f in (("2", "80%"), ("1", "60%")))
    decision = run(make(own, north))
    said = [text.en for text in sentences.reasons(decision.compared[0])]
    assert said == [
        "Issues lost for ever: 25 % with North, 11 % with Own.",
        "Customers lost are no part of the cost: 3.33 to 3.33 a resolved contact with North.",
        "Customers lost are no part of the cost: 1.25 to 1.25 a resolved contact with Own.",
        (
            "For as many resolved contacts, at the middle of all inputs, North has cost less in all from month 1 on "
            "(by the last month in 100 % of draws)."
        ),
    ]


def test_an_option_that_never_pays_is_told_so(make: Make, run: Run) -> None:
    decision = run(make(at("1"), at("2")))
    assert sentences.reasons(decision.compared[0])[-1].en == (
        "For as many resolved contacts, at the middle of all inputs, North has not cost less by the last month "
        "(it has in 0.0 % of draws)."
    )


def test_one_off_costs_pay_back_in_the_month_a_calculator_says(make: Make, run: Run) -> None:
    # 8,000/0.9 resolved a month; 0.50 a contact saved on 10,000/0.9 contacts: 5,555.56 a month against 20,000 once
    once = {"item": "transition", "per": "once", "amount": "20000"}
    north = {"costs": [*at("1.50")["costs"], once]}
    decision = run(make(at("2", none=["transition"]), north), months=12)
    assert decision.compared[0].payback == 4


def test_the_tables_name_what_is_missing(make: Make, run: Run) -> None:
    decision = run(make(at("2"), {"costs": [{"item": "audit", "per": "month", "amount": "90"}]}))
    heads, rows = tables.costs(decision)
    assert [cell if isinstance(cell, str) else cell.en for cell in rows[0]] == ["telephony", "2.50", "?"]
    assert [cell if isinstance(cell, str) else cell.en for cell in rows[1]] == ["audit", "?", "0.01"]
    assert len(heads) == 3
    _, told = tables.options(decision)
    assert [row[0].en for row in told if not isinstance(row[0], str)] == ["Own (incomplete)", "North (incomplete)"]
