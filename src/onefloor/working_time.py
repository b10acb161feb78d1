"""Working time: the hours in which a clock runs, and when a deadline ends.

A contract counts in working hours, in working days or in calendar days. As in the Civil Code of the PRC, articles
200-204: the day on which a period in days begins is not counted, it ends with the last day, and where that is no
working day, with the next one; a day ends when work ends. Hours are counted from the moment on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from onefloor.periods import MS_PER_HOUR, Clock, clock, day_id, day_of

Unit = Literal["working hours", "working days", "days", "hours"]
LONGEST: Final = 3 * 366  # days a deadline is looked for; a calendar without working days ends here
MONDAY_TO_FRIDAY: Final = frozenset(range(5))
MS_PER_MINUTE: Final = 60_000


@dataclass(frozen=True, slots=True)
class Span:
    """So many working hours, working days, days or hours: ``16 working hours``."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"


class NoWorkingTime(ValueError):
    """A deadline that would never come: the calendar has no working day for years."""


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """When people work.

    Attributes:
        zone: the zone of its days and hours.
        days: working days of the week, Monday is 0.
        hours: spans of a working day in minutes from midnight, half-open, in order: ``((540, 720), (810, 1080))``.
        holidays: days on which nobody works though the week says so.
        workdays: days on which everybody works though the week says otherwise.
    """

    zone: str
    days: frozenset[int] = MONDAY_TO_FRIDAY
    hours: tuple[tuple[int, int], ...] = ((9 * 60, 18 * 60),)
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()

    def works_on(self, day: date) -> bool:
        """Whether a day is a working day."""
        return day in self.workdays or (day.weekday() in self.days and day not in self.holidays)

    def spans_of(self, day: date) -> list[tuple[int, int]]:
        """The working spans of a day as instants (epoch ms), half-open; none on a day off."""
        if not self.works_on(day):
            return []
        midnight = self._clock.start_of_day_ms(day_id(day))
        return [(midnight + start * MS_PER_MINUTE, midnight + end * MS_PER_MINUTE) for start, end in self.hours]

    def deadline(self, start_ms: int, span: Span) -> int:
        """The instant (epoch ms) at which a span that began at ``start_ms`` is over.

        Raises:
            NoWorkingTime: there is no working day within three years.
        """
        match span.unit:
            case "hours":
                return start_ms + span.amount * MS_PER_HOUR
            case "working hours":
                return self._after_work(start_ms, span.amount * MS_PER_HOUR)
            case "working days":
                return self._end_of(self._nth_working_day(self._day(start_ms), span.amount))
            case "days":
                last = self._day(start_ms) + timedelta(days=span.amount)
                return self._end_of(last if self.works_on(last) else self._nth_working_day(last, 1))

    def before(self, end_ms: int, span: Span) -> int:
        """The last instant (epoch ms) at which something must be done to lie so long before ``end_ms``.

        Raises:
            NoWorkingTime: there is no working day within three years.
        """
        match span.unit:
            case "hours":
                return end_ms - span.amount * MS_PER_HOUR
            case "working hours":
                return self._before_work(end_ms, span.amount * MS_PER_HOUR)
            case "working days":
                return self._end_of(self._nth_working_day(self._day(end_ms), span.amount, step=-1))
            case "days":
                first = self._day(end_ms) - timedelta(days=span.amount)
                return self._end_of(first if self.works_on(first) else self._nth_working_day(first, 1, step=-1))

    def after(self, start_ms: int, worked_ms: int) -> int:
        """The instant (epoch ms) at which so much working time (ms) has passed since ``start_ms``.

        Raises:
            NoWorkingTime: there is no working day within three years.
        """
        return self._after_work(start_ms, worked_ms)

    def worked_ms(self, start_ms: int, end_ms: int) -> int:
        """Working time between two instants, in ms; 0 if the second is not later."""
        if end_ms <= start_ms:
            return 0
        days = self._days(self._day(start_ms), self._day(end_ms))
        spans = (span for day in days for span in self.spans_of(day))
        return sum(max(0, min(end, end_ms) - max(start, start_ms)) for start, end in spans)

    @property
    def _clock(self) -> Clock:
        return clock(self.zone)

    def _day(self, instant_ms: int) -> date:
        return day_of(self._clock.day(instant_ms))

    def _days(self, first: date, last: date) -> Iterator[date]:
        return (first + timedelta(days=number) for number in range((last - first).days + 1))

    def _end_of(self, day: date) -> int:
        """When work ends on a working day."""
        return self.spans_of(day)[-1][1]

    def _nth_working_day(self, day: date, number: int, step: int = 1) -> date:
        found, looked = 0, 0
        while found < number:
            day, looked = day + timedelta(days=step), looked + 1
            if looked > LONGEST + number * 7:
                raise NoWorkingTime(self)
            found += self.works_on(day)
        return day if number else self._working_day(day, step)

    def _working_day(self, day: date, step: int) -> date:
        return day if self.works_on(day) else self._nth_working_day(day, 1, step)

    def _after_work(self, start_ms: int, left: int) -> int:
        first = self._day(start_ms)
        for day in self._days(first, first + timedelta(days=LONGEST + left // MS_PER_HOUR)):
            for start, end in self.spans_of(day):
                begin = max(start, start_ms)
                if begin < end and left <= end - begin:
                    return begin + left
                left -= max(0, end - begin)
        raise NoWorkingTime(self)

    def _before_work(self, end_ms: int, left: int) -> int:
        last = self._day(end_ms)
        for number in range(LONGEST + left // MS_PER_HOUR):
            for start, end in reversed(self.spans_of(last - timedelta(days=number))):
                finish = min(end, end_ms)
                if start < finish and left <= finish - start:
                    return finish - left
                left -= max(0, finish - start)
        raise NoWorkingTime(self)


def working_time(
    zone: str,
    days: Iterable[int] = MONDAY_TO_FRIDAY,
    hours: Iterable[tuple[int, int]] = ((9 * 60, 18 * 60),),
    holidays: Iterable[date] = (),
    workdays: Iterable[date] = (),
) -> WorkingTime:
    """The same from any collections; hours are put in order."""
    return WorkingTime(zone, frozenset(days), tuple(sorted(hours)), frozenset(holidays), frozenset(workdays))
