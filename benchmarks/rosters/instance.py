"""A made-up hotline: 28 days in half hours, 6 skills in 12 sets, 3 companies, 3 contracts, with vacations and wishes.

Half of the people are in-house and have any skill set; two vendors have a few sets each and a cap on seats. Contracts
work 8 hours (by day, in the evening, at night or split), 9 or 10 hours. Needs have three waves a day, a weekly shape
and noise, and are scaled to 97 % of what the people could give.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from onefloor.planning.grid import Grid
from onefloor.planning.rostering.problem import (
    Agent,
    Company,
    Contract,
    Costs,
    Dated,
    Limit,
    Pause,
    Problem,
    Qualification,
    Shift,
    Skill,
    Wish,
)

DAYS, HALF_HOURS, SKILLS, LOAD = 28, 48, 6, 0.97
FIRST = date(2026, 11, 30)  # a Monday
SETS = ((0,), (1,), (2,), (3,), (4,), (5,), (0, 1), (1, 2), (2, 3), (3, 4), (0, 4, 5), (1, 3, 5))
SETS_OF_COMPANY = (tuple(range(12)), (0, 1, 6), (2, 3, 8, 9))
COMPANIES = ("own", "north", "south")
CONTRACTS = ("eight", "nine", "ten")
DAYS_OF_CONTRACT = ((18, 22), (16, 19), (14, 17))
HALF_HOURS_AT_DESK = (15, 17, 19)


def _shift(name: str, start: int, length: int, meal: tuple[int, int], rest: tuple[int, int]) -> Shift:
    pauses = (Pause(2, *meal), Pause(1, *rest, paid=True))
    return Shift(f"{name}-{start}", start * 30, length, pauses)


SHIFTS = (
    tuple(_shift("eight", start, 18, (6, 9), (12, 14)) for start in (*range(12, 31), 44, 46, 0)),
    tuple(_shift("nine", start, 20, (7, 10), (14, 16)) for start in (*range(12, 29, 2), 42)),
    tuple(_shift("ten", start, 22, (8, 11), (16, 18)) for start in (*range(12, 27, 2), 40)),
)
SPLIT = tuple(Shift(f"split-{start}", start * 30, 22, gap=(8, 14)) for start in range(16, 21))
OF_CONTRACT = ((*SHIFTS[0], *SPLIT), SHIFTS[1], SHIFTS[2])


def instance(agents: int, seed: int = 1, days: int = DAYS) -> Problem:
    """The hotline with so many people."""
    rng = np.random.default_rng(seed)
    company = np.where(np.arange(agents) < 0.5 * agents, 0, np.where(np.arange(agents) < 0.8 * agents, 1, 2))
    held = np.array([rng.choice(SETS_OF_COMPANY[one]) for one in company])
    contract = np.array([rng.choice(3, p=[0.6, 0.25, 0.15]) if one == 0 else (0 if one == 1 else 2) for one in company])
    people = [
        _agent(number, int(company[number]), int(held[number]), int(contract[number]), rng) for number in range(agents)
    ]
    grid = Grid(FIRST, days)
    return Problem(
        grid,
        tuple(Skill(f"skill{number}") for number in range(SKILLS)),
        tuple(
            Company(name, seats=None if number == 0 else int(0.62 * (company == number).sum()))
            for number, name in enumerate(COMPANIES)
        ),
        tuple(shift for shifts in OF_CONTRACT for shift in shifts),
        tuple(
            Contract(name, tuple(shift.id for shift in OF_CONTRACT[number]), *DAYS_OF_CONTRACT[number])
            for number, name in enumerate(CONTRACTS)
        ),
        tuple(people),
        _needs(people, contract, held, rng)[: len(grid)],
        (Limit(rule="rest", amount=11), Limit(rule="consecutive_days", amount=6)),
        costs=Costs(missing=8.0, seat=16.0),
    )


def _agent(number: int, company: int, held: int, contract: int, rng: np.random.Generator) -> Agent:
    """Three wishes for a day off each; one in ten is away for five days."""
    least, most = DAYS_OF_CONTRACT[contract]
    wished = rng.choice(DAYS, 3, replace=False)
    away: tuple[Dated, ...] = ()
    if rng.random() < 0.1:
        first = int(rng.integers(0, DAYS - 5))
        away = (Dated(FIRST + timedelta(first), FIRST + timedelta(first + 4)),)
        wished = np.array([day for day in wished if not first <= day < first + 5], dtype=int)
        most -= 3
        least = min(least, most - 2)
    return Agent(
        str(2001 + number),
        COMPANIES[company],
        CONTRACTS[contract],
        tuple(Qualification(skill=f"skill{skill}") for skill in SETS[held]),
        away,
        wishes=tuple(Wish(FIRST + timedelta(int(day)), 6.0) for day in wished),
        least_days=least,
        most_days=most,
    )


def _needs(people: Sequence[Agent], contract: np.ndarray, held: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Agents needed by half hour and skill."""
    supply = np.zeros(SKILLS)
    for number, person in enumerate(people):
        days = 0.5 * ((person.least_days or 0) + (person.most_days or 0))
        for skill in SETS[held[number]]:
            supply[skill] += HALF_HOURS_AT_DESK[contract[number]] * days / len(SETS[held[number]])
    hour = np.arange(HALF_HOURS) / 2
    columns = []
    for skill in range(SKILLS):
        waves = (
            0.06
            + np.exp(-(((hour - 10.5 - 0.3 * skill) / 2.6) ** 2))
            + 0.85 * np.exp(-(((hour - 15.5) / 2.4) ** 2))
            + 0.5 * np.exp(-(((hour - 20) / 1.8) ** 2))
        )
        week = np.array([1.15, 1.05, 1, 1, 1.05, 0.75 + 0.04 * skill, 0.65 + 0.04 * skill])
        wanted = np.concatenate(
            [
                waves
                * week[day % 7]
                * (1 + 0.05 * rng.standard_normal())
                * (1 + 0.04 * rng.standard_normal(HALF_HOURS))
                for day in range(DAYS)
            ]
        )
        wanted *= LOAD * supply[skill] / wanted.sum()
        columns.append(np.floor(wanted + rng.random(DAYS * HALF_HOURS)))
    return np.stack(columns, axis=1).astype(np.int32)
