"""How far a figure can be trusted: the range in which the true value lies, and whether a change is beyond chance.

Rational arithmetic but for square roots, which are taken to 40 digits by integers: every machine gets the same ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import isqrt
from typing import Final, Literal

from onefloor.findings import Figure
from onefloor.metrics.metric import Atom, Metric, Unit

Z: Final = Fraction(1_959_963_984_540_054, 10**15)  # 97.5 % of the standard normal distribution
DIGITS: Final = 10**40
JUDGED_FROM: Final = 30  # rows below which a share is shown, but not judged
DAYS_FROM: Final = 7  # days below which a mean has no range
PERIODS_FROM: Final = 6  # earlier periods below which no change is judged
D2: Final = Fraction(1_128, 1_000)  # expected moving range of two, in standard deviations

Direction = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class Range:
    """The range in which the true value lies with 95 %, in the metric's unit."""

    low: Fraction
    high: Fraction

    def holds(self, value: Fraction) -> bool:
        """Whether a value, such as a target, lies in it: then nobody can tell on which side the truth is."""
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Limits:
    """What a period's value may be by chance alone, given the periods before it.

    ``bounded``: whether an end would lie where no value of the metric can, below 0 or above the whole, and was put on
    that edge.
    """

    low: Fraction
    centre: Fraction
    high: Fraction
    bounded: bool = False

    def signal(self, value: Fraction) -> Direction | None:
        """The way a value moved beyond chance; None if it did not."""
        return "up" if value > self.high else "down" if value < self.low else None


def is_proportion(metric: Metric) -> bool:
    """Whether a metric is a share of counted rows, the only kind that has a Wilson interval."""
    up, down = metric.numerator, metric.denominator
    counted = isinstance(up, Atom) and isinstance(down, Atom) and up.sum is None and down.sum is None
    return counted and metric.unit is Unit.PERCENT and up.times == down.times == 1  # type: ignore[union-attr]


def wilson(hits: int, rows: int) -> tuple[Fraction, Fraction]:
    """The 95 % score interval of a share (Wilson 1927, J. Am. Stat. Assoc. 22, eq. 3; no continuity correction).

    >>> from onefloor.money import rounded
    >>> [str(rounded(end * 100, 1)) for end in wilson(112, 150)]
    ['67.2', '81.0']
    """
    share, z2 = Fraction(hits, rows), Z * Z
    if not 0 <= share <= 1:
        return share, share  # no share of rows: only a forged bundle says so, and is found out by recomputing
    middle = share + z2 / (2 * rows)
    half = Z * root(share * (1 - share) / rows + z2 / (4 * rows * rows))
    whole = 1 + z2 / rows
    return (middle - half) / whole, (middle + half) / whole


def range_of(metric: Metric, figure: Figure, days: Sequence[Figure] = ()) -> Range | None:
    """The 95 % range of a figure; None where there is no honest one.

    A share of counted rows has a Wilson interval. Any other quotient (a mean, an occupancy) has that of a ratio
    estimator with the days as what was sampled (Cochran 1977, Sampling Techniques, section 6.3, without finite
    population correction, t quantile): contacts of one day are alike, days much less so.

    Args:
        metric: whose figure it is.
        figure: the figure.
        days: its figures by day; they add up to it. Needed for what is no share of counted rows.
    """
    if metric.denominator is None or not figure.denominator:
        return None
    if is_proportion(metric):
        ends = wilson(figure.numerator, figure.denominator)
    elif metric.additive and len(held := [day for day in days if day.denominator]) >= DAYS_FROM:
        ends = by_days(held)
    else:
        return None
    return Range(ends[0] * metric.scale, ends[1] * metric.scale)


def by_days(days: Sequence[Figure]) -> tuple[Fraction, Fraction]:
    """The 95 % interval of a quotient of sums from its figures by day; at least two days, each with a denominator."""
    count = len(days)
    above, below = sum(day.numerator for day in days), sum(day.denominator for day in days)
    ratio = Fraction(above, below)
    # Common denominator taken out: integers only, however many days.
    squares = sum((day.numerator * below - above * day.denominator) ** 2 for day in days)
    variance = Fraction(squares * count, (count - 1) * below**4)
    half = student(count - 1) * root(variance)
    return ratio - half, ratio + half


def enough(metric: Metric, figure: Figure, minimum: int = JUDGED_FROM) -> bool:
    """Whether there are rows enough to judge a figure; a quantity or a quotient of sums needs only a denominator."""
    least = max(metric.minimum_sample, minimum if is_proportion(metric) else 1)
    return metric.denominator is None or figure.denominator >= least


def limits(earlier: Sequence[Fraction]) -> Limits | None:
    """The natural limits of a series of values: mean and mean moving range (Shewhart's chart of individual values).

    Formula: NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2: mean -/+ 3 x mean moving range / 1.128.

    Args:
        earlier: the values before the one to be judged, oldest first, gaps left out; None below ``PERIODS_FROM``.
    """
    if len(earlier) < PERIODS_FROM:
        return None
    centre = sum(earlier, Fraction(0)) / len(earlier)
    moved = sum((abs(new - old) for old, new in pairwise(earlier)), Fraction(0))
    reach = 3 * moved / (len(earlier) - 1) / D2
    return Limits(centre - reach, centre, centre + reach)


def share_limits(earlier: Sequence[Figure], last: Figure) -> Limits | None:
    """The natural limits of a share of counted rows for a period of so many rows as ``last`` has.

    Laney 2002 (Quality Engineering 14, 531-537), the p' chart: the standard error of a share of the period's own rows,
    times how much more the earlier shares vary from one to the next than their errors explain. With as many rows in
    every period these are the limits of individual values; with fewer rows they are wider. In units of the quotient.

    Args:
        earlier: the figures before the one to be judged, oldest first, each with rows; None below ``PERIODS_FROM``.
        last: the figure to be judged, of which only the denominator counts.
    """
    if len(earlier) < PERIODS_FROM:
        return None
    centre = Fraction(sum(one.numerator for one in earlier), sum(one.denominator for one in earlier))
    spread = root(abs(centre * (1 - centre)))
    if not spread:
        return Limits(centre, centre, centre)
    scores = [
        (Fraction(one.numerator, one.denominator) - centre) * root(Fraction(one.denominator)) / spread
        for one in earlier
    ]
    moved = sum((abs(new - old) for old, new in pairwise(scores)), Fraction(0)) / (len(scores) - 1)
    reach = 3 * moved / D2 * spread / root(Fraction(last.denominator))
    return within(Limits(centre - reach, centre, centre + reach), Fraction(1))


def within(found: Limits, most: Fraction | None) -> Limits:
    """Limits no lower than 0 and no higher than ``most``, the whole of what can be: nothing lies beyond."""
    low = max(found.low, Fraction(0))
    high = found.high if most is None else min(found.high, most)
    return Limits(low, found.centre, high, bounded=(low, high) != (found.low, found.high))


def student(freedom: int) -> Fraction:
    """97.5 % of Student's t for six degrees of freedom or more, to three decimals.

    Abramowitz and Stegun 1964, 26.7.5: an expansion around the normal quantile.

    >>> float(student(6)), float(student(30))
    (2.447, 2.042)
    """
    z, v = Z, Fraction(freedom)
    terms = (
        z,
        (z**3 + z) / (4 * v),
        (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2),
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3),
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92_160 * v**4),
    )
    return Fraction(round(sum(terms) * 1000), 1000)


def root(square: Fraction) -> Fraction:
    """The square root, to 40 digits, from below."""
    return Fraction(isqrt(int(square * DIGITS * DIGITS)), DIGITS)
