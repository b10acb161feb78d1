"""Words of numbers and days that findings of charts and causes share."""

from __future__ import annotations

from onefloor.insight.numbers import size
from onefloor.insight.units import shown_in as shown_in
from onefloor.language import Text, same
from onefloor.periods import day_of

NOBODY = Text("未归属", "nobody's")
WEEKDAYS = (
    Text("星期一", "a Monday"), Text("星期二", "a Tuesday"), Text("星期三", "a Wednesday"),
    Text("星期四", "a Thursday"), Text("星期五", "a Friday"), Text("星期六", "a Saturday"), Text("星期日", "a Sunday"),
)  # fmt: skip
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def amount(value: float) -> str:
    """A size without its sign, with as many places as it needs.

    >>> amount(-3.14159), amount(1234.5), amount(0.0123)
    ('3.1', '1,234', '0.012')
    """
    return size(value)


def day_words(day: int) -> Text:
    """``17 November 2026``.

    >>> day_words(20774).en, day_words(20774).zh
    ('17 November 2026', '2026年11月17日')
    """
    held = day_of(day)
    return Text(f"{held.year}年{held.month}月{held.day}日", f"{held.day} {MONTHS[held.month - 1]} {held.year}")


def span_words(first: int, last: int) -> Text:
    """``3 to 19 November 2026``; whole months by their names."""
    one, other = day_of(first), day_of(last)
    begin, end = day_words(first), day_words(last)
    short = f"{one.day}" if one.month == other.month else f"{one.day} {MONTHS[one.month - 1]}"
    en = f"{short} to {end.en}" if one.year == other.year else f"{begin.en} to {end.en}"
    same_year = f"{other.day}日" if one.month == other.month else f"{other.month}月{other.day}日"
    return Text(f"{begin.zh}至{same_year if one.year == other.year else end.zh}", en)


def clock_words(hours: tuple[int, int]) -> Text:
    """``10:00-14:00`` of the first and last half hour."""
    first, last = hours[0], hours[1] + 1
    return same(f"{first // 2:02d}:{first % 2 * 30:02d}-{last // 2:02d}:{last % 2 * 30:02d}")


def counted(charts: int) -> str:
    """English knows one chart and many."""
    return "1 chart" if charts == 1 else f"{charts:,} charts"
