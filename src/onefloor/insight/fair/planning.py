"""Before the comparison: what could be seen with these people, and how many contacts a fair slice needs."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, inf, sqrt

from scipy import stats

from onefloor.insight.finding import LEVEL

POWER = 0.8


def detectable(error: float, freedom: int, power: float = POWER, level: float = LEVEL) -> float:
    """The smallest true difference that is found with ``power``: (t of the level + t of the power) x error.

    Bloom (1995), "minimum detectable effects"; it knows the error, not the difference.
    """
    return float(_multiple(freedom, power, level)) * error


def _multiple(freedom: int, power: float = POWER, level: float = LEVEL) -> float:
    return float(stats.t.ppf((1 + level) / 2, freedom) + stats.t.ppf(power, freedom))


@dataclass(frozen=True, slots=True)
class Slice:
    """How many contacts to route by lot to each of two companies.

    ``contacts`` is None where no number is enough, because too few agents answer them; ``smallest`` is the difference
    that could be seen with any number of contacts.
    """

    difference: float
    contacts: int | None
    smallest: float
    agents: tuple[int, int]


def fair_slice(difference: float, variance: float, between: float, agents: tuple[int, int]) -> Slice:
    """A fair slice: contacts that a lot sends to one of two companies, so that nothing but the company differs.

    The error of the difference is between^2 (1/G0 + 1/G1) + 2 variance / n with n contacts a company; solved for n
    (Donner & Klar 2000, 4.1, with agents as clusters).

    Args:
        difference: what is to be seen, above 0.
        variance: of one contact's outcome, p (1 - p) of a share.
        between: standard deviation between agents of a company.
        agents: how many will answer, (ours, theirs), two or more each.

    >>> fair_slice(0.04, 0.21, 0.05, (60, 60)).contacts
    3690
    """
    multiple = _multiple(min(agents) - 1)
    fixed = between**2 * (1 / agents[0] + 1 / agents[1])
    smallest = multiple * sqrt(fixed)
    room = (difference / multiple) ** 2 - fixed if difference > 0 else -inf
    contacts = ceil(2 * variance / room) if room > 0 else None
    return Slice(difference, contacts, smallest, agents)
