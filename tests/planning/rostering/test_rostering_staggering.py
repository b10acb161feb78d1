"""Breaks are spread where that costs nothing: against the roster without it, and against every move of one break."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from rostering_cases import MONDAY, people, problem

from onefloor.planning.grid import Grid
from onefloor.planning.rostering.checking import at_desk, breaches
from onefloor.planning.rostering.problem import Contract, Limit, Pause, Problem, Roster, Shift, Skill
from onefloor.planning.rostering.scoring import score
from onefloor.planning.rostering.solving import Parameters, solve
from onefloor.planning.solving import Stop

QUICK = Stop(None, 20)


def one_skill(needed: int, seed: int | None = None, **changes: object) -> Problem:
    """A floor whose people serve one skill, where who serves what is no question; its needs are drawn with a seed."""
    made = problem(9, 4, needed=needed, **changes)
    needs = made.needs[:, :1]
    if seed is not None:
        needs = np.where(needs > 0, np.random.default_rng(seed).integers(1, 7, needs.shape), 0).astype(np.int32)
    agents = tuple(replace(one, qualifications=one.qualifications[:1]) for one in made.agents)
    return replace(made, skills=(Skill("a"),), agents=agents, needs=needs)


def spread(made: Problem, roster: Roster) -> float:
    """The squares of those who are missing over the need, and to a hundredth of those who are too many."""
    there, need = at_desk(made, roster).sum(axis=0), made.needs[:, 0]
    squares = (there - need) ** 2 / np.maximum(need, 1)
    return float(np.where(there < need, squares, 0.01 * squares).sum())


def test_people_of_one_shift_do_not_all_take_their_break_at_once() -> None:
    shift = Shift("day", 8 * 60, 16, (Pause(1, 6, 9),))
    grid = Grid(MONDAY, 1)
    minute = np.arange(len(grid)) * 30
    needs = np.where((minute >= 8 * 60) & (minute < 16 * 60), 4, 0).astype(np.int32)[:, None]
    made = replace(
        one_skill(4), grid=grid, shifts=(shift,), contracts=(Contract("full", ("day",), 0, None),),
        agents=tuple(replace(one, qualifications=one.qualifications[:1]) for one in people(4)), needs=needs, limits=(),
    )  # fmt: skip
    plain = solve(made, Parameters(stagger=False), QUICK)
    found = solve(made, None, QUICK)
    assert sorted(found.roster.pauses[:, 0, 0].tolist()) == [6, 7, 8, 9]
    assert found.cost == pytest.approx(plain.cost)


@pytest.mark.parametrize("limits", [(), (Limit(rule="work_without_break", amount=4.5),)], ids=["free", "tied"])
@pytest.mark.parametrize("seed", range(6))
def test_no_single_break_could_be_moved_to_lower_cost_or_spread(seed: int, limits: tuple[Limit, ...]) -> None:
    made = one_skill(3, seed)
    made = replace(made, limits=(*made.limits, *limits))
    plain = solve(made, Parameters(stagger=False), QUICK, seed)
    found = solve(made, None, QUICK, seed)
    assert found.breaches == []
    assert found.cost == pytest.approx(found.score.total)
    assert found.cost <= plain.cost + 1e-9
    assert (found.roster.shifts == plain.roster.shifts).all()
    assert spread(made, found.roster) <= spread(made, plain.roster) + 1e-9
    held = spread(made, found.roster)
    for moved in single_moves(made, found.roster):
        cost = score(made, moved).total
        assert cost > found.cost - 1e-6
        assert cost > found.cost + 1e-6 or spread(made, moved) > held - 1e-6


def single_moves(made: Problem, roster: Roster) -> Iterator[Roster]:
    """Every roster with one break elsewhere that the checker has nothing against."""
    for row, day in zip(*np.nonzero(roster.shifts >= 0), strict=True):
        for slot, pause in enumerate(made.shifts[roster.shifts[row, day]].pauses):
            for begin in range(pause.earliest, pause.latest + 1):
                pauses = roster.pauses.copy()
                pauses[row, day, slot] = begin
                moved = Roster(roster.shifts, pauses)
                if begin != roster.pauses[row, day, slot] and not breaches(made, moved):
                    yield moved


def test_people_of_several_skills_and_companies_are_spread_too() -> None:
    made = problem(12, 7, needed=5)
    plain, found = solve(made, Parameters(stagger=False), QUICK), solve(made, None, QUICK)
    assert found.breaches == []
    assert found.cost == pytest.approx(found.score.total)
    assert found.cost <= plain.cost + 1e-9
    assert worst(made, found.roster) <= worst(made, plain.roster)
    assert (solve(made, None, QUICK).roster.pauses == found.roster.pauses).all()


def worst(made: Problem, roster: Roster) -> float:
    """The squares of those who are missing, whatever their skill."""
    short = np.maximum(made.needs.sum(axis=1) - at_desk(made, roster).sum(axis=0), 0)
    return float((short**2).sum())
