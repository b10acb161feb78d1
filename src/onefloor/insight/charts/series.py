"""Series: the daily atoms of a metric for every group, as the charts take them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from onefloor.insight.cells import Cells, cells
from onefloor.insight.charts.limits import Floats, Kind
from onefloor.language import Text
from onefloor.metrics import catalogue
from onefloor.metrics.cubes import Cubes
from onefloor.metrics.dimensions import Shown, Wanted
from onefloor.metrics.engines import Engine
from onefloor.metrics.grouping import Finality
from onefloor.metrics.measure import measure
from onefloor.metrics.metric import Atom, Metric, Unit
from onefloor.metrics.prepared import Prepared
from onefloor.metrics.uncertainty import is_proportion
from onefloor.periods import Period, day_id
from onefloor.problems import Problem

Days = NDArray[np.int64]
HALF_HOURS = 48


class NoSeries(Problem):
    """A metric that has no daily figures that could stand on a chart."""

    def __init__(self, metric: Metric) -> None:
        super().__init__(
            Text(
                f"“{metric.title.zh}”是分位数，不能作控制图。", f'"{metric.title.en}" is a quantile: it has no chart.'
            ),
            why=Text(
                "控制图需要可以相加的分子和分母。", "A chart needs numerators and denominators that add up over days."
            ),
            remedy=Text("请选用比率、均值或数量类指标。", "Choose a share, a rate, a mean or a quantity."),
        )


class GroupedByTime(Problem):
    """Charts are by day already."""

    def __init__(self, dimension: str) -> None:
        super().__init__(
            Text(f"控制图不能再按“{dimension}”分组。", f'A chart cannot be split by "{dimension}".'),
            why=Text("控制图的横轴就是日期。", "Days are its axis already."),
            remedy=Text(
                "请按公司、队列、班组等分组；半小时会在有信号的日子里展开。",
                "Split by company, queue, team and the like; half hours are opened where a day signals.",
            ),
        )


@dataclass(frozen=True, slots=True)
class Series:
    """One group's days, in order, those without rows left out.

    ``above`` and ``below`` are the sums of a day as floats (of a quantity ``below`` is 1). ``unit`` is the days of a
    point: 1, or 7 where days were put together. ``within`` are the names of the filters that hold for all groups.
    """

    metric: Metric
    key: Mapping[str, Shown]
    days: Days
    above: Floats
    below: Floats
    unit: int = 1
    within: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.days)

    @property
    def kind(self) -> Kind:
        """What a point is, by the metric's definition."""
        return kind_of(self.metric)

    @property
    def values(self) -> Floats:
        """The points, as quotients."""
        return self.above / self.below

    def chosen(self, mask: NDArray[np.bool_]) -> Series:
        """Some of the days."""
        return replace(self, days=self.days[mask], above=self.above[mask], below=self.below[mask])


def kind_of(metric: Metric) -> Kind:
    """Which chart a metric belongs on.

    >>> from onefloor.metrics import catalogue
    >>> [kind_of(catalogue.metric(name)).value for name in ("abandonment", "complaints_per_10000", "aht")]
    ['share', 'rate', 'mean']
    """
    if metric.denominator is None:
        return Kind.QUANTITY
    if is_proportion(metric):
        return Kind.SHARE
    above = metric.numerator
    counted = isinstance(above, Atom) and above.sum is None and metric.denominator.sum is None
    return Kind.RATE if counted and metric.unit is not Unit.PERCENT else Kind.MEAN


def series(
    prepared: Prepared,
    metric: str,
    by: Sequence[str],
    days: Period,
    where: Wanted | None = None,
    *,
    engine: Engine | None = None,
    scope: str = "",
    cubes: Cubes | None = None,
) -> list[Series]:
    """The daily sums of a metric for every group, in the order in which people read groups; only final days.

    Raises:
        NoSeries, GroupedByTime; else as ``measure``.
    """
    asked = catalogue.metric(metric)
    if not asked.additive:
        raise NoSeries(asked)
    for name in by:
        if name in ("day", "month", "week", "weekday", "hour", "interval"):
            raise GroupedByTime(name)
    wanted = Period(days.start, min(days.end, last_final(prepared, asked)))
    if len(wanted) == 0:
        return []
    if asked.denominator is None:
        lines = _quantities(prepared, metric, by, wanted, where, engine, scope, cubes)
    else:
        found = cells(prepared, metric, (*by, "day"), where, wanted, engine=engine, scope=scope, cubes=cubes)
        lines = [_of(found, by, mask) for mask in _groups(found, by)]
    within = filter_names({name: values for name, values in (where or {}).items() if name not in by})
    return [replace(one, within=within) for one in lines]


def filter_names(where: Wanted) -> tuple[str, ...]:
    """The names that filters let through, one entry a filter.

    >>> filter_names({"company": "North", "queue": ["tax", "water"]})
    ('North', 'tax/water')
    """
    return tuple("/".join(map(str, [held] if isinstance(held, str | int) else held)) for held in where.values())


def by_half_hour(
    prepared: Prepared, one: Series, days: Period, where: Wanted, engine: Engine | None, scope: str = ""
) -> tuple[Days, Floats, Floats]:
    """The sums of one group by day and half hour: the days, and numerators and denominators, days x 48."""
    found = cells(prepared, one.metric.reference, ("day", "interval"), where, days, engine=engine, scope=scope)
    ids = np.array([day_id_of(name) for name in found.names["day"]], np.int64)
    place = np.array([_half_hour(name) for name in found.names["interval"]], np.int64)
    above, below = np.zeros((len(ids), HALF_HOURS)), np.zeros((len(ids), HALF_HOURS))
    at = found.codes["day"], place[found.codes["interval"]] if len(found) else found.codes["interval"]
    above[at], below[at] = found.numerator, found.denominator
    return ids, above, below


def last_final(prepared: Prepared, metric: Metric) -> int:
    """The first day that later facts may still change: of whole days, or of those whose window is not over."""
    if metric.final_after_ms:
        return Finality(prepared.watermark_ms, prepared.clock).cut(metric)
    return prepared.clock.day(prepared.watermark_ms)


def day_id_of(name: Shown) -> int:
    """``2026-11-17`` as a day id."""
    from datetime import date

    return day_id(date.fromisoformat(str(name)))


def weekly(one: Series, anchor: int) -> Series:
    """The same in blocks of seven days, of which one begins at ``anchor``; the cut ones at both ends are left out."""
    names, place = np.unique((one.days - anchor) // 7, return_inverse=True)
    above: Floats = np.bincount(place, one.above).astype(float)
    below: Floats = np.bincount(place, one.below).astype(float)
    starts = anchor + names * 7
    whole = (starts >= one.days.min(initial=anchor)) & (starts + 6 <= one.days.max(initial=anchor))
    return replace(one, days=starts[whole], above=above[whole], below=below[whole], unit=7)


def _half_hour(name: Shown) -> int:
    hour, minute = str(name).split(":")
    return int(hour) * 2 + int(minute) // 30


def _groups(found: Cells, by: Sequence[str]) -> list[NDArray[np.bool_]]:
    """A mask for every group that has a row, in the order of its names."""
    if not len(found):
        return []
    sizes = [len(found.names[name]) for name in by]
    flat = np.ravel_multi_index([found.codes[name] for name in by], sizes) if by else np.zeros(len(found), np.intp)
    return [flat == group for group in np.unique(flat)]


def _of(found: Cells, by: Sequence[str], mask: NDArray[np.bool_]) -> Series:
    here = found.chosen(mask & (found.denominator > 0))
    ids = np.array([day_id_of(name) for name in found.names["day"]], np.int64)
    first = int(np.flatnonzero(mask)[0])
    key = dict(zip(by, found.key(first)[: len(by)], strict=True))
    days = ids[here.codes["day"]]
    order = np.argsort(days)
    return Series(
        found.metric, key, days[order], here.numerator[order].astype(float), here.denominator[order].astype(float)
    )


def _quantities(
    prepared: Prepared, metric: str, by: Sequence[str], days: Period, where: Wanted | None,
    engine: Engine | None, scope: str, cubes: Cubes | None,
) -> list[Series]:  # fmt: skip
    found = measure(prepared, [metric], (*by, "day"), where, days, engine=engine, scope=scope, cubes=cubes)
    groups: dict[tuple[Shown, ...], list[tuple[int, int]]] = {}
    for row in found.rows:
        key = tuple(row.key[name] for name in by)
        groups.setdefault(key, []).append((day_id_of(row.key["day"]), row.figures[metric].numerator))
    return [_quantity(catalogue.metric(metric), dict(zip(by, key, strict=True)), rows) for key, rows in groups.items()]


def _quantity(metric: Metric, key: Mapping[str, Shown], rows: list[tuple[int, int]]) -> Series:
    days, values = zip(*sorted(rows), strict=True)
    return Series(metric, key, np.array(days, np.int64), np.array(values, float), np.ones(len(days)))
