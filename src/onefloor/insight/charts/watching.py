"""Watching a floor: a chart for every group of a metric, judged against its base period, within a budget of alarms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

import numpy as np

from onefloor.insight.charts.alarms import Thresholds, within_budget
from onefloor.insight.charts.chart import Change, Chart, Era, Unit, inside
from onefloor.insight.charts.expectation import half_hours, window
from onefloor.insight.charts.judging import chart
from onefloor.insight.charts.limits import Kind
from onefloor.insight.charts.series import Series, by_half_hour, series
from onefloor.insight.charts.unowned import COMPANY, nobodys
from onefloor.language import Text
from onefloor.metrics.cubes import Cubes
from onefloor.metrics.dimensions import Shown, Wanted
from onefloor.metrics.engines import Engine
from onefloor.metrics.prepared import Prepared
from onefloor.metrics.unassigned import Unassigned
from onefloor.periods import Period, day_id, day_of
from onefloor.problems import Problem

Expect = Literal["weekday", "level", "forecast"]
BASE_DAYS = 26 * 7  # before what is judged, where no base period is stated
NEW_BASE_DAYS = 8 * 7  # after a dated decision to set limits anew
VOLUME, FORECAST = "offered_contacts", "forecast_contacts"


class BaseIsJudged(Problem):
    """A base period that holds days that are to be judged by it."""

    def __init__(self, base: Period, judged: Period) -> None:
        super().__init__(
            Text(
                f"基准期（至 {day_of(base.end - 1)}）与被评判的时段（自 {day_of(judged.start)} 起）重叠。",
                f"The base period (until {day_of(base.end - 1)}) overlaps what is judged "
                f"(from {day_of(judged.start)}).",
            ),
            why=Text("被评判的日子不能参与设定界限。", "Days that set limits cannot be judged by them."),
            remedy=Text("请让 --base 在 --from 之前结束。", "Let --base end before --from."),
        )


class NoReason(Problem):
    """New limits without a reason."""

    def __init__(self, text: str) -> None:
        super().__init__(
            Text(
                f"重设基准“{text}”缺少日期或原因。",
                f'"{text}" does not say since when and why limits are set anew.',
            ),
            why=Text(
                "没有注明日期和原因就改界限，等于抹掉信号。",
                "Limits that change without a dated reason hide what they should show.",
            ),
            remedy=Text("请写成 2026-09-01=新流程上线。", 'Write "2026-09-01=new procedure".'),
        )


class NoForecast(Problem):
    """A metric that no forecast speaks of."""

    def __init__(self, metric: str) -> None:
        super().__init__(
            Text(f"锁定的预测不含“{metric}”。", f'Locked forecasts do not speak of "{metric}".'),
            remedy=Text(
                f"--expect forecast 只用于 {VOLUME}；请改用 weekday。",
                f"--expect forecast is for {VOLUME}; take weekday.",
            ),
        )


class NoDays(Problem):
    """Nothing to chart: no rows on any final day."""

    def __init__(self, judged: Period) -> None:
        first, last = day_of(judged.start), day_of(judged.end - 1)
        super().__init__(
            Text(
                f"{first} 至 {last} 及其基准期内没有已确定的数据。",
                f"Nothing is final from {first} to {last} or before.",
            ),
            why=Text("还在变动的日子不上图。", "Days that later facts may still change are not charted."),
            remedy=Text("请检查 --from、--to 和 --where。", "Check --from, --to and --where."),
        )


@dataclass(frozen=True, slots=True)
class NewBase:
    """A dated decision to set limits anew."""

    day: int
    reason: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What is watched and how.

    ``base`` None: the 26 weeks before ``judged`` (of days the last 13). ``budget`` is the number of false alarms to be
    expected on the whole screen when nothing happens.
    """

    metric: str
    judged: Period
    by: tuple[str, ...] = ()
    where: Wanted = field(default_factory=dict)
    base: Period | None = None
    rebased: tuple[NewBase, ...] = ()
    holidays: frozenset[int] = frozenset()
    budget: float = 0.5
    expect: Expect = "weekday"


@dataclass(frozen=True, slots=True)
class Watched:
    """The charts of a screen; ``hours`` are the half hours, [first, last], of short runs, by (chart, change).

    ``unowned``: so many rows are nobody's that the charts are not by company, though that was asked for.
    """

    asked: Asked
    charts: tuple[Chart, ...]
    looks: int
    thresholds: Thresholds
    hours: Mapping[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    unowned: Unassigned | None = None


def new_base(text: str) -> NewBase:
    """``2026-09-01=new procedure`` as a decision.

    Raises:
        NoReason: there is no date, or no reason.

    >>> new_base("2026-09-01 = new procedure").reason
    'new procedure'
    """
    day, _, reason = text.partition("=")
    try:
        found = date.fromisoformat(day.strip())
    except ValueError:
        raise NoReason(text) from None
    if not reason.strip():
        raise NoReason(text)
    return NewBase(day_id(found), reason.strip())


def eras(asked: Asked) -> list[Era]:
    """The base periods of what is judged: the first, and one for every later decision.

    Raises:
        BaseIsJudged: the stated base period ends after what is judged has begun.
    """
    judged = asked.judged
    base = asked.base or Period(judged.start - BASE_DAYS, judged.start)
    if base.end > judged.start:
        raise BaseIsJudged(base, judged)
    found = [Era(base, judged, stated=asked.base is not None)]
    for decided in sorted(asked.rebased, key=lambda one: one.day):
        if decided.day >= judged.end:
            continue
        last = found[-1]
        cut = Period(last.judged.start, max(last.judged.start, decided.day))
        fresh = Period(decided.day, decided.day + NEW_BASE_DAYS)
        later = Period(max(judged.start, fresh.end), judged.end)
        found[-1:] = [Era(last.base, cut, last.reason, last.stated), Era(fresh, later, decided.reason)]
    return [era for era in found[:-1] if len(era.judged)] + found[-1:]


def watch(
    prepared: Prepared, asked: Asked, *, engine: Engine | None = None, scope: str = "", cubes: Cubes | None = None
) -> Watched:
    """Chart every group of a metric.

    Raises:
        NoSeries, GroupedByTime, BaseIsJudged, NoForecast, NoDays, NotByCompany; else as ``measure``.
    """
    unowned = None
    if not scope:  # who may see one company is shown that company
        unowned = nobodys(prepared, asked.metric, asked.by, asked.where, asked.judged, engine=engine, cubes=cubes)
    if unowned is not None:
        asked = replace(asked, by=tuple(name for name in asked.by if name != COMPANY))
    spans = eras(asked)
    days = Period(min(era.base.start for era in spans), asked.judged.end)
    if asked.expect == "forecast" and asked.metric != VOLUME:
        raise NoForecast(asked.metric)

    def read(metric: str) -> list[Series]:
        return series(prepared, metric, asked.by, days, asked.where, engine=engine, scope=scope, cubes=cubes)

    lines = read(asked.metric)
    if not lines:
        raise NoDays(asked.judged)
    plans = read(FORECAST) if asked.expect == "forecast" else []
    planned = {tuple(plan.key.values()): plan for plan in plans}
    looks = max(1, sum(int(inside(one.days, asked.judged).sum()) for one in lines))
    limits = within_budget(asked.budget, looks)
    charts = tuple(
        chart(
            one, spans, asked.holidays, limits,
            by_weekday=asked.expect == "weekday", forecast=planned.get(tuple(one.key.values())),
        )
        for one in lines
    )  # fmt: skip
    hours = _hours(prepared, asked, charts, engine, scope)
    return Watched(asked, charts, looks, limits, hours, unowned)


def _hours(
    prepared: Prepared, asked: Asked, charts: Sequence[Chart], engine: Engine | None, scope: str
) -> dict[tuple[int, int], tuple[int, int]]:
    """The half hours of short runs of days, where the group can be asked for and its table knows half hours."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for number, one in enumerate(charts):
        short = [(place, change) for place, change in enumerate(one.changes) if _openable(one, change)]
        where = _filter(asked.where, one.series.key)
        if not short or where is None:
            continue
        base = one.eras[-1].base
        span = Period(min(base.start, short[0][1].first), asked.judged.end)
        ids, above, below = by_half_hour(prepared, one.series, span, where, engine, scope)
        for place, change in short:
            at = np.flatnonzero(ids == change.first)
            if len(at):
                _, scored = half_hours(above, below, int(at[0]), ids, inside(ids, base))
                hours = window(scored, up=change.run.up)
                found |= {(number, place): hours} if hours else {}
    return found


def _openable(one: Chart, change: Change) -> bool:
    days = one.unit is Unit.DAY and one.series.kind is not Kind.QUANTITY
    return days and change.points == 1


def _filter(where: Wanted, key: Mapping[str, Shown]) -> dict[str, Any] | None:
    """The question for one group; None where one of its names is "none", which cannot be asked for."""
    if any(name is None for name in key.values()):
        return None
    return {**where, **key}
