"""Agreement: published examples to their printed digits, the library as oracle, and what must always hold."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onefloor.insight.rating.agreement import (
    Counts,
    ac1,
    ac1_error,
    alpha,
    cohen,
    counts,
    fleiss,
    ones,
    raw,
    resampled,
)
from onefloor.insight.rating.icc import correlations
from onefloor.insight.rating.marks import Floats
from onefloor.insight.rating.scores import alpha_of_scores, near, sums

DATA = Path(__file__).parents[3] / "../shared/data/agreement"
SCALES = ("nominal", "ordinal", "interval", "ratio")
TABLES = ("krippendorff_4x12", "wikipedia_3x15")


def published(name: str) -> tuple[Floats, dict[str, Any]]:
    """A published table as its file has it, and what is known of it."""
    if not DATA.exists():
        pytest.skip("the published examples of agreement are not beside the checkout")
    expected = json.loads((DATA / "expected.json").read_text(encoding="utf-8"))[name]
    return np.genfromtxt(DATA / f"{name}.csv", delimiter=","), expected


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("scale", SCALES)
def test_alpha_is_the_published_one(name: str, scale: Any) -> None:
    table, expected = published(name)
    held = counts(table.T)
    found = alpha(held, ones(held), scale)
    assert found == pytest.approx(expected["computed_alpha"][scale], abs=1e-8)
    if scale in expected["published_alpha"]:
        assert round(found, 3) == expected["published_alpha"][scale]


def test_ac1_and_fleiss_are_those_of_irrcac() -> None:
    """From irrCAC 0.4.4 on Krippendorff's 4 x 12 table."""
    held = counts(published("krippendorff_4x12")[0].T)
    assert (round(ac1(held, ones(held)), 5), round(ac1_error(held), 5)) == (0.77544, 0.14295)
    assert round(fleiss(held, ones(held)), 5) == 0.76117


def test_fleiss_kappa_is_that_of_1971() -> None:
    given_marks, expected = published("fleiss_10x5")
    held = Counts(given_marks, np.arange(5.0))
    assert fleiss(held, ones(held)) == pytest.approx(expected["computed"]["kappa"], abs=1e-8)
    assert raw(held, ones(held)) == pytest.approx(expected["computed"]["mean_agreement"], abs=1e-8)
    assert round(fleiss(held, ones(held)), 2) == expected["published_kappa"]


def test_every_form_of_shrout_and_fleiss_has_its_published_interval() -> None:
    table, expected = published("shrout_fleiss_6x4")
    found = correlations(table)
    assert [round(one.value, 2) for one in found.values()] == [0.17, 0.44, 0.29, 0.62, 0.71, 0.91]
    for name, one in expected["computed"].items():
        got = found[name]
        assert (got.value, got.f, *got.df, got.low, got.high) == pytest.approx(
            (one["icc"], one["F"], one["df1"], one["df2"], one["lower95"], one["upper95"]), abs=1e-8
        )


def test_cohens_kappa_of_a_textbook_table() -> None:
    """Cohen's kappa of 20, 5, 10, 15 (Wikipedia, Cohen's kappa): 0.40."""
    first = np.repeat([1.0, 1.0, 0.0, 0.0], [20, 5, 10, 15])
    second = np.repeat([1.0, 0.0, 1.0, 0.0], [20, 5, 10, 15])
    assert cohen(first, second) == pytest.approx(0.4)
    assert np.isnan(cohen(np.ones(5), np.ones(5)))


@pytest.mark.parametrize("scale", SCALES)
def test_alpha_is_that_of_the_library(scale: Any) -> None:
    krippendorff = pytest.importorskip("krippendorff", reason="the group of oracles is not installed")
    rng = np.random.default_rng(5)
    for _ in range(10):
        table = rng.integers(1, 6, (40, 5)).astype(float)
        table[rng.random(table.shape) < 0.4] = np.nan
        held = counts(table)
        expected = krippendorff.alpha(reliability_data=table.T, level_of_measurement=scale)
        assert alpha(held, ones(held), scale) == pytest.approx(expected, abs=1e-12)


@given(st.lists(st.lists(st.sampled_from([0.0, 1.0, 2.0, np.nan]), min_size=3, max_size=3), min_size=2, max_size=12))
@settings(max_examples=60, deadline=None)
def test_the_order_of_contacts_and_raters_changes_nothing(rows: list[list[float]]) -> None:
    table = np.array(rows)
    if not (~np.isnan(table)).any():
        return
    one, other = counts(table), counts(table[::-1, [2, 0, 1]])
    for statistic in (raw, ac1, alpha, fleiss):
        left, right = statistic(one, ones(one)), statistic(other, ones(other))
        assert left == pytest.approx(right, nan_ok=True)


def test_a_contact_taken_twice_is_two_contacts() -> None:
    table = np.random.default_rng(1).integers(0, 3, (20, 3)).astype(float)
    held, twice = counts(table), counts(np.vstack([table, table[:7]]))
    weight = np.r_[np.full(7, 2.0), np.ones(13)]
    for statistic in (raw, ac1, alpha, fleiss):
        assert statistic(held, weight) == pytest.approx(statistic(twice, ones(twice)))


def test_alpha_collapses_where_nearly_all_pass_and_ac1_does_not() -> None:
    rng = np.random.default_rng(2)
    truth = rng.random(400) < 0.98
    seen = np.where(rng.random((400, 2)) < 0.03, ~truth[:, None], truth[:, None]).astype(float)
    held = counts(seen)
    assert raw(held, ones(held)) > 0.9
    assert alpha(held, ones(held)) < 0.6
    assert ac1(held, ones(held)) > 0.9


def test_scores_within_the_tolerance_agree() -> None:
    table = np.array([[80.0, 84.0, np.nan], [70.0, 80.0, 71.0], [90.0, 90.0, np.nan], [np.nan, np.nan, 4.0]])
    assert near(sums(table, 5), np.ones(3)) == pytest.approx((1 + 1 / 3 + 1) / 3)
    assert near(sums(table, 0), np.ones(3)) == pytest.approx(1 / 3)


def test_alpha_by_sums_is_alpha_by_coincidences() -> None:
    rng = np.random.default_rng(6)
    table = rng.normal(80, 5, (50, 4)).round(1)
    table[rng.random(table.shape) < 0.4] = np.nan
    held, weight = counts(table), rng.integers(0, 3, 50).astype(float)
    weight = weight[: len(held.count)]
    two = held.paired > 0
    assert alpha_of_scores(sums(table, 5), weight[two]) == pytest.approx(alpha(held, weight, "interval"))
    assert np.isnan(alpha_of_scores(sums(np.full((9, 2), 80.0), 5), np.ones(9)))


def test_the_interval_of_twelve_contacts_says_little_and_that_of_many_covers() -> None:
    """Twelve contacts: from about .44 to nearly 1; the ends move with the draws."""
    held = counts(published("krippendorff_4x12")[0].T)
    found = resampled(np.random.default_rng(1), 12, partial(alpha, held))
    assert found.low < 0.5
    assert found.high > 0.9
    rng = np.random.default_rng(3)
    inside = 0
    for _ in range(60):  # two raters who each err in 8 of 100: alpha of infinitely many contacts is (1 - 2 x .08)^2
        truth = rng.random(200) < 0.5
        seen = np.where(rng.random((200, 2)) < 0.08, ~truth[:, None], truth[:, None]).astype(float)
        one = resampled(rng, 200, partial(alpha, counts(seen)), draws=200)
        inside += one.low <= (1 - 2 * 0.08) ** 2 <= one.high
    assert inside >= 53


def test_resampling_is_the_same_for_the_same_seed() -> None:
    held = counts(np.random.default_rng(0).integers(0, 2, (60, 2)).astype(float))
    one, other = (resampled(np.random.default_rng(9), 60, partial(alpha, held)) for _ in range(2))
    assert one == other


def test_marks_that_are_all_the_same_have_no_alpha() -> None:
    held = counts(np.ones((60, 2)))
    assert np.isnan(alpha(held, ones(held)))
    found = resampled(np.random.default_rng(0), 60, partial(alpha, held), draws=20)
    assert np.isnan(found.value)
    assert (found.low, found.high) == (-np.inf, np.inf)
