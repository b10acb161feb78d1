"""The changes of a repair: the best one again and again while it saves more than it disturbs.

Every change is valued exactly on the cover as it stands. Gains only shrink as the gap fills, so an agent is valued
again only when they come to the front of the list (lazy greedy: Minoux 1978).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onefloor.planning.repairing import moves
from onefloor.planning.repairing.leading import bound_all, leader
from onefloor.planning.repairing.overtime import beside
from onefloor.planning.repairing.state import Span, State
from onefloor.planning.rostering.tours import NOTHING

KINDS = ("breaks", "moved", "called")
SMALL = 1e-6


@dataclass(frozen=True, slots=True)
class Parameters:
    """How much a change has to save: hours of a missing agent of weight 1 that it is as bad as.

    ``notice`` is minutes before anybody can come, ``told`` before somebody who is there moves a break or stays longer;
    ``most`` changes are made, ``alternatives`` listed for each. Nobody comes or stays more than ``overtime`` minutes
    longer, and that is paid ``overtime_pay`` times.
    """

    breaks: float = 0.5
    moved: float = 0.75
    called: float = 1.25
    longer: float = 0.6
    overtime: int = 120
    overtime_pay: float = 1.5
    notice: int = 60
    told: int = 30
    most: int = 40
    alternatives: int = 5


@dataclass(frozen=True, slots=True)
class Change:
    """One agent's new day: ``before`` and ``after`` are names of shifts, None for off.

    ``saved`` is cost: what it saves on the cover when it is made, less pay and penalty. ``pauses`` are intervals after
    the shift's start; ``overtime`` are intervals before it and after its end.
    """

    agent: str
    company: str
    day: int
    kind: str
    before: str | None
    after: str
    pauses: tuple[int, ...]
    saved: float
    overtime: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Gap:
    """What is to be filled: missing from ``since`` until before ``until``; the days whose shifts reach it, and who is
    not asked."""

    since: int
    until: int
    days: NDArray[np.int32]
    reach: moves.Reach
    away: tuple[int, ...]

    @classmethod
    def of(cls, state: State, span: Span, notices: tuple[int, int], away: Sequence[int], asked: Parameters) -> Gap:
        """The gap of some intervals; ``notices`` are the intervals before anybody comes, and before anybody is told."""
        (since, until), (soonest, told) = span, notices
        per_hour, missing = state.problem.per_hour, state.problem.costs.missing
        penalties = np.array([asked.breaks, asked.moved, asked.called, asked.longer]) * missing
        most, spans = asked.overtime * per_hour // 60, state.layout.task.patterns.span
        near = (spans[:, :, 1].max(axis=0) >= since + told) & (spans[:, :, 0].min(axis=0) - most < until)
        reach = moves.Reach(since + soonest, since + told, until, penalties, most, asked.overtime_pay)
        return cls(since, until, np.flatnonzero(near).astype(np.int32), reach, tuple(away))


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A change with the agent's row and the shift's place in the agent's pattern."""

    row: int
    place: int
    change: Change


def made(state: State, gap: Gap, enough: float, asked: Parameters) -> tuple[list[Change], list[tuple[Change, ...]]]:
    """Make the changes, best first, and tell for each what else would have done.

    None is made once no more than ``enough`` is missing in the gap.
    """
    task, gains = state.layout.task, _bounds(state, gap)
    exact = np.zeros(gains.shape, dtype=bool)
    changes: list[Change] = []
    others: list[tuple[Change, ...]] = []
    while len(gap.days) and len(changes) < asked.most:
        if moves.missing_weight(task, state.cover, gap.since, gap.until) <= enough + SMALL:
            break
        ranked = _ranked(state, gap, gains, exact, 1 + asked.alternatives)
        if not ranked:
            break
        _make(state, ranked[0])
        changes.append(ranked[0].change)
        others.append(tuple(one.change for one in ranked[1:]))
        gains[:, ranked[0].row] = np.where(gap.days == ranked[0].change.day, NOTHING, gains[:, ranked[0].row])
        exact[:] = False
    return changes, others


def _bounds(state: State, gap: Gap) -> NDArray[np.float64]:
    """What each agent's best change of each day saves at most."""
    gains = np.zeros((len(gap.days), len(state.locked)))
    for number, day in enumerate(gap.days.tolist()):
        locked = state.locked[:, day].copy()
        locked[list(gap.away)] = True
        bound_all(
            state.layout.task, state.cover, state.tours, state.prices, state.room, day, gap.reach, locked, state.kin,
            gains[number],
        )  # fmt: skip
    return gains


def _ranked(
    state: State, gap: Gap, gains: NDArray[np.float64], exact: NDArray[np.bool_], most: int
) -> list[_Candidate]:
    """The best changes as things stand, at most so many, one of each agent and day."""
    free = np.asarray(state.locked.any(axis=1))
    found, held = list[_Candidate](), list[tuple[int, int, float]]()
    while len(found) < most:
        number, row = leader(
            state.layout.task, state.cover, state.tours, state.prices, state.room, gap.days, gap.reach, free, gains,
            exact, SMALL,
        )  # fmt: skip
        if number < 0:
            break
        best = _best(state, row, int(gap.days[number]), gap.reach)
        if best is None or best.change.saved <= SMALL:
            gains[number, row] = NOTHING
        elif best.change.saved < gains[number, row] - SMALL:
            gains[number, row] = best.change.saved
        else:
            found.append(best)
            held.append((number, row, gains[number, row]))
            gains[number, row] = NOTHING
    for number, row, gain in held:
        gains[number, row] = gain
    return found


def _make(state: State, found: _Candidate) -> None:
    change, row = found.change, found.row
    if any(change.overtime):
        state.work_beside(row, change.day, *change.overtime)
    else:
        pauses = np.zeros(state.tours.pauses.shape[2], dtype=np.int32)
        pauses[: len(change.pauses)] = change.pauses
        moves.set_day(state.layout.task, state.cover, state.tours, row, change.day, found.place, pauses)
    state.locked[row, change.day] = True


def _best(state: State, row: int, day: int, reach: moves.Reach) -> _Candidate | None:
    """The better of another day and of overtime, within the rules."""
    other = _other_day(state, row, day, reach)
    return _overtime(state, row, day, reach, SMALL if other is None else other.change.saved) or other


def _other_day(state: State, row: int, day: int, reach: moves.Reach) -> _Candidate | None:
    task, free = state.layout.task, bool(state.locked[row].any())
    refused = np.zeros(state.room.gain.shape[1], dtype=bool)
    while True:
        saved, place, kind = moves.evaluate(
            task, state.cover, state.tours, state.prices, state.room, row, day, reach, free, refused
        )  # fmt: skip
        if place < 0 or saved <= SMALL:
            return None
        shift = state.shift(row, place)
        pauses = tuple(int(offset) for offset in state.room.pauses[day, place][: len(shift.pauses)])
        if not free or not state.against(row, day, place, pauses):
            break
        if kind == moves.BREAKS:
            return None
        refused[place] = True
    agent, now = state.problem.agents[row], int(state.tours.choice[row, day])
    before = None if now < 0 else state.shift(row, now).id
    change = Change(agent.id, agent.company, day, KINDS[kind], before, shift.id, pauses, float(saved))
    return _Candidate(row, place, change)


def _overtime(state: State, row: int, day: int, reach: moves.Reach, above: float) -> _Candidate | None:
    """Overtime, where that saves more than ``above``: as long as saves most, or less where rules forbid that."""
    task, most = state.layout.task, reach.most
    agent, place = state.problem.agents[row], int(state.tours.choice[row, day])
    while most > 0:
        saved, *extra = beside(task, state.cover, state.tours, state.prices, state.room, row, day, reach, most)
        if saved <= max(above, SMALL):
            return None
        shift, overtime = state.shift(row, place), (int(extra[0]), int(extra[1]))
        pauses = tuple(int(offset) for offset in state.tours.pauses[row, day][: len(shift.pauses)])
        if not state.against(row, day, place, pauses, overtime):
            name, kind = shift.id, "earlier" if overtime[0] else "longer"
            change = Change(agent.id, agent.company, day, kind, name, name, pauses, float(saved), overtime)
            return _Candidate(row, place, change)
        most = sum(overtime) - 1
    return None
