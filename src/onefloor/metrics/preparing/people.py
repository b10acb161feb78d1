"""``people``: one row per agent and day on the roster, up to the day the facts reach."""

from __future__ import annotations

import numpy as np
import polars as pl

from onefloor.facts.identity import derived_ids, stable_ids
from onefloor.metrics.preparing.roster import place
from onefloor.metrics.preparing.work import Family, Made, Rows, Work, dimensioned
from onefloor.periods import Month, month_of_day

EARLY_DAYS = 90


def make(work: Work, month: int) -> Made:
    """The people of one month: headcount days, arrivals and departures.

    A change of company is a departure from one and an arrival at the other; ``hired`` is once in a person's life.
    """
    first, end = _days(work, month)
    around = place(work.roster, work.state, (first - 1, end))
    company = around.grids["company"]
    agent, column = np.nonzero(company[:, 1:-1])
    day = column + first
    today, yesterday, tomorrow = (company[agent, column + shift] for shift in (1, 0, 2))
    left = tomorrow != today
    hired_day = around.grids["hired"][agent, column + 1]
    names = {work.state.id("agent", name): name for name in work.roster.first_days}
    present = [names[number] for number in np.unique(agent)]
    firsts = _by_agent(len(company), np.unique(agent), [work.roster.first_days[name] for name in present])
    stable = _by_agent(len(company), np.unique(agent), stable_ids(present))
    starts = np.array([work.floor.clock.start_of_day_ms(each) for each in range(first, end)], dtype=np.int64)
    rows = Rows(derived_ids(stable[agent], day.astype(np.int64)), starts[column], agent=agent.astype(np.int32))
    rows.more = {
        "joined": yesterday != today,
        "left": left,
        "left_early": left & (day + 1 - hired_day <= EARLY_DAYS),
        # Somebody hired before the roster begins was not hired on the roster's first day.
        "hired": (day == firsts[agent]) & (hired_day >= day),
    }
    if not len(agent):
        return Made({})
    table = dimensioned(work, "people", rows).with_columns(pl.lit(0).cast(pl.Int8).alias("hour"))
    return Made({"people": table.with_columns(interval=pl.lit(0, pl.Int16)).sort("start_ms", "row_id")})


def _by_agent(length: int, agents: np.ndarray, values: object) -> np.ndarray:
    found = np.zeros(length, dtype=np.int64)
    found[agents] = np.asarray(values, dtype=np.int64)
    return found


def _days(work: Work, month: int) -> tuple[int, int]:
    """The month's days, cut after the day that the facts reach."""
    days = Month.from_id(month).days
    return days.start, min(days.end, work.floor.clock.day(work.watermark_ms) + 1)


def _months(work: Work) -> list[int]:
    """From the first month with facts to the watermark's."""
    known = sorted(month for month, legs in work.state.built["legs"].items() if legs.files)
    if not known or not work.roster.stays:
        return []
    month, last = Month.from_id(known[0]), month_of_day(work.floor.clock.day(work.watermark_ms))
    found = []
    while month.id <= last.id:
        found.append(month.id)
        month = month.following()
    return found


def _seen(work: Work, month: int) -> object:
    start, end = _days(work, month)
    stays = work.roster.between(start - 1, end + 1)
    firsts = sorted((stay.agent, work.roster.first_days[stay.agent]) for stay in stays)
    return [start, end, work.roster.signature(start - 1, end + 1), firsts, work.floor.timezone]


FAMILY = Family("people", _months, _seen, make)
