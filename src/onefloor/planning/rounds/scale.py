"""Erlang A's curve of each skill, taken for a queue of its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from onefloor.planning.pools.daily import Shape, erlang_staff, shape_of
from onefloor.planning.pools.loads import handling
from onefloor.planning.pools.problem import Pools, Target
from onefloor.planning.rounds.problem import Floats, Ints, Rounds
from onefloor.planning.simulation.laws import constant, exponential
from onefloor.planning.simulation.model import ContactType, Group, Model, Skill

PATIENT = 1e6  # seconds; a wait that nobody ends
MOST_AGAIN = 0.95


def shapes(asked: Rounds) -> tuple[Shape, ...]:
    """The curves of a problem's skills.

    Raises:
        OutOfReach: no number of agents reaches the target.
    """
    queues = [_alone(asked, row) for row in range(len(asked.skills))]
    return tuple(shape_of(queue, erlang_staff(queue)) for queue in queues)


def erlang_needs(asked: Rounds) -> Ints:
    """Least agents by skill and interval if each skill were a queue of its own, shape (K, P): where one may begin.

    Raises:
        OutOfReach: no number of agents reaches the target.
    """
    return np.array([erlang_staff(_alone(asked, row)) for row in range(len(asked.skills))])


def _alone(asked: Rounds, row: int) -> Pools:
    """A skill as one queue whose agents do nothing else."""
    held = [kind for kind, inside in zip(asked.model.types, asked.members[row], strict=True) if inside]
    again = np.array([1.0 / (1.0 - min(kind.repeat.share, MOST_AGAIN)) if kind.repeat else 1.0 for kind in held])
    arrivals = asked.calls[asked.members[row]] * again[:, None]
    interval = asked.roster.grid.minutes * 60.0
    kind = _pooled(held, arrivals)
    group = Group(id=kind.id, types=(Skill(type=kind.id),), staff=(1,))
    model = Model(id=kind.id, horizon=len(asked.roster.grid) * interval, interval=interval, rule=asked.model.rule,
                  types=(kind,), groups=(group,))  # fmt: skip
    return Pools(model, (Target(asked.level),), by_interval=True)


def _pooled(kinds: list[ContactType], arrivals: Floats) -> ContactType:
    """Types that ask for one skill as one type: means of handling and of rates of leaving."""
    total = arrivals.sum(axis=1)
    share = total / max(float(total.sum()), 1e-12)
    busy = float(share @ np.array([handling(kind) for kind in kinds]))
    leaving = float(share @ np.array([_rate(kind) for kind in kinds]))
    patience = exponential(1 / leaving) if leaving > 1 / PATIENT else None
    return replace(kinds[0], arrivals=tuple(map(float, arrivals.sum(axis=0))), service=constant(busy), wrap_up=None,
                   patience=patience, repeat=None, groups=(), shares=())  # fmt: skip


def _rate(kind: ContactType) -> float:
    """How fast customers leave, by the second."""
    return 1 / kind.patience.mean if kind.patience is not None and kind.patience.mean > 0 else 0.0
