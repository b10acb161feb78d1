"""The engine: its cover is a best one, its tours are best ones, its bound is one, its answer breaks nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product as every

import numpy as np
import pytest
from rostering_cases import LAW, MONDAY, NAMES, day, people, problem

from onefloor.planning.grid import Grid
from onefloor.planning.rostering.arrays import empty_cover, empty_tours, scratch
from onefloor.planning.rostering.checking import at_desk, breaches
from onefloor.planning.rostering.conflicts import NoRoster
from onefloor.planning.rostering.cover import add, remove
from onefloor.planning.rostering.layout import laid_out
from onefloor.planning.rostering.prices import bound_of_all, no_prices
from onefloor.planning.rostering.problem import (
    Agent,
    Company,
    Contract,
    Costs,
    Dated,
    History,
    Limit,
    Post,
    Problem,
    Qualification,
    Wish,
)
from onefloor.planning.rostering.result import Result
from onefloor.planning.rostering.scoring import missing, score
from onefloor.planning.rostering.solving import Parameters, Start, solve
from onefloor.planning.rostering.tours import best_tour, value_shifts
from onefloor.planning.solving import Step, Stop

QUICK = Parameters(price_rounds=40, passes=2, sweeps=3)
ALL_RULES = (
    *LAW,
    Limit(rule="nights", amount=3),
    Limit(rule="consecutive_nights", amount=2),
    Limit(rule="off_after_nights", amount=1),
    Limit(rule="weekends", amount=1),
    Limit(rule="average_hours", amount=38),
    Limit(rule="no_nights_for_protected"),
    Limit(rule="work_without_break", amount=4.5),
    Limit(last=day(6), rule="consecutive_days", amount=4),
)


def with_everything(days: int = 14, grid: Grid | None = None) -> Problem:
    """Every rule at once, wishes, absences, histories, qualifications that begin or end, posts, seats, guarantees."""
    held = list(people(12))
    held[0] = replace(held[0], away=(Dated(day(2), day(4)),), wishes=(Wish(day(6), 6.0), Wish(day(7), 9.0, "late")))
    held[1] = replace(held[1], protected=(Dated(day(3)),), history=History(ended=-4, days=3, week_hours=8))
    held[2] = replace(held[2], qualifications=(Qualification(day(0), day(5), "a"), Qualification(day(6), None, "b")))
    held[3] = replace(held[3], least_days=2, most_days=5, wishes=(Wish(day(1), 4.0, "early", wanted=False),))
    held[4] = replace(held[4], history=History(nights=1, days=1, ended=14))
    companies = (Company("own", seats=6, guaranteed_hours=300), Company("north", 1.5, present=1, present_from=480,
                                                                        present_until=1080))  # fmt: skip
    posts = (Post("key", ("2001", "2005", "2006"), start=9 * 60, end=17 * 60),)
    made = problem(12, days, agents=tuple(held), companies=companies, posts=posts, limits=ALL_RULES,
                   costs=Costs(fairness=0.3), grid=grid)  # fmt: skip
    needs = made.needs.copy()
    needs[np.arange(len(needs)) % 48 < 12, 0] = 1  # somebody at night too
    return replace(made, needs=needs)


@pytest.mark.parametrize(
    "grid",
    [
        None,
        Grid(MONDAY, 31),
        Grid(date(2026, 10, 19), 9, 30, "Europe/Berlin"),
        Grid(date(2026, 3, 27), 4, 30, "Europe/Berlin"),
    ],
)  # fmt: skip
def test_a_roster_breaks_no_rule_and_its_cost_is_counted_twice_alike(grid: Grid | None) -> None:
    made = with_everything(grid=grid)
    found = solve(made, QUICK)
    assert found.breaches == []
    assert found.score.total == pytest.approx(found.cost)
    assert found.bound <= found.cost


def test_equal_seeds_give_equal_rosters_and_others_others() -> None:
    first, again, other = (solve(with_everything(), QUICK, seed=seed) for seed in (1, 1, 2))
    assert (first.roster.shifts == again.roster.shifts).all()
    assert (first.roster.pauses == again.roster.pauses).all()
    assert (first.roster.shifts != other.roster.shifts).any()


def test_it_stops_with_the_clock_and_tells_how_far_it_is() -> None:
    ticks = iter(range(10**6))
    told: list[Step] = []
    solve(
        problem(), replace(QUICK, searches=1), Stop(seconds=60), clock=lambda: float(next(ticks)), progress=told.append
    )
    assert told[-1].seconds <= 62
    best = [step.best for step in told if step.best is not None]
    assert best == sorted(best, reverse=True)
    assert all(step.bound is not None and step.bound <= best[-1] for step in told)


def test_the_gap_stops_it() -> None:
    few, many = solve(problem(), QUICK, Stop(rounds=50, gap=10.0)), solve(problem(), QUICK, Stop(rounds=5))
    assert (few.rounds, many.rounds) == (0, 10)


def test_a_search_that_starts_from_a_roster_is_never_dearer_and_keeps_most_of_it() -> None:
    made = with_everything()
    first = solve(made, Parameters(price_rounds=200, sweeps=10))
    again = solve(made, QUICK, seed=3, start=first.start)
    assert again.cost <= first.cost + 1e-9
    anew = solve(made, QUICK, seed=3)
    same, other = ((first.roster.shifts == one.roster.shifts).mean() for one in (again, anew))
    assert same > other


def test_tours_of_the_start_that_break_new_rules_are_replaced() -> None:
    made = with_everything()
    first = solve(made, QUICK)
    stricter = replace(
        made,
        needs=made.needs + 1,
        limits=(*made.limits, Limit(rule="consecutive_days", amount=2), Limit(rule="nights", amount=0)),
    )
    assert breaches(stricter, first.roster)
    again = solve(stricter, QUICK, start=first.start)
    assert again.breaches == []
    assert again.bound <= again.cost == pytest.approx(again.score.total)


def test_a_start_of_other_people_or_skills_is_refused() -> None:
    first = solve(problem(6, 7), QUICK)
    with pytest.raises(ValueError, match="other people or days"):
        solve(problem(7, 7), QUICK, start=first.start)
    with pytest.raises(ValueError, match="another problem"):
        solve(problem(6, 7, companies=(*problem(6, 7).companies, Company("south", seats=2))), QUICK, start=first.start)
    assert solve(problem(6, 7), QUICK, start=Start(first.roster)).cost <= first.cost


def test_the_cover_stays_a_best_one_whoever_comes_and_goes() -> None:
    rng = np.random.default_rng(5)
    made = problem(8, 1, agents=_any_skills(8, rng), needed=3)
    made = replace(made, skills=(replace(made.skills[0], weight=2.0), *made.skills[1:]))
    layout = laid_out(made)
    cover, demand = empty_cover(layout.task), layout.task.demand
    there = np.zeros((8, len(made.grid)), dtype=bool)
    for _ in range(400):
        agent, t = int(rng.integers(8)), int(rng.integers(16, 40))
        desk = np.array([t], dtype=np.int32)
        change = remove if there[agent, t] else add
        change(cover, demand, desk, layout.task.people.skillset[agent])
        there[agent, t] = not there[agent, t]
        lost = ((demand.need - cover.got) * demand.weight).sum()
        assert lost == pytest.approx(missing(made, there)[0].sum() * made.costs.missing / made.per_hour)
    extra = there.copy()
    extra[0, 20] = True
    if not there[0, 20]:
        gain = (missing(made, there)[0] - missing(made, extra)[0]).sum() * made.costs.missing / made.per_hour
        assert cover.worth[20, layout.task.people.skillset[0, 0]] == pytest.approx(gain)


def _any_skills(count: int, rng: np.random.Generator) -> tuple[Agent, ...]:
    sets = (("a",), ("b",), ("a", "b"), ())
    return tuple(
        replace(one, qualifications=tuple(Qualification(skill=name) for name in sets[int(rng.integers(4))]))
        for one in people(count)
    )


def test_what_is_missing_agrees_with_a_linear_programme() -> None:
    optimize = pytest.importorskip("scipy.optimize")
    rng = np.random.default_rng(3)
    for _ in range(20):
        made = problem(9, 1, agents=_any_skills(9, rng), needs=rng.integers(0, 5, (48, 2)).astype(np.int32))
        there = rng.random((9, 48)) < 0.5
        lost, _ = missing(made, there)
        t = int(rng.integers(48))
        pairs = [(a, s) for a in range(9) if there[a, t] for s in range(2)
                 if made.skills[s].id in {q.skill for q in made.agents[a].qualifications}]  # fmt: skip
        weights = [skill.weight for skill in made.skills]
        if not pairs:
            continue
        rows = [[float(pair[0] == a) for pair in pairs] for a in range(9)]
        rows += [[float(pair[1] == s) for pair in pairs] for s in range(2)]
        limits = [1.0] * 9 + made.needs[t].astype(float).tolist()
        best = optimize.linprog([-weights[s] for _, s in pairs], A_ub=rows, b_ub=limits)
        assert lost[t] == pytest.approx((made.needs[t] * weights).sum() + best.fun)


def test_the_tour_is_the_best_of_all_tours() -> None:
    made = problem(
        1, 4, limits=(*LAW, Limit(rule="off_after_nights", amount=1)), contracts=(Contract("full", NAMES, 1, 3),)
    )
    layout = laid_out(made)
    rng, room = np.random.default_rng(8), scratch(layout.task)
    for _ in range(5):
        room.value[:] = rng.normal(1.0, 1.0, len(room.value))
        value_shifts(layout.task, room, 0, 1.0, 0.0, 0.0)
        gain = room.gain.copy()
        best = best_tour(layout.task.patterns, 0, room)
        tours = empty_tours(layout.task)
        rosters = []
        for choice in every(range(-1, 4), repeat=4):
            tours.choice[0] = choice
            for number, place in enumerate(choice):
                if place >= 0:
                    tours.pauses[0, number] = room.pauses[number, place]
            if not breaches(made, layout.roster(tours)):
                rosters.append(sum(gain[number, place] for number, place in enumerate(choice) if place >= 0))
        assert best == pytest.approx(max(rosters))


def test_no_roster_costs_less_than_the_bound() -> None:
    made = problem(3, 3, needed=1, limits=LAW)
    layout = laid_out(made)
    found = solve(made, Parameters(price_rounds=150, sweeps=10))
    least = np.inf
    for one in every(range(-1, 4), repeat=3):
        tours = empty_tours(layout.task)
        tours.choice[0] = one
        tours.pauses[0, :] = [6, 12]
        roster = layout.roster(tours)
        if not breaches(made, roster):
            least = min(least, score(made, roster).total)
    assert found.bound <= found.cost <= least
    assert bound_of_all(layout.task, no_prices(layout.task)) <= found.bound + 1e-9


def test_vacations_histories_and_days_that_cannot_be_kept_are_named_and_no_more() -> None:
    agent = replace(people(1)[0], away=(Dated(day(0), day(3)),), least_days=4)
    made = problem(1, 7, agents=(agent, replace(agent, id="2009")))
    with pytest.raises(NoRoster) as told:
        solve(made)
    assert told.value.conflict.agents == ("2001", "2009")
    assert told.value.to("en") == (
        "No roster is possible for 2001, 2009. These cannot all be kept: away from 2026-11-30 to 2026-12-03; "
        "at least 4 days in the horizon. Relax any one of them."
    )
    conflict = told.value.conflict
    for demand in conflict.demands:
        relaxed = demand.without(replace(made, agents=(agent,)))
        assert solve(relaxed, QUICK).breaches == []


def test_a_wish_a_seat_and_a_post_are_kept_where_they_cost_nothing_else() -> None:
    everybody = people(6, wishes=(Wish(day(2), 50.0),))
    made = problem(6, 7, agents=(everybody[0], *people(6)[1:]), needed=1, costs=Costs(missing=4.0))
    found = solve(made, QUICK)
    assert found.score.wishes == 0
    assert at_desk(made, found.roster)[0, 96:144].sum() == 0


def test_a_wish_to_work_is_kept_and_paid_for_where_it_is_not() -> None:
    needs = np.zeros((3 * 48, 2), dtype=np.int32)
    wishes = (Wish(day(0), 50.0, wanted=False), Wish(day(1), 5.0, wanted=False), Wish(day(9), 7.0, wanted=False))
    made = problem(2, 3, agents=(replace(people(2)[0], wishes=wishes), people(2)[1]), needs=needs)
    found = solve(made, QUICK)
    assert ((found.roster.shifts >= 0).sum(axis=1).tolist(), found.score.wishes) == ([1, 0], 5.0)
    assert found.cost == pytest.approx(found.score.total) == 8 * 2 + 5
    assert 0 < found.bound <= found.cost


def test_a_result_knows_its_gap() -> None:
    made = problem(3, 3)
    roster = solve(made, QUICK).roster
    assert Result(made, roster, 110.0, 100.0, 1.0, 1, 0).gap == pytest.approx(0.1)


def test_seats_count_until_the_horizon_ends_in_cost_bound_and_score_alike() -> None:
    needs = np.zeros((48, 2), dtype=np.int32)
    needs[44:, 0] = 1
    made = problem(1, 1, companies=(Company("own", price=1.0, seats=0),), limits=(), needs=needs,
                   costs=Costs(missing=100.0))  # fmt: skip
    found = solve(made, QUICK)
    assert found.roster.shifts.tolist() == [[2]]
    assert found.cost == pytest.approx(found.score.total) == 8 + 2 * 16
    assert found.bound <= found.cost


@pytest.mark.parametrize(("start", "end", "hours"), [(540, 600, 1), (1380, 120, 3), (120, 180, 0), (540, 540, 23)])
def test_presence_is_due_by_the_clock_on_the_wall(start: int, end: int, hours: int) -> None:
    spring = Grid(date(2026, 3, 29), 1, 30, "Europe/Berlin")  # 02:00 to 03:00 is left out
    needs = np.zeros((len(spring), 2), dtype=np.int32)
    company = Company("own", present=1, present_from=start, present_until=end)
    made = problem(1, grid=spring, companies=(company,), agents=people(1, away=(Dated(),)), needs=needs)
    made = replace(made, posts=(Post("key", ("2001",), start=start, end=end),))
    found = solve(made, QUICK)
    assert found.cost == pytest.approx(found.score.presence) == 2 * 16 * hours
