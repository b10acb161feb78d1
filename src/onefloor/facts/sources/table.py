"""The generic table source: any table that a mapping explains, into any fact table.

Each block of records goes through the same steps: ignore rules, named values, columns, built-in checks, require rules,
identity, and the comparison with what is known already. A record's first fault decides under which reason it is
quarantined; nothing is mended silently.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from onefloor.facts.exchange import gone_before
from onefloor.facts.files import Progress
from onefloor.facts.identity import Ids, stable_ids
from onefloor.facts.load import Reader
from onefloor.facts.local_time import days_between_without, local_days, with_month
from onefloor.facts.schemas import TABLES
from onefloor.facts.sources.columns import Column, made
from onefloor.facts.sources.formulas import COLUMN, FACT, VALUE
from onefloor.facts.sources.known import CONFLICT, DUPLICATE, LOAD, OLDER, Known, with_digests
from onefloor.facts.sources.mapping import DEFAULTS, TableMapping, fact_columns, kind_of
from onefloor.facts.sources.records import Written, blocks, staged_layout
from onefloor.facts.sources.spans import split_at_midnight
from onefloor.facts.sources.workbooks import ROWS
from onefloor.facts.store import Account, Load
from onefloor.floor import Floor
from onefloor.periods import Clock, clock

SOURCE: Final = "table"
REVISIONS: Final = 2**52  # revisions of one mapping version; a newer version's are all higher
_SEPARATOR = "\x1f"

# (reason, what must not be true), per fact table. Times in the wrong order and values outside their range.
_ORDERS: Final = {
    "contacts": (("queued", "answered"), ("answered", "ended"), ("started", "ended")),
    "agent_states": (("started", "ended"),),
    "shifts": (("started", "ended"),),
    "surveys": (("invited", "answered"),),
    "sales": (("started", "cancelled"), ("started", "complained")),
    "complaints": (("started", "received"),),
    "evaluations": (("started", "scored"),),
}
_RANGES: Final = {
    "surveys": (("score", 1, 5),),
    "forecasts": (("minutes", 1, 1440), ("contacts", 0, 10**12)),
    "evaluations": (("score_hundredths", 0, 10**6),),
    "contacts": (("leg", 1, 10**6), ("rings_unanswered", 0, 10**6)),
}
_NEEDS_QUEUE: Final = ("abandoned", "exit_key", "timeout", "queue_empty", "withdrawn")


def reader(mapping: TableMapping, *, most: int | None = None) -> Reader:
    """The reader of tables that a mapping explains; pass ``mapping.digest`` to ``load_files`` as its options.

    With ``most`` it stops after so many records, which is for previews.
    """

    def read(floor: Floor, path: Path, load: Load, account: Account, progress: Progress) -> None:
        reading = _Reading(floor, mapping, path, load, account)
        size, done = path.stat().st_size, 0
        for whole in blocks(path, mapping.layout, mapping.places, reading.written.append, rows=most or ROWS):
            block = whole if most is None else whole.head(most - account.lines)
            reading.block(block)
            if most is not None and account.lines >= most:
                break
            done += int(block["raw"].str.len_bytes().sum()) + block.height
            progress(min(done, size), size)
        if account.quarantined:
            staged_layout(load, path, reading.written[0])
        if mapping.target == "contacts" and reading.days:
            account.reason("note:days_without_records", days_between_without(np.concatenate(reading.days)))
        progress(size, size)

    return read


def source_of(mapping: TableMapping) -> str:
    """What the facts of a mapping carry as their source, such as ``table:anonymous-bank``."""
    return f"{SOURCE}:{mapping.name}"


class _Reading:
    """One file on its way in."""

    def __init__(self, floor: Floor, mapping: TableMapping, path: Path, load: Load, account: Account) -> None:
        self.floor, self.mapping, self.path, self.load, self.account = floor, mapping, path, load, account
        self.known = Known.of(floor, mapping.target, source_of(mapping))
        self.gone_before = gone_before(floor, mapping.target)
        self.key = floor.customer_key()
        self.zone = mapping.zone or floor.timezone
        self.written: list[Written] = []
        self.days: list[Ids] = []
        """Local days that have records, of every block."""

    def block(self, block: pl.DataFrame) -> None:
        """Account for every record of a block."""
        self.account.lines += block.height
        block = self._ignored(_without_missing(block, self.mapping))
        block = self._quarantined(block)
        block = self._made(block)
        block = self._quarantined(_checked(block, self.mapping))
        if block.height:
            self._loaded(block)

    def _ignored(self, block: pl.DataFrame) -> pl.DataFrame:
        reasons = [pl.when(pl.col("fault").is_in(["blank", "header"])).then(pl.col("fault"))]
        readable = pl.col("fault").is_null()
        reasons += [
            pl.when(readable & rule.formula.expr.fill_null(value=False)).then(pl.lit(rule.reason))
            for rule in self.mapping.ignore
        ]
        block = block.with_columns(pl.coalesce(reasons).alias("ignored"))
        gone = block["ignored"].drop_nulls()
        self.account.ignored += len(gone)
        self._count(gone)
        return block.filter(pl.col("ignored").is_null())

    def _quarantined(self, block: pl.DataFrame) -> pl.DataFrame:
        faulty = block.filter(pl.col("fault").is_not_null())
        if faulty.height:
            self._quarantine(faulty)
            block = block.filter(pl.col("fault").is_null())
        return block

    def _quarantine(self, faulty: pl.DataFrame) -> None:
        self.account.quarantined += faulty.height
        self._count(faulty["fault"])
        rows = faulty.select(
            pl.lit(self.load.id).alias("load"),
            pl.lit(source_of(self.mapping)).alias("source"),
            pl.lit(self.path.name).alias("file"),
            "line",
            pl.col("fault").alias("reason"),
            "raw",
        )
        self.load.add("quarantine", rows.to_arrow())

    def _count(self, reasons: pl.Series, prefix: str = "") -> None:
        for reason, lines in reasons.value_counts(name="lines").iter_rows():
            self.account.reason(prefix + reason, lines)

    def _made(self, block: pl.DataFrame) -> pl.DataFrame:
        """The block with its ``v:`` and ``f:`` columns and the first fault of each record."""
        mapping = self.mapping
        columns = [*mapping.values, *mapping.columns, *([mapping.revision] if mapping.revision else [])]
        block = block.with_columns(twice=pl.lit(value=False))
        for column in columns:
            block = self._with(block, column)
        return block

    def _with(self, block: pl.DataFrame, column: Column) -> pl.DataFrame:
        result = made(column, block, self._clock, self.key)
        twice = block["twice"] if result.twice is None else block["twice"] | result.twice
        fault = block["fault"].zip_with(block["fault"].is_not_null(), result.faults.cast(pl.String))
        return block.with_columns(
            result.values.alias(column.name), fault.alias("fault"), twice.fill_null(value=False).alias("twice")
        )

    def _clock(self, name: str | None) -> Clock:
        return clock(name or self.zone)

    def _loaded(self, block: pl.DataFrame) -> None:
        facts = self._facts(block)
        kept = self._kept(facts)
        block, facts = block.filter(kept), facts.filter(kept)
        self.days.append(np.unique(local_days(self.floor.clock, facts["started_ms"].to_numpy())))
        verdicts = self.known.settle(facts)
        verdict = verdicts["verdict"]
        again = verdict.is_in([DUPLICATE, OLDER])
        self.account.duplicates += int(again.sum())
        self.account.reason(OLDER, int((verdict == OLDER).sum()))
        conflicts = block.filter(verdict == CONFLICT).with_columns(fault=pl.lit(CONFLICT))
        if conflicts.height:
            self._quarantine(conflicts)
        new = verdict == LOAD
        self.account.loaded += int(new.sum())
        self._stage(facts.filter(new))
        self.load.count_content(facts.filter(new)["content"].to_numpy())
        replaced = verdicts["replaced"].drop_nulls()
        self.load.count_content(-replaced.to_numpy())
        self.account.reason("note:replaced", len(replaced))
        self._note(block.filter(new))

    def _kept(self, facts: pl.DataFrame) -> pl.Series:
        """Which facts the retention rules let in."""
        months = with_month(facts, self.floor.clock, "started_ms")["month"]
        past = int((months < self.gone_before).sum())
        self.account.ignored += past
        self.account.reason("past_retention", past)
        return months >= self.gone_before

    def _note(self, loaded: pl.DataFrame) -> None:
        self.account.reason("note:ambiguous_time", int(loaded["twice"].sum()))
        for rule in self.mapping.note:
            matches = loaded.select(rule.formula.expr.fill_null(value=False).sum().alias("n")).item()
            self.account.reason(f"note:{rule.reason}", int(matches))

    def _facts(self, block: pl.DataFrame) -> pl.DataFrame:
        mapping = self.mapping
        prefix = _SEPARATOR.join((SOURCE, mapping.name, mapping.target, ""))
        names = (prefix + text for text in _identity(block, mapping))
        ids = pl.Series("row_id", stable_ids(names), dtype=pl.Int64)
        facts = block.select(
            "line",
            pl.col(VALUE + "revision").alias("revision") if mapping.revision else pl.lit(0, pl.Int64).alias("revision"),
            *(
                pl.col(FACT + name).cast(_dtype(mapping.target, name)).alias(name)
                for name in fact_columns(mapping.target)
            ),
        ).with_columns(ids, ids.alias("group_id"))
        facts = with_digests(facts, ["row_id", *fact_columns(mapping.target)])
        return facts.with_columns(
            pl.col("revision").fill_null(0) + (mapping.version - 1) * REVISIONS,
            pl.lit(source_of(mapping)).alias("source"),
            pl.lit(self.path.name).alias("file"),
            pl.lit(self.load.id).alias("load"),
        )

    def _stage(self, facts: pl.DataFrame) -> None:
        if self.mapping.target == "agent_states":
            facts = split_at_midnight(facts, self.floor.clock)
        names = TABLES[self.mapping.target].names
        self.load.add(self.mapping.target, with_month(facts, self.floor.clock, "started_ms").select(names).to_arrow())


def _dtype(target: str, name: str) -> pl.DataType:
    schema: dict[str, pl.DataType] = dict(pl.DataFrame(TABLES[target].empty_table()).schema)
    return schema[name]


def _without_missing(block: pl.DataFrame, mapping: TableMapping) -> pl.DataFrame:
    """Empty cells and the mapping's ``missing`` words as nulls."""
    cells = [name for name in block.columns if name.startswith(COLUMN)]
    return block.with_columns(
        pl.when(~pl.col(name).is_in(["", *mapping.missing])).then(pl.col(name)).alias(name) for name in cells
    )


def _identity(block: pl.DataFrame, mapping: TableMapping) -> pl.Series:
    """The text that names each record: its identity columns, or the record as it was."""
    if not mapping.identity:
        return block["raw"]
    parts = [pl.col(COLUMN + name).fill_null("") for name in mapping.identity]
    return block.select(pl.concat_str(parts, separator=_SEPARATOR)).to_series()


def _checked(block: pl.DataFrame, mapping: TableMapping) -> pl.DataFrame:
    """All columns of the fact, and a fault where a row breaks a rule that holds for every source."""
    block = _completed(block, mapping)
    tests = [*_built_in(mapping), *_required(mapping)]
    faults = [pl.when(broken).then(pl.lit(reason)) for reason, broken in tests]
    return block.with_columns(pl.coalesce("fault", *faults, pl.lit(None, pl.String)).alias("fault"))


def _completed(block: pl.DataFrame, mapping: TableMapping) -> pl.DataFrame:
    """Columns the mapping leaves out: defaults, what follows from others, nulls."""
    target, given = mapping.target, {column.plain_name for column in mapping.columns}
    defaults = DEFAULTS.get(target, {})
    left_out = [name for name in fact_columns(target) if name not in given]
    block = block.with_columns(
        pl.lit(defaults.get(name)).cast(_wide(target, name), strict=False).alias(FACT + name) for name in left_out
    )
    if target == "contacts":
        block = block.with_columns(pl.coalesce(FACT + "queued_ms", FACT + "started_ms").alias(FACT + "started_ms"))
        if "contact" not in given:
            identity = _identity(block, mapping).str.replace_all(_SEPARATOR, "/", literal=True)
            block = block.with_columns(identity.alias(FACT + "contact"))
    return block


def _wide(target: str, name: str) -> pl.DataType:
    """The type a column has before the last cast: numbers are 64 bits wide until their range is checked."""
    kind = kind_of(target, name)
    return pl.String() if kind == "text" else pl.Boolean() if kind == "flag" else pl.Int64()


def _built_in(mapping: TableMapping) -> list[tuple[str, pl.Expr]]:
    target = mapping.target
    fact: Callable[[str], pl.Expr] = lambda name: pl.col(FACT + name)  # noqa: E731
    tests = [
        (f"missing:{name}", fact(name).is_null())
        for name in fact_columns(target)
        if not TABLES[target].field(name).nullable
    ]
    tests += [
        (f"negative:{name}", fact(name) < 0) for name in fact_columns(target) if kind_of(target, name) == "duration"
    ]
    tests += [
        (f"{later}_before_{earlier}", fact(f"{later}_ms") < fact(f"{earlier}_ms"))
        for earlier, later in _ORDERS.get(target, ())
    ]
    ranges = {name: (low, high) for name, low, high in _RANGES.get(target, ())}
    for name in fact_columns(target):
        if kind_of(target, name) in ("integer", "decimal"):
            low, high = ranges.get(
                name, (-(2**31), 2**31 - 1) if _dtype(target, name) == pl.Int32 else (-(2**62), 2**62)
            )
            tests.append((f"out_of_range:{name}", ~fact(name).is_between(low, high)))
    if target == "contacts":
        tests.append(("never_queued", fact("outcome").is_in(_NEEDS_QUEUE) & fact("queued_ms").is_null()))
    if mapping.revision:
        revision = pl.col(VALUE + "revision")
        tests.append(("bad_revision", ~revision.is_between(0, REVISIONS - 1).fill_null(value=False)))
    return tests


def _required(mapping: TableMapping) -> list[tuple[str, pl.Expr]]:
    return [(rule.reason, ~rule.formula.expr.fill_null(value=False)) for rule in mapping.require]
