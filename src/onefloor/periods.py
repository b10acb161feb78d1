"""Half-open periods, months, days and clocks of one time zone.

Instants are epoch milliseconds UTC (int). Days are integers, days since 1970-01-01 *in the floor's zone*; months are
``year * 100 + month``. The zone's rules come from the ``tzdata`` package, not from the machine, so that two
machines with different systems agree on where a day begins.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from importlib import metadata, resources
from zoneinfo import ZoneInfo

from onefloor.language import Text
from onefloor.problems import Problem

MS_PER_SECOND = 1_000
MS_PER_HOUR = 3_600_000
MS_PER_DAY = 86_400_000
EPOCH = date(1970, 1, 1)


class UnknownZone(Problem):
    """A time zone name that the zone database does not have."""

    def __init__(self, name: str) -> None:
        super().__init__(
            Text(f"没有名为“{name}”的时区。", f'There is no time zone "{name}".'),
            remedy=Text("请使用 IANA 名称，例如 Asia/Shanghai。", "Use an IANA name, for example Asia/Shanghai."),
        )


class BadPeriod(Problem):
    """A month or range of months that cannot be read."""

    def __init__(self, text: str) -> None:
        super().__init__(
            Text(f"无法识别账期“{text}”。", f'"{text}" is not a period.'),
            remedy=Text("请写成 2026-11 或 2026-01..2026-11。", "Write 2026-11 or 2026-01..2026-11."),
        )


@lru_cache
def zone(name: str) -> ZoneInfo:
    """The zone of that IANA name, from the tzdata package."""
    try:
        path = resources.files("tzdata.zoneinfo").joinpath(*name.split("/"))
        with path.open("rb") as file:
            return ZoneInfo.from_file(file, key=name)
    except (OSError, ValueError, TypeError):
        raise UnknownZone(name) from None


def zone_rules_version() -> str:
    """The version of the zone database in use, such as ``2026.3``; it belongs into every bundle."""
    return metadata.version("tzdata")


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month of the floor's zone.

    >>> Month.parse("2026-11").following()
    Month(year=2026, month=12)
    """

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """``2026-11`` as a month."""
        try:
            year, month = text.split("-")
            first = date(int(year), int(month), 1)
            if not EPOCH <= first < date(9999, 1, 1):
                raise BadPeriod(text)
        except ValueError:
            raise BadPeriod(text) from None
        return cls(first.year, first.month)

    @classmethod
    def from_id(cls, month_id: int) -> Month:
        """202611 as a month."""
        return cls(*divmod(month_id, 100))

    @property
    def id(self) -> int:
        """``year * 100 + month``, as stored in facts."""
        return self.year * 100 + self.month

    def shifted(self, months: int) -> Month:
        """The month that many months later (earlier if negative)."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(year, month + 1)

    def following(self) -> Month:
        """The next month."""
        return self.shifted(1)

    @property
    def days(self) -> Period:
        """The month's days as a half-open period."""
        return Period(day_id(date(self.year, self.month, 1)), day_id(_first_day(self.following())))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


def months_of(text: str) -> list[Month]:
    """``2026-01..2026-11`` (both included) or a single month, in order.

    >>> [str(m) for m in months_of("2025-12..2026-02")]
    ['2025-12', '2026-01', '2026-02']
    """
    first, _, last = text.partition("..")
    start, end = Month.parse(first), Month.parse(last or first)
    if end.id < start.id:
        raise BadPeriod(text)
    months = [start]
    while months[-1] != end:
        months.append(months[-1].following())
    return months


@dataclass(frozen=True, slots=True)
class Period:
    """Days ``start <= day < end``, as day ids of the floor's zone."""

    start: int
    end: int

    def __contains__(self, day: int) -> bool:
        return self.start <= day < self.end

    def __len__(self) -> int:
        return max(0, self.end - self.start)


def _first_day(month: Month) -> date:
    return date(month.year, month.month, 1)


def day_id(day: date) -> int:
    """Days since 1970-01-01.

    >>> day_id(date(1970, 1, 2))
    1
    """
    return (day - EPOCH).days


def day_of(day: int) -> date:
    """The date of a day id."""
    return EPOCH + timedelta(days=day)


def month_of_day(day: int) -> Month:
    """The month a day id lies in."""
    found = day_of(day)
    return Month(found.year, found.month)


@dataclass(frozen=True, slots=True)
class Clock:
    """The UTC offsets of a zone over a range of instants: the only conversion between UTC and local time.

    ``starts_ms[i]`` is the first instant (epoch ms) at which ``offsets_ms[i]`` holds; the first start is lower than
    any instant of the range. Vectorised code uses the two tuples with a sorted search and gets the same days.
    """

    zone_name: str
    starts_ms: tuple[int, ...]
    offsets_ms: tuple[int, ...]

    def offset_ms(self, instant_ms: int) -> int:
        """Local time minus UTC at that instant."""
        return self.offsets_ms[max(0, bisect_right(self.starts_ms, instant_ms) - 1)]

    def day(self, instant_ms: int) -> int:
        """The local day id of an instant."""
        return (instant_ms + self.offset_ms(instant_ms)) // MS_PER_DAY

    def start_of_day_ms(self, day: int) -> int:
        """The first instant of a local day."""
        local = datetime(1970, 1, 1) + timedelta(days=day)
        return instant_of(local, self.zone_name)


def instant_of(local: datetime, zone_name: str) -> int:
    """Epoch ms of a naive local time; the earlier one where a clock change makes two (``fold`` 0)."""
    aware = local.replace(tzinfo=zone(zone_name))
    return (aware.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


@lru_cache
def clock(zone_name: str, first_year: int = 1990, last_year: int = 2060) -> Clock:
    """The offsets of a zone from ``first_year`` to ``last_year``."""
    tz = zone(zone_name)

    def offset(at: datetime) -> int:
        found = at.astimezone(tz).utcoffset() or timedelta(0)
        return found // timedelta(milliseconds=1)

    at, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year, 1, 1, tzinfo=UTC)
    starts, offsets = [-(2**62)], [offset(at)]
    while at < end:
        later = at + timedelta(days=7)
        if offset(later) != offsets[-1]:
            change = _change_between(at, later, offset)
            starts.append((change - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1))
            offsets.append(offset(change))
        at = later
    return Clock(zone_name, tuple(starts), tuple(offsets))


def _change_between(low: datetime, high: datetime, offset: Callable[[datetime], int]) -> datetime:
    """The first second in (low, high] at which the offset differs from the one at ``low``."""
    before = offset(low)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (middle, high) if offset(middle) == before else (low, middle)
    return high
