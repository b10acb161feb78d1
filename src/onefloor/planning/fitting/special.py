"""Days that say nothing about others: those of a calendar file, and days on which something was down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from onefloor.language import Text
from onefloor.periods import Month, day_id, day_of
from onefloor.planning.forecasting.calendars import MOVED, CalendarTerms, calendar_of

HOLIDAYS = {
    "New Year's Day": "元旦", "Spring Festival": "春节", "Tomb-sweeping Day": "清明节", "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节", "Mid-autumn Festival": "中秋节", "National Day": "国庆节", MOVED: "调休上班",
}  # fmt: skip


def special_days(terms: CalendarTerms | None, months: Sequence[Month]) -> Mapping[int, Text]:
    """Day ids of holidays, moved workdays, campaigns and outages in the months, and which they are.

    Args:
        terms: a calendar file as ``onefloor forecast`` reads it; without one the public holidays of China.
        months: any.
    """
    first, last = day_of(min(m.days.start for m in months)), day_of(max(m.days.end for m in months) - 1)
    calendar = calendar_of(terms, first, last)
    found = {day: one.name for day, one in calendar.days.items()}
    found |= {day: one.name for one in calendar.campaigns for day in _through(one.first, one.last)}
    found |= {day: one.name for one in calendar.outages for day in _through(one.start.date(), one.end.date())}
    return {
        day_id(day): Text(f"特殊日（{HOLIDAYS.get(name, name)}）", f"special day ({name})")
        for day, name in sorted(found.items())
    }


def _through(first: date, last: date) -> list[date]:
    return [first + timedelta(days) for days in range((last - first).days + 1)]
