from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rounds_cases import MONDAY, NAMES, model, problem, rounds

from onefloor.insight.pictures import save
from onefloor.planning.forecasting.files import Line
from onefloor.planning.grid import Grid
from onefloor.planning.pools.levels import Levels
from onefloor.planning.rostering.checking import at_desk
from onefloor.planning.rostering.needs import write_needs
from onefloor.planning.rostering.problem import Qualification
from onefloor.planning.rostering.reading import Asked, read_problem
from onefloor.planning.rostering.solving import Parameters as Search
from onefloor.planning.rounds.contacts import of_forecast
from onefloor.planning.rounds.floor import rostered
from onefloor.planning.rounds.judging import Standing, judged, least_skilled
from onefloor.planning.rounds.needs import served, wanted
from onefloor.planning.rounds.picture import picture
from onefloor.planning.rounds.problem import BadRounds, Rounds
from onefloor.planning.rounds.response import Look
from onefloor.planning.rounds.result import Answer, State
from onefloor.planning.rounds.scale import shapes
from onefloor.planning.rounds.seeing import Chance, levels, present
from onefloor.planning.rounds.sentences import MEANINGS, headline, remarks
from onefloor.planning.rounds.solving import Parameters, solve
from onefloor.planning.simulation.model import Offer
from onefloor.planning.solving import Step

QUICK = Search(searches=1, price_rounds=100, sweeps=8, passes=2)
RULES = """
rules: again
skills: [{id: tech}]
companies: [{id: own}]
shifts: [{id: day, start: "08:00", length: 8h}]
contracts: [{id: full, shifts: [day]}]
agents: agents.csv
needs: needs.csv
"""
EFFORT = Parameters(rounds=4, replications=100, fresh=150, first=QUICK, again=QUICK)


@pytest.fixture(scope="module")
def mended() -> Answer:
    """A floor whose needs were a third too low."""
    return solve(rounds(factor=0.67), EFFORT, seed=1)


def test_needs_that_are_too_low_are_put_right(mended: Answer) -> None:
    assert mended.short_before > 0.5 * mended.after.judged
    assert mended.after.count(Standing.SHORT) <= 0.05 * mended.after.judged
    assert mended.after.held >= 0.9
    assert mended.plan.breaches == []
    assert 1 <= mended.best <= 4


def test_needs_that_are_too_high_are_put_right_and_cost_less() -> None:
    found = solve(rounds(factor=1.4), EFFORT, seed=1)
    assert found.after.count(Standing.SHORT) <= 0.05 * found.after.judged
    assert found.after.held >= 0.9
    assert found.plan.score.paid < 0.92 * found.states[0].plan.score.paid


def test_skills_that_share_people_keep_the_target_with_less_than_queues_of_their_own_need() -> None:
    asked = rounds(count=90, skills=2, calls=120.0)
    found = solve(asked, EFFORT, seed=1)
    assert found.after.count(Standing.SHORT) <= 0.05 * found.after.judged
    assert found.plan.problem.needs.sum() < asked.roster.needs.sum()


def test_closed_half_hours_ask_for_nobody_where_customers_never_leave() -> None:
    asked = rounds(count=60, days=1)
    endless = replace(asked.model.types[0], patience=None)
    for model_ in (asked.model, replace(asked.model, types=(endless,))):
        curve = shapes(replace(asked, model=model_))[0]
        assert (asked.arrivals[0] == 0).sum() == 21
        assert not curve.needed[asked.arrivals[0] == 0].any()
        assert (curve.needed[asked.arrivals[0] > 0] > 1).all()


def test_the_best_state_wins_and_not_the_last() -> None:
    plan = solve(rounds(count=30, days=1), replace(EFFORT, rounds=0), seed=1).plan
    seen = Levels(np.zeros((1, 48)), np.zeros((1, 48)), 1, 0)
    orders = [State(plan, seen, short, lower, 0.0).order(100) for short, lower in ((9, 0), (5, 30), (4, 20), (0, 40))]
    assert sorted(range(4), key=lambda place: orders[place]) == [2, 1, 3, 0]


def test_equal_seeds_give_equal_answers_on_one_and_two_threads_and_progress_is_told() -> None:
    told: list[Step] = []
    asked = rounds(count=30, days=1, calls=40.0)
    one = solve(asked, replace(EFFORT, threads=1), seed=3, progress=told.append)
    two = solve(asked, replace(EFFORT, threads=2), seed=3)
    assert one.as_json() == two.as_json()
    assert (one.plan.roster.shifts == two.plan.roster.shifts).all()
    assert [step.round for step in told] == list(range(len(one.states)))


def test_the_rostered_people_stand_on_the_floor_with_their_skills_hours_and_paces() -> None:
    made = problem(count=3, days=1, skills=2)
    asked = replace(rounds(count=3, days=1, skills=2), roster=made)
    there = np.zeros((3, 48), bool)
    there[0, 16:20] = there[0, 21:30] = there[1, 40:48] = True
    floor = rostered(asked, there)
    assert [(group.company, [skill.type for skill in group.types]) for group in floor.groups] == [
        ("own", ["tech"]), ("north", ["water"]),
    ]  # fmt: skip
    first, second = (group.agents[0] for group in floor.groups)
    assert (first.id, first.pace, first.shift) == ("1", 1.5, ((28800.0, 36000.0), (37800.0, 54000.0)))
    assert (second.id, second.pace, second.shift) == ("2", 1.0, ((72000.0, 86400.0),))
    assert (floor.horizon, floor.interval, floor.day) == (86400.0, 1800.0, MONDAY)
    assert floor.types[0].groups == (Offer(group="own: tech (0)"),)


def passing_on() -> Rounds:
    """Tech passes a fifth on to water, which nobody calls; agent 1 three times as many."""
    asked = rounds(count=3, days=1, skills=2)
    types = replace(asked.model.types[0], transfers=(("water", 0.1),)), asked.model.types[1]
    own = asked.model.groups[0]
    slow = replace(own, agents=(replace(own.agents[0], transfers=3.0), *own.agents[1:]))
    arrivals = asked.arrivals * np.array([[1.0], [0.0]])
    return replace(asked, model=replace(asked.model, types=types, groups=(slow,)), arrivals=arrivals)


def test_transfers_of_people_are_kept_and_feed_the_other_skill() -> None:
    asked = passing_on()
    there = np.ones((3, 48), bool)
    factors = {one.id: one.transfers for group in rostered(asked, there).groups for one in group.agents}
    assert factors == {"1": 3.0, "2": 1.0, "3": 1.0}
    assert asked.calls[1] == pytest.approx(0.1 * 3.0 / 2 * asked.arrivals[0])  # 1 has tech, 3 both
    assert asked.judged[1].any()
    assert (shapes(asked)[1].needed[asked.judged[1]] > 1).all()


def test_a_forecast_is_taken_without_what_other_lines_pass_on() -> None:
    asked = passing_on()
    apart = replace(asked.model.groups[0], types=asked.model.groups[0].types[:1], agents=())
    held = replace(asked.model, groups=(apart,))
    times = [datetime(2026, 11, 30) + timedelta(minutes=30 * place) for place in range(48)]
    means = (("tech", 50.0), ("water", 8.0))
    lines = [Line(at, queue, "", 50, mean, *[240.0] * 9) for at in times for queue, mean in means]
    assert of_forecast(held, asked.roster.grid, lines, 0.8)[:, 20] == pytest.approx([50.0, 3.0])


@pytest.mark.parametrize(("day", "intervals"), [(date(2026, 3, 29), 46), (date(2026, 10, 25), 50)])
def test_a_forecast_serves_days_on_which_clocks_change(day: date, intervals: int) -> None:
    """The hour that clocks skip is left out, each pass of the one they repeat has its line's contacts."""
    times = [datetime(day.year, day.month, day.day) + timedelta(minutes=30 * place) for place in range(48)]
    lines = [Line(at, "tech", "", 5, 5.0, *[240.0] * 9) for at in times]
    asked = rounds(count=3, days=1)
    alone = replace(asked.model.types[0], redial=None, repeat=None)
    found = of_forecast(replace(asked.model, types=(alone,)), Grid(day, 1, 30, "Europe/Berlin"), lines, 0.8)
    assert found.tolist() == [[5.0] * intervals]


def test_an_agent_whose_skill_begins_in_the_horizon_serves_it_from_that_day() -> None:
    made = problem(count=1, days=2, skills=2)
    held = (Qualification(skill="tech"), Qualification(first=MONDAY + timedelta(1), skill="water"))
    asked = replace(rounds(count=3, days=2, skills=2),
                    roster=replace(made, agents=(replace(made.agents[0], qualifications=held),)))  # fmt: skip
    there = np.zeros((1, 96), bool)
    there[0, 16:20] = there[0, 64:68] = True
    hours = {tuple(s.type for s in group.types): group.agents[0].shift for group in rostered(asked, there).groups}
    assert hours == {("tech",): ((28800.0, 36000.0),), NAMES: ((115200.0, 122400.0),)}


def test_people_beyond_all_needs_are_spare_and_needs_that_are_too_high_ample() -> None:
    plan = solve(rounds(count=60, days=1, factor=1.6), replace(EFFORT, rounds=0), seed=1).plan
    asked = rounds(count=60, days=1)
    high = judged(asked, plan.problem, plan.roster, Chance(5, 60))
    low = judged(asked, replace(plan.problem, needs=plan.problem.needs // 3), plan.roster, Chance(5, 60))
    above = high.count(Standing.AMPLE) + high.count(Standing.SPARE)
    assert high.count(Standing.AMPLE) >= 5
    assert (low.count(Standing.AMPLE), low.count(Standing.SPARE)) == (0, above)
    assert (high.seen.value == low.seen.value).all()


def test_short_intervals_that_lack_people_are_told_apart() -> None:
    found = solve(rounds(count=12, days=1), replace(EFFORT, rounds=1), seed=1)
    assert int(found.after.uncovered.sum()) == found.after.count(Standing.SHORT) > 10
    assert any("does not cover the needs" in text.en for text in remarks(found))


def test_standings_mean_what_they_are() -> None:
    low, high = "within a point of the target", "with one agent less at most a point above it"
    assert MEANINGS[Standing.KEPT].en == f"{low}, or higher but {high}"
    assert "少一人便不再高出 1 个百分点以上" in MEANINGS[Standing.KEPT].zh
    for one in (Standing.SPARE, Standing.AMPLE):
        assert "少一人仍更高" in MEANINGS[one].zh
        assert "higher even with one agent less" in MEANINGS[one].en


def test_of_each_interval_the_agent_with_fewest_skills_is_left_out_first() -> None:
    asked = rounds(count=3, days=1, skills=2)
    there = np.zeros((3, 48), bool)
    there[:, 20], there[2, 21] = True, True  # 1 has tech, 2 water, 3 both
    assert [int(least_skilled(asked, there, k)[at]) for k, at in ((0, 20), (1, 20), (0, 21), (0, 22))] == [0, 1, 2, -1]


def test_shared_people_are_counted_where_they_are_needed() -> None:
    asked = rounds(count=3, days=1, skills=2)
    there, needed = np.zeros((3, 48), bool), np.full((2, 48), 3.0)
    there[:, 20] = True
    assert served(asked, there, needed)[:, 20].round(3).tolist() == [1.5, 1.5]
    needed[0] = 6.0
    assert served(asked, there, needed)[:, 20] == pytest.approx([2.0, 1.0], abs=0.05)
    assert served(asked, there, needed).sum(axis=0).round(6).tolist() == there.sum(axis=0).tolist()


def test_looks_near_the_target_count_most_and_levels_that_cannot_be_read_only_bound() -> None:
    needed = np.array([[10.0, 10.0, 10.0]])

    def one(staff: float, equal: float, known: tuple[int, int, int]) -> Look:
        shape = np.array([[staff] * 3]), np.array([[equal] * 3]), np.array([known])
        return Look(*shape, np.zeros((1, 3), bool), 100)

    looks = [one(12.0, 10.0, (0, 1, -1)), one(20.0, 16.0, (0, 1, 1))]
    found = wanted(needed, 1.0, looks)[0]
    assert found[0] == pytest.approx((12.0 * 1 + 14.0 * 0.1) / 1.1)
    assert found[1:].tolist() == [10.0, 12.0]  # Erlang A's 10 is within the first bound; at least 12 and at most 14


def test_those_away_are_as_many_as_was_said_and_everybody_is_away_alike_often() -> None:
    asked = rounds(count=60, days=2)
    away = replace(asked, away=np.array([[0.1], [0.25]]))
    there = np.zeros((60, 96), bool)
    there[:, 20:30] = there[:, 70:80] = True
    draws = np.array([~present(away, there, number) & there for number in range(40)])
    gone = draws[:, :, [20, 70]].sum(axis=1)
    assert np.abs(gone - np.array([6, 15])).max() <= 1
    assert np.abs(draws[:, :, 70].mean(axis=0) - 0.25).max() < 0.08
    assert (present(asked, there, 3) == there).all()


def test_fewer_people_come_with_planned_absence_and_needs_rise() -> None:
    asked = rounds(count=60, days=1)
    plan = solve(asked, replace(EFFORT, rounds=0), seed=1).plan
    there = at_desk(plan.problem, plan.roster)
    away = replace(asked, away=np.array([[0.15]]))
    everybody, fewer = (levels(one, there, Chance(2, 100)).value[asked.judged] for one in (asked, away))
    assert fewer.mean() < everybody.mean() - 0.05


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"level": 1.0}, "The target 1 is not between 0 and 1."),
        ({"level": float("nan")}, "The target nan is not between 0 and 1."),
        ({"arrivals": np.zeros((1, 3))}, "Arrivals are 1 x 96 numbers, 0 or more: a row for each type of the model."),
        ({"arrivals": np.full((1, 96), np.nan)},
         "Arrivals are 1 x 96 numbers, 0 or more: a row for each type of the model."),
        ({"skill_of": {"tech": "gas"}}, 'The rules have no skill "gas", which contacts of "tech" ask for.'),
        ({"roster": replace(problem(), agents=())}, 'Nobody has the skill "tech".'),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(change: dict[str, Any], said: str) -> None:
    asked = rounds()
    with pytest.raises(BadRounds) as caught:
        replace(asked, **change)
    assert caught.value.what.en == said


def test_a_share_of_a_company_that_the_rules_do_not_have_is_refused() -> None:
    asked = rounds()
    kind = replace(asked.model.types[0], shares=(("harbor", 1.0),))
    with pytest.raises(BadRounds, match="harbor"):
        Rounds(asked.roster, replace(model(), types=(kind,)), asked.arrivals, 0.8)


def test_an_answer_says_what_it_is_and_is_drawn_the_same_twice(mended: Answer, tmp_path: Path) -> None:
    after = mended.after
    assert headline(mended).en.startswith(
        f"Simulated: {after.count(Standing.SHORT)} of {after.judged} intervals are over a point below 80%"
    )
    assert "不低于此" in headline(mended).zh
    assert sum(after.count(standing) for standing in Standing) == after.judged == mended.as_json()["after"]["intervals"]
    one, two = (save(picture(mended), tmp_path / name, "zh")[0].read_bytes() for name in "ab")
    assert one == two


def test_the_needs_are_written_as_rules_read_them(mended: Answer, tmp_path: Path) -> None:
    write_needs(tmp_path / "needs.csv", mended.plan.problem)
    (tmp_path / "agents.csv").write_text("agent,company,contract,skills\n1,own,full,tech\n")
    (tmp_path / "rules.yaml").write_text(RULES)
    read = read_problem(tmp_path / "rules.yaml", Asked(MONDAY, 2))
    assert (read.needs == mended.plan.problem.needs).all()
