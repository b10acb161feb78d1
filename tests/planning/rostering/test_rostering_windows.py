"""work_without_break: windows of breaks against every way to place them, in the engine, the polish and a repair."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from itertools import product as every

import numpy as np
import pytest
from rostering_cases import day, problem, roster_of

from onefloor.planning.repairing.moves import BREAKS, Reach, evaluate
from onefloor.planning.repairing.state import held_ready
from onefloor.planning.rostering.arrays import empty_cover, empty_tours, scratch
from onefloor.planning.rostering.checking import breaches
from onefloor.planning.rostering.layout import laid_out
from onefloor.planning.rostering.passes import put_all
from onefloor.planning.rostering.polishing import polished
from onefloor.planning.rostering.problem import Contract, Limit, Pause, Problem, Roster, Shift
from onefloor.planning.rostering.programme import Effort
from onefloor.planning.rostering.scoring import score
from onefloor.planning.rostering.solving import Parameters, solve
from onefloor.planning.rostering.tours import value_shifts
from onefloor.planning.rostering.unusable import barred
from onefloor.planning.rostering.windows import FREE, Window, narrowed, plain

TIED = Shift("tied", 8 * 60, 16, (Pause(1, 3, 6), Pause(1, 8, 12)))  # of 5: 4 with 10, 5 with 10 or 11
MANY = Shift("many", 9 * 60, 17, (Pause(2, 2, 6, paid=True), Pause(1, 8, 10), Pause(1, 11, 14)))
EXACT = Effort(difference=1e-6, nodes=100_000)


def lawful(shift: Shift, most: int) -> Iterator[tuple[int, ...]]:
    """Every way to place the breaks that leaves no stretch of more than ``most``, by counting."""
    for offsets in every(*(range(pause.earliest, pause.latest + 1) for pause in shift.pauses)):
        works = np.ones(shift.length, dtype=int)
        for pause, at in zip(shift.pauses, offsets, strict=True):
            works[at : at + pause.length] = 0
        if shift.gap:
            works[slice(*shift.gap)] = 0
        if max(len(run) for run in "".join(map(str, works)).split("0")) <= most:
            yield offsets


def drawn_shift(rng: random.Random) -> Shift:
    """A shift of up to three breaks, and maybe a gap, with room between their windows or none."""
    pauses, at, gap, gap_before = [], 0, None, rng.choice([0, 1, 2, None])
    for number in range(rng.choice([1, 2, 3])):
        if number == gap_before:
            gap = (at := at + rng.randrange(5), at := at + rng.choice([1, 3]))
        earliest = at + rng.randrange(5)
        pauses.append(Pause(rng.choice([1, 2]), earliest, earliest + rng.randrange(4)))
        at = pauses[-1].latest + pauses[-1].length
    return Shift("drawn", 480, at + rng.randrange(6), tuple(pauses), gap)


@pytest.mark.parametrize("seed", range(300))
def test_narrowed_windows_hold_exactly_the_lawful_ways_to_place_breaks(seed: int) -> None:
    rng = random.Random(seed)
    shift, most = drawn_shift(rng), rng.randrange(1, 9)
    ways, found = list(lawful(shift, most)), narrowed(shift, most)
    if found is None:
        assert ways == []
        return
    extremes = [(min(ats), max(ats)) for ats in zip(*ways, strict=True)]
    assert [(window.first, window.last) for window in found] == extremes
    held = [
        offsets
        for offsets in every(*(range(window.first, window.last + 1) for window in found))
        if all(
            after - before <= window.apart
            for window, (before, after) in zip(found, pairwise(offsets), strict=False)
        )
    ]  # fmt: skip
    assert held == ways


def test_a_limit_that_every_placing_keeps_narrows_nothing() -> None:
    assert narrowed(TIED, 11) == plain(TIED) == [Window(3, 6), Window(8, 12)]
    assert narrowed(TIED, 5) == [Window(4, 5, 6), Window(10, 11, FREE)]
    assert narrowed(TIED, 4) is None


def floor(agents: int, days: int, hours: float = 2.5, **changes: object) -> Problem:
    """Agents on the two shifts under a limit that ties their breaks."""
    names = (TIED.id, MANY.id)
    changes = {"shifts": (TIED, MANY), "contracts": (Contract("full", names),), **changes}
    return problem(agents, days, limits=(Limit(rule="work_without_break", amount=hours),), **changes)


@pytest.mark.parametrize("seed", range(40))
def test_the_engine_places_tied_breaks_where_they_give_up_least(seed: int) -> None:
    made, rng = floor(1, 2), np.random.default_rng(seed)
    task = laid_out(made).task
    room = scratch(task)
    room.value[:] = rng.integers(0, 4, len(room.value))
    value_shifts(task, room, 0, 0.0, 0.0, 0.0)
    for number, shift in enumerate(made.shifts):
        begin = int(task.shifts.begin[1, number])
        value = {
            offsets: room.value[begin : begin + shift.length].sum()
            - sum(
                room.value[begin + at : begin + at + pause.length].sum()
                for pause, at in zip(shift.pauses, offsets, strict=True)
            )
            for offsets in lawful(shift, 5)
        }
        chosen = tuple(room.pauses[1, number, : len(shift.pauses)].tolist())
        assert room.gain[1, number] == value[chosen] == max(value.values())


@pytest.mark.parametrize("seed", range(6))
def test_a_polished_day_with_tied_breaks_is_the_best_of_all_ways_to_plan_it(seed: int) -> None:
    made, rng = floor(2, 1), np.random.default_rng(seed)
    made = replace(made, needs=rng.integers(0, 3, made.needs.shape).astype(np.int32))
    layout, ways = laid_out(made), [(-1, ())]
    ways += [(number, offsets) for number, shift in enumerate(made.shifts) for offsets in lawful(shift, 5)]
    least = np.inf
    for pair in every(ways, repeat=2):
        one = Roster(np.array([[number] for number, _ in pair], np.int16), np.zeros((2, 1, 3), np.int16))
        for row, (_, offsets) in enumerate(pair):
            one.pauses[row, 0, : len(offsets)] = offsets
        least = min(least, score(made, one).total)
    task = layout.task
    cover, tours = empty_cover(task), empty_tours(task)
    put_all(task, cover, tours)
    polished(task, cover, tours, scratch(task), 0, np.arange(2, dtype=np.int32), EXACT)
    after = layout.roster(tours)
    assert breaches(made, after) == []
    assert score(made, after).total == pytest.approx(least)
    polished(task, cover, tours, scratch(task), 0, np.arange(2, dtype=np.int32), EXACT)
    assert score(made, layout.roster(tours)).total == pytest.approx(least)


def test_many_people_on_tied_breaks_keep_the_rule_through_search_and_polish() -> None:
    made, rng = floor(40, 3, needed=8), np.random.default_rng(3)
    made = replace(made, needs=np.where(made.needs > 0, rng.integers(0, 30, made.needs.shape), 0).astype(np.int32))
    found = solve(made, Parameters(price_rounds=100, passes=2, sweeps=3, polish_rounds=1, searches=1), seed=1)
    assert found.breaches == []
    assert found.bound <= found.cost == pytest.approx(found.score.total)
    pairs = {tuple(found.roster.pauses[row, on, :2].tolist()) for row, on in np.argwhere(found.roster.shifts == 0)}
    assert pairs == {(4, 10), (5, 10), (5, 11)}


def test_a_shift_is_barred_only_where_no_placing_keeps_the_limit() -> None:
    assert barred(floor(1, 1)) == []
    assert [one.shifts for one in barred(floor(1, 1, hours=2))] == [("tied",)]


def test_a_limit_of_some_days_narrows_the_windows_of_those_days() -> None:
    limit = Limit(day(1), day(1), "work_without_break", 2.5)
    task = laid_out(replace(floor(1, 3), limits=(limit,))).task
    assert task.patterns.narrowed.tolist() == [[False, False], [True, True], [False, False]]
    assert task.patterns.window[1, :2].tolist() == [[4, 5, 6], [10, 11, FREE]]


@pytest.mark.parametrize("told", [0, 3, 5, 9])
@pytest.mark.parametrize("seed", range(12))
def test_a_repair_moves_breaks_no_further_than_the_rule_lets_it(seed: int, told: int) -> None:
    made, rng = floor(2, 1), np.random.default_rng(seed)
    made = replace(made, needs=rng.integers(0, 3, made.needs.shape).astype(np.int32))
    roster = roster_of(made, "t", "m")
    ways = [list(lawful(shift, 5)) for shift in made.shifts]
    for row in range(2):
        held = ways[row][rng.integers(len(ways[row]))]
        roster.pauses[row, 0, : len(held)] = held
    state = held_ready(made, roster)
    task, held = state.layout.task, state.tours.pauses.copy()
    for row, shift in enumerate(made.shifts):
        begin = int(task.shifts.begin[0, row])
        reach = Reach(begin + 1, begin + told, len(made.grid), np.zeros(4), 0, 1.5)
        _, place, kind = evaluate(
            task, state.cover, state.tours, state.prices, state.room, row, 0, reach, False, np.zeros(2, dtype=bool)
        )
        moved = tuple(state.room.pauses[0, row, : len(shift.pauses)].tolist())
        assert (place, kind) == (row, BREAKS)
        assert moved in ways[row]
        assert all(at == was or was >= told <= at for at, was in zip(moved, held[row, 0].tolist(), strict=False))
