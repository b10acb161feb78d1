"""What a plan cannot use: needed skills that nobody may serve, and shifts that a limit bars on all days.

Neither breaks a rule nor leaves anybody without a tour; the roster is merely short of people, and does not say why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

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
    checks = {
        "daily_hours": rules.short_enough(problem, contract, [shift.paid for shift in held]),
        "work_without_break": rules.breaks_close_enough(problem, contract, held),
    }
    lost = [place for place in range(len(held)) if not any(_every(checks.values(), place))]
    names = [rule for rule, days in checks.items() if any(not day[place] for place in lost for day in days)]
    limits = [limit for rule in names for limit in rules.in_force(problem, rule, contract.id)]
    return Barred(contract.id, tuple(held[place].id for place in lost), tuple(limits), len(lost) == len(held))


def _every(checks: Iterable[list[list[bool]]], place: int) -> Iterator[bool]:
    """Day by day whether every check leaves the shift."""
    for day in zip(*checks, strict=True):
        yield all(check[place] for check in day)
