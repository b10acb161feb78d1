"""Terms that would do nothing, or that nobody can have meant, are refused with a remedy."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agreements import worked
from onefloor.agreements.references import check_metrics
from onefloor.agreements.terms import parse_amendment
from onefloor.problems import Problems

CLAUSE: dict[str, Any] = {
    "id": "2", "kind": "level", "title": "Level", "metric": "service_level", "target": ">= 80%", "credit": "50%",
}  # fmt: skip
BACK: dict[str, Any] = {"id": "7", "title": "Back", "clauses": ["2"], "good_months": 3, "within": 6}
FORECAST = {"id": "3", "title": "Band", "band": "10%", "rate": "1.00"}
DUTY: dict[str, Any] = {"id": "4", "title": "Duty", "metric": "duty_late", "bands": [{"from": 1, "relief": "50%"}]}
WINDOW = {"id": "E", "reason": "waiver", "text": "Drill", "from": "2026-10-01", "to": "2026-10-02"}


def terms(**more: Any) -> dict[str, Any]:
    base = {"at_risk": "10%", "price": [{"id": "1", "kind": "base_fee", "title": "Fee", "fee": "100"}]}
    return {**base, "clauses": [CLAUSE], **more}


def said(**more: Any) -> list[str]:
    """What is wrong with the terms, in English."""
    with pytest.raises(Problems) as caught:
        check_metrics(worked.agreement_of(terms(**more)))
    return [problem.what.en for problem in caught.value.problems]


def clause(**more: Any) -> list[dict[str, Any]]:
    return [{**CLAUSE, **more}]


def test_surplus_by_month_needs_the_locked_numbers() -> None:
    assert said(forecast={**FORECAST, "surplus": "month"}) == [
        "surplus: month needs the locked contacts of each month in the terms."
    ]
    check_metrics(worked.agreement_of(terms(forecast={**FORECAST, "surplus": "month", "locked": {"2026-10": 100}})))


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ([{**BACK, "share": "500%"}], "More than 100 % of the credits of clause 2 would come back."),
        ([BACK, {**BACK, "id": "8"}], "More than 100 % of the credits of clause 2 would come back."),
        ([{**BACK, "within": 2}], "within is shorter than good_months: nothing would ever come back."),
    ],
)
def test_a_credit_comes_back_at_most_once_and_can_come_back(rules: list[Any], message: str) -> None:
    assert said(earn_back=rules) == [message]


def test_two_halves_may_come_back_after_different_times() -> None:
    halves = [{**BACK, "share": "50%"}, {**BACK, "id": "8", "share": "50%", "good_months": 6}]
    check_metrics(worked.agreement_of(terms(earn_back=halves)))


def test_a_quarterly_clause_has_no_good_months() -> None:
    found = said(clauses=clause(window="quarter"), earn_back=[BACK])
    assert found == ["Clause 2 is judged by the quarter: it has no good months in a row."]


def test_good_quality_is_not_paid_less() -> None:
    tiers = {"id": "1", "kind": "two_tier", "title": "T", "by": "contact", "quality": "service_level"}
    assert said(price=[{**tiers, "good": "0.80", "otherwise": "1.20"}]) == [
        "The rate for good quality is below the other one."
    ]


@pytest.mark.parametrize(
    ("section", "things"),
    [
        ("pools", [{"id": "a", "share": "50%"}, {"id": "a", "share": "20%"}]),
        ("exclusions", [WINDOW, WINDOW]),
        ("incidents", [{"id": "I", "month": "2026-10", "text": "Cut", "clauses": ["2"]}] * 2),
    ],
)
def test_a_name_is_used_once(section: str, things: list[Any]) -> None:
    assert said(**{section: things}) == [f'"{things[0]["id"]}" is used twice.']


@pytest.mark.parametrize("ramp", [False, True])
def test_a_band_takes_or_gives(ramp: bool) -> None:
    both, one = [{"from": "80%", "credit": "10%", "reward": "20%"}], [{"to": "80%", "credit": "10%"}]
    bands = {"id": "2", "kind": "bands", "title": "B", "metric": "service_level", "bands": one if ramp else both}
    step = {"ramp": [{"through": 2, "bands": both}]} if ramp else {}
    assert said(clauses=[{**bands, **step}]) == ["One band both takes and gives."]


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({"duties": [{**DUTY, "error": "bound"}]}, "error"),
        ({"duties": [{**DUTY, "too_few": "as_met"}]}, "too_few"),
        ({"clauses": clause(kind="event", metric="duty_late", minimum_sample=5)}, "minimum_sample"),
        ({"clauses": clause(kind="event", metric="duty_late", compare="rounded")}, "compare"),
    ],
)
def test_a_term_without_effect_is_refused(more: dict[str, Any], name: str) -> None:
    for part in more.get("clauses", []):
        part.pop("target", None)
    assert f"{name} does nothing here." in said(**more)


def test_an_item_of_a_scoring_table_has_no_error_rule() -> None:
    item = {"metric": "csat", "error": "bound", "points": [{"from": "85%", "points": 50}]}
    table = {"id": "2", "kind": "score", "title": "S", "items": [item], "bands": [{"to": 90, "credit": "10%"}]}
    assert said(clauses=[table]) == ["error does nothing here."]


@pytest.mark.parametrize(
    ("metric", "target", "write"),
    [("abandonment", ">= 5%", "<="), ("service_level", "<= 80%", ">=")],
)
def test_a_target_points_to_the_better_side(metric: str, target: str, write: str) -> None:
    with pytest.raises(Problems) as caught:
        check_metrics(worked.agreement_of(terms(clauses=clause(metric=metric, target=target))))
    (found,) = caught.value.problems
    assert found.remedy is not None
    assert (found.where is not None, found.remedy.en) == (True, f"Write it with {write}.")


@pytest.mark.parametrize("metric", ["handled_time", "service_level", "wait_percentile:p=90"])
def test_only_what_is_counted_can_be_an_event(metric: str) -> None:
    event = {"id": "2", "kind": "event", "title": "E", "metric": metric, "credit": "1.00"}
    assert [text.endswith("is no count of events.") for text in said(clauses=[event])] == [True]


@pytest.mark.parametrize("day", ["20260901", "2026-9-1", "2026-W36-2", "1 September 2026"])
def test_a_date_has_one_spelling(day: str) -> None:
    assert said(amendments=[{"from": day, "at_risk": "12%"}]) == [f'"{day}" is not known here.']


def test_an_amendment_does_not_hold_before_the_agreement() -> None:
    found = said(**{"from": "2026-06-01"}, amendments=[{"from": "2026-05-01", "at_risk": "12%"}])
    assert found == ["An amendment holds from before the agreement begins."]


def test_of_two_amendments_on_one_day_the_later_in_the_file_holds() -> None:
    changes = [{"from": "2026-05-01", "at_risk": "12%"}, {"from": "2026-05-01", "at_risk": "14%"}]
    agreement = worked.agreement_of(terms(amendments=changes))
    assert str(agreement.terms_for(worked.Month(2026, 5)).at_risk.share) == "7/50"


@pytest.mark.parametrize("since", [{"from": "2026-05-01"}, {}])
@pytest.mark.parametrize(
    ("target", "message"), [("<= 80%", "points the wrong way"), (">= 80s", 'is not measured in "80s"')]
)
def test_what_an_amendment_changes_is_checked_with_what_it_leaves(since: Any, target: str, message: str) -> None:
    change = {"amends": "example", **since, "clauses": [{"id": "2", "target": target}]}
    with pytest.raises(Problems) as caught:
        check_metrics(parse_amendment(json.dumps(change), worked.agreement_of(terms())))
    assert [message in problem.what.en for problem in caught.value.problems] == [True]


@pytest.mark.parametrize(("start", "end"), [("0001-01-01", "2026-10-02"), ("2026-10-01", "9999-12-31 23:59")])
def test_a_moment_has_to_be_within_reach_of_every_zone(start: str, end: str) -> None:
    far = start if start < "1970" else end
    assert said(exclusions=[{**WINDOW, "from": start, "to": end}]) == [f'"{far}" is not known here.']


@pytest.mark.parametrize(
    ("gate", "message"),
    [
        ({"margin": "0%"}, "A margin is above 0."),
        ({"margin": "-1%"}, "A margin is above 0."),
        ({"margin": "3%", "error": "bound"}, "margin and error: bound guard against the same luck: one of them."),
        ({"margin": "20s"}, 'satisfaction (top 2) is not measured in "20s".'),
        ({"target": "80%..84%", "margin": "3%"}, "The margin leaves no value inside the target."),
    ],
)
def test_the_margin_of_a_gate_is_one_that_can_be_meant(gate: dict[str, Any], message: str) -> None:
    gates = [{"metric": "csat", "target": ">= 85%", **gate}]
    assert said(clauses=clause(reward="1% of fee", gates=gates)) == [message]
