"""One column of a mapping: what it is made from, and how its text becomes a value.

Columns of a block of records carry prefixes: ``c:`` the file's text, ``v:`` named values, ``f:`` columns of the fact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from onefloor.facts.identity import customer_ids
from onefloor.facts.schemas import ACTIVITIES, CHANNELS, DIRECTIONS, ENDED_BY, OUTCOMES, STATES
from onefloor.facts.sources.formulas import COLUMN, FACT, VALUE, Formula
from onefloor.facts.sources.moments import (
    DATE_FORMATS,
    clock_ms,
    date_days,
    decimal_units,
    duration_ms,
    instants,
    local_or_utc_ms,
)
from onefloor.periods import MS_PER_DAY, Clock

Kind = Literal["text", "time", "clock", "duration", "integer", "decimal", "flag", "customer"]
DTYPES: dict[Kind, pl.DataType] = {
    "text": pl.String(),
    "time": pl.Int64(),
    "clock": pl.Int64(),
    "duration": pl.Int64(),
    "integer": pl.Int64(),
    "decimal": pl.Int64(),
    "flag": pl.Boolean(),
    "customer": pl.Int64(),
}
DURATIONS = frozenset({"wait_ms", "ring_ms", "talk_ms", "hold_ms", "wrap_ms"})
DECIMALS = frozenset({"amount_minor", "score_hundredths"})
VOCABULARIES: Mapping[str, tuple[str, ...]] = {
    "channel": CHANNELS,
    "direction": DIRECTIONS,
    "outcome": tuple(OUTCOMES),
    "ended_by": ENDED_BY,
    "state": tuple(STATES),
    "activity": ACTIVITIES,
}
FLAG_WORDS = {
    **dict.fromkeys(("true", "1", "yes", "y", "t", "是", "有"), True),
    **dict.fromkeys(("false", "0", "no", "n", "f", "否", "无"), False),
}
FAIL = "\0"  # `otherwise` was not given: an unknown word is a fault


@dataclass(frozen=True, slots=True)
class Column:
    """How one column is made. ``name`` carries its prefix; references to other columns carry theirs.

    ``formats`` are date or time formats, or the unit of a duration; ``clock`` is given for a date and a time of day
    in two columns, ``after`` names the time before which this one means the next day.
    """

    name: str
    kind: Kind
    sources: tuple[str, ...] = ()
    join: str = ""
    constant: str | None = None
    formula: Formula | None = None
    clock: str | None = None
    formats: tuple[str, ...] = ()
    after: str | None = None
    slack_ms: int = 0
    words: Mapping[str, str | None] | None = None
    otherwise: str | None = FAIL
    missing: tuple[str, ...] = ()
    when: Formula | None = None
    zone: str | None = None
    places: int = 2

    @property
    def plain_name(self) -> str:
        """The name without its prefix."""
        return self.name[2:]

    @property
    def reads(self) -> frozenset[str]:
        """The prefixed names of everything this column is made from."""
        formulas = [formula.names for formula in (self.formula, self.when) if formula]
        single = [name for name in (self.clock, self.after) if name]
        return frozenset(self.sources).union(single, *formulas)


@dataclass(frozen=True, slots=True)
class Made:
    """A column's values, the fault of each row (null: none), and which times existed twice."""

    values: pl.Series
    faults: pl.Series
    twice: pl.Series | None = None


def made(column: Column, frame: pl.DataFrame, clocks: Callable[[str | None], Clock], key: bytes) -> Made:
    """Make one column from a block of records."""
    source = _source(column, frame)
    wanted = _wanted(column, frame)
    if source.dtype != pl.String:
        values = source.cast(DTYPES[column.kind])
        return Made(values.zip_with(wanted, _nothing(values)), _no_faults(source))
    text, unknown = _translated(column, source.zip_with(wanted, _nothing(source)))
    result = _CONVERTERS[column.kind](column, text, frame, clocks, key)
    faults = result.faults.zip_with(~unknown, _fault_where(unknown, f"unknown_word:{column.plain_name}"))
    return Made(result.values, faults, result.twice)


def reference(text: str) -> str:
    """``value.x``, ``fact.x`` or a column of the file as a prefixed name."""
    if text.startswith("value."):
        return VALUE + text[6:]
    return FACT + text[5:] if text.startswith("fact.") else COLUMN + text


def _nothing(series: pl.Series) -> pl.Series:
    return pl.Series(series.name, [None] * len(series), dtype=series.dtype)


def _no_faults(series: pl.Series) -> pl.Series:
    return pl.Series([None] * len(series), dtype=pl.String)


def _fault_where(where: pl.Series, reason: str) -> pl.Series:
    return pl.select(pl.when(where.fill_null(value=False)).then(pl.lit(reason)).otherwise(None)).to_series()


def _wanted(column: Column, frame: pl.DataFrame) -> pl.Series:
    if column.when is None:
        return pl.Series([True] * frame.height, dtype=pl.Boolean)
    found = frame.select(pl.int_range(pl.len()).alias("_"), column.when.expr.alias("when"))["when"]
    return found.fill_null(value=False)


def _source(column: Column, frame: pl.DataFrame) -> pl.Series:
    if column.constant is not None:
        return pl.Series([column.constant] * frame.height, dtype=pl.String)
    if column.formula is not None:
        found = frame.select(pl.int_range(pl.len()).alias("_"), column.formula.expr.alias("formula"))["formula"]
        return found.cast(pl.String) if found.dtype == pl.Null else found
    if len(column.sources) == 1:
        return frame[column.sources[0]]
    parts = [pl.col(name).cast(pl.String).fill_null("") for name in column.sources]
    return frame.select(pl.concat_str(parts, separator=column.join)).to_series()


def _translated(column: Column, text: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The text after ``missing`` and ``words``; and where a word was not among them."""
    if column.missing:
        text = text.set(text.is_in(list(column.missing)).fill_null(value=False), None)
    if column.words is None:
        return text, pl.Series([False] * len(text), dtype=pl.Boolean)
    known = text.is_in(list(column.words)) | text.is_null()
    new = text.replace_strict(dict(column.words), default=None, return_dtype=pl.String)
    if column.otherwise == FAIL:
        return new, ~known
    return new.zip_with(known, pl.Series([column.otherwise] * len(text), dtype=pl.String)), known & False


def _read(column: Column, text: pl.Series, values: pl.Series, reason: str) -> Made:
    """Values, with a fault where there was text but no value."""
    return Made(values, _fault_where(text.is_not_null() & values.is_null(), f"{reason}:{column.plain_name}"))


def _as_text(column: Column, text: pl.Series, *_: object) -> Made:
    words = VOCABULARIES.get(column.plain_name) if column.name.startswith(FACT) else None
    if words is None:
        return Made(text, _no_faults(text))
    return _read(column, text, text.set(~text.is_in(list(words)).fill_null(value=True), None), "unknown_word")


def _as_time(
    column: Column, text: pl.Series, frame: pl.DataFrame, clocks: Callable[[str | None], Clock], _key: bytes
) -> Made:
    if column.clock is not None:
        clock = frame[column.clock]
        clock = clock_ms(clock) if clock.dtype == pl.String else clock
        given = text.is_not_null() & frame[column.clock].is_not_null()
        written = date_days(text, column.formats or DATE_FORMATS) * MS_PER_DAY + clock
        stated = _nothing(written)
    else:
        given = text.is_not_null()
        written, stated = local_or_utc_ms(text, column.formats or ("iso",))
    zone_clock = clocks(column.zone)
    found, gone, twice = instants(written, zone_clock)
    if column.after is not None:
        earlier = (found < frame[column.after] - column.slack_ms).fill_null(value=False)
        later, later_gone, later_twice = instants(written + MS_PER_DAY, zone_clock)
        found, gone = later.zip_with(earlier, found), later_gone.zip_with(earlier, gone)
        twice = later_twice.zip_with(earlier, twice)
    utc = stated.is_not_null()
    found = (written - stated).zip_with(utc, found)
    faults = _fault_where(given & found.is_null(), f"bad_time:{column.plain_name}")
    faults = _fault_where(gone & ~utc, f"nonexistent_time:{column.plain_name}").zip_with(gone & ~utc, faults)
    return Made(found, faults, twice & ~utc)


def _as_clock(column: Column, text: pl.Series, *_: object) -> Made:
    return _read(column, text, clock_ms(text), "bad_clock")


def _as_duration(column: Column, text: pl.Series, *_: object) -> Made:
    return _read(column, text, duration_ms(text, column.formats[0] if column.formats else "s"), "bad_duration")


def _as_integer(column: Column, text: pl.Series, *_: object) -> Made:
    bare = text.str.replace(r"\.0+$", "")
    values = bare.set(~bare.str.contains(r"^[+-]?\d{1,18}$").fill_null(value=True), None).cast(pl.Int64)
    return _read(column, text, values, "bad_number")


def _as_decimal(column: Column, text: pl.Series, *_: object) -> Made:
    return _read(column, text, decimal_units(text, column.places), "bad_number")


def _as_flag(column: Column, text: pl.Series, *_: object) -> Made:
    words = text.str.to_lowercase()
    return _read(column, text, words.replace_strict(FLAG_WORDS, default=None, return_dtype=pl.Boolean), "bad_flag")


def _as_customer(_column: Column, text: pl.Series, _frame: object, _clocks: object, key: bytes) -> Made:
    numbers = text.drop_nulls().unique()  # customers call again: hash each once
    ids = pl.Series(customer_ids(numbers, key), dtype=pl.Int64)
    return Made(text.replace_strict(numbers, ids, default=None, return_dtype=pl.Int64), _no_faults(text))


_CONVERTERS: dict[Kind, Callable[..., Made]] = {
    "text": _as_text,
    "time": _as_time,
    "clock": _as_clock,
    "duration": _as_duration,
    "integer": _as_integer,
    "decimal": _as_decimal,
    "flag": _as_flag,
    "customer": _as_customer,
}
