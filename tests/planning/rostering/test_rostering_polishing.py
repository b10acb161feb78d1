"""The polish: a day planned anew is the best of all ways to plan it, and nothing else changes."""

from __future__ import annotations

from dataclasses import replace
from itertools import product as every

import numpy as np
import pytest
from rostering_cases import LAW, SHIFTS, day, people, problem, roster_of

from onefloor.planning.rostering.arrays import empty_cover, empty_tours, scratch
from onefloor.planning.rostering.checking import breaches
from onefloor.planning.rostering.layout import laid_out
from onefloor.planning.rostering.passes import cost, put_all
from onefloor.planning.rostering.polishing import polished
from onefloor.planning.rostering.problem import Company, Costs, Dated, Limit, Pause, Post, Problem, Roster, Wish
from onefloor.planning.rostering.programme import Effort, Programme
from onefloor.planning.rostering.scoring import score
from onefloor.planning.rostering.solving import Parameters, solve

EXACT = Effort(difference=1e-6, nodes=100_000)


def small() -> Problem:
    """Three agents, three days, and every cost there is."""
    one, two, three = people(3)
    agents = (
        replace(one, wishes=(Wish(day(1), 3.0),)),
        replace(two, wishes=(Wish(day(1), 5.0, "late"),), away=(Dated(day(2), day(2)),)),
        replace(three, protected=(Dated(day(0)),)),
    )
    limits = (*LAW, Limit(rule="no_nights_for_protected"), Limit(rule="nights", amount=1))
    companies = (Company("own", seats=1, guaranteed_hours=22), Company("north", 1.5, present=1, present_from=600))
    posts = (Post("key", ("2001", "2003"), start=15 * 60, end=18 * 60),)
    costs = Costs(fairness=0.7)
    return problem(3, 3, needed=1, agents=agents, limits=limits, companies=companies, posts=posts, costs=costs)


def polished_day(made: Problem, roster: Roster, number: int) -> tuple[float, Roster]:
    """What the polish of a day saves, and the roster after it."""
    layout = laid_out(made)
    task = layout.task
    cover, tours = empty_cover(task), layout.tours(roster)
    put_all(task, cover, tours)
    before = float(cost(task, cover, tours))
    everybody = np.arange(len(made.agents), dtype=np.int32)
    saved = polished(task, cover, tours, scratch(task), number, everybody, EXACT)
    assert before - float(cost(task, cover, tours)) == pytest.approx(saved)
    return saved, layout.roster(tours)


@pytest.mark.parametrize("rows", [("e-e", "l--", "--e"), ("eel", "---", "n--"), ("---", "---", "---")])
def test_a_polished_day_is_the_best_of_all_ways_to_plan_it(rows: tuple[str, ...]) -> None:
    made = small()
    made = replace(
        made, shifts=tuple(replace(shift, pauses=shift.pauses[:1] and (Pause(2, 6, 7),)) for shift in SHIFTS)
    )
    roster = roster_of(made, *rows)
    _, after = polished_day(made, roster, 1)
    assert breaches(made, after) == breaches(made, roster)
    least, layout = np.inf, laid_out(made)
    for choice in every(range(-1, 4), repeat=3):
        for pauses in every((6, 7), repeat=3):
            held = layout.tours(roster)
            held.choice[:, 1], held.pauses[:, 1, 0] = choice, pauses
            one = layout.roster(held)
            if breaches(made, one) == breaches(made, roster):
                least = min(least, score(made, one).total)
    assert score(made, after).total == pytest.approx(least)


def test_the_polish_only_touches_its_day_and_gains_what_draws_did_not_find() -> None:
    made = problem(24, 7)
    rng = np.random.default_rng(4)
    made = replace(made, needs=np.where(made.needs > 0, rng.integers(2, 9, made.needs.shape), 0).astype(np.int32))
    rough = solve(made, Parameters(price_rounds=30, passes=1, sweeps=1, polish=0.0, searches=1))
    saved, after = polished_day(made, rough.roster, 3)
    others = [number for number in range(7) if number != 3]
    assert (after.shifts[:, others] == rough.roster.shifts[:, others]).all()
    assert saved >= 0
    assert score(made, after).total == pytest.approx(rough.cost - saved)
    fine = solve(made, Parameters(price_rounds=30, passes=1, sweeps=1, searches=1, polish_rounds=1, nodes=1))
    assert fine.cost < rough.cost
    assert fine.breaches == []


def test_a_programme_that_finds_nothing_says_so() -> None:
    programme = Programme()
    row = programme.row(low=3.0)
    column = programme.column(1.0, [(row, 1.0)], most=2.0, whole=True)
    assert programme.solved({column: 1}, EXACT) is None


def test_nobody_is_on_duty_where_no_day_is_offered() -> None:
    made = problem(2, 2, agents=tuple(replace(one, away=(Dated(day(0)),)) for one in people(2)))
    assert empty_tours(laid_out(made).task).choice.max() == -1
    saved, after = polished_day(made, roster_of(made, "--", "--"), 0)
    assert saved == 0
    assert after.shifts.max() == -1
