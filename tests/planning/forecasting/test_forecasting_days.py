"""Days that are not like others: calendars, effects, outages, campaigns and changes of level."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pytest

from onefloor.planning.forecasting.breaks import last_break
from onefloor.planning.forecasting.calendars import (
    Calendar,
    CalendarTerms,
    Campaign,
    Outage,
    OwnDay,
    Special,
    calendar_of,
    china,
)
from onefloor.planning.forecasting.effects import days_of, learn
from onefloor.planning.forecasting.forecasting import Parameters, RegimeChanged, forecast, prepared
from onefloor.planning.forecasting.history import BadHistory, History, TooShort, filled
from onefloor.planning.forecasting.reading_calendars import parse_calendar
from onefloor.problems import Problem, Problems

FIRST = date(2026, 3, 2)  # a Monday
WEEK = np.array([120.0, 110.0, 100.0, 100.0, 105.0, 60.0, 40.0])
SHAPE = np.array([0.1, 0.4, 0.3, 0.2])
PLAIN = Parameters(boost=False, origins=6)


def weeks(count: int, seed: int | None = None, days: int = 0) -> np.ndarray:
    """Whole weeks of the same days in four intervals; with a seed, Poisson counts of ten times as many."""
    mean = np.resize(WEEK, 7 * count + days)[:, None] * SHAPE
    return mean if seed is None else np.random.default_rng(seed).poisson(10 * mean).astype(float)


def test_public_holidays_and_moved_workdays_of_china_are_known_by_name() -> None:
    days, unknown = china(date(2026, 2, 13), date(2026, 2, 24))
    assert {day.day: special.name for day, special in days.items()} == {
        14: "moved workday", **dict.fromkeys(range(15, 24), "Spring Festival"),
    }  # fmt: skip
    assert unknown == ()


def test_years_that_nobody_has_announced_are_told_until_the_own_file_names_days_of_them() -> None:
    terms = CalendarTerms(country="cn", days=(OwnDay(first=date(2035, 1, 1), name="New Year"),))
    assert calendar_of(None, date(2034, 12, 1), date(2036, 1, 9)).unknown_years == (2034, 2035, 2036)
    mended = calendar_of(terms, date(2034, 12, 1), date(2036, 1, 9))
    assert (mended.unknown_years, mended.days) == ((2034, 2036), {date(2035, 1, 1): Special("New Year")})


def test_own_days_correct_the_public_calendar() -> None:
    terms = parse_calendar("""
calendar: cn
days:
  - {date: 2026-05-01, through: 2026-05-03, ordinary: true}
  - {date: 2026-05-09, like: friday, name: moved}
  - {date: 2026-06-08, factor: 1.5, name: bills}
""")
    days = calendar_of(terms, date(2026, 5, 1), date(2026, 6, 10)).days
    assert [day.day for day in days if day < date(2026, 5, 9)] == [4, 5]
    assert (days[date(2026, 5, 9)], days[date(2026, 6, 8)]) == (Special("moved", like=4), Special("bills", factor=1.5))


def test_every_mistake_of_a_calendar_is_told_with_its_line() -> None:
    with pytest.raises(Problems) as wrong:
        parse_calendar("calendar: uk\ndays: [{date: 2026-13-01, likes: monday}]\noutages: [{from: yesterday}]\n")
    places = [str(one.where) for one in wrong.value.problems]
    assert len(places) >= 4
    assert {place.split(":")[1] for place in places} == {"1", "2", "3"}
    with pytest.raises(Problem) as backwards:
        parse_calendar("calendar: cn\ncampaigns:\n  - {name: x, from: 2026-05-02, through: 2026-05-01}\n")
    assert ":3:" in backwards.value.to("en")


def test_a_holiday_seen_before_is_forecast_with_what_it_brought() -> None:
    values, free = weeks(20, seed=1), (24, 52, 87)
    values[list(free)] *= 0.5
    calendar = Calendar({date.fromordinal(FIRST.toordinal() + n): Special("fair") for n in (*free, 143)})
    found = forecast(History(FIRST, values), calendar, 7, PLAIN)
    usual = forecast(
        History(FIRST, values), Calendar({d: s for d, s in calendar.days.items() if d.month < 7}), 7, PLAIN
    )
    assert found.mean[3].sum() / usual.mean[3].sum() == pytest.approx(0.5, abs=0.05)
    assert found.special == {3: "fair"}
    spans = [(found.high[0.8][n] - found.low[0.8][n]).sum() / np.sqrt(found.mean[n].sum()) for n in (2, 3)]
    assert spans[1] > spans[0]


def test_a_day_like_another_weekday_is_forecast_as_that_one() -> None:
    calendar = Calendar({date(2026, 7, 22): Special("moved", like=6)})  # a Wednesday
    found = forecast(History(FIRST, weeks(20)), calendar, 7, PLAIN)
    assert found.mean[2].sum() == pytest.approx(40.0, rel=0.02)


def test_the_day_after_a_holiday_is_learnt_too() -> None:
    values, calendar = weeks(20), {}
    for n in (16, 44, 72):
        values[n], values[n + 1] = 0.3 * values[n], 1.4 * values[n + 1]
        calendar[date.fromordinal(FIRST.toordinal() + n)] = Special("fair")
    calendar[date.fromordinal(FIRST.toordinal() + 142)] = Special("fair")
    found = forecast(History(FIRST, values), Calendar(calendar), 7, PLAIN)
    assert found.mean[3].sum() == pytest.approx(140.0, rel=0.05)


def test_known_factors_are_taken_as_they_are() -> None:
    day = date(2026, 7, 21)
    campaign = Calendar(campaigns=(Campaign("post", day, day, 1.3),))
    own = Calendar({day: Special("bills", factor=1.3)})
    for calendar in (campaign, own):
        assert forecast(History(FIRST, weeks(20)), calendar, 7, PLAIN).mean[1].sum() == pytest.approx(143.0, rel=0.01)


def test_a_campaign_teaches_the_next_of_its_name() -> None:
    values = weeks(20)
    values[30:33] *= 1.6
    begun = date.fromordinal(FIRST.toordinal() + 30)
    calendar = Calendar(campaigns=(Campaign("post", begun, date.fromordinal(begun.toordinal() + 2)),
                                   Campaign("post", date(2026, 7, 21), date(2026, 7, 21))))  # fmt: skip
    found = forecast(History(FIRST, values), calendar, 7, PLAIN)
    assert found.mean[1].sum() == pytest.approx(110 * 1.6, rel=0.03)
    assert found.mean[0].sum() == pytest.approx(120, rel=0.02)


def test_an_outage_leaves_no_trace() -> None:
    values = weeks(12)
    broken = values.copy()
    broken[70, 1:3] *= 5
    broken[80, 0] = 0
    day, other = (date.fromordinal(FIRST.toordinal() + n) for n in (70, 80))
    outages = (
        Outage(start=datetime.fromisoformat(f"{day}T07:00"), end=datetime.fromisoformat(f"{day}T17:00")),
        Outage(start=datetime.fromisoformat(f"{other}T01:00"), end=datetime.fromisoformat(f"{other}T05:00")),
    )
    masked = forecast(History(FIRST, broken), Calendar(outages=outages), 7, PLAIN)
    clean = forecast(History(FIRST, values), Calendar(), 7, PLAIN)
    assert masked.mean == pytest.approx(clean.mean, rel=0.02)


def test_a_day_of_which_little_is_known_is_not_used() -> None:
    values = weeks(8)
    values[20, 1] = np.nan
    values[21, 1:] = np.nan
    held = filled(History(FIRST, values)).values
    assert held[20] == pytest.approx(weeks(8)[20])
    assert np.isnan(held[21]).all()


@pytest.mark.parametrize("queue", ["tax", "water"])
def test_campaigns_and_outages_hold_for_their_queues(queue: str) -> None:
    day = date(2026, 7, 1)
    calendar = Calendar(campaigns=(Campaign("post", day, day, 2.0, ("tax",)),))
    assert len(calendar.of_queue(queue).campaigns) == (queue == "tax")


@pytest.mark.parametrize(("since", "refused"), [(6, True), (25, False)])
def test_a_lasting_change_is_refused_while_new_and_widens_intervals_after(since: int, refused: bool) -> None:
    values = weeks(20, seed=2)
    values[-since:] *= 1.5
    history = History(FIRST, values)
    if refused:
        with pytest.raises(RegimeChanged) as told:
            forecast(history, Calendar(), 7, PLAIN)
        assert "+5" in told.value.to("en") or "+4" in told.value.to("en")
    how = Parameters(boost=False, origins=6, accept_change=refused)
    found = forecast(history, Calendar(), 7, how)
    steady = forecast(History(FIRST, weeks(20, seed=2)), Calendar(), 7, PLAIN)
    assert found.changed is not None
    assert abs(found.changed.at - (140 - since)) <= 2
    assert found.mean.sum() / steady.mean.sum() == pytest.approx(1.5, abs=0.08)
    width, usual = (float((one.high[0.8] - one.low[0.8]).sum()) for one in (found, steady))
    assert width > 1.3 * usual


def test_chance_alone_is_no_change() -> None:
    changes = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        values = weeks(20, seed=seed) * np.exp(rng.normal(0, 0.08, 140))[:, None]
        changes.append(last_break(values, days_of(History(FIRST, values), Calendar(), 7)))
    assert sum(change is not None for change in changes) <= 1


def test_holidays_are_no_change() -> None:
    values = weeks(20, seed=3)
    values[120:130] *= 0.4
    free = {date.fromordinal(FIRST.toordinal() + n): Special("festival") for n in range(120, 130)}
    assert prepared(History(FIRST, values), Calendar(free), 7, PLAIN)[2] is None


def test_effects_of_noise_stay_near_none() -> None:
    values = weeks(20, seed=4)
    logs = learn(values, days_of(History(FIRST, values), Calendar(), 7))
    assert np.abs(logs).max() < 0.06


@pytest.mark.parametrize("days", [0, 10, 34])
def test_too_little_history_is_refused(days: int) -> None:
    with pytest.raises(TooShort):
        forecast(History(FIRST, weeks(0, days=days) if days else np.zeros((0, 4))), Calendar(), 7)
    with pytest.raises(TooShort):
        forecast(History(FIRST, np.zeros((60, 4))), Calendar(), 7)


@pytest.mark.parametrize("bad", [np.full((50, 4), -1.0), np.full((50, 4), np.inf), np.ones(50), np.ones((50, 7))])
def test_counts_that_are_none_are_refused(bad: np.ndarray) -> None:
    with pytest.raises(BadHistory):
        History(FIRST, bad)
