"""What each agent of a recorded replication did, and what the shifts had asked for; times as in the model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from onefloor.planning.simulation.memory import NONE
from onefloor.planning.simulation.model import Agent, Model
from onefloor.planning.simulation.rows import Contacts

Span = tuple[float, float]
# Agent, state, reason, start, end, queue.
State = tuple[str, str, str | None, float, float, str | None]


def agent_spans(found: Contacts, shown: Sequence[bool]) -> list[State]:
    """States of every agent of the groups shown, without gaps while logged in, in order of time for each."""
    own = _by_agent(found)
    model, names, number, told = found.compiled.model, [kind.id for kind in found.compiled.model.types], 0, []
    for group, show in zip(model.groups, shown, strict=True):
        for agent in group.agents:
            if show:
                told += list(_of_agent(model, agent, found, own.get(number, []), names))
            number += 1
    return told


def _by_agent(found: Contacts) -> dict[int, list[int]]:
    """The rows each agent answered, in order of time."""
    served = np.flatnonzero(found.agent != NONE)
    order = served[np.argsort(found.answered[served], kind="stable")]
    own: dict[int, list[int]] = {}
    for row in order.tolist():
        own.setdefault(int(found.agent[row]), []).append(row)
    return own


def _of_agent(
    model: Model, agent: Agent, found: Contacts, rows: Sequence[int], names: Sequence[str]
) -> Iterator[State]:
    free = 0.0
    present = at_work_spans(model, agent)
    for row in rows:
        start, end, freed = float(found.answered[row]), float(found.ended[row]), float(found.freed[row])
        queue = names[int(found.type[row])]
        yield from _idle(agent, present, free, start)
        yield agent.id, "talk", None, start, end, queue
        if freed > end:
            yield agent.id, "wrap", None, end, freed, queue
        free = freed
    yield from _idle(agent, present, free, float("inf"))


def _idle(agent: Agent, present: Sequence[Span], start: float, end: float) -> Iterator[State]:
    """Available while at work, paused while on break inside a shift."""
    for low, high in present:
        if max(low, start) < min(high, end):
            yield agent.id, "available", None, max(low, start), min(high, end), None
    for low, high in break_spans(agent):
        if max(low, start) < min(high, end):
            yield agent.id, "paused", "break", max(low, start), min(high, end), None


def at_work_spans(model: Model, agent: Agent) -> list[Span]:
    """When an agent is at work, inside the horizon."""
    horizon = model.interval * model.intervals
    spans = agent.at_work() if agent.shift else [(0.0, horizon)]
    return [(start, min(end, horizon)) if end > 1e18 else (start, end) for start, end in spans]


def break_spans(agent: Agent) -> list[Span]:
    """The breaks, as far as they lie inside a shift."""
    cut = ((max(a, b), min(c, d)) for a, c in agent.shift for b, d in agent.breaks)
    return sorted((start, end) for start, end in cut if start < end)


def shift_spans(model: Model, shown: Sequence[bool]) -> list[tuple[str, str, float, float]]:
    """Agent, activity, start and end of what was planned."""
    told = []
    for group, show in zip(model.groups, shown, strict=True):
        for agent in group.agents if show else ():
            told += [(agent.id, "work", start, end) for start, end in at_work_spans(model, agent)]
            told += [(agent.id, "break", start, end) for start, end in break_spans(agent)]
    return told
