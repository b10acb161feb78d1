"""Spells from the dated roster: who was watched from which tenure, in which company, and how it ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from onefloor.facts import roster
from onefloor.floor import Floor
from onefloor.insight.attrition.spells import Codes, Spells
from onefloor.periods import Period

UNKNOWN = ""
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stint:
    """A stretch in which a person's company and employment form stay the same; days are ids of the floor's zone.

    ``left`` if the person was gone after it, not moved. ``until`` may lie after the records: a notice that is known.
    """

    agent: str
    company: str
    employment: str
    hired: int
    start: int
    until: int | None
    left: bool


@dataclass(frozen=True, slots=True)
class Watched:
    """Stints as spells inside the days that the records cover, shape (n,) each.

    ``began`` is the day on which each was first watched. ``undated`` people have no hiring day and were there before
    the records: their tenure is not known, so they are left out.
    """

    stints: tuple[Stint, ...]
    spells: Spells
    began: Codes
    records: Period
    undated: tuple[str, ...] = ()

    @property
    def present(self) -> list[Stint]:
        """The stints of those who are still there on the day after the records."""
        end = self.records.end
        return [one for one in self.stints if one.start < end and (one.until is None or one.until > end)]

    def coded(
        self, by: Sequence[str], training: Mapping[str, str] | None = None
    ) -> tuple[list[tuple[str, ...]], Codes]:
        """The cohorts by ``company``, ``employment`` or ``training`` (kind by agent), and the cohort of each spell."""
        keys = [cohort_of(one, by, training or {}) for one in self.stints]
        known = sorted(set(keys))
        return known, np.array([known.index(key) for key in keys], dtype=np.int64)


def cohort_of(stint: Stint, by: Sequence[str], training: Mapping[str, str]) -> tuple[str, ...]:
    """The cohort a stint belongs to."""
    named = {"company": stint.company, "employment": stint.employment, "training": training.get(stint.agent, UNKNOWN)}
    return tuple(named[name] for name in by)


def watched(floor: Floor, records: Period, companies: Iterable[str] = ()) -> Watched:
    """The spells of a floor's roster, of some companies or all of them.

    Args:
        floor: whose roster is read.
        records: the days on which somebody who left would have been seen to leave. People hired before enter late.
        companies: rows of others are not read at all; everybody without any.
    """
    only = frozenset(companies)
    rows = [row for row in roster.current(floor).to_dicts() if not only or row["company"] in only]
    return histories(rows, records)


def histories(rows: Iterable[Row], records: Period) -> Watched:
    """The same from rows of the roster (``agent company employment hired_day from_day until_day``)."""
    people: dict[str, list[Row]] = {}
    for row in rows:
        people.setdefault(row["agent"], []).append(row)
    undated, found = [], []
    for agent in sorted(people):
        stints = _stints(sorted(people[agent], key=lambda row: int(row["from_day"])), records)
        if stints is None:
            undated.append(agent)
        else:
            found += [one for one in stints if _seen(one, records)]
    return _as_spells(found, records, tuple(undated))


def _stints(rows: Sequence[Row], records: Period) -> list[Stint] | None:
    """One person's stints; None where nobody knows since when he has been there."""
    stints: list[Stint] = []
    for place, row in enumerate(rows):
        following = rows[place + 1] if place + 1 < len(rows) else None
        goes_on = following is not None and following["from_day"] == row["until_day"]
        hired = _hired(row, stints)
        if hired is None and row["from_day"] < records.start:
            return None
        one = Stint(
            row["agent"],
            row["company"],
            row["employment"],
            int(row["from_day"]) if hired is None else hired,
            int(row["from_day"]),
            None if row["until_day"] is None else int(row["until_day"]),
            left=row["until_day"] is not None and not goes_on,
        )
        stints = _joined(stints, one)
    return stints


def _hired(row: Row, before: Sequence[Stint]) -> int | None:
    """The day of hiring: the row's own, else that of the stint it goes on from."""
    if row["hired_day"] is not None:
        return int(row["hired_day"])
    return before[-1].hired if before and before[-1].until == row["from_day"] else None


def _joined(stints: list[Stint], one: Stint) -> list[Stint]:
    """A row that only changes site or team goes on with the stint before it."""
    last = stints[-1] if stints else None
    if last is None or (last.until, last.company, last.employment) != (one.start, one.company, one.employment):
        return [*stints, one]
    return [
        *stints[:-1],
        Stint(one.agent, one.company, one.employment, last.hired, last.start, one.until, left=one.left),
    ]


def _seen(one: Stint, records: Period) -> bool:
    begin, end = max(one.start, records.start), min(one.until or records.end, records.end)
    return end > begin and end > one.hired


def _as_spells(stints: Sequence[Stint], records: Period, undated: tuple[str, ...]) -> Watched:
    hired = np.array([one.hired for one in stints], dtype=np.int64)
    began = np.maximum([one.start for one in stints], records.start).astype(np.int64)
    until = np.array([records.end + 1 if one.until is None else one.until for one in stints], dtype=np.int64)
    left = np.array([one.left for one in stints], dtype=bool)
    held = Spells(
        (began - hired).astype(float),
        (np.minimum(until, records.end) - hired).astype(float),
        left & (until <= records.end),
    )
    return Watched(tuple(stints), held, began, records, undated)
