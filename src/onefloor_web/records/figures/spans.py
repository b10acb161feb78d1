"""Periods as an address writes them: months, weeks, days, or days from one to another, both included.

2026-10          2026-08..2026-10          2026-W43          2026-10-14          2026-10-01..2026-10-15
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from onefloor.language import Text
from onefloor.periods import BadPeriod, Month, Period, day_id, day_of, month_of_day, months_of
from onefloor.problems import Problem

Unit = Literal["month", "week", "day"]
LONGEST_MONTHS = 36
YEARS = range(1970, 2200)  # of records; a calendar ends, and with it the days before and after


class BadSpan(Problem):
    """A period in an address that cannot be read."""

    def __init__(self, text: str) -> None:
        super().__init__(
            Text(f"无法识别期间“{text}”。", f'"{text}" is not a period.'),
            remedy=Text(
                "请写成 2026-10、2026-08..2026-10、2026-W43、2026-10-14 或 2026-10-01..2026-10-15，"
                f"最长 {LONGEST_MONTHS} 个月。",
                "Write 2026-10, 2026-08..2026-10, 2026-W43, 2026-10-14 or 2026-10-01..2026-10-15, "
                f"at most {LONGEST_MONTHS} months.",
            ),
        )


@dataclass(frozen=True, slots=True)
class Span:
    """The days from ``first`` to ``last``, both included; ``unit`` is the period a trend that leads to it goes by."""

    first: date
    last: date
    unit: Unit

    @property
    def text(self) -> str:
        """As an address writes it."""
        if self.unit == "month":
            first, last = f"{self.first:%Y-%m}", f"{self.last:%Y-%m}"
        elif self.unit == "week":
            year, week, _ = self.first.isocalendar()
            first = last = f"{year:04d}-W{week:02d}"
        else:
            first, last = self.first.isoformat(), self.last.isoformat()
        return first if first == last else f"{first}..{last}"

    @property
    def words(self) -> str:
        """As a page writes it."""
        return self.text.replace("..", " – ")

    @property
    def asked(self) -> list[Month] | Period:
        """What the core is asked for; whole months by their names, which it answers quickest."""
        if self.unit == "month":
            return months_of(self.text)
        return Period(day_id(self.first), self.end)

    @property
    def end(self) -> int:
        """The id of the day after the last one."""
        return day_id(self.last) + 1

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    def before(self) -> Span:
        """The period just before, as long as this one."""
        if self.unit == "month":
            months = months_of(self.text)
            return of_months(months[0].shifted(-len(months)), months[0].shifted(-1))
        return Span(self.first - timedelta(days=self.days), self.first - timedelta(days=1), self.unit)

    def year_before(self) -> Span:
        """The same months of the year before; of weeks and days those 52 weeks before, on the same weekdays."""
        if self.unit == "month":
            months = months_of(self.text)
            return of_months(months[0].shifted(-12), months[-1].shifted(-12))
        return Span(self.first - timedelta(weeks=52), self.last - timedelta(weeks=52), self.unit)


def of_months(first: Month, last: Month) -> Span:
    """The days of these months and those between."""
    return Span(day_of(first.days.start), day_of(last.days.end - 1), "month")


def of_day(day: int) -> Span:
    """The month a day lies in."""
    return of_months(month_of_day(day), month_of_day(day))


def read(text: str) -> Span:
    """The span of a text.

    Raises:
        BadSpan: the text is not one, ends before it begins, or is too long.
    """
    start, dots, stop = text.partition("..")
    try:
        first, last = _part(start), _part(stop) if dots else _part(start)
    except (ValueError, OverflowError, BadPeriod):
        raise BadSpan(text) from None
    if first.first.year not in YEARS or last.last.year not in YEARS:
        raise BadSpan(text)
    longest = first.first + timedelta(days=31 * LONGEST_MONTHS)
    if first.unit != last.unit or not first.first <= last.first <= longest or (dots and first.unit == "week"):
        raise BadSpan(text)
    return Span(first.first, last.last, first.unit)


def _part(text: str) -> Span:
    if found := re.fullmatch(r"([0-9]{4})-W([0-9]{2})", text):
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
        return Span(monday, monday + timedelta(days=6), "week")
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}", text):
        month = Month.parse(text)
        return of_months(month, month)
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        day = date.fromisoformat(text)
        return Span(day, day, "day")
    raise ValueError(text)


def day(number: int) -> Span:
    """One day by its id."""
    return Span(day_of(number), day_of(number), "day")
