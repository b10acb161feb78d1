"""Sums of logarithms of a duration, a cell each.

A model on the log scale needs them beside the sums of the durations. They could not be columns of the measuring
tables: engines differ in the last bit of a logarithm, and every engine must give the same figure. So the engine does
what all of them agree on to the bit, counting rows by the duration itself (as exact quantiles do), and the logarithm is
taken here, once, in whole millionths: sums of integers do not depend on the order in which rows come back, and a
millionth of a logarithm is a millionth of the duration.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from onefloor.insight.cells import Cells
from onefloor.insight.fair.asked import Asked
from onefloor.insight.fair.work import Codes, Floats
from onefloor.metrics.dimensions import filter_predicate, shown
from onefloor.metrics.engines import DuckDB, Sum
from onefloor.metrics.expressions import both, neither
from onefloor.metrics.grouping import Ask
from onefloor.metrics.measure import run_on, span_of
from onefloor.metrics.metric import Atom
from onefloor.metrics.prepared import Prepared

MICRO = 1_000_000
SHORTEST_MS = 1_000  # a shorter duration counts as one second: the logarithm of 0 is none


def logarithms(asked: Asked, found: Cells) -> tuple[Floats, float]:
    """The sum of ln(milliseconds) of each cell, and the share of durations that are 0.

    One month is read at a time, so that no more than a month's distinct durations are held.
    """
    above = found.metric.numerator
    assert isinstance(above, Atom)
    assert above.sum is not None
    if not len(found):
        return np.zeros(0), 0.0
    chosen, days = span_of(asked.prepared, asked.months)
    wanted = {**(asked.where or {}), "company": asked.companies}
    kept = both(filter_predicate(wanted, asked.prepared.names), asked.scope, days, neither(*asked.without), above.where)
    ask = Ask(above.table, (*found.by, above.sum), kept, (Sum(""),), ())
    total, zeros, rows = np.zeros(len(found), np.int64), 0, 0
    for month in chosen:
        for part in run_on(asked.prepared, [month], asked.engine or DuckDB())(ask):
            summed = _summed(part, found.by, above.sum)
            place, here = _places(summed, found, asked.prepared)
            np.add.at(total, place, summed["micro"].to_numpy()[here])
            zeros += int(part.filter(pl.col(above.sum) <= 0)["s0"].sum())
            rows += int(part["s0"].sum())
    return total / MICRO, zeros / rows if rows else 0.0


def _summed(part: pl.DataFrame, by: Sequence[str], column: str) -> pl.DataFrame:
    """Millionths of logarithms by cell."""
    length = np.maximum(part[column].to_numpy(), SHORTEST_MS)
    micro = np.rint(np.log(length) * MICRO).astype(np.int64) * part["s0"].to_numpy()
    return part.select(*by).with_columns(pl.Series("micro", micro)).group_by(by).agg(pl.col("micro").sum())


def _places(frame: pl.DataFrame, found: Cells, prepared: Prepared) -> tuple[Codes, Codes]:
    """Where the rows of a frame of ids are among the cells; rows that no cell has are left out."""
    sizes = [max(1, len(found.names[name])) for name in found.by]
    codes = [_codes(frame[name], name, found, prepared) for name in found.by]
    known = np.all([held >= 0 for held in codes], axis=0)
    flat = np.ravel_multi_index([np.maximum(held, 0) for held in codes], sizes)
    keys = np.ravel_multi_index([found.codes[name] for name in found.by], sizes)
    order = np.argsort(keys)
    place = np.minimum(np.searchsorted(keys[order], flat), len(keys) - 1)
    here = np.flatnonzero(known & (keys[order][place] == flat))
    return order[place[here]], here


def _codes(held: pl.Series, name: str, found: Cells, prepared: Prepared) -> Codes:
    """Places in the cells' names of what a column holds; -1 for what the cells do not know."""
    places = {told: place for place, told in enumerate(found.names[name])}
    names = prepared.names.of(name)
    values = held.unique().sort()
    mapped = np.array([places.get(shown(name, value, names), -1) for value in values.to_list()], np.intp)
    return mapped[np.searchsorted(values.to_numpy(), held.to_numpy())]
