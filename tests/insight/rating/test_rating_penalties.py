"""Penalties: known operating characteristics to their digits, wrong penalties with rater bias, designs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from onefloor.insight.finding import Verdict
from onefloor.insight.rating.bounds import clustered, exact, wilson
from onefloor.insight.rating.design import contacts_for_agreement, contacts_for_severity, raters_needed
from onefloor.insight.rating.misclassification import (
    Checked,
    NoBetterThanChance,
    corrected,
    corrected_rate,
)
from onefloor.insight.rating.month import BadPlan, judged_month
from onefloor.insight.rating.penalty import chance, clustered_chance, misses, rows_needed

TARGET = 0.76
# True rate: chance of a penalty by the point rule and by the bound with 150, 400, 1,000 and 3,000 contacts.
PUBLISHED = {
    0.70: ("0.94 0.53", "0.995 0.85", "1 0.996", ""),
    0.74: ("0.68 0.15", "0.80 0.23", "0.92 0.43", "0.99 0.81"),
    0.75: ("0.57 0.10", "0.65 0.11", "0.76 0.18", "0.89 0.36"),
    0.76: ("0.46 0.06", "0.47 0.05", "0.48 0.05", "0.49 0.05"),
    0.78: ("0.24 0.01", "0.15 0.00", "0.06 0.00", ""),
}
PRINTED = [
    (true, rows, *(float(part) for part in cell.split()), *(len(part.partition(".")[2]) for part in cell.split()))
    for true, cells in PUBLISHED.items()
    for rows, cell in zip((150, 400, 1000, 3000), cells, strict=True)
    if cell
]


@pytest.mark.parametrize(("true", "rows", "point", "bound", "places", "more"), PRINTED)
def test_how_often_a_penalty_falls_is_the_printed_table(
    true: float, rows: int, point: float, bound: float, places: int, more: int
) -> None:
    """The table's bound is Wilson's."""
    # Half of the last printed place: 0.055 was printed as .06, 0.455 as .46.
    assert float(chance(true, TARGET, rows, "point")) == pytest.approx(point, abs=0.6 * 10**-places if places else 1e-3)
    assert float(chance(true, TARGET, rows, "wilson")) == pytest.approx(bound, abs=0.6 * 10**-more)


@pytest.mark.parametrize("target", [0.5, 0.76, 0.85, 0.9, 0.95, 0.98, 0.99])
def test_a_kept_target_is_fined_in_one_month_of_twenty_at_most_and_wilsons_bound_more_often(target: float) -> None:
    sizes = (10, 30, 50, 100, 150, 300, 1000, 3000)
    wrong, wilsons = ([float(chance(target, target, n, rule)) for n in sizes] for rule in ("bound", "wilson"))
    assert max(wrong) <= 0.05
    assert max(wilsons) > 0.05
    assert [float(chance(target, target, n, "bound", 0.99)) <= 0.01 for n in sizes] == [True] * len(sizes)


def test_the_exact_interval_is_that_of_clopper_and_pearson() -> None:
    """0 and 5 of 10, as printed for 95 % in tables of the binomial: 0 to .3085 and .1871 to .8129."""
    ends = [[round(float(exact(k, 10, side, 0.975)), 4) for side in ("low", "high")] for k in (0, 5, 10)]
    assert ends == [[0.0, 0.3085], [0.1871, 0.8129], [0.6915, 1.0]]


def test_the_contacts_it_takes_are_the_printed_ones() -> None:
    true = (0.70, 0.72, 0.74, 0.75, 0.76, 0.78)
    assert [rows_needed(one, TARGET, rule="wilson") for one in true] == [332, 735, 2_851, 11_338, None, None]
    assert [rows_needed(one, TARGET) for one in true] == [356, 768, 2_957, 11_571, None, None]
    assert float(chance(0.74, TARGET, 2_957, "bound")) >= 0.8 > float(chance(0.74, TARGET, 2_956, "bound"))
    assert rows_needed(0.7599, TARGET) is None  # more than anybody samples


def test_wilson_is_the_published_interval() -> None:
    assert [round(float(wilson(112, 150, side, 0.975)) * 100, 2) for side in ("low", "high")] == [67.15, 80.95]


@given(st.floats(0.05, 0.95), st.integers(5, 400), st.floats(0.01, 0.99))
def test_the_chance_of_a_penalty_is_the_sum_over_what_misses(target: float, rows: int, true: float) -> None:
    for rule in ("point", "bound", "wilson"):
        hits = misses(np.arange(rows + 1), target, rows, rule)
        expected = stats.binom.pmf(np.arange(rows + 1), rows, true)[hits].sum()
        assert float(chance(true, target, rows, rule)) == pytest.approx(expected, abs=1e-9)


@given(st.integers(1, 300), st.integers(0, 300), st.integers(2, 8))
def test_the_bound_with_raters_is_never_tighter_than_the_plain_one(rows: int, passed: int, raters: int) -> None:
    n = np.full(raters, rows)
    k = np.minimum(np.full(raters, passed) + np.arange(raters), n)
    assert clustered(k, n, "high") >= float(wilson(k.sum(), n.sum(), "high")) - 1e-12
    assert clustered(k, n, "low") <= float(wilson(k.sum(), n.sum(), "low")) + 1e-12


@pytest.mark.parametrize(("raters", "plain_at_least"), [(3, 0.12), (6, 0.08), (12, 0.06)])
def test_a_kept_target_is_rarely_fined_with_raters_as_clusters(raters: int, plain_at_least: float) -> None:
    """Raters spread by 5 points, 600 contacts, the target exactly kept; the plain bound fines far more often."""
    rng, months = np.random.default_rng(11), 1500
    severity = np.clip(TARGET + rng.normal(0, 0.05, (months, raters)), 0, 1)
    rows = np.full(raters, 600 // raters)
    passed = rng.binomial(rows, severity)
    plain = np.mean(wilson(passed.sum(axis=1), rows.sum(), "high") < TARGET)
    aware = np.mean([clustered(one, rows, "high") < TARGET for one in passed])
    assert aware <= 0.06
    assert plain >= plain_at_least


def test_the_power_with_raters_is_about_that_of_simulation() -> None:
    """At 68 %: .44, .80, .94 with 3, 6 and 12 raters by simulation."""
    found = [clustered_chance(0.68, TARGET, 600, raters, 0.05) for raters in (3, 6, 12)]
    assert found == pytest.approx([0.44, 0.80, 0.94], abs=0.03)
    assert raters_needed(0.68, TARGET, 600, 0.05) == 7
    assert raters_needed(0.759, TARGET, 600, 0.05) is None


def test_designs_hold_what_they_promise() -> None:
    """The half width of a simulated double-blind design is the planned one; alike contacts only make it better."""
    from onefloor.insight.rating.crossed import against_the_mean, contrasts, crossed
    from onefloor.insight.rating.marks import Marks

    contacts = contacts_for_severity(2.0, error_sd=5.0, raters=4)
    rng = np.random.default_rng(12)
    contact = np.repeat(np.arange(contacts), 2)
    rater = np.concatenate([rng.choice(4, 2, replace=False) for _ in range(contacts)])
    value = rng.normal(0, 60, contacts)[contact] + rng.normal(0, 5, 2 * contacts)
    found = crossed(Marks(contact, rater, value, ("",) * contacts, ("",) * 4, (None,) * 4, passed=False))
    reach = [(one.high - one.low) / 2 for one in contrasts(found.fixed, found.fixed_covariance, against_the_mean(4))]
    assert np.mean(reach) == pytest.approx(2.0, rel=0.15)
    half = 1.96 * np.sqrt(0.87 * 0.13 / contacts_for_agreement(0.87, 0.05))
    assert half == pytest.approx(0.05, rel=0.01)


def test_the_true_rate_behind_raters_who_err() -> None:
    """Rogan and Gladen: true .80 with sensitivity .95 and specificity .85 is seen as .79."""
    assert pytest.approx(0.79) == 0.8 * 0.95 + 0.2 * 0.15
    assert corrected(0.79, 0.95, 0.85) == pytest.approx(0.8)
    assert corrected(0.05, 0.95, 0.85) == 0  # below what false passes alone would give
    with pytest.raises(NoBetterThanChance, match="Calibrate"):
        corrected(0.5, 0.4, 0.6)


def test_the_corrected_rate_carries_the_error_of_the_check() -> None:
    rng = np.random.default_rng(13)
    wide = corrected_rate(rng, 474, 600, Checked(40, 38, 20, 17))
    narrow = corrected_rate(rng, 474, 600, Checked(4000, 3800, 2000, 1700))
    assert wide.value == narrow.value == pytest.approx(0.8)
    assert wide.high - wide.low > 1.5 * (narrow.high - narrow.low)
    inside = 0
    for _ in range(200):
        good, bad = rng.binomial(60, 0.95), rng.binomial(60, 0.85)
        one = corrected_rate(rng, rng.binomial(600, 0.79), 600, Checked(60, good, 60, bad), draws=500)
        inside += one.low <= 0.8 <= one.high
    assert inside >= 184


@pytest.mark.parametrize(
    ("passed", "verdict", "said"),
    [
        (100, Verdict.PENALTY, ("100 of 150 passed (66.7%); with 95% certainty the true rate is at most 73.0%, "
         "and the target is 76.0%: penalty.")),
        (112, Verdict.NO_PENALTY, ("112 of 150 passed (74.7%); with 95% certainty the true rate is at most 80.4%, "
         "and the target is 76.0%: no penalty.")),
    ],
)  # fmt: skip
def test_a_month_is_fined_only_when_the_bound_misses(passed: int, verdict: Verdict, said: str) -> None:
    found = judged_month(np.array([passed]), np.array([150]), TARGET)
    assert (found.verdict, found.sentence.en) == (verdict, said)


def test_the_same_passes_of_raters_who_differ_are_not_fined() -> None:
    rows = np.array([50, 50, 50])
    alike, apart = (judged_month(np.array(k), rows, TARGET) for k in ([33, 33, 34], [20, 35, 45]))
    assert (alike.verdict, apart.verdict) == (Verdict.PENALTY, Verdict.NO_PENALTY)
    assert (alike.agents, alike.sampled.en) == (3, "raters")


@pytest.mark.parametrize(
    ("passed", "rows", "target", "said"),
    [
        (1, 10, 76.0, "The target 76 is not between 0 and 1"),
        (1, 10, 0.0, "The target 0 is not"),
        (0, 0, 0.76, "A sample of 0 is none"),
        (11, 10, 0.76, "11 of 10 cannot have passed"),
        (-1, 10, 0.76, "-1 of 10 cannot have passed"),
    ],
)
def test_numbers_that_are_no_plan_are_refused(passed: int, rows: int, target: float, said: str) -> None:
    with pytest.raises(BadPlan, match=said):
        judged_month(np.array([passed]), np.array([rows]), target)
