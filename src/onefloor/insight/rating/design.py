"""Double-blind scoring: how many contacts two raters must mark unseen, and how many raters a verdict needs."""

from __future__ import annotations

from math import ceil

from scipy import stats

from onefloor.insight.finding import LEVEL
from onefloor.insight.rating.penalty import POWER, clustered_chance

MOST_RATERS = 200


def contacts_for_agreement(agreement: float, half_width: float, level: float = LEVEL) -> int:
    """Contacts to mark twice until the raw agreement is known to within ± ``half_width`` (both are shares).

    The normal approximation of a share (Cochran 1977, equation 4.2).

    >>> contacts_for_agreement(0.87, 0.05)
    174
    """
    z = float(stats.norm.ppf((1 + level) / 2))
    return ceil(z * z * agreement * (1 - agreement) / half_width**2)


def contacts_for_severity(half_width: float, error_sd: float, raters: int, marks: int = 2, level: float = LEVEL) -> int:
    """Contacts to mark ``marks`` times until every rater's severity is known to within ± ``half_width``.

    Balanced incomplete blocks (Cochran and Cox 1957, Experimental Designs, section 11.1): contacts are blocks of
    ``marks`` raters, and what two raters see alike cancels; efficiency raters x (marks - 1) / (marks x (raters - 1)).

    Args:
        half_width: in the unit of the scores.
        error_sd: what is left in a score when contact and rater are known, in the same unit.
        raters: how many take part, at least 2.
        marks: marks per contact, 2 to ``raters``.
        level: of the interval.

    >>> contacts_for_severity(1.0, error_sd=5.0, raters=6)
    401
    """
    z = float(stats.norm.ppf((1 + level) / 2))
    efficiency = raters * (marks - 1) / (marks * (raters - 1))
    of_each = (z * error_sd / half_width) ** 2 * (1 - 1 / raters) / efficiency
    return ceil(of_each * raters / marks)


def raters_needed(
    true: float, target: float, rows: int, rater_sd: float, power: float = POWER, level: float = LEVEL
) -> int | None:
    """The fewest raters with whom the rater-aware bound misses with ``power``; None if ``MOST_RATERS`` do not do.

    Args as for ``penalty.clustered_chance``.
    """
    tried = range(2, MOST_RATERS + 1)
    return next((n for n in tried if clustered_chance(true, target, rows, n, rater_sd, level) >= power), None)
