"""How much time agents are at work, as planned."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from onefloor.planning.simulation.model import Group, Model, spread_out


def staffed(model: Model) -> NDArray[np.float64]:
    """Time at work of each group in each interval, shape (G, P): breaks are out, overtime is not in."""
    return np.array([_of_group(model, group) for group in model.groups])


def _of_group(model: Model, group: Group) -> NDArray[np.float64]:
    if not group.agents:
        return np.array(spread_out(group.staff, model.intervals)) * model.interval
    edges = np.arange(model.intervals + 1) * model.interval
    always = sum(not agent.shift for agent in group.agents)
    spans = np.array([span for agent in group.agents for span in agent.at_work()]).reshape(-1, 1, 2)
    inside = np.minimum(edges[1:], spans[..., 1]) - np.maximum(edges[:-1], spans[..., 0])
    return np.asarray(always * np.diff(edges) + np.clip(inside, 0, None).sum(axis=0))
