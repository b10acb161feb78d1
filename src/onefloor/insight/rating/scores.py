"""Agreement in scores, by sums over each contact: there may be as many different scores as marks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from onefloor.insight.rating.marks import Floats


@dataclass(frozen=True, slots=True)
class Sums:
    """Of each contact with two marks or more: its marks, their sum, their sum of squares, and of its pairs of marks
    the share that is near.
    """  # fmt: skip

    marks: Floats
    total: Floats
    squares: Floats
    near: Floats


def sums(table: Floats, tolerance: float) -> Sums:
    """The sums of a table of scores, contacts x raters with NaN; two scores are near within ``tolerance`` points."""
    given = ~np.isnan(table)
    table, given = table[given.sum(axis=1) >= 2], given[given.sum(axis=1) >= 2]
    filled, marks = np.where(given, table, 0.0), given.sum(axis=1).astype(float)
    pairs = np.zeros(len(table))
    for place in range(table.shape[1]):  # a rater against all: contacts x raters at a time
        close = np.abs(table - table[:, [place]]) <= tolerance
        close[:, place] = False
        pairs += close.sum(axis=1)
    return Sums(marks, filled.sum(axis=1), (filled**2).sum(axis=1), pairs / (marks * (marks - 1)))


def alpha_of_scores(of: Sums, weight: Floats) -> float:
    """Krippendorff's alpha for scores on an interval scale, equal to ``agreement.alpha(..., "interval")``.

    The squared differences of all pairs of n numbers add up to 2 n sum x^2 - 2 (sum x)^2. NaN where all are the same.
    """
    each = (2 * of.marks * of.squares - 2 * of.total**2) / (of.marks - 1)
    marks, total = weight @ of.marks, weight @ of.total
    expected = (2 * marks * (weight @ of.squares) - 2 * total**2) / (marks - 1)
    return float(1 - weight @ each / expected) if expected > 1e-9 else float("nan")


def near(of: Sums, weight: Floats) -> float:
    """The share of pairs of scores that are near, contacts counting alike."""
    return float(weight @ of.near / weight.sum())
