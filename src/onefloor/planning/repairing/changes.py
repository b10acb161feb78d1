"""The changes of a repair: the best one again and again while it saves more than it disturbs.

Every change is valued exactly on the cover as it stands. Gains only shrink as the gap fills, so an agent is valued
again only when they come to the front of the list (lazy greedy: Minoux 1978).
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from onefloor.planning.repairing import moves
from onefloor.planning.repairing.overtime import MOST_HOURS, longer
from onefloor.planning.repairing.state import State

KINDS = ("breaks", "moved", "called", "longer")
SMALL = 1e-6


@dataclass(frozen=True, slots=True)
class Parameters:
    """How much a change has to save: hours of a missing agent of weight 1 that it is as bad as.

    ``notice`` is minutes before anything new can begin; ``most`` changes are made, ``alternatives`` listed for each.
    Nobody stays more than ``overtime`` minutes longer, and that is paid ``overtime_pay`` times.
    """

    breaks: float = 0.125
    moved: float = 0.25
    called: float = 1.25
    longer: float = 0.6
    overtime: int = 120
    overtime_pay: float = 1.5
    notice: int = 60
    most: int = 40
    alternatives: int = 5


@dataclass(frozen=True, slots=True)
class Change:
    """One agent's new day: ``before`` and ``after`` are names of shifts, None for off.

    ``saved`` is cost: what it saves on the cover when it is made, less pay and penalty. ``pauses`` are intervals after
    the shift's start; ``overtime`` are intervals after its end.
    """

    agent: str
    company: str
    day: int
    kind: str
    before: str | None
    after: str
    pauses: tuple[int, ...]
    saved: float
    overtime: int = 0


@dataclass(frozen=True, slots=True)
class Gap:
    """What is to be filled: the day, the first interval at which anything can begin, what a change has to save."""

    day: int
    soonest: int
    penalties: np.ndarray
    most: int  # intervals of overtime
    pay: float

    @classmethod
    def of(cls, state: State, day: int, soonest: int, asked: Parameters) -> Gap:
        """The gap of a day."""
        per_hour, missing = state.problem.per_hour, state.problem.costs.missing
        most = min(asked.overtime * per_hour // 60, int(MOST_HOURS * per_hour))
        penalties = np.array([asked.breaks, asked.moved, asked.called, asked.longer]) * missing
        return cls(day, soonest, penalties, most, asked.overtime_pay)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A change with the shift's place in the agent's pattern."""

    row: int
    place: int
    change: Change


def made(
    state: State, gap: Gap, since: int, until: int, enough: float, asked: Parameters
) -> tuple[list[Change], list[tuple[Change, ...]]]:
    """Make the changes, best first, and tell for each what else would have done.

    None is made once no more than ``enough`` is missing from interval ``since`` until before ``until``.
    """
    queue = _queue(state, gap)
    changes: list[Change] = []
    others: list[tuple[Change, ...]] = []
    while queue and len(changes) < asked.most:
        if moves.missing_weight(state.layout.task, state.cover, since, until) <= enough + SMALL:
            break
        _, row = heapq.heappop(queue)
        found = _best(state, row, gap)
        if found is None or found.change.saved <= SMALL:
            continue
        if queue and found.change.saved < -queue[0][0] - SMALL:
            heapq.heappush(queue, (-found.change.saved, row))
            continue
        others.append(_alternatives(state, queue, gap, asked.alternatives))
        _make(state, found)
        changes.append(found.change)
    return changes, others


def _queue(state: State, gap: Gap) -> list[tuple[float, int]]:
    """The agents by what their best change saves at most."""
    task, locked = state.layout.task, np.ascontiguousarray(state.locked[:, gap.day])
    gains = np.zeros(len(locked))
    moves.evaluate_all(
        task, state.cover, state.tours, state.prices, state.room, gap.day, gap.soonest, gap.penalties, locked,
        state.kin, gap.most, gap.pay, gains,
    )  # fmt: skip
    queue = [(-float(gains[row]), int(row)) for row in np.flatnonzero(gains > SMALL)]
    heapq.heapify(queue)
    return queue


def _alternatives(state: State, queue: Sequence[tuple[float, int]], gap: Gap, most: int) -> tuple[Change, ...]:
    """The next best changes as things stand, exactly valued."""
    found = [_best(state, row, gap) for _, row in heapq.nsmallest(most, queue)]
    told = [one.change for one in found if one is not None and one.change.saved > SMALL]
    return tuple(sorted(told, key=lambda change: (-change.saved, change.agent)))


def _make(state: State, found: _Candidate) -> None:
    change, row = found.change, found.row
    if change.overtime:
        state.stay(row, change.day, change.overtime)
    else:
        pauses = np.zeros(state.tours.pauses.shape[2], dtype=np.int32)
        pauses[: len(change.pauses)] = change.pauses
        moves.set_day(state.layout.task, state.cover, state.tours, row, change.day, found.place, pauses)
    state.locked[row, change.day] = True


def _best(state: State, row: int, gap: Gap) -> _Candidate | None:
    """The better of another day and of staying longer, within the rules."""
    other = _other_day(state, row, gap)
    return _longer(state, row, gap, SMALL if other is None else other.change.saved) or other


def _other_day(state: State, row: int, gap: Gap) -> _Candidate | None:
    task, day = state.layout.task, gap.day
    saved, place, kind = moves.evaluate(
        task, state.cover, state.tours, state.prices, state.room, row, day, gap.soonest, gap.penalties
    )
    if place < 0:
        return None
    shift = state.shift(row, place)
    pauses = tuple(int(offset) for offset in state.room.pauses[day, place][: len(shift.pauses)])
    if state.overtime[row].any() and not state.lawful(row, day, place, pauses, 0):
        return None
    agent, now = state.problem.agents[row], int(state.tours.choice[row, day])
    before = None if now < 0 else state.shift(row, now).id
    change = Change(agent.id, agent.company, day, KINDS[kind], before, shift.id, pauses, float(saved))
    return _Candidate(row, place, change)


def _longer(state: State, row: int, gap: Gap, above: float) -> _Candidate | None:
    """Staying longer, where that saves more than ``above``: as long as saves most, or less where rules forbid that."""
    task, day, most = state.layout.task, gap.day, gap.most
    agent, place = state.problem.agents[row], int(state.tours.choice[row, day])
    while most > 0:
        saved, most = longer(
            task, state.cover, state.tours, state.prices, state.room, row, day, gap.soonest, most, gap.pay
        )
        saved -= gap.penalties[moves.LONGER]
        if most == 0 or saved <= max(above, SMALL):
            return None
        shift = state.shift(row, place)
        pauses = tuple(int(offset) for offset in state.tours.pauses[row, day][: len(shift.pauses)])
        if state.lawful(row, day, place, pauses, most):
            name = shift.id
            change = Change(agent.id, agent.company, day, "longer", name, name, pauses, float(saved), int(most))
            return _Candidate(row, place, change)
        most -= 1
    return None
