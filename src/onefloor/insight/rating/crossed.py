"""Severity of raters from scores: score = mean + contact + rater + error, contacts and raters both drawn at random.

Restricted maximum likelihood (Patterson and Thompson 1971, Biometrika 58:545), with the contacts taken out of the
equations by hand (they are many), so that what is inverted is as large as the raters are many.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import optimize, sparse, stats

from onefloor.insight.finding import LEVEL, Estimate
from onefloor.insight.rating.marks import Floats, Marks

LEAST, LARGEST = -14.0, 7.0  # of the logarithm of a variance against that of the error
AS_THEY_ARE = 1e6  # a variance of the raters at which nothing pulls them together


@dataclass(frozen=True, slots=True)
class Crossed:
    """The fitted model, in points (points squared for variances).

    ``severity`` are the raters' effects and ``covariance`` that of their prediction error; ``fixed`` and
    ``fixed_covariance`` are the same with raters taken as they are instead of pulled towards their mean, up to a
    common constant. ``freedom`` are the degrees of freedom of the error within contacts. ``contact`` is None where no
    contact has two marks: it cannot be told from the error then.
    """

    mean: float
    contact: float | None
    rater: float
    error: float
    severity: Floats
    covariance: Floats
    fixed: Floats
    fixed_covariance: Floats
    freedom: int

    @property
    def one_rater(self) -> float | None:
        """ICC(A,1): which share of the variance of one rater's scores is the contacts' own."""
        return None if self.contact is None else self.contact / (self.contact + self.rater + self.error)


@dataclass(frozen=True, slots=True)
class _Sums:
    """Of each contact its marks, their sum, and how many of them each rater gave; and the plain sums."""

    marks: Floats
    total: Floats
    by_rater: Any  # sparse, contacts x raters
    score: Floats
    rater_marks: Floats
    rater_total: Floats


def crossed(marks: Marks) -> Crossed:
    """Fit the model to scores; at least two raters, two contacts and some spread."""
    sums, doubled = _sums(marks), marks.shared > 0
    start = np.array([0.0, -2.0]) if doubled else np.array([-2.0])
    bounds = [(LEAST, LARGEST)] * len(start)
    found = optimize.minimize(lambda at: _deviance(sums, at), start, method="L-BFGS-B", bounds=bounds)
    ratio = np.exp(found.x)
    contact = float(ratio[0]) if doubled else 0.0
    random, fixed = _solved(sums, contact, float(ratio[-1])), _solved(sums, contact, AS_THEY_ARE)
    error = random.error
    return Crossed(
        mean=float(marks.value.mean() + random.effects[0]),
        contact=contact * error if doubled else None,
        rater=float(ratio[-1]) * error,
        error=error,
        severity=random.effects[1:],
        covariance=random.inverse[1:, 1:] * error,
        fixed=fixed.effects[1:] - fixed.effects[1:].mean(),
        fixed_covariance=fixed.inverse[1:, 1:] * error,
        freedom=max(1, len(marks) - len(marks.raters) - marks.shared + 1),
    )


def _sums(marks: Marks) -> _Sums:
    contacts, raters = len(marks.contacts), len(marks.raters)
    score = marks.value - marks.value.mean()
    grid = sparse.csr_matrix((np.ones(len(marks)), (marks.contact, marks.rater)), (contacts, raters))
    return _Sums(
        marks=np.bincount(marks.contact, minlength=contacts).astype(float),
        total=np.bincount(marks.contact, score, contacts).astype(float),
        by_rater=grid,
        score=score,
        rater_marks=np.bincount(marks.rater, minlength=raters).astype(float),
        rater_total=np.bincount(marks.rater, score, raters).astype(float),
    )


@dataclass(frozen=True, slots=True)
class _Solved:
    effects: Floats  # the mean, then the raters
    inverse: Floats
    rest: float  # what the model leaves of the sum of squares
    log_determinant: float
    error: float


def _solved(sums: _Sums, contact: float, rater: float) -> _Solved:
    """The mixed model equations (Henderson 1975, Biometrics 31:423) for given variances in units of the error's."""
    pull = contact / (1 + sums.marks * contact)  # what a contact's own mean takes out
    raters = len(sums.rater_marks)
    crossing = sums.by_rater.T @ (pull * sums.marks)
    matrix = np.empty((raters + 1, raters + 1))
    matrix[0, 0] = len(sums.score) - pull @ sums.marks**2
    matrix[0, 1:] = matrix[1:, 0] = sums.rater_marks - crossing
    matrix[1:, 1:] = np.diag(sums.rater_marks + 1 / rater)
    matrix[1:, 1:] -= (sums.by_rater.T @ sums.by_rater.multiply(pull[:, None])).toarray()
    right = np.r_[sums.score.sum() - pull @ (sums.marks * sums.total), sums.rater_total]
    right[1:] -= sums.by_rater.T @ (pull * sums.total)
    inverse = np.asarray(np.linalg.inv(matrix), float)
    effects = inverse @ right
    rest = float(sums.score @ sums.score - pull @ sums.total**2 - right @ effects)
    freedom = len(sums.score) - 1
    determinant = np.log1p(sums.marks * contact).sum() + raters * np.log(rater) + np.linalg.slogdet(matrix)[1]
    return _Solved(effects, inverse, rest, float(determinant), max(rest, 1e-12) / freedom)


def _deviance(sums: _Sums, at: Floats) -> float:
    """-2 x the restricted log likelihood, but for a constant; ``at`` are the logarithms of the variance ratios."""
    ratio = np.exp(at)
    found = _solved(sums, float(ratio[0]) if len(ratio) == 2 else 0.0, float(ratio[-1]))
    return (len(sums.score) - 1) * float(np.log(found.error)) + found.log_determinant


def contrasts(
    effects: Floats, covariance: Floats, each: Floats, level: float = LEVEL, freedom: float = np.inf
) -> list[Estimate]:
    """Weighted sums of effects with intervals of Student's t; ``each`` has a contrast a row, weights adding to 0."""
    values = each @ effects
    errors = np.sqrt(np.maximum(np.diag(each @ covariance @ each.T), 0.0))
    reach = float(stats.t.ppf((1 + level) / 2, freedom)) * errors
    return [Estimate(float(v), float(v - r), float(v + r), level) for v, r in zip(values, reach, strict=True)]


def against_the_mean(raters: int) -> Floats:
    """Every rater against the mean of all of them."""
    return np.asarray(np.eye(raters) - 1 / raters)


def between(first: Floats, second: Floats) -> Floats:
    """The mean of some raters minus that of others, as one row; masks over the raters."""
    return np.asarray((first / first.sum() - second / second.sum())[None, :])
