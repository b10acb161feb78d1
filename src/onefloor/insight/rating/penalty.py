"""What "a penalty only when the bound misses" really does: how often it falls, and how many contacts it takes.

A point rule fines whenever the observed rate is below the target; a bound rule only when the one-sided upper bound is.
The bound is the exact one, so a kept target is fined in no more than 1 - level of months, whatever the target and the
sample. Wilson's, which some contracts name, can be told beside it: at high targets it fines up to twice as often.
Nothing is drawn: the binomial distribution is added up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from onefloor.insight.finding import LEVEL
from onefloor.insight.rating.bounds import exact, wilson

Rule = Literal["point", "bound", "wilson"]
POWER = 0.8
MOST = 200_000  # contacts beyond which nobody samples


@dataclass(frozen=True, slots=True)
class Risk:
    """How often a penalty falls with a true rate: by the point rule, and by the bound."""

    true: float
    point: float
    bound: float
    rows_needed: int | None  # for a penalty with ``POWER``; None where the target is kept or nobody samples so many


def misses(
    passed: ArrayLike, target: float, rows: int, rule: Rule, level: float = LEVEL
) -> NDArray[np.bool_]:  # fmt: skip
    """Whether so many passes of ``rows`` bring a penalty."""
    match rule:
        case "point":
            seen = np.asarray(passed) / rows
        case "bound":
            seen = exact(passed, rows, "high", level)
        case "wilson":
            seen = wilson(passed, rows, "high", level)
    return np.asarray(seen < target)


def _kept_from(target: float, rows: int, rule: Rule, level: float) -> int:
    """The fewest passes that bring no penalty, found by halving: more passes never bring one."""
    low, high = 0, rows
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if misses(middle, target, rows, rule, level) else (low, middle)
    return low


def chance(true: ArrayLike, target: float, rows: int, rule: Rule, level: float = LEVEL) -> NDArray[np.float64]:
    """How often a penalty falls when the true rate is ``true`` (an array does) and ``rows`` contacts are sampled."""
    below = _kept_from(target, rows, rule, level) - 1
    return np.asarray(stats.binom.cdf(below, rows, np.asarray(true, float)))


def rows_needed(
    true: float, target: float, power: float = POWER, level: float = LEVEL, rule: Rule = "bound"
) -> int | None:
    """How many contacts until the bound misses with ``power``; None where ``true`` keeps the target, or above ``MOST``.

    Found by halving: this many reach ``power`` and one fewer does not. Passes are whole numbers, so the power saws up
    and down within a few percent of the answer, as that of every exact test of a share does.

    >>> rows_needed(0.70, 0.76, rule="wilson"), rows_needed(0.74, 0.76, rule="wilson")
    (332, 2851)
    """
    if true >= target or float(chance(true, target, MOST, rule, level)) < power:
        return None
    low, high = 10, MOST
    while low < high:
        middle = (low + high) // 2
        enough = float(chance(true, target, middle, rule, level)) >= power
        low, high = (low, middle) if enough else (middle + 1, high)
    return low


def risks(target: float, rows: int, true: tuple[float, ...], level: float = LEVEL) -> list[Risk]:
    """The operating characteristic at some true rates."""
    point, bound = (chance(true, target, rows, rule, level) for rule in ("point", "bound"))
    needed = [rows_needed(one, target, POWER, level) for one in true]
    return [Risk(*row) for row in zip(true, map(float, point), map(float, bound), needed, strict=True)]


def clustered_chance(
    true: float, target: float, rows: int, raters: int, rater_sd: float, level: float = LEVEL
) -> float:
    """About how often the rater-aware bound misses: Student's t, not central, on the raters' own rates.

    Args:
        true: the true rate.
        target: the target.
        rows: contacts in all, the same for every rater.
        raters: how many; at least 2.
        rater_sd: spread of the raters' severity, as a share (0.05 = 5 points).
        level: of the bound.
    """
    error = np.sqrt(rater_sd**2 / raters + true * (1 - true) / rows)
    limit = stats.t.ppf(level, raters - 1)
    return float(stats.nct.cdf(-limit, raters - 1, (true - target) / error))
