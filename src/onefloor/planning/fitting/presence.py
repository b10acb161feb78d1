"""When agents are there on a day: by their shifts, else by what they did, else from their first contact to the last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from onefloor.periods import MS_PER_DAY, MS_PER_SECOND
from onefloor.planning.fitting.rows import Contacts, Source

Kind = Literal["shifts", "states", "contacts"]
Span = tuple[float, float]
KINDS: tuple[Kind, ...] = ("shifts", "states", "contacts")
PRODUCTIVE = ("available", "ringing", "talk", "hold", "wrap")
SHORTEST_BREAK = 5.0
"""Seconds: shorter gaps between states are none."""
SAME_SHIFT = 7_200.0
"""Seconds: who is away for less comes back to the same shift."""
BEFORE = 12 * 3600
"""Seconds before midnight from which a shift may reach into the day."""


@dataclass(frozen=True, slots=True)
class Hours:
    """An agent's spans at work and its breaks, whole seconds from midnight."""

    shift: tuple[Span, ...]
    breaks: tuple[Span, ...]

    @property
    def seconds(self) -> float:
        """Time at work without the breaks."""
        return sum(b - a for a, b in self.shift) - sum(b - a for a, b in self.breaks)


@dataclass(frozen=True, slots=True)
class Present:
    """Agents' hours of days, and where they come from. ``hours[day][agent]``."""

    kind: Kind
    hours: Mapping[int, Mapping[int, Hours]]

    def on(self, day: int) -> Mapping[int, Hours]:
        """The agents of a day."""
        return self.hours.get(day, {})


def present(source: Source, contacts: Contacts, kind: Kind | None = None) -> Present:
    """Agents' hours on all days, of the kind asked for; else of the first in order of which there are any.

    By shifts only those agents are there who did anything that day, where what they did is known.
    """
    for one in (kind,) if kind else KINDS:
        found = _of_contacts(source, contacts) if one == "contacts" else _of_facts(source, contacts, one)
        if found:
            return Present(one, found)
    return Present(kind or "contacts", {})


def _of_facts(source: Source, contacts: Contacts, kind: Kind) -> dict[int, dict[int, Hours]]:
    table, label = ("shifts", "activity") if kind == "shifts" else ("agent_states", "state")
    rows = _known(source, source.of_facts(table, "agent", label, "started_ms", "ended_ms"), contacts)
    wanted = rows[label] != "leave" if kind == "shifts" else rows[label].is_in(PRODUCTIVE)
    at_work = rows[label] == "work" if kind == "shifts" else wanted
    found = {}
    seen = _seen(source, contacts) if kind == "shifts" else None
    on_floor, on_work = (rows.filter(mask).sort("started_ms", "agent") for mask in (wanted, at_work))
    for day in sorted(set(contacts.day.tolist())):
        there, working = _of_day(source, on_floor, day), _of_day(source, on_work, day)
        hours = {agent: _hours(spans, working.get(agent, [])) for agent, spans in there.items()}
        found[day] = {
            agent: held for agent, held in hours.items() if held.shift and (seen is None or agent in seen.get(day, ()))
        }
    return {day: held for day, held in found.items() if held}


def _known(source: Source, rows: pl.DataFrame, contacts: Contacts) -> pl.DataFrame:
    """Rows of the agents whose contacts may be looked at, with their ids."""
    ids = source.prepared.names.ids.get("agent", {})
    numbered = rows.with_columns(pl.col("agent").cast(pl.String).replace_strict(ids, default=0, return_dtype=pl.Int64))
    return numbered.filter(pl.col("agent").is_in(np.unique(contacts.agent[contacts.agent != 0]).tolist()))


def _seen(source: Source, contacts: Contacts) -> dict[int, set[int]]:
    """By day the agents who were logged in at all; those with contacts where states are not known."""
    rows = source.rows("agent_time", "day", "agent", "logged_ms")
    rows = rows.filter(pl.col("logged_ms") > 0)
    found: dict[int, set[int]] = {}
    pairs = zip(contacts.day.tolist(), contacts.agent.tolist(), strict=True)
    for day, agent in (*rows.select("day", "agent").iter_rows(), *pairs):
        found.setdefault(day, set()).add(agent)
    return found


def _of_day(source: Source, rows: pl.DataFrame, day: int) -> dict[int, list[Span]]:
    """Spans by agent, seconds from the day's midnight, of what began on it or reaches into it; rows by their start."""
    midnight = source.prepared.clock.start_of_day_ms(day)
    ends = (midnight - BEFORE * MS_PER_SECOND, midnight + MS_PER_DAY)
    first, last = (rows["started_ms"].search_sorted(at, side="left") for at in ends)
    near = rows.slice(first, last - first).filter(pl.col("ended_ms") > midnight)
    found: dict[int, list[Span]] = {}
    for agent, start, end in near.select("agent", "started_ms", "ended_ms").iter_rows():
        span = (max(start - midnight, 0) / MS_PER_SECOND, (end - midnight) / MS_PER_SECOND)
        found.setdefault(agent, []).append(span)
    return found


def _hours(there: list[Span], working: list[Span]) -> Hours:
    """Hours of somebody who is there in some spans and works in others: the rest is breaks."""
    shift = merged(there, SAME_SHIFT)
    work = merged(working, SHORTEST_BREAK)
    if not work:
        return Hours((), ())
    cut = [(max(a, work[0][0]), min(b, work[-1][1])) for a, b in shift]
    hull = [(a, b) for a, b in cut if a < b]
    return _whole(hull, _gaps(hull, work))


def _gaps(shift: Iterable[Span], work: list[Span]) -> list[Span]:
    found = []
    for start, end in shift:
        at = start
        for a, b in work:
            if at < min(a, end):
                found.append((at, min(a, end)))
            at = max(at, min(b, end))
        if at < end:
            found.append((at, end))
    return found


def _whole(shift: Iterable[Span], breaks: Iterable[Span]) -> Hours:
    rounded = [
        tuple((float(round(a)), float(round(b))) for a, b in spans if round(a) < round(b)) for spans in (shift, breaks)
    ]
    return Hours(rounded[0], rounded[1])


def merged(spans: Iterable[Span], gap: float = 0.0) -> list[Span]:
    """Spans in order, those that touch or are no more than ``gap`` apart as one.

    >>> merged([(5.0, 8.0), (0.0, 2.0), (2.0, 3.0)])
    [(0.0, 3.0), (5.0, 8.0)]
    """
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1] + gap:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _of_contacts(source: Source, contacts: Contacts) -> dict[int, dict[int, Hours]]:
    served = contacts.only(contacts.answered & (contacts.agent != 0))
    begins = served.start_ms + (MS_PER_SECOND * served.wait).astype(np.int64)
    ends = served.ended_ms + (MS_PER_SECOND * served.wrap).astype(np.int64)
    rows = pl.DataFrame({"day": served.day, "agent": served.agent, "begins": begins, "ends": ends})
    hulls = rows.group_by("day", "agent").agg(pl.col("begins").min(), pl.col("ends").max()).sort("day", "agent")
    found: dict[int, dict[int, Hours]] = {}
    for day, agent, start, end in hulls.iter_rows():
        midnight = source.prepared.clock.start_of_day_ms(day)
        hours = _whole([((start - midnight) / MS_PER_SECOND, (end - midnight) / MS_PER_SECOND)], [])
        if hours.shift:
            found.setdefault(day, {})[agent] = hours
    return found
