"""Reads of the audit trail: one query over all history tables, each behind its own walls."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.utils.dateparse import parse_date

from onefloor_web.platform.audit.tables import Tracked, tracked
from onefloor_web.platform.floor import zone

PER_PAGE, MOST = 50, 10_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader looks for: a table, an object of it, a person, days, and where to go on."""

    table: str = ""
    number: int | None = None
    person: str = ""
    since: date | None = None
    until: date | None = None
    before: int | None = None

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Wanted:
        """From an address; what makes no sense is left out."""
        table = query.get("table", "")
        return cls(
            table if table in tracked() else "",
            _whole(query.get("number", "")),
            query.get("person", "").strip()[:120],
            _day(query.get("since", "")),
            _day(query.get("until", "")),
            _whole(query.get("before", "")),
        )


@dataclass(frozen=True, slots=True)
class Change:
    """One row of a history table, with the row of the same object before it."""

    of: Tracked
    row: int
    at: datetime
    act: str
    number: int
    context: dict[str, Any]
    before: dict[str, Any] | None
    after: dict[str, Any]

    @property
    def moment(self) -> int:
        """Microseconds of the epoch: where the next page goes on."""
        return round(self.at.timestamp() * 1_000_000)

    @property
    def differences(self) -> list[tuple[str, Any, Any]]:
        """``(column, before, after)`` of what is different; a new row has no before, a deleted one no after."""
        old = self.after if self.act == "delete" else self.before or {}
        new = {} if self.act == "delete" else self.after
        pairs = ((column, old.get(column), new.get(column)) for column in self.of.fields)
        return [(column, was, now) for column, was, now in pairs if was != now]


def changes(wanted: Wanted, *, most: int = PER_PAGE) -> list[Change]:
    """The latest changes that fit, at most ``most``, newest first; the walls decide whose."""
    tables = tracked()
    chosen = [tables[wanted.table]] if wanted.table else list(tables.values())
    conditions, values = _conditions(wanted)
    branches = [_BRANCH.format(name=one.name, table=_quoted(one.table), where=conditions) for one in chosen]
    query = f"select * from ({' union all '.join(branches)}) found order by at desc, name, row desc limit %s"
    with connection.cursor() as cursor:
        cursor.execute(query, [*(value for _ in chosen for value in [*values, most]), most])
        return [_change(tables, row) for row in cursor.fetchall()]


# The row before is found by the object's number and the history's own: both are bounded by the limit of the branch.
_BRANCH = """(
    select '{name}' as name, e.pgh_id as row, e.pgh_created_at as at, e.pgh_label as act, e.pgh_obj_id as number,
        e.pgh_context as context,
        (select to_jsonb(b) from {table} b where b.pgh_obj_id = e.pgh_obj_id and b.pgh_id < e.pgh_id
            order by b.pgh_id desc limit 1) as before,
        to_jsonb(e) as after
    from {table} e where {where} order by e.pgh_created_at desc, e.pgh_id desc limit %s)"""


def _conditions(wanted: Wanted) -> tuple[str, list[Any]]:
    """For one branch: SQL with places for values, and the values."""
    found: list[tuple[str, Any]] = [("true", None)]
    if wanted.number is not None:
        found.append(("e.pgh_obj_id = %s", wanted.number))
    if wanted.person:
        found.append(("e.pgh_context->>'name' ilike %s", f"%{_plain(wanted.person)}%"))
    if wanted.since:
        found.append(("e.pgh_created_at >= %s", _midnight(wanted.since)))
    if wanted.until:
        found.append(("e.pgh_created_at < %s", _midnight(wanted.until + timedelta(days=1))))
    if wanted.before is not None:
        found.append(("e.pgh_created_at < to_timestamp(%s / 1000000.0)", wanted.before))
    return " and ".join(sql for sql, _ in found), [value for _, value in found if value is not None]


def _change(tables: Mapping[str, Tracked], row: Sequence[Any]) -> Change:
    name, number, at, act, object_number, context, before, after = row
    return Change(tables[name], number, at, act, object_number, _read(context) or {}, _read(before), _read(after) or {})


def _read(value: Any) -> dict[str, Any] | None:
    """Django hands raw queries JSON as text."""
    found: dict[str, Any] | None = json.loads(value) if isinstance(value, str) else value
    return found


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _plain(text: str) -> str:
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone())


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
