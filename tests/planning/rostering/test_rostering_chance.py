"""Random rules: the engine's automaton and the checker agree on every tour, and engine, score and bound on the cost.

Limits begin and end inside the horizon, histories and absences are drawn, nights run over midnight, the clock changes.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import product as every
from pathlib import Path

import numpy as np
import pytest

from onefloor.planning.grid import Grid
from onefloor.planning.rostering import files
from onefloor.planning.rostering.arrays import scratch
from onefloor.planning.rostering.checking import breaches
from onefloor.planning.rostering.conflicts import NoRoster, possible_tours
from onefloor.planning.rostering.history import with_history
from onefloor.planning.rostering.layout import laid_out
from onefloor.planning.rostering.problem import (
    Agent,
    Company,
    Contract,
    Costs,
    Dated,
    History,
    Limit,
    Pause,
    Post,
    Problem,
    Qualification,
    Roster,
    Shift,
    Skill,
    Wish,
)
from onefloor.planning.rostering.result import Result
from onefloor.planning.rostering.scoring import score
from onefloor.planning.rostering.solving import Parameters, solve
from onefloor.planning.rostering.tours import FORBIDDEN, best_tour, value_shifts

QUICK = Parameters(price_rounds=60, passes=2, sweeps=6)
SHIFTS = (
    Shift("day", 8 * 60, 16, (Pause(1, 6, 7),)),
    Shift("late", 15 * 60, 17, (Pause(2, 6, 7, paid=True),)),
    Shift("night", 22 * 60, 18),
    Shift("long", 20 * 60, 46, gap=(16, 24)),
)
BROKEN = (
    Shift("day", 8 * 60, 16, (Pause(1, 3, 6), Pause(1, 8, 12))),
    Shift("late", 15 * 60, 17, (Pause(2, 3, 7, paid=True), Pause(1, 9, 10), Pause(1, 11, 14))),
    Shift("night", 22 * 60, 18),
    Shift("long", 20 * 60, 30, (Pause(1, 4, 7), Pause(2, 22, 26)), gap=(12, 16)),
)
AMOUNTS: dict[str, tuple[float, ...]] = {
    "daily_hours": (7.5, 8.5, 9),
    "weekly_hours": (16, 20.5, 32),
    "average_hours": (14, 25.3, 40),
    "weekly_rest": (2, 3, 4),
    "rest": (8, 11, 14.5, 25, 36, 50),
    "consecutive_days": (1, 2, 3),
    "nights": (0, 1, 2),
    "consecutive_nights": (1, 2),
    "off_after_nights": (1, 2, 3),
    "weekends": (0, 1),
    "no_nights_for_protected": (0,),
    "work_without_break": (2, 2.5, 3.2, 4, 6, 9),
}
GRIDS = (
    (date(2026, 12, 3), "Asia/Shanghai"),
    (date(2026, 10, 23), "Europe/Berlin"),  # the 25th has 25 hours
    (date(2026, 3, 27), "Europe/Berlin"),  # the 29th has 23
    (date(2026, 11, 30), "America/New_York"),
)


def drawn(seed: int, days: int, agents: int, shifts: Sequence[Shift] = SHIFTS) -> Problem:
    """A small floor in which everything is drawn."""
    rng = random.Random(seed)
    first, zone = GRIDS[seed % len(GRIDS)]
    grid = Grid(first, days, 30, zone)
    names = [shift.id for shift in shifts]
    contracts = (Contract("full", tuple(names)), Contract("some", tuple(names[:2]), rng.choice([0, 1]), days - 1))
    companies = (
        Company("own", 2.0, rng.choice([None, 1]), rng.choice([0, 1]), rng.choice([480, 1320]), 600),
        Company("north", 1.5, rng.choice([None, 0, 1]), guaranteed_hours=rng.choice([0.0, 12.0, 60.0])),
    )
    people = tuple(_agent(rng, f"a{number}", first, days, names) for number in range(agents))
    posts = (Post("key", ("a0",), start=rng.choice([540, 1380]), end=rng.choice([660, 120])),) * rng.choice([0, 1])
    return Problem(
        grid, (Skill("a"), Skill("b", rng.choice([1.0, 2.5]))), companies, tuple(shifts), contracts, people,
        _needs(rng, grid), tuple(_limits(rng, first, days)), posts,
        Costs(fairness=rng.choice([0.0, 0.7])),
    )  # fmt: skip


def _dated(rng: random.Random, first: date, days: int) -> tuple[date | None, date | None]:
    """Days from -2 to two after the end; open at either end now and then."""
    since, until = sorted(first + timedelta(rng.randrange(-2, days + 2)) for _ in range(2))
    return rng.choice([since, since, None]), rng.choice([until, until, None])


def _limits(rng: random.Random, first: date, days: int) -> Iterator[Limit]:
    for rule in rng.sample(sorted(AMOUNTS), rng.choice([1, 2, 4])):
        for _ in range(rng.choice([1, 1, 2])):
            contracts = rng.choice([(), (), ("full",)])
            yield Limit(*_dated(rng, first, days), rule, rng.choice(AMOUNTS[rule]), contracts)


def _agent(rng: random.Random, name: str, first: date, days: int, shifts: Sequence[str]) -> Agent:
    spans = [Dated(*_dated(rng, first, days)) for _ in range(2)]
    history = History(
        ended=rng.choice([None, -30, 0, 14]), days=rng.choice([0, 2, 9]), nights=rng.choice([0, 0, 1]),
        off_since_night=rng.choice([None, 1, 2]), week_hours=rng.choice([0.0, 7.75, 16.0]),
        week_days=rng.choice([0, 2]),
    )  # fmt: skip
    wishes = tuple(
        Wish(first + timedelta(rng.randrange(days)), 5.0, rng.choice([None, *shifts]), rng.random() < 0.6)
        for _ in range(rng.choice([0, 1, 2]))
    )
    return Agent(
        name, rng.choice(["own", "north"]), rng.choice(["full", "full", "some"]),
        tuple(Qualification(*_dated(rng, first, days), skill) for skill in rng.choice([("a",), ("a", "b")])),
        (spans[0],) if rng.random() < 0.3 and spans[0].first != spans[0].last else (),
        (spans[1],) if rng.random() < 0.5 else (), wishes, rng.choice([History(), history]),
    )  # fmt: skip


def _needs(rng: random.Random, grid: Grid) -> np.ndarray:
    needs = np.zeros((len(grid), 2), dtype=np.int32)
    for _ in range(3 * grid.days):
        at = rng.randrange(len(grid))
        needs[at : at + rng.choice([4, 12, 18]), rng.choice([0, 0, 1])] += 1
    return needs


def taken(made: Problem) -> Callable[[Sequence[int]], bool]:
    """Whether the engine takes a tour of the only agent: paid for that very tour, it finds no better one."""
    layout = laid_out(made)
    task, room = layout.task, scratch(layout.task)
    value_shifts(task, room, 0, 0.0, 0.0, 0.0)
    lawful = room.gain > FORBIDDEN

    def asked(tour: Sequence[int]) -> bool:
        members = layout.members[0]
        if any(choice >= 0 and choice not in members for choice in tour):
            return False
        room.gain[:] = -1.0
        for day, choice in enumerate(tour):
            if choice >= 0:
                place = members.index(choice)
                room.gain[day, place] = 1.0 if lawful[day, place] else -1e15
        return bool(best_tour(task.patterns, 0, room) == sum(choice >= 0 for choice in tour))

    return asked


def roster(made: Problem, tours: Sequence[Sequence[int]]) -> Roster:
    """A roster with every break as early as it may be."""
    shifts = np.array(tours, dtype=np.int16)
    pauses = np.zeros((*shifts.shape, 1), dtype=np.int16)
    for place, number in np.ndenumerate(shifts):
        for pause in made.shifts[number].pauses if number >= 0 else ():
            pauses[(*place, 0)] = pause.earliest
    return Roster(shifts, pauses)


def placings(shift: Shift) -> Iterator[tuple[int, ...]]:
    """Every way to place the breaks of a shift."""
    return every(*(range(pause.earliest, pause.latest + 1) for pause in shift.pauses))


def with_lawful_breaks(made: Problem, tour: Sequence[int]) -> Roster:
    """A roster of one agent whose breaks the checker has nothing against, day by day, where any placing is such."""
    limits = tuple(one for one in made.limits if one.rule == "work_without_break")
    shifts, pauses = np.array([tour], dtype=np.int16), np.zeros((1, len(tour), 3), dtype=np.int16)
    for day, number in enumerate(tour):
        for offsets in placings(made.shifts[number]) if number >= 0 else ():
            pauses[0, day, : len(offsets)] = offsets
            found = breaches(replace(made, limits=limits), Roster(shifts, pauses))
            if ("work_without_break", made.grid.first + timedelta(day)) not in [(one.rule, one.day) for one in found]:
                break
    return Roster(shifts, pauses)


@pytest.mark.parametrize("shifts", [SHIFTS, BROKEN], ids=["one break", "more breaks"])
@pytest.mark.parametrize("seed", range(48))
def test_the_engine_takes_exactly_the_tours_that_the_checker_has_nothing_against(
    seed: int, shifts: Sequence[Shift]
) -> None:
    made, rng = drawn(seed, 5, 1, shifts), random.Random(seed)
    unbroken = Limit(*_dated(rng, made.grid.first, 5), "work_without_break", rng.choice(AMOUNTS["work_without_break"]))
    made = replace(made, limits=(*made.limits, unbroken))
    engine = taken(made)
    for _ in range(100):
        tour = rng.choices((-1, 0, 1, 2, 3), (3, 1, 1, 1, 1), k=5)
        assert engine(tour) is not bool(breaches(made, with_lawful_breaks(made, tour))), tour


COUNTED_OVER_DAYS = {"average_hours", "nights", "weekends"}  # such a limit begins anew with the horizon


@pytest.mark.parametrize("seed", range(300, 324))
def test_a_span_cut_in_two_breaks_what_it_breaks_in_one_piece(seed: int, tmp_path: Path) -> None:
    made = drawn(seed, 9, 1)
    agent = replace(made.agents[0], history=History(), away=(), contract="full")
    limits = tuple(one for one in made.limits if one.rule not in COUNTED_OVER_DAYS)
    made, rng = replace(made, agents=(agent,), limits=limits, companies=(Company(agent.company),)), random.Random(seed)
    whole = roster(made, [rng.choices((-1, 0, 1, 2, 3), (4, 1, 1, 1, 1), k=9)])
    broken = {(one.rule, one.day) for one in breaches(made, whole)}
    for cut in range(1, 9):
        first = made.grid.first + timedelta(cut)
        past = Roster(np.where(np.arange(9) < cut, whole.shifts, -1).astype(np.int16), whole.pauses)
        (tmp_path / "before.csv").write_text(files.csv_text(Result(made, past, 0.0, 0.0, 0.0, 0, 0), (agent.company,)))
        rest = with_history(replace(made, grid=replace(made.grid, first=first, days=9 - cut)), tmp_path / "before.csv")
        later = breaches(rest, Roster(whole.shifts[:, cut:], whole.pauses[:, cut:]))
        assert {(one.rule, one.day) for one in later} == {(rule, day) for rule, day in broken if day >= first}, cut


@pytest.mark.parametrize("shifts", [SHIFTS, BROKEN], ids=["one break", "more breaks"])
@pytest.mark.parametrize("seed", range(100, 124))
def test_a_roster_breaks_nothing_costs_what_the_score_says_and_no_less_than_the_bound(
    seed: int, shifts: Sequence[Shift]
) -> None:
    made = drawn(seed, 8, 5, shifts)
    made = replace(made, agents=tuple(
        one if possible else replace(one, away=(), history=History(), contract="full")
        for one, possible in zip(made.agents, possible_tours(made), strict=True)
    ))  # fmt: skip
    found = solve(made, replace(QUICK, polish_rounds=shifts is BROKEN), seed=seed)
    assert found.breaches == []
    assert found.cost == pytest.approx(found.score.total, abs=0.005)
    assert found.bound <= found.cost


def lawful_tours(made: Problem, row: int) -> list[tuple[int, ...]]:
    """All tours of one agent that the checker has nothing against."""
    alone = replace(made, agents=(made.agents[row],), posts=())
    return [
        tour
        for tour in every(range(-1, len(made.shifts)), repeat=made.grid.days)
        if not breaches(alone, roster(alone, [tour]))
    ]


@pytest.mark.parametrize("seed", range(200, 220))
def test_no_roster_at_all_costs_less_than_the_bound_and_the_search_finds_the_best(seed: int) -> None:
    shifts = (replace(SHIFTS[0], pauses=()), SHIFTS[2])
    made = drawn(seed, 3, 2, shifts)
    tours = [lawful_tours(made, row) for row in range(2)]
    if not all(tours):
        with pytest.raises(NoRoster):
            solve(made, QUICK)
        return
    least = min(score(made, roster(made, pair)).total for pair in every(*tours))
    found = solve(made, replace(QUICK, price_rounds=200, sweeps=40), seed=seed)
    assert found.bound <= least + 1e-9
    assert found.cost == pytest.approx(least)
