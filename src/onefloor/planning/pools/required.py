"""Requirements by simulation: each day of a skill's forecast staffed by ``daily``, as requirements have them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import date

import numpy as np

from onefloor.language import Text
from onefloor.planning.erlang.queues import Performance
from onefloor.planning.erlang.sizing import Goal, positions
from onefloor.planning.pools.daily import Effort, corrected
from onefloor.planning.pools.laws import ASSUMED, Laws
from onefloor.planning.pools.problem import Floats, Ints, Pools, Target, refused
from onefloor.planning.simulation.memory import ABANDONED, ANSWERED, IN_TIME, OF_ANSWERED, OFFERED, SHORT, WAITED
from onefloor.planning.simulation.model import ContactType, Group, Model, Rule, Skill
from onefloor.planning.simulation.result import Result
from onefloor.planning.simulation.simulating import Parameters as Runs
from onefloor.planning.simulation.simulating import simulate
from onefloor.planning.staffing.requirements import Demand, Requirement
from onefloor.planning.staffing.shrinkage import NONE, Shrinkage
from onefloor.planning.staffing.targets import Target as Goals

EFFORT = Effort(days=1000, fresh=200)
FRESH = 1_000_003


def simulated_requirement(
    demand: Demand, goals: Goals, shrinkage: Shrinkage = NONE, least: int = 0, seed: int = 0, effort: Effort = EFFORT,
    laws: Laws = ASSUMED,
) -> Requirement:  # fmt: skip
    """Fewest agents with which a skill meets its service level in every interval, day by day by simulation.

    Within a day handling has its law with the day's mean; each day begins empty.

    Args:
        demand: calls of a skill by interval.
        goals: one service level.
        shrinkage: who is away.
        least: agents in every interval in which somebody is expected to call.
        seed: which chance.
        effort: days simulated for each day.
        laws: of handling and patience.

    Raises:
        BadPools: another goal than one service level.
        OutOfReach, TooManyAway, TooMuchWaits.
    """
    goal = _one_goal(goals)
    days = np.array([start.date().toordinal() for start in demand.starts])
    at_desks = np.zeros(len(days), np.int64)
    expected = {part.name: np.zeros(len(days)) for part in fields(Performance)}
    for number, day in enumerate(np.unique(days)):
        chosen = np.flatnonzero(days == day)
        if demand.calls[chosen].any():
            staff, seen = _day(_pools(demand, chosen, goal, laws), least, seed + 10 * number, effort)
            at_desks[chosen] = staff
            for name, values in seen.items():
                expected[name][chosen] = values
    away = np.array([shrinkage.on(date.fromordinal(int(day)), demand.skill) for day in days])
    return Requirement(demand, at_desks, positions(at_desks, away), Performance(**expected))


def _one_goal(goals: Goals) -> Goal:
    if len(goals.goals) != 1 or goals.goals[0].measure != "service_level":
        raise refused(
            "模拟法只支持一个服务水平目标。", "By simulation the target is one service level.",
            "请只写 service_level，或用 --method erlang。", "Write service_level alone, or use --method erlang.",
        )  # fmt: skip
    return goals.goals[0]


def _day(asked: Pools, least: int, seed: int, effort: Effort) -> tuple[Ints, dict[str, Floats]]:
    """The staff of a day and how its queue then runs, interval by interval."""
    staff = corrected(asked, effort, seed=seed)[1]
    staff = np.where(np.array(asked.model.types[0].arrivals) > 0, np.maximum(staff, least), 0)
    runs = Runs(replications=effort.fresh, threads=effort.threads)
    return staff, _performance(simulate(asked.staffed(staff[None]), runs, seed + FRESH))


def _pools(demand: Demand, chosen: Ints, goal: Goal, laws: Laws) -> Pools:
    calls, width = demand.calls[chosen], demand.minutes * 60.0
    handling = mean_handling(demand, chosen)
    kind = ContactType(id=demand.skill, arrivals=tuple(map(float, calls)), service=laws.service(handling),
                       patience=laws.waiting(mean_patience(demand, chosen)), never_waits=laws.never_waits)  # fmt: skip
    group = Group(id=demand.skill, types=(Skill(type=demand.skill),), staff=(1,))
    rule = Rule(within=goal.within_s, formula=goal.formula)  # type: ignore[arg-type]  # F1 to F4, as Goal checks
    model = Model(
        id=demand.skill, horizon=width * len(calls), interval=width, rule=rule, types=(kind,), groups=(group,)
    )
    return Pools(model, (Target(goal.bound),), by_interval=True)


def mean_handling(demand: Demand, chosen: Ints | slice = slice(None)) -> float:
    """Seconds, weighted by some intervals' calls."""
    calls = demand.calls[chosen]
    return float((calls * demand.handling_s[chosen]).sum() / max(calls.sum(), 1e-9))


def mean_patience(demand: Demand, chosen: Ints | slice = slice(None)) -> float:
    """Seconds, from the mean rate of leaving of some intervals' calls; infinite where nobody leaves."""
    calls = demand.calls[chosen]
    leaving = float((calls / demand.patience_s[chosen]).sum())
    return float(calls.sum()) / leaving if leaving > 0 else np.inf


def _performance(found: Result) -> dict[str, Floats]:
    """The figures of ``Performance`` from simulated days, shape (P,) each."""
    counts, waits = found.counts[:, 0].sum(axis=0).astype(float), found.waits[:, 0].sum(axis=0)
    offered, answered = np.maximum(counts[:, OFFERED], 1e-9), np.maximum(counts[:, ANSWERED], 1e-9)
    work = found.work[:, 0, :-1].sum(axis=(0, 2))
    present = found.presence[0] * found.replications
    return {
        "p_wait": counts[:, WAITED] / offered,
        "p_abandon": counts[:, ABANDONED] / offered,
        "mean_wait_s": waits.sum(axis=1) / offered,
        "mean_wait_served_s": waits[:, OF_ANSWERED] / answered,
        "answered_in": counts[:, IN_TIME] / offered,
        "abandoned_in": counts[:, SHORT] / offered,
        "mean_queue": waits.sum(axis=1) / (found.replications * found.model.interval),
        "occupancy": np.divide(work, present, out=np.zeros_like(work), where=present > 0),
    }


def assumptions() -> Iterator[Text]:
    """What requirements by simulation rest on."""
    yield Text(
        "前提：逐日模拟，时段之间的排队相互延续；处理时长和耐心按上述分布；"
        "一项技能只由会该技能的坐席承接；人数为排班应到人数，已含 --shrinkage 所给的计划缺勤，未含班内休息。",
        "Each day is simulated, queues carry over from interval to interval; handling and patience have the laws "
        "above; each skill has agents of its own; the numbers are people to roster: planned absence is in as far "
        "as --shrinkage says, breaks within shifts are not.",
    )
