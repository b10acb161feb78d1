"""Gaming and drift: planted patterns are found, honest floors are left alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefloor.insight.finding import Verdict
from onefloor.insight.guards import simulated
from onefloor.insight.guards.bunching import jump, pulled
from onefloor.insight.guards.holds import BadGate, holds
from onefloor.insight.guards.lags import lagged
from onefloor.insight.guards.peers import Peers
from onefloor.insight.guards.screening import screened, screened_means
from onefloor.insight.guards.watermelon import GREEN, LEAST_BASE, Drift, drift, watermelon

PATTERNS = [("short calls", 0.002, 0.5, 12.0), ("transfers", 0.055, 0.3, 3.5), ("invitations", 0.3, 0.1, 1 / 3)]


@pytest.mark.parametrize(("name", "rate", "spread", "factor"), PATTERNS, ids=[one[0] for one in PATTERNS])
def test_who_games_is_named_and_who_does_not_is_not(name: str, rate: float, spread: float, factor: float) -> None:
    rng, low = np.random.default_rng(1), factor < 1
    honest, named, right = 0, 0, 0
    for _ in range(25):
        found = screened(simulated.screen(rng, 200, rate, spread), low=low)
        assert found is not None
        honest += bool(found.flagged.any())
        planted = screened(simulated.screen(rng, 200, rate, spread, 3, factor), low=low)
        assert planted is not None
        named += int(planted.flagged.sum())
        right += int(planted.flagged[:3].sum())
    assert honest <= 4
    assert named >= 20
    assert right / named >= 0.9


def test_plain_limits_would_name_honest_people() -> None:
    """Without the spread between honest people a limit of chance alone names somebody on most floors."""
    rng, named = np.random.default_rng(2), 0
    for _ in range(20):
        of = simulated.screen(rng, 200, 0.055, 0.3)
        named += bool(((of.observed - of.expected) / np.sqrt(of.variance) > 3.66).any())
    assert named >= 15


def test_the_ratio_of_whoever_is_furthest_out_may_be_quoted() -> None:
    """All of 200 intervals hold the truth together (here 1) on nine floors of ten; one by one they do not."""
    rng, held, plain = np.random.default_rng(28), 0, 0
    for _ in range(20):
        of = simulated.screen(rng, 200, 0.055, 0.01)
        found = screened(of)
        assert found is not None
        inside = (found.low <= 1) & (found.high >= 1)
        held += bool(inside[found.judged].all())
        plain += bool((abs(of.observed - of.expected) < 1.96 * np.sqrt(of.variance))[found.judged].all())
    assert (held >= 18, plain) == (True, 0)
    assert screened(simulated.screen(rng, 200, 0.0, 0.3)) is not None


def test_a_poisson_count_has_its_score_interval() -> None:
    """Ten seen where five were due: z = (10 - 5 r) / sqrt(5 r) at both ends."""
    ten = Peers(np.full(20, 10.0), np.full(20, 100.0), np.full(20, 5.0), np.full(20, 5.0))
    found = screened(ten)
    assert found is not None
    for end, sign in ((found.low[0], 1), (found.high[0], -1)):
        assert (10 - 5 * end) / np.sqrt(5 * end) == pytest.approx(sign * found.limit)


def test_too_few_people_are_not_screened() -> None:
    ones = np.full(19, 100.0)
    assert screened(Peers(ones / 10, ones, ones / 10, ones / 10)) is None
    assert screened_means(np.zeros(19), np.ones(19), 0.1) is None


def test_stretched_work_is_named() -> None:
    rng = np.random.default_rng(3)
    value, error = rng.normal(0, 0.1, 200), np.full(200, 0.1**2)
    value[:2] += 1.0
    found = screened_means(value, error, 0.2)
    assert found is not None
    assert np.flatnonzero(found.flagged).tolist() == [0, 1]
    quiet = screened_means(rng.normal(0, 0.1, 200), error, 0.2)
    assert quiet is not None
    assert not quiet.flagged.any()


def test_calls_that_bunch_past_a_paid_limit_are_seen() -> None:
    rng = np.random.default_rng(4)
    planted = jump(simulated.talks(rng, 20_000, 60.0, 0.5), 60.0, 3.0)
    assert planted is not None
    assert planted.verdict(0.2) is Verdict.WORTH_A_LOOK
    honest = [jump(simulated.talks(rng, 20_000, 60.0, 0.0), 60.0, 3.0) for _ in range(60)]
    assert sum(one.verdict(0.2) is Verdict.WORTH_A_LOOK for one in honest if one) <= 1
    assert sum(one.logarithm.low <= 0 <= one.logarithm.high for one in honest if one) >= 53


def test_few_calls_near_a_limit_say_nothing() -> None:
    assert jump(np.linspace(40, 80, 150), 60.0, 3.0) is None
    assert jump(np.linspace(200, 300, 5000), 60.0, 3.0) is None
    assert jump(np.linspace(0, 10, 5000), 1.0, 1.0) is None  # no bins before it


def test_sales_that_were_pulled_forward_are_seen() -> None:
    rng = np.random.default_rng(5)
    planted = [pulled(*simulated.contest(rng, 0.4), last=45) for _ in range(10)]
    honest = [pulled(*simulated.contest(rng, 0.0), last=45) for _ in range(30)]
    assert sum(one.found for one in planted if one) >= 9
    assert not any(one.found for one in honest if one)
    assert pulled(*simulated.contest(rng, 0.4), last=10) is None  # too few days before
    assert pulled(*simulated.contest(rng, 0.4), last=55) is None  # and after


def test_a_figure_that_drifts_is_seen_and_one_that_does_not_is_not() -> None:
    rng = np.random.default_rng(6)
    planted = [drift(*simulated.weeks(rng, 40, 0.02, 0.08, 30, 1.5), 13, 2) for _ in range(10)]
    honest = [drift(*simulated.weeks(rng, 40, 0.02, 0.08, None, 1), 13, 2) for _ in range(60)]
    assert all(one.moved for one in planted if one)
    assert sum(one.moved for one in honest if one) <= 5
    better = drift(*simulated.weeks(rng, 40, 0.02, 0.08, 30, 1.5), 13, 2, higher_is_worse=False)
    assert better is not None
    assert not better.moved


def test_a_figure_without_a_past_has_no_drift() -> None:
    hits, rows = np.full(20, 3.0), np.full(20, 100.0)
    assert drift(hits, rows, 20 - LEAST_BASE + 1, 1) is None
    assert drift(np.zeros(20), rows, 5, 1) is None
    assert drift(rows, rows, 5, 1) is None


def moving(*, moved: bool) -> Drift:
    return Drift(np.array([3.0]), np.array([1.0]), np.array([moved]), 0.02, 0.03)


@pytest.mark.parametrize(
    ("reached", "moved", "green", "ripe"),
    [
        ([[True, True]] * 3, True, 3, True),
        ([[True, True]] * 3, False, 3, False),
        ([[True, True], [True, False], [True, True]], True, 1, False),
        ([[True, True], [True, True], [False, True]], True, 0, False),
        ([], True, 0, False),
    ],
)
def test_a_watermelon_is_green_for_three_periods_and_red_inside(
    reached: list[list[bool]], moved: bool, green: int, ripe: bool
) -> None:
    drifts = {"complaints": moving(moved=moved), "repeats": moving(moved=False), "unknown": None}
    found = watermelon(np.array(reached, bool), drifts)
    assert (found.green, found.ripe, found.moved) == (green, ripe, ("complaints",) if moved else ())
    assert GREEN == 3


def test_complaints_that_follow_selling_three_weeks_later_are_dated() -> None:
    rng = np.random.default_rng(7)
    found = lagged(*simulated.teams(rng, 0.2, 3), longest=6)
    assert found is not None
    assert found.lag == 3
    assert found.slopes[3].low < 0.2 < found.slopes[3].high * 1.2
    honest = [lagged(*simulated.teams(rng, 0.0, 3), longest=6) for _ in range(30)]
    assert sum(one.lag is not None for one in honest if one) <= 3
    assert lagged(*simulated.teams(rng, 0.2, 3, units=5), longest=6) is None
    assert lagged(*simulated.teams(rng, 0.2, 3, periods=12), longest=6) is None


@pytest.mark.parametrize(
    ("passed", "rule", "margin", "verdict", "held"),
    [
        ([28] * 20, "bound", 0.0, Verdict.BETTER, True),
        ([26] * 20, "bound", 0.0, Verdict.CANNOT_TELL, False),
        ([20] * 20, "bound", 0.0, Verdict.WORSE, False),
        ([27] * 20, "margin", 0.03, Verdict.BETTER, True),
        ([26] * 20, "margin", 0.03, Verdict.CANNOT_TELL, False),
    ],
)
def test_a_gate_holds_by_the_rule_that_was_chosen(
    passed: list[int], rule: str, margin: float, verdict: Verdict, held: bool
) -> None:
    found = holds(np.array(passed), np.full(20, 30), 0.85, rule, margin)  # type: ignore[arg-type]
    assert (found.verdict, found.details["holds"]) == (verdict, held)
    assert (found.details["numerator"], found.details["denominator"]) == (sum(passed), 600)
    assert found.details["lower"] < sum(passed) / 600
    assert ("the gate holds" in found.sentence.en, "前置条件成立" in found.sentence.zh) == (held, held)


def test_a_gate_with_too_few_contacts_does_not_hold() -> None:
    found = holds(np.array([19]), np.array([19]), 0.85)
    assert (found.verdict, found.details["holds"]) == (Verdict.CANNOT_TELL, False)
    assert found.reasons[0].en == "only 19 contacts were checked, and it takes 20"


@pytest.mark.parametrize(("passed", "rows", "gate"), [(11, 10, 0.85), (-1, 10, 0.85), (5, 10, 85.0), (5, 10, 0.0)])
def test_numbers_that_are_no_gate_are_refused(passed: int, rows: int, gate: float) -> None:
    with pytest.raises(BadGate, match=r"Write it as 0\.85"):
        holds(np.array([passed]), np.array([rows]), gate)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=2, max_size=12), st.floats(0.05, 0.95))
def test_better_quality_never_costs_the_reward(counts: list[tuple[int, int]], gate: float) -> None:
    """Raising every agent to the best one's share can only help: the lower bound of a uniform team is the plain one."""
    good, extra = (np.array(part) for part in zip(*counts, strict=True))
    rows = good + extra
    if rows.sum() < 20:
        return
    before = holds(good, rows, gate)
    after = holds(rows, rows, gate)
    assert after.details["holds"] >= before.details["holds"]


def test_a_gate_at_the_truth_rarely_holds_by_luck() -> None:
    rng, held = np.random.default_rng(8), np.zeros(2)
    for _ in range(300):
        rows = np.full(20, 30)
        good = rng.binomial(rows, np.clip(rng.normal(0.85, 0.05, 20), 0, 1))
        held += holds(good, rows, 0.85).details["holds"], holds(good, rows, 0.85, "margin").details["holds"]
    assert held[0] / 300 <= 0.08
    assert held[1] / 300 >= 0.4  # the observed share alone is a coin


def test_agents_are_the_sample_where_calls_bunch() -> None:
    """A few agents all of whose calls lie just past the limit: counts taken as independent would be too sure."""
    rng, missed = np.random.default_rng(9), np.zeros(2)
    for _ in range(60):
        middle = np.repeat(rng.uniform(20, 100, 150), 60)  # each agent's calls lie about its own length
        values, agents = middle + rng.normal(0, 2, len(middle)), np.repeat(np.arange(150), 60)
        for place, of in enumerate((None, agents)):
            found = jump(values, 60.0, 3.0, of)
            assert found is not None
            missed[place] += not found.logarithm.low <= 0 <= found.logarithm.high
    assert missed[0] >= 20
    assert missed[1] <= 8
