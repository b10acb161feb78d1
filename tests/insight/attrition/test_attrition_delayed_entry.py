"""Left truncation: ignoring it flatters, respecting it does not; what is said holds where the truth is known."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from onefloor.insight.attrition.cox import NoFit, cox
from onefloor.insight.attrition.curves import kaplan_meier
from onefloor.insight.attrition.discrete import discrete_hazard, person_periods
from onefloor.insight.attrition.findings import leaver_findings, staying_findings
from onefloor.insight.attrition.histories import Watched, histories
from onefloor.insight.attrition.leavers import known, leavers, surprise
from onefloor.insight.attrition.leaving import People, chance_to_leave, futures, hazard, present
from onefloor.insight.attrition.rates import Rates, in_bands, rates
from onefloor.insight.attrition.spells import BadSpells, Spells, spells
from onefloor.insight.attrition.staying import staying
from onefloor.insight.finding import Verdict
from onefloor.periods import Period, day_id

START = day_id(date(2026, 1, 1))
YEAR = Period(START, START + 360)


def floor(seed: int, a_month: int = 30, company: str = "North", early: float = 2.5, rate: float = 0.03) -> list[Any]:
    """Rows of a roster: hired evenly over four years; gone ones of before the records are not in it.

    The hazard is ``rate`` a month, ``early`` times that in the first 90 days.
    """
    rng = np.random.default_rng(seed)
    people = a_month * 48
    hired = START + np.sort(rng.integers(-1080, 360, people))
    grown, slow, fast = rng.exponential(size=people), rate / 30, early * rate / 30
    stay = np.ceil(np.where(grown < 90 * fast, grown / fast, 90 + (grown - 90 * fast) / slow)).astype(int)
    seen = np.flatnonzero(hired + stay > START)
    return [
        row(
            f"{company}{i}", company, int(hired[i]), int(hired[i] + stay[i]) if hired[i] + stay[i] <= YEAR.end else None
        )
        for i in seen
    ]


def row(agent: str, company: str, hired: int | None, until: int | None, **more: Any) -> dict[str, Any]:
    first = {"from_day": hired, "employment": "outsourced"}
    return {"agent": agent, "company": company, "hired_day": hired, "until_day": until, **first, **more}


def truth(tenure: float, early: float = 2.5, rate: float = 0.03) -> float:
    return float(np.exp(-rate / 30 * (early * min(tenure, 90) + max(0.0, tenure - 90))))


def test_ignoring_delayed_entry_flatters_and_respecting_it_does_not() -> None:
    right, naive = [], []
    for seed in range(30):
        held = histories(floor(seed), YEAR).spells
        right.append(kaplan_meier(held).at(180).value)
        naive.append(kaplan_meier(held.without_entry()).at(180).value)
    error = np.std(right) / len(right) ** 0.5
    assert abs(np.mean(right) - truth(180)) < 3 * error
    assert np.mean(naive) - truth(180) > 0.08


def test_intervals_of_the_share_that_stays_cover_it() -> None:
    inside = 0
    for seed in range(200):
        held = kaplan_meier(histories(floor(seed, a_month=10), YEAR).spells).at(180)
        inside += held.low <= truth(180) <= held.high
    assert 0.91 <= inside / 200 <= 0.99


def test_cox_with_entry_finds_the_ratio_that_rows_were_drawn_with() -> None:
    rng = np.random.default_rng(1)
    found: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(20):
        x = rng.integers(0, 2, 1500).astype(float)
        hired, stay = rng.uniform(-900, 600, 1500), 400 * rng.weibull(0.8, 1500) * np.exp(-0.9 * x / 0.8)
        entry, end = np.maximum(0, -hired), np.minimum(stay, 730 - hired)
        seen = end > entry
        held = spells(end[seen], (stay < 730 - hired)[seen], entry[seen])
        found[True].append(cox(held, x[seen]).beta[0])
        found[False].append(cox(held.without_entry(), x[seen]).beta[0])
    assert abs(np.mean(found[True]) - 0.9) < 3 * np.std(found[True]) / 20**0.5
    assert abs(np.mean(found[False]) - 0.9) > 0.1


def test_rates_are_those_that_rows_were_drawn_with() -> None:
    held = histories(floor(1, a_month=200), YEAR)
    found = rates(held.spells, np.zeros(len(held.spells), np.int64), 1, held.began)
    wanted = np.array([2.5, 2.5, 1, 1, 1, 1]) * 0.03 / 30
    assert (np.abs(np.log(found.mean[0] / wanted)) < 4 / np.sqrt(found.shape[0])).all()
    assert found.swing < 0.01


def test_the_swing_of_months_is_found_where_there_is_one() -> None:
    rng = np.random.default_rng(5)
    factor = rng.gamma(1 / 0.25, 0.25, 60)
    held = [(month, float(rng.random() * 30)) for month in range(60) for _ in range(rng.poisson(20 * factor[month]))]
    began = np.array([START + month * 30 for month, _ in held] + [START + m * 30 for m in range(60)] * 2000)
    stay = np.array([day + 0.01 for _, day in held] + [30.0] * 60 * 2000)
    watched = Spells(np.zeros(len(stay)), stay, np.arange(len(stay)) < len(held))
    found = rates(watched, np.zeros(len(stay), np.int64), 1, began)
    assert 0.15 < found.swing < 0.4  # drawn with 0.25; of months alike it is below 0.02


def test_presence_in_the_futures_is_the_product_of_single_chances() -> None:
    known_rates = Rates(np.full((1, 6), 1e9), np.full((1, 6), 1e9) / 0.002, 0.0)  # the rates are certain
    people = People(np.array([0, 40, 900]), np.zeros(3, np.int64), np.array([10**9, 10**9, 20]))
    days = np.array([10, 30, 120])
    found = present(futures(known_rates, 120, 40_000, np.random.default_rng(1)), people, days, np.random.default_rng(2))
    stay = np.exp(-0.002 * days)
    wanted = 2 * stay + stay * (days < 20)
    assert found.mean(axis=1) == pytest.approx(wanted, abs=0.015)
    assert chance_to_leave(known_rates, people, 30) == pytest.approx([1 - stay[1], 1 - stay[1], 1.0])


@given(st.floats(0, 800), st.lists(st.integers(1, 400), min_size=1, max_size=5, unique=True), st.integers(0, 200))
@settings(max_examples=50, deadline=None)
def test_cumulative_hazards_are_days_in_bands_times_rates(tenure: float, days: list[int], start: int) -> None:
    shape = np.arange(1.0, 7.0)[None, :] * 1e9
    drawn = futures(Rates(shape, np.full((1, 6), 1e12), 0.0), 800, 2, np.random.default_rng(1))
    ahead = np.array(sorted(days))
    found = hazard(drawn, 0, tenure, ahead, start)[:, 0]
    length = np.maximum(ahead - start, 0)
    wanted = (in_bands(np.full(len(ahead), tenure), tenure + length) * drawn.rates[0, :, 0]).sum(-1)
    assert found == pytest.approx(wanted, rel=1e-9, abs=1e-15)


def test_intervals_of_leavers_hold_them() -> None:
    inside, ahead = 0, 90
    for seed in range(60):
        rows = floor(seed, a_month=6)
        records = Period(YEAR.start, YEAR.end - ahead)
        gone = [one for one in rows if one["until_day"] and one["until_day"] > records.end]
        cut = [{**one, "until_day": None} if one in gone else one for one in rows if one["from_day"] < records.end]
        held = histories(cut, records)
        there = {one.agent for one in held.present}
        answer = leavers(held, known(held, ("company",)), held.coded(("company",))[1], ahead, seed, 2000)[0]
        left = sum(one["agent"] in there for one in gone)
        inside += answer.expected.low <= left <= answer.expected.high
    assert inside >= 54


# what becomes a spell


def watched(*rows: dict[str, Any]) -> Watched:
    return histories(rows, Period(1000, 1360))


def only(held: Watched) -> list[tuple[float, float, bool]]:
    return list(zip(held.spells.entry.tolist(), held.spells.exit.tolist(), held.spells.event.tolist(), strict=True))


def test_who_was_hired_before_the_records_enters_late() -> None:
    assert only(watched(row("a", "N", 900, 1100), row("b", "N", 1010, None))) == [(100, 200, True), (0, 350, False)]


def test_who_left_before_the_records_is_not_in_them() -> None:
    assert only(watched(row("a", "N", 900, 1000))) == []


def test_a_known_day_after_the_records_is_a_notice_and_no_event() -> None:
    held = watched(row("a", "N", 1100, 1400))
    assert only(held) == [(0, 260, False)]
    assert known(held, ("company",)).people.notice.tolist() == [40]


def test_who_is_gone_on_the_day_after_the_records_has_left_and_is_not_there() -> None:
    held = watched(row("a", "N", 1100, 1360), row("b", "N", 1100, 1361))
    assert only(held) == [(0, 260, True), (0, 260, False)]
    assert [one.agent for one in held.present] == ["b"]


def test_another_team_goes_on_with_the_spell_and_another_company_ends_it_without_leaving() -> None:
    team = [row("a", "N", 1000, 1100), row("a", "N", 1000, 1200, from_day=1100)]
    assert only(watched(*team)) == [(0, 200, True)]
    moved = [row("a", "N", 1000, 1100), row("a", "M", 1000, None, from_day=1100)]
    assert only(watched(*moved)) == [(0, 100, False), (100, 360, False)]


def test_whose_hiring_day_nobody_knows_is_left_out_and_named() -> None:
    held = watched(row("a", "N", None, None, from_day=900), row("b", "N", None, 1100, from_day=1050))
    assert (held.undated, only(held)) == (("a",), [(0, 50, True)])


@pytest.mark.parametrize(
    ("exit_", "event", "entry"),
    [([1, 2], [1], None), ([5], [1], [5]), ([float("nan")], [1], None), ([5], [0], [-1])],
)
def test_times_that_no_spell_can_have_are_refused(exit_: Any, event: Any, entry: Any) -> None:
    with pytest.raises(BadSpells):
        spells(exit_, event, entry)


def test_a_factor_that_parts_leavers_exactly_is_refused() -> None:
    with pytest.raises(NoFit):
        cox(spells([1, 2, 3, 4], [1, 1, 0, 0]), np.array([1.0, 1, 0, 0]))
    with pytest.raises(NoFit):
        cox(spells([1, 2, 3, 4], [1, 1, 0, 0]), np.ones(4))


def test_periods_in_which_records_end_are_left_out_with_and_without_an_event() -> None:
    rng = np.random.default_rng(3)
    stay, until = rng.exponential(100, 4000), rng.uniform(0, 200, 4000)
    held = spells(np.minimum(stay, until), stay < until)
    rows = person_periods(held, 30, until)
    found = discrete_hazard(rows, np.ones((len(rows.spell), 1))).of(np.ones((1, 1)))[0]
    assert found == pytest.approx(1 - np.exp(-0.3), abs=0.015)


# what is said


def test_two_companies_that_keep_people_unequally_are_told_apart() -> None:
    held = histories([*floor(1, 20), *floor(2, 20, "Own", early=1.0, rate=0.008)], YEAR)
    found = staying_findings(held, staying(held, ("company",), 180))
    assert [one.verdict for one in found] == [Verdict.WORSE, Verdict.BETTER]


def test_equal_companies_are_seldom_told_apart() -> None:
    told = 0
    for seed in range(40):
        held = histories([*floor(seed, 8), *floor(seed + 100, 8, "South")], YEAR)
        verdicts = {one.verdict for one in staying_findings(held, staying(held, ("company",), 180))}
        told += bool(verdicts & {Verdict.WORSE, Verdict.BETTER})
    assert told <= 5


def test_few_leavers_give_no_figure_and_the_reason() -> None:
    held = histories(floor(1, a_month=1)[:12], YEAR)
    assert held.spells.leavers < 10
    found = staying_findings(held, staying(held, ("company",), 180))[0]
    assert (found.verdict, found.estimate, len(found.reasons)) == (Verdict.CANNOT_TELL, None, 1)
    rates_known = known(held, ("company",))
    answers = leavers(held, rates_known, held.coded(("company",))[1], 90, 1, 100)
    found = leaver_findings(held, rates_known, ("company",), answers, 90)[0]
    assert (found.verdict, found.estimate, len(found.reasons)) == (Verdict.CANNOT_TELL, None, 1)


def test_nobody_left_yet_is_not_certainty() -> None:
    held = histories([row(f"a{i}", "N", 1000, None) for i in range(30)] + floor(1), Period(1000, START + 360))
    part = staying(held, ("company",), 180)
    share = next(one for one in part.cohorts if one.key == ("N",))
    assert share.stays is None  # of 30 people none left: fewer than ten leavers


def test_people_who_leave_in_droves_lately_are_a_signal() -> None:
    rows = floor(3, 20, rate=0.02)
    there = [one for one in rows if one["until_day"] is None and one["from_day"] < YEAR.end - 60][:60]
    for place, one in enumerate(there):
        one["until_day"] = YEAR.end - place % 20
    held = histories(rows, YEAR)
    code = held.coded(("company",))[1]
    calm = Rates(*(getattr(known(held, ("company",)).rates, name) for name in ("shape", "exposure")), 0.0)
    rates_known = known(held, ("company",))
    rates_known = type(rates_known)(rates_known.cohorts, calm, rates_known.stints, rates_known.people)
    found = leaver_findings(held, rates_known, ("company",), leavers(held, rates_known, code, 30, 1, 500), 30)[0]
    assert found.verdict is Verdict.SIGNAL


@given(
    st.lists(st.tuples(st.integers(-900, 340), st.integers(1, 900), st.sampled_from("ABC")), min_size=1, max_size=60),
    st.integers(1, 400),
    st.sampled_from([("company",), ("employment",), ("company", "training")]),
)
@settings(max_examples=60, deadline=None)
def test_whatever_the_roster_something_is_said_in_both_languages(
    people: list[tuple[int, int, str]], horizon: int, by: tuple[str, ...]
) -> None:
    rows = [
        row(f"p{i}", company, START + hired, START + hired + stay if hired + stay <= 400 else None)
        for i, (hired, stay, company) in enumerate(people)
    ]
    held = histories(rows, YEAR)
    if not len(held.spells):
        return
    rates_known, code = known(held, by), held.coded(by)[1]
    answers = leavers(held, rates_known, code, horizon, 1, 50)
    found = staying_findings(held, staying(held, by, horizon)) + leaver_findings(
        held, rates_known, by, answers, horizon
    )
    for one in found:
        assert one.sentence.zh[-1] in "。"
        assert one.sentence.en[-1] == "."
        assert "nan" not in one.sentence.en
        assert (one.estimate is None) == (one.verdict is Verdict.CANNOT_TELL and bool(one.reasons))
        assert one.as_json()


@pytest.mark.parametrize(("seen", "expected", "swing"), [(3, 8.0, 0.0), (20, 8.0, 0.0), (20, 8.0, 0.2), (0, 5.0, 0.1)])
def test_the_surprise_is_twice_the_smaller_tail(seen: int, expected: float, swing: float) -> None:
    law = stats.nbinom(1 / swing, 1 / (1 + swing * expected)) if swing else stats.poisson(expected)
    wanted = 2 * min(law.cdf(seen), law.sf(seen - 1))
    assert surprise(seen, expected, swing) == pytest.approx(wanted, rel=1e-9)
