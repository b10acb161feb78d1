"""A floor's day as a model: what customers do, fitted once, put together with the agents of a day."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from onefloor.language import Text
from onefloor.periods import day_of
from onefloor.planning.fitting.asked import Parameters
from onefloor.planning.fitting.coming_back import ComingBack
from onefloor.planning.fitting.days import Days
from onefloor.planning.fitting.handling import Handling
from onefloor.planning.fitting.paces import Paces
from onefloor.planning.fitting.presence import Hours, Present
from onefloor.planning.fitting.rows import INTERVALS
from onefloor.planning.fitting.serving import Delay, Skilled
from onefloor.planning.fitting.willingness import Customers
from onefloor.planning.simulation.laws import Law, exponential, gamma
from onefloor.planning.simulation.model import Agent, ContactType, Group, Model, Offer, Return, Skill
from onefloor.problems import Problem

HALF_HOUR, DAY = 1_800.0, 86_400.0
LEAST_CV = 0.005
"""Smaller day factors are left out."""
NOBODY_KNOWN = exponential(180.0)


class NobodyThere(Problem):
    """A day without agents who serve anything."""

    def __init__(self, day: int) -> None:
        super().__init__(
            Text(f"{day_of(day)} 没有任何坐席在岗。", f"Nobody is at work on {day_of(day)}."),
            remedy=Text(
                "请选择有班表、坐席状态或通话的日期。",
                "Choose a day with shifts, states of agents or answered contacts.",
            ),
        )


@dataclass(frozen=True, slots=True)
class Parts:
    """All that was fitted, by type in the order of ``names``; ``busyness`` are the coefficients of variation."""

    names: tuple[str, ...]
    zone: str
    days: Days
    shared: float
    own: tuple[float, ...]
    handling: Handling
    customers: Customers
    back: ComingBack
    groups: tuple[Skilled, ...]
    delays: tuple[Delay, ...]
    present: Present
    agents: dict[int, str]
    companies: dict[int, str]


def model_of(parts: Parts, day: int, asked: Parameters) -> Model:
    """The model of a day: its weekday's mean arrivals, its agents.

    Raises:
        NobodyThere: nobody who serves any of the types is at work.
    """
    weekday = (day + 3) % 7 + 1  # 1970-01-01 was a Thursday
    groups = _groups(parts, day)
    if not groups:
        raise NobodyThere(day)
    names = {one.id: held for one, held in groups}
    served = {parts.names[place] for held in names.values() for place in held.types}
    profile = parts.days.profile(weekday)
    types = tuple(
        _type(parts, place, tuple(map(float, profile[place])), names)
        for place, name in enumerate(parts.names)
        if name in served
    )
    return Model(
        id=asked.name,
        day=day_of(day),
        zone=parts.zone,
        horizon=DAY,
        interval=HALF_HOUR,
        busyness=_factor(parts.shared),
        rule=asked.rule,
        types=types,
        groups=tuple(group for group, _ in groups),
    )


def rounded(law: Law | None) -> Law | None:
    """A law as a model file has it: milliseconds, and six places of its spread."""
    if law is None or law.kind == "empirical":
        return law
    return replace(law, mean=round(law.mean, 3), cv=round(law.cv, 6))


def _part(share: float) -> float:
    """A share as a model file has it: hundredths of a point."""
    return float(f"{100 * share:.2f}") / 100


def _again(one: Return | None) -> Return | None:
    return one and Return(share=_part(one.share), after=rounded(one.after) or one.after)


def _factor(cv: float) -> Law | None:
    return gamma(1.0, round(cv, 6)) if cv >= LEAST_CV else None


def _type(parts: Parts, place: int, profile: tuple[float, ...], groups: dict[str, Skilled]) -> ContactType:
    assert len(profile) == INTERVALS
    return ContactType(
        id=parts.names[place],
        arrivals=tuple(round(mean * parts.back.fresh[place], 4) for mean in profile),
        busyness=_factor(parts.own[place]),
        service=rounded(parts.handling.service[place]) or NOBODY_KNOWN,
        wrap_up=rounded(parts.handling.wrap[place]),
        patience=rounded(parts.customers.patience[place]),
        never_waits=_part(parts.customers.never[place]),
        longest_wait=parts.customers.longest[place],
        redial=_again(parts.back.redial[place]),
        repeat=_again(parts.back.repeat[place]),
        routing="longest_idle",
        groups=_offers(parts, place, groups),
    )


def _offers(parts: Parts, place: int, groups: dict[str, Skilled]) -> tuple[Offer, ...]:
    """Groups with the delay of their company; none where no company is late: then all are alike."""
    late = {one.company: one.seconds for one in parts.delays if one.type == place}
    serving = [(name, held) for name, held in groups.items() if place in held.types]
    if not any(held.company in late for _, held in serving):
        return ()
    offers = [Offer(group=name, after=late.get(held.company, 0.0)) for name, held in serving]
    return tuple(sorted(offers, key=lambda offer: offer.after))


def _groups(parts: Parts, day: int) -> list[tuple[Group, Skilled]]:
    here = parts.present.on(day)
    found: list[tuple[Group, Skilled]] = []
    for held in parts.groups:
        there = [(agent, here[agent]) for agent in held.agents if agent in here]
        if there:
            found.append((_group(parts, held, there, {group.id for group, _ in found}), held))
    return found


def _group(parts: Parts, held: Skilled, there: list[tuple[int, Hours]], taken: set[str]) -> Group:
    company = parts.companies.get(held.company, "")
    name = f"{company or '-'}: " + " + ".join(parts.names[place] for place in held.types)
    while name in taken:
        name += "'"
    return Group(
        id=name,
        company=company,
        types=tuple(Skill(type=parts.names[place]) for place in held.types),
        agents=tuple(
            Agent(
                id=parts.agents.get(agent, str(agent)),
                pace=_pace(parts.handling.paces, agent),
                shift=hours.shift,
                breaks=hours.breaks,
            )
            for agent, hours in there
        ),
    )


def _pace(paces: Paces, agent: int) -> float:
    return round(float(paces.of(np.array([agent]))[0]), 4)
