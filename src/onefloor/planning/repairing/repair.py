"""What happened, and what to do: the best change again and again while it saves more than it disturbs.

Every change is valued exactly on the cover as it stands. Gains only shrink as the gap fills, so an agent is valued
again only when they come to the front of the list (lazy greedy: Minoux 1978).
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from onefloor.language import Text
from onefloor.planning.repairing import moves
from onefloor.planning.repairing.state import Span, Spike, State
from onefloor.planning.rostering.checking import Breach, breaches
from onefloor.planning.rostering.cover import shortfall
from onefloor.planning.rostering.passes import own_cost
from onefloor.planning.rostering.problem import Roster
from onefloor.problems import Problem as Mistake

KINDS = ("breaks", "moved", "called")
SMALL = 1e-6


@dataclass(frozen=True, slots=True)
class Parameters:
    """How much a change has to save: hours of a missing agent of weight 1 that it is as bad as.

    ``notice`` is minutes before anything new can begin; ``most`` changes are made, ``alternatives`` listed for each.
    """

    breaks: float = 0.125
    moved: float = 0.25
    called: float = 1.25
    notice: int = 60
    most: int = 40
    alternatives: int = 5


@dataclass(frozen=True, slots=True)
class Change:
    """One agent's new day: ``before`` and ``after`` are names of shifts, None for off.

    ``saved`` is cost: what it saves on the cover when it is made, less pay and penalty. ``pauses`` are intervals after
    the shift's start.
    """

    agent: str
    company: str
    day: int
    kind: str
    before: str | None
    after: str
    pauses: tuple[int, ...]
    saved: float


@dataclass(frozen=True, slots=True)
class Repair:
    """What was done about it.

    ``lost`` and ``left`` are cost of missing agents in the hours concerned: lost by what happened, and left after the
    changes. ``alternatives`` has for each change what else would have done, best first.
    """

    changes: tuple[Change, ...]
    alternatives: tuple[tuple[Change, ...], ...]
    lost: float
    left: float

    @property
    def recovered(self) -> float:
        """The share of what was lost that is back; 1 where nothing was lost."""
        return 1.0 if self.lost <= SMALL else max(0.0, 1.0 - max(self.left, 0.0) / self.lost)


class NotWorking(Mistake):
    """Somebody who has no duty left on that day cannot be absent or late."""

    def __init__(self, agent: str, at: datetime) -> None:
        super().__init__(
            Text(
                f"坐席 {agent} 在 {at:%Y-%m-%d %H:%M} 之后当天无班。",
                f"Agent {agent} has no duty left on the day after {at:%Y-%m-%d %H:%M}.",
            ),
            remedy=Text("请核对工号和时间。", "Check the agent and the time."),
        )  # fmt: skip


def absent(state: State, agents: Sequence[str], at: datetime, parameters: Parameters | None = None) -> Repair:
    """Agents are absent for the rest of their duty from a moment on; the state has the repaired roster.

    Raises:
        UnknownAgent, OutsideHorizon, NotWorking.
    """
    now = state.interval(at)
    rows = [state.row(agent) for agent in dict.fromkeys(agents)]
    duties = [_duty(state, row, now, at) for row in rows]
    return _repaired(state, rows, duties, now, None, parameters or Parameters())


def late(state: State, agent: str, at: datetime, until: datetime, parameters: Parameters | None = None) -> Repair:
    """An agent comes only at ``until``.

    Raises:
        UnknownAgent, OutsideHorizon, NotWorking.
    """
    now, row = state.interval(at), state.row(agent)
    return _repaired(state, [row], [_duty(state, row, now, at)], now, state.interval(until), parameters or Parameters())


def spike(
    state: State, skill: str, since: datetime, until: datetime, more: int, parameters: Parameters | None = None
) -> Repair:
    """``more`` agents of a skill are needed for a while, as is known just early enough for somebody to begin with it.

    Raises:
        OutsideHorizon, UnknownSkill.
    """
    names = [one.id for one in state.problem.skills]
    if skill not in names:
        raise UnknownSkill(skill, names)
    asked, (first, last) = parameters or Parameters(), (state.interval(since), state.interval(until))
    task, window = state.layout.task, _window(state, first)
    before = moves.missing_weight(task, state.cover, first, window)
    state.ask_for(Spike(names.index(skill), Span(first, last), more))
    return _mended(state, int(task.demand.day[first]), first, first, before, asked)


class UnknownSkill(Mistake):
    """A skill the roster does not have."""

    def __init__(self, skill: str, known: Sequence[str]) -> None:
        super().__init__(
            Text(f"没有技能“{skill}”。", f'There is no skill "{skill}".'),
            remedy=Text(f"可用：{'、'.join(known)}。", f"Use one of {', '.join(known)}."),
        )


def _duty(state: State, row: int, now: int, at: datetime) -> int:
    """The day of the duty that is going on at an interval, or else of the one that begins later that day."""
    today = int(state.layout.task.demand.day[now])
    for day in (today - 1, today):
        if day >= 0 and state.on_duty(row, day, now):
            return day
    raise NotWorking(state.problem.agents[row].id, at)


def _repaired(
    state: State, rows: Sequence[int], duties: Sequence[int], now: int, until: int | None, asked: Parameters
) -> Repair:
    task, window = state.layout.task, _window(state, now)
    before = moves.missing_weight(task, state.cover, now, window)
    for row, day in zip(rows, duties, strict=True):
        state.leave(row, day, now, until)
    notice = -(-asked.notice // state.problem.grid.minutes)
    return _mended(state, int(task.demand.day[now]), now + notice, now, before, asked)


def _window(state: State, now: int) -> int:
    """Where the shifts of the day of an interval end."""
    task = state.layout.task
    return int(task.patterns.span[:, task.demand.day[now], 1].max())


def _mended(state: State, day: int, soonest: int, since: int, before: float, asked: Parameters) -> Repair:
    task, window = state.layout.task, _window(state, since)
    broken = moves.missing_weight(task, state.cover, since, window)
    changes, others = _changes(state, day, soonest, since, before, asked)
    after = moves.missing_weight(task, state.cover, since, window)
    return Repair(tuple(changes), tuple(others), broken - before, after - before)


def _changes(
    state: State, day: int, soonest: int, since: int, before: float, asked: Parameters
) -> tuple[list[Change], list[tuple[Change, ...]]]:
    """The changes, best first, and for each what else would have done; none beyond what was lost."""
    task, window = state.layout.task, _window(state, since)
    unit = state.problem.costs.missing
    penalties = np.array([asked.breaks, asked.moved, asked.called]) * unit
    locked = np.ascontiguousarray(state.locked[:, day])
    gains = np.zeros(len(locked))
    moves.evaluate_all(task, state.cover, state.tours, state.prices, state.room, day, soonest, penalties, locked, gains)
    queue = [(-float(gains[row]), int(row)) for row in np.flatnonzero(gains > SMALL)]
    heapq.heapify(queue)
    changes: list[Change] = []
    others: list[tuple[Change, ...]] = []
    while queue and len(changes) < asked.most:
        if moves.missing_weight(task, state.cover, since, window) <= before + SMALL:
            break
        _, row = heapq.heappop(queue)
        change, place = _best(state, row, day, soonest, penalties)
        if change is None or change.saved <= SMALL:
            continue
        if queue and change.saved < -queue[0][0] - SMALL:
            heapq.heappush(queue, (-change.saved, row))
            continue
        others.append(_alternatives(state, queue, day, soonest, penalties, asked.alternatives))
        pauses = np.zeros(state.tours.pauses.shape[2], dtype=np.int32)
        pauses[: len(change.pauses)] = change.pauses
        moves.set_day(task, state.cover, state.tours, row, day, place, pauses)
        state.locked[row, day] = True
        changes.append(change)
    return changes, others


def _alternatives(
    state: State, queue: Sequence[tuple[float, int]], day: int, soonest: int, penalties: np.ndarray, most: int
) -> tuple[Change, ...]:
    """The next best changes as things stand, exactly valued."""
    found = [_best(state, row, day, soonest, penalties)[0] for _, row in heapq.nsmallest(most, queue)]
    told = [change for change in found if change is not None and change.saved > SMALL]
    return tuple(sorted(told, key=lambda change: (-change.saved, change.agent)))


def _best(state: State, row: int, day: int, soonest: int, penalties: np.ndarray) -> tuple[Change | None, int]:
    task = state.layout.task
    saved, place, kind = moves.evaluate(
        task, state.cover, state.tours, state.prices, state.room, row, day, soonest, penalties
    )
    if place < 0:
        return None, place
    members = state.layout.members[task.people.pattern[row]]
    agent, now = state.problem.agents[row], int(state.tours.choice[row, day])
    shift = state.problem.shifts[members[place]]
    before = None if now < 0 else state.problem.shifts[members[now]].id
    pauses = tuple(int(offset) for offset in state.room.pauses[day, place][: len(shift.pauses)])
    return Change(agent.id, agent.company, day, KINDS[kind], before, shift.id, pauses, float(saved)), place


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
    broken = [breach for breach in _of(state, Roster(shifts, pauses), rows) if breach not in before]
    if broken:
        return Swap(tuple(broken), 0.0)
    return Swap((), _swapped_cost(state, rows, day, Roster(shifts, pauses)))


def _of(state: State, roster: Roster, rows: tuple[int, int]) -> list[Breach]:
    """What the independent checker says of two agents."""
    problem = state.problem
    pair = replace(problem, agents=tuple(problem.agents[row] for row in rows))
    return breaches(pair, Roster(roster.shifts[list(rows)], roster.pauses[list(rows)]))


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
