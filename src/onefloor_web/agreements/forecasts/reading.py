"""A forecast's file: every line accounted for, those that cannot be used with the reason and what to do."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from onefloor.facts.sources.formulas import COLUMN
from onefloor.facts.sources.mapping import Layout
from onefloor.facts.sources.records import blocks
from onefloor.language import Text
from onefloor.periods import Month
from onefloor.problems import Place, Problem
from onefloor_web.agreements.register.instants import ms_of
from onefloor_web.platform.spreadsheets.files import unguarded

COLUMNS: Final = ("interval", "queue", "company", "contacts")
HEADS: Final = {"en": COLUMNS, "zh": ("时段", "队列", "所属公司", "话务量")}
ALIASES: Final = {
    **dict(zip(HEADS["zh"], COLUMNS, strict=True)), "公司": "company", "预测": "contacts", "预测话务量": "contacts",
    "calls": "contacts", "vendor": "company", "起始时间": "interval",
}  # fmt: skip
FORMATS: Final = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")
MINUTES: Final = 30
MOST_LINES: Final = 100_000
MOST_CONTACTS: Final = 1_000_000
MOST_SHOWN: Final = 500
COUNT: Final = re.compile(r"\d{1,7}(?:\.0+)?")

FAULTS: Final = {
    "interval": Text("时段不是“2026-12-01 08:30”这样的时间。", 'The interval is no time such as "2026-12-01 08:30".'),
    "half_hour": Text("时段须从整点或半点开始。", "An interval begins on the hour or half hour."),
    "clock": Text("当地没有这个时刻，或有两次。", "The clocks of the zone skip this moment, or have it twice."),
    "queue": Text("没有写队列。", "The queue is missing."),
    "unknown_queue": Text("数据中没有这个队列，请检查拼写。", "The records have no such queue: check its spelling."),
    "company": Text("没有写所属公司。", "The company whose share it is is missing."),
    "contacts": Text("话务量须为 0 至 1,000,000 的整数。", "Contacts are a whole number from 0 to 1,000,000."),
    "twice": Text("同一队列同一时段写了两次。", "The same queue and interval stand there twice."),
}


class TooManyLines(Problem):
    """More lines than half hours and queues of a month."""

    def __init__(self) -> None:
        super().__init__(
            Text(f"文件超过 {MOST_LINES:,} 行。", f"The file has more than {MOST_LINES:,} lines."),
            remedy=Text("请只放一个月的预测。", "Keep the forecast of one month in it."),
        )


@dataclass(slots=True)
class Read:
    """What a file says: contacts by (interval in epoch ms, queue), and the account of its lines."""

    rows: dict[tuple[int, str], int] = field(default_factory=dict)
    lines: int = 0
    ignored: Counter[str] = field(default_factory=Counter)
    bad: list[tuple[int, str]] = field(default_factory=list)

    @property
    def account(self) -> dict[str, Any]:
        """``lines = taken + ignored + bad``, as JSON; at most 500 bad ones are listed."""
        listed = [{"line": line, "fault": fault} for line, fault in self.bad[:MOST_SHOWN]]
        return {
            "lines": self.lines, "taken": len(self.rows), "ignored": dict(self.ignored), "bad": len(self.bad),
            "listed": listed,
        }  # fmt: skip

    @property
    def content(self) -> str:
        """The rows as canonical lines, in order of interval and queue."""
        return "".join(f"{at},{queue},{self.rows[at, queue]}\n" for at, queue in sorted(self.rows))

    @property
    def digest(self) -> str:
        """SHA-256 of the content."""
        return sha256(self.content.encode()).hexdigest()


def read(path: Path, *, month: Month, company: str, zone: ZoneInfo, queues: Iterable[str]) -> Read:
    """A forecast from a CSV or XLSX file: the company's share of one month.

    Args:
        path: the file.
        month: lines of other months are counted and left.
        company: whose share; lines of other companies are counted and left.
        zone: of the intervals.
        queues: the queues that there are.

    Raises:
        Problem: the file as a whole cannot be read; says why.
    """
    found, known = Read(), set(queues)
    layout = Layout(aliases=ALIASES, optional=frozenset({"company"}))
    for block in blocks(path, layout, {name: Place(path.name) for name in COLUMNS}):
        shared = block[COLUMN + "company"].is_not_null().any()
        for row in block.iter_rows(named=True):
            found.lines += 1
            if found.lines > MOST_LINES:
                raise TooManyLines
            _line(found, row, month=month, company=company if shared else None, zone=zone, known=known)
    return found


def _line(
    found: Read, row: dict[str, Any], *, month: Month, company: str | None, zone: ZoneInfo, known: set[str]
) -> None:
    """Take a line, leave it with a reason, or set it aside with a fault."""
    cells = {name: unguarded((row[COLUMN + name] or "").strip()) for name in COLUMNS}
    if row["fault"] in ("blank", "header") or not any(cells.values()):
        found.ignored["blank"] += 1
        return
    if company is not None and cells["company"] not in ("", company):
        found.ignored["other_company"] += 1
        return
    at, fault = _interval(cells["interval"], zone)
    fault = fault or row["fault"] or _fault(cells, company, known)
    if fault is None and at is not None and _month_of(at, zone) != month:
        found.ignored["other_month"] += 1
    elif fault is not None or at is None:
        found.bad.append((row["line"], fault or "interval"))
    elif (ms_of(at), cells["queue"]) in found.rows:
        found.bad.append((row["line"], "twice"))
    else:
        found.rows[ms_of(at), cells["queue"]] = int(float(cells["contacts"]))


def _interval(text: str, zone: ZoneInfo) -> tuple[datetime | None, str | None]:
    """The beginning of an interval, or what is wrong with it."""
    local = next((made for form in FORMATS if (made := _parsed(text, form))), None)
    if local is None:
        return None, "interval"
    if local.minute % MINUTES or local.second:
        return None, "half_hour"
    at = local.replace(tzinfo=zone)
    there = at.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local
    once = at.utcoffset() == at.replace(fold=1).utcoffset()
    return (at, None) if there and once else (None, "clock")


def _parsed(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)
    except ValueError:
        return None


def _fault(cells: dict[str, str], company: str | None, known: set[str]) -> str | None:
    if company is not None and not cells["company"]:
        return "company"
    if not cells["queue"]:
        return "queue"
    if cells["queue"] not in known:
        return "unknown_queue"
    contacts = cells["contacts"].replace(",", "")
    if not COUNT.fullmatch(contacts) or int(float(contacts)) > MOST_CONTACTS:
        return "contacts"
    cells["contacts"] = contacts
    return None


def _month_of(at: datetime, zone: ZoneInfo) -> Month:
    local = at.astimezone(zone)
    return Month(local.year, local.month)
