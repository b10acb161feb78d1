"""Lines that could not be read: kept as they were, with the reason, until somebody mends and loads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from onefloor.facts.store import recover, scan
from onefloor.floor import Floor


@dataclass(frozen=True, slots=True)
class Quarantined:
    """Quarantined lines: how many there are in all, and some of them with source, file, line, reason and raw text."""

    total: int
    lines: Sequence[dict[str, Any]]


def quarantined(floor: Floor, *, reason: str | None = None, file: str | None = None, limit: int = 20) -> Quarantined:
    """The lines set aside, in the order of their files.

    Args:
        reason: only lines with this reason.
        file: only lines of the file with this name.
        limit: at most so many lines; 0 for all.
    """
    recover(floor)
    found = scan(floor, "quarantine").select("source", "file", "line", "reason", "raw")
    for column, wanted in (("reason", reason), ("file", file)):
        found = found if wanted is None else found.filter(pl.col(column) == wanted)
    rows = found.collect().sort("source", "file", "line")
    return Quarantined(rows.height, (rows.head(limit) if limit else rows).to_dicts())
