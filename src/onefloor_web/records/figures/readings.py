"""From what the core says to what the figure component shows. Words and forms only: no value is made here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor, log10

from django.utils.translation import gettext as _

from onefloor.agreements.rendering.formats import sample_words
from onefloor.findings import Figure
from onefloor.metrics import catalogue
from onefloor.metrics.breakdown import LeftOut as Reason
from onefloor.metrics.metric import Metric, Unit
from onefloor.metrics.trends import Movement, movement
from onefloor.metrics.uncertainty import JUDGED_FROM, Range, enough, is_proportion, range_of
from onefloor.money import rounded
from onefloor.periods import MS_PER_DAY, Month, day_of
from onefloor_web.platform.pages import formats
from onefloor_web.platform.pages.figures import Drift, LeftOut, Reading
from onefloor_web.platform.pages.marks import Signal, State
from onefloor_web.records.figures.targets import Target

Course = Sequence[Figure | None]

# Units as a column's head has them; lengths of time are written with their own signs.
HEADS = {
    Unit.PERCENT: "%",
    Unit.MS: "m:ss",
    Unit.PER_TEN_THOUSAND: "/ 10,000",
    Unit.PER_HOUR: "/ h",
    Unit.COUNT: "",
    Unit.DAYS: "",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A figure with what else the core says of it; all but the first two may be missing.

    ``course`` are the figures of the thirteen periods up to this one, ``days`` those of its days. ``nobodys``: whether
    its rows belong to nobody; what changes there says what is known of people, and no change is judged. ``no_target``:
    why there is no target. ``drift``: what moved on its days.
    """

    metric: Metric
    figure: Figure
    course: Course = ()
    days: Sequence[Figure] = ()
    target: Target | None = None
    before: Figure | None = None
    left_out: tuple[LeftOut, ...] = ()
    nobodys: bool = False
    no_target: str = ""
    drift: Drift | None = None


def reading(
    found: Found, *, label: str, end: int, url: str = "", panel: bool = False, labelled: bool = False
) -> Reading:
    """What the component shows. Too few rows: how many and how many it takes, but no value.

    Args:
        found: the figure.
        label: of what.
        end: id of the day after the figure's period, from which follows when it settles.
        url: where its evidence is; ``panel`` opens it beside the page, ``labelled`` writes the label above.
    """
    metric, figure = found.metric, found.figure
    judged = enough(metric, figure) and figure.ratio is not None
    value = metric.value(figure) if judged else None
    span = range_around(metric, figure, found.days) if judged else None
    trend, still_open = course_values(metric, found.course)
    return Reading(
        label=label,
        value="" if value is None else shown(metric, value),
        unit="%" if metric.unit is Unit.PERCENT and value is not None else "",
        n=None if metric.denominator is None else formats.say(sample_words(metric, figure.denominator)),
        note=note(metric, figure),
        state=state(found, judged=judged),
        target=found.target.shown(metric) if found.target else "",
        gap=gap(found) if judged else "",
        no_target="" if found.target or value is None else found.no_target,
        low=shown(metric, rounded(span.low, metric.places)) if span else "",
        high=shown(metric, rounded(span.high, metric.places)) if span else "",
        signal=signal(metric, found.course) if judged and not found.nobodys else None,
        drift=None if found.nobodys else found.drift,
        trend=trend,
        trend_open=still_open,
        trend_target=float(found.target.edges[0]) if found.target and len(found.target.edges) == 1 else None,
        provisional=settles_on(metric, end) if figure.provisional else None,
        left_out=found.left_out,
        url=url,
        panel=panel,
        labelled=labelled,
    )


def shown(metric: Metric, value: Decimal) -> str:
    """A value without its unit: ``78.90``, ``4:52``; lengths of time to the second."""
    return formats.duration(in_seconds(value)) if metric.unit is Unit.MS else formats.number(value)


def in_seconds(ms: Decimal) -> Decimal:
    """Milliseconds rounded to whole seconds, still in milliseconds."""
    return rounded(Fraction(ms) / 1000, 0) * 1000


def with_unit(metric: Metric, value: Decimal | None) -> str:
    """A value with its unit; lengths of time to the second."""
    seconds = value if value is None or metric.unit is not Unit.MS else in_seconds(value)
    return formats.quantity(seconds, metric.unit)


def reasons(left_out: Sequence[Reason]) -> tuple[LeftOut, ...]:
    """What is left out, and why, in the reader's words."""
    return tuple(LeftOut(one.count, formats.say(one.exclusion.reason)) for one in left_out if one.count)


def note(metric: Metric, figure: Figure) -> str:
    """Why there is no value: no rows at all, or too few to say anything."""
    if figure.ratio is None:
        return _("no rows in this period")
    if enough(metric, figure):
        return ""
    least = max(metric.minimum_sample, JUDGED_FROM if is_proportion(metric) else 1)
    return _("too few to judge (at least %(least)s)") % {"least": formats.number(least)}


def state(found: Found, *, judged: bool) -> State | None:
    """Whether the target is met; None without one."""
    if found.target is None:
        return None
    exact = found.metric.exact(found.figure)
    if exact is None or not judged:
        return State.NOT_ASSESSED
    return found.target.judged(exact, range_around(found.metric, found.figure, found.days))


def gap(found: Found) -> str:
    """How far from the target: percentage points, else in the metric's own unit."""
    exact = found.metric.exact(found.figure)
    if found.target is None or exact is None or not (far := found.target.gap(exact)):
        return ""
    return difference(found.metric, far)


def difference(metric: Metric, far: Fraction) -> str:
    """A difference of two values: ``−1.1 个百分点``, ``+0:12``."""
    value = rounded(far, metric.places)
    if metric.unit is Unit.PERCENT:
        return formats.points(value)
    return f"+{shown(metric, value)}" if value > 0 else shown(metric, value)


def signal(metric: Metric, course: Course) -> Signal | None:
    """Whether the last period differs from those before it beyond chance."""
    moved = moved_by(metric, course)
    return None if moved.direction is None else Signal(moved.direction == "up", moved.better(metric))


def moved_by(metric: Metric, course: Course) -> Movement:
    """As ``trends.movement``; a page asks it of the same course for each reader, so answers are kept."""
    return _movement(metric.reference, tuple(course))


@lru_cache(maxsize=8192)
def _movement(reference: str, course: tuple[Figure | None, ...]) -> Movement:
    return movement(catalogue.metric(reference), course)


def range_around(metric: Metric, figure: Figure, days: Sequence[Figure] = ()) -> Range | None:
    """As ``uncertainty.range_of``; answers are kept."""
    return _range(metric.reference, figure, tuple(days))


@lru_cache(maxsize=8192)
def _range(reference: str, figure: Figure, days: tuple[Figure, ...]) -> Range | None:
    return range_of(catalogue.metric(reference), figure, days)


def course_values(metric: Metric, course: Course) -> tuple[tuple[float | None, ...], int]:
    """The values to draw, gaps where there are too few rows, and how many at the end are provisional."""
    values = tuple(_value(metric, figure) for figure in course)
    still_open = 0
    for figure in reversed(course):
        if figure is not None and not figure.provisional:
            break
        still_open += 1
    return values, still_open if any(figure is not None for figure in course) else 0


def settles_on(metric: Metric, end: int) -> date:
    """The day on which the facts can be complete: that after the end, or, where rows may change, so much later.

    As the core judges it (``metrics.grouping.Finality``): the month has to be over, and the time in which a row may
    still change has to have passed since its last day.
    """
    last = day_of(end - 1)
    month_end = Month(last.year, last.month).days.end
    waits = -(-metric.final_after_ms // MS_PER_DAY) + 1 if metric.final_after_ms else 0
    return max(day_of(month_end), day_of(end) + timedelta(days=waits))


def _value(metric: Metric, figure: Figure | None) -> float | None:
    if figure is None or not enough(metric, figure):
        return None
    exact = metric.exact(figure)
    return None if exact is None else float(exact)


def nice_ends(values: Sequence[float], *, whole: bool = False) -> tuple[float, float]:
    """Round ends of an axis with room for all values; of shares, and of what is never below 0, none beyond the limits.

    >>> nice_ends([70.6, 79.9], whole=True)
    (70.0, 80.0)
    """
    low, high = min(values), max(values)
    reach = (high - low) or abs(high) * 0.1 or 1.0
    size = 10.0 ** floor(log10(reach / 4))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor * 5 >= reach)
    down, up = floor(low / step) * step, ceil(high / step) * step
    least, most = (0.0 if low >= 0 else down), (100.0 if whole and high <= 100 else up)
    return round(max(down, least), 6), round(min(up, most) if up > down else down + step, 6)
