"""Each basis, price and month comes to what a calculator says."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Any

import numpy as np
import pytest

from onefloor.insight.sourcing.costs import behaviours, outcome
from onefloor.insight.sourcing.inputs import at_mid, inputs_of
from onefloor.insight.sourcing.simulated import payback
from onefloor.insight.sourcing.terms import Sourcing

Make = Callable[..., Sourcing]

# 10,000 issues, 80 % resolved, half of the others call again: 10,000 / (1 - 0.2 x 0.5) contacts a month
CONTACTS = 10_000 / 0.9
RESOLVED, LOST = CONTACTS * 0.8, CONTACTS * 0.2 * 0.5
HANDLED = CONTACTS * 300 / 3600
PRODUCTIVE = HANDLED / 0.75
PAID = PRODUCTIVE / 0.8
AGENTS = PAID * 12 / 1800


def monthly(sourcing: Sourcing, name: str = "north", months: int = 3) -> list[float]:
    done = outcome(sourcing, name, at_mid(inputs_of(sourcing)), months)
    return [float(amount) for amount in done.cost[0]]


def line(per: str, amount: str, item: str = "telephony", **more: Any) -> dict[str, Any]:
    return {"item": item, "per": per, "amount": amount, **more}


@pytest.mark.parametrize(
    ("per", "units"),
    [
        ("month", 1),
        ("contact", CONTACTS),
        ("resolved", RESOLVED),
        ("lost", LOST),
        ("handled_minute", HANDLED * 60),
        ("productive_hour", PRODUCTIVE),
        ("paid_hour", PAID),
        ("agent_month", AGENTS),
        ("seat_month", ceil(AGENTS / 2)),
        ("overtime_hour", AGENTS * 5),
        ("new_agent", AGENTS * 0.2 / 12),
    ],
)
def test_an_amount_is_paid_for_its_units_every_month(make: Make, per: str, units: float) -> None:
    sourcing = make({}, {"overtime": "5", "seats_each": "2", "costs": [line(per, "3.50")]})
    assert monthly(sourcing) == pytest.approx([3.5 * units] * 3, rel=1e-12)


@pytest.mark.parametrize(
    ("cost", "amounts"),
    [
        (line("once", "900"), [900, 0, 0]),
        (line("once", "900", month=2), [0, 900, 0]),
        (line("exit", "900"), [0, 0, 900]),
        (line("first_agent", "10"), [10 * AGENTS, 0, 0]),
        (line("first_agent", "10", month=3), [0, 0, 10 * AGENTS]),
    ],
)
def test_a_one_off_cost_falls_in_one_month(make: Make, cost: dict[str, Any], amounts: list[float]) -> None:
    assert monthly(make({}, {"costs": [cost]})) == pytest.approx(amounts, rel=1e-12)


def test_a_step_is_paid_whole_for_every_unit_begun(make: Make) -> None:
    sourcing = make({}, {"costs": [line("agent_month", "9000", "leaders", each="7")]})
    assert monthly(sourcing) == [9000 * ceil(AGENTS / 7)] * 3


def test_a_whole_number_of_units_begins_no_further_step(make: Make) -> None:
    # 2.1 / 0.3 is 7.000000000000001 in floats
    sourcing = make({}, {"resolved": "100%", "costs": [line("contact", "1", each="0.3")]}, again="0%", volume="2.1")
    assert monthly(sourcing) == [7] * 3


def test_shares_are_of_the_wage_and_of_the_price_with_its_rises(make: Make) -> None:
    wage = line("paid_hour", "40", "wage", rise="5%")
    own = {"costs": [wage, line("wage", "25%", "social_insurance")]}
    north = {
        "price": [{"kind": "contact", "rate": "2"}, {"kind": "month", "rate": "1000", "rise": "10%"}],
        "costs": [line("price", "3%", "rewards"), line("price", "5%", "credits")],
    }
    sourcing = make(own, north)
    assert monthly(sourcing, "own", 13) == pytest.approx([50 * PAID] * 12 + [50 * PAID * 1.05], rel=1e-12)
    fees = [(2 * CONTACTS + fixed) * 0.98 for fixed in (1000, 1100)]
    assert monthly(sourcing, "north", 13)[::12] == pytest.approx(fees, rel=1e-12)


@pytest.mark.parametrize(
    ("kind", "units"),
    [
        ("paid_hour", PAID),
        ("productive_hour", PRODUCTIVE),
        ("handled_minute", HANDLED * 60),
        ("contact", CONTACTS),
        ("resolved", RESOLVED),
        ("fte_month", AGENTS),
        ("seat_month", ceil(AGENTS)),
        ("month", 1),
    ],
)
def test_a_price_is_its_units_at_its_rate_and_never_less_than_the_minimum(make: Make, kind: str, units: float) -> None:
    price = {"kind": kind, "rate": "6"}
    assert monthly(make({}, {"price": [price]})) == pytest.approx([6 * units] * 3, rel=1e-12)
    above = str(ceil(units) + 7)
    assert monthly(make({}, {"price": [{**price, "minimum": above}]})) == pytest.approx([6 * float(above)] * 3)


def test_agreed_seats_are_paid_whatever_comes(make: Make) -> None:
    price = {"kind": "seat_month", "rate": "4000", "seats": "25"}
    assert monthly(make({}, {"price": [price]}, volume="10")) == [100_000] * 3


def test_two_tiers_go_by_the_share_of_good_contacts(make: Make) -> None:
    # 10,000 contacts, 8,700 good, at 1.20 and 0.80: 10,440 + 1,040
    price = {"kind": "two_tier", "good": "1.20", "otherwise": "0.80", "good_share": "87%"}
    sourcing = make({}, {"resolved": "100%", "price": [price]}, again="0%")
    assert monthly(sourcing) == pytest.approx([11_480] * 3, rel=1e-12)


@pytest.mark.parametrize(("resolved", "rate"), [("72%", 1.2), ("71%", 0.8)])
def test_two_tiers_go_by_the_months_resolution(make: Make, resolved: str, rate: float) -> None:
    price = {"kind": "two_tier", "good": "1.20", "otherwise": "0.80", "target": ">= 72%"}
    sourcing = make({}, {"resolved": resolved, "price": [price]}, again="0%")
    assert monthly(sourcing) == pytest.approx([10_000 * rate] * 3, rel=1e-12)


def test_a_ramp_makes_the_first_months_slower(make: Make) -> None:
    ramp = [{"through": 2, "handling": "120%", "resolved": "90%"}, {"through": 1, "handling": "150%"}]
    sourcing = make({}, {"ramp": ramp, "costs": [line("handled_minute", "1")]})
    slower, settled = 10_000 / (1 - 0.28 * 0.5) * 5, CONTACTS * 5
    assert monthly(sourcing, months=4) == pytest.approx([CONTACTS * 5 * 1.5, slower * 1.2, settled, settled], rel=1e-12)


def test_growth_is_a_year_month_by_month(make: Make) -> None:
    sourcing = make({}, {"costs": [line("contact", "1")]}, growth="21%")
    assert monthly(sourcing, months=13)[::6] == pytest.approx([CONTACTS, CONTACTS * 1.1, CONTACTS * 1.21], rel=1e-12)


def test_contacts_without_a_repeat_say_how_many_are_resolved(make: Make) -> None:
    # with f resolved and r calling again, a share 1 - (1 - f) r has no repeat: here 1 - 0.2 x 0.5
    stated = make({}, {"resolved": "80%", "costs": [line("resolved", "1")]})
    north = {"resolved": None, "without_repeat": "90%", "costs": [line("resolved", "1")]}
    counted = make({}, north)
    assert monthly(counted) == pytest.approx(monthly(stated), rel=1e-12)


def test_a_mix_is_its_parts_with_all_their_fixed_costs(make: Make) -> None:
    own, north = ({"costs": [line("month", "1000"), line("contact", rate)]} for rate in ("2", "3"))
    mix = {"id": "mix", "title": "Mix", "shares": {"own": "25%", "north": "75%"}}
    sourcing = make(own, north, mixes=[mix])
    assert monthly(sourcing, "mix") == pytest.approx([2000 + CONTACTS * (0.25 * 2 + 0.75 * 3)] * 3, rel=1e-12)


def test_every_line_is_fixed_step_or_variable(make: Make) -> None:
    own = {
        "costs": [
            line("month", "1", "planners"),
            line("exit", "1", "exit"),
            line("agent_month", "1", "leaders", each="15"),
            line("month", "1", "wage"),
            line("wage", "5%", "housing_fund"),
            line("contact", "1", "redress"),
        ]
    }
    north = {
        "price": [
            {"kind": "seat_month", "rate": "1"},
            {"kind": "contact", "rate": "1"},
            {"kind": "month", "rate": "1"},
        ],
        "costs": [line("price", "1%", "tax")],
    }
    sourcing = make(own, north)
    assert behaviours(sourcing.option("own")) == {
        "planners.month": "fixed",
        "exit.exit": "fixed",
        "leaders.agent_month": "step",
        "wage.month": "fixed",
        "housing_fund.wage": "fixed",
        "redress.contact": "variable",
    }
    assert behaviours(sourcing.option("north")) == {
        "price.seat_month": "step",
        "price.contact": "variable",
        "price.month": "fixed",
        "tax.price": "variable",
    }


def test_customers_lost_stand_aside(make: Make) -> None:
    north = {"costs": [line("contact", "1"), line("lost", "40", "churn")]}
    sourcing = make({}, north)
    done = outcome(sourcing, "north", at_mid(inputs_of(sourcing)), 1)
    assert (list(done.lines), list(done.aside)) == (["telephony.contact"], ["churn.lost"])
    assert done.aside["churn.lost"].sum() == pytest.approx(40 * LOST, rel=1e-12)


@pytest.mark.parametrize(
    ("option", "month"),
    [([5.0, 5, 5], 1), ([7.0, 6, 5], 3), ([5.0, 7, 5], 3), ([5.0, 5, 7], 0), ([6.0, 6, 6], 0)],
)
def test_payback_is_the_month_from_which_it_stays_cheaper(option: list[float], month: int) -> None:
    assert payback(np.array([option]), np.array([[6.0, 6, 6]])).tolist() == [month]
