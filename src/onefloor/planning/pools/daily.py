"""A queue of one skill over a day: Erlang A with the lagged load, put right by simulation.

Erlang A interval by interval (with the modified offered load) takes handling and patience for exponential, agents for
gone when their interval ends, and no queue from the interval before. A few simulated passes say how far off that is,
in agents: a pass with n agents sees the level that Erlang A gives to e agents, so this interval needs n - e more than
Erlang A says. Each pass moves the staff to what the passes together say, those with a staff close to the present one
first: later passes, which are longer, correct the mean of the earlier ones and do not replace it, so that chance does
not pull the staff to and fro (Robbins and Monro 1951; staffing by simulation in passes: Feldman, Mandelbaum, Massey
and Whitt 2008, Management Science 54:324).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from onefloor.planning.erlang.queues import performance
from onefloor.planning.erlang.sizing import Goal, least_agents
from onefloor.planning.erlang.traffic import MOST_PATIENCE_S, S_PER_HOUR, Traffic
from onefloor.planning.pools.levels import Levels
from onefloor.planning.pools.loads import arrivals, handling, offered_loads
from onefloor.planning.pools.problem import Flags, Floats, Ints, Pools, refused
from onefloor.planning.pools.simulated import Simulated
from onefloor.planning.solving import Clock, Progress, Step, Stop, silent

FRESH = 1_000_003
PASSES = (0.06, 0.12, 0.27, 0.55)  # of all replications, pass by pass
FAR = 1.0  # agents: a pass that far from where the staff is now counts half
MOST = 1 - 1e-9
ROUNDING = 1e-6
REACH = 40  # agents to either side of Erlang A's that its curve is drawn for


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is simulated: days of all passes together, of the check, and threads (None: all)."""

    days: int = 2600
    fresh: int = 1000
    threads: int | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """The staff of a day, shape (P,): where it began, where it ended, and its levels on fresh chance.

    ``fewer`` are the levels on the same fresh chance with one agent less in the interval itself.
    """

    asked: Pools
    began: Ints
    staff: Ints
    checked: Levels
    fewer: Floats
    contacts: int
    seed: int

    @property
    def low(self) -> Ints:
        """Intervals more than a point below the target."""
        return np.flatnonzero(self.checked.value[0] < self.asked.levels[0] - 0.01)

    @property
    def ample(self) -> Ints:
        """Intervals that would keep the target by more than a point with one agent less."""
        return np.flatnonzero((self.fewer > self.asked.levels[0] + 0.01) & (self.staff > 0))


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass saw: with a staff (P,), so many agents more are needed than Erlang A says (P,); of so many days."""

    staff: Ints
    missing: Floats
    days: int


def erlang_staff(asked: Pools) -> Ints:
    """Least agents of each interval by Erlang A with the modified offered load, shape (P,)."""
    traffic, goal = _traffic(asked)
    return least_agents(traffic, goal)


def _traffic(asked: Pools) -> tuple[Traffic, Goal]:
    kind = asked.model.types[0]
    busy, rule = max(handling(kind), 1e-9), asked.model.rule_of(kind)
    patience = kind.patience.mean if kind.patience is not None and 0 < kind.patience.mean < MOST_PATIENCE_S else np.inf
    calls = offered_loads(asked.model)[0] / busy * S_PER_HOUR
    served = busy * asked.model.groups[0].pace
    return Traffic(calls, served, patience), Goal("service_level", float(asked.levels[0]), rule.within, rule.formula)


def staffed_day(
    asked: Pools,
    effort: Effort | None = None,
    stop: Stop | None = None,
    seed: int = 1,
    *,
    clock: Clock = time.monotonic,
    progress: Progress = silent,
) -> Day:
    """The least staff of each interval with which it reaches the target, checked on fresh chance.

    Args:
        asked: one type, one group, one target, ``by_interval``; its limits are not looked at.
        effort: how much is simulated.
        stop: seconds or passes.
        seed: which chance.
        clock: seconds, for ``stop``.
        progress: told after each pass.

    Raises:
        BadPools: more than one type or group.
        OutOfReach: no number of agents reaches the target by Erlang A.
    """
    wanted = effort or Effort()
    began, staff, contacts = corrected(asked, wanted, stop, seed, clock=clock, progress=progress)
    return checked(asked, began, staff, wanted, contacts, seed)


def corrected(
    asked: Pools,
    effort: Effort,
    stop: Stop | None = None,
    seed: int = 1,
    *,
    clock: Clock = time.monotonic,
    progress: Progress = silent,
) -> tuple[Ints, Ints, int]:
    """Erlang A's staff (P,), the corrected one, and the contacts simulated; as ``staffed_day`` without its check.

    Raises:
        BadPools, OutOfReach.
    """
    _one_skill(asked)
    limit, at_start, began = stop or Stop(), clock(), erlang_staff(asked)
    shape = shape_of(asked, began)
    staff, seen, contacts = began, list[Pass](), 0
    for number, share in enumerate(PASSES):
        floor = Simulated(asked, max(20, round(share * effort.days)), seed + number, effort.threads)
        level = floor.levels(staff[None]).value[0]
        seen.append(Pass(staff, staff - shape.equal(level), floor.replications))
        contacts += floor.contacts
        staff = _least(shape, seen)
        progress(Step(clock() - at_start, number + 1, asked.cost(staff[None])))
        if limit.reached(clock() - at_start, number + 1):
            break
    return began, staff, contacts


def _one_skill(asked: Pools) -> None:
    if len(asked.model.types) != 1 or len(asked.model.groups) != 1 or not asked.by_interval or len(asked.targets) != 1:
        raise refused(
            "只适用于一个话务类型、一个坐席组、逐时段的一个目标。",
            "This is for one contact type, one group and one target, interval by interval.",
            "多技能请用 solve。", "For several skills call solve.",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shape:
    """Erlang A's levels, rising, for numbers of agents around its staff, both (2 REACH + 1, P); what the goal takes."""

    agents: Ints
    levels: Floats
    needed: Floats
    busy: Flags

    def equal(self, level: Floats) -> Floats:
        """The agents, with their parts, to whom Erlang A gives these levels (P,)."""
        return np.array([_inverse(self.levels[:, p], self.agents[:, p], level[p]) for p in range(len(level))])


def _inverse(levels: Floats, agents: Ints, level: float) -> float:
    return float(np.interp(np.clip(level, levels[0], levels[-1]), levels, agents))


def shape_of(asked: Pools, began: Ints) -> Shape:
    """Erlang A's levels around its staff (P,)."""
    agents = np.maximum(began + np.arange(-REACH, REACH + 1)[:, None], 0)
    drawn = np.array([_curve(asked, row) for row in agents])
    shape = Shape(agents, np.minimum(drawn, MOST), np.zeros(len(began)), arrivals(asked.model)[0] > 0)
    needed = shape.equal(np.full(len(began), float(asked.levels[0])))
    return replace(shape, needed=np.where(shape.busy, needed, 0.0))


def _curve(asked: Pools, staff: Ints) -> Floats:
    """Erlang A's levels with a staff (P,); 0 where callers never leave and the load is above the staff."""
    traffic, goal = _traffic(asked)
    carried = np.isfinite(traffic.patience_s) | (traffic.load < staff)
    calm = Traffic(np.where(carried, traffic.calls, 0.0), traffic.handling_s, traffic.patience_s)
    there = np.where(carried, staff, np.maximum(staff, 1))
    return np.where(carried, performance(calm, there, goal.within_s).service_level(goal.formula), 0.0)


def _least(shape: Shape, seen: list[Pass]) -> Ints:
    """The least staff (P,) that is expected to reach the goal, by what all passes say is missing; 0 where nobody comes.

    However few come, one agent is there, as by Erlang A: with none whoever comes waits.
    """
    near = seen[-1].staff
    weights = np.array([one.days / (1.0 + ((one.staff - near) / FAR) ** 2) for one in seen])
    missing = (weights * np.array([one.missing for one in seen])).sum(axis=0) / weights.sum(axis=0)
    found = np.ceil(shape.needed + missing - ROUNDING).astype(np.int64)
    return np.where(shape.busy, np.maximum(found, 1), 0)


def checked(asked: Pools, began: Ints, staff: Ints, wanted: Effort, contacts: int, seed: int) -> Day:
    """A staff (P,) on fresh chance, as it is and with one agent less in each interval."""
    fresh = Simulated(asked, wanted.fresh, seed + FRESH, wanted.threads)
    seen, fewer = fresh.levels(staff[None]), np.zeros(len(staff))
    for colour in range(3):
        chosen = np.arange(len(staff)) % 3 == colour
        less = np.where(chosen, np.maximum(staff - 1, 0), staff)
        fewer[chosen] = fresh.levels(less[None]).value[0, chosen]
    return Day(asked, began, staff, seen, fewer, contacts + fresh.contacts, seed)
