"""What happened, and what is done about it: an absence, a late arrival, a spike of demand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from onefloor.language import Text
from onefloor.planning.repairing import moves
from onefloor.planning.repairing.changes import SMALL, Change, Gap, Parameters, made
from onefloor.planning.repairing.state import Span, Spike, State
from onefloor.planning.repairing.swapping import Swap, swap
from onefloor.planning.rostering.arrays import Floats
from onefloor.problems import Problem as Mistake

__all__ = [
    "Change", "NotWorking", "Parameters", "Repair", "Swap", "UnknownSkill", "absent", "late", "spike", "swap",
]  # fmt: skip


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
    before = moves.missing_weights(state.layout.task, state.cover)
    state.ask_for(Spike(names.index(skill), Span(first, last), more))
    return _mended(state, first, (0, 0), (), before, asked)


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
    before = moves.missing_weights(state.layout.task, state.cover)
    for row, day in zip(rows, duties, strict=True):
        state.leave(row, day, now, until)
    minutes = state.problem.grid.minutes
    return _mended(state, now, (-(-asked.notice // minutes), -(-asked.told // minutes)), rows, before, asked)


def _mended(
    state: State, since: int, notices: tuple[int, int], away: Sequence[int], before: Floats, asked: Parameters
) -> Repair:
    """Mend what is missing more than ``before``, from interval ``since`` on."""
    task = state.layout.task
    lost = moves.missing_weights(task, state.cover) - before
    until = int(np.flatnonzero(lost > SMALL).max(initial=since)) + 1
    kept, gone = float(before[since:until].sum()), float(lost[since:until].sum())
    changes, others = made(state, Gap.of(state, Span(since, until), notices, away, asked), kept, asked)
    after = moves.missing_weight(task, state.cover, since, until)
    return Repair(tuple(changes), tuple(others), gone, after - kept)
