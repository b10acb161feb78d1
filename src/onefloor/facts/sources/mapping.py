"""Table mappings: what the columns of a table mean, once it has been checked (by ``reading_mappings``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from onefloor.facts.schemas import PROVENANCE, TABLES
from onefloor.facts.sources.columns import DECIMALS, DURATIONS, Column, Kind
from onefloor.facts.sources.formulas import Formula
from onefloor.problems import Place

# What a row gets where the mapping does not say; `started_ms` of a contact falls back to `queued_ms`.
DEFAULTS: Mapping[str, Mapping[str, str]] = {"contacts": {"leg": "1", "channel": "voice", "direction": "in"}}
DERIVED: Mapping[str, frozenset[str]] = {"contacts": frozenset({"contact", "started_ms"})}


@dataclass(frozen=True, slots=True)
class Rule:
    """A test of a record and the name under which it is counted."""

    formula: Formula
    reason: str


@dataclass(frozen=True, slots=True)
class Layout:
    """How the file is written; None where it is told from the file itself.

    ``aliases`` are other names of columns, ``optional`` columns that may be absent; mappings need neither.
    """

    format: str | None = None
    delimiter: str | None = None
    quote: str = '"'
    encoding: str | None = None
    sheet: str | None = None
    skip: int = 0
    header: tuple[str, ...] | None = None
    aliases: Mapping[str, str] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TableMapping:
    """A checked mapping. ``digest`` identifies its content; ``places`` says where it names a column of the file."""

    name: str
    target: str
    columns: tuple[Column, ...]
    digest: str
    version: int = 1
    layout: Layout = field(default_factory=Layout)
    zone: str | None = None
    missing: tuple[str, ...] = ()
    values: tuple[Column, ...] = ()
    identity: tuple[str, ...] = ()
    revision: Column | None = None
    ignore: tuple[Rule, ...] = ()
    require: tuple[Rule, ...] = ()
    note: tuple[Rule, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns of the file that the mapping reads."""
        return tuple(self.places)


def kind_of(target: str, name: str) -> Kind:
    """What kind of value a column of a fact table holds.

    >>> kind_of("contacts", "wait_ms"), kind_of("contacts", "queued_ms")
    ('duration', 'time')
    """
    if name in DURATIONS:
        return "duration"
    if name == "customer":
        return "customer"
    if name in DECIMALS:
        return "decimal"
    kind = TABLES[target].field(name).type
    if pa.types.is_string(kind):
        return "text"
    if pa.types.is_boolean(kind):
        return "flag"
    return "time" if name.endswith("_ms") else "integer"


def fact_columns(target: str) -> list[str]:
    """The columns of a fact table that a mapping may fill."""
    own = {provenance.name for provenance in PROVENANCE}
    return [name for name in TABLES[target].names if name not in own]
