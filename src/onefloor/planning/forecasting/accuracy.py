"""How far forecasts were off at past origins, by days ahead, beside what chance alone would miss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from onefloor.planning.forecasting.history import Floats

HORIZONS = ((1, 1), (2, 3), (4, 7), (8, 14), (15, 28), (29, 10_000))
TENTH = 0.1


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Errors of the intervals from ``first`` to ``last`` days ahead, over all past origins.

    ``wape`` sum of |came - said| by sum of what came; ``bias`` sum of (said - came) by the same; ``within_tenth`` share
    of intervals in which something came that are off by at most 10 % of it; ``day_wape`` of the totals of days;
    ``floor`` the WAPE of someone who knows every rate exactly and says it; of small rates medians miss
    less than means, but do not add up to what comes.
    """

    first: int
    last: int
    intervals: int
    wape: float
    bias: float
    within_tenth: float
    day_wape: float
    floor: float

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


def accuracy(said: Floats, came: Floats) -> tuple[Accuracy, ...]:
    """By days ahead; both (origins, horizon, intervals), nan in ``came`` where it is not judged."""
    horizon = said.shape[1]
    parts = [(first, min(last, horizon)) for first, last in HORIZONS if first <= horizon]
    found = [_of(said[:, first - 1 : last], came[:, first - 1 : last], first, last) for first, last in parts]
    return tuple(one for one in found if one is not None)


def overall(said: Floats, came: Floats) -> Accuracy | None:
    """Over all days ahead; None where nothing came."""
    return _of(said, came, 1, said.shape[1])


def _of(said: Floats, came: Floats, first: int, last: int) -> Accuracy | None:
    known = ~np.isnan(came)
    total = float(came[known].sum())
    if total <= 0:
        return None
    missed = np.abs(came[known] - said[known])
    whole = known.all(axis=2)
    days_said, days_came = said[whole].sum(axis=1), came[whole].sum(axis=1)
    return Accuracy(
        first, last, int(known.sum()),
        wape=float(missed.sum()) / total,
        bias=float((said[known] - came[known]).sum()) / total,
        within_tenth=float((missed <= TENTH * came[known])[came[known] > 0].mean()),
        day_wape=float(np.abs(days_came - days_said).sum()) / max(1e-9, float(days_came.sum())),
        floor=noise_floor(said[known]),
    )  # fmt: skip


def noise_floor(rates: Floats | Sequence[float]) -> float:
    """WAPE of the exact rates of Poisson counts: mean absolute deviation by mean.

    The deviation is 2 exp(-r) r^(m+1) / m!, m = floor(r) (Crow 1958, Biometrika 45).

    >>> round(noise_floor([100.0]), 4)
    0.0797
    """
    from scipy.special import gammaln

    held = np.asarray(rates, dtype=np.float64)
    held = held[held > 0]
    if not len(held):
        return 0.0
    below = np.floor(held)
    deviation = 2 * np.exp(-held + (below + 1) * np.log(held) - gammaln(below + 1))
    return float(deviation.sum() / held.sum())
