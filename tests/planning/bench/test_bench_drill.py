"""The drill: what a sudden leave breaks is what is truly uncovered, and who mends it quickest is found."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from onefloor.planning.bench.cover import lacking, sets_of, supply
from onefloor.planning.bench.drill import Agent, Drill, DrillProblem, drill
from onefloor.planning.bench.problem import BadBench
from onefloor.planning.bench.sentences import leave_sentence
from onefloor.planning.bench.transfer import Curriculum
from onefloor.planning.grid import Grid

SCHOOL = Curriculum(
    {"basics": 80, "bills": 40, "grid": 24, "english": 60},
    {"billing": ("basics", "bills"), "outage": ("basics", "grid"), "english": ("basics", "bills", "english")},
)


def agent(name: str, *skills: str, company: str = "North", leaves: float = 0.1) -> Agent:
    return Agent(name, company, frozenset(skills), leaves)


def held(agents: list[Agent], at_once: int = 0, **needs: int) -> Drill:
    need = np.array([[count] for count in needs.values()], dtype=np.int64)
    return drill(DrillProblem(tuple(agents), tuple(needs), need, SCHOOL), at_once)


def test_the_only_one_with_a_skill_breaks_it_and_who_misses_least_takes_his_place() -> None:
    agents = [agent("a", "english", "billing"), agent("b", "billing"), agent("c", "outage"), agent("d", "billing")]
    found = held(agents, english=1, billing=2, outage=1)
    assert {one.agents[0].id: [part.skills for part in one.broken] for one in found.leaves} == {
        "a": [("english",)],
        "c": [("outage",)],
    }
    english = next(one for one in found.leaves if one.agents[0].id == "a")
    assert [(one.agent.id, one.skill, one.hours, one.modules) for one in english.trained] == [
        ("b", "english", 60.0, ("english",))
    ]
    assert [(one.agent.id, one.hours) for one in english.others] == [("d", 60.0), ("c", 100.0)]
    assert (found.spare, found.holders, found.lacks) == ((0, 1, 0), (1, 3, 1), 0)


def test_among_equal_hours_he_comes_first_who_is_less_likely_to_leave() -> None:
    agents = [agent("a", "english"), agent("b", "billing", leaves=0.4), agent("c", "billing", leaves=0.1)]
    (leave,) = held(agents, english=1).leaves
    assert leave.trained[0].agent.id == "c"


def test_nobody_of_another_company_is_trained() -> None:
    agents = [agent("a", "english"), agent("b", "billing", company="Harbor"), agent("c", "outage")]
    (leave,) = held(agents, english=1).leaves
    assert [one.agent.id for one in (*leave.trained, *leave.others)] == ["c"]
    alone = held([agent("a", "english"), agent("b", "billing", company="Harbor")], english=1).leaves[0]
    assert (alone.trained, alone.open) == ((), 1)
    assert "Nobody of the same company could be trained" in leave_sentence(alone, None).en
    assert "Nobody of the same company on duty could be trained" in leave_sentence(alone, Grid(date(2026, 12, 1), 1)).en


def test_the_most_skilled_together_break_more_than_each() -> None:
    agents = [agent("a", "english", "billing"), agent("b", "english", "billing"), agent("c", "billing"), agent("d")]
    found = held(agents, at_once=2, english=1, billing=2)
    assert found.leaves == ()
    assert found.at_once is not None
    assert {(one.skills, one.lack) for one in found.at_once.broken} == {(("english",), 1), (("billing",), 1)}
    assert [(one.agent.id, one.skill) for one in found.at_once.trained] == [("c", "english"), ("d", "billing")]


def test_a_skill_that_lacks_already_is_told_apart_from_what_the_leave_breaks() -> None:
    found = held([agent("a", "billing"), agent("b", "outage")], billing=3, outage=1)
    assert found.lacks == 2
    assert {one.agents[0].id: one.lost for one in found.leaves} == {"a": 1, "b": 1}


def test_on_a_day_one_person_serves_one_skill_at_a_time() -> None:
    agents = (agent("a", "billing", "outage"), agent("b", "billing"), agent("c", "outage"))
    need = np.array([[1, 1, 1], [1, 1, 1]])
    there = np.array([[True, True, False], [True, True, True], [True, False, True]])
    found = drill(DrillProblem(agents, ("billing", "outage"), need, SCHOOL, there), 0)
    broken = {one.agents[0].id: one.broken for one in found.leaves}
    assert {name: [(part.skills, part.intervals) for part in parts] for name, parts in broken.items()} == {
        "a": [(("outage",), (1,))],
        "b": [(("billing",), (2,)), (("billing", "outage"), (1,))],
        "c": [(("outage",), (2,))],
    }


def test_who_is_not_on_duty_mends_nothing() -> None:
    agents = (agent("a", "english"), agent("b", "billing"), agent("c", "outage"))
    there = np.array([[True, False], [False, True], [True, True]])
    found = drill(DrillProblem(agents, ("english",), np.array([[1, 0]]), SCHOOL, there), 0)
    assert [one.agent.id for one in found.leaves[0].trained] == ["c"]


@given(
    st.lists(st.integers(0, 15), min_size=1, max_size=7),
    st.lists(st.integers(0, 3), min_size=4, max_size=4),
)
@settings(max_examples=80, deadline=None)
def test_what_sets_of_skills_lack_is_what_no_assignment_covers(masks: list[int], need: list[int]) -> None:
    sets = sets_of(4, joint=True)
    supplied = supply(sets, masks, np.ones((len(masks), 1), np.int64))
    lack, where = lacking(sets, sets.needed(np.array(need)[:, None]), supplied)
    posts = [skill for skill, count in enumerate(need) for _ in range(count)]
    able = np.array([[(mask >> skill) & 1 for skill in posts] for mask in masks]).reshape(len(masks), len(posts))
    rows, columns = linear_sum_assignment(able, maximize=True)
    assert lack[0, 0] == len(posts) - (able[rows, columns].sum() if len(posts) else 0)
    if lack[0, 0]:
        members = np.flatnonzero(sets.members[where[0, 0]])
        assert sum(need[skill] for skill in members) - supplied[where[0, 0], 0] == lack[0, 0]


@given(st.lists(st.sets(st.sampled_from(list(SCHOOL.modules))), min_size=2, max_size=9), st.integers(0, 5))
@settings(max_examples=60, deadline=None)
def test_whoever_leaves_what_is_trained_mends_what_is_said(skills: list[set[str]], need: int) -> None:
    agents = [agent(f"a{place}", *one) for place, one in enumerate(skills)]
    needs = {"billing": need, "outage": 1, "english": 1}
    found = held(agents, at_once=2, **needs)
    for leave in [*found.leaves, *([found.at_once] if found.at_once else [])]:
        stays = {one.id: set(one.skills) for one in agents if one not in leave.agents}
        for one in leave.trained:
            stays[one.agent.id].add(one.skill)
        short = sum(max(0, count - sum(skill in held for held in stays.values())) for skill, count in needs.items())
        assert short == found.lacks + leave.open
        told = leave_sentence(leave, None)
        assert told.zh.endswith("。")
        assert told.en.endswith(".")
        assert "nan" not in told.en


@given(st.sets(st.sampled_from(list(SCHOOL.modules))), st.sampled_from(list(SCHOOL.modules)))
def test_more_skills_never_mean_more_hours(skills: set[str], skill: str) -> None:
    for other in SCHOOL.modules:
        assert SCHOOL.hours_missing(skill, skills | {other}) <= SCHOOL.hours_missing(skill, skills)
    assert SCHOOL.hours_missing(skill, {skill}) == 0


def test_too_many_skills_at_once_are_refused() -> None:
    with pytest.raises(BadBench):
        sets_of(15, joint=True)
    assert sets_of(15, joint=False).skills == 15
