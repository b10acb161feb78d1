"""What an option has to do: contacts with their repeats, hours and people, month by month."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from onefloor.insight.sourcing.inputs import EVERYBODY, OVER, TERMS, Values, ramp_key
from onefloor.insight.sourcing.spread import Floats
from onefloor.insight.sourcing.terms import Option

MONTHS_A_YEAR = 12
SECONDS_AN_HOUR, SECONDS_A_MINUTE = 3600, 60


@dataclass(frozen=True, slots=True)
class Work:
    """An option's work; arrays of ``(rows, months)``.

    ``rate`` is the share of contacts that resolve their issue.
    """

    option: Option
    values: Values
    months: int
    contacts: Floats
    rate: Floats

    @property
    def resolved(self) -> Floats:
        """Issues resolved."""
        return self.contacts * self.rate

    @property
    def lost(self) -> Floats:
        """Issues neither resolved nor called about again."""
        return self.contacts * (1 - self.rate) * (1 - self.values[EVERYBODY, "again"])


def issues(values: Values, months: int) -> Floats:
    """New issues of every month, ``(rows, months)``."""
    growth = values.get((EVERYBODY, "growth"), np.zeros((1, 1)))
    return values[EVERYBODY, "volume"] * (1 + growth) ** (np.arange(months)[None, :] / MONTHS_A_YEAR)


def work(option: Option, values: Values, demand: Floats) -> Work:
    """The work of ``demand`` issues (``(rows, months)``).

    An unresolved caller calls again with probability r and meets the same chance f: an issue makes 1 / (1 - (1 - f) r)
    contacts, the mean of a geometric series.
    """
    months = demand.shape[1]
    rate = _resolved(option, values) * _ramped(option, values, "resolved", months)
    rate = np.clip(rate, TERMS["resolved"].least, 1)
    return Work(option, values, months, demand / (1 - (1 - rate) * values[EVERYBODY, "again"]), rate)


def of(option: Option, values: Values, name: str) -> Floats:
    """A term of an option: its own value, or the reference's and the difference that was measured."""
    over = values.get((option.id, name + OVER))
    kind = TERMS[name]
    if over is None:
        return values[option.id, name]
    return np.clip(values[option.over_whom, name] + over, kind.least, kind.most)


def _resolved(option: Option, values: Values) -> Floats:
    """The share resolved at first contact, stated or from contacts without a repeat.

    A caller who was not helped and gives up makes no repeat: with g contacts without a repeat, g = 1 - (1 - f) r.
    """
    if option.resolved is not None:
        return of(option, values, "resolved")
    again = np.maximum(values[EVERYBODY, "again"], TERMS["resolved"].least)
    without = of(option, values, "without_repeat")
    return np.clip(1 - (1 - without) / again, TERMS["resolved"].least, 1)


def _ramped(option: Option, values: Values, name: str, months: int) -> Floats:
    """The factor of every month, ``(rows, months)``: a ramp holds through its month, later ones after earlier ones."""
    factor = np.ones((next(iter(values.values())).shape[0], months))
    steps = sorted(enumerate(option.ramp), key=lambda pair: -pair[1].through)
    for place, step in steps:
        factor[:, : step.through] = values[option.id, ramp_key(place, name)]
    return factor


def _handled_hours(work: Work) -> Floats:
    handling = of(work.option, work.values, "handling") * _ramped(work.option, work.values, "handling", work.months)
    return work.contacts * handling / SECONDS_AN_HOUR


def _productive_hours(work: Work) -> Floats:
    return _handled_hours(work) / of(work.option, work.values, "occupancy")


def _paid_hours(work: Work) -> Floats:
    return _productive_hours(work) / of(work.option, work.values, "utilisation")


def agents(work: Work) -> Floats:
    """Full-time agents who are paid in each month, ``(rows, months)``."""
    return _paid_hours(work) * MONTHS_A_YEAR / of(work.option, work.values, "hours")


def _new_agents(work: Work) -> Floats:
    return agents(work) * of(work.option, work.values, "attrition") / MONTHS_A_YEAR


def seats(work: Work) -> Floats:
    """Seats that are needed, whole ones."""
    each = work.values.get((work.option.id, "seats_each"), np.ones((1, 1)))
    return whole(agents(work) / each)


def whole(units: Floats) -> Floats:
    """Rounded up to whole units; a number that is whole but for rounding stays."""
    return np.ceil(np.round(units, 9))


def _overtime(work: Work) -> Floats:
    return agents(work) * of(work.option, work.values, "overtime")


def _every_month(work: Work) -> Floats:
    return np.ones_like(work.contacts)


QUANTITIES: Mapping[str, Callable[[Work], Floats]] = {
    "month": _every_month,
    "contact": lambda work: work.contacts,
    "resolved": lambda work: work.resolved,
    "lost": lambda work: work.lost,
    "handled_minute": lambda work: _handled_hours(work) * (SECONDS_AN_HOUR / SECONDS_A_MINUTE),
    "productive_hour": _productive_hours,
    "paid_hour": _paid_hours,
    "agent_month": agents,
    "seat_month": seats,
    "overtime_hour": _overtime,
    "new_agent": _new_agents,
    "once": _every_month,
    "exit": _every_month,
    "first_agent": agents,
}
"""The quantity of each basis in every month; one-off ones count in one month only (``costs``)."""


def quantity(work: Work, basis: str) -> Floats:
    """Units of a basis in every month, ``(rows, months)``."""
    return QUANTITIES[basis](work)
