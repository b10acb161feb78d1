"""Lines that could not be read: kept as they were, with the reason, until somebody mends and loads them.

A line that was mended stays listed, with the load that took it in. Of the file's own load the account still holds:
``lines = loaded + duplicates + ignored + quarantined``; and of those quarantined, as many are mended as the loads named
in ``mended_by`` have lines, and the others are open.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from onefloor.facts.store import recover, scan
from onefloor.floor import Floor


@dataclass(frozen=True, slots=True)
class Quarantined:
    """Quarantined lines: how many there are in all, and some of them with source, file, line, reason and raw text.

    Each also has the ``load`` that set it aside and ``mended_by``, the load that took it in; None while it is open.
    """

    total: int
    lines: Sequence[dict[str, Any]]


def quarantined(
    floor: Floor,
    *,
    reason: str | None = None,
    file: str | None = None,
    source: str | None = None,
    loads: Collection[str] | None = None,
    mended: bool | None = False,
    offset: int = 0,
    limit: int = 20,
) -> Quarantined:
    """The lines set aside, in the order of their files.

    Args:
        floor: whose.
        reason: only lines with this reason.
        file: only lines of the file with this name.
        source: only lines of this kind of source.
        loads: only lines that these loads set aside.
        mended: only lines that were mended since (True), only open ones (False), or both (None).
        offset: so many lines are left out at the beginning.
        limit: at most so many lines; 0 for all.
    """
    recover(floor)
    rows = set_aside(floor, reason=reason, file=file, source=source, loads=loads, mended=mended)
    return Quarantined(rows.height, rows.slice(offset, limit or None).to_dicts())


def set_aside(
    floor: Floor,
    *,
    reason: str | None = None,
    file: str | None = None,
    source: str | None = None,
    loads: Collection[str] | None = None,
    mended: bool | None = False,
) -> pl.DataFrame:
    """The same lines as a frame: ``source, file, line, reason, raw, load, mended_by``."""
    rows = scan(floor, "quarantine")
    for column, wanted in (("reason", reason), ("file", file), ("source", source)):
        rows = rows if wanted is None else rows.filter(pl.col(column) == wanted)
    if loads is not None:
        rows = rows.filter(pl.col("load").is_in(list(loads)))
    taken = scan(floor, "mendings").select("of_load", "file", "line", pl.col("load").alias("mended_by"))
    keys = ["load", "file", "line"]
    rows = rows.join(taken, left_on=keys, right_on=["of_load", "file", "line"], how="left")
    if mended is not None:
        rows = rows.filter(pl.col("mended_by").is_not_null() == mended)
    names = ("source", "file", "line", "reason", "raw", "load", "mended_by")
    return rows.select(names).sort("source", "file", "line", "load").collect()
