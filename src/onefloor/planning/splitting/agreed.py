"""What an agreement says of a company's prices and commitments, as far as its file has them."""

from __future__ import annotations

from collections.abc import Mapping

from onefloor.agreements.terms.prices import Contact, HandledMinute, ProductiveHour, SeatMonth
from onefloor.agreements.terms.version import Terms
from onefloor.agreements.volume import edges
from onefloor.periods import Month
from onefloor.planning.splitting.problem import Company, refused

MINUTES_PER_HOUR, S_PER_HOUR = 60, 3600


def company_of(
    name: str, terms: Terms, month: Month, handling_s: Mapping[str, float], occupancy: float = 0.85,
    share_of_month: float = 1.0, prices: Mapping[str, float] | None = None,
) -> Company:  # fmt: skip
    """A company as its agreement has it.

    Prices by productive hour, handled minute or contact become prices of an hour through the handling time and the
    occupancy (work done in an hour at work); of steps the first one is taken, and a part for some queues counts for
    the skills of that name. Seats paid by the month are its seats.
    The lower edge of the forecast band, or the minimum volume, is paid in any case: as hours of work.

    Args:
        name: its name.
        terms: what holds in that month.
        month: whose locked forecast counts.
        handling_s: seconds a contact takes, by skill: the skills it works.
        occupancy: share of time at work that is spent on contacts.
        share_of_month: how much of the month is split; a commitment counts for so much.
        prices: of an hour by skill, instead of the agreement's.

    Raises:
        BadSplit: no price by the hour, minute or contact.
    """
    rate = dict(prices) if prices is not None else _hour_prices(terms, handling_s, occupancy)
    if not rate:
        raise refused(
            f"“{name}”的协议没有按工时、分钟或话务量的单价。",
            f'The agreement of "{name}" has no price by the hour, the minute or the contact.',
            "请直接写出每小时单价。", "Give a price of an hour instead.",
        )  # fmt: skip
    seats = sum(float(part.seats) for part in terms.price if isinstance(part, SeatMonth))
    return Company(name, rate, paid_at_least=_committed(terms, month, handling_s, occupancy) * share_of_month,
                   seats=seats or float("inf"))  # fmt: skip


def _hour_prices(terms: Terms, handling_s: Mapping[str, float], occupancy: float) -> dict[str, float]:
    total = dict.fromkeys(handling_s, 0.0)
    known = False
    for part in terms.price:
        for skill, seconds in handling_s.items():
            if isinstance(part, ProductiveHour):
                worth = 1.0
            elif isinstance(part, HandledMinute):
                worth = MINUTES_PER_HOUR * occupancy
            elif isinstance(part, Contact):
                worth = S_PER_HOUR * occupancy / seconds
            else:
                continue
            if skill in dict(part.scope.where).get("queue", (skill,)):
                known = True
                total[skill] += worth * float(part.rate)
    return total if known else {}


def _committed(terms: Terms, month: Month, handling_s: Mapping[str, float], occupancy: float) -> float:
    """Hours of work that are paid in any case."""
    if terms.forecast is None or terms.forecast.shortfall == "not_paid":
        return 0.0
    lower = edges(terms.forecast, dict(terms.forecast.locked).get(month))[0]
    mean = sum(handling_s.values()) / len(handling_s)
    return (lower or 0) * mean / S_PER_HOUR / occupancy
