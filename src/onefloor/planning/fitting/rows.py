"""The rows a model is fitted to: offered contacts from the measuring tables, as arrays, of a scope."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields

import numpy as np
import polars as pl
from numpy.typing import NDArray

from onefloor.facts.schemas import OUTCOMES, TABLES
from onefloor.facts.store import scan
from onefloor.floor import Floor
from onefloor.language import Text
from onefloor.metrics.expressions import to_polars
from onefloor.metrics.prepared import Prepared, UnknownName
from onefloor.metrics.removed import RowsRemoved
from onefloor.metrics.tables import MEASURING
from onefloor.periods import MS_PER_SECOND, Month
from onefloor.problems import Problem

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
INTERVALS = 48
"""Half hours of a day."""
COLUMNS = ("row_id", "start_ms", "day", "weekday", "interval", "company", "agent", "outcome", "first", "transferred")
TIMES = ("wait_ms", "ring_ms", "talk_ms", "hold_ms", "wrap_ms")
ANSWERED = tuple(OUTCOMES[name] for name in ("answered", "failed"))
LEFT = tuple(OUTCOMES[name] for name in ("abandoned", "exit_key"))
TIMEOUT = OUTCOMES["timeout"]
ONLY_SUMS = Text("只保留按日合计，没有明细可以拟合。", "Only daily sums stay; there are no rows to fit a model to.")
LATER = Text("请选择之后的账期。", "Choose a later period.")


class NoContacts(Problem):
    """There is nothing to fit a model to."""

    def __init__(self, months: Sequence[Month]) -> None:
        span = f"{months[0]}..{months[-1]}" if months else "-"
        super().__init__(
            Text(f"{span} 没有可用于拟合的来话。", f"There are no offered contacts in {span} to fit a model to."),
            remedy=Text(
                "请检查账期、队列和排除的日期，或先导入话务。",
                "Check the months, the queues and the days left out, or load contacts first.",
            ),
        )


class NotInScope(Problem):
    """A queue or topic without rows that may be looked at, whether the floor has it or not."""

    def __init__(self, by: str, name: str, known: Iterable[str]) -> None:
        some = sorted(known)[:12]
        super().__init__(
            Text(f"所选公司在 {by}“{name}”中没有话务。", f'The companies asked for have nothing in {by} "{name}".'),
            remedy=Text(f"它们有：{'、'.join(some) or '（无）'}。", f"They have: {', '.join(some) or '(none)'}."),
        )


Facts = Callable[[str, Sequence[str], Sequence[Month]], pl.DataFrame]
"""Columns of the rows that count of a fact table, of some months."""


def facts_of(floor: Floor) -> Facts:
    """The facts of a floor: of every group the rows of its highest revision, each once."""

    def rows(table: str, columns: Sequence[str], months: Sequence[Month]) -> pl.DataFrame:
        held = scan(floor, table, [month.id for month in months])
        newest = held.filter(pl.col("revision") == pl.col("revision").max().over("group_id"))
        return newest.unique("row_id", maintain_order=True).select(columns).collect()

    return rows


@dataclass(frozen=True, slots=True)
class Source:
    """A floor, opened, and what of it is looked at.

    ``queues`` are names of ``by`` (``queue`` or ``topic``), all without any. ``scope`` is a predicate of the rows that
    may be looked at, as for ``metrics.measure.measure``. ``facts`` say who called, and have shifts and states; without
    them agents' hours are taken from their first to their last contact, and who calls again is not known.
    """

    prepared: Prepared
    months: tuple[Month, ...]
    facts: Facts | None = None
    queues: tuple[str, ...] = ()
    by: str = "queue"
    scope: str = ""

    def of_facts(self, table: str, *columns: str) -> pl.DataFrame:
        """Columns of a fact table's rows that count, of the months."""
        if self.facts is None:
            return pl.DataFrame(TABLES[table].empty_table()).select(columns)
        return self.facts(table, columns, self.months)

    def rows(self, table: str, *columns: str) -> pl.DataFrame:
        """Columns of a measuring table's rows in the scope.

        Raises:
            RowsRemoved: rows of one of the months are gone.
        """
        held = self.prepared.gone.get(table, {})
        if taken := [month for month in self.months if month.id in held]:
            raise RowsRemoved(taken, max(held[month.id].day for month in taken), ONLY_SUMS, LATER)
        files = self.prepared.paths(table, self.months)
        if not files:
            return pl.DataFrame(MEASURING[table].empty_table()).select(columns)
        return pl.scan_parquet(files).filter(to_polars(self.scope, self.prepared.names.id)).select(columns).collect()


@dataclass(frozen=True, slots=True)
class Contacts:
    """Offered inbound legs in order of time; ``kind`` is a place among the names of the types. Times are seconds.

    ``wait`` ends when an agent's line begins to ring: the simulator knows no ringing.
    """

    row_id: Ints
    start_ms: Ints
    day: Ints
    weekday: Ints
    interval: Ints
    company: Ints
    agent: Ints
    outcome: Ints
    first: Ints
    transferred: Ints
    kind: Ints
    wait: Floats
    ring: Floats
    talk: Floats
    hold: Floats
    wrap: Floats

    def __len__(self) -> int:
        return len(self.day)

    def only(self, rows: Flags | Ints) -> Contacts:
        """Some of them."""
        return Contacts(*(getattr(self, field.name)[rows] for field in fields(self)))

    @property
    def answered(self) -> Flags:
        """Somebody spoke to the customer."""
        return np.isin(self.outcome, ANSWERED)

    @property
    def ended_ms(self) -> Ints:
        """When the customer was gone."""
        spoken = np.where(self.answered, self.ring + self.talk + self.hold, 0.0)
        return self.start_ms + np.rint(MS_PER_SECOND * (self.wait + spoken)).astype(np.int64)

    @property
    def abandoned(self) -> Flags:
        """The customer gave up waiting, by hanging up or by a key: the simulator knows no keys."""
        return np.isin(self.outcome, LEFT)


def read(source: Source) -> tuple[tuple[str, ...], Contacts]:
    """The names of the contact types, in order of their size, and the contacts.

    Raises:
        UnknownName: a queue that the floor has never seen.
        NotInScope: one that the companies asked for have not.
        NoContacts: nothing is left of the months.
        RowsRemoved: rows of one of the months are gone.
    """
    known = source.prepared.names.ids.get(source.by, {})
    for name in source.queues:
        if name not in known:
            raise NotInScope(source.by, name, known) if source.scope else UnknownName(source.by, name, known)
    rows = offered(source, *COLUMNS, *TIMES, source.by)
    wanted = [known[name] for name in source.queues] or sorted(known.values())
    rows = rows.filter(pl.col(source.by).is_in(wanted)).sort("start_ms", "row_id")
    if not rows.height:
        raise NoContacts(source.months)
    names = source.prepared.names.of(source.by)
    sizes = rows[source.by].value_counts(sort=True).sort("count", source.by, descending=[True, False])
    order: list[int] = sizes[source.by].to_list()
    return tuple(names[number] for number in order), _contacts(rows, source.by, order)


def offered(source: Source, *columns: str) -> pl.DataFrame:
    """Columns of the offered inbound legs; on a floor with telephone calls of these alone.

    An agent of the model has one contact at a time; who writes with three customers at once cannot be said in it.
    """
    rows = source.rows("legs", *columns, "inbound", "offered", "channel").filter("inbound", "offered")
    voice = source.prepared.names.ids.get("channel", {}).get("voice")
    return rows if voice is None else rows.filter(pl.col("channel") == voice)


def _contacts(rows: pl.DataFrame, by: str, order: list[int]) -> Contacts:
    kind = rows[by].replace_strict(order, list(range(len(order))), return_dtype=pl.Int64).to_numpy()
    whole = {name: rows[name].cast(pl.Int64).to_numpy() for name in COLUMNS}
    wait, ring, talk, hold, wrap = (rows[name].to_numpy() / MS_PER_SECOND for name in TIMES)
    rung = np.where(np.isin(whole["outcome"], ANSWERED), ring, 0.0)
    times = {"wait": np.maximum(wait - rung, 0.0), "ring": ring, "talk": talk, "hold": hold, "wrap": wrap}
    return Contacts(**whole, kind=kind, **times)
