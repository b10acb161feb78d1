"""Every legal limit speaks up where it is touched, from its day on, with its source."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from onefloor.insight.finding import Verdict
from onefloor.insight.sourcing import sentences
from onefloor.insight.sourcing.comparing import Decision
from onefloor.insight.sourcing.lawful import Notice, notices
from onefloor.insight.sourcing.limits import LIMITS, in_force
from onefloor.insight.sourcing.terms import Sourcing

Make = Callable[..., Sourcing]
AGENTS = 10_000 / 0.9 * 300 / 3600 / 0.75 / 0.8 * 12 / 1800
DISPATCHED = {"form": "dispatched", "post": "auxiliary"}


def told(make: Make, other: dict[str, Any], months: int = 24, **more: Any) -> list[tuple[str, bool]]:
    return [(one.limit.code, one.refused) for one in found(make, other, months, **more)]


def found(make: Make, other: dict[str, Any], months: int = 24, **more: Any) -> list[Notice]:
    own = {"costs": [{"item": "wage", "per": "paid_hour", "amount": "40"}]}
    sourcing = make(own, other, **{"law": "cn", "workforce": {"own": "2000"}, **more})
    return notices(sourcing, {"north": Fraction(1)}, months)


def test_dispatched_staff_within_the_limits_are_fine(make: Make) -> None:
    assert told(make, DISPATCHED) == []


@pytest.mark.parametrize(
    ("own", "refused"), [(round(AGENTS * 9) + 1, []), (round(AGENTS * 9) - 1, [("dispatch_share", True)])]
)
def test_dispatched_staff_are_at_most_a_tenth_of_the_workforce(
    make: Make, own: int, refused: list[tuple[str, bool]]
) -> None:
    assert told(make, DISPATCHED, workforce={"own": str(own)}) == refused


def test_dispatched_people_elsewhere_count_for_the_tenth(make: Make) -> None:
    assert told(make, DISPATCHED, workforce={"own": "2000", "dispatched": "250"}) == [("dispatch_share", True)]


def test_an_option_without_dispatched_staff_is_not_refused_for_others(make: Make) -> None:
    sourcing = make({}, DISPATCHED, law="cn", workforce={"own": "100", "dispatched": "500"})
    assert notices(sourcing, {"own": Fraction(1)}, 24) == []


def test_dispatched_staff_in_a_mix_count_with_the_own_staff_of_the_mix(make: Make) -> None:
    sourcing = make({}, DISPATCHED, law="cn")
    shares = [{"own": Fraction(n, 10), "north": Fraction(10 - n, 10)} for n in (9, 8)]
    assert [[one.limit.code for one in notices(sourcing, share, 24)] for share in shares] == [[], ["dispatch_share"]]


@pytest.mark.parametrize(
    ("post", "months", "codes"),
    [
        (None, 24, [("dispatch_posts", True)]),
        ("temporary", 24, [("dispatch_posts", True)]),
        ("temporary", 6, [("dispatch_contract", False)]),
        ("substitute", 24, []),
    ],
)
def test_dispatched_posts_are_temporary_auxiliary_or_substitute(
    make: Make, post: str | None, months: int, codes: list[tuple[str, bool]]
) -> None:
    assert told(make, {**DISPATCHED, "post": post}, months) == codes


@pytest.mark.parametrize(("hours", "codes"), [("0..20..36", []), ("0..20..37", [("overtime", True)])])
def test_overtime_is_at_most_36_hours_a_month(make: Make, hours: str, codes: list[tuple[str, bool]]) -> None:
    assert told(make, {**DISPATCHED, "overtime": hours}) == codes


@pytest.mark.parametrize(("wage", "codes"), [("40", []), ("39", [("equal_pay", False)])])
def test_lower_pay_of_dispatched_staff_is_a_question(make: Make, wage: str, codes: list[tuple[str, bool]]) -> None:
    costs = [{"item": "wage", "per": "paid_hour", "amount": wage}]
    assert told(make, {**DISPATCHED, "costs": costs}) == codes


@pytest.mark.parametrize(
    ("by", "codes"), [("vendor", []), ("client", [("deemed_dispatch", False)]), (None, [("deemed_dispatch", False)])]
)
def test_who_instructs_a_vendors_agents_is_asked_and_never_judged(
    make: Make, by: str | None, codes: list[tuple[str, bool]]
) -> None:
    assert told(make, {"instructed_by": by, "none": ["impact_assessment"]}) == codes


def test_a_vendor_without_a_data_protection_assessment_is_warned_of(make: Make) -> None:
    assert told(make, {}) == [("impact_assessment", False)]


def test_limits_hold_from_their_day_on(make: Make) -> None:
    assert told(make, {**DISPATCHED, "post": None}, **{"from": "2014-02", "workforce": {}}) == []
    assert told(make, {**DISPATCHED, "post": None}, **{"from": "2014-03"}) == [("dispatch_posts", True)]
    assert in_force(date(1990, 1, 1)) == {}


def test_without_law_nothing_is_checked(make: Make) -> None:
    assert told(make, {**DISPATCHED, "post": None}, law="none") == []


def test_a_refused_option_is_not_comparable_and_in_no_best_mix(make: Make, run: Callable[..., Decision]) -> None:
    cheap = {**DISPATCHED, "costs": [{"item": "telephony", "per": "contact", "amount": "1"}]}
    own = {"costs": [{"item": "telephony", "per": "contact", "amount": "2"}]}
    decision = run(make(own, cheap, law="cn"))
    one = decision.compared[0]
    assert (one.verdict, one.gap) == (Verdict.NOT_COMPARABLE, None)
    assert sentences.sentence(decision, one).en == (
        "North cannot be compared with Own: 100.0% of the workforce would be dispatched, above 10%."
    )
    assert decision.best is not None
    assert decision.best.shares == (("own", Fraction(9, 10)), ("north", Fraction(1, 10)))


def test_every_limit_has_its_source_its_text_and_the_note_for_counsel(make: Make, run: Callable[..., Decision]) -> None:
    assert all(one.source.zh and one.source.en and one.says and one.since for one in LIMITS)
    assert len({one.code for one in LIMITS}) == len(LIMITS)
    decision = run(make({"costs": [{"item": "tax", "per": "month", "amount": "1"}]}, {"none": ["tax"]}, law="cn"))
    assumed = sentences.finding(decision, decision.compared[0]).assumptions
    assert assumed[-1].en == "Have counsel verify every legal limit named here."
