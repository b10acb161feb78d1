"""What a comparison of simulated and observed days says: one finding for each figure."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import bdtrc

from onefloor.insight.finding import Estimate, Finding, Verdict
from onefloor.language import Text
from onefloor.periods import day_of
from onefloor.planning.fitting import report_sentences as say
from onefloor.planning.fitting.comparing import Cells, Compared, Figure, cells, whole

RIGHT = 0.90
"""Bands of 95 % should hold about as many; fewer than this share is a miss."""
FEWEST_CELLS = 20
FAR_OFF, CHANCE = 0.05, 0.01
"""A half hour of the day is named if more of its days than this share lie beyond one end of the band, beyond chance."""


def findings(of: Compared) -> list[Finding]:
    """One for each figure that both sides know, whatever it says."""
    return [finding(of, figure) for figure in of.figures]


def finding(of: Compared, figure: Figure) -> Finding:
    """Whether the model has a figure as it was: over all days, and in the bands of half hours."""
    seen, model = whole(of, figure)
    half_hours = cells(of, figure)
    difference = Estimate(model.value - seen, model.low - seen, model.high - seen)
    verdict = _verdict(difference, half_hours)
    return Finding(
        about=figure.title,
        verdict=verdict,
        sentence=say.sentence(figure, seen, model, half_hours, len(of.observed.days)),
        estimate=difference,
        unit=figure.unit,
        contacts=int(of.observed.sums[..., 0].sum()),
        agents=len(of.observed.days),
        sampled=say.DAYS,
        assumptions=_assumptions(of),
        reasons=tuple(_reasons(of, figure)) if verdict is Verdict.WORTH_A_LOOK else (),
        details=_details(of, figure, seen, model),
    )


def _assumptions(of: Compared) -> tuple[Text, ...]:
    days = say.OTHER_DAYS if of.fresh_days else say.SAME_DAYS
    return (say.PRESENT[of.presence], say.RINGING, days, *(() if of.all_types else (say.SOME_TYPES,)))


def _verdict(difference: Estimate, half_hours: Cells) -> Verdict:
    if half_hours.n < FEWEST_CELLS or not np.isfinite(difference.value):
        return Verdict.CANNOT_TELL
    missed = not difference.low <= 0 <= difference.high or half_hours.inside < RIGHT
    return Verdict.WORTH_A_LOOK if missed else Verdict.NOTHING_SEEN


def _reasons(of: Compared, figure: Figure) -> list[Text]:
    """Which types and times of day miss."""
    found = []
    for place, name in enumerate(of.types):
        if figure.of_types:
            seen, model = whole(of, figure, place)
            if not model.low <= seen <= model.high:
                found.append(say.type_misses(figure, name, seen, model))
    for share, start, end, above in _runs(cells(of, figure, ("type",))):
        found.append(say.hours_miss(start, end, share, above=above))
    return found


def _runs(by_half_hour: Cells) -> list[tuple[float, int, int, bool]]:
    """Neighbouring half hours of the day in which the figure is often beyond the same end of its band."""
    found: list[tuple[float, int, int, bool]] = []
    known = by_half_hour.known[:, 0]
    days = np.maximum(known.sum(axis=0), 1)
    for above in (True, False):
        beyond = by_half_hour.seen > by_half_hour.high if above else by_half_hour.seen < by_half_hour.low
        shares = (known & beyond[:, 0]).sum(axis=0) / days
        surely = bdtrc(shares * days - 0.5, days, FAR_OFF) < CHANCE
        start = None
        for place in range(len(shares) + 1):
            far = place < len(shares) and surely[place]
            if far and start is None:
                start = place
            elif not far and start is not None:
                found.append((float(shares[start:place].mean()), start, place, above))
                start = None
    return found


def _details(of: Compared, figure: Figure, seen: float, model: Estimate) -> dict[str, Any]:
    over = {"half_hours_by_type": (), "half_hours": ("type",), "days": ("type", "interval")}
    held = {name: cells(of, figure, axes) for name, axes in over.items() if axes or figure.of_types}
    return {
        "figure": figure.name,
        "observed": seen,
        "simulated": model.as_json(),
        "inside": {name: {"cells": one.n, "share": one.inside if one.n else None} for name, one in held.items()},
        "by_type": {
            name: {
                "observed": _or_none(value),
                "simulated": _json(estimate),
            }
            for place, name in enumerate(of.types)
            if figure.of_types
            for value, estimate in (whole(of, figure, place),)
        },
        "days": [day_of(day).isoformat() for day in of.observed.days],
        "replications": of.replications,
    }


def _json(estimate: Estimate) -> dict[str, float] | None:
    return estimate.as_json() if np.isfinite(estimate.value) else None


def _or_none(value: float) -> float | None:
    return value if np.isfinite(value) else None
