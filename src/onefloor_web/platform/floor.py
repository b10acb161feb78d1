"""The floor this installation serves: its folder, and its clock."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from onefloor.floor import SETTINGS, Floor, open_floor


def floor() -> Floor:
    """The floor, with the settings its file has now."""
    return _opened(settings.FLOOR, (settings.FLOOR / SETTINGS).stat().st_mtime_ns)


def zone() -> ZoneInfo:
    """The floor's time zone: the one of every date and time on screens."""
    return ZoneInfo(floor().timezone)


def now() -> datetime:
    """This moment, in the floor's time zone."""
    return timezone.now().astimezone(zone())


def today() -> date:
    """The floor's date."""
    return now().date()


@lru_cache(maxsize=1)
def _opened(root: Path, _changed_ns: int) -> Floor:
    return open_floor(root)
