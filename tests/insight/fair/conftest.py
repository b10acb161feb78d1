"""Floors written by hand for comparisons: as many agents as a test needs, each with contacts of a kind."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from measuring_tables import END_OF_NOVEMBER, NAMES, prepared_of

from onefloor.metrics.prepared import Names, Prepared
from onefloor.metrics.tables import NO_REPEAT_MS
from onefloor.periods import MS_PER_DAY

START = END_OF_NOVEMBER - 20 * MS_PER_DAY
MANY = Names(
    {
        **NAMES.ids,
        "agent": {f"a{number:03d}": number for number in range(1, 200)},
        "company": {"Own": 1, "North": 2, "South": 3},
        "team": {name: number for number, name in enumerate("ABCDEF", 1)},
    }
)


@dataclass(frozen=True)
class Group:
    """Some agents of one company and what they do."""

    company: str
    agents: int
    contacts: int = 60
    rate: float = 0.75
    queue: str = "tax"
    tenure: str = "2 y+"
    site: str = "Harbin"
    channel: str = "voice"
    team: str = "A"
    days: int = 1
    surveyed: float = 0.0  # share of invitations that are answered
    handle_ms: int = 200_000
    first: int = 0  # place of the first agent among those of the company


Maker = Callable[..., Prepared]


@pytest.fixture
def floor_of(tmp_path: Path) -> Maker:
    """A maker of measuring tables from groups of agents, each the settings of a ``Group``."""

    def make(*settings: dict[str, Any], seed: int = 1) -> Prepared:
        groups = [Group(**one) for one in settings]
        chance = random.Random(seed)
        tables: dict[str, list[dict[str, Any]]] = {"contacts": [], "legs": [], "surveys": [], "complaints": []}
        known: dict[tuple[str, int], int] = {}
        for group in groups:
            for place in range(group.first, group.first + group.agents):
                agent = known.setdefault((group.company, place), len(known) + 1)
                for number in range(group.contacts):
                    for table, row in _rows(group, agent, number, chance):
                        tables[table].append(row)
        return replace(prepared_of(tmp_path, {name: rows for name, rows in tables.items() if rows}), names=MANY)

    return make


def _rows(group: Group, agent: int, number: int, chance: random.Random) -> Sequence[tuple[str, dict[str, Any]]]:
    common = {
        "agent": agent,
        "company": MANY.id("company", group.company),
        "team": MANY.id("team", group.team),
        **{name: getattr(group, name) for name in ("queue", "tenure", "site", "channel")},
        "start_ms": START + (number % group.days) * MS_PER_DAY + 10 * 3_600_000 + number * 1_000,
    }
    resolved = chance.random() < group.rate
    gap = NO_REPEAT_MS if resolved else MS_PER_DAY
    handled = round(group.handle_ms * chance.lognormvariate(0, 0.5))
    rows: list[tuple[str, dict[str, Any]]] = [
        ("contacts", {**common, "identified": True, "gap_topic_ms": gap, "gap_any_ms": gap}),
        ("legs", {**common, "answered": True, "handle_ms": handled, "hold_ms": 0 if number % 2 else 9_000}),
    ]
    if group.surveyed:
        answered = chance.random() < group.surveyed
        score = (5 if resolved else 2) if answered else None
        rows.append(("surveys", {**common, "responded": answered, "score": score}))
    if not resolved and number % 5 == 0:
        rows.append(("complaints", dict(common)))
    return rows
