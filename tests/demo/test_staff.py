from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from onefloor.demo.year import Plan

HOUR = 3_600_000


@pytest.fixture(scope="module")
def many() -> Plan:
    """Two months of a floor that many agents share, a few shifts each."""
    return Plan(seed=9, contacts=600_000, staff=400, months=2)


def test_as_many_agents_are_on_the_roster_as_are_asked_for(facts, many):
    assert 398 <= facts(replace(many, months=1), "roster")["agent"].n_unique() <= 402


def test_more_agents_than_the_contacts_keep_busy_are_here_on_some_days_only(facts, many):
    assert (many.full_time, many.agents, many.duty) == (35, 400, 35 / 400)
    states = facts(many, "agent_states")
    day = ((pl.col("started_ms") + 8 * HOUR) // (24 * HOUR)).alias("day")
    days = states.select("agent", day).unique().group_by("agent").len()
    assert 2 < days["len"].mean() < 5
    assert days["len"].max() < 15


def test_occupancy_and_volume_are_those_of_a_floor_that_is_staffed_full_time(facts, many):
    legs, states = facts(many, "contacts"), facts(many, "agent_states")
    spent = dict(states.group_by("state").agg((pl.col("ended_ms") - pl.col("started_ms")).sum()).iter_rows())
    busy = spent["talk"] + spent["hold"] + spent["wrap"]
    assert 0.92 < len(legs) / (600_000 * 59 / 365.25) < 1.08
    assert 0.64 < busy / (busy + spent["available"]) < 0.80


def test_fewer_agents_than_the_contacts_need_are_here_every_working_day():
    assert Plan(contacts=1_000_000, staff=30).duty == 1.0


def test_plans_that_name_no_staff_keep_their_years():
    assert Plan().key == "2853856de346da680a883ae1d910f38b"
    assert Plan(staff=1_000).key != Plan().key
    assert Plan().duty == 1.0
