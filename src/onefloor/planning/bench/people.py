"""Who holds which skill on a floor, and who is on duty when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from onefloor.facts.store import scan
from onefloor.floor import Floor
from onefloor.insight.attrition.leavers import Known
from onefloor.insight.attrition.leaving import People, chance_to_leave
from onefloor.metrics.prepared import Prepared
from onefloor.periods import zone
from onefloor.planning.bench.cover import Counts
from onefloor.planning.bench.drill import Agent
from onefloor.planning.bench.tables import Needed, Qualified
from onefloor.planning.grid import Grid

LOOKED_BACK = 60  # days
FEWEST_CONTACTS = 10
"""Answered contacts of a skill in those days from which on somebody is taken to hold it."""


@dataclass(frozen=True, slots=True)
class Bench:
    """The people of today (``known``) and the skills each holds, in their order."""

    known: Known
    skills: tuple[frozenset[str], ...]

    @property
    def names(self) -> list[str]:
        """All skills that somebody holds."""
        return sorted(set().union(*self.skills)) if self.skills else []

    def holders(self, skill: str) -> People:
        """The people with a skill."""
        mine = np.array([skill in held for held in self.skills], dtype=bool)
        people = self.known.people
        return People(people.tenure[mine], people.cohort[mine], people.notice[mine])

    def agents(self, days: int) -> tuple[Agent, ...]:
        """Everybody with his chance to leave within so many days."""
        chances = chance_to_leave(self.known.rates, self.known.people, days).tolist()
        return tuple(
            Agent(stint.agent, stint.company, held, chance)
            for stint, held, chance in zip(self.known.stints, self.skills, chances, strict=True)
        )


def bench(known: Known, held: Mapping[str, Iterable[str]]) -> Bench:
    """People with their skills; skills of agents who are not there (any more) do not count."""
    return Bench(known, tuple(frozenset(held.get(one.agent, ())) for one in known.stints))


def skills_of(rows: Sequence[Qualified], day: int) -> dict[str, set[str]]:
    """The skills that hold on a day, by agent."""
    found: dict[str, set[str]] = {}
    for one in rows:
        if one.on(day):
            found.setdefault(one.agent, set()).add(one.skill)
    return found


def training_of(rows: Sequence[Qualified]) -> dict[str, str]:
    """The kind of training each agent came through: that of his first qualification that names one."""
    found: dict[str, tuple[int, str]] = {}
    for one in rows:
        first = one.first if one.first is not None else -(10**9)
        if one.training and (one.agent not in found or first < found[one.agent][0]):
            found[one.agent] = (first, one.training)
    return {agent: kind for agent, (_, kind) in found.items()}


def skills_answered(prepared: Prepared, today: int, agents: Iterable[str]) -> dict[str, set[str]]:
    """The skills whose contacts somebody answered lately: at least ten in the last sixty days.

    Only of the agents named: rows of others are not looked at.
    """
    ids = prepared.names.ids.get("agent", {})
    wanted = {ids[agent]: agent for agent in agents if agent in ids}
    files = prepared.paths("legs", prepared.months[-3:])
    if not files or not wanted:
        return {}
    rows = (
        pl.scan_parquet(files)
        .filter(pl.col("day").is_between(today - LOOKED_BACK, today - 1), "answered", pl.col("skill") > 0)
        .filter(pl.col("agent").is_in(list(wanted)))
        .group_by("agent", "skill")
        .len()
        .filter(pl.col("len") >= FEWEST_CONTACTS)
        .collect()
    )
    names = prepared.names.of("skill")
    found: dict[str, set[str]] = {}
    for agent, skill, _ in rows.iter_rows():
        found.setdefault(wanted[agent], set()).add(names[skill])
    return found


def of_day(needs: Sequence[Needed], day: int, skills: Sequence[str], grid: Grid) -> Counts:
    """The needs of one day on its grid, shape (skills, intervals); an hour that the clock repeats needs them twice."""
    zone_of = zone(grid.zone_name)
    local = [datetime.fromtimestamp(start / 1000, zone_of) for start in grid.starts.tolist()]
    named = {(one.skill, one.minute): one.agents for one in needs if one.day == day}
    return np.array([[named.get((skill, at.hour * 60 + at.minute), 0) for at in local] for skill in skills], np.int64)


def on_duty(floor: Floor, grid: Grid, agents: Sequence[str]) -> NDArray[np.bool_]:
    """Who is due at work for at least half of each interval, by the floor's shifts; shape (agents, intervals)."""
    starts, length = grid.starts, grid.minutes * 60_000
    first, last = int(starts[0]), int(starts[-1]) + length
    rows = (
        scan(floor, "shifts")
        .filter(pl.col("agent").is_in(list(agents)))
        .filter(pl.col("ended_ms") > first, pl.col("started_ms") < last)
        .collect()
    )
    newest = rows.filter(pl.col("revision") == pl.col("revision").max().over("group_id"), pl.col("activity") == "work")
    worked = np.zeros((len(agents), len(starts)), np.int64)
    place = {agent: row for row, agent in enumerate(agents)}
    for agent, begin, end in newest.select("agent", "started_ms", "ended_ms").iter_rows():
        worked[place[agent]] += np.clip(np.minimum(end, starts + length) - np.maximum(begin, starts), 0, None)
    return np.asarray(worked * 2 >= length)
