from dataclasses import replace

import numpy as np
import pytest
from small_pools import day, two_skills

from onefloor.planning.pools.daily import Effort, erlang_staff, staffed_day
from onefloor.planning.pools.loads import offered_loads
from onefloor.planning.pools.problem import BadPools, Pools, Target
from onefloor.planning.pools.simulated import Simulated


def test_the_load_lags_behind_the_arrivals_and_nothing_of_it_is_lost() -> None:
    asked = day((0.0, 100.0, 100.0, 0.0, 0.0, 0.0, 0.0, 0.0))
    load = offered_loads(asked.model)[0]
    assert load.sum() * 1800 == pytest.approx(200 * 600, rel=1e-4)
    assert load[1] < load[2] < 100 * 600 / 1800
    # by hand: the mean of 100/1800 * 600 * (1 - exp(-t/600)) over half an hour
    assert load[1] == pytest.approx(100 / 3 * (1 - (1 - np.exp(-3)) / 3))


def test_every_interval_is_near_its_target_and_needs_its_last_agent() -> None:
    asked = day((30.0, 90.0, 240.0, 300.0, 210.0, 150.0, 240.0, 120.0))
    found = staffed_day(asked, Effort(days=2600, fresh=1000), seed=1)
    assert (found.low.tolist(), found.ample.tolist()) == ([], [])


def test_erlang_a_alone_misses_what_the_simulation_puts_right() -> None:
    asked = day((20.0, 20.0, 300.0, 300.0, 60.0, 60.0))
    found = staffed_day(asked, Effort(days=600, fresh=400), seed=1)
    before = Simulated(asked, 400, 77).levels(erlang_staff(asked)[None]).value[0]
    assert before.min() < 0.78 < found.checked.value.min()


def test_a_day_without_contacts_needs_nobody() -> None:
    assert staffed_day(day((0.0, 0.0, 0.0)), Effort(days=40, fresh=20)).staff.tolist() == [0, 0, 0]


def test_equal_seeds_give_equal_days() -> None:
    asked, effort = day((30.0, 60.0, 30.0)), Effort(days=200, fresh=40)
    one, two = staffed_day(asked, effort, seed=3), staffed_day(asked, replace(effort, threads=2), seed=3)
    assert one.staff.tolist() == two.staff.tolist()
    assert one.checked.value.tolist() == two.checked.value.tolist()


def test_several_skills_are_sent_to_the_other_solver() -> None:
    with pytest.raises(BadPools):
        staffed_day(Pools(two_skills(), (Target(0.8),), by_interval=True))
