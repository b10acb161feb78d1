"""How long rows stay: what the floor's rules say, what they removed, and the run of every night."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from onefloor.facts.exchange import removals
from onefloor.facts.retention import COVERS, months_due
from onefloor.metrics.kept import run_retention
from onefloor.periods import Month
from onefloor_web.platform.floor import floor, today
from onefloor_web.platform.jobs.registry import Progress, periodic
from onefloor_web.platform.tenancy.viewer import Viewer

JOB = "privacy.retain"


@dataclass(frozen=True, slots=True)
class Kept:
    """A rule: the rows of these tables stay so many whole months; those before ``before`` are due."""

    name: str
    tables: tuple[str, ...]
    months: int
    before: Month


@dataclass(frozen=True, slots=True)
class Run:
    """A run that removed something; ``rows`` by table are for the client alone: they count all companies."""

    day: date
    rows: dict[str, int]


def rules() -> list[Kept]:
    """The rules of ``floor.toml``, by name."""
    this = Month(today().year, today().month)
    return [
        Kept(name, COVERS.get(name, (name,)), months, this.shifted(-months))
        for name, months in sorted(floor().retention.items())
    ]


def due_now() -> list[Month]:
    """The months of contacts whose rows the next run removes."""
    return [Month.from_id(month) for month in months_due(floor(), today())]


def runs(viewer: Viewer) -> list[Run]:
    """The runs so far, the latest first."""
    found = [entry for entry in removals(floor()) if entry["why"] == "retention"]
    return [Run(date.fromisoformat(entry["day"]), _rows(entry) if viewer.client else {}) for entry in reversed(found)]


@periodic(JOB, cron="40 2 * * *", label=_("Remove rows past their months"))
def retain(viewer: Viewer, progress: Progress) -> dict[str, Any]:
    """The rules are the floor's, so they run once, for the client."""
    if not viewer.client:
        return {}
    found = run_retention(floor(), today(), progress=progress)
    return {"removed": {one.table: one.rows for one in found}}


def _rows(entry: dict[str, Any]) -> dict[str, int]:
    return {one["table"]: one["rows"] for one in entry["removed"]}
