"""Renewal: until when terms hold, and until when that can be refused.

Terms with a renewal go on after their end, period by period, until one side gives notice. A notice in time ends them
with the period that runs; a later one with the first period whose last moment to give notice has not passed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import count

from onefloor.agreements.terms.procedure import Calendar
from onefloor.agreements.terms.version import Terms
from onefloor.periods import Month, clock, day_id, instant_of


def holds(terms: Terms, zone: str, month: Month, given_ms: int | None = None) -> bool:
    """Whether terms that have begun still hold in a month; ``given_ms`` as ``end_of`` has it."""
    end = end_of(terms, zone, given_ms)
    return end is None or month.id < _month(end).id


def end_of(terms: Terms, zone: str, given_ms: int | None = None) -> date | None:
    """The first day on which terms hold no more; None where they have no end or are renewed without notice.

    Args:
        terms: of one version.
        zone: the agreement's.
        given_ms: when notice was given (epoch ms); without it the moment that the terms state, if they do.
    """
    given_ms = _stated(terms, zone) if given_ms is None else given_ms
    if terms.until is None or terms.renewal is None:
        return terms.until
    if given_ms is None:
        return None
    return next(end for end in ends(terms) if given_ms <= notice_by(terms, zone, end))


def ends(terms: Terms) -> Iterator[date]:
    """The ends of the periods, each the first day after one: the written end, and one a renewal; without end."""
    if terms.until is None:
        return
    yield terms.until
    months = terms.renewal.months if terms.renewal else 0
    for number in count(1) if months else ():
        after = _month(terms.until).shifted(number * months)
        yield date(after.year, after.month, 1)


def period_end(terms: Terms, day: date) -> date | None:
    """The end of the period in which a day lies: the first end after it; None if there is none."""
    return next((end for end in ends(terms) if end > day), None)


def notice_by(terms: Terms, zone: str, end: date) -> int:
    """The last moment (epoch ms) to give notice for the end of a period.

    Raises:
        NoWorkingTime: the calendar never comes to it.
    """
    ends_ms = clock(zone).start_of_day_ms(day_id(end))
    if terms.renewal is None:
        return ends_ms
    return (terms.calendar or Calendar()).working_time(zone).before(ends_ms, terms.renewal.notice)


def _stated(terms: Terms, zone: str) -> int | None:
    """The moment of a notice that the terms state."""
    given = terms.renewal.given if terms.renewal else None
    return instant_of(given, zone) if given else None


def _month(day: date) -> Month:
    return Month(day.year, day.month)
