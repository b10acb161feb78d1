"""Rare events: contacts or days between one event and the next (g and t charts).

Where a day holds less than one event, a chart of days is mostly zeros; what lies between events says more.
"""

from __future__ import annotations

import numpy as np

from onefloor.insight.charts.limits import Floats, Limits, individuals

BENDING = 1 / 3.6  # an exponential time to this power is nearly normal


def between_counts(gaps: Floats) -> Limits:
    """The g chart: limits of the number of contacts between two events.

    Benneyan 2001, Health Care Management Science 4, 305-318: mean -/+ 3 sqrt(mean (mean + 1)), the lower end at 0.
    """
    centre = np.full(len(gaps), gaps.mean())
    reach = 3 * np.sqrt(centre * (centre + 1))
    return Limits(np.maximum(centre - reach, 0), centre, centre + reach)


def between_times(gaps: Floats) -> Limits:
    """The t chart: limits of the times between two events, made of individual values of time^(1/3.6).

    Nelson 1994, Journal of Quality Technology 26, 239-244; Montgomery, section 7.3.4.
    """
    bent, _ = individuals(gaps**BENDING)
    ends = (np.maximum(end, 0) ** (1 / BENDING) for end in (bent.low, bent.centre, bent.high))
    return Limits(*ends)


def gaps_between(events: Floats, contacts: Floats) -> tuple[Floats, np.ndarray]:
    """How many contacts lie between one event and the next, from sums by day, and the place of the day it ends on.

    The events of a day count as evenly spread over its contacts. The gap before the first event is left out.
    """
    before = np.r_[0.0, np.cumsum(contacts)[:-1]]
    days = np.repeat(np.arange(len(events)), events.astype(np.int64))
    number = np.concatenate([np.arange(int(count)) for count in events]) if len(events) else np.zeros(0)
    at = before[days] + (number + 0.5) / np.maximum(events[days], 1) * contacts[days]
    return np.diff(at), days[1:]


def gap_scores(gaps: Floats, usual: float) -> Floats:
    """Gaps as standardised points: above 0 where events come faster than usual.

    The exponential probability of a gap at least so long, as a normal quantile (probability limits of t charts).

    Args:
        gaps: contacts between events.
        usual: the mean gap of the base period.
    """
    from scipy.stats import norm

    return np.asarray(norm.ppf(np.clip(np.exp(-gaps / usual), 1e-12, 1 - 1e-12)))
