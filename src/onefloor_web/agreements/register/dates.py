"""The dates of agreements: when terms begin and end, until when a renewal can be refused, what waits to be signed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from onefloor.agreements.terms.agreement import Agreement as Terms
from onefloor.agreements.terms.procedure import Calendar, Procedure
from onefloor.agreements.terms.renewing import end_of, notice_by, period_end
from onefloor.agreements.terms.version import Terms as Dated
from onefloor_web.agreements.register.instants import moment_of, ms_of
from onefloor_web.agreements.register.models import Agreement, Version
from onefloor_web.agreements.register.queries import Standing, terms_of
from onefloor_web.platform.floor import today
from onefloor_web.platform.pages.formats import day as day_words
from onefloor_web.platform.pages.formats import say

SIGN, NOTICE, END, START = "sign", "notice", "end", "start"


@dataclass(frozen=True, slots=True)
class Date:
    """A date of an agreement: when, what happens then, who has to act before it; ``kind`` tells them apart.

    ``whole_day`` where nobody's clock runs out at an hour: terms begin and end at midnight.
    """

    at: datetime
    kind: str
    text: str
    agreement: Agreement
    waiting: tuple[str, ...] = ()
    whole_day: bool = False


def dates_of(standing: Standing) -> list[Date]:
    """All dates of an agreement, soonest first, those of the past too."""
    return sorted([*_signed(standing), *_waiting(standing)], key=lambda one: one.at)


def coming(dates: Sequence[Date], now: datetime) -> list[Date]:
    """Those that are not over."""
    return [one for one in dates if one.at >= now]


def sign_by(version: Version) -> datetime:
    """Until when a waiting version should be signed: before its first day; one of a day that is over, as soon as the
    agreement's procedure wants a signature."""
    terms = terms_of(version.source)
    begins = _midnight(version.starts, terms)
    if begins > version.proposed_at:
        return begins
    newest = terms.versions[-1]
    calendar = (newest.calendar or Calendar()).working_time(terms.parties.timezone)
    return moment_of(calendar.deadline(ms_of(version.proposed_at), (newest.procedure or Procedure()).sign))


def _signed(standing: Standing) -> Iterator[Date]:
    if standing.signed is None:
        return
    terms, agreement = terms_of(standing.signed.source), standing.agreement
    for dated in terms.versions:
        text = _("New terms of %(name)s begin") if dated is not terms.versions[0] else _("%(name)s begins")
        yield Date(
            _midnight(dated.start, terms), START, text % {"name": say(agreement.name)}, agreement, whole_day=True
        )
    yield from _ends(terms, terms.versions[-1], standing)


def _ends(terms: Terms, last: Dated, standing: Standing) -> Iterator[Date]:
    """The end of the terms; renewed ones have that of the period that runs, unless notice was given."""
    agreement, notice = standing.agreement, standing.notice
    name = say(agreement.name)
    ends = notice.ends if notice is not None else end_of(last, terms.parties.timezone)
    if ends is not None:
        yield Date(_midnight(ends, terms), END, _("%(name)s ends") % {"name": name}, agreement, whole_day=True)
        return
    ends = period_end(last, today())
    if ends is None or last.renewal is None:
        return
    words = {"name": name, "months": last.renewal.months}
    text = _("%(name)s is renewed for %(months)s months, unless notice was given in time") % words
    yield Date(_midnight(ends, terms), END, text, agreement, whole_day=True)
    text = _("%(name)s: last moment to refuse the renewal for %(months)s months") % words
    yield Date(moment_of(notice_by(last, terms.parties.timezone, ends)), NOTICE, text, agreement)


def _waiting(standing: Standing) -> Iterator[Date]:
    version = standing.waiting
    if version is None:
        return
    words = {"name": say(standing.agreement.name), "n": version.number, "day": day_words(version.starts)}
    text = _("Sign version %(n)s of %(name)s, in force from %(day)s") % words
    yield Date(sign_by(version), SIGN, text, standing.agreement, tuple(one.name for one in standing.missing))


def _midnight(day: date, terms: Terms) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(terms.parties.timezone))
