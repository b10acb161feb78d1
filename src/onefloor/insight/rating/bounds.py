"""One-sided bounds of a pass rate: exact, Wilson's, and with raters as clusters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from onefloor.insight.finding import LEVEL
from onefloor.insight.rating.marks import Floats, Places

Side = Literal["low", "high"]


def wilson(passed: ArrayLike, rows: ArrayLike, side: Side, level: float = LEVEL) -> Floats:
    """One end of Wilson's score interval (1927, J. Am. Stat. Assoc. 22:209), on that side alone with ``level``.

    Args:
        passed: how many passed; an array does.
        rows: out of how many, above 0.
        side: ``low`` or ``high``.
        level: chance that the true rate lies on the right side of the bound.

    >>> [round(float(wilson(112, 150, side, 0.975)), 4) for side in ("low", "high")]
    [0.6715, 0.8095]
    """
    n, k = np.asarray(rows, float), np.asarray(passed, float)
    z, p = stats.norm.ppf(level), k / n
    half = z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    ends = p + z * z / (2 * n) + (half if side == "high" else -half)
    return np.asarray(ends / (1 + z * z / n))


def exact(passed: ArrayLike, rows: ArrayLike, side: Side, level: float = LEVEL) -> Floats:
    """One end of the exact interval of Clopper and Pearson (1934, Biometrika 26:404), on that side alone.

    It is wrong in no more than 1 - ``level`` of cases whatever the true rate, which Wilson's is not: one-sided, near 0
    or 1, that is wrong up to twice as often. Arguments as of ``wilson``.

    >>> [round(float(exact(112, 150, side, 0.975)), 4) for side in ("low", "high")]
    [0.6693, 0.8141]
    """
    n, k = np.asarray(rows, float), np.asarray(passed, float)
    with np.errstate(invalid="ignore"):
        low, high = stats.beta.ppf(1 - level, k, n - k + 1), stats.beta.ppf(level, k + 1, n - k)
    return np.where(k == n, 1.0, high) if side == "high" else np.where(k == 0, 0.0, low)


def clustered(
    passed: Places, rows: Places, side: Side, level: float = LEVEL, plain: Callable[..., Floats] = wilson
) -> float:
    """The bound of a rate with raters as clusters: Student's t on their own rates, never tighter than the plain one.

    The ratio estimator of cluster sampling (Cochran 1977, Sampling Techniques, equation 11.30, with raters drawn from
    many), with raters - 1 degrees of freedom.

    Args:
        passed: of each rater how many passed.
        rows: of each rater how many were marked; at least two raters with some.
        side: ``low`` or ``high``.
        level: as for ``wilson``.
        plain: the bound without raters, ``wilson`` or ``exact``.
    """
    passed, rows = passed[rows > 0], rows[rows > 0]
    raters, whole = len(rows), float(rows.sum())
    rate = float(passed.sum()) / whole
    error = np.sqrt(raters / (raters - 1) * ((passed - rows * rate) ** 2).sum()) / whole
    reach = float(stats.t.ppf(level, raters - 1) * error)
    alone = float(plain(passed.sum(), rows.sum(), side, level))
    return max(rate + reach, alone) if side == "high" else min(rate - reach, alone)
