"""Deadlines as an iCalendar file (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from onefloor_web.platform.calendars.providers import Deadline

WIDTH: Final = 75  # bytes of a line, without its end
REMINDER: Final = timedelta(hours=2)
ESCAPED: Final = (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n"))


def feed(deadlines: Iterable[Deadline], *, name: str, site: str, host: str, made: datetime) -> bytes:
    """A calendar with one event a deadline, which lasts no time and is announced two hours before.

    Args:
        deadlines: what ends when.
        name: the calendar's name.
        site: where the pages are, such as ``https://floor.example``.
        host: makes the events' names unique in the world.
        made: when this file was made.
    """
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Onefloor//Deadlines//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        *(line for one in deadlines for line in _event(one, site, host, made)),
        "END:VCALENDAR",
    ]  # fmt: skip
    return b"".join(folded(line) for line in lines)


def escaped(text: str) -> str:
    """A text as a property holds it; characters that no text may have are left out."""
    for plain, written in ESCAPED:
        text = text.replace(plain, written)
    return "".join(character for character in text if character >= " " or character == "\t")


def folded(line: str) -> bytes:
    """A line in pieces of at most 75 bytes, never within a character; the next ones begin with a space."""
    pieces, piece = [], b""
    for character in line:
        encoded = character.encode()
        if len(piece) + len(encoded) > WIDTH:
            pieces.append(piece)
            piece = b" "
        piece += encoded
    return b"\r\n".join([*pieces, piece]) + b"\r\n"


def _event(one: Deadline, site: str, host: str, made: datetime) -> list[str]:
    title = escaped(one.title)
    return [
        "BEGIN:VEVENT", f"UID:{one.key}@{host}", f"DTSTAMP:{_utc(made)}", f"DTSTART:{_utc(one.at)}",
        f"DTEND:{_utc(one.at)}", f"SEQUENCE:{one.changed}", f"SUMMARY:{title}", f"URL:{site}{one.url}",
        "BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{title}", f"TRIGGER:-PT{REMINDER // timedelta(hours=1)}H",
        "END:VALARM", "END:VEVENT",
    ]  # fmt: skip


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
