"""How far the facts reach, for every company and source, and which days are missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from onefloor.facts.store import scan
from onefloor.floor import Floor
from onefloor.metrics.cubes import Cubes
from onefloor.metrics.engines import DuckDB, Engine, Sum
from onefloor.metrics.grouping import Ask
from onefloor.metrics.measure import run_on, span_of
from onefloor.metrics.prepared import Prepared
from onefloor.periods import Clock, Period, day_of

LOOKED_AT: Final = 35  # days up to the newest one
WEEK: Final = 7
MS_PER_HALF_HOUR: Final = 1_800_000  # no zone's day begins inside one
# The fact tables that a floor gets day by day; a month's forecast or a roster is never late by a day.
DAILY: Final = ("contacts", "agent_states")


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the records of one company or source reach, and on which days up to the newest of all they lack.

    A day is missing if there is no record on it although there were records on the same weekday of both weeks before:
    a site that is closed on Sundays misses nothing.
    """

    through: int
    missing: tuple[int, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The reach as data, days as dates."""
        return {
            "through": day_of(self.through).isoformat(),
            "missing": [day_of(day).isoformat() for day in self.missing],
        }


@dataclass(frozen=True, slots=True)
class Freshness:
    """How fresh a floor's facts are.

    ``through_ms`` is the newest instant a contact speaks of, None without any; ``companies`` by name, ``sources`` by
    kind of source and fact table.
    """

    through_ms: int | None
    companies: Mapping[str, Reach]
    sources: Mapping[tuple[str, str], Reach]

    def of(self, company: str) -> Freshness:
        """What one company may know: its own reach, and no source, because sources are the client's or of several."""
        own = {name: reach for name, reach in self.companies.items() if name == company}
        return Freshness(self.through_ms, own, {})

    def as_json(self) -> dict[str, Any]:
        """The freshness as data."""
        return {
            "companies": {name: reach.as_json() for name, reach in self.companies.items()},
            "sources": [
                {"source": source, "table": table, **reach.as_json()} for (source, table), reach in self.sources.items()
            ],
        }


def freshness(
    prepared: Prepared, floor: Floor, *, engine: Engine | None = None, cubes: Cubes | None = None
) -> Freshness:
    """Look how far the facts reach, over the last ``LOOKED_AT`` days of the facts.

    Args:
        prepared: the measuring tables, which know the companies.
        floor: where the facts are, which know their sources.
        engine: DuckDB if left out.
        cubes: daily cubes to answer from.
    """
    if not prepared.watermark_ms:
        return Freshness(None, {}, {})
    newest = prepared.clock.day(prepared.watermark_ms - 1)
    span = Period(newest - LOOKED_AT + 1, newest + 1)
    companies = _days_of_companies(prepared, span, engine or DuckDB(), cubes)
    months = [month.id for month in span_of(prepared, span)[0]]
    sources = _days_of_sources(floor, months, span, prepared.clock)
    return Freshness(
        prepared.watermark_ms,
        {name: _reach(days, newest) for name, days in sorted(companies.items())},
        {key: _reach(days, newest) for key, days in sorted(sources.items())},
    )


def days_missing(held: Collection[int], last: int) -> tuple[int, ...]:
    """The days up to ``last`` without records, though both weeks before had some on that weekday.

    >>> days_missing([1, 2, 8, 9, 15], 16)
    (16,)
    """
    days = set(held)
    if not days:
        return ()
    expected = (day for day in range(min(days) + 2 * WEEK, last + 1) if {day - WEEK, day - 2 * WEEK} <= days)
    return tuple(day for day in expected if day not in days)


def _reach(days: Collection[int], last: int) -> Reach:
    return Reach(max(days), days_missing(days, last))


def _days_of_companies(prepared: Prepared, span: Period, engine: Engine, cubes: Cubes | None) -> dict[str, set[int]]:
    """The days on which each company handled a contact."""
    ask = Ask("legs", ("company", "day"), f"day >= {span.start} and day < {span.end}", (Sum("answered"),), ())
    names = prepared.names.of("company")
    found: dict[str, set[int]] = {}
    gone = prepared.gone.get("legs", {})
    months = [month for month in span_of(prepared, span)[0] if month.id not in gone or gone[month.id].sums]
    for answer in run_on(prepared, months, engine, cubes)(ask):
        for company, day, count in answer.iter_rows():
            if company and count:
                found.setdefault(names[company], set()).add(day)
    return found


def _days_of_sources(floor: Floor, months: list[int], span: Period, clock: Clock) -> dict[tuple[str, str], set[int]]:
    """The days on which each source recorded something."""
    found: dict[tuple[str, str], set[int]] = {}
    for table in DAILY:
        hour = (pl.col("started_ms") // MS_PER_HALF_HOUR).alias("half_hour")
        rows = scan(floor, table, months).select("source", hour).drop_nulls().unique().collect()
        for source, half_hour in rows.iter_rows():
            day = clock.day(half_hour * MS_PER_HALF_HOUR)
            if day in span:
                found.setdefault((source, table), set()).add(day)
    return found
