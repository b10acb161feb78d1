"""Whatever happens on whatever roster: nothing unlawful is asked of anybody, and the cover is what a repair says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from rostering_cases import LAW, MONDAY, people, problem

from onefloor.planning.grid import Grid
from onefloor.planning.repairing.repair import NotWorking, Repair, absent, late, spike
from onefloor.planning.repairing.state import State, held_ready
from onefloor.planning.rostering.checking import at_desk, breaches
from onefloor.planning.rostering.clock import duties_of
from onefloor.planning.rostering.problem import Company, History, Limit, Problem
from onefloor.planning.rostering.scoring import missing
from onefloor.planning.rostering.solving import Parameters, solve

DAYS = 6
OTHER_LAWS = (
    (),
    (Limit(rule="daily_overtime", amount=1.5), Limit(rule="monthly_overtime", amount=3)),
    (Limit(rule="work_without_break", amount=6), Limit(rule="consecutive_nights", amount=2)),
    (Limit(rule="work_without_break", amount=3.5),),
    (Limit(rule="work_without_break", amount=3),),
    (Limit(rule="daily_hours", amount=9), Limit(rule="off_after_nights", amount=1)),
)


def drawn(rng: np.random.Generator) -> Problem:
    """A floor with some of the rules, seats, and a history of overtime."""
    limits = tuple(one for one in LAW if one.rule not in ("daily_hours", "weekly_hours") or rng.random() < 0.3)
    made = problem(
        int(rng.integers(3, 9)), DAYS, needed=int(rng.integers(1, 4)), grid=Grid(MONDAY, DAYS),
        limits=(*limits, *OTHER_LAWS[rng.integers(len(OTHER_LAWS))]),
        companies=(Company("own"), Company("north", price=1.5, seats=int(rng.integers(1, 4)))),
    )  # fmt: skip
    history = History(month_overtime=float(rng.integers(0, 3)))
    needs = np.maximum(made.needs + rng.integers(-1, 2, made.needs.shape), 0).astype(np.int32)
    return replace(made, agents=people(len(made.agents), history=history), needs=needs)


def lost(state: State, needs: NDArray[np.int32]) -> NDArray[np.float64]:
    """What is missing of some needs by the independent count, in cost by interval."""
    there = at_desk(state.problem, state.roster())
    for (row, _), spans in state.gone.items():
        for one in spans:
            there[row, one.since : one.until] = False
    made = replace(state.problem, needs=needs)
    return missing(made, there)[0] * made.costs.missing / made.per_hour


def worked(state: State, row: int, day: int) -> float:
    """Paid hours of an agent's day, interval by interval."""
    begin, end = state.span(row, day)
    shift = state.shift(row, int(state.tours.choice[row, day]))
    counted = set(range(begin - int(state.overtime[row, day, 0]), end + int(state.overtime[row, day, 1])))
    placed = zip(shift.pauses, state.tours.pauses[row, day].tolist(), strict=False)
    unpaid = [(at, pause.length) for pause, at in placed if not pause.paid]
    for at, length in [*unpaid, *([(shift.gap[0], shift.gap[1] - shift.gap[0])] if shift.gap else [])]:
        counted -= set(range(begin + at, begin + at + length))
    for one in state.gone.get((row, day), ()):
        counted -= set(range(one.since, one.until))
    return len(counted) / state.problem.per_hour


def happens(state: State, rng: np.random.Generator, at: datetime) -> Repair:
    """An absence of one or two people, a late arrival or a spike."""
    someone = [one.id for one in rng.choice(np.array(state.problem.agents, dtype=object), 2, replace=False)]
    until = at + timedelta(hours=int(rng.integers(1, 6)))
    match rng.integers(4):
        case 0:
            return absent(state, someone[:1], at)
        case 1:
            return absent(state, someone, at)
        case 2:
            return late(state, someone[0], at, until)
        case _:
            return spike(state, "a", at, until, int(rng.integers(1, 3)))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_repairs_keep_every_rule_and_account_for_the_cover(seed: int) -> None:
    rng = np.random.default_rng(seed)
    made = drawn(rng)
    found = solve(made, Parameters(price_rounds=5, sweeps=2, passes=1, searches=1), seed=seed % 1000)
    state, hours = held_ready(made, found.roster), np.sort(rng.integers(0, 24 * (DAYS - 1) - 6, 6))
    assert breaches(made, state.roster()) == []
    changed = 0
    for hour in hours.tolist():
        at = datetime(MONDAY.year, MONDAY.month, MONDAY.day) + timedelta(hours=hour)
        before = lost(state, state.layout.task.demand.need[: len(made.needs)])
        try:
            told = happens(state, rng, at)
        except NotWorking:
            continue
        changed += len(told.changes)
        needs = state.layout.task.demand.need[: len(made.needs)]
        after = lost(state, needs)
        task, size = state.layout.task, len(after)
        own = ((task.demand.need - state.cover.got) * task.demand.weight).sum(axis=1)[:size]
        assert own == pytest.approx(after)
        assert breaches(made, state.roster()) == []
        for row in range(len(made.agents)):
            paid = {duty.number: duty.paid_hours for duty in duties_of(made, state.roster(), row)}
            assert paid == {day: worked(state, row, day) for day in range(DAYS) if state.tours.choice[row, day] >= 0}
        since = state.interval(at)
        whole = (after - before)[since:]
        sums = np.cumsum(whole)
        assert told.left == pytest.approx(0) or np.isclose(sums, told.left).any()  # the gap ends somewhere
        assert all(one.overtime == (0, 0) or one.kind in ("earlier", "longer") for one in told.changes)
    assert (state.overtime.sum(axis=2) <= 4).all()
