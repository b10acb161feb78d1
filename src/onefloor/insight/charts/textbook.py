"""What the charts of the textbooks say of the same points: for whoever knows them, and for comparison; no alarms.

Their limits come from all the points that are shown, as in the textbooks. Where days differ for reasons of their own
the plain charts call ordinary days out of limits; that is why ours are others.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from onefloor.insight.charts.alarms import cusum
from onefloor.insight.charts.chart import Chart, Mask, Unit
from onefloor.insight.charts.limits import COUNTED, Floats, Kind, Limits, averages, individuals, laney
from onefloor.insight.charts.rare import between_counts, between_times

FEWEST = 8  # points for limits
WEEK = 7  # days of a subgroup
DECISION = 5.0  # of the CUSUM with reference value .5


def textbook(one: Chart) -> dict[str, int]:
    """How many of the judged points each chart has beyond its limits, by its name.

    p and p', or u and u', of counted figures (Laney 2002); XmR, and the averages of weeks (x-bar), of means and
    quantities; g and t of what lies between rare events; the CUSUM (.5, 5) of the points in our own standard errors.
    Empty where there are fewer than ``FEWEST`` points.
    """
    shown = one.base | one.judged
    if one.refused is not None or shown.sum() < FEWEST:
        return {}
    values, judged = one.values[shown], one.judged[shown]
    found = {name: int((limits.outside(values) & judged).sum()) for name, limits in _limits(one, values, shown)}
    if one.unit is Unit.DAY and one.series.kind not in COUNTED and len(values) >= 2 * WEEK:
        found["x-bar of weeks"] = _weeks(values, judged)
    up, down = cusum(one.scored[one.judged])
    return found | {"CUSUM": int((np.maximum(up, down) > DECISION).sum())}


def _limits(one: Chart, values: Floats, shown: Mask) -> Iterator[tuple[str, Limits]]:
    """Every chart of points that there is for the kind of figure."""
    if one.unit is Unit.GAP:
        yield "g", between_counts(values)
        yield "t", between_times(values)
    elif one.series.kind in COUNTED:
        letter = "p" if one.series.kind is Kind.SHARE else "u"
        above, below = one.series.above[shown], one.series.below[shown]
        for name, more in ((letter, False), (f"{letter}'", True)):
            yield name, laney(one.series.kind, above, below, overdispersed=more)
    else:
        yield "XmR", individuals(values)[0]


def _weeks(values: Floats, judged: Mask) -> int:
    """Judged weeks, counted back from the last day, whose average is out of limits."""
    days = len(values) // WEEK * WEEK
    subgroups = values[-days:].reshape(-1, WEEK)
    outside = averages(subgroups)[0].outside(subgroups.mean(axis=1))
    return int((outside & judged[-days:].reshape(-1, WEEK).all(axis=1)).sum())
