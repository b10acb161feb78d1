"""Selling against quality: probabilities, shrinkage, and verdicts that are right where raw rates are not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from onefloor.insight.guards import simulated
from onefloor.insight.guards.peers import against_peers, levelled
from onefloor.insight.guards.quadrants import CERTAIN, SIGNS, Quadrant, beyond, certain, quadrant_of, wrong
from onefloor.insight.guards.shrinking import Shrunk, shrunk

MARGINS = (0.02, 0.04)


def shrunken(floor: simulated.Sellers) -> Shrunk:
    return shrunk(floor.difference, floor.error, floor.expected, floor.group if floor.group.any() else None)


@given(
    st.tuples(st.floats(-0.2, 0.2), st.floats(-0.2, 0.2)),
    st.tuples(st.floats(0.005, 0.1), st.floats(0.005, 0.1), st.floats(-0.95, 0.95)),
)
@settings(max_examples=40, deadline=None)
def test_the_probability_of_a_quadrant_is_that_of_the_normal_plane(
    mean: tuple[float, float], spread: tuple[float, float, float]
) -> None:
    a, b, r = spread
    covariance = np.array([[a * a, a * b * r], [a * b * r, b * b]])
    one = Shrunk(np.array([mean]), covariance[None], covariance, None)  # type: ignore[arg-type]
    flip = np.diag([-1.0, 1.0])
    expected = stats.multivariate_normal(flip @ np.array(mean), flip @ covariance @ flip, allow_singular=True)
    assert wrong(one, MARGINS)[0] == pytest.approx(float(expected.cdf([-0.02, -0.04])), abs=2e-4)
    assert sum(beyond(one, signs)[0] for signs in SIGNS.values()) == pytest.approx(1, abs=1e-6)


def test_peers_leave_a_unit_and_its_lonely_rows_out() -> None:
    """Two agents in queue 0; agent 0 alone in queue 1: what nobody else does cannot be compared."""
    found = against_peers(
        np.array([0, 1, 0]), np.array([0, 0, 1]), np.array([8, 20, 50]), np.array([10, 1_000_000, 60]), 2
    )
    assert (found.observed.tolist(), found.rows.tolist(), found.alone) == ([8, 20], [10, 1_000_000], 60)
    assert found.expected[0] == pytest.approx(10 * 20 / 1_000_000, rel=0.01)


def test_a_floor_without_differences_has_none() -> None:
    rng = np.random.default_rng(1)
    expected = np.tile([0.12, 0.85], (100, 1))
    rows = np.array([600, 30])
    difference = rng.binomial(rows, expected) / rows - expected
    found = shrunk(difference, expected * (1 - expected) / rows, expected)
    assert np.abs(found.mean).max() < 0.02
    assert found.trade_off.low < -0.5 < 0.5 < found.trade_off.high
    assert not certain(wrong(found, (0.0, 0.0))).any()


def test_shrinking_is_nearer_to_the_truth_than_raw_rates() -> None:
    floor = simulated.sellers(np.random.default_rng(2), 200)
    errors = [np.sqrt(((one - floor.true) ** 2).mean(axis=0)) for one in (shrunken(floor).mean, floor.difference)]
    assert (errors[0] < errors[1] * [0.95, 0.75]).all()


def test_nine_of_ten_named_are_right_and_raw_rates_are_not() -> None:
    rng, named, raw = np.random.default_rng(3), np.zeros(2), np.zeros(2)
    for _ in range(15):
        floor = simulated.sellers(rng, 200, pushers=10)
        true, guard = floor.wrong(MARGINS), certain(wrong(shrunken(floor), MARGINS))
        named += guard.sum(), (guard & true).sum()
        raw += floor.raw(MARGINS).sum(), (floor.raw(MARGINS) & true).sum()
    assert named[0] > 60
    assert named[1] / named[0] >= 0.9
    assert raw[1] / raw[0] < 0.75


@pytest.mark.parametrize("correlation", [-0.6, 0.0])
def test_the_interval_of_the_trade_off_holds_the_truth(correlation: float) -> None:
    rng = np.random.default_rng(4)
    inside = 0
    for _ in range(20):
        found = shrunken(simulated.sellers(rng, 150, correlation)).trade_off
        inside += found.low <= correlation <= found.high
    assert inside >= 17


def test_the_spread_of_a_share_of_few_rows_is_not_too_small() -> None:
    """Ten checks of each agent: with the chance variance of the expected rate the spread comes out 5 % too small."""
    rng, found = np.random.default_rng(11), []
    expected = np.tile([0.12, 0.8], (600, 1))
    for _ in range(20):
        rates = np.column_stack([rng.beta(14, 14 * 0.88 / 0.12, 600), rng.beta(8, 2, 600)])
        seen = rng.binomial([600, 10], rates) / [600, 10]
        between = shrunk(seen - expected, expected * (1 - expected) / [600, 10], expected).between
        found.append(np.sqrt(between[1, 1]))
    assert np.mean(found) == pytest.approx(np.sqrt(0.8 * 0.2 / 11), rel=0.025)


def test_the_interval_holds_where_some_agents_are_far_out() -> None:
    """True differences with long tails (t, 4 degrees of freedom): by the curvature alone 52 of these 60 hold."""
    rng, inside = np.random.default_rng(1), 0
    spread, error = np.array([0.03, 0.06]), np.tile([0.00018, 0.00425], (200, 1))
    for _ in range(60):
        true = rng.standard_normal((200, 2)) / np.sqrt(rng.chisquare(4, (200, 1)) / 4) / np.sqrt(2) * spread
        difference = true + rng.normal(0, np.sqrt(error))
        found = shrunk(difference, error, np.tile([0.12, 0.85], (200, 1))).trade_off
        inside += found.low <= 0 <= found.high
    assert inside >= 55


def test_each_quadrant_has_its_name() -> None:
    at = {one: np.array(signs) * 0.2 for one, signs in SIGNS.items()}
    small = np.eye(2) * 1e-4
    found = Shrunk(np.array(list(at.values())), np.tile(small, (4, 1, 1)), small, None)  # type: ignore[arg-type]
    names, sure = quadrant_of(found)
    assert names == list(Quadrant)
    assert (sure > 0.999).all()
    assert len({one.words for one in Quadrant}) == 4


def test_whom_to_talk_to_is_each_likely_and_all_together_right() -> None:
    chances = np.array([0.99, 0.97, 0.85, 0.81, 0.81, 0.81, 0.81, 0.81, 0.79])
    assert certain(chances).tolist() == [True, True, True, True, True, False, False, False, False]
    assert not certain(np.array([0.79, 0.5])).any()
    assert CERTAIN == 0.8


def test_the_order_of_units_changes_nothing() -> None:
    floor = simulated.sellers(np.random.default_rng(5), 60)
    order = np.random.default_rng(6).permutation(60)
    one = wrong(shrunken(floor), MARGINS)
    other = wrong(shrunk(floor.difference[order], floor.error[order], floor.expected[order]), MARGINS)
    assert other == pytest.approx(one[order], abs=1e-3)


def test_what_sets_companies_apart_is_no_trade_off_between_agents() -> None:
    """Three companies that differ by themselves, agents without any trade-off: peers of all companies would see one."""
    rng, taken, without = np.random.default_rng(8), 0, 0
    for _ in range(20):
        floor = simulated.sellers(rng, 300, 0.0, companies=3)
        taken += not (found := shrunken(floor).trade_off).low <= 0 <= found.high
        pooled = shrunk(floor.difference, floor.error, floor.expected).trade_off
        without += not pooled.low <= 0 <= pooled.high
    assert taken <= 3
    assert without >= 6


def test_each_company_has_its_level() -> None:
    floor = simulated.sellers(np.random.default_rng(9), 200)
    group = np.arange(200) % 2
    moved = floor.difference + np.array([[0.02, -0.02], [0.0, 0.0]])[group]
    plain = shrunk(floor.difference, floor.error, floor.expected, group)
    other = shrunk(moved, floor.error, floor.expected, group)
    assert other.mean == pytest.approx(plain.mean, abs=0.006)
    assert other.trade_off.value == pytest.approx(plain.trade_off.value, abs=1e-3)
    assert (
        plain.covariance[:, 0, 0] >= shrunk(floor.difference, floor.error, floor.expected).covariance[:, 0, 0] - 1e-5
    ).all()


def test_a_company_that_transfers_more_is_nobodys_pattern() -> None:
    """Forty agents of two companies, one of which does it twice as often: expected is its own level."""
    unit, group = np.arange(40), np.arange(40) % 2
    hits = np.where(group == 1, 40, 20)
    plain = against_peers(unit, np.zeros(40, int), hits, np.full(40, 400), 40)
    found = levelled(plain, group)
    assert (plain.observed / plain.expected)[group == 1].min() > 1.3
    assert found.observed / found.expected == pytest.approx(np.ones(40), abs=0.03)
    assert (found.variance > 0).all()
