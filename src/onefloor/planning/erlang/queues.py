"""Erlang B, C and A for one interval or a day of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from onefloor.planning.erlang import kernel
from onefloor.planning.erlang.traffic import (
    S_PER_HOUR,
    BadTraffic,
    Floats,
    Traffic,
    Unstable,
    seconds,
    together,
    whole_agents,
)

FORMULAS = ("F1", "F2", "F3", "F4")


@dataclass(frozen=True, slots=True)
class Performance:
    """How a queue runs in balance, in the shape of its traffic; shares are of all calls offered.

    ``p_wait`` finds all agents busy, ``p_abandon`` leaves unanswered, ``answered_in`` and ``abandoned_in`` are answered
    or leave within the target time; ``mean_wait_s`` is of all callers, ``mean_wait_served_s`` of those answered (nan
    where nobody is); ``mean_queue`` callers wait; ``occupancy`` is busy agents by agents (nan without agents).
    """

    p_wait: Floats
    p_abandon: Floats
    mean_wait_s: Floats
    mean_wait_served_s: Floats
    answered_in: Floats
    abandoned_in: Floats
    mean_queue: Floats
    occupancy: Floats

    def service_level(self, formula: str = "F3") -> Floats:
        """Answered in time by one of the metric's formulas: F1 to F4, short abandons being those within the target.

        F3, the default, is out of all calls offered; F4 leaves callers out who left within the target time.
        """
        match formula:
            case "F1":
                return np.asarray(self.answered_in + self.abandoned_in)
            case "F2":
                return _share(self.answered_in, 1 - self.p_abandon)
            case "F4":
                return _share(self.answered_in, 1 - self.abandoned_in)
        return self.answered_in


def _share(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def erlang_b(load: ArrayLike, agents: ArrayLike) -> Floats:
    """Share of calls that find all agents busy where nobody can wait (Erlang 1917).

    Args:
        load: Erlang, 0 or more.
        agents: whole numbers; shapes broadcast.

    Raises:
        BadTraffic, ShapesDiffer.

    >>> round(float(erlang_b(10, 13)), 6)
    0.084339
    """
    offered = Traffic(load, S_PER_HOUR).calls
    loads, counts = together(offered, whole_agents(agents))
    flat = [_lost(float(a), int(n)) for a, n in zip(loads.ravel(), counts.ravel(), strict=True)]
    return np.array(flat).reshape(loads.shape)


def _lost(load: float, agents: int) -> float:
    if load == 0:
        return 0.0 if agents else 1.0
    return float(np.exp(-kernel.log_epsilon(load, agents + 1)))


def erlang_c(traffic: Traffic, agents: ArrayLike, within_s: ArrayLike = 20.0) -> Performance:
    """M/M/n: nobody leaves, whatever patience the traffic has.

    Raises:
        Unstable: load at or above the agents; BadTraffic, ShapesDiffer.

    >>> found = erlang_c(Traffic(calls=200, handling_s=180), agents=13, within_s=20)
    >>> round(float(found.service_level()), 6), round(float(found.mean_wait_s), 3)
    (0.795595, 17.116)
    """
    return performance(Traffic(traffic.calls, traffic.handling_s), agents, within_s)


def erlang_a(traffic: Traffic, agents: ArrayLike, within_s: ArrayLike = 20.0) -> Performance:
    """M/M/n+M: callers leave when an exponential patience ends.

    Raises:
        BadTraffic: no patience given, or another bad number; ShapesDiffer.

    >>> found = erlang_a(Traffic(calls=200, handling_s=180, patience_s=300), agents=13, within_s=20)
    >>> round(float(found.p_abandon), 6), round(float(found.service_level()), 6)
    (0.024963, 0.858178)
    """
    if not np.isfinite(traffic.patience_s).all():
        raise BadTraffic("patience", np.inf, None)
    return performance(traffic, agents, within_s)


def performance(traffic: Traffic, agents: ArrayLike, within_s: ArrayLike = 20.0) -> Performance:
    """Erlang A where callers leave and Erlang C where they do not, interval by interval.

    Raises:
        Unstable, BadTraffic, ShapesDiffer.
    """
    parts = together(
        traffic.calls / S_PER_HOUR, 1 / traffic.handling_s, 1 / traffic.patience_s, whole_agents(agents),
        seconds(within_s),
    )  # fmt: skip
    asked = np.stack([part.ravel() for part in parts], axis=1)
    found = np.empty((len(asked), kernel.FIELDS))
    kernel.performances(asked, found)
    shape = parts[0].shape
    _refuse_unstable(asked, found, told=bool(shape))
    return Performance(*(np.ascontiguousarray(column).reshape(shape) for column in found.T))


def _refuse_unstable(asked: Floats, found: Floats, *, told: bool) -> None:
    lost = np.isnan(found[:, kernel.P_WAIT])
    if lost.any():
        place = int(np.argmax(lost))
        lam, mu, _, agents, _ = asked[place]
        raise Unstable(float(lam / mu), int(agents), place if told else None)
