"""What a chart calls a signal: what moved, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefloor.insight.charts.alarms import DEFAULT, Thresholds, runs, within_budget
from onefloor.insight.charts.chart import Chart, Era, Refusal, Unit
from onefloor.insight.charts.dating import date_range
from onefloor.insight.charts.expectation import from_forecast, half_hours, usual, weekdays, window
from onefloor.insight.charts.findings import findings
from onefloor.insight.charts.judging import chart
from onefloor.insight.charts.limits import (
    Kind,
    autocorrelation,
    doubt,
    individuals,
    laney,
    scores,
    skewness,
    straightened,
    too_alike,
)
from onefloor.insight.charts.rare import gaps_between
from onefloor.insight.charts.series import Series
from onefloor.insight.charts.textbook import textbook
from onefloor.insight.charts.watching import Asked, Watched
from onefloor.insight.finding import Verdict
from onefloor.metrics import catalogue
from onefloor.periods import Period

START = 20_000
WEEKDAY = np.array([1.2, 0.4, 0, -0.2, -0.6, -0.6, -0.2])
BASE, JUDGED = Period(START, START + 91), Period(START + 91, START + 121)
ERAS = (Era(BASE, JUDGED),)


def drawn(
    chance: np.random.Generator, *, days: int = 121, rows: int = 2000, sd: float = 0.012, centre: float = 0.8,
    weekday: float = 0.02, shift: np.ndarray | float = 0.0, metric: str = "service_level",
) -> Series:  # fmt: skip
    """Days of a share that wobble by ``sd`` and differ by weekday, with a shift."""
    ids = START + np.arange(days)
    truth = np.clip(centre + weekday * WEEKDAY[weekdays(ids)] + chance.normal(0, sd, days) + shift, 0.005, 0.995)
    below = chance.poisson(rows, days).clip(1)
    above = chance.binomial(below, truth)
    return Series(catalogue.metric(metric), {}, ids, above.astype(float), below.astype(float))


def talk_times(chance: np.random.Generator, rows: float, *, days: int = 212, slow: float = 0.0) -> Series:
    """Days of a mean of lopsided times, exponential with a mean of five minutes; the last 30 are slower."""
    ids = START + np.arange(days)
    below = chance.poisson(rows, days)
    scale = 300_000 * (1 + slow * (ids >= START + days - 30))
    above = chance.gamma(np.maximum(below, 1e-9)) * scale
    return Series(catalogue.metric("aht"), {}, ids, above, below.astype(float)).chosen(below > 0)


def from_day(day: int, size: float, days: int = 121, last: int | None = None) -> np.ndarray:
    place = np.arange(days)
    return size * ((place >= day) & (place <= (last or days)))


def test_days_of_a_quiet_floor_are_rarely_out_of_limits_where_the_p_chart_says_half_of_them_are() -> None:
    chance, out, plain = np.random.default_rng(1), 0.0, 0.0
    for _ in range(60):
        one = drawn(chance, rows=20_000)
        judged = chart(one, ERAS)
        out += float((np.abs(judged.scored[judged.judged]) > 3).mean()) / 60
        naive = laney(Kind.SHARE, one.above, one.below, overdispersed=False)
        plain += float(naive.outside(one.values).mean()) / 60
    assert out <= 0.01
    assert plain >= 0.3


def test_quiet_screens_stay_quiet() -> None:
    chance = np.random.default_rng(2)
    loud = sum(bool(chart(drawn(chance), ERAS).changes) for _ in range(150))
    assert loud <= 25  # 30 points at one alarm in 367, each: 12 expected, and limits are estimates


SLOW_ERAS = (Era(Period(START, START + 182), Period(START + 182, START + 212), stated=False),)
SCREEN = within_budget(0.5, 54 * 30)


@pytest.mark.parametrize(("rows", "unit"), [(10, Unit.WEEK), (60, Unit.DAY)])
def test_means_of_lopsided_times_keep_to_the_budget_of_false_alarms(rows: int, unit: Unit) -> None:
    chance = np.random.default_rng(rows)
    found = [chart(talk_times(chance, rows), SLOW_ERAS, thresholds=SCREEN) for _ in range(216)]  # four screens
    assert {one.unit for one in found} == {unit}
    assert sum(len(one.changes) for one in found) <= 5  # two expected


def test_by_days_means_of_few_rows_would_break_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onefloor.insight.charts.judging.LEAST_ROWS", 0.0)
    monkeypatch.setattr("onefloor.insight.charts.judging.skewness", lambda kind, expected, *_: 0 * expected)
    chance = np.random.default_rng(3)
    assert sum(len(chart(talk_times(chance, 10), SLOW_ERAS, thresholds=SCREEN).changes) for _ in range(216)) > 5


def test_a_mean_of_few_rows_is_refused_and_a_slower_one_of_enough_is_found() -> None:
    chance = np.random.default_rng(5)
    assert refused(chart(talk_times(chance, 3), SLOW_ERAS)) is Refusal.FEW_ROWS
    assert refused(chart(talk_times(chance, 10), (Era(BASE, JUDGED),))) is Refusal.FEW_ROWS  # 13 weeks are too few
    slower = [chart(talk_times(chance, 60, slow=0.3), SLOW_ERAS, thresholds=SCREEN) for _ in range(20)]
    assert sum(bool(one.changes) and one.changes[-1].run.up for one in slower) >= 18


def test_days_that_resemble_the_day_before_raise_no_more_alarms() -> None:
    chance, loud, deaf = np.random.default_rng(3), 0, 0
    for _ in range(80):
        noise = chance.normal(0, 0.02, 121)
        for day in range(1, 121):
            noise[day] += 0.5 * noise[day - 1]
        one = drawn(chance, sd=0, weekday=0, shift=noise)
        found = chart(one, ERAS)
        loud += bool(found.changes)
        deaf += bool(runs(scores(Kind.SHARE, one.above, one.below, np.full(121, 0.8))[91:] / found.sigma))
    assert loud <= 16
    assert deaf >= 3 * loud


@pytest.mark.parametrize("rows", [12, 30, 60])
def test_small_days_of_a_lopsided_share_keep_the_budget(rows: int) -> None:
    chance, limits = np.random.default_rng(4), within_budget(0.5, 40 * 90)
    eras = (Era(BASE, Period(START + 91, START + 181)),)
    loud = 0
    for _ in range(80):
        one = drawn(chance, days=181, rows=rows, sd=0, centre=0.78, weekday=0, metric="fcr:within=7d")
        loud += len(chart(one, eras, thresholds=limits).changes)
    assert loud <= 4  # 1 on average for twice forty charts; 30 where lopsidedness is forgotten


def test_a_step_is_found_and_dated() -> None:
    chance, found, errors = np.random.default_rng(5), 0, []
    for _ in range(40):
        one = chart(drawn(chance, shift=from_day(101, -0.04)), ERAS)
        if one.changes and one.changes[-1].going_on:
            found += 1
            errors.append(one.changes[-1].first - (START + 101))
            assert not one.changes[-1].run.up
            assert one.changes[-1].size.value < 0
    assert found >= 36
    assert abs(float(np.median(errors))) <= 1


def test_the_range_of_dates_holds_the_true_one() -> None:
    chance, held = np.random.default_rng(6), []
    for _ in range(200):
        points = chance.normal(0, 1, 60) + 1.5 * (np.arange(60) >= 30)
        lasting = [run for run in runs(points) if run.lasting]
        if lasting:
            low, high = date_range(points, lasting[-1].first, lasting[-1].last)
            held.append(low <= 30 <= high)
    assert len(held) > 190
    assert np.mean(held) > 0.85  # some are split in two


def test_one_wild_day_is_no_drift() -> None:
    one = chart(drawn(np.random.default_rng(7), shift=from_day(105, -0.15, last=105)), ERAS)
    (change,) = one.changes
    assert (change.first, change.last, change.run.lasting, change.going_on) == (START + 105, START + 105, False, False)
    assert change.size.high < 0


def test_a_change_that_is_over_has_an_end() -> None:
    one = chart(drawn(np.random.default_rng(8), shift=from_day(95, 0.06, last=104)), ERAS)
    lasting = [change for change in one.changes if change.run.lasting]
    assert len(lasting) == 1
    assert abs(lasting[0].first - (START + 95)) <= 2
    assert abs(lasting[0].last - (START + 104)) <= 2
    assert not lasting[0].going_on


def test_interval_of_a_change_holds_its_size() -> None:
    """The days of a shift that is known beforehand; those that raised an alarm would be too large ones."""
    chance, held = np.random.default_rng(9), 0
    for _ in range(60):
        one = chart(drawn(chance, shift=from_day(91, -0.06)), ERAS)
        largest = max(one.changes, key=lambda change: change.points)
        held += largest.size.low <= -0.06 <= largest.size.high
    assert held >= 53


@given(st.lists(st.floats(0.01, 0.99), min_size=30, max_size=30))
def test_what_is_judged_never_moves_its_own_limits(values: list[float]) -> None:
    one = drawn(np.random.default_rng(10))
    above = one.above.copy()
    above[91:] = np.floor(np.array(values) * one.below[91:])
    before, after = chart(one, ERAS), chart(replace(one, above=above), ERAS)
    assert np.array_equal(before.expected, after.expected)
    assert np.array_equal(before.error, after.error)


def test_a_monday_is_judged_by_mondays() -> None:
    one = drawn(np.random.default_rng(11), weekday=0.1)
    with_days, without = chart(one, ERAS), chart(one, ERAS, by_weekday=False)
    assert (with_days.by_weekday, without.by_weekday) == (True, False)
    assert with_days.sigma < 0.4 * without.sigma


def test_weekdays_are_not_told_apart_by_seven_weeks() -> None:
    ids = START + np.arange(70)
    base = ids < START + 49
    values = WEEKDAY[weekdays(ids)]
    assert not usual(ids, values, base).by_weekday
    assert usual(ids, values, ids < START + 56).by_weekday


def test_the_expectation_is_the_median_of_the_last_thirteen_like_days() -> None:
    ids = START + np.arange(7 * 20)
    values = np.arange(140.0)
    found = usual(ids, values, ids < START + 7 * 18)
    assert found.values[-1] == np.median(np.arange(6, 126, 7.0)[-13:])


def test_holidays_are_neither_base_nor_judged() -> None:
    one = drawn(np.random.default_rng(12), shift=from_day(100, -0.4, last=106))
    off = frozenset(range(START + 100, START + 107))
    found = chart(one, ERAS, off)
    assert not found.changes
    assert not any(day in off for day in found.days)


def test_new_limits_need_a_date_and_take_effect_after_their_own_base_period() -> None:
    one = drawn(np.random.default_rng(130), days=200, shift=from_day(100, -0.05, 200))
    old = chart(one, (Era(BASE, Period(START + 91, START + 200)),))
    fresh = Era(Period(START + 100, START + 156), Period(START + 156, START + 200), "new queue")
    new = chart(one, (Era(BASE, Period(START + 91, START + 100)), fresh))
    assert old.changes[-1].going_on
    assert not [change for change in new.changes if change.first >= START + 156]
    assert not new.judged[(new.days >= START + 100) & (new.days < START + 156)].any()
    assert new.eras[-1].reason == "new queue"


def test_figures_that_are_too_much_alike_are_an_alert() -> None:
    chance = np.random.default_rng(14)
    honest = drawn(chance, sd=0, weekday=0)
    copied = replace(honest, above=np.round(honest.below * 0.8) + chance.integers(-4, 5, 121))
    assert chart(copied, ERAS).alike
    assert chart(copied, ERAS).sigma < 0.3
    assert sum(chart(drawn(chance, sd=0, weekday=0), ERAS).alike for _ in range(100)) <= 4


def test_the_alert_is_a_finding_of_its_own() -> None:
    honest = drawn(np.random.default_rng(28), sd=0, weekday=0)
    copied = replace(honest, above=np.round(honest.below * 0.8))
    watched = Watched(Asked("service_level", JUDGED), (chart(copied, ERAS),), 30, DEFAULT)
    verdicts = [one.verdict for one in findings(watched)]
    assert verdicts == [Verdict.STEADY, Verdict.WORTH_A_LOOK]
    said = findings(watched)[1].sentence
    assert said.en.startswith("service level: the points are too much alike, varying only 0.")
    assert said.zh.startswith("服务水平各期彼此过于接近")


def refused(one: Chart) -> Refusal | None:
    assert one.changes == ()
    return one.refused


def test_what_has_no_chart_says_why() -> None:
    one = drawn(np.random.default_rng(15))
    assert refused(chart(one.chosen(one.days >= START + 72), ERAS)) is Refusal.SHORT_BASE
    assert refused(chart(one.chosen(one.days < START + 91), ERAS)) is Refusal.NOTHING_JUDGED
    assert refused(chart(replace(one, above=np.zeros(121)), ERAS)) is Refusal.NEVER
    assert refused(chart(replace(one, below=np.full(121, 100.0), above=np.full(121, 50.0)), ERAS)) is Refusal.NO_SPREAD


def test_days_that_differ_so_much_that_nothing_could_stand_out_are_not_called_steady() -> None:
    one = drawn(np.random.default_rng(27), sd=0.35, centre=0.5)
    assert refused(chart(one, ERAS)) is Refusal.TOO_WILD


def test_twenty_points_are_a_base_period_and_nineteen_are_not() -> None:
    one = drawn(np.random.default_rng(16), days=60)
    twenty, nineteen = (Era(Period(START, START + size), Period(START + 30, START + 60)) for size in (20, 19))
    assert chart(one, (twenty,)).refused is None
    assert chart(one, (nineteen,)).refused is Refusal.SHORT_BASE


def rare(chance: np.random.Generator, rate: float, later: float, days: int = 240) -> Series:
    ids = START + np.arange(days)
    below = chance.poisson(400, days)
    truth = np.where(np.arange(days) < 182, rate, later)
    above = chance.poisson(below * truth)
    metric = catalogue.metric("complaints_per_10000")
    return Series(metric, {}, ids, above.astype(float), below.astype(float))


@pytest.mark.parametrize(("per_day", "unit"), [(20, Unit.DAY), (2, Unit.WEEK), (0.3, Unit.GAP)])
def test_rare_events_are_put_together_by_weeks_or_judged_by_what_lies_between(per_day: float, unit: Unit) -> None:
    chance = np.random.default_rng(17)
    eras = (Era(Period(START, START + 182), Period(START + 182, START + 240)),)
    quiet = [chart(rare(chance, per_day / 400, per_day / 400), eras) for _ in range(30)]
    more = [chart(rare(chance, per_day / 400, 4 * per_day / 400), eras) for _ in range(10)]
    assert {one.unit for one in [*quiet, *more]} == {unit}
    assert sum(bool(one.changes) for one in quiet) <= 3
    assert sum(bool(one.changes) and one.changes[0].size.low > 0 for one in more) >= 9


def test_failures_of_a_share_near_the_whole_are_rare_events_that_make_it_worse() -> None:
    chance = np.random.default_rng(18)
    ids = START + np.arange(240)
    truth = np.where(np.arange(240) < 182, 0.99, 0.95)
    below = np.full(240, 20)
    metric = catalogue.metric("customer_critical_accuracy")
    one = Series(metric, {}, ids, chance.binomial(below, truth).astype(float), below.astype(float))
    found = chart(one, (Era(Period(START, START + 182), Period(START + 182, START + 240)),))
    assert found.unit is Unit.GAP
    assert found.changes[0].size.high < 0


def test_gaps_between_events_of_one_day_are_evenly_spread() -> None:
    gaps, place = gaps_between(np.array([1.0, 0, 2, 0]), np.array([10.0, 10, 10, 10]))
    assert gaps.tolist() == [17.5, 5.0]
    assert place.tolist() == [2, 2]


def test_means_are_judged_by_days() -> None:
    chance = np.random.default_rng(19)
    ids = START + np.arange(121)
    below = chance.poisson(1000, 121).astype(float)
    mean = 270_000 + chance.normal(0, 6000, 121) + from_day(110, 60_000, last=110)
    found = chart(Series(catalogue.metric("aht"), {}, ids, below * mean, below), ERAS)
    assert [(change.first, change.run.up) for change in found.changes] == [(START + 110, True)]


def test_a_forecast_is_what_is_usual_but_for_its_bias() -> None:
    base = np.arange(10) < 8
    found = from_forecast(np.full(10, 110.0), np.full(10, 100.0), base)
    assert np.allclose(found.values, 110.0)
    assert np.isnan(from_forecast(np.full(10, 110.0), np.r_[np.full(9, 100.0), 0], base).values[-1])


def test_half_hours_of_a_day_show_when_it_happened() -> None:
    chance = np.random.default_rng(20)
    below = chance.poisson(60, (92, 48)).astype(float)
    below[:, :16] = 0
    mean = 270 + chance.normal(0, 3, (92, 48))
    mean[91, 20:28] += 60
    ids = START + np.arange(92)
    _, scored = half_hours(below * mean, below, 91, ids, ids < START + 91)
    assert window(scored, up=True) == (20, 27)
    assert window(np.zeros(48), up=True) is None


def test_the_likeness_of_neighbours_in_a_quiet_stretch() -> None:
    chance = np.random.default_rng(26)
    alike, not_alike = [], []
    for _ in range(100):
        noise = chance.normal(0, 1, 91)
        not_alike.append(autocorrelation(noise))
        for day in range(1, 91):
            noise[day] += 0.4 * noise[day - 1]
        alike.append(autocorrelation(noise))
    assert np.mean(alike) == pytest.approx(0.4, abs=0.05)
    assert np.mean(not_alike) < 0.05
    assert autocorrelation(np.zeros(50)) == 0


@given(st.floats(-3.2, 3.2), st.floats(-0.9, 0.9))
def test_straightening_is_the_inverse_of_bending(normal: float, skew: float) -> None:
    from onefloor.insight.charts.limits import bent

    there = bent(np.array([normal]), np.array([skew]))
    assert straightened(there, np.array([skew]))[0] == pytest.approx(normal, abs=1e-6)


def test_means_are_as_lopsided_as_exponential_times_where_these_vary_as_much_as_their_mean() -> None:
    found = skewness(Kind.MEAN, np.full(2, 300.0), np.array([25.0, 100.0]), 300.0)
    assert found.tolist() == pytest.approx([0.4, 0.2])  # 2 / sqrt(n)
    assert skewness(Kind.QUANTITY, np.ones(2), np.ones(2), 3.0).tolist() == [0, 0]
    assert skewness(Kind.SHARE, np.array([0.1]), np.array([100.0]), 1.0)[0] == pytest.approx(0.8 / 3)


def test_points_beyond_the_limits_that_follow_each_other_are_one_run() -> None:
    points = np.zeros(30)
    points[[10, 11, 20]] = [5, 6, -5]
    found = [(run.first, run.last, run.up, run.lasting) for run in runs(points, Thresholds(3.3, 9.0))]
    assert found == [(10, 11, True, False), (20, 20, False, False)]
    assert runs(np.zeros(30), DEFAULT) == []


def test_individual_values_rarely_leave_their_limits() -> None:
    chance = np.random.default_rng(23)
    out = [individuals(x := chance.normal(0, 1, 120))[0].outside(x).mean() for _ in range(100)]
    assert np.mean(out) < 0.008


def test_limits_from_few_points_are_wider() -> None:
    assert [round(doubt(points), 2) for points in (20, 91, 10_000)] == [1.28, 1.05, 1.0]


def test_too_alike_is_a_matter_of_chance_for_honest_counts() -> None:
    chance = np.random.default_rng(24)
    assert sum(too_alike(chance.normal(0, 1, 60)) for _ in range(300)) <= 9


def test_the_charts_of_the_textbooks_stand_beside() -> None:
    one = drawn(np.random.default_rng(31), rows=20_000)
    found = textbook(chart(one, ERAS))
    assert found.keys() == {"p", "p'", "CUSUM"}
    plain = laney(Kind.SHARE, one.above, one.below, overdispersed=False)
    assert found["p"] == plain.outside(one.values)[-30:].sum() > 9
    assert found["p'"] <= 1


def test_means_have_an_xmr_chart_and_averages_of_weeks_and_what_is_refused_has_none() -> None:
    one = talk_times(np.random.default_rng(32), 400, days=121, slow=0.2)
    found = textbook(chart(one, ERAS))
    assert found.keys() == {"XmR", "x-bar of weeks", "CUSUM"}
    assert found["XmR"] == individuals(one.values)[0].outside(one.values)[-30:].sum()
    assert (found["x-bar of weeks"], found["CUSUM"] > 20) == (4, True)
    assert textbook(chart(one.chosen(np.arange(len(one)) < 5), ERAS)) == {}


def test_rare_events_have_g_and_t_charts() -> None:
    one = rare(np.random.default_rng(33), 0.3 / 400, 0.3 / 400)
    days = Period(START, START + 182), Period(START + 182, START + 240)
    assert textbook(chart(one, (Era(*days),))).keys() == {"g", "t", "CUSUM"}
