"""Small floors that the tests of rounds share."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from onefloor.planning.grid import Grid
from onefloor.planning.rostering.problem import (
    Agent,
    Company,
    Contract,
    Costs,
    Limit,
    Pause,
    Problem,
    Qualification,
    Shift,
    Skill,
)
from onefloor.planning.rounds.problem import Rounds
from onefloor.planning.rounds.scale import erlang_needs
from onefloor.planning.simulation.laws import exponential
from onefloor.planning.simulation.model import Agent as Person
from onefloor.planning.simulation.model import ContactType, Group, Model, Rule
from onefloor.planning.simulation.model import Skill as Serves

MONDAY = date(2026, 11, 30)
SHIFTS = tuple(Shift(f"s{hour}", hour * 60, 17, (Pause(1, 7, 9),)) for hour in range(8, 14))
NAMES = ("tech", "water")


def model(skills: int = 1) -> Model:
    """Calls of 240 s, patience 120 s, 80 % in 20 s; one agent of the model is slow, North takes them after 10 s."""
    types = tuple(
        ContactType(id=name, arrivals=(20.0,), service=exponential(240.0), patience=exponential(120.0))
        for name in NAMES[:skills]
    )
    own = Group(id="own pool", company="own", types=tuple(Serves(type=kind.id) for kind in types),
                agents=(Person(id="1", pace=1.5), Person(id="elsewhere", pace=1.1)))  # fmt: skip
    return Model(id="small", rule=Rule(within=20.0, formula="F3"), types=types, groups=(own,))


def problem(count: int = 60, days: int = 2, skills: int = 1, **changes: Any) -> Problem:
    """People of two companies from 08:00 to 22:00; with two skills every third has both."""
    grid = Grid(MONDAY, days)
    sets = {1: (NAMES[:1],), 2: (NAMES[:1], NAMES[1:], NAMES)}[skills]
    agents = tuple(
        Agent(str(1 + n), ("own", "north")[n % 2], "full", tuple(Qualification(skill=s) for s in sets[n % len(sets)]))
        for n in range(count)
    )
    made = Problem(
        grid, tuple(Skill(name) for name in NAMES[:skills]), (Company("own"), Company("north")), SHIFTS,
        (Contract("full", tuple(shift.id for shift in SHIFTS), 0, None),), agents,
        np.zeros((len(grid), skills), np.int32), (Limit(rule="rest", amount=11),), costs=Costs(missing=60.0),
    )  # fmt: skip
    return replace(made, **changes)


def rounds(count: int = 60, days: int = 2, skills: int = 1, calls: float = 90.0, factor: float = 1.0) -> Rounds:
    """Half hours from 08:00 to 21:30 with two waves; needs are ``factor`` times Erlang A's."""
    made = problem(count, days, skills)
    hour = np.arange(len(made.grid)) % 48 / 2
    waves = 0.4 + np.exp(-(((hour - 11) / 2) ** 2)) + 0.7 * np.exp(-(((hour - 17) / 2) ** 2))
    arrivals = np.where((hour >= 8) & (hour < 21.5), waves * calls / 1.4 / skills, 0.0)
    asked = Rounds(made, model(skills), np.array([arrivals] * skills), 0.8)
    needs = np.maximum(np.round(erlang_needs(asked) * factor), arrivals > 0).astype(np.int32).T
    return replace(asked, roster=replace(made, needs=needs))
