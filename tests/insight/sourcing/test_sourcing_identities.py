"""What must hold whatever the numbers are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onefloor.insight.sourcing.comparing import Decision
from onefloor.insight.sourcing.costs import outcome
from onefloor.insight.sourcing.gap import Pair, break_even_volumes, break_evens, tornado
from onefloor.insight.sourcing.inputs import at_mid, inputs_of
from onefloor.insight.sourcing.terms import Sourcing

Make = Callable[..., Sourcing]
Run = Callable[..., Decision]

shares = st.integers(5, 100).map(lambda n: f"{n}%")
money = st.integers(1, 20_000).map(lambda n: f"{n / 100:.2f}")
costs = st.lists(
    st.tuples(
        st.sampled_from(["contact", "resolved", "lost", "handled_minute", "paid_hour", "agent_month", "month", "once"]),
        money,
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda pair: pair[0],
)


def lines(found: list[tuple[str, str]], item: str = "telephony") -> list[dict[str, str]]:
    return [{"item": item, "per": per, "amount": amount} for per, amount in found]


def cost(sourcing: Sourcing, name: str, months: int = 12) -> Any:
    return outcome(sourcing, name, at_mid(inputs_of(sourcing)), months)


@settings(max_examples=40)
@given(resolved=shares, again=shares, found=costs)
def test_equal_options_have_no_gap_and_no_verdict_but_no_difference(
    make: Make, run: Run, resolved: str, again: str, found: list[tuple[str, str]]
) -> None:
    same = {"resolved": resolved, "costs": lines(found)}
    decision = run(make(same, same, again=again), draws=100)
    gap = decision.compared[0].gap
    assert gap is not None
    assert (gap.low, gap.value, gap.high) == (0, 0, 0)
    assert decision.compared[0].verdict.value == "no_difference"


@settings(max_examples=40)
@given(resolved=shares, again=st.integers(0, 100), found=costs)
def test_every_issue_is_resolved_or_lost(make: Make, resolved: str, again: int, found: list[tuple[str, str]]) -> None:
    done = cost(make({"resolved": resolved, "costs": lines(found)}, {}, again=f"{again}%"), "own")
    assert np.allclose(done.resolved + done.lost, done.issues, rtol=1e-12)
    assert (done.contacts >= done.issues * (1 - 1e-12)).all()


def test_without_unresolved_contacts_there_are_no_repeats(make: Make) -> None:
    done = cost(make({"resolved": "100%"}, {}), "own")
    assert done.contacts.tolist() == done.issues.tolist() == done.resolved.tolist()
    assert done.lost.sum() == 0


@settings(max_examples=40)
@given(resolved=st.integers(5, 100), again=shares, rate=money)
def test_a_resolved_contact_costs_a_contact_divided_by_the_share_resolved(
    make: Make, resolved: int, again: str, rate: str
) -> None:
    done = cost(make({"resolved": f"{resolved}%", "costs": lines([("contact", rate)])}, {}, again=again), "own")
    assert done.per_resolved()[0] == pytest.approx(float(rate) / (resolved / 100), rel=1e-12)
    assert done.per_contact()[0] == pytest.approx(float(rate), rel=1e-12)


@settings(max_examples=30)
@given(wage=st.integers(100, 9_000), times=st.integers(2, 9), share=shares)
def test_wages_times_n_cost_n_times_as_much(make: Make, wage: int, times: int, share: str) -> None:
    def option(amount: int) -> dict[str, Any]:
        paid = {"item": "wage", "per": "paid_hour", "amount": f"{amount / 100:.2f}"}
        return {"costs": [paid, {"item": "social_insurance", "per": "wage", "amount": share}]}

    one, many = (cost(make(option(wage * factor), {}), "own").per_resolved()[0] for factor in (1, times))
    assert many == pytest.approx(times * one, rel=1e-12)


@settings(max_examples=40)
@given(found=costs, more=st.integers(2, 50))
def test_more_volume_is_never_dearer_per_contact_and_as_dear_where_all_is_variable(
    make: Make, found: list[tuple[str, str]], more: int
) -> None:
    some, many = (
        cost(make({"costs": lines(found)}, {}, volume=str(1000 * factor)), "own").per_contact()[0]
        for factor in (1, more)
    )
    fixed = any(per in ("month", "once") for per, _ in found)
    assert many < some if fixed else many == pytest.approx(some, rel=1e-12)


@settings(max_examples=40)
@given(
    wage=st.integers(10, 90),
    social=st.integers(0, 80),
    seat=st.integers(0, 20),
    training=st.integers(0, 9000),
    attrition=st.integers(0, 150),
    hours=st.integers(1200, 2100),
    use=st.integers(50, 100),
    occupancy=st.integers(40, 100),
    handling=st.integers(60, 900),
    resolved=st.integers(20, 100),
    redress=st.integers(0, 200),
)
def test_the_whole_is_the_formula_written_out(make: Make, **at: int) -> None:
    # [wage (1 + social) + seat + training x attrition / hours] / (3600 use occupancy / handling) + redress, by resolved
    own = {
        "handling": f"{at['handling']}s",
        "hours": str(at["hours"]),
        "costs": [
            {"item": "wage", "per": "paid_hour", "amount": str(at["wage"])},
            {"item": "social_insurance", "per": "wage", "amount": f"{at['social']}%"},
            {"item": "seat", "per": "paid_hour", "amount": str(at["seat"])},
            {"item": "recruiting", "per": "new_agent", "amount": str(at["training"])},
            {"item": "redress", "per": "contact", "amount": f"{at['redress'] / 100:.2f}"},
        ],
        "attrition": f"{at['attrition']}%",
        "utilisation": f"{at['use']}%",
        "occupancy": f"{at['occupancy']}%",
        "resolved": f"{at['resolved']}%",
    }
    hour = at["wage"] * (1 + at["social"] / 100) + at["seat"] + at["training"] * at["attrition"] / 100 / at["hours"]
    contact = hour / (3600 * at["use"] / 100 * at["occupancy"] / 100 / at["handling"]) + at["redress"] / 100
    done = cost(make(own, {}), "own", 1)
    assert done.per_contact()[0] == pytest.approx(contact, rel=1e-12)
    assert done.per_resolved()[0] == pytest.approx(contact / (at["resolved"] / 100), rel=1e-12)


@settings(max_examples=30)
@given(found=costs, resolved=st.integers(5, 99), again=shares)
def test_resolving_more_never_makes_a_resolved_contact_dearer_nor_loses_more(
    make: Make, found: list[tuple[str, str]], resolved: int, again: str
) -> None:
    less, more = (
        cost(make({"resolved": f"{f}%", "costs": lines(found)}, {}, again=again), "own")
        for f in (resolved, resolved + 1)
    )
    assert more.per_resolved()[0] <= less.per_resolved()[0] * (1 + 1e-12)
    assert more.lost.sum() <= less.lost.sum() * (1 + 1e-12)


@settings(max_examples=30)
@given(fixed=st.integers(2_000, 90_000), rate=st.integers(50, 300), higher=st.integers(1, 400))
def test_break_even_volume_is_the_fixed_costs_by_the_difference_of_the_variable_ones(
    make: Make, fixed: int, rate: int, higher: int
) -> None:
    own = {"costs": lines([("month", str(fixed)), ("contact", f"{rate / 100:.2f}")])}
    north = {"costs": lines([("contact", f"{(rate + higher) / 100:.2f}")])}
    contacts_an_issue = 1 / (1 - 0.2 * 0.5)
    expected = fixed / (higher / 100) / contacts_an_issue
    found = break_even_volumes(Pair(make(own, north), "north", "own", 12))
    if 100 < expected < 1_000_000:
        assert [one.value for one in found] == [pytest.approx(expected, rel=1e-9)]
        assert found[0].dearer_above


@settings(max_examples=30)
@given(
    handling=st.integers(150, 600),
    resolved=st.integers(40, 95),
    rate=st.integers(20, 150),
    other=st.integers(20, 150),
)
def test_at_a_break_even_value_the_gap_is_nothing(
    make: Make, handling: int, resolved: int, rate: int, other: int
) -> None:
    own = {"costs": lines([("paid_hour", str(rate))])}
    north = {"handling": f"{handling}s", "resolved": f"{resolved}%", "costs": lines([("paid_hour", str(other))])}
    sourcing = make(own, north)
    pair = Pair(sourcing, "north", "own", 6)
    for one in break_evens(pair):
        values = at_mid(inputs_of(sourcing))
        values[one.input.key][:] = one.value
        assert pair.gap(values)[0] == pytest.approx(0, abs=1e-6)


@settings(max_examples=25)
@given(low=st.integers(200, 300), mid=st.integers(300, 320), high=st.integers(320, 500), again=shares)
def test_a_bar_of_the_tornado_is_the_gap_with_that_input_alone_at_its_ends(
    make: Make, low: int, mid: int, high: int, again: str
) -> None:
    own, rate = {"costs": lines([("paid_hour", "60")])}, lines([("paid_hour", "50..55..70")])
    ends = [
        Pair(make(own, {"handling": f"{h}s", "costs": lines([("paid_hour", "55")])}, again=again), "north", "own", 3)
        for h in (low, high)
    ]
    whole = Pair(make(own, {"handling": f"{low}..{mid}..{high}s", "costs": rate}, again=again), "north", "own", 3)
    bar = next(bar for bar in tornado(whole) if bar.inputs[0].name == "handling")
    gaps = [float(pair.gap(at_mid(inputs_of(pair.sourcing)))[0]) for pair in ends]
    assert [bar.at_low, bar.at_high] == pytest.approx(gaps, rel=1e-12)


def test_shared_uncertainty_is_drawn_once_for_all(make: Make, run: Run) -> None:
    option = {"costs": lines([("paid_hour", "30..50..90")])}
    apart, together = (
        run(make(option, option, shared=shared), draws=2000).compared[0].gap for shared in ([], ["telephony"])
    )
    assert apart is not None
    assert together is not None
    assert together.high - together.low == 0
    assert apart.high - apart.low > 1


def test_equal_seeds_give_equal_findings_and_others_do_not(section7: Sourcing, run: Run) -> None:
    from onefloor.insight.sourcing.comparing import decide

    first, again, other = (decide(section7, 12, np.random.default_rng(seed), 500).compared[0].gap for seed in (5, 5, 6))
    assert first == again
    assert first != other


def test_draws_are_the_same_in_one_chunk_or_many(section7: Sourcing, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    from onefloor.insight.sourcing import simulated

    whole = run(section7, draws=900).compared[0].gap
    monkeypatch.setattr(simulated, "CHUNK", 70)
    assert run(section7, draws=900).compared[0].gap == whole


def test_the_triangle_has_the_moments_of_a_triangle() -> None:
    from fractions import Fraction

    from onefloor.insight.sourcing.spread import Spread

    chances = (np.arange(200_000) + 0.5) / 200_000
    drawn = Spread(Fraction(10), Fraction(12), Fraction(20)).at(chances)
    a, b, c = 10, 20, 12
    assert drawn.mean() == pytest.approx((a + b + c) / 3, rel=1e-6)
    assert drawn.var() == pytest.approx((a * a + b * b + c * c - a * b - a * c - b * c) / 18, rel=1e-4)
    assert 10 < drawn.min() < drawn.max() < 20
