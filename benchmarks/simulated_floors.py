"""The three floors that the simulator is raced on; the time unit of A and B is the mean handling time.

A: one queue, 100 agents, impatient customers (Erlang A). B: three skills, four pools, redials. C: a full day of ten
contact types, fourteen groups of two companies, some 550 agents with shifts and breaks, 28,000 attempts.
"""

from __future__ import annotations

import numpy as np

from onefloor.planning.simulation.laws import exponential, lognormal
from onefloor.planning.simulation.model import Agent, ContactType, Group, Model, Offer, Return, Rule, Skill

IN_TIME = Rule(within=1 / 15, formula="F3")
RATES_B, PATIENCE_B, POOLS_B, PACE_B = (32.0, 36.0, 24.0), (1.0, 1.5, 0.8), (25, 25, 30, 20), (1.0, 1.0, 1.0, 1.15)
TO_GROUPS_B = ((0, 1, 3), (1, 2, 3), (2, 3))
TO_TYPES_B = ((0,), (1, 0), (2, 1), (0, 1, 2))
REDIAL_B, REDIAL_AFTER_B = 0.3, 2.0


def floor_a(contacts: float) -> Model:
    """One queue; so long that this many contacts come."""
    long = contacts / 95.0
    kind = ContactType(id="calls", arrivals=(contacts,), service=exponential(1), patience=exponential(1))
    pool = Group(id="pool", types=(Skill(type="calls"),), staff=(100,))
    return Model(id="A", horizon=long, interval=long, rule=IN_TIME, types=(kind,), groups=(pool,))


def floor_b(contacts: float) -> Model:
    """Three skills and redials; so long that this many first calls come."""
    long = contacts / sum(RATES_B)
    types = tuple(
        ContactType(
            id=f"type{k}", arrivals=(RATES_B[k] * long,), service=lognormal(1, 1), patience=exponential(PATIENCE_B[k]),
            redial=Return(share=REDIAL_B, after=exponential(REDIAL_AFTER_B)),
            groups=tuple(Offer(group=f"group{g}") for g in TO_GROUPS_B[k]),
        )
        for k in range(3)
    )  # fmt: skip
    groups = tuple(
        Group(
            id=f"group{g}", pace=PACE_B[g], staff=(POOLS_B[g],),
            types=tuple(Skill(type=f"type{k}", rank=i + 1) for i, k in enumerate(TO_TYPES_B[g])),
        )
        for g in range(4)
    )  # fmt: skip
    return Model(id="B", horizon=long, interval=long, rule=IN_TIME, types=types, groups=groups)


VOLUMES_C = np.array([6000, 4500, 3500, 2800, 2200, 1800, 1500, 1200, 900, 600.0])
SKILLS_C = (
    (0,), (1,), (2,), (3, 4), (5, 6), (0, 1), (1, 2), (2, 3), (4, 5, 7), (6, 7, 8, 9), (0, 1, 2), (3, 4, 5),
    (6, 7, 8, 9), (0, 3, 6, 9),
)  # fmt: skip
VENDOR_FROM, VENDOR_AFTER = 10, 30.0
HALF_HOURS, HALF_HOUR = 48, 1800.0


def floor_c(seed: int = 7) -> Model:
    """A full day; its handling times, patience and rosters are drawn once."""
    rng = np.random.default_rng(seed)
    handling, patience = rng.uniform(200, 420, 10), rng.uniform(120, 400, 10)
    arrivals = _arrivals()
    types = tuple(
        ContactType(
            id=f"type{k}", arrivals=tuple(arrivals[k]), service=lognormal(handling[k], 1.0),
            patience=exponential(patience[k]), redial=Return(share=0.3, after=exponential(600)),
            repeat=Return(share=0.08, after=exponential(7200)), groups=_offers(k),
        )
        for k in range(10)
    )  # fmt: skip
    load = (arrivals * handling[:, None]).sum(axis=0) / HALF_HOUR
    crews = np.maximum(2, np.round(_shares(handling) * 1.512 * load.sum() / 16 / 0.80)).astype(int)
    starts = np.array([load[p : p + 16].sum() if p + 16 <= HALF_HOURS else 0.0 for p in range(HALF_HOURS)]) ** 2
    groups = tuple(_group(g, int(crews[g]), starts / starts.sum(), rng) for g in range(len(SKILLS_C)))
    busyness = lognormal(1.0, 0.08)
    return Model(id="C", busyness=busyness, rule=Rule(within=20.0, formula="F3"), types=types, groups=groups)


def _arrivals() -> np.ndarray:
    """Contacts by type and half hour: two peaks and an evening."""
    hour = np.arange(HALF_HOURS) / 2
    profile = 0.03 + np.exp(-(((hour - 10.5) / 2.2) ** 2)) + 0.85 * np.exp(-(((hour - 15) / 3) ** 2))
    profile += 0.25 * np.exp(-(((hour - 20) / 2) ** 2))
    return np.array([VOLUMES_C[k] * np.roll(profile / profile.sum(), k % 3 - 1) for k in range(10)])


def _offers(kind: int) -> tuple[Offer, ...]:
    """The client's groups with the fewest skills first; the vendor's after thirty seconds."""
    able = [g for g in range(len(SKILLS_C)) if kind in SKILLS_C[g]]
    able.sort(key=lambda g: (g >= VENDOR_FROM, len(SKILLS_C[g])))
    return tuple(Offer(group=f"group{g}", after=VENDOR_AFTER if g >= VENDOR_FROM else 0.0) for g in able)


def _shares(handling: np.ndarray) -> np.ndarray:
    able = [sum(k in skills for skills in SKILLS_C) for k in range(10)]
    work = np.array([sum(VOLUMES_C[k] * handling[k] / able[k] for k in skills) for skills in SKILLS_C])
    return work / work.sum()


def _group(number: int, crew: int, starts: np.ndarray, rng: np.random.Generator) -> Group:
    agents = tuple(_agent(f"g{number}a{i}", starts, rng) for i in range(crew))
    skills = tuple(Skill(type=f"type{k}", rank=1 if k < 4 else 2) for k in SKILLS_C[number])
    company = "vendor" if number >= VENDOR_FROM else "own"
    return Group(id=f"group{number}", company=company, types=skills, agents=agents)


def _agent(code: str, starts: np.ndarray, rng: np.random.Generator) -> Agent:
    """Eight hours with three breaks, of 15, 40 and 15 minutes."""
    start = float(rng.choice(HALF_HOURS, p=starts)) * HALF_HOUR
    end = min(start + 28_800.0, 86_400.0)
    begins = [start + 7_200 + rng.integers(0, 4) * 900.0, start + 14_400 + rng.integers(-2, 3) * 900.0]
    begins.append(start + 21_600 + rng.integers(0, 4) * 900.0)
    breaks = tuple((b, b + long) for b, long in zip(begins, (900.0, 2_400.0, 900.0), strict=True) if b + long < end)
    return Agent(id=code, pace=float(np.exp(rng.normal(0, 0.12))), shift=((start, end),), breaks=breaks)
