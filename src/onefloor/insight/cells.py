"""Cells: a metric's integer atoms by some dimensions, as arrays. What every method of this package starts from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from onefloor.language import Text
from onefloor.metrics import catalogue
from onefloor.metrics.cubes import Cubes
from onefloor.metrics.dimensions import Shown, Wanted, check_dimensions, filter_predicate, shown, sort_key
from onefloor.metrics.engines import DuckDB, Engine, Sum
from onefloor.metrics.expressions import both, neither
from onefloor.metrics.grouping import Ask, Run
from onefloor.metrics.measure import run_on, span_of
from onefloor.metrics.metric import Atom, Metric
from onefloor.metrics.prepared import Prepared
from onefloor.periods import Month, Period
from onefloor.problems import Problem

Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]
HALF_HOUR_MS = 1_800_000


class NotAdditive(Problem):
    """A metric that is no quotient of sums: cells of it do not add up."""

    def __init__(self, metric: Metric) -> None:
        super().__init__(
            Text(f"“{metric.title.zh}”不能由各部分相加得出。", f'"{metric.title.en}" is not the sum of its parts.'),
            why=Text("分位数和总量没有分子与分母。", "A quantile or a quantity has no numerator and denominator."),
            remedy=Text("请选用比率或均值类指标。", "Choose a metric that is a share, a rate or a mean."),
        )


def row_size(metric: Metric) -> int:
    """How much of a denominator is one row: agents' time is kept by half hours, 1 for all that is counted.

    >>> row_size(catalogue.metric("occupancy")), row_size(catalogue.metric("fcr"))
    (1800000, 1)
    """
    below = metric.denominator
    return HALF_HOUR_MS if below is not None and below.sum is not None and below.table == "agent_time" else 1


@dataclass(frozen=True, slots=True)
class Cells:
    """One cell an entry: the codes of its dimensions, its numerator and its denominator.

    ``codes[dimension]`` are places in ``names[dimension]``; names are in the order in which people read them, "none"
    (None) last. All arrays have the same length; equal keys occur once, and cells are in the order of their keys.
    """

    metric: Metric
    by: tuple[str, ...]
    codes: Mapping[str, NDArray[np.intp]]
    names: Mapping[str, tuple[Shown, ...]]
    numerator: Whole
    denominator: Whole
    data_version: str

    def __len__(self) -> int:
        return len(self.numerator)

    @property
    def scale(self) -> float:
        """What a quotient is multiplied by to be in the metric's unit (100 for percent)."""
        return float(self.metric.scale)

    def where(self, dimension: str, *wanted: Shown) -> Mask:
        """The cells with one of these names."""
        places = [place for place, name in enumerate(self.names[dimension]) if name in wanted]
        return np.isin(self.codes[dimension], places)

    def chosen(self, mask: Mask | NDArray[np.intp]) -> Cells:
        """Some of the cells, by a mask or by their places; the names stay."""
        codes = {name: held[mask] for name, held in self.codes.items()}
        return replace(self, codes=codes, numerator=self.numerator[mask], denominator=self.denominator[mask])

    def grouped(self, by: Sequence[str]) -> Cells:
        """Cells of fewer dimensions; the sums stay."""
        sizes = [len(self.names[name]) for name in by]
        flat = np.ravel_multi_index([self.codes[name] for name in by], sizes) if by else np.zeros(len(self), np.intp)
        keys, place = np.unique(flat, return_inverse=True)
        numerator, denominator = np.zeros(len(keys), np.int64), np.zeros(len(keys), np.int64)
        np.add.at(numerator, place, self.numerator)
        np.add.at(denominator, place, self.denominator)
        places = np.unravel_index(keys, sizes) if by else ()
        codes = dict(zip(by, places, strict=True))
        names = {name: self.names[name] for name in by}
        return Cells(self.metric, tuple(by), codes, names, numerator, denominator, self.data_version)

    def key(self, place: int) -> tuple[Shown, ...]:
        """The names of one cell."""
        return tuple(self.names[name][self.codes[name][place]] for name in self.by)


def cells(
    prepared: Prepared,
    metric: str,
    by: Sequence[str],
    where: Wanted | None = None,
    months: Iterable[Month] | Period | None = None,
    *,
    engine: Engine | None = None,
    without: Sequence[str] = (),
    scope: str = "",
    cubes: Cubes | None = None,
) -> Cells:
    """The atoms of a metric by some dimensions; all arguments as for ``metrics.measure.measure``.

    Raises:
        NotAdditive: the metric is a quantile or has no denominator; else as ``measure``.
    """
    asked = catalogue.metric(metric)
    above, below = asked.numerator, asked.denominator
    if not isinstance(above, Atom) or below is None:
        raise NotAdditive(asked)
    chosen, days = span_of(prepared, months)
    kept = both(filter_predicate(where or {}, prepared.names), scope, days, neither(*without))
    check_dimensions([asked], by, [kept])
    frame = _sums(run_on(prepared, chosen, engine or DuckDB(), cubes), {"above": above, "below": below}, by, kept)
    read = {name: _coded(name, frame[name], prepared.names.of(name)) for name in by}
    found = Cells(
        metric=asked,
        by=tuple(by),
        codes={name: codes for name, (codes, _) in read.items()},
        names={name: names for name, (_, names) in read.items()},
        numerator=frame["above"].to_numpy(),
        denominator=frame["below"].to_numpy(),
        data_version=prepared.data_version,
    )
    return found.chosen(np.lexsort([found.codes[name] for name in reversed(by)])) if by else found


def _sums(run: Run, atoms: Mapping[str, Atom], by: Sequence[str], where: str) -> pl.DataFrame:
    """The atoms of every group, side by side; atoms of one table are read in one pass."""
    parts = []
    for table in sorted({atom.table for atom in atoms.values()}):
        here = {name: atom for name, atom in atoms.items() if atom.table == table}
        ask = Ask(table, tuple(by), where, tuple(Sum(atom.where, atom.sum) for atom in here.values()), ())
        for answer in run(ask):
            sums = [pl.col(f"s{place}").cast(pl.Int64) * atom.times for place, atom in enumerate(here.values())]
            absent = [pl.lit(0, pl.Int64).alias(name) for name in atoms if name not in here]
            named = [held.alias(name) for held, name in zip(sums, here, strict=True)]
            parts.append(answer.select(*by, *named, *absent).select(*by, *atoms))
    if not parts:
        return pl.DataFrame(schema=dict.fromkeys((*by, *atoms), pl.Int64))
    whole = pl.concat(parts, how="vertical_relaxed")
    return whole.group_by(by).sum().sort(by) if by else whole.sum()


def _coded(dimension: str, held: pl.Series, names: Mapping[int, str]) -> tuple[NDArray[np.intp], tuple[Shown, ...]]:
    """The names of a column in the order people read them, and every row's place among them."""
    values = held.unique().to_list()
    told = {value: shown(dimension, value, names) for value in values}
    ordered = sorted(values, key=lambda value: sort_key(dimension, told[value]))
    place = {value: number for number, value in enumerate(ordered)}
    codes = np.fromiter((place[value] for value in held.to_list()), np.intp, len(held))
    return codes, tuple(told[value] for value in ordered)
