"""How strict raters and companies are, in points, from scores or from passes: one answer for both kinds of marks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from onefloor.insight.finding import LEVEL, Estimate
from onefloor.insight.rating.crossed import Crossed, against_the_mean, between, contrasts, crossed
from onefloor.insight.rating.marks import Floats, Marks
from onefloor.insight.rating.passing import passing


@dataclass(frozen=True, slots=True)
class Severity:
    """What each rater gives the same contacts, in points up to a common constant; higher is milder.

    Raters are taken as they are: pulled towards their mean their intervals would be too short with few raters (three
    raters: .86 instead of .95). ``model`` is the fit behind scores, None for passes. ``error_sd`` is what is left in
    one mark, in points.
    """

    effects: Floats
    covariance: Floats
    error_sd: float
    model: Crossed | None
    freedom: float = np.inf


def severity(marks: Marks) -> Severity:
    """Fit the model that the marks call for."""
    if marks.passed:
        fit = passing(marks)
        spread = float(np.sqrt(fit.rate.mean() * (1 - fit.rate.mean())))
        return Severity(fit.rate * 100, fit.rate_covariance * 10_000, spread * 100, None)
    found = crossed(marks)
    return Severity(found.fixed, found.fixed_covariance, float(np.sqrt(found.error)), found, found.freedom)


def of_raters(found: Severity, level: float = LEVEL) -> list[Estimate]:
    """Every rater against the mean of all of them; below 0 is stricter."""
    return contrasts(found.effects, found.covariance, against_the_mean(len(found.effects)), level, found.freedom)


def of_company(found: Severity, marks: Marks, company: str, other: str, level: float = LEVEL) -> Estimate:
    """The raters of a company against those of another, as they are; below 0 is stricter."""
    each = between(_of(marks, company), _of(marks, other))
    (estimate,) = contrasts(found.effects, found.covariance, each, level, found.freedom)
    return estimate


def at_large(found: Severity, marks: Marks, company: str, other: str, level: float = LEVEL) -> Estimate | None:
    """The same said of the companies' raters in general, with raters as the unit; None below two raters a side.

    Welch 1947 (Biometrika 34:28) on the raters' effects: what other raters of the same companies would do.
    """
    sides = [found.effects[_of(marks, name) > 0] for name in (company, other)]
    if min(map(len, sides)) < 2:
        return None
    value = float(sides[0].mean() - sides[1].mean())
    parts = [float(side.var(ddof=1)) / len(side) for side in sides]
    freedom = sum(parts) ** 2 / sum(p * p / (len(side) - 1) for p, side in zip(parts, sides, strict=True))
    reach = float(stats.t.ppf((1 + level) / 2, freedom)) * float(np.sqrt(sum(parts)))
    return Estimate(value, value - reach, value + reach, level)


def shared_by(marks: Marks, company: str, other: str) -> int:
    """How many contacts raters of both companies have marked."""
    seen = [np.zeros(len(marks.contacts), bool) for _ in range(2)]
    for mask, name in zip(seen, (company, other), strict=True):
        mask[marks.contact[_of(marks, name)[marks.rater] > 0]] = True
    return int((seen[0] & seen[1]).sum())


def _of(marks: Marks, company: str) -> Floats:
    return np.array([float(name == company) for name in marks.companies])
