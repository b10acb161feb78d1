"""Trends: a metric's figures period by period, and whether the latest moved beyond chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Final, Literal

from onefloor.findings import Figure
from onefloor.metrics import catalogue
from onefloor.metrics.cubes import Cubes
from onefloor.metrics.dimensions import Shown, Wanted, check_dimensions, filter_predicate
from onefloor.metrics.engines import Engine
from onefloor.metrics.expressions import both, columns_of, neither
from onefloor.metrics.measure import Measurement, measure, span_of
from onefloor.metrics.metric import Metric
from onefloor.metrics.prepared import Prepared
from onefloor.metrics.removed import Removal, lost, removal
from onefloor.metrics.uncertainty import Direction, Limits, enough, is_proportion, limits, share_limits, within
from onefloor.periods import Month, Period, day_id, day_of, month_of_day

PERIODS: Final = 13  # a year and the same month of the year before
PARTS_OF_TIME: Final = ("occupancy", "adherence", "absence", "shrinkage")  # the share of a time: never above the whole
CHANGED: Final = 2  # times as many rows, or as few, beyond which a period is made up of something else
Unit = Literal["month", "week", "day"]


@dataclass(frozen=True, slots=True)
class Line:
    """One group's figures of every metric; a period without rows is a gap: None."""

    key: Mapping[str, Shown]
    figures: Mapping[str, tuple[Figure | None, ...]]


@dataclass(frozen=True, slots=True)
class Trend:
    """What was measured: the periods as they are shown (``2026-11``, ``2026-W47``, ``2026-11-21``), oldest first.

    ``removed`` says of which months a retention rule took the rows: a period of theirs is a gap if their sums do not
    say it.
    """

    unit: Unit
    periods: tuple[str, ...]
    lines: list[Line]
    data_version: str
    metrics: Mapping[str, Metric]
    removed: Removal | None = None


@dataclass(frozen=True, slots=True)
class Movement:
    """What a trend says of its last period: what chance allows, which way it moved beyond that, better or worse.

    ``limits`` is None while there are too few periods, or in the last too few rows, to say so. ``changed`` says that
    the last period has so many more or fewer rows than those before that it cannot be compared: no direction then.
    """

    limits: Limits | None = None
    direction: Direction | None = None
    changed: bool = False

    def better(self, metric: Metric) -> bool | None:
        """Whether it moved for the better; None without a signal, or if the metric should stay within a band."""
        if self.direction is None or metric.better == "within":
            return None
        return (self.direction == "up") == (metric.better == "higher")


def trend(
    prepared: Prepared,
    metrics: Sequence[str],
    last: int,
    by: Sequence[str] = (),
    where: Wanted | None = None,
    *,
    unit: Unit = "month",
    periods: int = PERIODS,
    engine: Engine | None = None,
    without: Sequence[str] = (),
    scope: str = "",
    cubes: Cubes | None = None,
) -> Trend:
    """The figures of some metrics in the periods up to and with the one of a day.

    Args:
        prepared: the measuring tables.
        metrics: references.
        last: a day id; the last period is the one that holds it.
        by: dimensions to group by, besides the period.
        where: as for ``measure``, as are ``engine``, ``without``, ``scope`` and ``cubes``.
        unit: how long a period is.
        periods: how many.

    Raises:
        As ``measure``, but for RowsRemoved: such a period is a gap.
    """
    names, span = _periods(last, unit, periods)
    asked = {reference.strip(): catalogue.metric(reference) for reference in metrics}
    months = span_of(prepared, span)[0]
    predicate = both(filter_predicate(where or {}, prepared.names), scope, neither(*without))
    check_dimensions(asked.values(), (*by, unit), [predicate])
    columns = {*by, unit, *(columns_of(predicate) if predicate else ())}
    parts = []
    for left, together in _by_what_is_lost(prepared, asked, columns, months).items():
        rest = _later(span, left, unit)
        found = measure(
            prepared, together, (*by, unit), where, rest, engine=engine, without=without, scope=scope, cubes=cubes
        )
        parts.append((together, _lines(found, names, by, unit)))
    return Trend(
        unit, names, _joined(parts, asked, len(names)), prepared.data_version, asked,
        removal(prepared, asked.values(), months),
    )  # fmt: skip


def movement(metric: Metric, figures: Sequence[Figure | None]) -> Movement:
    """Whether the last figure of a line differs from the earlier ones beyond chance.

    Of a share the limits are those of ``uncertainty.share_limits``, of other values those of ``uncertainty.limits``.
    What has more than twice the rows of the periods before, or when it is over less than half of them, is made up of
    other people, queues or sources than they were: nothing is said of it.
    """
    last = figures[-1] if figures else None
    if last is None or not enough(metric, last):
        return Movement()
    earlier = [one for one in figures[:-1] if one is not None and enough(metric, one) and one.denominator]
    found, value = _limits(metric, earlier, last), metric.exact(last)
    if found is None or value is None:
        return Movement()
    if metric.denominator is not None and other_rows(earlier, last):
        return Movement(found, changed=True)
    return Movement(found, found.signal(value))


def other_rows(earlier: Sequence[Figure], last: Figure) -> bool:
    """Whether a figure has more than twice as many rows as is usual, or, once its period is over, less than half."""
    usual = sorted(one.denominator for one in earlier)[len(earlier) // 2]
    return last.denominator > CHANGED * usual or (not last.provisional and CHANGED * last.denominator < usual)


def _limits(metric: Metric, earlier: Sequence[Figure], last: Figure) -> Limits | None:
    if is_proportion(metric):
        found = share_limits(earlier, last)
        scale = metric.scale
        return found and replace(found, low=found.low * scale, centre=found.centre * scale, high=found.high * scale)
    values = [value for one in earlier if (value := metric.exact(one)) is not None]
    found = limits(values)
    whole = Fraction(metric.scale) if metric.name in PARTS_OF_TIME else None
    return found and (within(found, whole) if min(values) >= 0 else found)


def _periods(last: int, unit: Unit, count: int) -> tuple[tuple[str, ...], list[Month] | Period]:
    """The periods as they are shown, and what has to be read for them."""
    if unit == "month":
        months = [month_of_day(last).shifted(-back) for back in reversed(range(count))]
        return tuple(str(month) for month in months), months
    day = day_of(last)
    if unit == "day":
        days = [day - timedelta(days=back) for back in reversed(range(count))]
        return tuple(each.isoformat() for each in days), Period(day_id(days[0]), last + 1)
    monday = day - timedelta(days=day.weekday())
    weeks = [monday - timedelta(weeks=back) for back in reversed(range(count))]
    return tuple(_week(each) for each in weeks), Period(day_id(weeks[0]), day_id(monday) + 7)


def _by_what_is_lost(
    prepared: Prepared, asked: Mapping[str, Metric], columns: set[str], months: Sequence[Month]
) -> dict[tuple[Month, ...], list[str]]:
    """The metrics that lack the same months, together."""
    found: dict[tuple[Month, ...], list[str]] = {}
    for reference, metric in asked.items():
        found.setdefault(tuple(lost(prepared, metric, columns, months)), []).append(reference)
    return found


def _later(span: list[Month] | Period, left: Sequence[Month], unit: Unit) -> list[Month] | Period:
    """What is read if some months cannot be: the others, or the whole days and weeks after them."""
    if not isinstance(span, Period):
        return [month for month in span if month not in left]
    start = max([span.start, *(month.days.end for month in left)])
    if unit == "week" and start > span.start:
        start += -day_of(start).weekday() % 7
    return Period(min(start, span.end), span.end)


def _joined(parts: Sequence[tuple[Sequence[str], list[Line]]], asked: Mapping[str, Metric], periods: int) -> list[Line]:
    """The lines of questions about the same groups as one; in the order in which they come first."""
    if len(parts) == 1:
        return parts[0][1]
    keys: dict[tuple[Shown, ...], Mapping[str, Shown]] = {}
    held: dict[tuple[Shown, ...], dict[str, tuple[Figure | None, ...]]] = {}
    for _together, lines in parts:
        for line in lines:
            place = tuple(line.key.values())
            keys.setdefault(place, line.key)
            held.setdefault(place, {}).update(line.figures)
    gaps: tuple[Figure | None, ...] = (None,) * periods
    return [Line(key, {name: held[place].get(name, gaps) for name in asked}) for place, key in keys.items()]


def _week(monday: date) -> str:
    year, week, _ = monday.isocalendar()
    return f"{year:04d}-W{week:02d}"


def _lines(found: Measurement, periods: Sequence[str], by: Sequence[str], unit: Unit) -> list[Line]:
    groups: dict[tuple[Shown, ...], dict[str, Mapping[str, Figure]]] = {}
    for row in found.rows:
        group = groups.setdefault(tuple(row.key[name] for name in by), {})
        group[str(row.key[unit])] = row.figures
    return [
        Line(
            dict(zip(by, key, strict=True)),
            {name: tuple(_figure(held, period, name) for period in periods) for name in found.metrics},
        )
        for key, held in groups.items()
    ]


def _figure(held: Mapping[str, Mapping[str, Figure]], period: str, name: str) -> Figure | None:
    figures = held.get(period)
    return None if figures is None else figures[name]
