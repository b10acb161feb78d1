"""What is asked: the cheapest staff of groups with which service levels reach their targets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf, isfinite

import numpy as np
from numpy.typing import NDArray

from onefloor.language import Text
from onefloor.planning.pools.transfers import all_calls
from onefloor.planning.simulation.model import Model
from onefloor.problems import Problem

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]
MOST_STAFF = 100_000


class BadPools(Problem):
    """A question that cannot be answered as it is put."""


def refused(zh: str, en: str, do_zh: str, do_en: str) -> BadPools:
    """A problem with its remedy."""
    return BadPools(Text(zh, en), remedy=Text(do_zh, do_en))


@dataclass(frozen=True, slots=True)
class Target:
    """A service level (share) that a contact type has to reach at least; ``type`` None: all types together."""

    level: float
    type: str | None = None

    @property
    def name(self) -> Text:
        """The type, or all of them."""
        return Text("全部", "all") if self.type is None else Text(self.type, self.type)


@dataclass(frozen=True, slots=True)
class Limit:
    """From ``least`` to ``most`` agents in some groups together, in every interval."""

    name: str
    groups: tuple[str, ...]
    least: int = 0
    most: float = inf


@dataclass(frozen=True, slots=True)
class Pools:
    """The problem; the sizes of the model's pools are what is looked for.

    Args:
        model: its groups are pools (``staff``). Without ``by_interval`` the whole horizon has one staff and one level
            (steady pools); with it each interval has its own.
        targets: of types, or of all together.
        costs: of one agent (in one interval) of each group; 1 where none is given.
        limits: of groups, alone or together: seats, people of a company.
        by_interval: staff and targets interval by interval.

    Raises:
        BadPools: groups of named agents, unknown names, targets outside 0 to 1, costs that are not above 0, limits the
            wrong way round, a type with a target that nobody serves.
    """

    model: Model
    targets: tuple[Target, ...]
    costs: Mapping[str, float] = field(default_factory=dict)
    limits: tuple[Limit, ...] = ()
    by_interval: bool = False

    def __post_init__(self) -> None:
        _check_groups(self)
        _check_targets(self)
        _check_costs(self)
        for limit in self.limits:
            _check_limit(self, limit)

    @property
    def names(self) -> tuple[str, ...]:
        """The groups, in the order of the model."""
        return tuple(group.id for group in self.model.groups)

    @property
    def intervals(self) -> int:
        """How many staffs are looked for in each group."""
        return self.model.intervals if self.by_interval else 1

    @property
    def price(self) -> Floats:
        """Cost of one agent of each group, shape (G,)."""
        return np.array([self.costs.get(name, 1.0) for name in self.names])

    @property
    def levels(self) -> Floats:
        """The targets' levels, shape (J,)."""
        return np.array([target.level for target in self.targets])

    @property
    def serves(self) -> NDArray[np.bool_]:
        """Whether a group is offered contacts of a type, shape (T, G)."""
        offered = [{offer.group for offer in self.model.offers(kind)} for kind in self.model.types]
        return np.array([[name in groups for name in self.names] for groups in offered])

    @property
    def counted(self) -> NDArray[np.bool_]:
        """Whether a target counts a type, shape (J, T)."""
        return np.array([[t.type in (None, kind.id) for kind in self.model.types] for t in self.targets])

    def cost(self, staff: Ints) -> float:
        """What a staff (G, P) costs."""
        return float((self.price[:, None] * staff).sum())

    def members(self, limit: Limit) -> Flags:
        """The groups of a limit, shape (G,)."""
        return np.array([name in limit.groups for name in self.names], dtype=np.bool_)

    def filled(self, limit: Limit, staff: Ints) -> Flags:
        """Intervals (P,) in which a limit lets no agent into a staff (G, P) any more."""
        return np.asarray(staff[self.members(limit)].sum(axis=0) >= limit.most)

    def broken(self, staff: Ints) -> list[Limit]:
        """The limits that a staff (G, P) does not keep."""
        sums = [(limit, staff[self.members(limit)].sum(axis=0)) for limit in self.limits]
        return [limit for limit, total in sums if (total < limit.least).any() or (total > limit.most).any()]

    def staffed(self, staff: Ints) -> Model:
        """The model with a staff (G, P)."""
        sizes = {name: tuple(map(int, row)) for name, row in zip(self.names, staff, strict=True)}
        return self.model.with_staff(sizes)


@dataclass(frozen=True, slots=True)
class Parameters:
    """How much is simulated: ``replications`` of the search, ``fresh`` ones of the check, cuts, threads (None: all)."""

    replications: int = 40
    fresh: int = 200
    most_cuts: int = 40
    threads: int | None = None

    def __post_init__(self) -> None:
        if min(self.replications, self.fresh) < 2 or self.most_cuts < 1 or (self.threads or 1) < 1:
            raise refused(
                "重复次数至少为2，割平面轮数和线程数至少为1。",
                "Replications are 2 or more, rounds of cuts and threads 1 or more.",
                "请使用默认值，或写更大的数。", "Leave the defaults, or write larger numbers.",
            )  # fmt: skip


def _check_groups(asked: Pools) -> None:
    named = [group.id for group in asked.model.groups if group.agents]
    if named:
        raise refused(
            f"坐席组“{named[0]}”逐一列出了坐席。", f'The group "{named[0]}" lists its agents one by one.',
            "请改写为 staff: 人数，由求解决定人数。", "Write staff: a number instead; how many is what is looked for.",
        )  # fmt: skip


def _check_targets(asked: Pools) -> None:
    known = [kind.id for kind in asked.model.types]
    if not asked.targets:
        raise refused("没有服务水平目标。", "There is no target.", "请至少给出一个目标。", "Give one at least.")
    for target in asked.targets:
        if target.type not in (None, *known):
            raise _unknown(str(target.type), known)
        if not 0 < target.level < 1:
            raise refused(
                f"目标 {target.level:g} 不在 0 与 1 之间。", f"The target {target.level:g} is not between 0 and 1.",
                "请例如写 80%。", "Write 80%, say.",
            )  # fmt: skip
    calls = np.array([[sum(kind.arrivals)] for kind in asked.model.types])
    come = all_calls(asked.model, calls)[:, 0] > 0
    counted, served = np.asarray(asked.counted.any(axis=0)), np.asarray(asked.serves.any(axis=1))
    for number, name in enumerate(known):
        if counted[number] and not served[number] and come[number]:
            raise refused(
                f"没有坐席组服务“{name}”，其目标无法达到。", f'No group serves "{name}": its target is out of reach.',
                "请为某个坐席组加上该技能，或去掉该目标。", "Give a group that skill, or leave the target out.",
            )  # fmt: skip


def _check_costs(asked: Pools) -> None:
    for name, cost in asked.costs.items():
        if name not in asked.names:
            raise _unknown(name, asked.names)
        if not (isfinite(cost) and cost > 0):
            raise refused(
                f"坐席组“{name}”的成本 {cost:g} 无效。", f'The cost {cost:g} of "{name}" is no cost.',
                "请写大于 0 的数。", "Write a number above 0.",
            )  # fmt: skip


def _check_limit(asked: Pools, limit: Limit) -> None:
    for name in limit.groups:
        if name not in asked.names:
            raise _unknown(name, asked.names)
    if not (limit.groups and 0 <= limit.least <= limit.most):
        raise refused(
            f"限额“{limit.name}”不成立：{limit.least} 至 {limit.most:g}。",
            f'The limit "{limit.name}" cannot be kept: {limit.least} to {limit.most:g}.',
            "请使下限不大于上限，并至少包含一个坐席组。", "Let the least not exceed the most, and name a group.",
        )  # fmt: skip


def _unknown(name: str, known: tuple[str, ...] | list[str]) -> BadPools:
    listed = ", ".join(known)
    return refused(f"没有“{name}”。", f'There is no "{name}".', f"可用：{listed}。", f"There are: {listed}.")
