"""Each rule, in the automaton and in the checker, against a plain reading of tours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import product as every

import numpy as np
import pytest
from rostering_cases import LAW, MONDAY, day, people, problem, roster_of

from onefloor.planning.grid import Grid
from onefloor.planning.rostering import counters
from onefloor.planning.rostering.automaton import product
from onefloor.planning.rostering.checking import breaches
from onefloor.planning.rostering.clock import duties_of
from onefloor.planning.rostering.counters import Categories, Counter
from onefloor.planning.rostering.problem import Dated, History, Limit, Night, Qualification, Shift
from onefloor.planning.rostering.scoring import score
from onefloor.planning.rostering.timing import is_night

KINDS = Categories((0, 16, 16), (False, False, True))  # off, day shift, night; half hours
WORK, NIGHT = 1, 2


def takes(rules: Sequence[Counter], days: Sequence[int]) -> bool:
    machine = product(rules)
    state = 0 if machine.possible else -1
    for kind in days:
        state = int(machine.after[state, kind]) if state >= 0 else -1
    return state >= 0


def run(days: str) -> list[int]:
    return ["-dn".index(letter) for letter in days]


@pytest.mark.parametrize(
    ("rule", "allowed", "forbidden"),
    [
        (counters.worked_days(4, KINDS, 1, 2), "d--n", "dd-d"),
        (counters.worked_days(4, KINDS, 1, 2), "---d", "----"),
        (counters.consecutive_days(KINDS, [2] * 4), "dd-d", "ddd-"),
        (counters.consecutive_days(KINDS, [2] * 4, run=2), "-dd-", "d---"),
        (counters.consecutive_days(KINDS, [3, 3, 2, 2]), "-dd-", "ddd-"),
        (counters.consecutive_nights(KINDS, [1] * 4), "ndnd", "nnd-"),
        (counters.consecutive_nights(KINDS, [1] * 4, run=1), "dnd-", "nd--"),
        (counters.nights(KINDS, 1, [True] * 4), "dnd-", "n--n"),
        (counters.nights(KINDS, 1, [False, False, True, True]), "nnnd", "nnnn"),
        (counters.off_after_nights(KINDS, [2] * 5), "nn--d", "n-d--"),
        (counters.off_after_nights(KINDS, [2] * 5), "n--n-", "n-n--"),
        (counters.off_after_nights(KINDS, [0, 0, 2, 2, 2]), "nd-nn", "-nd--"),
        (counters.off_after_nights(KINDS, [0, 0, 2, 2, 2]), "-n--d", "-n-d-"),
        (counters.off_after_nights(KINDS, [2, 2, 0, 0]), "n--d", "n-d-"),
        (counters.off_after_nights(KINDS, [1] * 3, due=None), "-dd", "d--"),
        (counters.off_after_nights(KINDS, [0] * 3, due=2), "--d", "-dd"),
        (counters.off_after_nights(KINDS, [0] * 3, due=2), "--n", "n--"),
        (counters.weekly_hours(KINDS, [32] * 4, [True, False, False, True]), "dd-d", "ddd-"),
        (counters.weekly_hours(KINDS, [16, 16, 32], [False, False, True]), "d-d", "dd-"),
        (counters.weekly_hours(KINDS, [-1, -1, 32], [False, False, True]), "--d", "d--"),
        (counters.weekly_rest(KINDS, [5] * 4, [True, False, False, True]), "dd-d", "ddd-"),
        (counters.period_hours(KINDS, 33, [True] * 4), "dd--", "ddd-"),
        (counters.period_hours(KINDS, 16, [False, True, True, False]), "dd-d", "-dd-"),
        (counters.weekends(KINDS, 1, [5, 6, 0, 5]), "ddd-", "d--d"),
        (counters.weekends(KINDS, 1, [6, 0, 5, 6]), "--dd", "d-d-"),
    ],
)  # fmt: skip
def test_a_counter_takes_what_its_rule_allows_and_nothing_else(rule: Counter, allowed: str, forbidden: str) -> None:
    assert takes([rule], run(allowed))
    assert not takes([rule], run(forbidden))


def test_a_week_must_hold_its_days_off() -> None:
    rule = counters.weekly_rest(KINDS, [1] * 7, [True] + [False] * 6)
    assert takes([rule], run("dddddd-"))
    assert not takes([rule], run("ddddddd"))


def test_the_product_takes_exactly_the_tours_that_every_rule_takes() -> None:
    rules = [
        counters.worked_days(6, KINDS, 2, 4),
        counters.consecutive_days(KINDS, [3] * 6),
        counters.off_after_nights(KINDS, [1] * 6),
        counters.nights(KINDS, 2, [True] * 6),
    ]
    both = product(rules)
    for tour in every(range(3), repeat=6):
        alone = all(takes([rule], tour) for rule in rules)
        state = 0
        for kind in tour:
            state = int(both.after[state, kind]) if state >= 0 else -1
        assert (state >= 0) is alone, tour


def found(rows: Sequence[str], *limits: Limit, **changes: object) -> list[tuple[str, date]]:
    made = problem(len(rows), len(rows[0]), limits=limits, agents=people(len(rows), **changes))
    return [(one.rule, one.day) for one in breaches(made, roster_of(made, *rows))]


@pytest.mark.parametrize(
    ("row", "limit", "first"),
    [
        ("le-----", Limit(rule="rest", amount=11), 1),
        ("eeeeeee", Limit(rule="consecutive_days", amount=6), 6),
        ("eeeeee-", Limit(rule="weekly_hours", amount=40), 5),
        ("eeeeeee", Limit(rule="weekly_rest", amount=1), 6),
        ("e------", Limit(rule="daily_hours", amount=7), 0),
        ("eeeeee-", Limit(rule="average_hours", amount=40), 0),
        ("n-n-n--", Limit(rule="nights", amount=2), 4),
        ("nnn----", Limit(rule="consecutive_nights", amount=2), 2),
        ("n-e----", Limit(rule="off_after_nights", amount=2), 2),
        ("-----e-", Limit(rule="weekends", amount=0), 5),
        ("e------", Limit(rule="work_without_break", amount=2.5), 0),
    ],
)
def test_the_checker_finds_each_broken_rule_on_its_day(row: str, limit: Limit, first: int) -> None:
    assert found([row], limit)[0] == (limit.rule, day(first))
    assert found([row], replace(limit, last=day(-1))) == []
    assert found([row], replace(limit, contracts=("another",))) == []


def test_the_checker_finds_days_away_protected_nights_and_what_was_worked_before() -> None:
    assert found(["e-"], away=(Dated(day(0), day(0)),)) == [("away", day(0))]
    protected = Limit(rule="no_nights_for_protected")
    assert found(["-n"], protected, protected=(Dated(day(1)),)) == [("no_nights_for_protected", day(1))]
    run_before = History(ended=16, days=6)
    assert found(["e-"], Limit(rule="consecutive_days", amount=6), history=run_before) == [
        ("rest", day(0)),
        ("consecutive_days", day(0)),
    ]


def test_a_break_outside_its_window_is_found() -> None:
    made = problem(1, 2, limits=())
    roster = roster_of(made, "e-")
    roster.pauses[0, 0, 0] = 10
    assert [one.rule for one in breaches(made, roster)] == ["pause"]


@pytest.mark.parametrize(
    ("shift", "dark"),
    [
        (Shift("a", 22 * 60, 4), True),
        (Shift("b", 0, 4), True),
        (Shift("c", 15 * 60, 17), False),
        (Shift("d", 20 * 60, 8), True),
        (Shift("e", 4 * 60 + 30, 8), False),
    ],
)
def test_a_night_has_two_hours_between_ten_and_six(shift: Shift, dark: bool) -> None:
    assert is_night(shift, Night(), 30) is dark


def test_shifts_last_as_long_on_the_night_the_clock_changes() -> None:
    made = problem(1, grid=Grid(date(2026, 10, 24), 3, 30, "Europe/Berlin"), limits=LAW)
    duties = duties_of(made, roster_of(made, "n-e"), 0)
    assert [duty.end - duty.begin for duty in duties] == [9 * 3600.0, 9 * 3600.0]
    assert duties[1].begin - duties[0].begin == (48 - 22 + 7 + 1) * 3600.0


def test_a_skill_counts_on_the_days_it_is_valid() -> None:
    agent = replace(people(1)[0], qualifications=(Qualification(day(1), day(1), "a"),))
    made = problem(1, 3, agents=(agent,), needed=1)
    alone = score(made, roster_of(made, "eee"))
    nobody = score(made, roster_of(made, "---"))
    assert nobody.missing_hours - alone.missing_hours == 7.5


def test_the_score_counts_wishes_presence_and_guaranteed_hours() -> None:
    from onefloor.planning.rostering.problem import Company, Post, Wish

    agent = replace(
        people(1)[0], wishes=(Wish(day(0), 5.0), Wish(day(1), 3.0, "late"), Wish(day(2), 2.0, "early", wanted=False))
    )
    companies = (Company("own", seats=0, guaranteed_hours=100), Company("north", present=1, present_from=480,
                                                                      present_until=540))  # fmt: skip
    made = problem(1, 3, agents=(agent,), companies=companies, posts=(Post("key", ("2001",), start=420, end=480),))
    told = score(made, roster_of(made, "ee-"))
    assert told.wishes == 5 + 3
    assert told.guaranteed == (100 - 16) * 4
    assert told.presence == 16 * (2 * 7.5 + 3 * 1 + 1)
    assert day(0) == MONDAY
    assert np.isclose(told.total, told.paid + told.missing + told.wishes + told.presence + told.guaranteed)
