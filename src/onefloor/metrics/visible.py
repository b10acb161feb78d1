"""What a viewer may know of: only the names that occur in the rows of a scope, for filters, lists and messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from onefloor.metrics.cubes import NAMES, Cubes
from onefloor.metrics.dimensions import sort_key
from onefloor.metrics.engines import DuckDB, Engine, Sum
from onefloor.metrics.expressions import columns_of
from onefloor.metrics.grouping import Ask
from onefloor.metrics.measure import run_on
from onefloor.metrics.prepared import Names, Prepared
from onefloor.metrics.removed import answer as from_sums
from onefloor.metrics.tables import ABSENT, NAMED
from onefloor.periods import Month

# Which table tells which names, in groups that go together. Whoever has rows of a company is on its roster that day, so
# the people tell all agents, teams and sites; what a contact is about stands in the tables that sources fill.
CONTACTS: Final = ("company", "queue", "skill", "topic", "channel")
TOLD: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "people": (("agent", "company", "employment", "site", "team"), ("tenure",)),
    **dict.fromkeys(("legs", "surveys", "sales", "complaints", "evaluations", "forecasts"), (CONTACTS,)),
}


def visible_to(prepared: Prepared, scope: str, *, engine: Engine | None = None, cubes: Cubes | None = None) -> Prepared:
    """The same measuring tables with the names of a scope alone: all others are unknown to whoever asks.

    A filter that names another company's team is then refused as one that names nothing, and the refusal lists the
    viewer's own. The rows themselves are not narrowed: the scope has to go with every question.

    Args:
        prepared: the measuring tables.
        scope: a predicate of the rows that may be looked at (``Scope.predicate()``); empty for all.
        engine: DuckDB if left out.
        cubes: daily cubes to answer from.
    """
    if not scope:
        return prepared
    found: dict[str, set[int]] = {name: set() for name in NAMED}
    for ask in _asks(prepared, scope):
        for answer in run_on(prepared, _months(prepared, ask.table), engine or DuckDB(), cubes)(ask):
            for name in ask.by:
                found[name] |= set(answer[name].to_list())
    for ask, months in _asks_of_sums(prepared, scope):
        rows = from_sums(prepared, ask, months)
        for name in ask.by:
            found[name] |= set(rows[name].to_list())
    ids = {
        name: {text: number for text, number in held.items() if name not in found or number in found[name]}
        for name, held in prepared.names.ids.items()
    }
    return replace(prepared, names=Names(ids), unknown_agents=())


def choices(prepared: Prepared) -> dict[str, list[str]]:
    """The names to choose from in a filter, by dimension, in the order in which they are listed."""
    ids: Mapping[str, Mapping[str, int]] = prepared.names.ids
    return {name: sorted(ids.get(name, {}), key=lambda text: sort_key(name, text)) for name in NAMED}


def _asks(prepared: Prepared, scope: str) -> Iterator[Ask]:
    """Which names occur in the rows of the scope, of the tables that have rows and know what the scope speaks of."""
    for table, kinds in TOLD.items():
        present = set(NAMED) - set(ABSENT[table])
        if not prepared.files.get(table) or not columns_of(scope) & set(NAMED) <= present:
            continue
        for kind in kinds:
            if by := tuple(name for name in kind if name in present):
                yield Ask(table, by, scope, (Sum(""),), ())


def _asks_of_sums(prepared: Prepared, scope: str) -> Iterator[tuple[Ask, list[Month]]]:
    """The same of months whose rows are gone; a scope of agents does not reach them."""
    for table, gone in prepared.gone.items():
        months = [Month.from_id(month) for month in sorted(gone) if gone[month].sums]
        present = set(NAMES) - set(ABSENT[table])
        if months and columns_of(scope) <= present:
            yield Ask(table, tuple(name for name in NAMES if name in present), scope, (Sum(""),), ()), months


def _months(prepared: Prepared, table: str) -> list[Month]:
    gone = prepared.gone.get(table, {})
    return [Month.from_id(month) for month in sorted(prepared.files.get(table, {})) if month not in gone]
