"""Delayed entry: estimators agree with lifelines and statsmodels, and with what holds by definition."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from onefloor.insight.attrition.competing import cumulative_incidence
from onefloor.insight.attrition.cox import cox, proportional
from onefloor.insight.attrition.curves import kaplan_meier, nelson_aalen
from onefloor.insight.attrition.discrete import Periods, discrete_hazard, person_periods
from onefloor.insight.attrition.log_rank import log_rank
from onefloor.insight.attrition.parametric import accelerated
from onefloor.insight.attrition.spells import Spells, spells


def truncated(seed: int, people: int = 400, *, whole_days: bool = True) -> tuple[Spells, np.ndarray]:
    """People hired over three years, watched from the second on; those who left before are not in the records."""
    rng = np.random.default_rng(seed)
    x = np.column_stack([rng.integers(0, 2, people), rng.normal(size=people)]).astype(float)
    hired = rng.uniform(-700, 360, people)
    stay = 300 * rng.weibull(0.8, people) * np.exp(-(x @ [0.5, -0.3]) / 0.8) + 1
    if whole_days:
        hired, stay = np.floor(hired), np.ceil(stay)
    entry, end = np.maximum(0, -hired), np.minimum(stay, 365 - hired)
    seen = end > entry
    return spells(end[seen], (stay <= 365 - hired)[seen], entry[seen]), x[seen]


def test_curves_with_entry() -> None:
    lifelines = pytest.importorskip("lifelines")
    held, _ = truncated(1)
    curve = kaplan_meier(held)
    times = curve.table.time
    oracle = lifelines.KaplanMeierFitter().fit(held.exit, held.event, entry=held.entry, timeline=times)
    survival = oracle.survival_function_.to_numpy()[-len(times) :, 0]
    assert curve.value == pytest.approx(survival, rel=1e-12, abs=1e-14)
    ends = oracle.confidence_interval_.to_numpy()[-len(times) :]
    inside = (curve.value > 0) & (curve.value < 1)
    assert curve.low[inside] == pytest.approx(ends[inside, 0], rel=1e-8)
    assert curve.high[inside] == pytest.approx(ends[inside, 1], rel=1e-8)


def test_the_cumulative_hazard_with_entry() -> None:
    lifelines = pytest.importorskip("lifelines")
    held, _ = truncated(1, whole_days=False)  # without ties the ways of counting them are one
    hazard = nelson_aalen(held)
    times = hazard.table.time
    oracle = lifelines.NelsonAalenFitter().fit(held.exit, held.event, entry=held.entry, timeline=times)
    assert hazard.value == pytest.approx(oracle.cumulative_hazard_.to_numpy()[-len(times) :, 0], rel=1e-10)
    assert hazard.low == pytest.approx(oracle.confidence_interval_.to_numpy()[-len(times) :, 0], rel=1e-8)


def frame(held: Spells, x: np.ndarray) -> Any:
    pd = pytest.importorskip("pandas")
    columns = {f"x{place}": x[:, place] for place in range(x.shape[1])}
    return pd.DataFrame({"T": held.exit, "E": held.event.astype(int), "entry": held.entry, **columns})


@pytest.mark.parametrize("strata", [False, True])
def test_cox_with_entry_ties_and_strata(strata: bool) -> None:
    lifelines = pytest.importorskip("lifelines")
    held, x = truncated(2)
    group = np.arange(len(held)) % 3
    data = frame(held, x).assign(group=group)
    fitter = lifelines.CoxPHFitter()
    if strata:
        fitter.fit(data, "T", "E", entry_col="entry", strata=["group"], fit_options={"precision": 1e-11})
    else:
        fitter.fit(data.drop(columns="group"), "T", "E", entry_col="entry", fit_options={"precision": 1e-11})
    found = cox(held, x, stratum=group if strata else None)
    assert found.beta == pytest.approx(fitter.params_.to_numpy(), rel=1e-6)
    assert found.error == pytest.approx(fitter.standard_errors_.to_numpy(), rel=1e-6)
    assert found.log_likelihood == pytest.approx(fitter.log_likelihood_, rel=1e-9)


def test_the_weibull_law_with_entry() -> None:
    lifelines = pytest.importorskip("lifelines")
    held, x = truncated(3)
    fitter = lifelines.WeibullAFTFitter().fit(frame(held, x), "T", "E", entry_col="entry")
    found = accelerated(held, x)
    wanted = fitter.params_
    slopes = [wanted["lambda_", "Intercept"], wanted["lambda_", "x0"], wanted["lambda_", "x1"]]
    assert found.beta == pytest.approx(np.array(slopes), rel=1e-3, abs=1e-4)  # what its own optimiser reaches
    assert found.scale == pytest.approx(np.exp(-wanted["rho_", "Intercept"]), rel=1e-3)
    assert found.log_likelihood >= fitter.log_likelihood_ - 1e-6


def test_the_log_rank_test_is_the_score_test_of_cox_without_ties() -> None:
    held, x = truncated(4, whole_days=False)
    found = log_rank(held, x[:, 0].astype(int))
    at_risk = (held.entry[None, :] < held.exit[held.event, None]) & (held.exit[None, :] >= held.exit[held.event, None])
    share = (at_risk * x[:, 0]).sum(1) / at_risk.sum(1)
    score = (x[held.event, 0] - share).sum() ** 2 / (share * (1 - share)).sum()
    assert found.chi_square == pytest.approx(score, rel=1e-10)


def test_the_test_of_proportional_hazards() -> None:
    lifelines = pytest.importorskip("lifelines")
    from lifelines.statistics import proportional_hazard_test

    held, x = truncated(5, whole_days=False)
    held = held.without_entry()
    data = frame(held, x).drop(columns="entry")
    fitter = lifelines.CoxPHFitter().fit(data, "T", "E", fit_options={"precision": 1e-11})
    oracle = proportional_hazard_test(fitter, data, time_transform="rank")
    assert proportional(held, x, cox(held, x)) == pytest.approx(oracle.p_value, rel=1e-3)


def test_ways_to_end_and_staying_add_up_to_one() -> None:
    held, _ = truncated(6)
    way = np.arange(len(held)) % 3
    found = cumulative_incidence(held, way, 3)
    assert found.share.sum(axis=0) + kaplan_meier(held).value == pytest.approx(np.ones(len(found.time)))


def test_the_hazard_of_a_period_with_a_column_for_each_is_the_life_table() -> None:
    sm = pytest.importorskip("statsmodels.api")
    held, x = truncated(7)
    rows = person_periods(held, 30)
    keep = rows.period < 12
    dummies = (rows.period[keep, None] == np.arange(12)).astype(float)
    cut = Periods(rows.spell[keep], rows.period[keep], rows.event[keep])
    found = discrete_hazard(cut, dummies)
    shares = [cut.event[cut.period == period].mean() for period in range(12)]
    assert found.of(np.eye(12)) == pytest.approx(np.array(shares), rel=1e-6)
    design = np.column_stack([dummies, x[cut.spell]])
    oracle = sm.Logit(cut.event.astype(float), design).fit(disp=0, tol=1e-12)
    wider = discrete_hazard(cut, design)
    assert wider.beta == pytest.approx(oracle.params, rel=1e-6)
    assert np.sqrt(np.diag(wider.covariance)) == pytest.approx(oracle.bse, rel=1e-6)
