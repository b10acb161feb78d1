"""Rolling origins: what each candidate would have said at past origins, and the weights that follow (Tashman 2000)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from onefloor.planning.forecasting.boosting import boosted
from onefloor.planning.forecasting.candidates import AVERAGES, Known, mean_of
from onefloor.planning.forecasting.effects import Days, learn
from onefloor.planning.forecasting.history import Floats, Ints

WEEK = 7
FIRST_ORIGIN = 28  # days known at the earliest origin
SHARPNESS = 10.0  # of squares: a candidate 5 % worse than the best gets 1.05^-20 = 0.38 of its weight
LEAST_USUAL = 0.5
PLAIN = "mean of 8, no effects"
BOOSTED = "boosting"


@dataclass(frozen=True, slots=True)
class Rolled:
    """Forecasts at past origins: ``said`` by candidate (origins, horizon, intervals), ``came`` the same, nan unknown.

    ``ordinary`` (origins, horizon): days that are known and not special.
    """

    origins: Ints
    said: Mapping[str, Floats]
    came: Floats
    ordinary: Floats

    @property
    def judged(self) -> Floats:
        """What came on ordinary days, nan elsewhere."""
        return np.where(self.ordinary[:, :, None] > 0, self.came, np.nan)


def said_at(values: Floats, days: Days, origin: int, horizon: int, *, boost: bool, seed: int = 0) -> dict[str, Floats]:
    """All candidates at one origin, from the days before it alone; (horizon, intervals) each."""
    seen, ahead = values[:origin], slice(origin, origin + horizon)
    until = days.until(ahead.stop)
    logs = learn(seen, until)
    usable = ~np.isnan(seen).any(axis=1) & ~until.special[:origin]
    known = Known(seen / np.exp(logs[:origin])[:, None], usable, until.like)
    factors = np.exp(logs[ahead])[:, None]
    found = {name: candidate(known) * factors for name, candidate in AVERAGES.items()}
    plain = Known(seen, usable, until.like)
    found[PLAIN] = mean_of(8)(plain) * np.exp(np.where(until.marked, logs, until.given)[ahead])[:, None]
    if boost:
        found[BOOSTED] = boosted(known, seed) * factors
    return found


def rolled(values: Floats, days: Days, horizon: int, origins: int, *, boost: bool, seed: int = 0) -> Rolled:
    """Weekly origins back from the end of the history, as many as are asked for and fit; the newest last.

    ``horizon`` is a week or more; of the newest origins only a part of it has come.
    """
    end = len(values)
    starts = np.array(sorted(range(end - WEEK, FIRST_ORIGIN - 1, -WEEK)[:origins]), dtype=np.int64)
    padded = np.concatenate([values, np.full((horizon, values.shape[1]), np.nan)])
    parts = [said_at(values, days, int(start), horizon, boost=boost, seed=seed) for start in starts]
    came = np.stack([padded[start : start + horizon] for start in starts])
    whole = ~np.isnan(came).any(axis=2)
    ordinary = np.stack([~days.special[start : start + horizon] for start in starts]) & whole
    return Rolled(starts, {name: np.stack([part[name] for part in parts]) for name in parts[0]}, came,
                  ordinary.astype(float))  # fmt: skip


def weights(found: Rolled) -> dict[str, float]:
    """Weights that sum to 1, falling steeply with each candidate's error on ordinary days.

    The error is Pearson's: squares by what an interval of the day usually brings. Absolute errors would prefer
    whoever says 0 where less than one call comes in two.
    """
    came = found.judged
    usual = np.nansum(came, axis=(0, 1)) / max(1.0, float(found.ordinary.sum())) + LEAST_USUAL
    errors = {name: float(np.nansum((came - said) ** 2 / usual)) for name, said in found.said.items()}
    best = min(errors.values())
    if best <= 0:
        return {name: float(name == min(errors)) for name in errors}
    raw = {name: (best / error) ** SHARPNESS if error > 0 else 1.0 for name, error in errors.items()}
    total = sum(raw.values())
    return {name: one / total for name, one in raw.items()}


def combined(said: Mapping[str, Floats], by: Mapping[str, float]) -> Floats:
    """The weighted mean of candidates (Bates and Granger 1969)."""
    return np.asarray(sum(by[name] * part for name, part in said.items()))
