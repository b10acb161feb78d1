"""Estimators agree with libraries, and with their own definitions worked out in full."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from onefloor.insight.effects import planning, series, stacked, synthetic, threshold
from onefloor.insight.effects.found import Draws, Found, Mixture, NoEstimate, Student
from onefloor.insight.effects.panel import NEVER, Panel, Spread, spread


def some_blocks(seed: int, count: int = 4, units: int = 25) -> list[stacked.Block]:
    rng = np.random.default_rng(seed)
    level = rng.normal(0.7, 0.05, units)
    found = []
    for _ in range(count):
        unit = np.sort(rng.choice(units, units - 3, replace=False))
        helped = unit % 3 == 0
        history = level[unit, None] + rng.normal(0, 0.03, (len(unit), 2))
        outcome = level[unit] + 0.05 * helped + rng.normal(0, 0.03, len(unit))
        found.append(stacked.Block(unit, helped, outcome, history, rng.uniform(0.5, 1.5, len(unit))))
    return found


def full(blocks: list[stacked.Block]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Design with every block's own mean and slopes, outcome, units, weights."""
    size, width = sum(len(b.unit) for b in blocks), 1 + 3 * len(blocks)
    x, row = np.zeros((size, width)), 0
    for number, b in enumerate(blocks):
        rows = slice(row, row + len(b.unit))
        x[rows, 0], x[rows, 1 + 3 * number] = b.helped, 1
        x[rows, 2 + 3 * number : 4 + 3 * number] = b.history
        row += len(b.unit)
    return x, *(np.concatenate([getattr(b, name) for b in blocks]) for name in ("outcome", "unit", "weight"))


def test_the_comparison_is_weighted_least_squares() -> None:
    sm = pytest.importorskip("statsmodels.api")
    blocks = some_blocks(1)
    x, y, unit, weight = full(blocks)
    oracle = sm.WLS(y, x, weights=weight).fit(cov_type="cluster", cov_kwds={"groups": unit, "use_correction": False})
    assert stacked.compared(blocks).value == pytest.approx(oracle.params[0], rel=1e-9)
    rough = stacked.roughly(blocks)
    assert rough is not None
    assert rough.error == pytest.approx(oracle.bse[0], rel=1e-9)


def test_the_error_is_cr2_with_the_degrees_of_freedom_of_bell_and_mccaffrey() -> None:
    blocks = some_blocks(2)
    x, y, unit, weight = full(blocks)
    x, y = x * np.sqrt(weight)[:, None], y * np.sqrt(weight)
    inverse = np.linalg.inv(x.T @ x)
    keep = np.eye(len(y)) - x @ inverse @ x.T
    left = keep @ y
    columns, total = [], 0.0
    for one in np.unique(unit):
        rows = unit == one
        strength, turn = np.linalg.eigh(keep[np.ix_(rows, rows)])
        load = (turn / np.sqrt(strength)) @ turn.T @ x[rows] @ inverse[:, 0]
        total += float(load @ left[rows]) ** 2
        columns.append(keep[:, rows] @ load)
    inner = np.array(columns) @ np.array(columns).T
    found = stacked.compared(blocks)
    assert found.error == pytest.approx(total**0.5, rel=1e-9)
    assert isinstance(found.chance, Student)
    assert found.chance.df == pytest.approx(np.trace(inner) ** 2 / (inner**2).sum(), rel=1e-9)


def test_one_block_without_history_is_the_two_sample_comparison() -> None:
    rng = np.random.default_rng(3)
    y, helped = rng.normal(size=30), np.arange(30) < 10
    one = stacked.compared([stacked.Block(np.arange(30), helped, y, np.zeros((30, 0)), np.ones(30))])
    oracle = stats.ttest_ind(y[helped], y[~helped], equal_var=False)
    assert one.value == pytest.approx(y[helped].mean() - y[~helped].mean())
    assert one.value / one.error == pytest.approx(oracle.statistic, rel=1e-9)  # CR2 of means is Welch's error


def test_the_two_way_effect_of_a_single_wave_is_that_of_fixed_effects() -> None:
    pf = pytest.importorskip("pyfixest")
    pd = pytest.importorskip("pandas")
    from onefloor.insight.effects import staggered

    rng = np.random.default_rng(4)
    y = rng.normal(size=(40, 6)) + rng.normal(size=(40, 1))
    start = np.where(np.arange(40) < 15, 3, NEVER)
    data = staggered.Changes(y, np.ones_like(y), start, start)
    found = staggered.effects(data, {3: (0, 3)}, {3: 6})
    ours = staggered.averaged(data, found, staggered.simple(found)).value
    unit, period = np.divmod(np.arange(240), 6)
    frame = pd.DataFrame({"y": y.ravel(), "unit": unit, "period": period, "d": (period >= start[unit]).astype(float)})
    theirs = pf.feols("y ~ d | unit + period", frame).coef()["d"]
    assert ours == pytest.approx(theirs, rel=1e-8)


def test_the_interrupted_series_is_that_of_feasible_gls() -> None:
    sm = pytest.importorskip("statsmodels.api")
    rng = np.random.default_rng(5)
    shock = np.zeros(80)
    for place in range(1, 80):
        shock[place] = 0.5 * shock[place - 1] + rng.normal()
    x = series.design(80, 50)
    y = x @ [1.0, 0.02, 0.8] + shock
    fit = series.prais_winsten(y, x, corrected=False)
    root = np.sqrt(1 - fit.extra**2)
    turned = [np.concatenate([root * a[:1], a[1:] - fit.extra * a[:-1]]) for a in (y, x)]
    oracle = sm.OLS(*turned).fit()
    assert fit.beta == pytest.approx(oracle.params, rel=1e-8)
    assert np.sqrt(np.diag(fit.covariance)) == pytest.approx(oracle.bse, rel=1e-8)
    glsar = sm.GLSAR(y, x, rho=1)
    glsar.iterative_fit(50)
    assert fit.extra == pytest.approx(glsar.rho[0], abs=0.02)  # GLSAR drops the first period
    assert series.prais_winsten(y, x).extra > fit.extra


def test_the_poisson_series_is_that_of_a_generalised_linear_model() -> None:
    sm = pytest.importorskip("statsmodels.api")
    rng = np.random.default_rng(6)
    x = series.design(60, 40)
    exposure = rng.uniform(800, 1200, 60)
    count = rng.poisson(exposure * np.exp(x @ [-4.0, 0.005, -0.3]) * rng.gamma(5, 0.2, 60)).astype(float)
    fit = series.poisson(count, exposure, x)
    oracle = sm.GLM(count, x, family=sm.families.Poisson(), exposure=exposure).fit(scale="X2")
    assert fit.beta == pytest.approx(oracle.params, rel=1e-7)
    assert np.sqrt(np.diag(fit.covariance)) == pytest.approx(oracle.bse, rel=1e-6)


def test_weights_of_a_mixture_are_a_simplex_and_find_an_exact_mixture() -> None:
    rng = np.random.default_rng(7)
    others = rng.normal(size=(12, 20))
    target = others @ np.r_[0.7, 0.3, np.zeros(18)]
    found = synthetic.weights(target, others, 1e-12, intercept=False)
    assert found.sum() == pytest.approx(1)
    assert (found >= 0).all()
    assert (others @ found) == pytest.approx(target, abs=1e-5)
    even = synthetic.weights(target, others, 1e9)
    assert even == pytest.approx(np.full(20, 1 / 20), abs=1e-6)


def test_a_jump_without_noise_is_found_exactly() -> None:
    x = np.linspace(0, 1, 201)
    helped = x < 0.5
    found = threshold.jump(x, 2 * x + 0.3 * helped, 0.5, helped, width=0.3)
    assert found.value == pytest.approx(0.3)
    assert found.error == pytest.approx(0, abs=1e-9)


def test_the_jump_is_weighted_least_squares_with_hc3() -> None:
    sm = pytest.importorskip("statsmodels.api")
    rng = np.random.default_rng(8)
    x = rng.uniform(0, 1, 300)
    helped = x < 0.5
    y = x**2 + 0.3 * helped + rng.normal(0, 0.2, 300)
    found = threshold.jump(x, y, 0.5, helped)
    width = found.details["bandwidth"]
    weight = np.maximum(0, 1 - np.abs(x - 0.5) / width)
    used = weight > 0
    columns = np.column_stack([np.ones(300), helped, x - 0.5, (x - 0.5) * helped])[used]
    oracle = sm.WLS(y[used], columns, weights=weight[used]).fit(cov_type="HC3")
    assert (found.value, found.error) == pytest.approx((oracle.params[1], oracle.bse[1]), rel=1e-8)


def test_the_variances_of_a_large_panel_are_those_it_was_drawn_from() -> None:
    rng = np.random.default_rng(9)
    rows = rng.poisson(rng.gamma(2, 60, (800, 1)) * np.ones((1, 10))) + 1
    rate = rng.normal(0.7, 0.05, (800, 1)) + rng.normal(0, 0.02, (800, 10))
    hits = rng.binomial(rows, np.clip(rate, 0, 1))
    never = np.full(800, NEVER)
    found = spread(Panel(tuple(map(str, range(800))), tuple("abcdefghij"), hits, rows, never, never), (0, 10))
    assert found.mean == pytest.approx(0.7, abs=0.005)
    assert found.between == pytest.approx(0.0025, rel=0.15)
    assert found.wobble == pytest.approx(0.0004, rel=0.3)
    assert found.within == pytest.approx(0.21, rel=0.1)


def test_the_plan_keeps_its_promise() -> None:
    rng = np.random.default_rng(10)
    spread_ = Spread(0.7, 0.04**2, 0.02**2, 0.2)
    made = planning.plan(spread_, 100, (30, 60), 0.02, 3)
    after = made.periods
    assert after is not None
    assert made.visible[after - 1] <= 0.02
    assert after == 1 or made.visible[after - 2] > 0.02
    effect, seen = made.visible[after - 1], 0
    for _ in range(1000):
        level = rng.normal(0.7, 0.04, 90)
        sd = np.sqrt(spread_.wobble + spread_.within / 100)
        before, later = level + rng.normal(0, sd, (3, 90)), level + rng.normal(0, sd, (after, 90))
        helped = np.arange(90) < 30
        history = before.mean(0)[:, None]
        block = stacked.Block(np.arange(90), helped, later.mean(0) + effect * helped, history, np.ones(90))
        seen += stacked.compared([block]).interval().low > 0
    assert seen / 1000 == pytest.approx(0.8, abs=0.04)


def test_what_can_never_be_seen_is_said_to_need_more_people() -> None:
    made = planning.plan(Spread(0.7, 0.05**2, 0.04**2, 0.2), 100, (4, 20), 0.01, 3)
    assert made.periods is None
    assert made.helped_needed is not None
    assert made.helped_needed > 50


def test_an_interval_of_draws_needs_nineteen_and_its_p_agrees() -> None:
    found = Found(2.5, 1.0, Draws(tuple(np.linspace(0, 2, 19))), 1, 19)
    assert found.interval().low == pytest.approx(0.5)
    assert found.p_value == pytest.approx(1 / 20)
    assert Found(2.5, 1.0, Draws((0.5,) * 18), 1, 18).interval().low == -np.inf


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_a_p_value_and_an_interval_say_the_same(level: float) -> None:
    for chance in (Student(12.0), Mixture(400.0, 30.0)):
        edge = chance.quantile(level)
        assert chance.p_value(edge) == pytest.approx(1 - level, rel=1e-6)


def test_help_that_follows_from_history_alone_has_no_estimate() -> None:
    history = np.arange(20.0)[:, None]
    block = stacked.Block(
        np.arange(20), np.arange(20) < 10, history[:, 0], (np.arange(20) < 10)[:, None] * 1.0, np.ones(20)
    )
    with pytest.raises(NoEstimate, match="no_overlap"):
        stacked.compared([block])


def test_who_starts_alone_borrows_the_spread_of_the_others() -> None:
    from onefloor.insight.effects import staggered

    rng = np.random.default_rng(11)
    y = rng.normal(size=(20, 4))
    start = np.array([2, *[NEVER] * 19])
    data = staggered.Changes(y, np.ones_like(y), start, start)
    (one,) = staggered.effects(data, {2: (1, 2)}, {2: 3})
    change = (y[:, 2] - y[:, 1])[1:]
    assert one.influence[0] == pytest.approx(change.std())
    found = staggered.averaged(data, [one], staggered.simple([one]))
    assert found.error == pytest.approx((change.var() + change.var() / 18) ** 0.5)


def test_a_season_is_taken_out_once_two_years_lie_before() -> None:
    time = np.arange(48)
    y = 0.7 + 0.05 * np.sin(2 * np.pi * time / 12) + 0.03 * (time >= 30)
    assert series.stepped(y, 30, 48, season=12.0)[0].value == pytest.approx(0.03)
    assert abs(series.stepped(y, 30, 48)[0].value - 0.03) > 0.01
    assert series.design(40, 20, 12.0).shape == (40, 3)
    assert series.design(48, 30, 12.0).shape == (48, 7)
