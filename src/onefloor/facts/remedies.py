"""What is set aside, grouped by what helps: one remedy mends many lines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from onefloor.facts.reasons import reason_words
from onefloor.facts.roster import REMEDIES as ROSTER_REMEDIES
from onefloor.facts.roster import SOURCE as ROSTER
from onefloor.facts.sources.columns import VOCABULARIES, Column
from onefloor.facts.sources.formulas import COLUMN
from onefloor.facts.sources.mapping import TableMapping
from onefloor.facts.sources.records import cells_of
from onefloor.language import Text

EXAMPLES: Final = 5
MAP_WORD, MEND_MAPPING, MEND_FILE = "map_word", "mend_mapping", "mend_file"
_OF_THE_FILE: Final = Text(
    "请在源系统中改正后重新导出，或下载这些行、改正后再试。",
    "Correct it in the system it came from and export it again, or download these lines, correct and retry them.",
)
_OF_THE_MAPPING: Final = Text(
    "若文件无误，请在字段映射中改正此列的写法，再重试这些行。",
    "If the file is right, correct how the mapping reads this column and retry these lines.",
)
_BY_MAPPING: Final = frozenset({"bad_time", "nonexistent_time", "bad_date", "bad_clock", "bad_duration", "bad_number",
                                "bad_flag", "missing", "out_of_range"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that one act mends.

    ``act`` is ``map_word`` (say once what ``word`` of ``column`` means), ``mend_mapping`` or ``mend_file``.
    ``known`` are words that the column may hold where only some are allowed. ``examples`` are ``(file, line, raw)``.
    """

    reason: str
    act: str
    lines: int
    what: Text
    remedy: Text
    examples: Sequence[tuple[str, int, str]]
    column: str | None = None
    word: str | None = None
    known: tuple[str, ...] = ()


def groups(aside: pl.DataFrame, layouts: pl.DataFrame, mapping: TableMapping | None) -> list[Group]:
    """Lines set aside (rows of ``quarantine``) by remedy, those with most lines first.

    Args:
        aside: the lines.
        layouts: how the files that hold them are written (rows of ``layouts``).
        mapping: what reads them, if they are of a table: then unknown words are told one by one.
    """
    aside = aside.with_columns(word=_words(aside, layouts, mapping))
    found = []
    for (reason, word), lines in aside.group_by("reason", "word", maintain_order=True):
        first = lines.sort("file", "line").head(EXAMPLES).select("file", "line", "raw").rows()
        found.append(_group(str(reason), word, lines.height, first, str(lines["source"][0])))
    return sorted(found, key=lambda group: (-group.lines, group.reason, group.word or ""))


def _group(reason: str, word: Any, lines: int, examples: Sequence[Any], source: str) -> Group:
    kind, _, column = reason.partition(":")
    if word is not None:
        known = VOCABULARIES.get(column, ())
        what = Text(f"{column} 中的“{word}”未识别", f'"{word}" in {column} is not known')
        remedy = Text(
            f"指定它的含义后，这 {lines:,} 行可一并导入。", f"Say once what it means and all {lines:,} lines load."
        )
        return Group(reason, MAP_WORD, lines, what, remedy, examples, column, word, known)
    if source == ROSTER:
        return Group(
            reason, MEND_FILE, lines, reason_words(reason), ROSTER_REMEDIES.get(reason, _OF_THE_FILE), examples
        )
    if column and kind in _BY_MAPPING:
        return Group(reason, MEND_MAPPING, lines, reason_words(reason), _OF_THE_MAPPING, examples, column)
    return Group(reason, MEND_FILE, lines, reason_words(reason), _OF_THE_FILE, examples)


def _words(aside: pl.DataFrame, layouts: pl.DataFrame, mapping: TableMapping | None) -> pl.Series:
    """Of every line the word that its mapping does not know; null where that is not what is wrong."""
    if mapping is None:
        return pl.Series([None] * aside.height, dtype=pl.String)
    written = {
        (row["load"], row["file"]): (json.loads(row["header"]), row["delimiter"], row["quote"])
        for row in layouts.iter_rows(named=True)
    }
    columns = {column.plain_name: column for column in mapping.columns}
    return pl.Series(list(_each(aside, written, columns)), dtype=pl.String)


def _each(
    aside: pl.DataFrame, written: Mapping[tuple[str, str], tuple[list[str], str, str]], columns: Mapping[str, Column]
) -> Iterator[str | None]:
    for load, file, reason, raw in aside.select("load", "file", "reason", "raw").iter_rows():
        kind, _, name = reason.partition(":")
        column, layout = columns.get(name), written.get((load, file))
        yield _word(column, *layout, raw) if kind == "unknown_word" and column and layout else None


def _word(column: Column, header: list[str], delimiter: str, quote: str, raw: str) -> str | None:
    """What a line says in the columns of the file that a column is made from."""
    cells = dict(zip(header, (cell.strip() for cell in cells_of(raw, delimiter, quote)), strict=False))
    names = [name.removeprefix(COLUMN) for name in column.sources]
    if not names or not all(name.startswith(COLUMN) for name in column.sources):
        return None
    return column.join.join(cells.get(name, "") for name in names)
