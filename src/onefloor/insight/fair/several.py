"""Many looks at once: several companies, or a screen of teams and months."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

ALPHA = 0.05


def holm_levels(p_values: Sequence[float], alpha: float = ALPHA) -> list[float]:
    """The confidence level of each interval, such that it leaves 0 out exactly if Holm's procedure rejects.

    Holm (1979): the j-th smallest of m is tried at alpha / (m - j + 1), until the first that fails; those after it fail
    too and are shown at the level at which it failed.

    >>> [round(level, 4) for level in holm_levels([0.001, 0.04])]
    [0.975, 0.95]
    >>> [round(level, 4) for level in holm_levels([0.03, 0.04])]
    [0.975, 0.975]
    """
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    levels, tried = [1 - alpha] * len(p_values), len(p_values)
    for place in order:
        levels[place] = 1 - alpha / tried
        if p_values[place] <= alpha / tried and tried > 1:
            tried -= 1
    return levels


def limit(budget: float, looks: int) -> float:
    """How many standard errors a look must be off, that all together give ``budget`` false alarms on average.

    z = the normal quantile of 1 - budget / (2 looks).

    Raises:
        ValueError: no looks, or a budget outside 0 to 2 a look.

    >>> round(limit(0.05, 1), 3), round(limit(0.1, 84), 2)
    (1.96, 3.24)
    """
    if looks < 1 or not 0 < budget < 2 * looks:
        message = f"a budget of {budget} false alarms for {looks} looks"
        raise ValueError(message)
    return NormalDist().inv_cdf(1 - budget / (2 * looks))
