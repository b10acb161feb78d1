"""The curve: each design staffed by simulation, all of them with the same contacts."""

from __future__ import annotations

import time

from onefloor.insight.finding import LEVEL, Estimate, Z
from onefloor.planning.erlang.queues import performance
from onefloor.planning.erlang.traffic import S_PER_HOUR, Traffic
from onefloor.planning.pools.loads import handling
from onefloor.planning.pools.problem import Parameters, Pools, Target
from onefloor.planning.pools.result import Staffing
from onefloor.planning.pools.solving import solve as staffed
from onefloor.planning.skilling.designs import Design, designs, erlang_agents, name_of
from onefloor.planning.skilling.problem import Lines
from onefloor.planning.skilling.result import Curve, Point
from onefloor.planning.solving import Clock, Progress, Step, Stop, silent


def solve(
    asked: Lines,
    parameters: Parameters | None = None,
    stop: Stop | None = None,
    seed: int = 1,
    *,
    clock: Clock = time.monotonic,
    progress: Progress = silent,
) -> Curve:
    """The least agents of every design, their training, and the design that costs least of both.

    Args:
        asked: the problem.
        parameters: how much is simulated for each design.
        stop: seconds end the polishing of each design, rounds end with that many designs after one skill and all.
        seed: which chance; every design meets the same contacts.
        clock: seconds, for ``stop``.
        progress: told after each design.

    Raises:
        OutOfReach, TooMuchWaits: as for pools.
    """
    wanted, limit, began = parameters or Parameters(replications=40, fresh=100), stop or Stop(), clock()
    every = designs(asked)
    order = [every[0], every[-1], *every[1:-1]]
    found: dict[Design, Point] = {}
    for number, design in enumerate(order):
        if number >= 2 and limit.reached(clock() - began, number - 2):  # the two ends always
            break
        found[design] = _point(asked, design, wanted, limit, seed, clock)
        progress(Step(clock() - began, number + 1))
    return _curve(asked, tuple(found[design] for design in every if design in found), seed)


def pools_of(asked: Lines, design: Design) -> Pools:
    """A design as a staffing problem: an agent costs what working and training hours do together."""
    costs = {name_of(lines): 1.0 + asked.hours(lines) / asked.working for lines in design.groups}
    targets = tuple(Target(asked.target, name) for name in asked.names)
    return Pools(design.model(asked.steady()), targets, costs)


def _point(asked: Lines, design: Design, wanted: Parameters, limit: Stop, seed: int, clock: Clock) -> Point:
    found = staffed(pools_of(asked, design), wanted, Stop(seconds=limit.seconds), seed, clock=clock)
    agents = tuple(int(n) for n in found.staff[:, 0])
    training = sum(n * asked.hours(lines) for n, lines in zip(agents, design.groups, strict=True))
    return Point(design, agents, _needed(asked, design, found, agents), training, found)


def _needed(asked: Lines, design: Design, found: Staffing, agents: tuple[int, ...]) -> Estimate:
    """The agents with the interval that chance leaves: the error of the tightest level over what an agent changes it.

    Half an agent is added, since agents are whole.
    """
    tightest = int((found.checked.value[:, 0] - asked.target).argmin())
    slope = _slope(found, _together(design, asked.names[tightest]), agents, design)
    half = 0.5 + Z * float(found.checked.error[tightest, 0]) / max(slope, 1e-4)
    total = sum(agents)
    return Estimate(float(total), total - half, total + half, LEVEL)


def _together(design: Design, line: str) -> set[str]:
    """The lines that share agents with a line, directly or through others."""
    lines, before = {line}, set[str]()
    while lines != before:
        before, lines = lines, lines.union(*(group for group in design.groups if lines & set(group)))
    return lines


def _slope(found: Staffing, lines: set[str], agents: tuple[int, ...], design: Design) -> float:
    """What one more agent among these lines changes a level by, by Erlang A for them as one pool."""
    model = found.asked.model
    kinds = [kind for kind in model.types if kind.id in lines]
    calls = sum(kind.arrivals[0] for kind in kinds) / model.interval
    load = sum(kind.arrivals[0] * handling(kind) for kind in kinds) / model.interval
    patience = [kind.patience.mean for kind in kinds if kind.patience and kind.patience.mean > 0]
    mean = sum(patience) / len(patience) if len(patience) == len(kinds) else float("inf")
    mine = sum(n for n, group in zip(agents, design.groups, strict=True) if lines & set(group))
    least = max(mine, int(load) + 1)
    traffic = Traffic(calls * S_PER_HOUR, load / calls, mean)
    level = performance(traffic, [least, least + 1], model.rule.within).service_level(model.rule.formula)
    return float(level[1] - level[0])


def _curve(asked: Lines, points: tuple[Point, ...], seed: int) -> Curve:
    best = min(points, key=lambda point: (point.hours(asked.working), point.training))
    apart = sum(erlang_agents(asked, (name,)) for name in asked.names)
    rivals = tuple(point for point in points if point is not best and _may_cost_less(asked, point, best))
    contacts = sum(point.staffing.contacts for point in points)
    return Curve(asked, points, best, (erlang_agents(asked, asked.names), apart), rivals, contacts, seed)


def _may_cost_less(asked: Lines, one: Point, best: Point) -> bool:
    doubt = (one.needed.high - one.needed.value) ** 2 + (best.needed.high - best.needed.value) ** 2
    return bool(one.hours(asked.working) - best.hours(asked.working) < float(doubt**0.5) * asked.working)
