"""Which days are not like others: public holidays, workdays moved to a weekend, days of the floor's own, campaigns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from onefloor.agreements.terms.reading import formed, listed, one_of, term
from onefloor.agreements.terms.values import DATE, FLAG, MOMENT, NAME, POSITIVE
from onefloor.language import Text

Country = Literal["cn", "none"]
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MOVED = "moved workday"


@dataclass(frozen=True, slots=True)
class Special:
    """A day that is not like its weekday: its name, the weekday it is like instead, or the factor it is known to have.

    Without either, what such days bring is learnt from earlier ones of that name, and from all holidays.
    """

    name: str
    like: int | None = None
    factor: float | None = None


@dataclass(frozen=True, slots=True)
class Campaign:
    """Days on which something is done that brings calls; without a factor it is learnt from earlier days of it."""

    name: str
    first: date
    last: date
    factor: float | None = None
    queues: tuple[str, ...] = ()

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Calendar:
    """Special days by date, campaigns, and the years for which holidays are not known."""

    days: Mapping[date, Special] = field(default_factory=dict)
    campaigns: tuple[Campaign, ...] = ()
    outages: tuple[Outage, ...] = ()
    unknown_years: tuple[int, ...] = ()

    def of_queue(self, queue: str) -> Calendar:
        """With the campaigns and outages of one queue."""
        mine = tuple(one for one in self.campaigns if not one.queues or queue in one.queues)
        out = tuple(one for one in self.outages if not one.queues or queue in one.queues)
        return Calendar(self.days, mine, out, self.unknown_years)


@dataclass(frozen=True, kw_only=True)
class OwnDay:
    """Days of the floor's own, or corrections of the public calendar."""

    first: date = term(DATE, Text("日期", "the day, or the first of several"), key="date")
    last: date | None = term(DATE, Text("至（含）", "last day, included"), default=None, key="through")
    name: str = term(NAME, Text("名称", "what is learnt is learnt by name"), default="own")
    like: str | None = term(one_of(*WEEKDAYS), Text("视同星期", "the weekday it is like"), default=None)
    factor: float | None = term(POSITIVE, Text("已知倍数", "calls against an ordinary day"), default=None)
    ordinary: bool = term(FLAG, Text("按普通日", "true: an ordinary day after all"), default=False)

    @property
    def days(self) -> Iterable[date]:
        """All of them."""
        return (self.first + timedelta(n) for n in range(((self.last or self.first) - self.first).days + 1))

    @property
    def special(self) -> Special:
        """As a special day."""
        like = None if self.like is None else WEEKDAYS.index(self.like)
        return Special(self.name, like, None if self.factor is None else float(self.factor))


@dataclass(frozen=True, kw_only=True)
class CampaignTerm:
    """A campaign as it is written."""

    name: str = term(NAME, Text("名称", "its name; earlier ones of the same name teach its effect"))
    first: date = term(DATE, Text("首日", "first day"), key="from")
    last: date = term(DATE, Text("末日（含）", "last day, included"), key="through")
    factor: float | None = term(POSITIVE, Text("预期倍数", "expected factor; learnt without"), default=None)
    queues: tuple[str, ...] = term(listed(NAME), Text("队列", "queues; all without"), default=())


@dataclass(frozen=True, kw_only=True)
class Outage:
    """A time whose counts say nothing about other days: they are masked."""

    start: datetime = term(MOMENT, Text("开始", "since when, in the floor's zone"), key="from")
    end: datetime = term(MOMENT, Text("结束", "until when"), key="until")
    name: str = term(NAME, Text("名称", "its name"), default="outage")
    queues: tuple[str, ...] = term(listed(NAME), Text("队列", "queues; all without"), default=())


@dataclass(frozen=True, kw_only=True)
class CalendarTerms:
    """A calendar file."""

    country: Country = term(one_of("cn", "none"), Text("公共假日", "whose public holidays"), key="calendar")
    days: tuple[OwnDay, ...] = term(listed(formed(OwnDay, "days")), Text("自有日期", "own days"), default=())
    campaigns: tuple[CampaignTerm, ...] = term(
        listed(formed(CampaignTerm, "campaign")), Text("营销活动", "campaigns"), default=()
    )
    outages: tuple[Outage, ...] = term(listed(formed(Outage, "outage")), Text("故障", "outages to mask"), default=())


def calendar_of(terms: CalendarTerms | None, first: date, last: date) -> Calendar:
    """All that is known of the days from ``first`` to ``last``; without terms the public holidays of China."""
    days, unknown = china(first, last) if terms is None or terms.country == "cn" else ({}, ())
    given: set[int] = set()
    for own in terms.days if terms else ():
        for day in own.days:
            given.add(day.year)
            days.pop(day, None)
            if not own.ordinary:
                days[day] = own.special
    campaigns = tuple(
        Campaign(one.name, one.first, one.last, None if one.factor is None else float(one.factor), one.queues)
        for one in (terms.campaigns if terms else ())
    )
    outages = terms.outages if terms else ()
    return Calendar(days, campaigns, outages, tuple(year for year in unknown if year not in given))


def china(first: date, last: date) -> tuple[dict[date, Special], tuple[int, ...]]:
    """Public holidays of mainland China by the State Council's notices, workdays moved to weekends among them.

    Returns the days and the years that the library ``chinesecalendar`` does not know.
    """
    import chinese_calendar

    days: dict[date, Special] = {}
    unknown: set[int] = set()
    for n in range((last - first).days + 1):
        day = first + timedelta(n)
        try:
            free, name = chinese_calendar.get_holiday_detail(day)
        except NotImplementedError:
            unknown.add(day.year)
            continue
        if name is not None:
            days[day] = Special(name if free else MOVED)
    return days, tuple(sorted(unknown))
