"""People who are employed on a part of the days."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rostering_cases import NAMES, day, people, problem

from onefloor.planning.rostering.employed import Employed, with_employment
from onefloor.planning.rostering.problem import Contract
from onefloor.planning.rostering.searching import Parameters
from onefloor.planning.rostering.solving import solve
from onefloor.planning.solving import Stop

FULL = (Contract("full", NAMES, 18, 22),)


@pytest.mark.parametrize(("hired", "least", "most"), [(0, None, None), (14, 9, 11), (21, 4, 6), (27, 0, 1)])
def test_who_is_hired_later_owes_that_part_of_the_contracts_days(
    hired: int, least: int | None, most: int | None
) -> None:
    made = problem(1, 28, contracts=FULL)
    found = with_employment(made, [Employed("2001", "own", day(hired), None)]).agents[0]
    assert (found.least_days, found.most_days) == (least, most)


def test_a_number_of_days_of_ones_own_stays() -> None:
    made = problem(1, 28, contracts=FULL, agents=(replace(people(1)[0], least_days=3, most_days=12),))
    found = with_employment(made, [Employed("2001", "own", day(21), None)]).agents[0]
    assert (found.least_days, found.most_days) == (3, 12)


def test_a_roster_with_somebody_hired_in_the_middle_is_possible_and_lawful() -> None:
    made = problem(3, 28, contracts=FULL, needed=1)
    since = {"2001": 0, "2002": 0, "2003": 14}
    companies = {agent.id: agent.company for agent in made.agents}
    lines = [Employed(name, companies[name], day(hired), None) for name, hired in since.items()]
    found = solve(with_employment(made, lines), Parameters(searches=1), Stop(rounds=5))
    assert found.breaches == []
    assert 9 <= (found.roster.shifts[2] >= 0).sum() <= 11
