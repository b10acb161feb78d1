"""Floors by hand for tests of the guards: thirty agents of two companies in two queues."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from measuring_tables import END_OF_NOVEMBER, NAMES, prepared_of

from onefloor.insight.finding import Verdict
from onefloor.insight.guards import sentences as say
from onefloor.insight.guards import simulated
from onefloor.insight.guards.judging import Judged, judged
from onefloor.insight.guards.pairing import Pair
from onefloor.insight.guards.patterns import BY_NAME
from onefloor.insight.guards.rows import Facts
from onefloor.insight.guards.screen_findings import pattern_finding
from onefloor.insight.guards.tallying import tallied
from onefloor.metrics import catalogue
from onefloor.metrics.prepared import Names, Prepared
from onefloor.periods import MS_PER_DAY, Month

AGENTS = 30


MONTHS = [Month(2026, 11)]


HOUR = 3_600_000


PEOPLE = Names({**NAMES.ids, "agent": {f"A{number:02d}": number for number in range(1, AGENTS + 1)}})


Row = dict[str, Any]


def at(chance: np.random.Generator, day: int, hour: int) -> int:
    start: int = END_OF_NOVEMBER - 30 * MS_PER_DAY
    return start + day * MS_PER_DAY + hour * HOUR + int(chance.integers(0, HOUR))


def legs(each: Callable[[np.random.Generator, int], Row], rows: int = 60, seed: int = 1) -> list[Row]:
    """Answered legs of all agents over 28 days in two queues; ``each`` says what a leg of an agent is like."""
    chance = np.random.default_rng(seed)
    return [
        {
            "start_ms": at(chance, int(chance.integers(0, 28)), int(chance.integers(9, 13))), "agent": agent,
            "company": 1 + agent % 2, "team": 1 + agent % 2, "queue": int(chance.integers(1, 3)), "answered": True,
            "offered": True, "talk_ms": 200_000, "wrap_ms": 30_000, "wait_ms": int(chance.integers(0, 60_000)),
            **each(chance, agent),
        }
        for agent in range(1, AGENTS + 1)
        for _ in range(rows)
    ]  # fmt: skip


def floor(root: Path, **tables: list[Row]) -> Prepared:
    found: Prepared = replace(prepared_of(root, tables), names=PEOPLE)
    return found


def told(prepared: Prepared, name: str, facts: Facts | None = None, scope: str = "") -> tuple[Verdict, list[str]]:
    counted = tallied(BY_NAME[name], prepared, MONTHS, scope, facts)
    finding = pattern_finding(BY_NAME[name], counted, MONTHS)
    return finding.verdict, [one["name"] for one in finding.details.get("flagged", [])]


def refused(prepared: Prepared, name: str, facts: Facts | None = None) -> str:
    """Why a pattern cannot be told."""
    finding = pattern_finding(BY_NAME[name], tallied(BY_NAME[name], prepared, MONTHS, "", facts), MONTHS)
    assert finding.verdict is Verdict.CANNOT_TELL
    return finding.reasons[0].en


def facts_of(**tables: list[Row]) -> Facts:
    """Facts by hand."""
    held = {name: pl.DataFrame(rows) for name, rows in tables.items()}
    return lambda table, columns: held[table].lazy().select(columns)


LOOK, SEEN, CANNOT = Verdict.WORTH_A_LOOK, Verdict.NOTHING_SEEN, Verdict.CANNOT_TELL


def selling_floor(root: Path, push: float) -> Prepared:
    """Half of the agents sell and are called again more, by ``push``."""
    chance = np.random.default_rng(5)
    rows = legs(lambda chance, agent: {"sale_eligible": True}, rows=100)
    keys = ("start_ms", "agent", "company", "team", "queue")
    of = [({name: row[name] for name in keys}, push * (row["agent"] / AGENTS - 0.5)) for row in rows]
    sales = [row | {"accepted": True} for row, more in of if chance.random() < 0.25 + more]
    contacts = [
        row | {"identified": True, **({"gap_topic_ms": MS_PER_DAY} if chance.random() < 0.25 + more else {})}
        for row, more in of
    ]
    return floor(root, legs=rows, sales=sales, contacts=contacts)


def drawn_judged(agents: int) -> Judged:
    of = simulated.sellers(np.random.default_rng(10), agents, pushers=agents // 10)
    names = tuple(f"A{number}" for number in range(agents))
    figures = (catalogue.metric("conversion"), catalogue.metric("fcr:within=7d"))
    rows = np.full((agents, 2), 100)
    return judged(Pair(names, of.difference, of.error, of.expected, rows, 0, *figures, say.AGENTS), (0.02, 0.02))


def pair_of(seed: int, agents: int, pushers: int) -> Pair:
    of = simulated.sellers(np.random.default_rng(seed), agents, -0.6, pushers)
    figures = (catalogue.metric("conversion"), catalogue.metric("fcr:within=7d"))
    names = tuple(f"A{number}" for number in range(agents))
    return Pair(names, of.difference, of.error, of.expected, np.full((agents, 2), 99), 0, *figures, say.AGENTS)
