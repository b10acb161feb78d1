"""Contacts one by one: finding legs by time, code and outcome, and all legs of one contact, within a scope."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import polars as pl

from onefloor.facts.schemas import OUTCOMES
from onefloor.facts.store import scan
from onefloor.floor import Floor
from onefloor.language import Text
from onefloor.metrics.dimensions import Wanted, filter_predicate
from onefloor.metrics.engines import Aggregate, DuckDB, Engine, Select, Sum
from onefloor.metrics.engines.queries import kinds
from onefloor.metrics.expressions import both, checked
from onefloor.metrics.measure import span_of
from onefloor.metrics.prepared import Prepared
from onefloor.metrics.rows import HIDDEN, shown_rows, with_sources
from onefloor.metrics.tables import MEASURING
from onefloor.periods import Month, Period
from onefloor.problems import Problem

Moment = Literal["queued", "answered", "ended"]
# When each moment of a leg was: its parts add up, ring time lies within the wait.
MOMENTS: Final[dict[Moment, str]] = {
    "queued": "start_ms",
    "answered": "start_ms + wait_ms",
    "ended": "start_ms + wait_ms + talk_ms + hold_ms",
}
TABLE: Final = "legs"
COLUMNS: Final = tuple(name for name in MEASURING[TABLE].names if name not in HIDDEN)


class UnknownOutcome(Problem):
    """An outcome that no leg can have."""

    def __init__(self, outcome: str) -> None:
        super().__init__(
            Text(f"没有名为“{outcome}”的结果。", f'There is no outcome "{outcome}".'),
            remedy=Text(f"可用：{'、'.join(OUTCOMES)}。", f"There are: {', '.join(OUTCOMES)}."),
        )


@dataclass(frozen=True, slots=True)
class Wish:
    """What legs are looked for: between two instants of a moment, half-open, with a code, an outcome, by names.

    ``code`` is the code of an agent or of a contact. ``where`` holds allowed names by dimension.
    """

    where: Wanted
    from_ms: int | None = None
    until_ms: int | None = None
    moment: Moment = "queued"
    outcome: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Legs:
    """How many legs were found in all, and some of them; each has the columns that ``rows`` gives."""

    count: int
    rows: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact: its legs in order, each with the facts of its source, and which of them are in the scope.

    ``later`` are the customer's later contacts in the scope, ``(contact, start_ms, topic)``; ``customer`` a keyed hash,
    None if the customer is not known.
    """

    code: str
    legs: list[dict[str, Any]]
    in_scope: frozenset[int]
    customer: int | None
    later: list[tuple[str, int, str | None]]


def search(
    prepared: Prepared,
    floor: Floor,
    wish: Wish,
    limit: int | None = 50,
    offset: int = 0,
    *,
    engine: Engine | None = None,
    scope: str = "",
) -> Legs:
    """The legs that fit, in order of time; all of them can be reached, however many.

    Args:
        prepared: the measuring tables.
        floor: where the facts are.
        wish: what is looked for.
        limit: at most so many; None for all.
        offset: after so many.
        engine: DuckDB if left out.
        scope: a predicate of the rows that may be looked at.

    Raises:
        UnknownName, UnknownDimension, BadFilterValue, UnknownOutcome.
    """
    where = both(filter_predicate(wish.where, prepared.names), scope, *_conditions(prepared, floor, wish))
    files = tuple(prepared.paths(TABLE, _months(prepared, wish)))
    if not files:
        return Legs(0, [])
    runner = engine or DuckDB()
    checked(where, kinds(MEASURING[TABLE]))
    counted = Aggregate(TABLE, MEASURING[TABLE], files, (), where, (Sum(""),))
    count = int(runner.aggregate(counted, prepared.names.id).item(0, 0))
    return Legs(count, with_sources(floor, TABLE, _selected(prepared, runner, where, files, limit, offset)))


def contact(
    prepared: Prepared, floor: Floor, code: str, *, engine: Engine | None = None, scope: str = "", days: int = 7
) -> Contact | None:
    """One contact with all its legs, those outside the scope marked; None if no leg is in the scope.

    Args:
        prepared: the measuring tables.
        floor: where the facts are.
        code: the source's id of the contact.
        engine: DuckDB if left out.
        scope: a predicate of the rows that may be looked at.
        days: how many days after its end later contacts of the customer are looked for.
    """
    facts = _facts_of(floor, code)
    if not facts:
        return None
    months = sorted({row["month"] for row in facts.values()})
    files = tuple(prepared.paths(TABLE, [Month.from_id(month) for month in months]))
    where = f"row_id in {_listed(facts)}"
    if not files:
        return None
    runner = engine or DuckDB()
    legs = _selected(prepared, runner, where, files, None, 0)
    visible = {row["row_id"] for row in _selected(prepared, runner, both(where, scope), files, None, 0)}
    if not visible:
        return None
    whole = sorted((row | _told(facts[row["row_id"]]) for row in legs), key=lambda row: (row["leg"], row["start_ms"]))
    customer = next((row["customer"] for row in facts.values() if row["customer"] is not None), None)
    later = _later(prepared, floor, runner, scope, whole, customer, days)
    return Contact(code, whole, frozenset(visible), customer, later)


def is_contact(prepared: Prepared, floor: Floor, code: str, *, engine: Engine | None = None, scope: str = "") -> bool:
    """Whether ``contact`` would give one; arguments as there. It reads two columns of the facts."""
    rows = scan(floor, "contacts").filter(pl.col("contact") == code).select("row_id", "month").collect()
    files = tuple(prepared.paths(TABLE, [Month.from_id(month) for month in sorted(set(rows["month"]))]))
    if not files:
        return False
    where = both(f"row_id in {_listed(rows['row_id'].to_list())}", scope)
    counted = Aggregate(TABLE, MEASURING[TABLE], files, (), where, (Sum(""),))
    return int((engine or DuckDB()).aggregate(counted, prepared.names.id).item(0, 0)) > 0


def _conditions(prepared: Prepared, floor: Floor, wish: Wish) -> list[str]:
    clock = MOMENTS[wish.moment]
    found = [f"{clock} >= {wish.from_ms}"] if wish.from_ms is not None else []
    found += [f"{clock} < {wish.until_ms}"] if wish.until_ms is not None else []
    found += ["answered"] if wish.moment == "answered" else []
    if wish.outcome:
        if wish.outcome not in OUTCOMES:
            raise UnknownOutcome(wish.outcome)
        found.append(f"outcome == {wish.outcome!r}")
    if wish.code:
        found.append(_by_code(prepared, floor, wish.code))
    return found


def _by_code(prepared: Prepared, floor: Floor, code: str) -> str:
    """Legs of an agent of that code, or of a contact of that code; neither means no leg."""
    ids = sorted(_facts_of(floor, code))
    contact_of = f"row_id in {_listed(ids)}" if ids else "row_id in ()"
    if prepared.names.id("agent", code) > 0:
        return f"(agent == {code!r} or {contact_of})" if ids else f"agent == {code!r}"
    return contact_of


def _months(prepared: Prepared, wish: Wish) -> list[Month] | None:
    """The months that can hold what is looked for; a leg lies in the month in which it began, days before it ends."""
    if wish.from_ms is None or wish.until_ms is None:
        return None
    first, last = prepared.clock.day(wish.from_ms) - 2, prepared.clock.day(max(wish.from_ms, wish.until_ms - 1)) + 1
    return span_of(prepared, Period(first, last + 1))[0]


def _selected(
    prepared: Prepared, engine: Engine, where: str, files: tuple[str, ...], limit: int | None, offset: int
) -> list[dict[str, Any]]:
    query = Select(TABLE, MEASURING[TABLE], files, COLUMNS, where, None, limit, offset)
    return shown_rows(prepared, engine.select(query, prepared.names.id))


def _facts_of(floor: Floor, code: str) -> dict[int, dict[str, Any]]:
    """The newest fact of every leg of a contact, by row id."""
    found = scan(floor, "contacts").filter(pl.col("contact") == code).sort("revision").unique("row_id", keep="last")
    return {row["row_id"]: row for row in found.collect().to_dicts()}


def _told(fact: dict[str, Any]) -> dict[str, Any]:
    """What only the fact says of a leg."""
    names = ("contact", "leg", "direction", "ended_by", "transferred_to", "source", "file", "line")
    known = {"wrap_known": fact["wrap_ms"] is not None, "hold_known": fact["hold_ms"] is not None}
    return {name: fact[name] for name in names} | known


def _later(
    prepared: Prepared,
    floor: Floor,
    engine: Engine,
    scope: str,
    legs: Sequence[dict[str, Any]],
    customer: int | None,
    days: int,
) -> list[tuple[str, int, str | None]]:
    if customer is None:
        return []
    last = max(leg["start_ms"] for leg in legs)
    end = prepared.clock.start_of_day_ms(prepared.clock.day(last) + days + 1)
    months = span_of(prepared, Period(prepared.clock.day(last), prepared.clock.day(end)))[0]
    rows = scan(floor, "contacts", {month.id for month in months})
    chosen = rows.filter(
        (pl.col("customer") == customer) & (pl.col("started_ms") > last) & (pl.col("started_ms") < end)
    )
    by_id = dict(chosen.select("row_id", "contact").unique("row_id").collect().iter_rows())
    files = tuple(prepared.paths(TABLE, months))
    if not by_id or not files:
        return []
    seen = _selected(prepared, engine, both(f"row_id in {_listed(by_id)} and first", scope), files, None, 0)
    return [(by_id[row["row_id"]], row["start_ms"], row["topic"]) for row in seen]


def _listed(ids: Iterable[int]) -> str:
    numbers = sorted(ids)
    return f"({', '.join(map(str, numbers))}{',' if len(numbers) == 1 else ''})"
