"""Agreement of raters: raw, Krippendorff's alpha, Gwet's AC1, the kappas of Cohen and Fleiss; intervals by contacts.

A table has a contact a row and a rater a column; NaN where a rater has not marked. Contacts with one mark say nothing
about agreement, but how often each value is given at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from onefloor.insight.finding import LEVEL, Estimate
from onefloor.insight.rating.marks import Floats

Scale = Literal["nominal", "ordinal", "interval", "ratio"]
Statistic = Callable[[Floats], float]
"""A figure of the contacts, given how often each is taken."""
DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each value was given to each contact: ``count[contact, value]``, with the values in order."""

    count: Floats
    values: Floats

    @property
    def marks(self) -> Floats:
        """Marks of each contact."""
        return np.asarray(self.count.sum(axis=1))

    @property
    def paired(self) -> Floats:
        """1 for a contact with two marks or more, 0 for one with a single mark."""
        return np.asarray(self.marks >= 2, float)


def counts(table: Floats) -> Counts:
    """The counts of a table of marks; contacts without any are left out."""
    table = table[(~np.isnan(table)).any(axis=1)]
    given = ~np.isnan(table)
    values, place = np.unique(table[given], return_inverse=True)
    held = np.zeros((len(table), len(values)))
    np.add.at(held, (np.nonzero(given)[0], place), 1.0)
    return Counts(held, values)


def ones(of: Counts) -> Floats:
    """Every contact once."""
    return np.ones(len(of.count))


def _pairs(of: Counts) -> Floats:
    """Of each contact its ordered pairs of marks; 1 where there is none, so that one may divide."""
    return np.maximum(of.marks * (of.marks - 1), 1.0)


def coincidences(of: Counts, weight: Floats) -> Floats:
    """The coincidence matrix, values x values: every pair of marks of a contact, 1 / (marks - 1) each.

    Krippendorff 2011, Computing Krippendorff's alpha-reliability, section C; ``weight`` is how often a contact is
    taken.
    """
    each = weight * of.paired / np.maximum(of.marks - 1, 1)
    return np.asarray((of.count.T * each) @ of.count - np.diag(each @ of.count))


def distances(values: Floats, totals: Floats, scale: Scale) -> Floats:
    """Squared differences between values (Krippendorff 2011, section E); ``totals`` are their marks, for ranks."""
    match scale:
        case "nominal":
            return 1.0 - np.eye(len(values))
        case "interval":
            return np.subtract.outer(values, values) ** 2
        case "ratio":
            over = np.add.outer(values, values)
            return np.where(over == 0, 0.0, np.subtract.outer(values, values) / np.where(over == 0, 1, over)) ** 2
    rank = np.cumsum(totals) - totals / 2
    return np.subtract.outer(rank, rank) ** 2


def alpha(of: Counts, weight: Floats, scale: Scale = "nominal") -> float:
    """Krippendorff's alpha, 1 - observed / expected disagreement; NaN where all marks are the same.

    Krippendorff 2011, equation of section D. 1 is perfect, 0 what chance gives, below 0 worse than chance.
    """
    together = coincidences(of, weight)
    totals = together.sum(axis=1)
    apart = distances(of.values, totals, scale)
    expected = (totals @ apart @ totals) / (totals.sum() - 1)
    return float(1 - (together * apart).sum() / expected) if expected > 0 else float("nan")


def _agreeing(of: Counts) -> Floats:
    """Of each contact the share of its pairs of marks that are equal."""
    return np.asarray((of.count * (of.count - 1)).sum(axis=1) / _pairs(of))


def _mean(of: Counts, weight: Floats, each: Floats) -> float:
    """The mean over contacts with two marks or more; NaN without any."""
    taken = weight * of.paired
    return float(taken @ each / taken.sum()) if taken.any() else float("nan")


def _shares(of: Counts, weight: Floats) -> Floats:
    """How often each value is given, contacts counting alike."""
    return np.asarray(weight @ (of.count / of.marks[:, None]) / weight.sum())


def raw(of: Counts, weight: Floats) -> float:
    """The share of pairs of marks that are equal, contacts counting alike."""
    return _mean(of, weight, _agreeing(of))


def ac1(of: Counts, weight: Floats) -> float:
    """Gwet's AC1: agreement beyond a chance that does not explode when nearly all marks are the same.

    Gwet 2008, Br. J. Math. Stat. Psychol. 61:29, equation 5, for any number of raters and missing marks:
    (p_a - p_e) / (1 - p_e), p_e = sum of share x (1 - share) / (values - 1). NaN with one value only.
    """
    if len(of.values) < 2:
        return float("nan")
    share = _shares(of, weight)
    chance = float((share * (1 - share)).sum()) / (len(of.values) - 1)
    return (raw(of, weight) - chance) / (1 - chance)


def ac1_error(of: Counts) -> float:
    """The standard error of AC1 with contacts as the sample, no finite population correction.

    Gwet 2014, Handbook of Inter-Rater Reliability, section 5.3: how far each contact moves the figure.
    """
    found, part, size = ac1(of, ones(of)), _shares(of, ones(of)), len(of.count)
    chance = float((part * (1 - part)).sum()) / (len(of.values) - 1)
    each = of.paired * size / of.paired.sum() * (_agreeing(of) - chance) / (1 - chance)
    own = (of.count / of.marks[:, None] * (1 - part)).sum(axis=1) / (len(of.values) - 1)
    moved = each - 2 * (1 - found) * (own - chance) / (1 - chance)
    return float(np.sqrt(((moved - found) ** 2).sum() / (size * (size - 1))))


def fleiss(of: Counts, weight: Floats) -> float:
    """Fleiss' kappa (1971, Psychol. Bull. 76:378, equation 7), for differing numbers of marks as for AC1."""
    chance = float((_shares(of, weight) ** 2).sum())
    return (raw(of, weight) - chance) / (1 - chance) if chance < 1 else float("nan")


def cohen(first: Floats, second: Floats) -> float:
    """Cohen's kappa of two raters (1960, Educ. Psychol. Meas. 20:37, equation 1); marks of equal length, no NaN."""
    values = np.unique(np.concatenate([first, second]))
    one, two = (np.array([(marks == value).mean() for value in values]) for marks in (first, second))
    chance = float(one @ two)
    return (float((first == second).mean()) - chance) / (1 - chance) if chance < 1 else float("nan")


def resampled(
    rng: np.random.Generator, contacts: int, statistic: Statistic, draws: int = DRAWS, level: float = LEVEL
) -> Estimate:
    """A statistic with its interval: whole contacts are drawn again, never single marks (percentile bootstrap).

    Draws in which the statistic does not exist (all marks the same) are left out; without any other nothing is
    known: the interval has no ends.
    """
    value = statistic(np.ones(contacts))
    weights = rng.multinomial(contacts, np.full(contacts, 1 / contacts), draws).astype(float)
    drawn = np.array([statistic(weight) for weight in weights])
    drawn = drawn[~np.isnan(drawn)]
    if not len(drawn):
        return Estimate(value, -np.inf, np.inf, level)
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(value, float(low), float(high), level)
