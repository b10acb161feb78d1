"""Charts of rare events: contacts between one event and the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from onefloor.insight.charts.alarms import RECENT, Run, Thresholds, runs
from onefloor.insight.charts.chart import LEAST_BASE, Change, Chart, Era, Refusal, Unit, inside, surely
from onefloor.insight.charts.dating import date_range
from onefloor.insight.charts.limits import Floats, Kind
from onefloor.insight.charts.rare import gap_scores, gaps_between
from onefloor.insight.charts.run_rules import hints
from onefloor.insight.charts.series import Days, Series
from onefloor.insight.finding import Estimate


def gap_chart(one: Series, eras: Sequence[Era], thresholds: Thresholds) -> Chart:
    """The chart of contacts between events; only the last era counts.

    Of a share near the whole the events are the rows that are not in it.
    """
    era = eras[-1]
    events, sign = _events(one)
    gaps, place = gaps_between(events, one.below)
    days = one.days[place] if len(place) else np.zeros(0, np.int64)
    base, judged = inside(days, era.base), inside(days, era.judged) & ~inside(days, era.base)
    nothing = np.full(len(gaps), np.nan)
    empty = Chart(
        series=one, unit=Unit.GAP, days=days, values=gaps, expected=nothing, error=nothing, skew=nothing,
        scored=nothing, base=base, judged=judged, thresholds=thresholds, eras=tuple(eras), refused=Refusal.SHORT_BASE,
    )  # fmt: skip
    before = events[inside(one.days, era.base)].sum()
    if base.sum() < LEAST_BASE:
        return replace(empty, refused=Refusal.SHORT_BASE if before else Refusal.NEVER)
    if not judged.any():
        return replace(empty, refused=Refusal.NOTHING_JUDGED)
    return _judged(empty, era, sign)


def _events(one: Series) -> tuple[Floats, int]:
    """What is counted by day, and whether more of it is more of the metric (1) or less (-1)."""
    most = one.kind is Kind.SHARE and 2 * one.above.sum() > one.below.sum()
    return (one.below - one.above, -1) if most else (one.above, 1)


def _judged(empty: Chart, era: Era, sign: int) -> Chart:
    gaps, base, judged, one = empty.values, empty.base, empty.judged, empty.series
    usual_gap = float(gaps[base].mean())
    plain = sign * gap_scores(gaps, usual_gap)
    sigma = max(1.0, float(np.sqrt((plain[base] ** 2).mean())))
    scored = plain / sigma
    at = np.flatnonzero(judged)
    found = [_change(empty.days, gaps, at, scored, run, usual_gap, sign) for run in runs(scored[at], empty.thresholds)]
    return Chart(
        series=one, unit=Unit.GAP, days=empty.days, values=gaps, expected=np.full(len(gaps), usual_gap),
        error=np.full(len(gaps), np.nan), skew=np.zeros(len(gaps)), scored=scored,
        base=base, judged=judged, thresholds=empty.thresholds,
        changes=tuple(change for change in found if surely(change.size)), sigma=sigma,
        hints=hints(scored[at]), eras=(era,),
    )  # fmt: skip


def _change(
    days: Days, gaps: Floats, at: NDArray[np.intp], scored: Floats, run: Run, usual_gap: float, sign: int
) -> Change:
    """The change of the rate of events, 1 / gap; interval of an exponential mean (Epstein & Sobel 1953)."""
    from scipy.stats import chi2

    here = at[run.first : run.last + 1]
    total, count = float(gaps[here].sum()), len(here)
    low, high = (float(chi2.ppf(level, 2 * count)) / 2 / total - 1 / usual_gap for level in (0.025, 0.975))
    size = Estimate(count / total - 1 / usual_gap, low, high)
    begun = date_range(scored[at], run.first, run.last) if run.lasting else (run.first, run.first)
    began = int(days[at[begun[0]]]), int(days[at[begun[1]]])
    going_on = run.lasting and run.last >= len(at) - RECENT
    return Change(
        run, int(days[here[0]]), int(days[here[-1]]), began, size if sign > 0 else -size, int(total), count, going_on
    )
