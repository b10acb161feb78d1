"""How numbers, lengths of time and dates are written on screens, in one place.

True minus, thousands commas, one form of a duration a context, the floor's time zone and 24 hours, weeks from Monday.
Statements use the same functions of the core, so a screen and its paper cannot disagree.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import get_language

from onefloor.agreements.rendering import formats as written
from onefloor.agreements.wording import sentence
from onefloor.language import Language, Text
from onefloor.periods import Month

NOTHING = "—"
"""What stands for a value that does not exist: never 0, never 0%."""


def language() -> Language:
    """The language of this request, as the core names it."""
    return "en" if (get_language() or "zh").startswith("en") else "zh"


def say(text: Text | str) -> str:
    """A text of the core in the language of this request; anything else as it is."""
    return text.to(language()) if isinstance(text, Text) else str(text)


def begin(text: Text) -> str:
    """A text of the core at the beginning of a line or in a head: the English one begins with a capital letter."""
    return say(sentence(text))


def number(value: Decimal | int | None) -> str:
    """``43,986``; as many decimals as the value has; a dash without a value."""
    return NOTHING if value is None else written.number(value)


def signed(value: Decimal | int | None) -> str:
    """``+4,156.20``, ``−312.00``; zero has no sign."""
    return NOTHING if value is None else written.signed(Decimal(value))


def percent(value: Decimal | int | None) -> str:
    """``78.9%``: no space, in both languages."""
    return NOTHING if value is None else f"{written.number(value)}%"


def points(value: Decimal | None) -> str:
    """A difference of two percentages: ``−2.1 个百分点``."""
    unit = Text("个百分点", "points")
    return NOTHING if value is None else f"{written.signed(value)} {say(unit)}"


def money(value: Decimal | None, currency: str) -> str:
    """``272,611.80 元``: all digits, no 万."""
    return NOTHING if value is None else say(written.money(value, currency))


def quantity(value: Decimal | None, unit: str) -> str:
    """A value in a metric's unit: ``78.9%``, ``4:52``, ``2.1 / 10,000``."""
    return say(written.quantity(value, unit))


def duration(ms: Decimal | int | None) -> str:
    """For tables: ``4:19``."""
    return NOTHING if ms is None else written.duration(ms)


def duration_words(ms: int | None) -> str:
    """For text: ``4 分 19 秒``."""
    if ms is None:
        return NOTHING
    hours, rest = divmod(abs(ms) // 1000, 3600)
    parts = [(hours, Text("小时", "h")), (rest // 60, Text("分", "min")), (rest % 60, Text("秒", "s"))]
    return (written.MINUS if ms < 0 else "") + _joined(parts, Text("秒", "s"))


def time_left(left: timedelta) -> str:
    """The two largest units of a clock, without a sign: ``1 天 4 小时``."""
    minutes = int(abs(left).total_seconds()) // 60
    days, hours = divmod(minutes // 60, 24)
    parts = [(days, Text("天", "d")), (hours, Text("小时", "h")), (minutes % 60, Text("分", "min"))]
    return _joined([part for part in parts if part[0]][:2], Text("分", "min"))


def _joined(parts: list[tuple[int, Text]], smallest: Text) -> str:
    """Parts that are not zero, largest first."""
    return " ".join(f"{count:,} {say(unit)}" for count, unit in parts if count) or f"0 {say(smallest)}"


def local(at: datetime | int) -> datetime:
    """A moment, or epoch milliseconds, in the zone of this request: the floor's."""
    moment = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=at) if isinstance(at, int) else at
    return timezone.localtime(moment)


def moment(at: datetime | int | None) -> str:
    """``2026-11-21 14:02``."""
    return NOTHING if at is None else local(at).strftime("%Y-%m-%d %H:%M")


def exact(at: datetime | int | None) -> str:
    """With seconds: ``2026-11-21 14:02:11``."""
    return NOTHING if at is None else local(at).strftime("%Y-%m-%d %H:%M:%S")


def clock(at: datetime | int | None) -> str:
    """``14:02``."""
    return NOTHING if at is None else local(at).strftime("%H:%M")


def day(on: date | None) -> str:
    """``2026-11-21``."""
    return NOTHING if on is None else (local(on) if isinstance(on, datetime) else on).strftime("%Y-%m-%d")


def day_words(on: date) -> str:
    """``2026 年 11 月 21 日，周六``."""
    weekday = WEEKDAYS[on.weekday()]
    return say(
        Text(
            f"{on.year} 年 {on.month} 月 {on.day} 日，{weekday.zh}",
            f"{weekday.en} {on.day} {on.strftime('%B')} {on.year}",
        )
    )


def month(of: Month | str) -> str:
    """``2026 年 10 月``."""
    return say(written.month_words(str(of)))


WEEKDAYS = (
    Text("周一", "Mon"), Text("周二", "Tue"), Text("周三", "Wed"), Text("周四", "Thu"),
    Text("周五", "Fri"), Text("周六", "Sat"), Text("周日", "Sun"),
)  # fmt: skip
