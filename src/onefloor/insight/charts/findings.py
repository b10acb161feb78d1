"""Charts as findings: the sentence of each, its verdict, what it rests on, and its figures for scripts."""

from __future__ import annotations

from typing import Any

import numpy as np

from onefloor.insight.cells import row_size
from onefloor.insight.charts.chart import Change, Chart, Unit, band
from onefloor.insight.charts.limits import COUNTED, Kind
from onefloor.insight.charts.sentences import (
    REFUSALS,
    SAMPLED,
    again,
    alike,
    assumptions,
    changed,
    refused,
    steady,
    title,
    usual_range,
)
from onefloor.insight.charts.textbook import textbook
from onefloor.insight.charts.watching import Watched
from onefloor.insight.finding import Behind, Estimate, Finding, Verdict
from onefloor.insight.units import shown_in
from onefloor.language import Text
from onefloor.metrics.dimensions import Wanted
from onefloor.periods import Period, day_of, month_of_day


def findings(watched: Watched) -> list[Finding]:
    """One finding for every chart, and one more where figures vary less than counting allows."""
    found = [_finding(watched, number, one) for number, one in enumerate(watched.charts)]
    return found + [_alike(watched, one) for one in watched.charts if one.alike]


def main_change(one: Chart) -> int | None:
    """The place of the change to speak of first: what is still going on, else the clearest."""
    if not one.changes:
        return None
    return max(range(len(one.changes)), key=lambda place: (one.changes[place].going_on, clear(one.changes[place])))


def clear(change: Change) -> float:
    """How many half intervals a change is from none."""
    return abs(change.size.value) / max(change.size.high - change.size.value, 1e-12)


def _finding(watched: Watched, number: int, one: Chart) -> Finding:
    place = main_change(one)
    if one.refused is not None and place is None:
        return _made(watched, one, Verdict.CANNOT_TELL, refused(watched, one), reasons=(REFUSALS[one.refused],))
    if place is None:
        return _made(watched, one, Verdict.STEADY, steady(watched, one))
    change = one.changes[place]
    sentence = changed(one, change, watched.hours.get((number, place)))
    others = tuple(
        again(one, other, watched.hours.get((number, at))) for at, other in enumerate(one.changes) if at != place
    )
    factor, _ = shown_in(one.series.metric)
    return _made(watched, one, Verdict.SIGNAL, sentence, estimate=change.size.times(factor), reasons=others)


def _made(
    watched: Watched, one: Chart, verdict: Verdict, sentence: Text,
    *, estimate: Estimate | None = None, reasons: tuple[Text, ...] = (),
) -> Finding:  # fmt: skip
    judged = one.judged
    rows = 0 if one.series.kind is Kind.QUANTITY or one.unit is Unit.GAP else _rows(one)
    months = watched.asked.judged
    where = asked_for(watched.asked.where) | {
        name: (str(value),) for name, value in one.series.key.items() if value is not None
    }
    return Finding(
        about=title(one), verdict=verdict, sentence=sentence, estimate=estimate, unit=shown_in(one.series.metric)[1],
        contacts=rows, agents=int(judged.sum()), sampled=SAMPLED[one.unit],
        assumptions=() if one.refused else assumptions(watched, one), reasons=reasons,
        behind=(
            Behind(one.series.metric.reference, where, month_of_day(months.start), month_of_day(months.end - 1)),
        ),
        details=_details(watched, one),
    )  # fmt: skip


def _rows(one: Chart) -> int:
    return round(float(one.series.below[one.judged].sum()) / row_size(one.series.metric))


def _alike(watched: Watched, one: Chart) -> Finding:
    return _made(watched, one, Verdict.WORTH_A_LOOK, alike(one))


def _details(watched: Watched, one: Chart) -> dict[str, Any]:
    factor, _ = shown_in(one.series.metric)
    return {
        "key": dict(one.series.key),
        "point": one.unit.value,
        "base": _days_json(one.eras[-1].base),
        "rebased": [{"base": _days_json(era.base), "reason": era.reason} for era in one.eras if era.reason],
        "sigma_z": round(one.sigma, 3) if one.series.kind in COUNTED else None,
        "too_alike": one.alike,
        "autocorrelation": round(one.rho, 3),
        "by_weekday": one.by_weekday,
        "thresholds": {"point": round(watched.thresholds.point, 3), "drift": round(watched.thresholds.drift, 3)},
        "hints": list(one.hints),
        "textbook": textbook(one),
        "limits": limits.as_json() if (limits := usual_range(one)) else None,
        "points": _points(one, factor),
        "changes": [_change_json(change, factor) for change in one.changes],
        "refused": one.refused and one.refused.value,
    }


def asked_for(where: Wanted) -> dict[str, tuple[str, ...]]:
    """Filters as the question for rows has them."""
    return {
        name: (str(held),) if isinstance(held, str | int) else tuple(str(value) for value in held)
        for name, held in where.items()
    }


def _points(one: Chart, factor: float) -> list[dict[str, Any]]:
    """Every judged day with what is usual and its control limits; of gaps only the contacts between two events."""
    low, high = band(one)
    unit = factor if one.unit is not Unit.GAP else 1.0
    held = {"value": one.values, "expected": one.expected, "low": low, "high": high}
    return [
        {"day": day_of(int(one.days[at])).isoformat()}
        | {name: _number(float(values[at]) * unit) for name, values in held.items()}
        for at in np.flatnonzero(one.judged)
    ]


def _number(value: float) -> float | None:
    return round(value, 6) if np.isfinite(value) else None


def _change_json(change: Change, factor: float) -> dict[str, Any]:
    return {
        "first": day_of(change.first).isoformat(),
        "last": day_of(change.last).isoformat(),
        "began_between": [day_of(day).isoformat() for day in change.begun],
        "lasting": change.run.lasting,
        "going_on": change.going_on,
        "points": change.points,
        "rows": change.rows,
        "size": change.size.times(factor).as_json(),
    }


def _days_json(period: Period) -> list[str]:
    return [day_of(period.start).isoformat(), day_of(period.end - 1).isoformat()]
