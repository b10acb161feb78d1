"""One chart: the points of a group, what is usual, what chance allows, and what stands out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from onefloor.insight.cells import row_size
from onefloor.insight.charts.alarms import DEFAULT, RECENT, Run, Thresholds, runs
from onefloor.insight.charts.chart import LEAST_BASE, Change, Chart, Era, Mask, Refusal, Unit, band, inside, surely
from onefloor.insight.charts.dating import date_range
from onefloor.insight.charts.expectation import WEEKS, Expected, from_forecast, usual
from onefloor.insight.charts.gap_chart import gap_chart
from onefloor.insight.charts.limits import (
    COUNTED,
    Floats,
    Kind,
    autocorrelation,
    chance,
    doubt,
    skewness,
    spread,
    straightened,
    too_alike,
)
from onefloor.insight.charts.run_rules import hints
from onefloor.insight.charts.series import Series, weekly
from onefloor.insight.finding import Estimate, Z
from onefloor.periods import Period

LEAST_EVENTS = 5.0  # a point of counted events should hold on average: below, days are put together
LEAST_ROWS = 30.0  # a point of a mean should hold on average: fewer are too lopsided to have limits


def chart(
    one: Series,
    eras: Sequence[Era],
    holidays: frozenset[int] = frozenset(),
    thresholds: Thresholds = DEFAULT,
    *,
    by_weekday: bool = True,
    forecast: Series | None = None,
) -> Chart:
    """Judge one group.

    Args:
        one: its days, of base and judged periods.
        eras: the base period and what is judged by it; a later one for every dated decision to set limits anew.
        holidays: day ids that are neither base nor judged.
        thresholds: when a point or a drift counts.
        by_weekday: whether weekdays have expectations of their own.
        forecast: the same group's locked forecast: expected instead of the weekday's median.
    """
    sized = _with_rows(one.chosen(~np.isin(one.days, list(holidays))))
    unit = unit_of(sized, eras[0].base)
    if unit is Unit.GAP:
        return gap_chart(sized, eras, thresholds)
    held = weekly(sized, eras[0].judged.start) if unit is Unit.WEEK else sized
    spans = [_cut(era) if unit is Unit.DAY else era for era in eras]
    parts = [_era(held, era, by_weekday=by_weekday and unit is Unit.DAY, forecast=forecast) for era in spans]
    return _finished(held, unit, parts, thresholds)


def unit_of(one: Series, base: Period) -> Unit:
    """Days; weeks where a day of the base period holds too few events (or rows of a mean) to vary normally.

    Events that are rare even by the week are charted by the gaps between them.
    """
    here = (one.days >= base.start) & (one.days < base.end)
    if not here.any():
        return Unit.DAY
    if one.kind not in COUNTED:
        few = averages_rows(one) and one.below[here].mean() < LEAST_ROWS
        return Unit.WEEK if few else Unit.DAY
    days = int(np.ptp(one.days[here])) + 1
    events = one.above[here].sum() / days
    rest = (one.below[here] - one.above[here]).sum() / days if one.kind is Kind.SHARE else np.inf
    if min(events, rest) >= LEAST_EVENTS:
        return Unit.DAY
    if 7 * min(events, rest) >= LEAST_EVENTS and len(base) >= 7 * LEAST_BASE:
        return Unit.WEEK
    return Unit.GAP


def averages_rows(one: Series) -> bool:
    """Whether a point is an average over rows, such as handling time; occupancy is one over time."""
    below = one.metric.denominator
    return one.kind is Kind.MEAN and below is not None and below.sum is None


def _cut(era: Era) -> Era:
    """The base period of days: all that was stated, else its last 13 weeks."""
    start = era.base.start if era.stated else max(era.base.start, era.base.end - 7 * WEEKS)
    return replace(era, base=Period(start, era.base.end))


@dataclass(frozen=True, slots=True)
class _Part:
    """One era of a chart."""

    era: Era
    base: Mask
    judged: Mask
    expected: Expected
    scored: Floats  # in standard errors by chance, spread not yet taken out
    error: Floats  # of the points, in the unit of the values
    skew: Floats
    sigma: float
    rho: float
    refused: Refusal | None


def _era(held: Series, era: Era, *, by_weekday: bool, forecast: Series | None) -> _Part:
    base = inside(held.days, era.base)
    judged = inside(held.days, era.judged) & ~base
    if base.sum() < LEAST_BASE:
        short = Refusal.FEW_ROWS if averages_rows(held) and held.unit > 1 else Refusal.SHORT_BASE
        return _refused(held, era, base, judged, short)
    expected = _expected(held, base, by_weekday=by_weekday, forecast=forecast)
    if held.kind in COUNTED and held.above[base].sum() == 0:
        return _refused(held, era, base, judged, Refusal.NEVER)
    if averages_rows(held) and held.below[base].mean() < (LEAST_ROWS if held.unit > 1 else LEAST_ROWS / 2):
        return _refused(held, era, base, judged, Refusal.FEW_ROWS)
    if not judged.any():
        return _refused(held, era, base, judged, Refusal.NOTHING_JUDGED)
    plain = chance(held.kind, expected.values, held.below)
    with np.errstate(divide="ignore", invalid="ignore"):
        scored = (held.values - expected.values) / plain
    usable = base & np.isfinite(scored)
    sigma = spread(scored[usable]) if usable.sum() > 1 else 0.0
    if sigma == 0:
        return _refused(held, era, base, judged, Refusal.NO_SPREAD)
    rho = autocorrelation(scored[usable])
    counted = held.kind in COUNTED and not too_alike(scored[usable])
    stretched = max(sigma, 1.0) if counted else sigma  # counted rows vary at least as much as counting makes them
    unsure = np.where(base, 1.0, expected.widened * doubt(int(usable.sum())))
    error = plain * stretched / np.sqrt(1 - rho) * unsure
    skew = skewness(held.kind, expected.values, held.below, stretched)
    return _Part(era, base, judged & np.isfinite(scored), expected, scored, error, skew, sigma, rho, None)


def _expected(held: Series, base: Mask, *, by_weekday: bool, forecast: Series | None) -> Expected:
    if forecast is not None:
        planned = dict(zip(forecast.days.tolist(), forecast.above.tolist(), strict=True))
        return from_forecast(held.values, np.array([planned.get(day, 0.0) for day in held.days.tolist()]), base)
    found = usual(held.days, held.values, base, by_weekday=by_weekday)
    if held.kind not in COUNTED:
        return found
    least = 0.5 / held.below[base].sum()
    most = 1 - least if held.kind is Kind.SHARE else np.inf
    return Expected(np.clip(found.values, least, most), found.widened, found.by_weekday)


def _refused(held: Series, era: Era, base: Mask, judged: Mask, why: Refusal) -> _Part:
    nothing = np.full(len(held), np.nan)
    return _Part(
        era, base, judged, Expected(nothing, nothing, by_weekday=False), nothing, nothing, nothing, 1.0, 0.0, why
    )


def _finished(held: Series, unit: Unit, parts: list[_Part], thresholds: Thresholds) -> Chart:
    """The eras as one chart; a refusal of the last one is the chart's."""
    last = parts[-1]
    expected, error, skew = (np.full(len(held), np.nan) for _ in range(3))
    judged, base = np.zeros(len(held), bool), np.zeros(len(held), bool)
    changes: list[Change] = []
    for part in parts:
        shown = part.judged | part.base
        expected[shown], error[shown], skew[shown] = part.expected.values[shown], part.error[shown], part.skew[shown]
        base |= part.base
        if part.refused is None:
            judged |= part.judged
            changes += _changes(held, part, thresholds)
    scored = straightened((held.values - expected) / error, skew)
    seen = scored[last.judged] if last.refused is None else np.zeros(0)
    counted = held.kind in COUNTED and last.refused is None
    made = Chart(
        series=held, unit=unit, days=held.days, values=held.values, expected=expected, error=error, skew=skew,
        scored=scored, base=base, judged=judged, thresholds=thresholds, changes=tuple(changes), sigma=last.sigma,
        alike=counted and too_alike(last.scored[last.base]), rho=last.rho, by_weekday=last.expected.by_weekday,
        hints=hints(seen), refused=last.refused, eras=tuple(part.era for part in parts),
    )  # fmt: skip
    return replace(made, refused=Refusal.TOO_WILD) if _wild(made) else made


def _wild(one: Chart) -> bool:
    """Whether the limits of a quiet chart hold everything from 0 to the whole on most days."""
    if one.refused or one.changes or one.series.kind is not Kind.SHARE:
        return False
    low, high = band(one)
    return bool(np.median(low[one.judged]) <= 0 and np.median(high[one.judged]) >= 1)


def _changes(held: Series, part: _Part, thresholds: Thresholds) -> list[Change]:
    at = np.flatnonzero(part.judged)
    scored = straightened((held.values - part.expected.values) / part.error, part.skew)[at]
    found = [_change(held, part, at, scored, run) for run in runs(scored, thresholds, part.rho)]
    return [change for change in found if surely(change.size)]  # else the rows of its days together deny it


def _change(held: Series, part: _Part, at: NDArray[np.intp], scored: Floats, run: Run) -> Change:
    here = at[run.first : run.last + 1]
    begun = date_range(scored, run.first, run.last, part.rho) if run.lasting else (run.first, run.first)
    size = _size(held, part, here)
    last = int(held.days[here[-1]]) + held.unit - 1
    going_on = run.lasting and run.last >= len(scored) - RECENT
    days = int(held.days[at[begun[0]]]), int(held.days[at[begun[1]]])
    rows = 0 if held.kind is Kind.QUANTITY else round(float(held.below[here].sum()) / row_size(held.metric))
    return Change(run, int(held.days[here[0]]), last, days, size, rows, len(here), going_on)


def _size(held: Series, part: _Part, here: NDArray[np.intp]) -> Estimate:
    """How far the days of a run lie from what is expected, all their rows together; days are what was sampled."""
    weight = held.below[here] / held.below[here].sum()
    value = float((weight * (held.values - part.expected.values)[here]).sum())
    alike = (1 + part.rho) / (1 - part.rho) if len(here) > 1 else 1.0
    half = Z * float(np.sqrt(((weight * part.error[here]) ** 2).sum() * alike))
    return Estimate(value, value - half, value + half)


def _with_rows(one: Series) -> Series:
    """Days with no less than a tenth of the usual number of rows: on the others the service was shut."""
    if one.kind is Kind.QUANTITY or not len(one):
        return one
    return one.chosen(one.below >= 0.1 * np.median(one.below))
