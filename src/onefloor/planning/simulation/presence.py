"""How much time agents are at work, as planned."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from onefloor.planning.simulation.model import Agent, Group, Model, spread_out


def staffed(model: Model) -> NDArray[np.float64]:
    """Time at work of each group in each interval, shape (G, P): breaks are out, overtime is not in."""
    return np.array([_of_group(model, group) for group in model.groups])


def _of_group(model: Model, group: Group) -> NDArray[np.float64]:
    if not group.agents:
        return np.array(spread_out(group.staff, model.intervals)) * model.interval
    return np.asarray(np.sum([_of_agent(model, agent) for agent in group.agents], axis=0))


def _of_agent(model: Model, agent: Agent) -> NDArray[np.float64]:
    edges = np.arange(model.intervals + 1) * model.interval
    if not agent.shift:
        return np.diff(edges)
    spans = np.array(agent.at_work() or [(0.0, 0.0)])
    inside = np.clip(np.minimum(edges[1:], spans[:, 1:]) - np.maximum(edges[:-1], spans[:, :1]), 0, None)
    return np.asarray(inside.sum(axis=0))
