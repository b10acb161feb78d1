"""Whether two agents may exchange what they do on a day, and what it would cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from onefloor.planning.repairing import moves
from onefloor.planning.repairing.overtime import broken
from onefloor.planning.repairing.state import State
from onefloor.planning.rostering.checking import Breach
from onefloor.planning.rostering.cover import shortfall
from onefloor.planning.rostering.passes import own_cost
from onefloor.planning.rostering.problem import Roster


@dataclass(frozen=True, slots=True)
class Swap:
    """Whether two agents may exchange a day: rules it would break, and what it costs (below 0: it saves)."""

    breaches: tuple[Breach, ...]
    cost: float

    @property
    def allowed(self) -> bool:
        """Whether no rule is broken that was kept before."""
        return not self.breaches


def swap(state: State, one: str, other: str, day: int) -> Swap:
    """Check an exchange of what two agents do on a day; the state is left as it was.

    Raises:
        UnknownAgent: one of them is not in the roster.
    """
    rows = (state.row(one), state.row(other))
    on = state.problem.grid.first + timedelta(day)
    if gone := [
        Breach("away", name, on) for name, row in zip((one, other), rows, strict=True) if (row, day) in state.gone
    ]:
        return Swap(tuple(gone), 0.0)
    roster = state.roster()
    shifts, pauses = roster.shifts.copy(), roster.pauses.copy()
    shifts[list(rows), day] = shifts[list(rows[::-1]), day]
    pauses[list(rows), day] = pauses[list(rows[::-1]), day]
    before = set(_of(state, roster, rows))
    against = [breach for breach in _of(state, Roster(shifts, pauses), rows) if breach not in before]
    if against:
        return Swap(tuple(against), 0.0)
    return Swap((), _swapped_cost(state, rows, day, Roster(shifts, pauses)))


def _of(state: State, roster: Roster, rows: tuple[int, int]) -> list[Breach]:
    """What the independent checker says of two agents, their overtime included."""
    held = list(rows)
    return broken(state.problem, rows, Roster(roster.shifts[held], roster.pauses[held]), state.overtime[held])


def _swapped_cost(state: State, rows: tuple[int, int], day: int, swapped: Roster) -> float:
    """What everything costs more after the exchange: cover, pay, wishes, fairness."""
    other = state.layout.tours(swapped)
    held, wanted = (
        [(int(tours.choice[row, day]), tours.pauses[row, day].copy()) for row in rows] for tours in (state.tours, other)
    )
    before = _cost(state, rows)
    _put(state, rows, day, wanted)
    after = _cost(state, rows)
    _put(state, rows, day, held)
    return after - before


def _put(state: State, rows: tuple[int, int], day: int, days: Sequence[tuple[int, np.ndarray]]) -> None:
    for row, (place, pauses) in zip(rows, days, strict=True):
        moves.set_day(state.layout.task, state.cover, state.tours, row, day, place, pauses)


def _cost(state: State, rows: tuple[int, int]) -> float:
    """What is missing and paid, and what two agents' tours cost besides."""
    task = state.layout.task
    own = sum(float(own_cost(task, state.tours, row)) for row in rows)
    return float(shortfall(state.cover, task.demand)) + own
