"""What an agreement says of a company's prices and commitments, as far as its file has them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from math import inf

from onefloor.agreements.terms.checks import shortfall_rate
from onefloor.agreements.terms.prices import Contact, FteMonth, HandledMinute, Priced, ProductiveHour, SeatMonth
from onefloor.agreements.terms.version import Terms
from onefloor.agreements.volume import edges
from onefloor.periods import Month
from onefloor.planning.splitting.locked import EVERY_QUEUE, Locked
from onefloor.planning.splitting.problem import Company, refused

MINUTES_PER_HOUR, S_PER_HOUR = 60, 3600
PER_WORK = (ProductiveHour, FteMonth, HandledMinute, Contact)


def company_of(
    name: str, terms: Terms, month: Month, handling_s: Mapping[str, float], occupancy: float = 0.85,
    share_of_month: float = 1.0, prices: Mapping[str, float] | None = None, locked: Locked | None = None,
) -> Company:  # fmt: skip
    """A company as its agreement has it.

    Prices by productive hour, month of a full-time equivalent, handled minute or contact become prices of an hour
    through the hours of such a month, the handling time and the occupancy (work done in an hour at work); of steps the
    first one is taken, and a part for some queues counts for the skills of that name. Seats paid by the month are its
    seats; full-time equivalents that are paid at most are hours at most.

    The lower edge of the forecast band, or the minimum volume, is paid in any case: as hours of work in the skills of
    the clause's queues, at the price of a missing contact. The band counts where the terms hold the locked forecast of
    the month, or the floor does; ``unknown_volume`` says where neither has it.

    Args:
        name: its name.
        terms: what holds in that month.
        month: whose locked forecast counts.
        handling_s: seconds a contact takes, by skill: the skills it works.
        occupancy: share of time at work that is spent on contacts.
        share_of_month: how much of the month is split; a commitment counts for so much where the floor's own locked
            forecast does not say how much of it lies on these days.
        prices: of an hour by skill, instead of the agreement's.
        locked: what the floor has locked for it; the terms' own number goes before it.

    Raises:
        BadSplit: no price by the hour, month, minute or contact for a skill, or one for some of its contacts only.
    """
    rate = dict(prices) if prices is not None else _hour_prices(name, terms, handling_s, occupancy)
    if not rate:
        raise refused(
            f"“{name}”的协议没有按工时、全职人月、分钟或话务量的单价。",
            f'The agreement of "{name}" has no price by the hour, the FTE-month, the minute or the contact.',
            "请直接写出每小时单价。", "Give a price of an hour instead.",
        )  # fmt: skip
    seats = sum(float(part.seats) for part in terms.price if isinstance(part, SeatMonth))
    most = inf if prices is not None else _most_hours(name, terms, handling_s) * share_of_month
    held = Company(name, rate, most_hours=most, seats=seats or inf)
    return _with_volume(held, terms, month, handling_s, occupancy, share_of_month, locked)


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
    if isinstance(part, FteMonth):
        return float(part.rate / part.hours)
    if isinstance(part, HandledMinute):
        return MINUTES_PER_HOUR * occupancy * float(part.rate)
    return _contacts_an_hour(seconds, occupancy) * float(part.rate) if isinstance(part, Contact) else 0.0


def _contacts_an_hour(seconds: float, occupancy: float) -> float:
    return S_PER_HOUR * occupancy / seconds


def _most_hours(name: str, terms: Terms, skills: Collection[str]) -> float:
    """Hours of a month that are paid by full-time equivalents at most: what is beyond them nobody pays.

    Raises:
        BadSplit: such an end holds for some of its skills only.
    """
    most = inf
    for part in terms.price:
        if not isinstance(part, FteMonth) or part.most is None or not (found := _concerned(name, part, skills)):
            continue
        if len(found) < len(skills):
            raise refused(
                f"“{name}”的协议第 {part.id} 条的上限人数只对“{'”“'.join(found)}”，无法折算成工时上限。",
                f'Part {part.id} of the agreement of "{name}" pays so many FTE at most for "{", ".join(found)}" alone: '
                "that makes no limit of all its hours.",
                "请直接写出每小时单价和 most_hours。", "Give a price of an hour and most_hours instead.",
            )  # fmt: skip
        most = min(most, float(part.most * part.hours))
    return most


def _with_volume(
    company: Company, terms: Terms, month: Month, handling_s: Mapping[str, float], occupancy: float,
    share_of_month: float, locked: Locked | None,
) -> Company:  # fmt: skip
    """The company with the hours of work that are paid in any case, if any are."""
    clause = terms.forecast
    if clause is None or clause.shortfall == "not_paid":
        return company
    queues = dict(clause.scope.where).get("queue")
    skills = tuple(skill for skill in handling_s if queues is None or skill in queues)
    if not skills:
        return company
    written = dict(clause.locked).get(month)
    known = None if clause.locked or clause.band is None else locked
    lower = edges(clause, known.month if known else written)[0] or 0
    here = share_of_month if known is None else _part(known, skills)
    seconds = _mean_seconds(handling_s, skills, {} if known is None else known.here)
    rate = shortfall_rate(terms)
    return replace(
        company,
        paid_at_least=lower * here / _contacts_an_hour(seconds, occupancy),
        paid_for=() if queues is None else skills,
        idle_price=None if rate is None else float(rate) * _contacts_an_hour(seconds, occupancy),
        unknown_volume=clause.band is not None and written is None and known is None,
    )


def _part(locked: Locked, skills: Collection[str]) -> float:
    """How much of the month's locked contacts lies in the days and skills that are split."""
    here = sum(count for queue, count in locked.here.items() if queue == EVERY_QUEUE or queue in skills)
    return here / locked.month if locked.month else 0.0


def _mean_seconds(handling_s: Mapping[str, float], skills: Collection[str], weights: Mapping[str, int]) -> float:
    """Of a contact of these skills, in the proportions of the locked forecast where it has them."""
    each = {skill: weights.get(skill, 0) for skill in skills}
    total = sum(each.values())
    if not total:
        return sum(handling_s[skill] for skill in skills) / len(skills)
    return sum(handling_s[skill] * count for skill, count in each.items()) / total
