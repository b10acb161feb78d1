"""The rostered people at work on the model's floor: groups by company and skills, agents with their hours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from onefloor.planning.rostering.layout import skillsets
from onefloor.planning.rounds.problem import Bools, Rounds
from onefloor.planning.simulation.model import Agent, ContactType, Group, Model, Offer, Skill

S_PER_MINUTE = 60.0


def rostered(asked: Rounds, there: Bools) -> Model:
    """The model over the roster's horizon with those at work who are ``there``, shape (agents, P).

    A group is a company's people with the same skills. They keep their paces and how much they pass on where the model
    names them; the others have the mean pace of their company and pass on as usual. Classes and delays are those of the
    company's groups in the model. Within a company who has fewer skills is asked first, where the model has no order.
    """
    interval = asked.roster.grid.minutes * S_PER_MINUTE
    known = Known.of(asked.model)
    groups = tuple(_groups(asked, known, there, interval))
    types = tuple(
        replace(kind, arrivals=tuple(map(float, row)), groups=_offers(known, kind, groups))
        for kind, row in zip(asked.model.types, asked.arrivals, strict=True)
    )
    grid = asked.roster.grid
    return replace(
        asked.model, day=grid.first, horizon=len(grid) * interval, interval=interval, warm_up=0.0, types=types,
        groups=groups,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """What the model says of companies and people: paces, classes by company and type, offers."""

    model: Model
    paces: dict[str, float]
    passing: dict[str, float]
    company_paces: dict[str, float]
    classes: dict[tuple[str, str], int]

    @classmethod
    def of(cls, model: Model) -> Known:
        """What a model says."""
        paces = {agent.id: group.pace * agent.pace for group in model.groups for agent in group.agents}
        passing = {agent.id: agent.transfers for group in model.groups for agent in group.agents}
        held: dict[str, list[float]] = {}
        classes: dict[tuple[str, str], int] = {}
        for group in model.groups:
            each = [agent.pace for agent in group.agents] or [1.0]
            held.setdefault(group.company, []).extend(group.pace * pace for pace in each)
            for skill in group.types:
                key = group.company, skill.type
                classes[key] = min(classes.get(key, skill.rank), skill.rank)
        return cls(model, paces, passing, {name: float(np.mean(each)) for name, each in held.items()}, classes)

    def pace(self, agent: str, company: str) -> float:
        """An agent's handling time, of the usual one."""
        return self.paces.get(agent, self.company_paces.get(company, 1.0))

    def offered(self, kind: ContactType, company: str) -> tuple[float, int]:
        """After what wait a type is offered to a company, and in which place."""
        companies = {group.id: group.company for group in self.model.groups}
        offers = self.model.offers(kind)
        own = [(offer.after, place) for place, offer in enumerate(offers) if companies[offer.group] == company]
        return min(own, default=(0.0, len(offers)))


def _groups(asked: Rounds, known: Known, there: Bools, interval: float) -> Iterator[Group]:
    problem, day_of = asked.roster, asked.roster.grid.day_of
    sets, places = skillsets(problem)
    for company in problem.companies:
        rows = [(row, agent.id) for row, agent in enumerate(problem.agents) if agent.company == company.id]
        for number, bits in enumerate(sets):
            types = _served(asked, known, company.id, bits)
            agents = tuple(
                Agent(id=who, pace=known.pace(who, company.id), transfers=known.passing.get(who, 1.0), shift=spans)
                for row, who in rows
                if (spans := _spans(there[row] & (places[row][day_of] == number), interval))
            )
            if types and agents:
                name = " + ".join(skill.type for skill in types)
                yield Group(id=f"{company.id}: {name} ({number})", company=company.id, types=types, agents=agents)


def _served(asked: Rounds, known: Known, company: str, bits: int) -> tuple[Skill, ...]:
    held = {skill.id for place, skill in enumerate(asked.roster.skills) if bits >> place & 1}
    kinds = (kind.id for kind in asked.model.types if asked.skill(kind) in held)
    return tuple(Skill(type=kind, rank=known.classes.get((company, kind), 1)) for kind in kinds)


def _spans(mask: Bools, interval: float) -> tuple[tuple[float, float], ...]:
    """Where a mask over the intervals holds, in seconds from the grid's start."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]])))
    return tuple((float(a) * interval, float(b) * interval) for a, b in list(pairwise(edges))[::2])


def _offers(known: Known, kind: ContactType, groups: tuple[Group, ...]) -> tuple[Offer, ...]:
    """The groups that serve a type: sooner first, then in the model's order of companies, then fewer skills."""
    found = []
    for group in groups:
        if any(skill.type == kind.id for skill in group.types):
            after, place = known.offered(kind, group.company)
            found.append(((after, place, len(group.types), group.id), Offer(group=group.id, after=after)))
    return tuple(offer for _, offer in sorted(found, key=lambda one: one[0]))
