"""The true rate behind a rate that raters who err have measured."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from onefloor.insight.finding import LEVEL, Estimate
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


class BadCheck(Problem):
    """A check that cannot be read, or in which more were marked rightly than there were."""

    def __init__(self, text: str) -> None:
        super().__init__(
            Text(f"“{text}”不是校准结果。", f'"{text}" is no check of raters.'),
            remedy=Text(
                "请写“判合格/真合格,判不合格/真不合格”，例如 38/40,17/20。",
                "Write passed/good,failed/bad, such as 38/40,17/20: of 40 good contacts they passed 38, of 20 bad ones "
                "they failed 17.",
            ),
        )


def checked(text: str) -> Checked:
    """What a check found, from ``38/40,17/20``.

    Raises:
        BadCheck: it is none.

    >>> checked("38/40,17/20")
    Checked(good=40, good_passed=38, bad=20, bad_failed=17)
    """
    pairs = re.fullmatch(r"\s*(\d+)/(\d+)\s*,\s*(\d+)/(\d+)\s*", text)
    if pairs is None:
        raise BadCheck(text)
    passed, good, failed, bad = (int(one) for one in pairs.groups())
    if passed > good or failed > bad or not good or not bad:
        raise BadCheck(text)
    return Checked(good, passed, bad, failed)


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
