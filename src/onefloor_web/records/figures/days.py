"""What moved on the days of a figure: the control charts of ``onefloor.insight.charts``, in the forms of pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from onefloor.insight.charts.chart import Change, Unit, band
from onefloor.insight.charts.chart import Chart as Control
from onefloor.insight.charts.findings import main_change
from onefloor.insight.charts.sentences import changed, refused, steady
from onefloor.insight.charts.series import GroupedByTime, NoSeries
from onefloor.insight.charts.unowned import NotByCompany
from onefloor.insight.charts.watching import NoDays, Watched
from onefloor.insight.charts.words import amount, shown_in
from onefloor.language import Text
from onefloor.metrics import metric as metrics
from onefloor.metrics.dimensions import NotGroupable, Shown, Wanted
from onefloor.metrics.metric import Better, Metric
from onefloor.metrics.removed import RowsRemoved
from onefloor.metrics.trends import PARTS_OF_TIME
from onefloor.periods import Period, day_id, day_of
from onefloor_web.platform.pages.charts import Axis, Chart, Level, Series
from onefloor_web.platform.pages.figures import Drift
from onefloor_web.platform.pages.formats import begin, day, say
from onefloor_web.platform.pages.marks import Signal
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.figures.readings import HEADS, nice_ends
from onefloor_web.records.figures.spans import Span
from onefloor_web.records.floor import questions

Key = tuple[Shown, ...]

FALSE_ALARMS = 0.5  # to be expected on a page when nothing happens
LEAST_DRAWN = 3  # days of a chart
LIMITS = Text("控制界限（中位）", "control limit (median)")
DAYS = Text("日", "day")
EACH_DAY = Text("每日", "Its days")


def watched(
    viewer: Viewer, reference: str, by: Sequence[str], where: Wanted, span: Span, *, metrics_on_page: int = 1
) -> Watched | None:
    """A chart of days for every group; None where there is none: a quantile, groups of time, no final day yet.

    The false alarms that may be expected are those of a page, so its metrics share them.
    """
    judged = Period(day_id(span.first), span.end)
    try:
        return questions.watched(viewer, reference, by, where, judged, budget=FALSE_ALARMS / metrics_on_page)
    except (NoSeries, GroupedByTime, NoDays, NotByCompany, NotGroupable, RowsRemoved):
        return None


def drifts(found: Watched | None) -> Mapping[Key, Drift]:
    """What moved, by group."""
    if found is None or found.unowned is not None:
        return {}
    return {
        tuple(one.series.key.values()): _drift(one, one.changes[place])
        for one in found.charts
        if (place := main_change(one)) is not None
    }


def sentence(found: Watched) -> str:
    """What the chart of a figure says."""
    one = found.charts[0]
    place = main_change(one)
    if place is not None:
        return say(changed(one, one.changes[place], found.hours.get((0, place))))
    return say(refused(found, one) if one.refused is not None else steady(found, one))


def chart(found: Watched | None, slot: int) -> Chart | None:
    """The days of a figure with their control limits; None where too few have rows enough to be judged."""
    one = found.charts[0] if found is not None and len(found.charts) == 1 else None
    if found is None or one is None or one.unit is not Unit.DAY or int(one.judged.sum()) < LEAST_DRAWN:
        return None
    metric = one.series.metric
    at, factor = np.flatnonzero(one.judged), float(metric.scale)
    values = [round(float(one.values[place]) * factor, 6) for place in at]
    levels = _limits(one, factor)
    unit = HEADS[metric.unit]
    name = begin(metric.title) + (f"{say(Text('，', ', '))}{unit}" if unit else "")
    low, high = nice_ends([*values, *(level.value for level in levels)], whole=metric.unit is metrics.Unit.PERCENT)
    places = 0 if metric.unit is metrics.Unit.MS else min(metric.places, 1)
    return Chart(
        "days", say(EACH_DAY), sentence(found), Axis(say(DAYS)),
        Axis(name, metric.unit.value, places, low=low, high=high),
        tuple(day(day_of(int(one.days[place]))) for place in at),
        (Series(begin(metric.title), slot, values, signals=_signals(one, at)),), levels,
    )  # fmt: skip


def _limits(one: Control, factor: float) -> tuple[Level, ...]:
    """Limits differ from day to day; drawn are the middle ones, those that nothing can cross left out."""
    low, high = (end[one.judged] for end in band(one))
    ends = [float(np.median(end[np.isfinite(end)])) * factor for end in (low, high) if np.isfinite(end).any()]
    most = factor if one.series.metric.name in PARTS_OF_TIME else np.inf
    return tuple(Level(end, say(LIMITS), dash=True) for end in ends if 0 < end < most)


def _signals(one: Control, at: np.ndarray) -> tuple[int, ...]:
    held = [(change.first, change.last) for change in one.changes]
    days = [int(one.days[place]) for place in at]
    return tuple(place for place, found in enumerate(days) if any(first <= found <= last for first, last in held))


def _drift(one: Control, change: Change) -> Drift:
    size, metric = change.size.value, one.series.metric
    good = None if metric.better is Better.WITHIN else (size > 0) == (metric.better is Better.HIGHER)
    return Drift(Signal(size > 0, good), f"{_when(change)} {_size(metric, size)}")


def _when(change: Change) -> str:
    first, last = day_of(change.first), day_of(change.last)
    if change.going_on:
        return say(Text(f"自 {day(first)} 起", f"since {day(first)}"))
    return day(first) if first == last else f"{day(first)} – {_short(first, last)}"


def _short(first: date, last: date) -> str:
    """The last day without the year they share."""
    return f"{last:%m-%d}" if first.year == last.year else day(last)


def _size(metric: Metric, size: float) -> str:
    factor, unit = shown_in(metric)
    return f"{'+' if size > 0 else '−'}{amount(size * factor)} {say(unit)}"
