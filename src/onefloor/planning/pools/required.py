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
from onefloor.planning.pools.problem import Floats, Ints, Pools, Target, refused
from onefloor.planning.simulation.laws import exponential, lognormal
from onefloor.planning.simulation.memory import ABANDONED, ANSWERED, IN_TIME, OF_ANSWERED, OFFERED, SHORT, WAITED
from onefloor.planning.simulation.model import ContactType, Group, Model, Rule, Skill
from onefloor.planning.simulation.result import Result
from onefloor.planning.simulation.simulating import Parameters as Runs
from onefloor.planning.simulation.simulating import simulate
from onefloor.planning.staffing.requirements import Demand, Requirement
from onefloor.planning.staffing.shrinkage import NONE, Shrinkage
from onefloor.planning.staffing.targets import Target as Goals

SPREAD = 1.0  # coefficient of variation of handling times, where nothing is known of it
EFFORT = Effort(days=1000, fresh=200)
FRESH = 1_000_003


def simulated_requirement(
    demand: Demand, goals: Goals, shrinkage: Shrinkage = NONE, least: int = 0, seed: int = 0, effort: Effort = EFFORT,
) -> Requirement:  # fmt: skip
    """Fewest agents with which a skill meets its service level in every interval, day by day by simulation.

    Within a day handling is lognormal with the day's mean, patience exponential; each day begins empty.

    Args:
        demand: calls of a skill by interval.
        goals: one service level.
        shrinkage: who is away.
        least: agents in every interval in which somebody is expected to call.
        seed: which chance.
        effort: days simulated for each day.

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
            staff, seen = _day(demand, chosen, goal, least, seed + 10 * number, effort)
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


def _day(
    demand: Demand, chosen: Ints, goal: Goal, least: int, seed: int, effort: Effort
) -> tuple[Ints, dict[str, Floats]]:
    """The staff of a day and how its queue then runs, interval by interval."""
    asked = _pools(demand, chosen, goal)
    staff = corrected(asked, effort, seed=seed)[1]
    staff = np.where(demand.calls[chosen] > 0, np.maximum(staff, least), 0)
    runs = Runs(replications=effort.fresh, threads=effort.threads)
    return staff, _performance(simulate(asked.staffed(staff[None]), runs, seed + FRESH))


def _pools(demand: Demand, chosen: Ints, goal: Goal) -> Pools:
    calls, width = demand.calls[chosen], demand.minutes * 60.0
    handling = float((calls * demand.handling_s[chosen]).sum() / calls.sum())
    leaving = float((calls / demand.patience_s[chosen]).sum() / calls.sum())
    kind = ContactType(id=demand.skill, arrivals=tuple(map(float, calls)), service=lognormal(handling, SPREAD),
                       patience=exponential(1 / leaving) if leaving > 0 else None)  # fmt: skip
    group = Group(id=demand.skill, types=(Skill(type=demand.skill),), staff=(1,))
    rule = Rule(within=goal.within_s, formula=goal.formula)  # type: ignore[arg-type]  # F1 to F4, as Goal checks
    model = Model(
        id=demand.skill, horizon=width * len(calls), interval=width, rule=rule, types=(kind,), groups=(group,)
    )
    return Pools(model, (Target(goal.bound),), by_interval=True)


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
        "前提：逐日模拟，时段之间的排队相互延续；处理时长按对数正态（变异系数 1），耐心按指数分布；"
        "一项技能只由会该技能的坐席承接；人数为排班应到人数，已含计划缺勤，未含班内休息。",
        "Each day is simulated, queues carry over from interval to interval; handling is lognormal (coefficient of "
        "variation 1), patience exponential; each skill has agents of its own; the numbers are people to roster: "
        "planned absence is in, breaks within shifts are not.",
    )
