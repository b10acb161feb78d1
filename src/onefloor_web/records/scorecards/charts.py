"""The same figures drawn: one chart of up to five companies, else small multiples on the same axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from onefloor.findings import Figure
from onefloor.language import Text
from onefloor.metrics.metric import Metric, Unit
from onefloor.metrics.uncertainty import JUDGED_FROM, enough, is_proportion
from onefloor.money import rounded
from onefloor_web.platform.pages.blocks import Heat, heat_map
from onefloor_web.platform.pages.charts import MOST_SERIES, Axis, Chart, Level, Series
from onefloor_web.platform.pages.formats import WEEKDAYS, language, number, say
from onefloor_web.records.figures.readings import HEADS, Course, course_values, moved_by, nice_ends, shown, with_unit
from onefloor_web.records.figures.targets import Target
from onefloor_web.records.floor import questions
from onefloor_web.records.scorecards.board import Asked, Board, Key, Line
from onefloor_web.records.scorecards.table import Slots, plain_head, title

MOST_MULTIPLES = 12
TIMES = {"month": Text("月", "month"), "week": Text("周", "week"), "day": Text("日", "day")}
STEPS = 5


@dataclass(frozen=True, slots=True)
class Drawn:
    """The charts of a metric; ``left`` groups are not drawn, because there are more than anybody can compare."""

    charts: tuple[Chart, ...]
    left: int


def drawn(on: Board, lines: Sequence[Line], metric: Metric, slots: Slots, own: int) -> Drawn:
    """The course of a metric: of the rows, or where rows are times of the rows as one line.

    Args:
        on: the scorecard.
        lines: its rows in the order in which they are drawn.
        metric: which of its metrics.
        slots: the colours of companies.
        own: the colour of what belongs to the viewer's company.
    """
    if on.asked.definition.timed:
        return Drawn((_timed(on, lines, metric, own),), 0)
    asked = on.asked
    trend = questions.trend(
        asked.viewer, [metric.reference], asked.span.end - 1, asked.keys, asked.where, unit=asked.span.unit
    )
    courses = {tuple(line.key.values()): line.figures[metric.reference] for line in trend.lines}
    # What belongs to nobody has no colour, and is no company that could be compared.
    drawable = [line for line in lines if line.id in courses and not line.nobodys]
    chosen = drawable[:MOST_MULTIPLES]
    target = asked.definition.target_of(metric)
    if asked.definition.by == "company" and len(chosen) <= MOST_SERIES:
        series = [_series(metric, plain_head(on, line), _slot(line, slots, own), courses[line.id]) for line in chosen]
        return Drawn((_chart(on, "all", metric, trend.periods, asked.span.unit, series, chosen, courses, target),), 0)
    axis = _axis(metric, [courses[line.id] for line in chosen], target)
    charts = tuple(
        _chart(
            on, f"part-{place}", metric, trend.periods, asked.span.unit,
            [_series(metric, plain_head(on, line), _slot(line, slots, own), courses[line.id])], [line], courses, target,
            axis,
        )
        for place, line in enumerate(chosen)
    )  # fmt: skip
    return Drawn(charts, len(drawable) - len(chosen))


def week(on: Asked, metric: Metric) -> Heat:
    """Half hours by weekdays, in five steps of equal width between the lowest and the highest judged value.

    Raises:
        NotGroupable: what the metric counts has no time of day.
    """
    found = questions.heat_map(on.viewer, metric.reference, on.where, on.span.asked)
    least = max(metric.minimum_sample, JUDGED_FROM if is_proportion(metric) else 1)
    values = [float(metric.exact(one) or 0) for one in found.cells.values() if enough(metric, one) and one.denominator]
    low, high = min(values, default=0.0), max(values, default=0.0)
    edges = [low + (high - low) * step / STEPS for step in range(STEPS + 1)]
    rows = [
        (interval, [_heat_cell(metric, found.cells.get((interval, day))) for day in range(1, 8)])
        for interval in found.intervals
    ]
    written = [f"{_edge(metric, start)}–{_edge(metric, end)}" for start, end in pairwise(edges)]
    return heat_map(
        f"{_with_unit(metric)} · {on.span.words}",
        [say(day) for day in WEEKDAYS],
        rows,
        written=written,
        edges=edges[1:-1],
        minimum=least,
    )


def _heat_cell(metric: Metric, figure: Figure | None) -> tuple[float | None, str, int]:
    value = None if figure is None else metric.value(figure)
    if figure is None or value is None:
        return None, "", 0
    return float(value), shown(metric, value), figure.denominator if metric.denominator else JUDGED_FROM


def _edge(metric: Metric, value: float) -> str:
    return shown(metric, rounded(Fraction(value), 0 if metric.unit is Unit.MS else 1))


def _timed(on: Board, lines: Sequence[Line], metric: Metric, own: int) -> Chart:
    """The rows themselves are the course."""
    by, course = on.asked.definition.by, [line.figures[metric.reference] for line in lines]
    target = on.asked.definition.target_of(metric)
    labels = tuple(plain_head(on, line) for line in lines)
    series = _series(metric, title(metric), own, course)
    sentence = _("%(metric)s, %(period)s.") % {"metric": title(metric), "period": on.asked.span.words}
    x = Axis(say(TIMES[by]) if by in TIMES else "")
    return Chart(
        "course",
        title(metric),
        sentence,
        x,
        _axis(metric, [course], target),
        labels,
        (series,),
        _levels(metric, target),
    )


def _chart(
    on: Board, name: str, metric: Metric, periods: tuple[str, ...], unit: str, series: Sequence[Series],
    lines: Sequence[Line], courses: Mapping[Key, Course], target: Target | None, axis: Axis | None = None,
) -> Chart:  # fmt: skip
    drawn = [courses[line.id] for line in lines]
    heading = title(metric) if len(lines) != 1 else plain_head(on, lines[0])
    return Chart(
        name, heading, _sentence(on, metric, lines, drawn), Axis(say(TIMES[unit])),
        axis or _axis(metric, drawn, target), periods, tuple(series), _levels(metric, target),
    )  # fmt: skip


def _sentence(on: Board, metric: Metric, lines: Sequence[Line], courses: Sequence[Course]) -> str:
    """Which lines moved beyond chance in the last period."""
    moved = [
        plain_head(on, line) for line, course in zip(lines, courses, strict=True) if moved_by(metric, course).direction
    ]
    unknown = [line for line, course in zip(lines, courses, strict=True) if moved_by(metric, course).limits is None]
    if moved:
        names = Text("、", ", ").to(language()).join(moved)
        return _("%(names)s: the last period differs from those before it beyond chance.") % {"names": names}
    if len(unknown) == len(lines):
        return _("Too few periods to tell a change from chance.")
    return _("No change beyond chance in the last period.")


def _series(metric: Metric, name: str, slot: int, course: Course) -> Series:
    values, still_open = course_values(metric, course)
    moved = moved_by(metric, course).direction is not None
    signals = (len(values) - 1,) if moved else ()
    return Series(name, slot, values, len(values) - still_open if still_open else None, signals)


def _axis(metric: Metric, courses: Sequence[Course], target: Target | None) -> Axis:
    """One scale for all, said with its unit."""
    values = [value for course in courses for value in course_values(metric, course)[0] if value is not None]
    values += [float(edge) for edge in (target.edges if target else [])]
    places = 0 if metric.unit is Unit.MS else min(metric.places, 1)
    name = _with_unit(metric)
    if not values:
        return Axis(name, metric.unit.value, places)
    ends = nice_ends(values, whole=metric.unit is Unit.PERCENT)
    return Axis(name, metric.unit.value, places, low=ends[0], high=ends[1])


def _with_unit(metric: Metric) -> str:
    unit = HEADS[metric.unit]
    return f"{title(metric)}{say(Text('，', ', '))}{unit}" if unit else title(metric)


def _levels(metric: Metric, target: Target | None) -> tuple[Level, ...]:
    if target is None:
        return ()
    return tuple(
        Level(float(edge), _("Target %(value)s") % {"value": with_unit(metric, rounded(edge, metric.places))})
        for edge in target.edges
    )


def _slot(line: Line, slots: Slots, own: int) -> int:
    return slots.get(str(line.key.get("company", "")), own)


def left_words(count: int) -> str:
    """What is not drawn."""
    return ngettext(
        "%(count)s more group is not drawn. Narrow the filters to see it.",
        "%(count)s more groups are not drawn. Narrow the filters to see them.",
        count,
    ) % {"count": number(count)}
