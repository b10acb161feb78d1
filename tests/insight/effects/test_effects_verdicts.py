"""Every verdict and every refusal, from data that call for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from designs import LINE, MONTHS, action, case_of, floor, series_case

from onefloor.insight.effects.action import Action, Given, Judgement, Low, Threshold, Unrelated, WholeFloor
from onefloor.insight.effects.answer import Answer
from onefloor.insight.effects.by_series import one_unit
from onefloor.insight.effects.case import Case
from onefloor.insight.effects.effect import by_design, holm, told
from onefloor.insight.effects.found import Draws, Found, Mixture, NoEstimate, Student
from onefloor.insight.effects.panel import NEVER
from onefloor.insight.effects.refusals import REFUSALS
from onefloor.insight.finding import Finding, Verdict
from onefloor.language import Text

LOW = Low(metric="fcr:within=7d")
UNRELATED = Unrelated(reason=Text("排班", "the roster"))
RNG = 5


def judged(case: Case, *, looking: bool = False) -> Finding:
    answer: Answer | NoEstimate
    try:
        answer = by_design(case, np.random.default_rng(RNG), looking=looking)
    except NoEstimate as reason:
        answer = reason
    return told(case.action, case.metric, answer, case, 0.95).finding


@pytest.mark.parametrize(
    ("effect", "margin", "verdict"),
    [
        (0.06, 2, Verdict.BETTER),
        (-0.06, 2, Verdict.WORSE),
        (0.0, 6, Verdict.NO_DIFFERENCE),
        (0.0, 0, Verdict.CANNOT_TELL),
    ],
)
def test_after_a_lot_the_verdict_is_that_of_the_interval(effect: float, margin: int, verdict: Verdict) -> None:
    held = action(margin=Fraction(margin))
    found = judged(case_of(floor(1, 60, [6] * 20, effect), held))
    assert (found.verdict, found.details["design"]) == (verdict, "lot")
    assert found.estimate is not None
    assert found.estimate.low <= 100 * effect <= found.estimate.high


def test_fewer_complaints_are_better() -> None:
    held = action(metric="complaints_per_10000", margin=Fraction(0))
    assert judged(case_of(floor(1, 60, [6] * 20, -0.06), held)).verdict is Verdict.BETTER


def test_a_handling_time_has_no_better_side() -> None:
    found = judged(case_of(floor(1, 60, [6] * 20, -0.06), action(metric="aht", margin=Fraction(0))))
    assert (found.verdict, found.unit.en) == (Verdict.CANNOT_TELL, "s")
    assert found.reasons[0].en == "This figure has no better side, only a band."


def test_dates_drawn_by_lot_are_a_stepped_wedge() -> None:
    found = judged(case_of(floor(2, 60, [4] * 12 + [6] * 12 + [8] * 12, 0.06), action()))
    assert (found.verdict, found.details["design"]) == (Verdict.BETTER, "wedge")


def test_picked_for_being_low_comes_back_by_itself_and_that_is_not_called_help() -> None:
    panel = floor(3, 120, [4] * 12 + [6] * 12, 0.0, picks="low")
    found = judged(case_of(panel, action(LOW)))
    assert (found.verdict, found.details["design"]) == (Verdict.CANNOT_TELL, "history")
    assert found.details["before_after"] > 3
    assert found.details["rebound"] > 3
    assert found.details["by_itself"] == pytest.approx(found.details["before_after"] - found.estimate.value)  # type: ignore[union-attr]
    assert found.estimate.low < 0 < found.estimate.high  # type: ignore[union-attr]


def test_help_of_those_picked_for_being_low_is_found() -> None:
    panel = floor(4, 120, [4] * 12 + [6] * 12, 0.06, picks="low")
    found = judged(case_of(panel, action(LOW)))
    assert found.verdict is Verdict.BETTER
    assert found.estimate.low <= 6 <= found.estimate.high  # type: ignore[union-attr]
    assert found.details["look_alikes"] == pytest.approx(6, abs=2.5)


def test_staggered_starts_are_compared_with_the_not_yet_started() -> None:
    found = judged(case_of(floor(5, 60, [5] * 12 + [7] * 12, 0.06), action(UNRELATED)))
    assert (found.verdict, found.details["design"]) == (Verdict.BETTER, "staggered")
    assert found.estimate is not None
    for name in ("by_wave", "by_time_since"):  # the same effect in every wave and month
        assert found.details[name] == pytest.approx(found.estimate.value, abs=1.5)
    assert any(text.en.startswith("Averaged otherwise: over waves by their sizes +") for text in found.assumptions)


def test_who_moved_apart_already_before_gets_no_verdict() -> None:
    drift = 0.05 * np.maximum(0, np.arange(MONTHS) - 3)
    found = judged(case_of(floor(6, 60, [6] * 20, 0.0, drift=drift), action(UNRELATED)))
    assert (found.verdict, found.details["blocked"]) == (Verdict.CANNOT_TELL, ["moved_before"])
    assert found.reasons[0].en.startswith("The two sides moved apart already before it began (+")


@pytest.mark.parametrize("picked", [None, LOW, UNRELATED])
def test_fewer_than_eight_have_an_interval_from_possible_picks_and_no_verdict(picked: Low | None) -> None:
    panel = floor(7, 40, [6] * 5, 0.10, picks="low" if picked is LOW else "lot")
    case = case_of(panel, action(picked))
    found = judged(case)
    assert (found.verdict, found.details["blocked"]) == (Verdict.CANNOT_TELL, ["few_helped"])
    assert found.estimate.low > 0  # type: ignore[union-attr]
    answer = by_design(case, np.random.default_rng(RNG))
    assert isinstance(answer.found.chance, Draws)


def test_the_same_seed_draws_the_same_picks() -> None:
    case = case_of(floor(7, 40, [6] * 5, 0.10), action())
    assert judged(case).as_json() == judged(case).as_json()


def test_an_action_without_end_is_looked_at_with_intervals_that_always_hold() -> None:
    panel = floor(8, 90, [6] * 40, 0.08)
    found = judged(case_of(panel, action(after=None), after=None))
    assert found.verdict is Verdict.BETTER
    assert len(found.details["looks"]) == MONTHS - 6
    once = judged(case_of(panel, action(after=6), after=6))
    width, fixed = (one.estimate.high - one.estimate.low for one in (found, once))  # type: ignore[union-attr]
    assert 1.2 < width / fixed < 1.7
    answer = by_design(case_of(panel, action(), after=None), np.random.default_rng(1))
    assert isinstance(answer.found.chance, Mixture)


def test_looking_early_is_told_by_the_window_that_is_not_over() -> None:
    panel = floor(8, 90, [6] * 40, 0.08)
    assert by_design(case_of(panel, action(after=9), after=9), np.random.default_rng(1)).looks != ()
    assert by_design(case_of(panel, action(after=6), after=6), np.random.default_rng(1)).looks == ()


def test_fewer_than_thirty_in_an_arm_may_not_be_looked_at_early() -> None:
    found = judged(case_of(floor(9, 60, [6] * 20, 0.08), action(after=None), after=None))
    assert (found.verdict, found.details["blocked"]) == (Verdict.CANNOT_TELL, ["few_for_looks"])


def rule(agents: int = 300, effect: float = 0.1) -> Case:
    """Everybody below 70 gets help."""
    rng = np.random.default_rng(10)
    level = rng.normal(0.72, 0.04, agents)
    x = level + rng.normal(0, 0.03, agents)
    helped = x < 0.70
    panel = floor(10, agents, [], 0)
    start = np.where(helped, 6, NEVER)
    hits = rng.binomial(150, np.clip(level[:, None] + effect * (np.arange(MONTHS) >= start[:, None]), 0, 1))
    panel = replace(panel, numerator=hits, start=start, touched=start)
    picked = Threshold(metric="fcr:within=7d", months=(), cut=Fraction(70))
    return replace(case_of(panel, action(picked)), running=100 * x)


def test_a_threshold_rule_is_judged_at_its_cut() -> None:
    found = judged(rule())
    assert (found.verdict, found.details["design"]) == (Verdict.BETTER, "threshold")
    assert found.estimate.low <= 10 <= found.estimate.high  # type: ignore[union-attr]


def test_one_team_is_compared_with_a_mixture_of_the_others() -> None:
    held = action(UNRELATED, unit="teams", before=5)
    found = judged(case_of(floor(13, 30, [6], 0.15), held))
    assert (found.verdict, found.details["design"], found.details["rank"]) == (Verdict.BETTER, "synthetic", 1.0)
    assert found.estimate.low <= 15 <= found.estimate.high  # type: ignore[union-attr]
    assert judged(case_of(floor(12, 30, [6], 0.0), held)).verdict is Verdict.CANNOT_TELL


def whole(step: float, *, control: bool = True, metric: str = "fcr:within=7d") -> Case:
    rng = np.random.default_rng(13)
    common = 0.02 * rng.normal(size=60).cumsum() / 3
    y = 0.7 + common + rng.normal(0, 0.004, 60) + step * (np.arange(60) >= 40)
    picked = WholeFloor(control=(("company", ("South",)),) if control else ())
    other = 0.72 + common + rng.normal(0, 0.004, 60)
    return series_case(
        y, action(picked, unit="everybody", each="week", metric=metric), 40, control=other if control else None
    )


def test_a_whole_floor_is_judged_against_its_control_series() -> None:
    found = judged(whole(0.05))
    assert (found.verdict, found.details["design"]) == (Verdict.BETTER, "series_control")
    assert found.estimate.low <= 5 <= found.estimate.high  # type: ignore[union-attr]
    assert judged(whole(0.0)).verdict in (Verdict.NO_DIFFERENCE, Verdict.CANNOT_TELL)


def test_a_whole_floor_without_control_carries_a_warning() -> None:
    found = judged(whole(0.05, control=False))
    assert found.details["design"] == "series_alone"
    assert any(text.en.startswith("Warning: no control series") for text in found.assumptions)


def test_rare_events_are_counts() -> None:
    rng = np.random.default_rng(14)
    rate = 0.004 * np.where(np.arange(60) >= 40, 0.5, 1)
    held = action(WholeFloor(), unit="everybody", each="week", metric="complaints_per_10000", margin=Fraction(1))
    case = series_case(rng.poisson(rate * 20000) / 20000, held, 40, rows=20000.0)
    found = judged(case)
    assert (found.verdict, found.details["design"]) == (Verdict.BETTER, "series_counts")
    assert found.details["rate_ratio"] == pytest.approx(0.5, abs=0.12)
    assert found.estimate.low <= -20 <= found.estimate.high  # type: ignore[union-attr]


def refused() -> dict[str, Case]:
    """A case for every refusal that a design can give."""
    lot = floor(20, 60, [6] * 20, 0.0)
    low_history = case_of(floor(20, 60, [1] * 20, 0.0), action(LOW))
    broken = rule()
    helped = np.asarray(broken.panel.start < NEVER)  # type: ignore[union-attr]
    swapped = np.where(np.arange(len(helped)) < 20, 90.0, broken.running)
    few = rule(14)
    series = whole(0.0)
    missing = series_case(np.full(60, 0.7), series.action, 40, rows=0.0)
    held = action(WholeFloor(), unit="everybody", each="week", metric="complaints_per_10000")
    return {
        "no_rule": case_of(lot, action(Judgement())),
        "too_few_others": case_of(floor(21, 22, [6] * 20, 0.0), action()),
        "no_history": replace(low_history, picking={1: (-1, 1)}),
        "no_overlap": case_of(lot.chosen(lot.helped), action()),
        "few_at_cut": few,
        "rule_not_kept": replace(broken, running=swapped),
        "too_few_placebos": case_of(floor(22, 12, [6], 0.0), action(UNRELATED, unit="teams")),
        "short_history": case_of(floor(23, 30, [2], 0.0), action(UNRELATED, unit="teams")),
        "short_series": series_case(np.full(12, 0.7), series.action, 6),
        "no_events": series_case(np.zeros(60), held, 40),
        "gaps": missing,
        "several_starts": replace(series, times=(series.times[0], replace(series.times[0], start=45, touched=45))),
    }


SAID = ("no_rule", "too_few_others", "no_history", "few_at_cut", "rule_not_kept", "too_few_placebos", "short_history",
        "short_series", "no_events", "gaps", "several_starts")  # fmt: skip


@pytest.mark.parametrize("code", SAID)
def test_a_refusal_says_why_and_what_would_be_needed(code: str) -> None:
    found = judged(refused()[code])
    assert (found.verdict, found.estimate, found.details["refusal"]) == (Verdict.NOT_COMPARABLE, None, code)
    assert found.sentence.en.startswith(
        'There is no honest estimate of what "Help" did to first contact resolution.'
    ) or (code == "no_events")
    assert "{" not in found.reasons[0].zh + found.reasons[0].en


def test_where_there_is_no_estimate_before_and_after_is_shown_and_disowned() -> None:
    found = judged(refused()["no_rule"])
    assert "which is not its effect" in found.sentence.en
    assert "但这不是作用的大小" in found.sentence.zh


@pytest.mark.parametrize("kind", ["threshold", "synthetic", "series"])
def test_designs_that_may_not_be_looked_at_early_wait_for_the_end(kind: str) -> None:
    cases = {
        "threshold": lambda: replace(rule(), times=case_of(rule().panel, action(), after=None).times),  # type: ignore[arg-type]
        "synthetic": lambda: case_of(floor(11, 30, [6], 0.15), action(UNRELATED, unit="teams"), after=None),
        "series": lambda: replace(whole(0.05), times=(replace(whole(0.05).times[0], end=None),)),
    }
    found = judged(cases[kind]())
    assert (found.verdict, found.details["blocked"]) == (Verdict.CANNOT_TELL, ["still_running"])


def test_a_team_without_rows_in_the_window_is_no_estimate() -> None:
    panel = floor(11, 30, [6], 0.15)
    below = panel.denominator.copy()
    below[0, 6:] = 0
    with pytest.raises(NoEstimate, match="nobody_seen"):
        one_unit(case_of(replace(panel, denominator=below), action(UNRELATED, unit="teams")))


def test_every_refusal_has_words_that_are_used() -> None:
    elsewhere = {"no_overlap", "not_begun", "nobody_seen", "no_plan", "few_to_plan"}
    blocks = {"few_helped", "few_for_looks", "still_running", "moved_before"}
    assert set(REFUSALS) == {*SAID} | elsewhere | blocks


def test_leavers_are_an_outcome() -> None:
    from onefloor.insight.effects.effect import stayed

    panel = floor(30, 80, [6] * 30, 0.0)
    below = panel.denominator.copy()
    below[:15, 7:] = 0
    held = action()
    answer = by_design(case_of(replace(panel, denominator=below), held), np.random.default_rng(1))
    found = stayed(held, answer)
    assert found is not None
    assert (found.verdict, found.details) == (Verdict.WORSE, {"seen": [15, 50], "of": [30, 50]})
    assert (
        found.sentence.en
        == 'Of 30 who got "Help" 15 are still seen at the end, of 50 others 50: fewer of the helped stayed.'
    )


def test_holm_lets_the_first_through_at_a_third_and_stops_at_the_first_that_fails() -> None:
    def with_p(p: float) -> Answer:
        size = Student(np.inf).quantile(1 - p)
        return replace(
            by_design(case_of(floor(1, 60, [6] * 20, 0.0), action()), np.random.default_rng(1)),
            found=Found(size, 1.0, Student(np.inf), 20, 40),
        )

    assert holm([with_p(0.01), with_p(0.5), with_p(0.02)]) == pytest.approx([1 - 0.05 / 3, 0.95, 1 - 0.05 / 2])
    assert holm([with_p(0.02), with_p(0.03)]) == pytest.approx([1 - 0.05 / 2, 0.95])
    assert holm([with_p(0.03), with_p(0.04)]) == pytest.approx([1 - 0.05 / 2, 1 - 0.05 / 2])
    assert holm([]) == []


def test_an_action_in_the_middle_of_a_month_begins_with_the_next_whole_one() -> None:
    from onefloor.insight.effects.timeline import when

    given = Given(start=date(2026, 6, 15), until=date(2026, 11, 20), agents=("a",))
    held: Action = replace(action(after=None), given=(given,))
    found = when(LINE, held, given)
    assert (found.touched, found.start, found.end) == (5, 6, 10)
