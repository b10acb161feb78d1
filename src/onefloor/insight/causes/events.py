"""Dated events: what else happened at the time. Told as "at the same time", never as a cause."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from onefloor.language import Text
from onefloor.periods import Period, day_id
from onefloor.problems import MissingFile, Place, Problem


class BadEvent(Problem):
    """An event without a date or without words."""

    def __init__(self, path: Path, number: int) -> None:
        super().__init__(
            Text(f"第 {number} 个事件缺少日期或内容。", f"Event {number} has no date or says nothing."),
            remedy=Text(
                "每个事件写明 date 和 what，例如 2026-09-01,新的投诉流程。",
                "Give every event its date and what it was: 2026-09-01,new dispute procedure.",
            ),
            where=Place(str(path)),
        )


class UnreadableEvents(Problem):
    """A file that is no table and no list of events."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Text("无法读取事件文件。", "The file of events cannot be read."),
            remedy=Text(
                "请用含 date 和 what 两列的 CSV，或写成 YAML 列表。",
                "Make it a CSV with the columns date and what, or a YAML list of such entries.",
            ),
            where=Place(str(path)),
        )


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a day."""

    day: int
    what: str


def read_events(path: Path) -> list[Event]:
    """The events of a CSV (columns ``date`` and ``what``) or YAML file (a list of such entries), by date.

    Raises:
        MissingFile, UnreadableEvents, BadEvent.
    """
    if not path.is_file():
        raise MissingFile(path)
    found = [_event(path, number, row) for number, row in enumerate(_rows(path), 1)]
    return sorted(found, key=lambda event: event.day)


def at_the_same_time(events: Iterable[Event], before: Period, after: Period) -> list[Event]:
    """Events from the later period, or between the two: those of the earlier one were there before."""
    return [event for event in events if min(before.end, after.start) <= event.day < after.end]


def _rows(path: Path) -> list[Mapping[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        yaml = path.suffix.lower() in (".yaml", ".yml")
        held = YAML(typ="safe", pure=True).load(text) or [] if yaml else list(csv.DictReader(text.splitlines()))
    except (UnicodeDecodeError, csv.Error, YAMLError, ValueError):
        raise UnreadableEvents(path) from None
    if not isinstance(held, list) or not all(isinstance(row, Mapping) for row in held):
        raise UnreadableEvents(path)
    return held


def _event(path: Path, number: int, row: Mapping[str, Any]) -> Event:
    when, what = row.get("date"), str(row.get("what") or "").strip()
    try:
        day = when if isinstance(when, date) else date.fromisoformat(str(when).strip())
    except ValueError:
        raise BadEvent(path, number) from None
    if not what:
        raise BadEvent(path, number)
    return Event(day_id(day), what)
