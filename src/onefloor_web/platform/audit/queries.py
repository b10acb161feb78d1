"""Reads of the audit trail: one query over all history tables, each behind its own walls."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.utils.dateparse import parse_date

from onefloor_web.platform.audit.tables import Tracked, tracked
from onefloor_web.platform.floor import zone
from onefloor_web.platform.pages.addresses import whole

PER_PAGE, MOST = 50, 10_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = 10**17  # microseconds; later moments are none that a calendar has


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the list: a moment, a table, a row of it. A bulk change has many rows of one moment."""

    at: datetime
    table: str
    row: int

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // timedelta(microseconds=1)}-{self.table}-{self.row}"

    @classmethod
    def of(cls, text: str) -> Place | None:
        """From an address."""
        moment, _, rest = text.partition("-")
        table, _, row = rest.partition("-")
        micros, number = whole(moment), whole(row)
        if micros is None or number is None or table not in tracked() or micros > LATEST:
            return None
        return cls(EPOCH + timedelta(microseconds=micros), table, number)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader looks for: a table, an object of it, a person, days, and where to go on."""

    table: str = ""
    number: int | None = None
    person: str = ""
    since: date | None = None
    until: date | None = None
    before: Place | None = None

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Wanted:
        """From an address; what makes no sense is left out."""
        table = query.get("table", "")
        return cls(
            table if table in tracked() else "",
            whole(query.get("number", "")),
            query.get("person", "").strip()[:120],
            _day(query.get("since", "")),
            _day(query.get("until", "")),
            Place.of(query.get("before", "")),
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
    def place(self) -> Place:
        """Where the next page goes on."""
        return Place(self.at, self.of.name, self.row)

    @property
    def differences(self) -> list[tuple[str, Any, Any]]:
        """``(column, before, after)`` of what is different; a new row has no before, a deleted one no after."""
        old = self.after if self.act == "delete" else self.before or {}
        new = {} if self.act == "delete" else self.after
        pairs = (
            (column, old.get(column), new.get(column))
            for column, field in self.of.fields.items()
            if not field.primary_key
        )
        return [(column, was, now) for column, was, now in pairs if was != now]


def changes(wanted: Wanted, *, most: int = PER_PAGE) -> list[Change]:
    """The latest changes that fit, at most ``most``, newest first; the walls decide whose."""
    tables = tracked()
    chosen = [tables[wanted.table]] if wanted.table else list(tables.values())
    values: list[Any] = []
    branches: list[str] = []
    for one in chosen:
        conditions, places = _conditions(wanted, one.name)
        branches.append(_BRANCH.format(name=one.name, table=_quoted(one.table), where=conditions))
        values += [*places, most]
    query = f"select * from ({' union all '.join(branches)}) found {_ORDER} limit %s"
    with connection.cursor() as cursor:
        cursor.execute(query, [*values, most])
        return [_change(tables, row) for row in cursor.fetchall()]


_ORDER = 'order by at desc, name collate "C", row desc'
# The row before is found by the object's number and the history's own: both are bounded by the limit of the branch.
_BRANCH = """(
    select '{name}' as name, e.pgh_id as row, e.pgh_created_at as at, e.pgh_label as act, e.pgh_obj_id as number,
        e.pgh_context as context,
        (select to_jsonb(b) from {table} b where b.pgh_obj_id = e.pgh_obj_id and b.pgh_id < e.pgh_id
            order by b.pgh_id desc limit 1) as before,
        to_jsonb(e) as after
    from {table} e where {where} order by e.pgh_created_at desc, e.pgh_id desc limit %s)"""


def _conditions(wanted: Wanted, table: str) -> tuple[str, list[Any]]:
    """For the branch of one table: SQL with places for values, and the values."""
    found: list[tuple[str, list[Any]]] = [("true", [])]
    if wanted.number is not None:
        found.append(("e.pgh_obj_id = %s", [wanted.number]))
    if wanted.person:
        found.append(("e.pgh_context->>'name' ilike %s", [f"%{_plain(wanted.person)}%"]))
    if wanted.since:
        found.append(("e.pgh_created_at >= %s", [_midnight(wanted.since)]))
    if wanted.until:
        found.append(("e.pgh_created_at < %s", [_midnight(wanted.until + timedelta(days=1))]))
    if wanted.before is not None:
        found.append(_after(wanted.before, table))
    return " and ".join(sql for sql, _ in found), [value for _, values in found for value in values]


def _after(place: Place, table: str) -> tuple[str, list[Any]]:
    """Rows that stand below a place: earlier ones, and of the same moment those of later tables and lower rows."""
    if table < place.table:
        return "e.pgh_created_at < %s", [place.at]
    if table > place.table:
        return "e.pgh_created_at <= %s", [place.at]
    return "(e.pgh_created_at, e.pgh_id) < (%s, %s)", [place.at, place.row]


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


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
