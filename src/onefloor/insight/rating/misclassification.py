"""The true rate behind a rate that raters who err have measured, and rates of contacts that were not sampled alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from onefloor.insight.finding import LEVEL, Estimate
from onefloor.insight.rating.marks import Floats, Places
from onefloor.language import Text
from onefloor.problems import Problem

DRAWS = 4000


class NoBetterThanChance(Problem):
    """Raters whose marks say nothing: sensitivity + specificity is not above 1."""

    def __init__(self) -> None:
        super().__init__(
            Text("这些质检员的结果不比抛硬币好，无法据此校正。", "These marks are no better than a coin."),
            why=Text("灵敏度与特异度之和不大于 1。", "Sensitivity and specificity do not add up to more than 1."),
            remedy=Text("请先校准质检员，再作校正。", "Calibrate the raters first."),
        )


@dataclass(frozen=True, slots=True)
class Checked:
    """Contacts of which the truth is known (an expert marked them too), and how the raters marked them."""

    good: int
    good_passed: int
    bad: int
    bad_failed: int


def corrected(rate: float, sensitivity: float, specificity: float) -> float:
    """The true rate behind an observed one (Rogan and Gladen 1978, Am. J. Epidemiol. 107:71, equation 1), in 0 to 1.

    Args:
        rate: share that the raters passed.
        sensitivity: share of good contacts that they pass.
        specificity: share of bad contacts that they fail.

    Raises:
        NoBetterThanChance: sensitivity + specificity <= 1.

    >>> round(corrected(0.79, 0.95, 0.85), 10)
    0.8
    """
    if sensitivity + specificity <= 1:
        raise NoBetterThanChance
    return float(np.clip((rate + specificity - 1) / (sensitivity + specificity - 1), 0, 1))


def corrected_rate(
    rng: np.random.Generator, passed: int, rows: int, of: Checked, draws: int = DRAWS, level: float = LEVEL
) -> Estimate:
    """The corrected rate with an interval that carries the error of all three shares (parametric bootstrap).

    Shares are drawn from their Jeffreys posteriors, so that a check in which nobody erred is not taken for proof that
    nobody errs.

    Raises:
        NoBetterThanChance: as ``corrected``, of the shares observed.
    """
    value = corrected(passed / rows, of.good_passed / of.good, of.bad_failed / of.bad)
    pairs = ((passed, rows), (of.good_passed, of.good), (of.bad_failed, of.bad))
    rate, sensitivity, specificity = (rng.beta(k + 0.5, n - k + 0.5, draws) for k, n in pairs)
    better = sensitivity + specificity > 1
    drawn = np.clip((rate + specificity - 1)[better] / (sensitivity + specificity - 1)[better], 0, 1)
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(value, min(float(low), value), max(float(high), value), level)


def weighted_rate(passed: Floats, chance: Floats, cluster: Places, level: float = LEVEL) -> Estimate:
    """The rate among all contacts where risky ones were sampled more: each counts 1 / its chance to be sampled.

    Hájek's ratio (Särndal, Swensson and Wretman 1992, equation 5.8.3) with clusters as the unit and Student's t.

    Args:
        passed: 1 or 0 a contact.
        chance: its chance to be sampled, above 0.
        cluster: its rater or agent; at least two.
        level: of the interval.
    """
    weight = 1 / chance
    rate = float((weight * passed).sum() / weight.sum())
    parts = np.bincount(cluster, weight * (passed - rate))
    groups = len(np.unique(cluster))
    error = np.sqrt(groups / (groups - 1) * (parts**2).sum()) / weight.sum()
    reach = float(stats.t.ppf((1 + level) / 2, groups - 1) * error)
    return Estimate(rate, max(0.0, rate - reach), min(1.0, rate + reach), level)
