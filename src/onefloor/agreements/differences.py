"""What differs between a bundle and what was signed, down to the row, the column and the value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from onefloor.agreements.digests import BLOCK, Words, as_value, as_words, digests, row_digest
from onefloor.facts.identity import stable_ids
from onefloor.language import Text, same

SHOWN = 20  # differences of one file that are named one by one; the rest is counted


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was: in which file, and in a file of rows, where (rows counted from 1)."""

    file: str
    what: Text
    row: int | None = None
    row_id: str | None = None
    column: str | None = None
    expected: str | None = None
    found: str | None = None

    @property
    def text(self) -> Text:
        """The difference as one sentence: file, row, column, both values."""
        place = self.place
        values = Text("", "")
        if self.expected is not None or self.found is not None:
            values = Text(
                f"应为 {self.expected or '（无）'}，实为 {self.found or '（无）'}。",
                f" Expected {self.expected or '(nothing)'}, found {self.found or '(nothing)'}.",
            )
        return Text(f"{place.zh}：{self.what.zh}{values.zh}", f"{place.en}: {self.what.en}{values.en}")

    @property
    def place(self) -> Text:
        """The file, and in a file of rows the row, its id and the column."""
        if self.row is None:
            return same(f"{self.file} {self.column}" if self.column else self.file)
        row_id = Text(f"（row_id {self.row_id}）", f" (row_id {self.row_id})") if self.row_id else Text("", "")
        column = Text(f" {self.column} 列", f", column {self.column}") if self.column else Text("", "")
        return Text(
            f"{self.file} 第 {self.row} 行{row_id.zh}{column.zh}",
            f"{self.file}, row {self.row}{row_id.en}{column.en}",
        )

    def as_json(self) -> dict[str, Any]:
        """The difference as data; every number but the row is text."""
        return {
            "file": self.file,
            "row": self.row,
            "row_id": self.row_id,
            "column": self.column,
            "expected": self.expected,
            "found": self.found,
            "what": self.what.as_json(),
        }


CHANGED = Text("该值与证据包中的记录不同。", "This value is not the one that the bundle records.")
ROW_CHANGED = Text("该行与证据包中的记录不同。", "This row is not the one that the bundle records.")
ADDED = Text("证据包的记录中没有该行。", "The bundle records no such row.")
REMOVED = Text("证据包记录的此行不见了。", "A row that the bundle records is missing here.")
MOVED = Text("该行的位置与证据包中的记录不同。", "This row stands in another place than the bundle records.")


def row_differences(file: str, frame: pl.DataFrame, rows: Words, sums: Words) -> list[Difference]:
    """Name the rows in which ``frame`` differs from the row digests and block sums of what was signed."""
    now = digests([frame] if frame.height else [], frame.columns)
    found = _Found(file, frame, now.rows, now.sums)
    missing, extra = _only_in(rows, now.rows), _only_in(now.rows, rows)
    if len(rows) == len(now.rows) and len(missing):
        return [
            difference for place in missing_places(rows, now.rows) for difference in found.changed(place, rows, sums)
        ]
    if len(missing) == 1 and not len(extra):
        return [found.removed(int(missing[0]), rows, sums)]
    if not len(missing) and not len(extra):
        return [found.moved(place, rows) for place in missing_places(rows, now.rows)]
    removed = [Difference(file, REMOVED, int(place) + 1) for place in missing[:SHOWN]]
    return removed + [Difference(file, ADDED, int(place) + 1, found.row_id(place)) for place in extra[:SHOWN]]


def missing_places(expected: Words, found: Words) -> list[int]:
    """The first places at which two equally long lists of digests differ."""
    return [int(place) for place in np.flatnonzero(expected != found)[:SHOWN]]


def _only_in(these: Words, those: Words) -> Words:
    """Places in ``these`` of the digests that ``those`` have less often (the later ones of equal digests)."""
    order = np.argsort(these, kind="stable")
    ordered = these[order]
    nth = np.arange(len(ordered)) - np.searchsorted(ordered, ordered, side="left")
    other = np.sort(those)
    there = np.searchsorted(other, ordered, side="right") - np.searchsorted(other, ordered, side="left")
    return np.sort(order[nth >= there]).astype(np.uint64)


@dataclass(frozen=True, slots=True)
class _Found:
    """The rows as they are now, with their digests."""

    file: str
    frame: pl.DataFrame
    rows: Words
    sums: Words

    def row_id(self, place: int) -> str | None:
        return str(self.frame["row_id"][int(place)]) if "row_id" in self.frame.columns else None

    def words(self, place: int) -> Words:
        row = self.frame[place]
        return np.concatenate([as_words(row[name]) for name in self.frame.columns])

    def changed(self, place: int, rows: Words, sums: Words) -> list[Difference]:
        """The columns of a changed row; the values that were there if it is the only one of its block."""
        block = place // BLOCK
        delta = sums[block] - self.sums[block]
        now = self.words(place)
        before = now + delta
        columns = [self.frame.columns[index] for index in np.flatnonzero(delta)]
        if row_digest(before) != int(rows[place]):
            named = ", ".join(columns) or None
            return [Difference(self.file, ROW_CHANGED, place + 1, self.row_id(place), named)]
        old, new = self._texts(before, columns), self._texts(now, columns)
        return [
            Difference(self.file, CHANGED, place + 1, self.row_id(place), column, old[column], new[column])
            for column in columns
        ]

    def removed(self, place: int, rows: Words, sums: Words) -> Difference:
        """The one row that is missing; all its values follow from the sums."""
        before = sums.sum(axis=0, dtype=np.uint64) - self.sums.sum(axis=0, dtype=np.uint64)
        if row_digest(before) != int(rows[place]):
            return Difference(self.file, REMOVED, place + 1)
        was = self._texts(before, self.frame.columns)
        shown = ", ".join(f"{name}={value}" for name, value in was.items() if value not in ("0", "", "null", "false"))
        return Difference(self.file, REMOVED, place + 1, was.get("row_id"), expected=shown)

    def moved(self, place: int, rows: Words) -> Difference:
        before = int(np.flatnonzero(rows == self.rows[place])[0])
        there = Text(f"{MOVED.zh}原在第 {before + 1} 行。", f"{MOVED.en} It was row {before + 1}.")
        return Difference(self.file, there, place + 1, self.row_id(place))

    def _texts(self, words: Words, columns: Sequence[str]) -> dict[str, str]:
        index = {name: place for place, name in enumerate(self.frame.columns)}
        return {name: as_value(int(words[index[name]]), self.frame.schema[name], self._names(name)) for name in columns}

    def _names(self, column: str) -> dict[int, str]:
        """Names by id: those in any text column of the same file, for one that was renamed to another."""
        if self.frame.schema[column] != pl.String:
            return {}
        known = sorted({name for series in self.frame.select(pl.col(pl.String)) for name in series.unique() if name})
        return dict(zip(stable_ids([*known, ""]).tolist(), [*known, ""], strict=True))
