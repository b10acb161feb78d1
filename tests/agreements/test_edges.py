"""The edges of bands, caps, intervals, tiers, reliefs and returns: where one unit more or less decides."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl
import pytest

from agreements import worked
from onefloor.agreements.clauses.cap import cut
from onefloor.agreements.clauses.consecutive import run_of_misses
from onefloor.agreements.clauses.earn_back import returned
from onefloor.agreements.exclusions import predicate
from onefloor.agreements.prices import tier_parts
from onefloor.agreements.rendering.formats import scope_words
from onefloor.agreements.statement import Line, Statement
from onefloor.agreements.terms.around import EarnBack, Exclusion
from onefloor.agreements.terms.prices import Contact, Tier
from onefloor.language import same
from onefloor.metrics.expressions import to_polars
from onefloor.metrics.uncertainty import wilson
from onefloor.money import rounded
from onefloor.periods import Month, instant_of

OCTOBER = Month(2026, 10)
FEE = {"id": "1", "kind": "base_fee", "title": "Fee", "fee": "100000"}


def statement(clauses: list[dict[str, Any]], figures: dict[str, Any], **more: Any) -> Statement:
    agreement = worked.agreement_of({"at_risk": "10%", "price": [FEE], "clauses": clauses, **more})
    return worked.settled(agreement, figures, OCTOBER)


def line(found: Statement, number: str) -> Line:
    return next(one for one in found.lines if one.clause == number)


def of_bands(metric: str, bands: list[dict[str, str]], figure: str) -> tuple[str, Decimal]:
    clause = {"id": "2", "kind": "bands", "title": "Bands", "metric": metric, "bands": bands}
    found = line(statement([clause], {metric: figure}), "2")
    return found.outcome, found.amount


LEVELS = [{"from": "80%"}, {"from": "78%", "to": "80%", "credit": "30%"}, {"to": "78%", "credit": "60%"}]
LOSSES = [{"to": "5%"}, {"from": "5%", "to": "8%", "credit": "30%"}, {"from": "8%", "credit": "60%"}]


@pytest.mark.parametrize(
    ("metric", "bands", "figure", "amount"),
    [
        ("service_level", LEVELS, "80000 / 100000", "0.00"),
        ("service_level", LEVELS, "79999 / 100000", "-3000.00"),
        ("service_level", LEVELS, "78000 / 100000", "-3000.00"),
        ("service_level", LEVELS, "77999 / 100000", "-6000.00"),
        ("abandonment", LOSSES, "5000 / 100000", "0.00"),
        ("abandonment", LOSSES, "5001 / 100000", "-3000.00"),
        ("abandonment", LOSSES, "8000 / 100000", "-3000.00"),
        ("abandonment", LOSSES, "8001 / 100000", "-6000.00"),
    ],
)
def test_an_edge_belongs_to_the_better_band(metric: str, bands: Any, figure: str, amount: str) -> None:
    assert of_bands(metric, bands, figure)[1] == Decimal(amount)


@pytest.mark.parametrize(("late", "relief"), [(0, "0.00"), (1, "2500.00"), (2, "2500.00"), (3, "5000.00")])
def test_a_count_is_in_the_band_that_begins_with_it(late: int, relief: str) -> None:
    bands = [{"from": 1, "to": 3, "relief": "50%"}, {"from": 3, "relief": "100%"}]
    clause = {
        "id": "2", "kind": "level", "title": "L", "metric": "service_level", "target": ">= 80%", "credit": "50%",
    }  # fmt: skip
    duty = {"id": "4", "title": "D", "metric": "duty_late", "bands": bands}
    found = statement([clause], {"service_level": "79/100", "duty_late": late}, duties=[duty])
    assert line(found, "4").amount == Decimal(relief)


@pytest.mark.parametrize(
    ("compare", "figure", "outcome"),
    [
        ("exact", "94995 / 100000", "missed"),
        ("rounded", "94995 / 100000", "met"),
        ("rounded", "94994 / 100000", "missed"),
        ("exact", "95000 / 100000", "met"),
    ],
)
def test_rounding_decides_only_where_it_was_agreed(compare: str, figure: str, outcome: str) -> None:
    clause = {
        "id": "2", "kind": "level", "title": "L", "metric": "connect_rate", "target": ">= 95%", "credit": "10%",
        "compare": compare,
    }  # fmt: skip
    assert line(statement([clause], {"connect_rate": figure}), "2").outcome == outcome


@pytest.mark.parametrize(("rows", "outcome"), [(199, "too_few"), (200, "missed")])
def test_the_minimum_sample_itself_is_enough(rows: int, outcome: str) -> None:
    clause = {
        "id": "2", "kind": "level", "title": "L", "metric": "fcr:within=7d", "target": ">= 70%", "minimum_sample": 200,
    }  # fmt: skip
    assert line(statement([clause], {"fcr": f"0 / {rows}"}), "2").outcome == outcome


@pytest.mark.parametrize(
    ("seconds", "outcome"), [(239_999, "missed"), (240_000, "met"), (330_000, "met"), (330_001, "missed")]
)
def test_both_ends_of_a_two_sided_target_belong_to_it(seconds: int, outcome: str) -> None:
    clause = {"id": "2", "kind": "level", "title": "A", "metric": "aht", "target": "240s..330s", "credit": "10%"}
    assert line(statement([clause], {"aht": f"{seconds} / 1"}), "2").outcome == outcome


def test_a_cap_of_nothing_lets_nothing_be_taken() -> None:
    clause = {
        "id": "2", "kind": "level", "title": "L", "metric": "service_level", "target": ">= 80%", "credit": "50%",
    }  # fmt: skip
    found = statement([clause], {"service_level": "79/100"}, cap="0%")
    assert (line(found, "2").amount, found.net) == (Decimal("-5000.00"), Decimal("100000.00"))


def test_a_cap_cuts_from_the_first_cent_above_it() -> None:
    assert cut([Decimal("60.00"), Decimal("40.00")], Decimal("100.00"), same("x")) is None
    found = cut([Decimal("60.00"), Decimal("40.01")], Decimal("100.00"), same("x"))
    assert found is not None
    assert (found.amount, found.left) == (Decimal("0.01"), Fraction(10_000, 10_001))


@pytest.mark.parametrize(
    ("hits", "rows", "low", "high"),
    # By hand from (p + z²/2n ± z·sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n), z = 1.959964.
    [
        (0, 10, "0.0000", "0.2775"),
        (10, 10, "0.7225", "1.0000"),
        (5, 10, "0.2366", "0.7634"),
        (1, 1, "0.2065", "1.0000"),
    ],
)
def test_the_interval_is_wilsons_to_the_last_shown_place(hits: int, rows: int, low: str, high: str) -> None:
    found = wilson(hits, rows)
    assert [rounded(end, 4) for end in found] == [Decimal(low), Decimal(high)]
    assert 0 <= found[0] <= Fraction(hits, rows) <= found[1] <= 1


def tiered(rule: str) -> Contact:
    tiers = (Tier(start=Fraction(100), rate=Fraction(4)), Tier(start=Fraction(200), rate=Fraction(3)))
    return Contact(id="1", title=same("x"), text=same("x"), rate=Fraction(5), tiers=tiers, tier_rule=rule)


@pytest.mark.parametrize(
    ("units", "marginal", "whole"),
    [(0, [(0, 5)], 5), (99, [(99, 5)], 5), (100, [(100, 5)], 4), (101, [(100, 5), (1, 4)], 4),
     (200, [(100, 5), (100, 4)], 3), (250, [(100, 5), (100, 4), (50, 3)], 3)],
)  # fmt: skip
def test_a_tier_begins_at_its_edge(units: int, marginal: list[tuple[int, int]], whole: int) -> None:
    assert tier_parts(tiered("marginal"), Fraction(units)) == marginal
    assert tier_parts(tiered("whole_volume"), Fraction(units)) == [(units, whole)]


def test_a_run_of_misses_ends_at_anything_else() -> None:
    assert run_of_misses(["missed", "missed", "too_few", "missed"]) == 2
    assert [run_of_misses(outcomes) for outcomes in ([], ["met", "missed"], ["missed"] * 3)] == [0, 0, 3]


@pytest.mark.parametrize(
    ("good", "back"),
    [
        # The credit is of January; good months since; in which months it comes back.
        ([2, 3, 4], [4]),
        ([2, 3, 5, 6, 7], [7]),  # April was not good: the run begins again, still within six months
        ([2, 3, 5, 6, 8, 9], []),
        ([6, 7, 8], []),  # complete only seven months after the credit
        ([2, 3, 4, 5, 6, 7], [4]),
    ],
)
def test_a_credit_comes_back_once_and_in_time(good: list[int], back: list[int]) -> None:
    rule = EarnBack(id="7", title=same("x"), text=same("x"), clauses=("2",), good_months=3, within=6)
    months = [Month(2026, number) for number in range(2, 13)]
    january = Month(2026, 1)
    came = [
        month.month
        for month in months
        for _ in returned(
            rule, month,
            lambda then, _: Decimal("10.00") if then == january else Decimal(0),
            lambda then, _: "met" if then.month in good else "missed",
        )
    ]  # fmt: skip
    assert came == back


def test_what_was_excluded_leaves_the_measured_level_too() -> None:
    both = [{"party": party, "person": "X", "date": "2026-03-01"} for party in ("client", "company")]
    outage = {
        "id": "E", "reason": "client_outage", "text": "Down", "from": "2026-02-03", "to": "2026-02-04",
        "approvals": both,
    }  # fmt: skip
    clause = {
        "id": "2", "kind": "presumptive", "title": "P", "metric": "connect_rate", "presumed": "96%", "credit": "10%",
    }  # fmt: skip
    figures = {
        "connect_rate": {"2026-03": {"all": "900 / 1000", "less": "980 / 1000"}, "2026-10": "970 / 1000"},
        "offered_contacts": 0,
    }
    found = statement([clause], figures, exclusions=[outage])
    assert line(found, "2").steps[0].formula == "(96% + 98%) / 2 = 97%"
    assert line(found, "2").outcome == "met"


def test_every_english_text_of_a_statement_begins_with_a_capital_letter_or_a_figure() -> None:
    examples = [worked.read(path) for path in sorted(worked.FOLDER.glob("*.yaml"))]
    texts = []
    for example in examples:
        agreement = worked.agreement_of(example["terms"])
        for month in example["expect"]:
            found = worked.settled(agreement, example["figures"], Month.parse(month))
            for one in found.lines:
                texts += [one.words, *(step.text for step in one.steps), *(figure.title for figure in one.figures)]
            texts += [*found.order, *(entry.reason for entry in found.left_out)]
    assert [text.en for text in texts if text.en[:1] != text.en[:1].upper()] == []
    assert len(texts) > 500


def test_a_return_in_part_says_which_part() -> None:
    clause = {
        "id": "2", "kind": "level", "title": "L", "metric": "service_level", "target": ">= 80%", "credit": "20%",
    }  # fmt: skip
    half = {"id": "7", "title": "Back", "clauses": ["2"], "good_months": 2, "within": 3, "share": "50%"}
    figures = {"service_level": {"2026-08": "79/100", "2026-09": "81/100", "2026-10": "81/100"}}
    found = line(statement([clause], figures, earn_back=[half], **{"from": "2026-08-01"}), "7")
    assert (found.amount, found.words.en.partition(": ")[2]) == (Decimal("1000.00"), "50% of it is returned.")


def test_the_statement_names_the_shared_queues_that_count() -> None:
    clause = {"id": "2", "kind": "level", "title": "L", "metric": "service_level", "target": ">= 80%"}
    found = statement([clause], {"service_level": "79/100"}, unassigned=["tax", "water"])
    (figure,) = line(found, "2").figures
    assert scope_words(figure).en == "North; with the rows that are nobody's in tax, water; 2026-10"


@pytest.mark.parametrize(
    ("contacts", "amount", "last"),
    [
        (1000, "100.00", "1,000 units, baseline 1,000: 0 below the baseline at 3.00."),
        (967, "1.00", "967 units, baseline 1,000: 33 below the baseline at 3.00."),
        (966, "0.00", "966 units, baseline 1,000: 34 below the baseline at 3.00. The fee does not fall below 0."),
        (1001, "104.00", "1,001 units, baseline 1,000: 1 above the baseline at 4.00."),
    ],
)
def test_a_base_fee_falls_and_rises_by_the_unit_and_never_below_nothing(contacts: int, amount: str, last: str) -> None:
    base = {
        "id": "1", "kind": "base_fee", "title": "Fee", "fee": "100", "baseline": 1000, "extra": "4.00",
        "missing": "3.00",
    }  # fmt: skip
    found = line(statement([], {"handled_contacts": contacts}, price=[base]), "1")
    assert (found.amount, found.words.en) == (Decimal(amount), last)


def test_a_gate_is_passed_only_by_the_strictest_end_of_its_interval() -> None:
    def outcome(abandoned: str) -> str:
        gate = {"metric": "abandonment", "target": "<= 5%", "error": "bound"}
        clause = {
            "id": "2", "kind": "level", "title": "L", "metric": "service_level", "target": ">= 80%",
            "reward": "1% of fee", "gates": [gate],
        }  # fmt: skip
        found = statement([clause], {"service_level": "90/100", "abandonment": abandoned})
        return line(found, "2").outcome

    # 45 of 1,000 are 3.4 to 6.0 percent: nobody can tell, so the gate stays shut.
    assert outcome("45/1000") == "gated"
    assert outcome("450/100000") == "met"


def test_a_gate_with_a_margin_says_by_how_much_more() -> None:
    gates = [
        {"metric": "abandonment", "target": "<= 5%", "margin": "1%"},
        {"metric": "occupancy", "target": "70%..85%", "margin": "2%"},
    ]
    clause = {
        "id": "2", "kind": "level", "title": "L", "metric": "service_level", "target": ">= 80%", "reward": "1% of fee",
        "gates": gates,
    }  # fmt: skip

    def found(abandoned: str, busy: str) -> Line:
        return line(statement([clause], {"service_level": "90/100", "abandonment": abandoned, "occupancy": busy}), "2")

    assert found("4/100", "83/100").outcome == "met"
    assert found("4/100", "72/100").outcome == "met"
    shut = found("5/100", "84/100")
    assert shut.outcome == "gated"
    assert "abandonment rate 5.00%, required ≤ 5% with a margin of 1%" in shut.words.en
    assert "要求 70%..85%，余量 2%" in shut.words.zh


def test_a_gate_says_nothing_of_a_clause_without_a_reward() -> None:
    clause = {
        "id": "2", "kind": "level", "title": "L", "metric": "service_level", "target": ">= 80%", "credit": "50%",
        "reward": "1% of fee", "gates": [{"metric": "abandonment", "target": "<= 5%"}],
    }  # fmt: skip
    found = line(statement([clause], {"service_level": "79/100", "abandonment": "6/100"}), "2")
    assert (found.outcome, found.amount) == ("missed", Decimal("-5000.00"))
    assert "gate" not in found.words.en


@pytest.mark.parametrize(("parties", "kept"), [(["client", "company"], "0.00"), (["client"], "-2000.00")])
def test_an_incident_counts_once_both_parties_have_linked_it(parties: list[str], kept: str) -> None:
    clauses = [
        {"id": "2", "kind": "level", "title": "L", "metric": "service_level", "target": ">= 80%", "credit": "30%"},
        {"id": "3", "kind": "level", "title": "A", "metric": "abandonment", "target": "<= 5%", "credit": "20%"},
    ]
    approvals = [{"party": party, "person": "P", "date": "2026-10-20"} for party in parties]
    cut_off = {"id": "I-1", "month": "2026-10", "text": "Cut", "clauses": ["2", "3"], "approvals": approvals}
    found = statement(clauses, {"service_level": "79/100", "abandonment": "6/100"}, incidents=[cut_off])
    assert [line(found, number).amount for number in ("2", "3")] == [Decimal("-3000.00"), Decimal(kept)]


@pytest.mark.parametrize(("late", "amount"), [(3, "0.00"), (5, "-1000.00"), (7, "-2000.00"), (8, "-2000.00")])
def test_no_more_events_are_counted_than_agreed(late: int, amount: str) -> None:
    clause = {
        "id": "2", "kind": "event", "title": "E", "metric": "duty_late", "free": 3, "most": 4, "credit": "500.00",
    }  # fmt: skip
    assert line(statement([clause], {"duty_late": late}), "2").amount == Decimal(amount)


@pytest.mark.parametrize(("full", "score"), [(True, "20 + 50 = 70"), (False, "20 + 0 = 20")])
def test_an_item_of_a_score_with_too_few_rows_has_all_its_points_or_none(full: bool, score: str) -> None:
    items = [
        {"metric": "service_level", "points": [{"from": "80%", "points": 50}, {"to": "80%", "points": 20}]},
        {
            "metric": "csat",
            "minimum_sample": 30,
            "points": [{"from": "85%", "points": 50}, {"to": "85%", "points": 30}],
        },
    ]
    clause = {
        "id": "2", "kind": "score", "title": "S", "items": items, "full_marks_if_few": full,
        "bands": [{"from": 60}, {"to": 60, "credit": "20%"}],
    }  # fmt: skip
    found = line(statement([clause], {"service_level": "79/100", "csat": "1/29"}), "2")
    assert score in [step.formula for step in found.steps]
    assert found.outcome == ("met" if full else "missed")


def test_an_exclusion_begins_with_its_first_moment_and_ends_before_its_last() -> None:
    outage = Exclusion(
        id="E", reason="client_outage", text=same("Down"),
        start=datetime(2026, 10, 8, 10, 0), end=datetime(2026, 10, 8, 10, 30),
    )  # fmt: skip
    start, end = (instant_of(moment, "Asia/Shanghai") for moment in (outage.start, outage.end))
    rows = pl.DataFrame({"start_ms": [start - 1, start, end - 1, end]})
    assert rows.select(to_polars(predicate(outage, "Asia/Shanghai"))).to_series().to_list() == [
        False, True, True, False,
    ]  # fmt: skip
