"""What a roster costs, counted anew from the roster alone: by SciPy's maximum flow, not by the engine's.

How many of the needs of some skills can be served at once is a maximum flow from the people through their skills (Ford
and Fulkerson 1962; Dinic 1970). Where skills weigh differently the heavy ones are served first, which a matroid allows
(Edmonds 1971): the weight served is a sum over levels of weight.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from onefloor.planning.rostering.checking import at_desk
from onefloor.planning.rostering.clock import Duty, duties_of
from onefloor.planning.rostering.presence import lapses
from onefloor.planning.rostering.problem import Agent, Problem, Roster

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Score:
    """The parts of a roster's cost, in the problem's prices, and the hours behind them."""

    paid: float
    missing: float
    wishes: float
    presence: float
    guaranteed: float
    fairness: float
    paid_hours: float
    missing_hours: float  # agent-hours, whatever the skill weighs

    @property
    def total(self) -> float:
        """The whole cost."""
        return self.paid + self.missing + self.wishes + self.presence + self.guaranteed + self.fairness


def score(problem: Problem, roster: Roster) -> Score:
    """What a roster costs, part by part."""
    duties = [duties_of(problem, roster, row) for row in range(len(problem.agents))]
    there = at_desk(problem, roster)
    weight, units = missing(problem, there)
    hours = paid_hours(problem, duties)
    costs = problem.costs
    return Score(
        paid=sum(company.price * hours[company.id] for company in problem.companies),
        missing=float(weight.sum()) * costs.missing / problem.per_hour,
        wishes=sum(_wishes(problem, agent, held) for agent, held in zip(problem.agents, duties, strict=True)),
        presence=_presence(problem, there),
        guaranteed=costs.guaranteed * sum(ungiven(problem, hours).values()),
        fairness=costs.fairness * sum(_unequal(held) for held in duties),
        paid_hours=sum(hours.values()),
        missing_hours=float(units.sum()) / problem.per_hour,
    )


def paid_hours(problem: Problem, duties: list[list[Duty]]) -> dict[str, float]:
    """Paid hours by company."""
    found = {company.id: 0.0 for company in problem.companies}
    for agent, held in zip(problem.agents, duties, strict=True):
        found[agent.company] += sum(duty.paid_hours for duty in held)
    return found


def ungiven(problem: Problem, hours: dict[str, float]) -> dict[str, float]:
    """Guaranteed hours that are not given, by company; 0 where all are."""
    return {company.id: max(0.0, company.guaranteed_hours - hours[company.id]) for company in problem.companies}


def missing(problem: Problem, there: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Of each interval the weight that is missing, and the agents."""
    supply = _supply(problem, there)
    weights = np.array([skill.weight for skill in problem.skills])
    lost = (problem.needs * weights).sum(axis=1)
    levels = [*np.unique(weights)[::-1], 0.0]
    served = np.zeros(len(problem.needs), dtype=np.int64)
    for level, below in pairwise(levels):
        served = _servable(problem.needs, supply, np.flatnonzero(weights >= level))
        lost = lost - (level - below) * served
    return lost, problem.needs.sum(axis=1) - served


def _supply(problem: Problem, there: NDArray[np.bool_]) -> dict[int, NDArray[np.int64]]:
    """Agents at the desk in each interval, by the bits of the skills they have on its day."""
    bit = {skill.id: 1 << number for number, skill in enumerate(problem.skills)}
    day_of, days = problem.grid.day_of, list(problem.grid.dates())
    found: dict[int, NDArray[np.int64]] = {}
    for agent, present in zip(problem.agents, there, strict=True):
        held = np.array(
            [sum(bit[name] for name in {one.skill for one in agent.qualifications if one.holds(day)}) for day in days]
        )
        for bits in np.unique(held).tolist():
            row = found.setdefault(bits, np.zeros(len(day_of), dtype=np.int64))
            row += present & (held[day_of] == bits)
    return found


def _servable(
    needs: NDArray[np.int32], supply: dict[int, NDArray[np.int64]], skills: NDArray[np.int64]
) -> NDArray[np.int64]:
    """How many needs of some skills can be served at once, by interval; the flows of all are one."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_flow

    size, sink = len(needs), 1 + len(needs) * (len(supply) + len(skills))
    source, ends = np.zeros(size, dtype=np.int64), np.full(size, sink)
    nodes = np.arange(1, sink).reshape(-1, size)
    people, places = nodes[: len(supply)], dict(zip(skills.tolist(), nodes[len(supply) :], strict=True))
    edges: list[tuple[Ints, ...]] = [(place, ends, needs[:, skill].astype(np.int64)) for skill, place in places.items()]
    for at, (held, present) in zip(people, supply.items(), strict=True):
        edges.append((source, at, present))
        edges += [(at, place, present) for skill, place in places.items() if held >> skill & 1]
    start, end, room = (np.concatenate(part) for part in zip(*edges, strict=True))
    graph = csr_array((room.astype(np.int32), (start, end)), shape=(sink + 1, sink + 1))
    served = maximum_flow(graph, 0, sink).flow[:, [sink]].toarray().ravel()
    found: NDArray[np.int64] = served[nodes[len(supply) :]].sum(axis=0).astype(np.int64)
    return found


def _wishes(problem: Problem, agent: Agent, duties: list[Duty]) -> float:
    """Wishes that were not granted; those of days outside the horizon do not count."""
    worked = {duty.day: duty.shift.id for duty in duties}
    days = set(problem.grid.dates())
    total = 0.0
    for wish in agent.wishes:
        if wish.day not in days:
            continue
        has = (wish.shift is None and wish.day not in worked) or (
            wish.shift is not None and worked.get(wish.day) == wish.shift
        )
        total += wish.cost * (has != wish.wanted)
    return total


def _presence(problem: Problem, there: NDArray[np.bool_]) -> float:
    """Seats too many, people of companies and key posts too few."""
    hours, total = 1 / problem.per_hour, 0.0
    for lapse in lapses(problem, there):
        price = problem.costs.seat if lapse.kind == "seats" else problem.costs.absent
        total += price * hours * lapse.people.sum()
    return float(total)


def _unequal(duties: list[Duty]) -> int:
    """Squares of an agent's nights and of its worked days of weekends."""
    dark = sum(duty.night for duty in duties)
    weekend = sum(duty.day.weekday() >= 5 for duty in duties)
    return int(dark * dark + weekend * weekend)
