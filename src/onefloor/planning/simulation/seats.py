"""Agents given as arrays: for who knows thousands of them and does not want to write each as an ``Agent``."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from onefloor.planning.simulation.model import Model
from onefloor.planning.simulation.tables import Compiled, Floats, Ints, compiled_model


@dataclass(frozen=True, slots=True)
class Seats:
    """S agents of a model's groups and the W spans in which they are at work, in any order; times as in the model.

    ``group`` (number of the model), ``pace`` and ``transfers`` (S,) are those of ``Agent``; ``agent``, ``start`` and
    ``end`` (W,). Spans of one agent neither overlap nor touch.
    """

    group: Ints
    pace: Floats
    transfers: Floats
    agent: Ints
    start: Floats
    end: Floats


def seated(model: Model, seats: Seats) -> Compiled:
    """The arrays of a model whose groups have no agents of their own but these, named by their numbers."""
    bare, groups = compiled_model(model), np.arange(len(model.groups))
    pools = np.ones(len(groups))
    time, server = np.concatenate([seats.start, seats.end]), np.concatenate([seats.agent, seats.agent])
    by = np.repeat(np.array([1, -1], np.int64), len(seats.agent))
    order = np.lexsort((server, by < 0, time))
    tables = bare.tables._replace(
        single=np.ones(len(groups), np.int64),
        server_group=np.concatenate([seats.group, groups]),
        server_pace=np.concatenate([seats.pace, pools]),
        server_transfers=np.concatenate([seats.transfers, pools]),
        change_time=time[order],
        change_server=server[order],
        change_by=by[order],
    )
    return replace(bare, tables=tables, agents=tuple(map(str, range(len(seats.group)))))
