"""Gradient boosting on the ratio to the mean of the same weekdays (Friedman 2001; histograms as in Ke et al. 2017).

The trees see how the ratio ran before the origin and where in the day and week an interval lies; the target is the
ratio with the mean as weight, which is a Poisson regression with the mean as exposure.
"""

from __future__ import annotations

import numpy as np

from onefloor.planning.forecasting.candidates import Known
from onefloor.planning.forecasting.history import Floats

WEEKS = 8
LEAST_WEEKS = 3
LAST_ORIGINS = 20  # weekly origins that teach it
TREES, LEAVES, RATE, LEAST_ROWS = 80, 8, 0.05, 200
LEAST_CALLS = 0.5  # an interval's mean is at least this: ratios to nothing teach nothing
FEATURES = 6


def boosted(known: Known, seed: int = 0) -> Floats:
    """The candidate: mean of 8 same weekdays times the ratio that the trees expect; the mean alone if history is short.

    Equal seeds give equal bytes.
    """
    from sklearn.ensemble import HistGradientBoostingRegressor

    ratios = _own_ratios(known)
    means = _means(known, known.origin, known.horizon)
    taught = _lessons(known, ratios)
    if taught is None:
        return means
    rows, weights, targets = taught
    trees = HistGradientBoostingRegressor(
        loss="poisson", max_iter=TREES, learning_rate=RATE, max_leaf_nodes=LEAVES, min_samples_leaf=LEAST_ROWS,
        l2_regularization=1.0, early_stopping=False, random_state=seed,
    )  # fmt: skip
    trees.fit(rows, targets / weights, sample_weight=weights)
    asked = _rows(known, known.origin, known.horizon, ratios)
    return np.asarray(trees.predict(asked).reshape(means.shape) * means)


def _means(known: Known, origin: int, horizon: int) -> Floats:
    """Mean of the last 8 same weekdays before an origin, for the days after it."""
    found = np.zeros((horizon, known.slots))
    for n in range(horizon):
        rows = known.alike(int(known.like[origin + n]), origin)[:WEEKS]
        if len(rows) >= LEAST_WEEKS or (len(rows) and origin == known.origin):
            found[n] = known.values[rows].mean(axis=0)
    return found


def _own_ratios(known: Known) -> Floats:
    """Logarithm of each day's total against the mean of the same weekdays before it; 0 where there are none."""
    totals = known.values.sum(axis=1)
    found = np.zeros(known.origin)
    for day in np.flatnonzero(known.usable):
        rows = known.alike(int(known.like[day]), int(day))[:WEEKS]
        usual = totals[rows].mean() if len(rows) >= LEAST_WEEKS else 0.0
        if usual > 0 and totals[day] > 0:
            found[day] = np.log(totals[day] / usual)
    return found


def _lessons(known: Known, ratios: Floats) -> tuple[Floats, Floats, Floats] | None:
    """Rows, exposures and calls of the days after weekly origins of the past."""
    horizon = min(known.horizon, 14)
    origins = range(known.origin - horizon, 7 * (LEAST_WEEKS + 1), -7)[:LAST_ORIGINS]
    rows, means, calls = [], [], []
    for origin in origins:
        mean = _means(known, origin, horizon)
        good = np.flatnonzero(known.usable[origin : origin + horizon] & (mean.sum(axis=1) > 0))
        part = _rows(known, origin, horizon, ratios).reshape(horizon, known.slots, FEATURES)
        rows.append(part[good].reshape(-1, FEATURES))
        means.append(np.maximum(mean[good], LEAST_CALLS).ravel())
        calls.append(known.values[origin : origin + horizon][good].ravel())
    if not rows or sum(len(part) for part in rows) < 4 * LEAST_ROWS:
        return None
    return np.concatenate(rows), np.concatenate(means), np.concatenate(calls)


def _rows(known: Known, origin: int, horizon: int, ratios: Floats) -> Floats:
    """Weekday, interval, days ahead, level of the last week and month, ratio of the last same weekday."""
    recent = ratios[:origin][known.usable[:origin]][::-1]
    week, month = (float(recent[:n].mean()) if len(recent) else 0.0 for n in (6, 20))
    found = np.empty((horizon, known.slots, FEATURES))
    for n in range(horizon):
        weekday = int(known.like[origin + n])
        same = known.alike(weekday, origin)[:1]
        found[n, :, 0], found[n, :, 2], found[n, :, 3], found[n, :, 4] = weekday, n, week, month
        found[n, :, 1] = np.arange(known.slots)
        found[n, :, 5] = ratios[same[0]] if len(same) else 0.0
    return found.reshape(-1, FEATURES)
