"""The invented example gives the figures that were printed for it."""

from __future__ import annotations

import numpy as np
import pytest

from onefloor.insight.finding import Verdict
from onefloor.insight.sourcing import sentences
from onefloor.insight.sourcing.comparing import Compared, Decision, decide
from onefloor.insight.sourcing.terms import Sourcing


@pytest.fixture(scope="module")
def decision(section7: Sourcing) -> Decision:
    return decide(section7, 24, np.random.default_rng(0), 100_000)


@pytest.fixture(scope="module")
def north(decision: Decision) -> Compared:
    return decision.compared[0]


def test_costs_are_the_printed_ones(decision: Decision, north: Compared) -> None:
    assert (round(decision.reference.per_resolved, 2), round(north.there.per_resolved, 2)) == (13.49, 11.81)


def test_the_months_do_not_change_a_decision_without_one_off_costs(section7: Sourcing) -> None:
    one, many = (decide(section7, months, np.random.default_rng(0), 100) for months in (1, 60))
    assert one.reference.per_resolved == pytest.approx(many.reference.per_resolved, rel=1e-12)


def test_the_vendor_is_cheaper_in_94_of_100_draws(north: Compared) -> None:
    assert round(north.cheaper, 2) == 0.94


def test_the_interval_is_the_printed_one(north: Compared) -> None:
    assert north.gap is not None
    # -3.24 .. +0.13 were the ends of other draws: an end of 100,000 draws is sure to about 0.01.
    assert (north.gap.low, north.gap.high) == (pytest.approx(-3.24, abs=0.03), pytest.approx(0.13, abs=0.03))
    assert (north.gap.value, north.gap.level) == (pytest.approx(-1.67, abs=0.005), 0.9)


def test_break_even_is_at_the_printed_resolution_and_price(north: Compared) -> None:
    closing = {(one.input.whose, one.input.name): one for one in north.closing}
    resolved, price = closing["north", "resolved"], closing["north", "price.paid_hour.rate"]
    assert (round(resolved.value, 2), resolved.dearer_above) == (0.62, False)
    assert (round(price.value, 1), price.dearer_above) == (62.7, True)


def test_the_tornado_has_the_printed_bars_in_their_order(north: Compared) -> None:
    assert north.gap is not None
    found = [
        (
            bar.inputs[0].whose,
            bar.inputs[0].name,
            round(bar.at_low - north.gap.value, 2),
            round(bar.at_high - north.gap.value, 2),
        )
        for bar in north.bars[:6]
    ]
    assert found == [
        ("north", "handling", -0.98, 1.31),
        ("own", "handling", 0.83, -1.04),
        ("north", "resolved", 0.89, -0.63),
        ("own", "occupancy", -0.72, 0.80),
        ("own", "wage.paid_hour", 0.59, -0.89),
        ("own", "utilisation", -0.68, 0.62),
    ]


def test_the_sentence_says_so_and_does_not_say_more(decision: Decision, north: Compared) -> None:
    assert north.verdict is Verdict.CANNOT_TELL
    said = sentences.sentence(decision, north)
    assert said.en == (
        "It cannot be told whether a resolved contact costs less with North or with Own: 24 % less to 0.9 % more. "
        "It stops paying when its resolution at first contact falls below 62 %, "
        "or its price per paid hour passes 62.72."
    )
    assert said.zh == (
        "无法判断北方与自有哪个更省：每件已解决诉求的成本低 24% 至高 0.9%。"
        "一次性解决率低于 62%，或单价（每计薪小时）高于 62.72 时不再划算。"
    )


def test_issues_lost_for_ever_stand_beside(north: Compared) -> None:
    # per issue (1 - f)(1 - r) / (1 - (1 - f) r)
    for side, f in ((north.here, 0.76), (north.there, 0.71)):
        assert side.lost == pytest.approx((1 - f) * 0.35 / (1 - (1 - f) * 0.65), rel=1e-12)
        assert side.contacts_an_issue == pytest.approx(1 / (1 - (1 - f) * 0.65), rel=1e-12)
