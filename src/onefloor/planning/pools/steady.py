"""A model's floor as it is in one interval, to be staffed: its groups as pools, its laws as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from onefloor.planning.pools.loads import handling
from onefloor.planning.pools.problem import Floats, Limit, Pools, Target, refused
from onefloor.planning.pools.transfers import all_calls, holders
from onefloor.planning.simulation.model import ContactType, Group, Model, spread_out

WARM, LONG = 15.0, 150.0  # handling times that a steady floor is warmed up for, and counted for


def busiest(model: Model) -> int:
    """The interval with most work."""
    return int(np.argmax(np.array([handling(kind) for kind in model.types]) @ all_calls(model, _calls(model))))


def _calls(model: Model) -> Floats:
    """Contacts that come by themselves by type and interval, shape (T, P)."""
    return np.array([spread_out(kind.arrivals, model.intervals) for kind in model.types])


def steady_pools(
    model: Model, level: float, interval: int, prices: Mapping[str, float], seats: Mapping[str, int]
) -> Pools:
    """How many agents each of a model's groups needs so that every type with contacts reaches a level.

    The interval goes on for as long as a simulation needs. Service, patience and redials keep their laws; factors of
    days are left out. Groups of named agents become pools with their mean pace; how much they pass on goes into the
    types' transfers. A type that comes from other lines alone is staffed too.

    Args:
        model: types and groups.
        level: share.
        interval: which one is staffed, from 0.
        prices: of an agent, by group or company; 1 without.
        seats: agents at most, by group or company.

    Raises:
        BadPools: no such interval, nobody calls in it, unknown names, or as ``Pools``.
    """
    if not 0 <= interval < model.intervals:
        raise refused(f"没有第 {interval + 1} 个时段。", f"There is no interval {interval + 1}.",
                      f"请选 1 到 {model.intervals}。", f"Choose 1 to {model.intervals}.")  # fmt: skip
    asked = _steady(model, interval)
    if not asked.types:
        raise refused("该时段没有话务。", "Nobody calls in that interval.",
                      "请另选一个时段。", "Choose another interval.")  # fmt: skip
    costs = {group: price for name, price in prices.items() for group in _groups(asked, name)}
    limits = tuple(Limit(name, _groups(asked, name), 0, most) for name, most in seats.items())
    return Pools(asked, tuple(Target(level, kind.id) for kind in asked.types), costs, limits)


def _groups(model: Model, name: str) -> tuple[str, ...]:
    found = tuple(group.id for group in model.groups if name in (group.id, group.company))
    if not found:
        known = ", ".join(dict.fromkeys([*filter(None, model.companies), *(group.id for group in model.groups)]))
        raise refused(f"没有公司或坐席组“{name}”。", f'There is no company or group "{name}".',
                      f"可用：{known}。", f"There are: {known}.")  # fmt: skip
    return found


def _steady(model: Model, interval: int) -> Model:
    calls = _calls(model)[:, interval]
    rates = {kind.id: rate for kind, rate in zip(model.types, calls, strict=True)}
    reached = all_calls(model, calls[:, None])[:, 0] > 0
    busy = [kind for kind, some in zip(model.types, reached, strict=True) if some]
    width = WARM * max((handling(kind) for kind in busy), default=1.0)
    kinds = {kind.id for kind in busy}
    groups = tuple(
        pool for group in model.groups if (pool := _pool(group, kinds)).types
    )  # fmt: skip
    names = {group.id for group in groups}
    types = tuple(
        replace(kind, arrivals=(float(rates[kind.id]) * width / model.interval,), busyness=None, shares=(),
                transfers=_transfers(model, kind),
                groups=tuple(offer for offer in kind.groups if offer.group in names))
        for kind in busy
    )  # fmt: skip
    return replace(model, types=types, groups=groups, horizon=width * (1 + round(LONG / WARM)), interval=width,
                   warm_up=width, busyness=None, lines=None, day=None)  # fmt: skip


def _transfers(model: Model, kind: ContactType) -> tuple[tuple[str, float], ...]:
    """A type's transfers with the mean factor of those who serve it."""
    held = [one for one in holders(model.groups) if kind.id in one.types]
    heads = sum(one.heads for one in held)
    factor = sum(one.heads * one.factor for one in held) / heads if heads else 1.0
    return tuple((name, min(1.0, share * factor)) for name, share in kind.transfers)


def _pool(group: Group, kinds: set[str]) -> Group:
    pace = float(np.mean([agent.pace for agent in group.agents])) if group.agents else 1.0
    types = tuple(skill for skill in group.types if skill.type in kinds)
    return replace(group, types=types, pace=group.pace * pace, agents=(), staff=(1,))
