"""The lines of an Asterisk ``queue_log`` as columns: parsed, checked, without caller numbers.

A line is ``unix time|call id|queue|agent|EVENT|parameters ...``. The file's form is described in
``docs/reference/sources/asterisk-queue-log.md``.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from onefloor.facts.identity import Ids, byte_ids, customer_ids, derived_ids

FIELDS: Final = ("time", "call", "queue", "agent", "event", "parameters")
# Outside these years a time is a damaged number: Unix seconds of 1990-01-01 and 2060-01-01.
FIRST_SECOND: Final = 631_152_000
LAST_SECOND: Final = 2_840_140_800
LONGEST_LINE: Final = 1 << 20
# What a PBX writes in place of a number it does not have; nobody's customer.
NO_NUMBER: Final = ("", "anonymous", "unknown", "unavailable", "restricted", "private", "none", "s", "<unknown>")


def lines_of(block: bytes) -> list[bytes]:
    """The lines of a block without their ends (``\\n`` or ``\\r\\n``); the last one may lack its end.

    >>> lines_of(b"a\\r\\nb")
    [b'a', b'b']
    """
    if b"\r" in block:  # one byte is found much faster than two
        block = block.replace(b"\r\n", b"\n")
    lines = block.split(b"\n")
    if not lines[-1]:
        lines.pop()
    return lines


def texts_of(lines: list[bytes]) -> pl.Series:
    """The lines as text. Bytes that are not UTF-8 become ``\\xff``, so that nothing is lost and everything readable."""
    joined = b"".join(lines)
    try:
        joined.decode("utf-8")
    except UnicodeDecodeError:
        lines = [line.decode("utf-8", "backslashreplace").encode() for line in lines]
        joined = b"".join(lines)
    ends = np.cumsum(np.fromiter(map(len, lines), np.int64, len(lines)))
    offsets = np.concatenate([np.zeros(1, np.int64), ends])
    array = pa.LargeStringArray.from_buffers(len(lines), pa.py_buffer(offsets), pa.py_buffer(joined))
    return pl.Series("text", array, dtype=pl.String)


def parsed(lines: list[bytes], first_line: int) -> pl.DataFrame:
    """One row a line: ``line, row_id, text``, the six fields, ``at_ms`` and ``reason``.

    ``reason`` is null for an event, ``blank`` for an empty line, else why the line cannot be read. ``row_id`` is the
    hash of the line's bytes; equal lines still have equal ids.
    """
    fields = pl.col("text").str.splitn("|", 6).struct.rename_fields(list(FIELDS))
    frame = pl.DataFrame([texts_of(lines), pl.Series("row_id", byte_ids(lines))]).with_columns(fields.alias("fields"))
    frame = frame.unnest("fields").with_columns(
        pl.int_range(first_line, first_line + len(lines), dtype=pl.Int64).alias("line"),
        pl.col("parameters").fill_null(""),
    )
    frame = frame.with_columns(_at_ms(frame["time"]))
    doubtful = ~frame.select(_is_event()).to_series()
    return frame.with_columns(_where(doubtful, frame, _reason(), pl.lit(None, pl.String)).alias("reason"))


def _where(chosen: pl.Series, frame: pl.DataFrame, expression: pl.Expr, other: pl.Expr) -> pl.Expr:
    """An expression worked out for the chosen rows only, of which there are few, and something else for the others."""
    if not chosen.any():
        return other
    found = frame.filter(chosen).select(expression).to_series()
    return pl.when(chosen).then(_spread(found, chosen)).otherwise(other)


def _at_ms(times: pl.Series) -> pl.Series:
    """Epoch ms of the time field; null if it is no time."""
    seconds = times.cast(pl.Int64, strict=False)
    # ten characters that make a number of ten digits are its digits: neither sign nor space nor fraction
    whole = (times.str.len_bytes() == 10) & seconds.is_between(10**9, LAST_SECOND, closed="left")
    whole = whole.fill_null(value=False)
    frame = pl.DataFrame([times.alias("time"), (seconds * 1000).alias("at_ms")])
    return frame.select(_where(~whole, frame, _written_ms(), pl.col("at_ms")).alias("at_ms"))["at_ms"]


def _written_ms() -> pl.Expr:
    """Epoch ms of any form of the time field; realtime databases write microseconds."""
    seconds = pl.col("time").str.extract(r"^([0-9]{1,10})(?:\.[0-9]{1,6})?$").cast(pl.Int64)
    fraction = pl.col("time").str.extract(r"\.([0-9]{1,3})").str.pad_end(3, "0").cast(pl.Int64)
    inside = seconds.is_between(FIRST_SECOND, LAST_SECOND, closed="left")
    return pl.when(inside).then(seconds * 1000 + fraction.fill_null(0))


def _is_event() -> pl.Expr:
    """Whether a line is an event beyond doubt; of the others ``_reason`` says what they are."""
    short = pl.col("text").str.len_bytes() <= LONGEST_LINE
    named = (pl.col("event") != "") & (pl.col("event") != "ENTERQUEUE") & (pl.col("call") != "")
    return (short & named & pl.col("at_ms").is_not_null()).fill_null(value=False)


def _reason() -> pl.Expr:
    return (
        pl.when(pl.col("text").str.len_bytes() > LONGEST_LINE)
        .then(pl.lit("line too long"))
        .when(pl.col("event").is_null() & (pl.col("text").str.strip_chars() == ""))
        .then(pl.lit("blank"))
        .when(pl.col("event").is_null())
        .then(pl.lit("too few fields"))
        .when(pl.col("at_ms").is_null())
        .then(pl.lit("bad time"))
        .when(pl.col("event") == "")
        .then(pl.lit("empty event"))
        .when(pl.col("call") == "")
        .then(pl.lit("empty call id"))
        .when((pl.col("event") == "ENTERQUEUE") & ~_enters_well())
        .then(pl.lit("unreadable ENTERQUEUE"))
    )


def _enters_well() -> pl.Expr:
    """``url|number[|position[|name]]``: where the fields have slipped, a number might be stored as something else."""
    return pl.col("parameters").str.contains(r"^(?:[^|0-9+][^|]*)?\|[^|]*(?:\|[0-9]{0,6}(?:\|.*)?)?$")


def told_apart(ids: Ids, before: Ids) -> Ids:
    """The ids, the second, third ... of equal ones made different.

    Args:
        ids: of some lines of a file.
        before: of lines earlier in the file, as they were before they were told apart.
    """
    twice = pl.Series(_found_twice(np.concatenate([before, ids]))).implode()
    again = pl.Series(ids, dtype=pl.Int64).is_in(twice).to_numpy()
    if not again.any():
        return ids
    earlier = before[pl.Series(before).is_in(twice).to_numpy()]
    equal = pl.DataFrame({"id": np.concatenate([earlier, ids[again]])})
    nth = equal.select(pl.int_range(pl.len(), dtype=pl.Int64).over("id")).to_series().to_numpy()
    told = ids.copy()
    told[again] = derived_ids(ids[again], nth[len(earlier) :])
    return told


def _found_twice(ids: Ids) -> Ids:
    """Those of the ids that are there more than once."""
    in_order = np.sort(ids)  # many times faster than a table of hashes
    return np.asarray(in_order[1:][in_order[1:] == in_order[:-1]])


def without_numbers(events: pl.DataFrame, key: bytes) -> pl.DataFrame:
    """The events with caller number and caller name of every ENTERQUEUE replaced by keyed hashes."""
    parts = pl.col("parameters").str.splitn("|", 4).struct.rename_fields(["url", "number", "position", "name"])
    entering = events["event"] == "ENTERQUEUE"
    found = events.filter(entering).select(parts.alias("parts")).unnest("parts")
    if found.is_empty():
        return events
    found = found.with_columns(_hashed(found["number"], key), _hashed(found["name"], key))
    text = pl.concat_str(pl.all(), separator="|", ignore_nulls=True)
    mended = _spread(found.select(text).to_series(), entering)
    return events.with_columns(pl.when(entering).then(mended).otherwise("parameters").alias("parameters"))


def _hashed(values: pl.Series, key: bytes) -> pl.Series:
    """The values as decimal keyed hashes; what says "no number" stays."""
    known = (values.is_not_null() & ~values.str.to_lowercase().is_in(NO_NUMBER)).fill_null(value=False)
    if not known.any():
        return values
    # most callers call once: hashing each costs less than finding those who come again
    hashes = pl.Series(customer_ids(values.filter(known).to_list(), key)).cast(pl.String)
    return pl.select(pl.when(known).then(_spread(hashes, known)).otherwise(values).alias(values.name)).to_series()


def _spread(values: pl.Series, chosen: pl.Series) -> pl.Expr:
    """The values of the chosen rows at their rows; anything at the others."""
    return pl.lit(values).gather((chosen.cast(pl.Int64).cum_sum() - 1).clip(0))
