"""Digests of rows by content: what a bundle is held to, and what finds the one row that was changed.

Every value becomes one little-endian int64: integers and flags as they are, names as the 63-bit hash of their text,
a missing value as -2^63. Of these the manifest keeps one SHA-256 a column, in row order, so neither the Parquet
writer nor its version matters. Beside each rows file lies a sidecar that only helps to find what differs:

    8 bytes a row           a 64-bit digest of the row (not cryptographic)
    8 bytes a block, column the sum modulo 2^64 of the column over 1,024 rows

One changed value is thus named by row, by column, and with the value that was there: the sum tells by how much.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from onefloor.facts.identity import stable_ids

BLOCK = 1_024
CHUNK = 64 * BLOCK
MISSING = -(2**63)

Words = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Digests:
    """Of one rows file: ``columns`` SHA-256 by name, ``rows`` uint64 by row, ``sums`` uint64 by block and column."""

    columns: dict[str, str]
    rows: Words
    sums: Words

    def to_bytes(self) -> bytes:
        """The sidecar's bytes."""
        return self.rows.astype("<u8").tobytes() + self.sums.astype("<u8").tobytes()


def sidecar_size(rows: int, columns: int) -> int:
    """The bytes of a sidecar."""
    return 8 * (rows + -(-rows // BLOCK) * columns)


def sidecar(data: bytes, rows: int, columns: int) -> tuple[Words, Words] | None:
    """The row digests and block sums of a sidecar; None if its size does not fit."""
    if len(data) != sidecar_size(rows, columns):
        return None
    words = np.frombuffer(data, dtype="<u8").astype(np.uint64)
    return words[:rows], words[rows:].reshape(-1, columns)


def digests(chunks: Iterable[pl.DataFrame], columns: Sequence[str]) -> Digests:
    """The digests of a table that comes in chunks of ``CHUNK`` rows (the last one may be shorter)."""
    hashers = [hashlib.sha256() for _ in columns]
    rows: list[Words] = []
    sums: list[Words] = []
    for chunk in chunks:
        starts = np.arange(0, chunk.height, BLOCK)
        row, block = np.zeros(chunk.height, np.uint64), np.zeros((len(starts), len(columns)), np.uint64)
        for place, name in enumerate(columns):
            values = as_words(chunk[name])
            hashers[place].update(values.astype("<u8", copy=False).tobytes())
            row += _mixed(values, place)
            block[:, place] = np.add.reduceat(values, starts)
        rows.append(row)
        sums.append(block)
    return Digests(
        {name: hasher.hexdigest() for name, hasher in zip(columns, hashers, strict=True)},
        np.concatenate([np.zeros(0, np.uint64), *rows]),
        np.concatenate([np.zeros((0, len(columns)), np.uint64), *sums]),
    )


def as_words(column: pl.Series) -> Words:
    """A column's values as 64-bit words; see the module."""
    if column.dtype == pl.String:
        names = column.unique().drop_nulls()
        ids = pl.Series(stable_ids(names.to_list()), dtype=pl.Int64)
        column = column.replace_strict(names, ids, default=None, return_dtype=pl.Int64) if len(names) else column
    return column.cast(pl.Int64).fill_null(MISSING).to_numpy().view(np.uint64)


def row_digest(words: Words) -> int:
    """The digest of one row from the words of its columns."""
    total = np.zeros(1, np.uint64)
    for place in range(len(words)):
        total += _mixed(words[place : place + 1], place)
    return int(total[0])


def _mixed(values: Words, place: int) -> Words:
    """SplitMix64 of every value, different in every column (Steele, Lea, Flood 2014)."""
    mixed = values + np.uint64((place + 1) * 0x9E3779B97F4A7C15 % 2**64)
    mixed ^= mixed >> np.uint64(30)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return mixed


def chunks_of(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """A frame in chunks of ``CHUNK`` rows."""
    return frame.iter_slices(CHUNK)


def chunks_of_file(path: Path, columns: Sequence[str]) -> Iterator[pl.DataFrame]:
    """A Parquet file in chunks of ``CHUNK`` rows, whatever its row groups are; memory stays small."""
    held: list[pa.RecordBatch] = []
    rows = 0
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=CHUNK, columns=list(columns)):
            held.append(batch)
            rows += batch.num_rows
            while rows >= CHUNK:
                table = pa.Table.from_batches(held)
                yield _frame(table.slice(0, CHUNK))
                held, rows = table.slice(CHUNK).to_batches(), rows - CHUNK
    if rows:
        yield _frame(pa.Table.from_batches(held))


def _frame(table: pa.Table) -> pl.DataFrame:
    frame = pl.from_arrow(table, rechunk=True)
    assert isinstance(frame, pl.DataFrame)
    return frame


def file_sha256(path: Path) -> str:
    """The hex SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def as_value(word: int, dtype: Any, names: dict[int, str]) -> str:
    """A word as a person reads it: a number, ``true``, a name, or ``null``. ``names`` are ids of known texts."""
    number = word - 2**64 if word >= 2**63 else word
    if number == MISSING:
        return "null"
    if dtype == pl.Boolean and number in (0, 1):
        return ("false", "true")[number]
    return names.get(number, f"#{number:x}") if dtype == pl.String else str(number)
