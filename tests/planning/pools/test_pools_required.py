from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from onefloor.planning.pools.daily import Effort
from onefloor.planning.pools.laws import ASSUMED, Chosen
from onefloor.planning.pools.problem import BadPools
from onefloor.planning.pools.required import simulated_requirement
from onefloor.planning.simulation.laws import exponential, gamma
from onefloor.planning.staffing.requirements import Demand, requirement
from onefloor.planning.staffing.targets import target

FEW, LONG = Effort(days=400, fresh=100), Effort(days=1000, fresh=100)


def demand(*days: tuple[float, ...]) -> Demand:
    calls = np.array([number for day in days for number in day])
    starts = tuple(
        datetime(2026, 12, 1, 9) + timedelta(days=d, minutes=30 * p)
        for d, day in enumerate(days)
        for p in range(len(day))
    )
    return Demand("tech", starts, calls, np.full(len(calls), 300.0), np.full(len(calls), 180.0), 30)


def test_days_of_steady_calls_need_what_erlang_a_says_but_for_their_first_interval() -> None:
    asked, goals = demand((90.0,) * 6, (0.0,) * 6), target("service_level >= 80% in 20s")
    by_formula, found = requirement(asked, goals), simulated_requirement(asked, goals, effort=FEW)
    assert np.abs(found.at_desks - by_formula.at_desks)[1:].max() <= 1
    assert found.at_desks[6:].tolist() == [0] * 6
    assert found.over_all(found.expected.service_level("F4")) == pytest.approx(
        by_formula.over_all(by_formula.expected.service_level("F4")), abs=0.06
    )


def test_nobody_is_fewer_than_the_least_where_somebody_calls() -> None:
    found = simulated_requirement(demand((1.0, 0.0, 2.0)), target("service_level >= 80% in 20s"), least=4, effort=FEW)
    assert found.at_desks.tolist() == [4, 0, 4]


def test_other_goals_than_one_service_level_are_refused() -> None:
    for text in ("asa <= 30s", "service_level >= 80% in 20s and abandonment <= 3%"):
        with pytest.raises(BadPools):
            simulated_requirement(demand((10.0,)), target(text), effort=FEW)


def test_once_the_day_has_begun_handling_that_is_nearly_constant_needs_fewer_agents_than_without_facts() -> None:
    asked, goals = replace(demand((120.0,) * 8), patience_s=np.full(8, np.inf)), target("service_level >= 80% in 20s")
    steady = replace(ASSUMED, handling=Chosen(gamma(200.0, 0.05), 500))
    usual, fewer = (simulated_requirement(asked, goals, effort=LONG, laws=laws) for laws in (ASSUMED, steady))
    assert fewer.at_desks[1:].sum() <= usual.at_desks[1:].sum() - 4
    assert fewer.at_desks[0] > usual.at_desks[0]  # nobody is done early in a day that begins empty
    assert usual.expected.p_abandon.max() == 0.0  # and nobody leaves


def test_customers_who_never_wait_arrive_in_the_simulated_days() -> None:
    asked, goals = demand((60.0,) * 4), target("service_level >= 80% in 20s")
    hasty = replace(ASSUMED, patience=Chosen(exponential(180.0), 500), never_waits=0.5)
    usual, left = (simulated_requirement(asked, goals, effort=FEW, laws=laws) for laws in (ASSUMED, hasty))
    assert left.over_all(left.expected.p_abandon) > 1.5 * usual.over_all(usual.expected.p_abandon)


def test_however_few_are_expected_somebody_is_there_by_either_method() -> None:
    """With nobody there the interval misses any level, also where those of the interval before still work."""
    goals = target("service_level >= 50% in 60s")
    for calls in ((4.0, 0.03, 4.0), (0.06,) * 3, (20.0, 0.1, 20.0)):
        asked = demand(calls)
        found = simulated_requirement(asked, goals, effort=FEW)
        assert (found.at_desks > 0).all()
        assert requirement(asked, goals).at_desks[1] == found.at_desks[1] == 1
