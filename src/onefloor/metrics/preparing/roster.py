"""The dated roster as arrays: who an agent was with on a day, and a signature of what a month sees of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from onefloor.metrics.preparing.inputs import NO_MONTH, Facts, digest
from onefloor.metrics.preparing.state import State
from onefloor.metrics.tables import TENURE_BANDS

PLACES: Final = ("company", "employment", "site", "team")
FOREVER: Final = 10**8
Grid = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Stay:
    """One dated roster row: ``from_day <= day < until_day`` with one company, site and team."""

    agent: str
    company: str
    employment: str
    site: str
    team: str
    hired_day: int  # the person's first day on the roster where the roster does not say
    from_day: int
    until_day: int


@dataclass(frozen=True)
class Roster:
    """The stays that count; of overlapping stays of one agent the one that began later holds."""

    stays: tuple[Stay, ...]
    signatures: dict[tuple[int, int], str] = field(default_factory=dict, compare=False)

    @cached_property
    def first_days(self) -> dict[str, int]:
        """Every agent's first day on the roster."""
        days: dict[str, int] = {}
        for stay in self.stays:
            days[stay.agent] = min(stay.from_day, days.get(stay.agent, FOREVER))
        return days

    def between(self, start: int, end: int) -> list[Stay]:
        """The stays that touch the days ``start <= day < end``."""
        return [stay for stay in self.stays if stay.from_day < end and stay.until_day > start]

    def signature(self, start: int, end: int) -> str:
        """Changes only if what those days see changes: an end after them is not seen."""
        if (start, end) not in self.signatures:
            self.signatures[start, end] = digest([
                (stay.agent, stay.company, stay.employment, stay.site, stay.team, stay.hired_day,
                 max(stay.from_day, start), min(stay.until_day, end))
                for stay in self.between(start, end)
            ])  # fmt: skip
        return self.signatures[start, end]


@dataclass(frozen=True, slots=True)
class Placement:
    """Ids by agent id (row) and day (column, counted from ``start``); 0 where the roster has no row."""

    start: int
    days: int
    grids: dict[str, Grid]

    def at(self, column: str, agents: Grid, days: npt.NDArray[np.int64]) -> Grid:
        """The ids of one column for agents on days; days outside the placement have none."""
        grid = self.grids[column]
        offset = days - self.start
        known = (offset >= 0) & (offset < self.days) & (agents < len(grid))
        if not known.any():
            return np.zeros(len(agents), dtype=np.int32)
        if known.all():
            return grid[agents, offset]
        return np.where(known, grid[np.where(known, agents, 0), np.where(known, offset, 0)], 0)


def read_roster(facts: Facts) -> Roster:
    """The roster's rows that count, in an order that does not depend on the loads."""
    columns = ("agent", *PLACES, "hired_day", "from_day", "until_day")
    rows = facts.rows([NO_MONTH], columns).unique().to_dicts()
    firsts: dict[str, int] = {}
    for row in rows:
        firsts[row["agent"]] = min(row["from_day"], firsts.get(row["agent"], FOREVER))
    return Roster(tuple(sorted((_stay(row, firsts) for row in rows), key=_order)))


def place(roster: Roster, state: State, days: Iterable[int]) -> Placement:
    """Where every agent was on the days from the first to the last of ``days``."""
    wanted = list(days)
    start, end = (min(wanted), max(wanted) + 1) if wanted else (0, 0)
    stays = roster.between(start, end)
    agents = [state.id("agent", stay.agent) for stay in stays]
    shape = (max(agents, default=0) + 1, end - start)
    grids = {name: np.zeros(shape, dtype=np.int32) for name in (*PLACES, "tenure", "hired")}
    tenures = [state.id("tenure", name) for _bound, name in TENURE_BANDS]
    for agent, stay in zip(agents, stays, strict=True):
        first, last = max(stay.from_day, start) - start, min(stay.until_day, end) - start
        for name in PLACES:
            grids[name][agent, first:last] = state.id(name, getattr(stay, name))
        served = np.arange(first + start, last + start) - stay.hired_day
        grids["tenure"][agent, first:last] = _bands(served, tenures)
        grids["hired"][agent, first:last] = stay.hired_day
    return Placement(start, end - start, grids)


def _bands(days_served: npt.NDArray[np.int64], tenures: list[int]) -> Grid:
    bounds = [bound for bound, _name in TENURE_BANDS]
    return np.array(tenures, dtype=np.int32)[np.searchsorted(bounds[:-1], days_served, side="right")]


def _stay(row: dict[str, str | int | None], firsts: dict[str, int]) -> Stay:
    agent = str(row["agent"])
    company, employment, site, team = (str(row[name] or "") for name in PLACES)
    hired, until = row["hired_day"], row["until_day"]
    return Stay(
        agent,
        company,
        employment,
        site,
        team,
        hired_day=firsts[agent] if hired is None else int(hired),
        from_day=int(row["from_day"] or 0),
        until_day=FOREVER if until is None else int(until),
    )


def _order(stay: Stay) -> tuple[str, int, int, str, str, str, str]:
    return (stay.agent, stay.from_day, stay.until_day, stay.company, stay.employment, stay.site, stay.team)
