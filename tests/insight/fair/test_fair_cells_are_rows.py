"""Cells give what rows give, and what the libraries say of rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from onefloor.insight.fair.fitting import fitted, hessian_of, mean, profiles, slope
from onefloor.insight.fair.gap import gap, jackknife_variance
from onefloor.insight.fair.half_hours import gap_within
from onefloor.insight.fair.simulated import World, simulate
from onefloor.insight.fair.work import Family, Floats, Work


def rows_of(work: Work) -> Work:
    """One cell a contact; of a cell's sums the first rows have the whole numbers."""
    n = work.n.astype(int)
    place = np.repeat(np.arange(len(work)), n)
    first = np.arange(len(place)) - np.repeat(np.cumsum(n) - n, n)
    return Work(
        work.family, work.company[place], work.agent[place], work.tenure[place],
        tuple(codes[place] for codes in work.mix), work.stratum[place], np.ones(len(place)),
        (first < work.k[place]).astype(float) if work.family is Family.SHARE else work.k[place] / n[place],
        None if work.logs is None else work.logs[place] / n[place],
    )  # fmt: skip


def drawn(family: Family = Family.SHARE) -> Work:
    contacts = 3000 if family is Family.COUNT else 120  # events are rare
    asked = World(agents=(9, 8), contacts=contacts, family=family)
    return simulate(np.random.default_rng(3), asked).work


@pytest.mark.parametrize("tenure", [False, True])
def test_gap_and_error_of_cells_are_those_of_rows(tenure: bool) -> None:
    work = drawn()
    cells, rows = gap(work, tenure=tenure), gap(rows_of(work), tenure=tenure)
    assert cells is not None
    assert rows is not None
    for name in ("value", "error", "theirs", "ours", "effect", "effect_error"):
        assert getattr(cells, name) == pytest.approx(getattr(rows, name), rel=1e-9)
    assert (cells.contacts, cells.agents) == (rows.contacts, rows.agents)


@pytest.mark.parametrize("family", [Family.SHARE, Family.COUNT])
def test_coefficients_and_their_errors_are_those_of_statsmodels_on_rows(family: Family) -> None:
    sm = pytest.importorskip("statsmodels.api")
    work = drawn(family)
    design = profiles(work, tenure=True)
    assert design is not None
    n = design.added(work.n)
    beta = fitted(family, design.x, n, design.added(work.k))
    inverse = np.linalg.inv(hessian_of(design.x, n * slope(family, mean(family, design.x @ beta))))
    rows = rows_of(work)
    of_rows = profiles(rows, tenure=True)
    assert of_rows is not None
    model = sm.families.Binomial() if family is Family.SHARE else sm.families.Poisson()
    found = sm.GLM(rows.k, of_rows.x[of_rows.place], family=model).fit(tol=1e-14)
    assert beta == pytest.approx(found.params, rel=1e-9, abs=1e-9)
    assert np.sqrt(np.diag(inverse)) == pytest.approx(found.bse, rel=1e-9)


def test_the_jackknife_is_leaving_each_agent_out_with_statsmodels() -> None:
    sm = pytest.importorskip("statsmodels.api")
    work = drawn()
    found = gap(work, tenure=False)
    design = profiles(work, tenure=False)
    assert found is not None
    assert design is not None
    x = design.x[design.place]

    def gaps(kept: np.ndarray) -> float:
        some = [column for column in range(x.shape[1]) if np.ptp(x[kept, column]) or column == 0]
        told = sm.GLM(
            np.column_stack([work.k, work.n - work.k])[kept], x[kept][:, some], family=sm.families.Binomial()
        ).fit(tol=1e-14)
        on = kept & (work.company == 1)
        theirs = x[on][:, some]
        ours = theirs.copy()
        ours[:, -1] = 0
        weight = work.n[on] / work.n[on].sum()
        return float((weight * (told.predict(theirs) - told.predict(ours))).sum())

    agents = np.unique(work.agent)
    left = np.array([[gaps(work.agent != agent)] for agent in agents])
    side = np.array([work.company[work.agent == agent][0] for agent in agents])
    whole = gaps(work.n > 0)
    assert found.value == pytest.approx(whole, rel=1e-9)
    assert found.error == pytest.approx(np.sqrt(jackknife_variance(left, np.array([whole]), side))[0], rel=1e-6)


def test_one_step_is_nearly_the_whole_fit_where_agents_are_many() -> None:
    work = simulate(np.random.default_rng(5), World(agents=(40, 40))).work
    one_step, exact = gap(work, tenure=True), gap(work, tenure=True, few=1000)
    assert one_step is not None
    assert exact is not None
    assert one_step.value == exact.value
    assert one_step.error == pytest.approx(exact.error, rel=0.01)


def test_nothing_depends_on_how_much_is_held_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks bound the memory of many contacts and columns; the figures are the same."""
    work = simulate(np.random.default_rng(5), World(agents=(25, 22))).work
    slot = half_hours(work)
    at_once = [gap(work, tenure=True), gap_within(work, slot, tenure=True)]
    monkeypatch.setattr("onefloor.insight.fair.gap.BLOCK", 300)
    monkeypatch.setattr("onefloor.insight.fair.gap.MANY", 0)
    monkeypatch.setattr("onefloor.insight.fair.half_hours.BLOCK", 97)
    for one, other in zip(at_once, [gap(work, tenure=True), gap_within(work, slot, tenure=True)], strict=True):
        assert one is not None
        assert other is not None
        assert (one.value, one.error, one.effect_error) == pytest.approx(
            (other.value, other.error, other.effect_error), rel=1e-9
        )


def half_hours(work: Work) -> Floats:
    """A half hour of each cell, so that companies share some."""
    return np.random.default_rng(8).integers(0, 60, len(work))


def test_half_hours_of_cells_are_those_of_pyfixest_on_rows() -> None:
    pf = pytest.importorskip("pyfixest")
    pd = pytest.importorskip("pandas")
    work = replace(drawn(), mix=drawn().mix[:1])
    slot = half_hours(work)
    found = gap_within(work, slot, tenure=False)
    assert found is not None
    rows = rows_of(work)
    frame = pd.DataFrame(
        {
            "y": rows.k,
            "theirs": rows.company.astype(float),
            "agent": rows.agent,
            "slot": np.repeat(slot, work.n.astype(int)),
        }
        | {"skill": rows.mix[0]}
    )
    told = pf.feols("y ~ theirs + C(skill) | slot", data=frame, vcov={"CRV1": "agent"})
    assert found.value == pytest.approx(float(told.coef()["theirs"]), rel=1e-9)
    left = []
    for agent in np.unique(rows.agent):
        without = pf.feols("y ~ theirs + C(skill) | slot", data=frame[frame.agent != agent], vcov="iid")
        left.append([float(without.coef()["theirs"])])
    side = np.array([rows.company[rows.agent == agent][0] for agent in np.unique(rows.agent)])
    variance = jackknife_variance(np.array(left), np.array([found.value]), side)
    assert found.error == pytest.approx(np.sqrt(variance)[0], rel=1e-7)


def test_durations_are_smeared_back_to_seconds() -> None:
    work = drawn(Family.DURATION)
    assert work.logs is not None
    found = gap(work, tenure=False)
    design = profiles(work, tenure=False)
    assert found is not None
    assert design is not None
    x = design.x[design.place]
    root = np.sqrt(work.n)[:, None]
    beta = np.linalg.lstsq(x * root, work.logs / work.n * root[:, 0], rcond=None)[0]
    smear = [
        (work.k * np.exp(-x @ beta))[work.company == side].sum() / work.n[work.company == side].sum() for side in (0, 1)
    ]
    on = work.company == 1
    eta, weight = x[on] @ beta, work.n[on] / work.n[on].sum()
    theirs, ours = (weight * np.exp(eta)).sum() * smear[1], (weight * np.exp(eta - beta[-1])).sum() * smear[0]
    assert (found.theirs, found.ours, found.effect) == pytest.approx((theirs, ours, beta[-1]), rel=1e-8)


def test_smearing_gives_back_the_raw_mean_where_there_is_nothing_to_adjust() -> None:
    work = replace(drawn(Family.DURATION), mix=())
    found = gap(work, tenure=False)
    assert found is not None
    assert (found.theirs, found.ours) == pytest.approx((work.rate(1), work.rate(0)), rel=1e-9)


def test_nothing_to_adjust_leaves_the_raw_gap() -> None:
    for family in (Family.SHARE, Family.COUNT):
        work = replace(drawn(family), mix=())
        found = gap(work, tenure=False)
        assert found is not None
        assert found.value == pytest.approx(work.rate(1) - work.rate(0), rel=1e-9)
