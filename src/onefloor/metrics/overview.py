"""What a floor holds: loads, months, how far the facts reach, agents missing from the roster, lines set aside."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from onefloor.facts.files import Progress, no_progress
from onefloor.facts.store import scan
from onefloor.floor import Floor
from onefloor.metrics.freshness import Freshness, freshness
from onefloor.metrics.prepare import prepare
from onefloor.periods import Month

COUNTED = ("contacts", "agent_states", "surveys", "sales", "complaints", "evaluations", "shifts", "forecasts", "duties")


@dataclass(frozen=True, slots=True)
class Overview:
    """The floor at a glance.

    ``months`` counts rows by fact table and ``reasons`` the quarantined lines; ``unknown_agents`` worked on days on
    which the roster does not have them; ``through_ms`` is the newest instant a contact speaks of, None without any;
    ``fresh`` says how far each company's and source's records reach and which days they lack.
    """

    floor: Floor
    data_version: str
    through_ms: int | None
    people: int
    months: Mapping[Month, Mapping[str, int]]
    loads: Sequence[Mapping[str, Any]]
    unknown_agents: Sequence[str]
    reasons: Mapping[str, int]
    fresh: Freshness

    def as_json(self) -> dict[str, Any]:
        """The overview as data."""
        return {
            "floor": self.floor.name,
            "timezone": self.floor.timezone,
            "data_version": self.data_version,
            "facts_through_ms": self.through_ms,
            "people": self.people,
            "months": {str(month): dict(tables) for month, tables in self.months.items()},
            "loads": [dict(load) for load in self.loads],
            "unknown_agents": list(self.unknown_agents),
            "quarantined": dict(self.reasons),
            "reach": self.fresh.as_json(),
        }


def overview(floor: Floor, *, progress: Progress = no_progress) -> Overview:
    """Look at a floor, its measuring tables brought up to date."""
    prepared = prepare(floor, progress=progress)
    return Overview(
        floor=floor,
        data_version=prepared.data_version,
        through_ms=prepared.watermark_ms or None,
        people=scan(floor, "roster").select(pl.col("agent").n_unique()).collect().item(),
        months=_months(floor),
        loads=_loads(floor),
        unknown_agents=prepared.unknown_agents,
        reasons=_reasons(floor),
        fresh=freshness(prepared, floor),
    )


def _months(floor: Floor) -> dict[Month, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for table in COUNTED:
        # A row that was sent again in a newer revision is still one row.
        rows = scan(floor, table).group_by("month").agg(pl.col("row_id").n_unique()).collect()
        for month, count in rows.iter_rows():
            found.setdefault(month, {})[table] = count
    return {Month.from_id(month): found[month] for month in sorted(found)}


def _loads(floor: Floor) -> list[dict[str, Any]]:
    columns = ("source", "files", "lines", "loaded", "duplicates", "ignored", "quarantined")
    rows = scan(floor, "loads").select(columns).collect().sort("source", "files").to_dicts()
    return [row | {"files": json.loads(row["files"])} for row in rows]


def _reasons(floor: Floor) -> dict[str, int]:
    """How many quarantined lines have each reason, the most frequent first."""
    rows = (
        scan(floor, "quarantine").group_by("reason").len().collect().sort(["len", "reason"], descending=[True, False])
    )
    return dict(rows.iter_rows())
