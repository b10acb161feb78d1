"""What an option costs, item by item and month by month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from onefloor.insight.sourcing.inputs import Values, price_key
from onefloor.insight.sourcing.items import ASIDE, ONE_OFF, SHARES_OF, TAKEN_OFF, Behaviour
from onefloor.insight.sourcing.spread import Floats
from onefloor.insight.sourcing.terms import PRICE_UNITS, Cost, Mix, Option, Price, Seats, Sourcing, TwoTier
from onefloor.insight.sourcing.work import MONTHS_A_YEAR, Work, issues, quantity, whole, work

Lines = dict[str, Floats]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an option does and costs; arrays of ``(rows, months)``.

    ``lines`` are costs by key (``wage.paid_hour``, ``price.contact``); ``aside`` is shown apart and in no total.
    """

    issues: Floats
    contacts: Floats
    resolved: Floats
    lost: Floats
    lines: Mapping[str, Floats]
    aside: Mapping[str, Floats]

    @property
    def cost(self) -> Floats:
        """All lines together."""
        return sum(self.lines.values(), np.zeros_like(self.contacts))

    def per_contact(self) -> Floats:
        """Cost of a contact over all months, one a row."""
        return self._over(self.contacts)

    def per_resolved(self) -> Floats:
        """Cost of a resolved issue over all months, one a row."""
        return self._over(self.resolved)

    def so_far(self) -> Floats:
        """What a resolved issue has cost by each month, ``(rows, months)``."""
        return np.asarray(np.cumsum(self.cost, axis=1) / np.cumsum(self.resolved, axis=1), dtype=np.float64)

    def _over(self, units: Floats) -> Floats:
        return np.asarray(self.cost.sum(axis=1) / units.sum(axis=1), dtype=np.float64)


def outcome(sourcing: Sourcing, name: str, values: Values, months: int) -> Outcome:
    """What an option, or a mix, costs for all the issues of those months."""
    demand = issues(values, months)
    mixed = next((mix for mix in sourcing.mixes if mix.id == name), None)
    return divided(sourcing, mixed, values, demand) if mixed else of_option(sourcing.option(name), values, demand)


def divided(sourcing: Sourcing, mix: Mix, values: Values, demand: Floats) -> Outcome:
    """What a mix costs: each option takes its share of the issues, with all its own fixed costs."""
    return together([of_option(sourcing.option(name), values, demand * float(share)) for name, share in mix.shares])


def together(parts: list[Outcome]) -> Outcome:
    """Several outcomes as one."""
    return Outcome(
        issues=_total([part.issues for part in parts]),
        contacts=_total([part.contacts for part in parts]),
        resolved=_total([part.resolved for part in parts]),
        lost=_total([part.lost for part in parts]),
        lines=_added([part.lines for part in parts]),
        aside=_added([part.aside for part in parts]),
    )


def _total(parts: list[Floats]) -> Floats:
    return sum(parts[1:], parts[0])


def _added(parts: list[Mapping[str, Floats]]) -> Lines:
    found: Lines = {}
    for part in parts:
        for name, amount in part.items():
            found[name] = found[name] + amount if name in found else amount
    return found


def of_option(option: Option, values: Values, demand: Floats) -> Outcome:
    """What one option costs for ``demand`` issues, ``(rows, months)``."""
    done = work(option, values, demand)
    lines: Lines = {price_key(price): fee(price, done) for price in option.price}
    lines |= {cost.key: _amount(cost, done) for cost in option.costs if cost.per not in SHARES_OF}
    bases = {basis: _sum_of(basis, lines, done) for basis in SHARES_OF}
    lines |= {cost.key: _share(cost, bases[cost.per], done) for cost in option.costs if cost.per in SHARES_OF}
    signed = {key: -amount if item_of(key) == TAKEN_OFF else amount for key, amount in lines.items()}
    aside = {key: signed.pop(key) for key in list(signed) if item_of(key) == ASIDE}
    return Outcome(demand, done.contacts, done.resolved, done.lost, signed, aside)


def item_of(key: str) -> str:
    """The item of a line: ``wage`` of ``wage.paid_hour``."""
    return key.partition(".")[0]


def _sum_of(item: str, lines: Lines, done: Work) -> Floats:
    held = [amount for key, amount in lines.items() if item_of(key) == item]
    return sum(held, np.zeros_like(done.contacts))


def _share(cost: Cost, base: Floats, done: Work) -> Floats:
    return base * done.values[done.option.id, cost.key] * _risen(cost.key, done)


def _amount(cost: Cost, done: Work) -> Floats:
    units = quantity(done, cost.per)
    if cost.each is not None:
        units = whole(units / float(cost.each))
    if cost.per in ONE_OFF:
        units = _only(units, _month_of(cost, done.months))
    return units * done.values[done.option.id, cost.key] * _risen(cost.key, done)


def _month_of(cost: Cost, months: int) -> int:
    """The place of a one-off cost among the months; one after the last month does not happen."""
    return months - 1 if cost.per == "exit" else (cost.month or 1) - 1


def _only(units: Floats, month: int) -> Floats:
    kept = np.zeros_like(units)
    kept[:, month : month + 1] = units[:, month : month + 1]
    return kept


def _risen(key: str, done: Work) -> Floats:
    """How much dearer than in the first year: a rise a year, from the 13th month on."""
    rise = done.values.get((done.option.id, f"{key}.rise"))
    years = np.arange(done.months)[None, :] // MONTHS_A_YEAR
    return np.ones((1, done.months)) if rise is None else (1 + rise) ** years


def fee(price: Price, done: Work) -> Floats:
    """What a vendor is paid in every month; at least the minimum volume, at the price of the year."""
    units = _units(price, done)
    least = _term(price, done, "minimum")
    return np.maximum(units, 0.0 if least is None else least) * _rate(price, done) * _risen(price_key(price), done)


def _units(price: Price, done: Work) -> Floats:
    agreed = _term(price, done, "seats") if isinstance(price, Seats) else None
    if agreed is not None:
        return np.ones_like(done.contacts) * agreed
    return quantity(done, PRICE_UNITS.get(price.kind, price.kind))


def _term(price: Price, done: Work, name: str) -> Floats | None:
    return done.values.get((done.option.id, f"{price_key(price)}.{name}"))


def _rate(price: Price, done: Work) -> Floats:
    """The price of a unit in every month; of two tiers, by the share of good contacts or by the month's resolution."""
    if not isinstance(price, TwoTier):
        return _known(price, done, "rate")
    good, otherwise = _known(price, done, "good"), _known(price, done, "otherwise")
    share = _good(price, done)
    return good * share + otherwise * (1 - share)


def _good(price: TwoTier, done: Work) -> Floats:
    if price.target is None:
        return _known(price, done, "good_share")
    least = price.target.at_least
    assert least is not None  # ``reading`` refuses other targets
    return np.where(done.rate >= float(least.value / 100), 1.0, 0.0)


def _known(price: Price, done: Work, name: str) -> Floats:
    return done.values[done.option.id, f"{price_key(price)}.{name}"]


def behaviours(option: Option) -> dict[str, Behaviour]:
    """How every line of an option moves with volume; a share moves as what it is a share of."""
    found: dict[str, Behaviour] = {price_key(price): _price_behaviour(price) for price in option.price}
    found |= {cost.key: cost.behaviour for cost in option.costs if cost.per not in SHARES_OF}
    for basis in SHARES_OF:
        of_base = {held for key, held in found.items() if item_of(key) == basis}
        alike = of_base.pop() if len(of_base) == 1 else "variable"
        found |= {cost.key: alike for cost in option.costs if cost.per == basis}
    return found


def _price_behaviour(price: Price) -> Behaviour:
    if isinstance(price, Seats):
        return "step" if price.seats is None else "fixed"
    return "fixed" if price.kind == "month" else "variable"
