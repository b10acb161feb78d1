"""Whether two agents may exchange what they do on a day, and what it would cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from onefloor.planning.repairing import moves
from onefloor.planning.repairing.state import State, worse
from onefloor.planning.rostering.checking import Breach, breaches
from onefloor.planning.rostering.cover import shortfall
from onefloor.planning.rostering.passes import own_cost


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
    now, problem = state.roster(rows), replace(state.problem, agents=tuple(state.problem.agents[row] for row in rows))
    shifts, pauses = now.shifts.copy(), now.pauses.copy()
    shifts[:, day], pauses[:, day] = shifts[::-1, day], pauses[::-1, day]
    if against := worse(breaches(problem, replace(now, shifts=shifts, pauses=pauses)), breaches(problem, now)):
        return Swap(tuple(against), 0.0)
    return Swap((), _swapped_cost(state, rows, day, shifts[:, day]))


def _swapped_cost(state: State, rows: tuple[int, int], day: int, shifts: NDArray[np.int16]) -> float:
    """What everything costs more after the exchange of a day to these shifts: cover, pay, wishes, fairness."""
    held = [(int(state.tours.choice[row, day]), state.tours.pauses[row, day].copy()) for row in rows]
    members = [[*state.layout.members[state.layout.task.people.pattern[row]], -1] for row in rows]
    places = [of.index(shift) if shift >= 0 else -1 for of, shift in zip(members, shifts.tolist(), strict=True)]
    wanted = list(zip(places, [pauses for _, pauses in held[::-1]], strict=True))
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
