"""Figures by group: the atoms of all metrics, each computed once, one pass over each table.

Whatever runs the queries (an engine over rows, the cubes, a frame of a bundle) is a ``Run``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from onefloor.findings import Figure
from onefloor.metrics.engines.queries import RECENT, Sum
from onefloor.metrics.expressions import both
from onefloor.metrics.metric import Atom, Metric, Quantile
from onefloor.periods import Clock, month_of_day

Key = tuple[int | str, ...]
Places = Mapping[tuple[str, Sum], int]


@dataclass(frozen=True, slots=True)
class Ask:
    """One query without its files: sums over a table's rows, by columns and by the days of ``cuts`` reached."""

    table: str
    by: tuple[str, ...]
    where: str
    sums: tuple[Sum, ...]
    cuts: tuple[int, ...]


Run = Callable[[Ask], list[pl.DataFrame]]
"""Answers an ``Ask`` as ``engines.Aggregate`` says, in parts that add up; a part without ``recent`` reached no cut."""


@dataclass(frozen=True, slots=True)
class Finality:
    """From which local day on a metric's rows are provisional.

    A month is provisional until the facts reach beyond its end. Where a row can still change for N days (a repeat
    contact, a cancelled sale), it is provisional until they reach N days beyond it; a day is added because a contact
    may end on the day after it began.
    """

    watermark_ms: int
    clock: Clock

    def cut(self, metric: Metric) -> int:
        """The first provisional day id of a metric."""
        month = month_of_day(self.clock.day(self.watermark_ms)).days.start
        if not metric.final_after_ms:
            return month
        return min(month, self.clock.day(self.watermark_ms - metric.final_after_ms) - 1)


@dataclass(slots=True)
class Group:
    """The sums of one group by their place among all sums asked for, apart for each number of cuts reached."""

    sums: dict[int, dict[int, int]] = field(default_factory=dict)
    waits: dict[Quantile, dict[int, list[tuple[int, int]]]] = field(default_factory=dict)


def figures_by_group(
    metrics: Mapping[str, Metric], run: Run, *, by: Sequence[str] = (), where: str = "", cuts: Mapping[str, int]
) -> dict[Key, dict[str, Figure]]:
    """The figure of every metric for every group.

    Args:
        metrics: by the name under which their figures come back.
        run: answers the queries.
        by: columns to group by; without any, one group ``()`` even if there are no rows.
        where: predicate of the rows looked at.
        cuts: the first provisional day of each metric, by the same names; a metric that is left out is final.
    """
    steps = tuple(sorted(set(cuts.values())))
    groups: dict[Key, Group] = {} if by else {(): Group()}
    asks = _asks(metrics.values(), tuple(by), where, steps)
    places = {(ask.table, wanted): place for place, (ask, wanted) in enumerate((a, s) for a in asks for s in a.sums)}
    for ask in asks:
        _collect(groups, ask, run(ask), [places[ask.table, wanted] for wanted in ask.sums])
    for quantile in dict.fromkeys(m.numerator for m in metrics.values() if isinstance(m.numerator, Quantile)):
        _collect_quantile(groups, quantile, tuple(by), where, steps, run)
    figures = {
        name: _reading(metric, places, steps.index(cuts[name]) + 1 if name in cuts else None)
        for name, metric in metrics.items()
    }
    return {key: {name: figure(group) for name, figure in figures.items()} for key, group in groups.items()}


def open_ended(metric: Metric, figure: Figure, *, still_open: bool) -> Figure:
    """Where there are no rows yet but later facts may bring some, the figure is provisional too."""
    empty = figure.denominator == 0 or (metric.denominator is None and figure.numerator == 0)
    late = empty and still_open and not figure.provisional
    return Figure(figure.numerator, figure.denominator, provisional=True) if late else figure


def nearest_rank(counts: Iterable[tuple[int, int]], percent: int) -> int | None:
    """The value of rank ceil(percent * n / 100) among values given with their counts; None without any.

    >>> nearest_rank([(10, 1), (20, 8), (30, 1)], 90)
    20
    """
    ordered = sorted(counts)
    rank = -(-percent * sum(count for _, count in ordered) // 100)
    seen = 0
    for value, count in ordered:
        seen += count
        if seen >= rank:
            return value
    return None


def _asks(metrics: Iterable[Metric], by: tuple[str, ...], where: str, cuts: tuple[int, ...]) -> list[Ask]:
    """One query a table, each distinct sum once."""
    tables: dict[str, dict[Sum, None]] = {}
    for metric in metrics:
        for side in (metric.numerator, metric.denominator):
            if isinstance(side, Atom):
                tables.setdefault(side.table, {})[Sum(side.where, side.sum)] = None
    return [Ask(table, by, where, tuple(sums), cuts) for table, sums in sorted(tables.items())]


def _collect(groups: dict[Key, Group], ask: Ask, answers: list[pl.DataFrame], places: Sequence[int]) -> None:
    for key, step, values in _rows(answers, len(ask.by)):
        if (group := groups.get(key)) is None:
            group = groups[key] = Group()
        for place, value in zip(places, values, strict=True):
            if (steps := group.sums.get(place)) is None:
                group.sums[place] = {step: value}
            else:
                steps[step] = steps.get(step, 0) + value


def _collect_quantile(
    groups: dict[Key, Group], quantile: Quantile, by: tuple[str, ...], where: str, cuts: tuple[int, ...], run: Run
) -> None:
    """Counts of each value: all an exact quantile needs, and every engine counts alike."""
    ask = Ask(quantile.table, (*by, quantile.column), both(where, quantile.where), (Sum(""),), cuts)
    for (*key, value), step, (count,) in _rows(run(ask), len(by) + 1):
        group = groups.setdefault(tuple(key), Group())
        group.waits.setdefault(quantile, {}).setdefault(step, []).append((int(value), count))


def _rows(answers: list[pl.DataFrame], width: int) -> Iterator[tuple[Key, int, tuple[int, ...]]]:
    """The rows of an answer's parts: the key, the number of cuts reached, the sums."""
    for answer in answers:
        skipped = int(RECENT in answer.columns)
        for row in answer.iter_rows():
            yield row[:width], row[width] if skipped else 0, row[width + skipped :]


def _reading(metric: Metric, places: Places, first_step: int | None) -> Callable[[Group], Figure]:
    """How a metric's figure is read from a group's sums; ``first_step`` is the first provisional one, None without."""
    numerator, denominator = metric.numerator, metric.denominator
    if isinstance(numerator, Quantile):
        return lambda group: _quantile(numerator, group, first_step)
    above = places[numerator.table, Sum(numerator.where, numerator.sum)]
    below = places[denominator.table, Sum(denominator.where, denominator.sum)] if denominator else above

    def figure(group: Group) -> Figure:
        steps = group.sums.get(below, {})
        late = first_step is not None and any(value for step, value in steps.items() if step >= first_step)
        total = sum(group.sums.get(above, {}).values()) * numerator.times
        return Figure(total, sum(steps.values()) * denominator.times if denominator else 1, late)

    return figure


def _quantile(quantile: Quantile, group: Group, first_step: int | None) -> Figure:
    steps = group.waits.get(quantile, {})
    value = nearest_rank((pair for pairs in steps.values() for pair in pairs), quantile.percent)
    late = first_step is not None and any(step >= first_step for step in steps)
    return Figure(value or 0, int(value is not None), late)
