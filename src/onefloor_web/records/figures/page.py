"""One figure with everything that makes it checkable: arithmetic, range, thirteen periods, what is left out, words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.http import Http404
from django.utils.translation import gettext as _

from onefloor.agreements.rendering.formats import sample_words
from onefloor.findings import Figure
from onefloor.insight.charts.watching import Watched
from onefloor.language import Text
from onefloor.metrics.breakdown import Breakdown
from onefloor.metrics.dimensions import BadFilterValue, NotGroupable
from onefloor.metrics.metric import Metric, Unit
from onefloor.metrics.prepared import UnknownName
from onefloor.metrics.removed import Removal
from onefloor.metrics.trends import Movement, Trend
from onefloor.metrics.uncertainty import is_proportion, range_of
from onefloor.money import rounded
from onefloor_web.platform.pages.charts import Axis, Chart, Level, Series
from onefloor_web.platform.pages.figures import Reading
from onefloor_web.platform.pages.formats import begin, duration, language, number, say
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.figures import agreed, days, filters
from onefloor_web.records.figures.address import FigureAddress
from onefloor_web.records.figures.agreed import NONE, Aim
from onefloor_web.records.figures.readings import (
    HEADS,
    Found,
    course_values,
    moved_by,
    nice_ends,
    reading,
    reasons,
    shown,
    with_unit,
)
from onefloor_web.records.figures.targets import Target
from onefloor_web.records.floor import questions
from onefloor_web.records.floor.scopes import NothingToSee

TIMES = {"month": Text("月", "month"), "week": Text("周", "week"), "day": Text("日", "day")}
NO_RANGE = Text(
    "没有可信的可能范围：天数太少，或该指标不可相加。", "No honest range: too few days, or the metric is not additive."
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the core says of one figure."""

    address: FigureAddress
    metric: Metric
    figure: Figure
    daily: Sequence[Figure]
    trend: Trend
    parts: Breakdown
    data_version: str
    removed: Removal | None = None
    aim: Aim = NONE
    watched: Watched | None = None

    @property
    def target(self) -> Target | None:
        """The reader's own, else the agreed one."""
        return self.address.target or self.aim.target

    @property
    def course(self) -> Sequence[Figure | None]:
        """The figures of the thirteen periods."""
        none: tuple[Figure | None, ...] = (None,) * len(self.trend.periods)
        return self.trend.lines[0].figures[self.address.reference] if self.trend.lines else none


def evidence(viewer: Viewer, address: FigureAddress) -> Evidence:
    """Ask for everything about one figure.

    Raises:
        Http404: the address names what occurs in no row of the viewer, or what the metric cannot be narrowed to.
        RowsRemoved: the rows are gone, and the sums that stay do not say it.
    """
    where, asked = filters.wanted(address.where), address.span.asked
    try:
        measured = questions.figures(viewer, [address.reference], (), where, asked)
        daily = questions.figures(viewer, [address.reference], ("day",), where, asked)
        trend = questions.trend(viewer, [address.reference], address.span.end - 1, (), where, unit=address.span.unit)
        parts = questions.breakdown(viewer, address.reference, where, asked)
    except (UnknownName, NotGroupable, BadFilterValue, NothingToSee):
        raise Http404 from None
    return Evidence(
        address,
        address.metric,
        measured.rows[0].figures[address.reference],
        [row.figures[address.reference] for row in daily.rows],
        trend,
        parts,
        measured.data_version,
        measured.removed,
        _aim(viewer, address),
        days.watched(viewer, address.reference, (), where, address.span),
    )


def _aim(viewer: Viewer, address: FigureAddress) -> Aim:
    company = agreed.company_of(viewer, address.where)
    return agreed.aim(agreed.terms(viewer, address.span), address.metric, address.span, company, address.where)


def read_out(found: Evidence) -> Reading:
    """The figure component, with its range and what is left out."""
    out = reasons(found.parts.left_out)
    made = Found(
        found.metric, found.figure, found.course, found.daily, found.target, None, out,
        found.address.nobodys, found.aim.words, days.drifts(found.watched).get(()),
    )  # fmt: skip
    return reading(made, label=begin(found.metric.title), end=found.address.span.end, labelled=True)


def equation(found: Evidence) -> str:
    """``34,705 ÷ 43,986 × 100 = 78.90%``: what anybody can calculate again."""
    metric, figure = found.metric, found.figure
    value = with_unit(metric, metric.value(figure))
    if metric.denominator is None:
        return value if found.figure.denominator else _("no rows in this period")
    if not figure.denominator:
        return _("%(numerator)s / 0: no rows, so no value") % {"numerator": _side(metric, figure.numerator)}
    factor = f" × {number(metric.scale)}" if metric.scale != 1 and metric.unit is not Unit.PERCENT else ""
    return f"{_side(metric, figure.numerator)} / {say(sample_words(metric, figure.denominator))}{factor} = {value}"


def range_words(found: Evidence) -> str:
    """How the range was found, or why there is none."""
    if range_of(found.metric, found.figure, found.daily) is None:
        return say(NO_RANGE) if found.metric.denominator else _("A count is exact: it has no range.")
    if is_proportion(found.metric):
        return _("95% range of a share of counted rows (Wilson).")
    return _("95% range from how the days differ (ratio of sums, t quantile).")


def chart(found: Evidence, slot: int) -> Chart:
    """The thirteen periods with the limits of chance, the centre and the target."""
    metric, course = found.metric, found.course
    values, still_open = course_values(metric, course)
    moved = moved_by(metric, course)
    levels = [Level(float(edge), _("Target %(value)s") % {"value": with_unit(metric, rounded(edge, metric.places))})
              for edge in (found.target.edges if found.target else [])]  # fmt: skip
    if moved.limits:
        low, centre, high = moved.limits.low, moved.limits.centre, moved.limits.high
        levels += [Level(float(centre), "" if _close(levels, centre, high - low) else _("Mean"))]
        levels += [Level(float(high), _("Upper limit"), dash=True)]
        levels += [Level(float(low), _("Lower limit"), dash=True)] if low > 0 or metric.unit is not Unit.PERCENT else []
    signals = (len(values) - 1,) if moved.direction and not found.address.nobodys else ()
    open_from = len(values) - still_open if still_open else None
    unit, ends = HEADS[metric.unit], _ends(metric, values, levels)
    name = begin(metric.title) + (f"{say(Text('，', ', '))}{unit}" if unit else "")
    return Chart(
        "course",
        _("%(count)s periods") % {"count": len(values)},
        sentence(found),
        Axis(say(TIMES[found.address.span.unit])),
        Axis(
            name,
            metric.unit.value,
            0 if metric.unit is Unit.MS else min(metric.places, 1),
            low=ends[0],
            high=ends[1],
        ),
        found.trend.periods,
        (Series(begin(metric.title), slot, values, open_from, signals),),
        tuple(levels),
    )


def sentence(found: Evidence) -> str:
    """What the chart says, in words."""
    metric, moved = found.metric, moved_by(found.metric, found.course)
    if moved.limits is None:
        return _("Too few periods to tell a change from chance.")
    low, high = (shown(metric, rounded(end, metric.places)) for end in (moved.limits.low, moved.limits.high))
    words = {"low": low, "high": high}
    if found.address.nobodys:
        return _("These rows belong to nobody: no change is judged.")
    if moved.changed:
        return _("More than twice or less than half the rows of the periods before: no change is judged.")
    return " ".join(part for part in (_moved_words(moved, words), _bounded_words(moved)) if part)


def _moved_words(moved: Movement, words: dict[str, str]) -> str:
    if moved.direction is None:
        return _("Within what chance allows: %(low)s to %(high)s.") % words
    if moved.direction == "up":
        return _("Above what chance allows: %(low)s to %(high)s.") % words
    return _("Below what chance allows: %(low)s to %(high)s.") % words


def _bounded_words(moved: Movement) -> str:
    """Why an end of the limits is so round."""
    bounded = moved.limits is not None and moved.limits.bounded
    return _("The limits end where no value can lie.") if bounded else ""


def joined(parts: Sequence[str]) -> str:
    """A list in the language of the page."""
    return Text("；", "; ").to(language()).join(parts)


def _side(metric: Metric, value: int) -> str:
    """A sum of milliseconds as a length of time, a count as a number."""
    return duration(value) if metric.unit is Unit.MS else _counted(metric, value)


def _counted(metric: Metric, value: int) -> str:
    summed = getattr(metric.numerator, "sum", None) or ""
    return say(sample_words(metric, value)) if "_ms" in summed else number(value)


def _ends(metric: Metric, values: Sequence[float | None], levels: Sequence[Level]) -> tuple[float, float]:
    """Room for every value and level."""
    drawn = [value for value in values if value is not None] + [level.value for level in levels]
    return nice_ends(drawn, whole=metric.unit is Unit.PERCENT) if drawn else (0.0, 1.0)


def _close(levels: Sequence[Level], value: Fraction, reach: Fraction) -> bool:
    """Whether a level's label would lie on another one."""
    return any(abs(level.value - float(value)) < 0.08 * float(reach) for level in levels)
