"""Severity of raters: known biases found again, the library as oracle, coverage."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from onefloor.insight.rating.crossed import against_the_mean, contrasts, crossed
from onefloor.insight.rating.marks import Floats, Marks
from onefloor.insight.rating.passing import passing
from onefloor.insight.rating.severity import at_large, of_company, of_raters, severity, shared_by


def drawn(
    rng: np.random.Generator, bias: Floats, contacts: int, per: int = 3, companies: tuple[str, ...] | None = None
) -> Marks:
    """Scores of contacts that are each marked by some of the raters, drawn by lot."""
    raters = len(bias)
    contact = np.repeat(np.arange(contacts), per)
    rater = np.concatenate([rng.choice(raters, per, replace=False) for _ in range(contacts)])
    value = 80 + rng.normal(0, 6, contacts)[contact] + bias[rater] + rng.normal(0, 5, contacts * per)
    names = tuple(f"R{place}" for place in range(raters))
    held = companies or (None,) * raters
    return Marks(contact, rater, value, tuple(map(str, range(contacts))), names, held, passed=False)


def passes(rng: np.random.Generator, severity: Floats, contacts: int, per: int, spread: float) -> Marks:
    raters = len(severity)
    contact = np.repeat(np.arange(contacts), per)
    rater = np.concatenate([rng.choice(raters, per, replace=False) for _ in range(contacts)])
    chance = expit(severity[rater] + rng.normal(0, spread, contacts)[contact])
    value = (rng.random(len(chance)) < chance).astype(float)
    names = tuple(f"R{place}" for place in range(raters))
    return Marks(contact, rater, value, tuple(map(str, range(contacts))), names, (None,) * raters, passed=True)


@pytest.mark.filterwarnings("default")
def test_variances_and_effects_are_those_of_statsmodels() -> None:
    statsmodels = pytest.importorskip("statsmodels.api", reason="the group of oracles is not installed")
    pandas = pytest.importorskip("pandas")
    marks = drawn(np.random.default_rng(1), np.array([0.0, 3.0, -4.0, 5.0, -2.0]), 40)
    frame = pandas.DataFrame({"y": marks.value, "contact": marks.contact, "rater": marks.rater, "all": 1})
    parts = {"contact": "0 + C(contact)", "rater": "0 + C(rater)"}
    model = statsmodels.MixedLM.from_formula("y ~ 1", frame, groups="all", vc_formula=parts, re_formula="0")
    fit = model.fit(reml=True)
    found = crossed(marks)
    expected = dict(zip(model.exog_vc.names, fit.vcomp, strict=True))
    assert (found.contact, found.rater, found.error) == pytest.approx(
        (expected["contact"], expected["rater"], fit.scale), rel=2e-3
    )
    assert found.mean == pytest.approx(fit.fe_params.iloc[0], abs=1e-2)
    effects = fit.random_effects[1]
    theirs = np.array([effects[f"rater[C(rater)[{place}]]"] for place in range(5)])
    assert found.severity == pytest.approx(theirs, abs=1e-2)


def test_a_full_table_has_the_variances_of_the_mean_squares() -> None:
    """In a balanced table restricted maximum likelihood is the analysis of variance (Searle et al. 1992, 4.8)."""
    from onefloor.insight.rating.icc import correlations, squares

    table = np.random.default_rng(2).normal(0, 3, (40, 4)) + np.random.default_rng(3).normal(0, 6, (40, 1))
    table = table + np.array([0.0, 4.0, -3.0, 1.0])
    contact, rater = (grid.ravel() for grid in np.indices(table.shape))
    marks = Marks(contact, rater, table.ravel(), ("",) * 40, ("",) * 4, (None,) * 4, passed=False)
    of, found = squares(table), crossed(marks)
    assert found.error == pytest.approx(of.error, rel=1e-3)
    assert found.contact == pytest.approx((of.contacts - of.error) / 4, rel=1e-3)
    assert found.rater == pytest.approx((of.raters - of.error) / 40, rel=1e-3)
    assert found.one_rater == pytest.approx(correlations(table)["ICC2"].value, rel=1e-3)
    assert found.fixed == pytest.approx(table.mean(axis=0) - table.mean(), abs=1e-3)


@pytest.mark.parametrize("raters", [3, 7])
def test_intervals_of_severity_hold_the_truth(raters: int) -> None:
    """Raters taken as they are; pulled towards their mean, three raters' intervals held it in .86 of the cases."""
    rng = np.random.default_rng(4)
    inside = []
    for _ in range(60):
        bias = rng.normal(0, 4, raters)
        estimates = of_raters(severity(drawn(rng, bias, 60, min(3, raters - 1))))
        inside += [one.low <= true <= one.high for one, true in zip(estimates, bias - bias.mean(), strict=True)]
    assert np.mean(inside) >= 0.92


def test_intervals_of_passing_hold_the_truth() -> None:
    rng = np.random.default_rng(5)
    places, weights = np.polynomial.hermite_e.hermegauss(40)
    inside = []
    for _ in range(25):
        strict = 1.2 + rng.normal(0, 0.6, 5)
        found = passing(passes(rng, strict, 150, 3, 1.5))
        true = expit(strict[:, None] + 1.5 * places) @ (weights / weights.sum())
        each = against_the_mean(5)
        estimates = contrasts(found.rate, found.rate_covariance, each)
        inside += [one.low <= value <= one.high for one, value in zip(estimates, each @ true, strict=True)]
    assert np.mean(inside) >= 0.9


def test_the_gradient_of_the_logit_model_is_its_slope() -> None:
    from scipy.optimize import check_grad

    from onefloor.insight.rating.passing import _deviance

    marks = passes(np.random.default_rng(6), np.array([1.0, 0.0, 2.0]), 30, 2, 1.0)
    at = np.array([0.5, -0.2, 1.0, 0.8])
    error = check_grad(lambda x: _deviance(marks, x, True)[0], lambda x: _deviance(marks, x, True)[1], at, epsilon=1e-6)
    assert error < 1e-3


def test_a_rater_who_passes_everything_is_still_somewhere() -> None:
    rng = np.random.default_rng(7)
    marks = passes(rng, np.array([1.0, 1.0, 60.0]), 100, 2, 1.0)
    assert marks.value[marks.rater == 2].min() == 1
    found = severity(marks)
    assert np.isfinite(found.effects).all()
    assert np.isfinite(found.covariance).all()


def test_contacts_marked_once_leave_the_contacts_spread_in_the_error() -> None:
    rng = np.random.default_rng(8)
    bias = np.array([0.0, 2.0, -3.0])
    found = crossed(drawn(rng, bias, 3000, per=1))
    assert found.contact is None
    assert found.one_rater is None
    assert found.error == pytest.approx(36 + 25, rel=0.1)
    assert found.fixed == pytest.approx(bias - bias.mean(), abs=0.6)


def test_a_company_is_the_contrast_of_its_raters() -> None:
    rng = np.random.default_rng(9)
    bias = np.array([0.0, 1.0, -1.0, -4.0, -5.0, -6.0])
    marks = drawn(rng, bias, 400, 2, ("Own",) * 3 + ("North",) * 3)
    found = severity(marks)
    north = of_company(found, marks, "North", "Own")
    assert north.low < -5 < north.high < 0
    assert of_company(found, marks, "Own", "North") == -north
    general = at_large(found, marks, "North", "Own")
    assert general is not None
    assert general.high - general.low > north.high - north.low
    assert shared_by(marks, "North", "Own") == sum(
        len({marks.companies[r] for r in marks.rater[marks.contact == c]}) == 2 for c in range(400)
    )


def test_one_rater_says_nothing_of_a_company_at_large() -> None:
    marks = drawn(np.random.default_rng(10), np.array([0.0, 1.0, -3.0]), 60, 2, ("Own", "Own", "North"))
    assert at_large(severity(marks), marks, "North", "Own") is None
