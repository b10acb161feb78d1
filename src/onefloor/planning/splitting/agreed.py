"""What an agreement says of a company's prices and commitments, as far as its file has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from onefloor.agreements.terms.prices import Contact, HandledMinute, Priced, ProductiveHour, SeatMonth
from onefloor.agreements.terms.version import Terms
from onefloor.agreements.volume import edges
from onefloor.periods import Month
from onefloor.planning.splitting.problem import Company, refused

MINUTES_PER_HOUR, S_PER_HOUR = 60, 3600
PER_WORK = (ProductiveHour, HandledMinute, Contact)


def company_of(
    name: str, terms: Terms, month: Month, handling_s: Mapping[str, float], occupancy: float = 0.85,
    share_of_month: float = 1.0, prices: Mapping[str, float] | None = None,
) -> Company:  # fmt: skip
    """A company as its agreement has it.

    Prices by productive hour, handled minute or contact become prices of an hour through the handling time and the
    occupancy (work done in an hour at work); of steps the first one is taken, and a part for some queues counts for
    the skills of that name. Seats paid by the month are its seats.
    The lower edge of the forecast band, or the minimum volume, is paid in any case: as hours of work. The band counts
    only where the terms themselves hold the locked forecast of the month; ``unknown_volume`` says where they do not.

    Args:
        name: its name.
        terms: what holds in that month.
        month: whose locked forecast counts.
        handling_s: seconds a contact takes, by skill: the skills it works.
        occupancy: share of time at work that is spent on contacts.
        share_of_month: how much of the month is split; a commitment counts for so much.
        prices: of an hour by skill, instead of the agreement's.

    Raises:
        BadSplit: no price by the hour, minute or contact for a skill, or one for some of its contacts only.
    """
    rate = dict(prices) if prices is not None else _hour_prices(name, terms, handling_s, occupancy)
    if not rate:
        raise refused(
            f"“{name}”的协议没有按工时、分钟或话务量的单价。",
            f'The agreement of "{name}" has no price by the hour, the minute or the contact.',
            "请直接写出每小时单价。", "Give a price of an hour instead.",
        )  # fmt: skip
    seats = sum(float(part.seats) for part in terms.price if isinstance(part, SeatMonth))
    return Company(name, rate, paid_at_least=_committed(terms, month, handling_s, occupancy) * share_of_month,
                   seats=seats or float("inf"), unknown_volume=_unknown(terms, month))  # fmt: skip


def _hour_prices(name: str, terms: Terms, handling_s: Mapping[str, float], occupancy: float) -> dict[str, float]:
    """Prices of an hour by skill; none if the agreement has no such price at all."""
    total: dict[str, float] = {}
    for part in terms.price:
        for skill in _concerned(name, part, handling_s):
            total[skill] = total.get(skill, 0.0) + _worth(part, handling_s[skill], occupancy)
    free = [skill for skill in handling_s if skill not in total]
    if total and free:
        raise refused(
            f"“{name}”的协议没有“{'”“'.join(free)}”的单价。",
            f'The agreement of "{name}" has no price of "{", ".join(free)}".',
            f"请写 skills: [{', '.join(total)}]，或直接写出每小时单价。",
            f"Write skills: [{', '.join(total)}], or give a price of an hour.",
        )  # fmt: skip
    return total


def _concerned(name: str, part: Priced, skills: Iterable[str]) -> list[str]:
    """The skills a part is paid for by the hour, minute or contact.

    Raises:
        BadSplit: it is paid for some of a skill's contacts only, and how many those will be is not known.
    """
    where = dict(part.scope.where)
    queues = where.pop("queue", None)
    found = [skill for skill in skills if queues is None or skill in queues]
    if not isinstance(part, PER_WORK) or not found:
        return []
    if where:
        raise refused(
            f"“{name}”的协议第 {part.id} 条只对部分话务（{'、'.join(where)}）计价，无法折算成每小时单价。",
            f'Part {part.id} of the agreement of "{name}" is paid for some contacts only, by {", ".join(where)}: '
            "that makes no price of an hour.",
            "请直接写出每小时单价。", "Give a price of an hour instead.",
        )  # fmt: skip
    return found


def _worth(part: Priced, seconds: float, occupancy: float) -> float:
    """What an hour at work earns by a part."""
    if isinstance(part, ProductiveHour):
        return float(part.rate)
    if isinstance(part, HandledMinute):
        return MINUTES_PER_HOUR * occupancy * float(part.rate)
    return S_PER_HOUR * occupancy / seconds * float(part.rate) if isinstance(part, Contact) else 0.0


def _committed(terms: Terms, month: Month, handling_s: Mapping[str, float], occupancy: float) -> float:
    """Hours of work that are paid in any case."""
    if terms.forecast is None or terms.forecast.shortfall == "not_paid":
        return 0.0
    lower = edges(terms.forecast, dict(terms.forecast.locked).get(month))[0]
    mean = sum(handling_s.values()) / len(handling_s)
    return (lower or 0) * mean / S_PER_HOUR / occupancy


def _unknown(terms: Terms, month: Month) -> bool:
    """Whether a part of a locked forecast is paid in any case, and the terms do not hold that forecast."""
    held = terms.forecast
    if held is None or held.band is None or held.shortfall == "not_paid":
        return False
    return month not in dict(held.locked)
