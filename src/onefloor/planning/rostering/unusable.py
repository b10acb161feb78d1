"""What a plan cannot use: needed skills that nobody may serve, and shifts that a limit bars on all days.

Neither breaks a rule nor leaves anybody without a tour; the roster is merely short of people, and does not say why.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from onefloor.planning.rostering import rules
from onefloor.planning.rostering.problem import Agent, Contract, Limit, Problem


@dataclass(frozen=True, slots=True)
class Barred:
    """Shifts of a contract that its limits leave on no day, and these limits."""

    contract: str
    shifts: tuple[str, ...]
    limits: tuple[Limit, ...]
    all_shifts: bool


def unheld(problem: Problem) -> dict[str, list[date]]:
    """By needed skill the days on which somebody is needed and nobody who is there holds it; others are left out."""
    days, day_of = list(problem.grid.dates()), problem.grid.day_of
    found: dict[str, list[date]] = {}
    for column, skill in enumerate(problem.skills):
        needed = sorted({int(day) for day in day_of[problem.needs[:, column] > 0]})
        without = [days[day] for day in needed if not any(_may(agent, skill.id, days[day]) for agent in problem.agents)]
        if without:
            found[skill.id] = without
    return found


def _may(agent: Agent, skill: str, day: date) -> bool:
    return not rules.away(agent, day) and any(one.skill == skill and one.holds(day) for one in agent.qualifications)


def barred(problem: Problem) -> list[Barred]:
    """Shifts that somebody's contract names and that its limits on one shift leave on no day."""
    used = {agent.contract for agent in problem.agents}
    found = (_of_contract(problem, contract) for contract in problem.contracts if contract.id in used)
    return [one for one in found if one.shifts]


def _of_contract(problem: Problem, contract: Contract) -> Barred:
    held = [shift for shift in problem.shifts if shift.id in contract.shifts]
    left = rules.left_by(problem, contract, held)
    lost = ~np.logical_and.reduce(list(left.values())).any(axis=0)
    names = [rule for rule, days in left.items() if not days[:, lost].all()]
    limits = [limit for rule in names for limit in rules.in_force(problem, rule, contract.id)]
    shifts = tuple(shift.id for shift, gone in zip(held, lost.tolist(), strict=True) if gone)
    return Barred(contract.id, shifts, tuple(limits), bool(lost.all()))
