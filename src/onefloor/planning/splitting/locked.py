"""The locked forecast of a company as the floor has it: contacts of a month, and of the days that are split."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from onefloor.agreements.terms.around import Forecast
from onefloor.agreements.terms.values import Unassigned
from onefloor.facts.store import scan
from onefloor.floor import Floor
from onefloor.periods import Month

USUAL = "forecast_contacts"
EVERY_QUEUE = ""
COLUMNS = ("row_id", "group_id", "revision", "started_ms", "queue", "company", "contacts", "locked_ms")


@dataclass(frozen=True, slots=True)
class Locked:
    """Locked contacts: of the whole ``month``, and of the days that are split by queue (``""``: of no queue)."""

    month: int
    here: Mapping[str, int] = field(default_factory=dict)


def locked_of(floor: Floor, clause: Forecast, company: str, month: Month, days: Collection[date]) -> Locked | None:
    """What the floor has locked for a company, as settlement counts it but with the intervals still to come.

    The newest lock of every queue, company and interval counts.

    Args:
        floor: where forecasts were loaded.
        clause: its scope says which queues, and whether forecasts that are nobody's count too.
        company: as the agreement names it.
        month: of the floor's own days.
        days: those that are split.

    Returns:
        None where the floor has no forecast of it for any of these days, or where the clause counts by another metric
        or by more than queues.
    """
    where = dict(clause.scope.where)
    queues = where.pop("queue", None)
    if where or clause.forecast != USUAL:
        return None
    local = pl.from_epoch("started_ms", "ms").dt.replace_time_zone("UTC").dt.convert_time_zone(floor.timezone)
    found = _newest(floor).with_columns(day=local.dt.date()).filter(
        _whose(company, clause.scope.unassigned or False),
        pl.col("day").dt.year() == month.year, pl.col("day").dt.month() == month.month,
        *([] if queues is None else [pl.col("queue").is_in(list(queues))]),
    ).collect()  # fmt: skip
    here = found.filter(pl.col("day").is_in(list(days)))
    if here.is_empty():
        return None
    by_queue = here.group_by(pl.col("queue").fill_null(EVERY_QUEUE)).agg(pl.col("contacts").sum()).sort("queue")
    return Locked(int(found["contacts"].sum()), dict(by_queue.iter_rows()))


def _newest(floor: Floor) -> pl.LazyFrame:
    rows = scan(floor, "forecasts").select(COLUMNS)
    counting = rows.filter(pl.col("revision") == pl.col("revision").max().over("group_id"))
    ordered = counting.sort("locked_ms", "revision", "row_id")
    return ordered.unique(["queue", "company", "started_ms"], keep="last", maintain_order=True)


def _whose(company: str, shared: Unassigned) -> pl.Expr:
    own, nobodys = pl.col("company") == company, pl.col("company").is_null()
    if isinstance(shared, tuple):
        return own | (nobodys & pl.col("queue").is_in(list(shared)))
    return own | nobodys if shared else own
