"""``contacts``: one row a contact that somebody answered, with the gaps to the customer's next contact.

A contact may span two months: it belongs to the month of its last answered leg, with queue and topic of its first.
The gaps are stored once, so that any window of first contact resolution is a filter. Each month looks
``LOOKAHEAD_DAYS`` days beyond its end and no further; a contact whose legs lie more than a month apart counts as two.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from onefloor.metrics.preparing.legs import HEAD
from onefloor.metrics.preparing.work import Family, Made, Work, typed_like
from onefloor.metrics.tables import LOOKAHEAD_DAYS, NO_REPEAT_MS
from onefloor.periods import Month, month_of_day

EVENT: Final = ("customer", "topic", "head_ms", "head_row", "end_ms", "offered", "own")
PART: Final = ("key", "head_leg", "head_row", "head_ms", *(f"head_{name}" for name in HEAD), "answered", "offered",
               "customer", "end_ms")  # fmt: skip
Places = npt.NDArray[np.int64]


def horizon_day(month: int) -> int:
    """The first local day that a month's contacts no longer look at."""
    return Month.from_id(month).days.end + LOOKAHEAD_DAYS


def months_looked_at(month: int) -> list[int]:
    """The month before, the month, and those that its horizon reaches into."""
    start, last = Month.from_id(month), month_of_day(horizon_day(month) - 1)
    found = [start.shifted(-1), start]
    while found[-1].id < last.id:
        found.append(found[-1].following())
    return [found_month.id for found_month in found]


def make(work: Work, month: int) -> Made:
    """The contacts of one month."""
    visits = work.read("legs", "visits", [month], ())
    if visits.is_empty():
        return Made({})
    before, _, after, *beyond = months_looked_at(month)
    whole = _with_earlier(visits, work.read("legs", "visits", [before], PART))
    whole, own = _with_later(whole, work.read("legs", "visits", [after], PART))
    others = [_heads(whole.filter(~own)), *_heads_around(work, [before, after, *beyond], month, whole)]
    contacts = whole.filter(own)
    gaps = _gaps(contacts, pl.concat(others))
    named = {name: pl.col(f"head_{name}") for name in HEAD}
    columns = contacts.with_columns(identified=pl.col("customer") != 0, **named).with_columns(gaps)
    return Made({"contacts": columns.select(pl.col(name).cast(kind) for name, kind in typed_like("contacts").items())})


def _with_earlier(visits: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Visits whose first leg lies in the month before get their head, and their customer if only it knew."""
    split = visits.filter(pl.col("head_leg") > 1).select("key")
    if before.is_empty() or split.is_empty():
        return visits
    heads = before.join(split.unique(), on="key", how="semi").sort("head_leg", "head_ms", "head_row")
    heads = heads.unique("key", keep="first", maintain_order=True)
    joined = visits.join(heads, on="key", how="left", suffix="_before", maintain_order="left")
    continues = (pl.col("head_leg") > 1) & pl.col("head_leg_before").is_not_null()
    taken = ["head_leg", "head_row", "head_ms", *(f"head_{name}" for name in HEAD)]
    return joined.with_columns(
        *(pl.when(continues).then(f"{name}_before").otherwise(name).alias(name) for name in taken),
        pl.when(continues & (pl.col("customer_before") != 0))
        .then("customer_before").otherwise("customer").alias("customer"),
        offered=pl.col("offered") | (continues & pl.col("offered_before")),
        end_ms=pl.when(continues).then(pl.max_horizontal("end_ms", "end_ms_before")).otherwise("end_ms"),
    ).select(visits.columns)  # fmt: skip


def _with_later(visits: pl.DataFrame, after: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """Visits that go on in the month after end there; those answered there again are that month's contacts."""
    later = after.filter(pl.col("head_leg") > 1) if not after.is_empty() else after
    if later.is_empty():
        return visits, visits["answered"]
    summed = later.group_by("key").agg(
        pl.col("answered", "offered").any(), pl.col("end_ms").max(), pl.col("customer").max()
    )
    joined = visits.join(summed, on="key", how="left", suffix="_after", maintain_order="left")
    own = joined["answered"] & ~joined["answered_after"].fill_null(value=False)
    whole = joined.with_columns(
        pl.when(pl.col("customer") == 0).then(pl.col("customer_after").fill_null(0)).otherwise("customer")
        .alias("customer"),
        offered=pl.col("offered") | pl.col("offered_after").fill_null(value=False),
        end_ms=pl.max_horizontal("end_ms", "end_ms_after"),
    )  # fmt: skip
    return whole.select(visits.columns), own


def _heads(visits: pl.DataFrame) -> pl.DataFrame:
    """Visits that begin a contact in which the customer entered a queue, as events of the search for gaps."""
    begun = visits.filter((pl.col("head_leg") == 1) & pl.col("offered") & (pl.col("customer") != 0))
    return begun.select(
        "customer", pl.col("head_topic").alias("topic"), "head_ms", "head_row", "end_ms", "offered",
        pl.lit(-1, pl.Int64).alias("own"),
    )  # fmt: skip


def _heads_around(work: Work, months: list[int], month: int, whole: pl.DataFrame) -> list[pl.DataFrame]:
    """What began in the other months, from the first instant an own contact began to the horizon."""
    first = whole["head_ms"].min()
    horizon = work.floor.clock.start_of_day_ms(horizon_day(month))
    start = work.floor.clock.start_of_day_ms(Month.from_id(month).days.start)
    continued = whole.filter(pl.col("head_ms") < start).select("key").unique()
    columns = ("key", "head_leg", "head_topic", "head_ms", "head_row", "end_ms", "offered", "customer")
    found = []
    for other in months:
        visits = work.read("legs", "visits", [other], columns)
        if not visits.is_empty():
            near = visits.filter(pl.col("head_ms") >= first, pl.col("head_ms") < horizon)
            # A contact that this month's visits continue is already among them, with its own head.
            found.append(_heads(near.join(continued, on="key", how="anti") if other < month else near))
    return found


def _gaps(contacts: pl.DataFrame, others: pl.DataFrame) -> list[pl.Series]:
    """``gap_topic_ms`` and ``gap_any_ms`` of contacts, in their order."""
    own = contacts.with_row_index("own").filter(pl.col("customer") != 0)
    mine = own.with_columns(pl.col("own").cast(pl.Int64), topic="head_topic")
    events = pl.concat([mine.select(EVENT), others.select(EVENT)])
    # Most customers come once; only the others need to be put in order.
    several = events.filter(pl.col("customer").is_duplicated())
    return [
        _gap(several, ["customer", "topic"], contacts.height, "gap_topic_ms"),
        _gap(several, ["customer"], contacts.height, "gap_any_ms"),
    ]


def _gap(events: pl.DataFrame, same: list[str], contacts: int, name: str) -> pl.Series:
    """End of an own contact to the beginning of the next event of the same customer; ``NO_REPEAT_MS`` if none."""
    ordered = events.sort(*same, "head_ms", "head_row")
    following = _next_offered(ordered["offered"].to_numpy())
    there = following < ordered.height
    at = np.where(there, following, 0)
    for column in same:
        values = ordered[column].to_numpy()
        there &= values[at] == values if len(values) else there
    begins = ordered["head_ms"].to_numpy()
    gap = np.maximum(begins[at] - ordered["end_ms"].to_numpy(), 0) if len(begins) else begins
    own = ordered["own"].to_numpy()
    kept = there & (own >= 0)
    found = np.full(contacts, NO_REPEAT_MS, dtype=np.int64)
    found[own[kept]] = np.minimum(gap[kept], NO_REPEAT_MS)
    return pl.Series(name, found)


def _next_offered(offered: npt.NDArray[np.bool_]) -> Places:
    """For every place the next later place that is offered; the length where there is none."""
    length = len(offered)
    places = np.where(offered, np.arange(length), length)
    nearest = np.minimum.accumulate(places[::-1])[::-1]
    return np.append(nearest[1:], length)[:length].astype(np.int64)


def _months(work: Work) -> list[int]:
    return work.facts["contacts"].months


def _seen(work: Work, month: int) -> object:
    return [work.seen(*months_looked_at(month)), work.roster_seen(month), work.settings_seen()]


FAMILY = Family("contacts", _months, _seen, make)
