"""A hidden cause: how strong something unrecorded would have to be to make the difference."""

from __future__ import annotations

from math import sqrt

from scipy import stats


def e_value(ratio: float) -> float:
    """The E-value of a risk ratio (VanderWeele & Ding 2017, eq. 1): RR + sqrt(RR (RR - 1)), 1 / RR below 1.

    A hidden cause would have to go with both the company and the outcome by risk ratios of at least this.

    Raises:
        ValueError: a ratio that is not above 0.

    >>> round(e_value(3.9), 2)
    7.26
    """
    if not ratio > 0:
        message = f"a risk ratio of {ratio}"
        raise ValueError(message)
    above = max(ratio, 1 / ratio)
    return above + sqrt(above * (above - 1))


def e_value_of_limit(low: float, high: float) -> float:
    """The E-value of an interval's end nearest to 1; 1 if the interval holds 1.

    >>> round(e_value_of_limit(1.8, 8.7), 2)
    3.0
    """
    if low <= 1 <= high:
        return 1.0
    return e_value(low if low > 1 else max(high, 1e-9))


def robustness_value(t_value: float, freedom: int, *, level: float | None = None) -> float:
    """The robustness value (Cinelli & Hazlett 2020, eqs. 8 and 19), between 0 and 1.

    The share of what is left of both the company and the outcome, between agents, that a hidden cause would have to
    explain to bring the difference to 0; with a ``level``, to bring 0 into the interval.

    >>> round(robustness_value(4.18445, 783), 4), round(robustness_value(4.18445, 783, level=0.95), 4)
    (0.1388, 0.0763)
    """
    strength = abs(t_value) / sqrt(freedom)
    if level is not None:
        strength -= float(stats.t.ppf((1 + level) / 2, freedom - 1)) / sqrt(freedom - 1) if freedom > 1 else strength
    if strength <= 0:
        return 0.0
    return 0.5 * (sqrt(strength**4 + 4 * strength**2) - strength**2)
