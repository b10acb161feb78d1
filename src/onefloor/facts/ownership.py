"""What a vendor may load: rows of its own people and of nobody else.

Tables keep to the vendor's own source, so that they can replace nothing of another's; a file with a row about another
company's person is refused as a whole, and says which rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import polars as pl

from onefloor.facts.exits import OF_AGENTS, OF_COMPANIES
from onefloor.facts.files import Progress
from onefloor.facts.kinds import ROSTER, TABLE, Kind
from onefloor.facts.load import Reader
from onefloor.facts.local_time import local_days
from onefloor.facts.schemas import TABLES
from onefloor.facts.store import Account, Load, scan
from onefloor.floor import Floor
from onefloor.language import Text
from onefloor.problems import Place, Problem

ALLOWED: Final = (TABLE, ROSTER)
"""The kinds that a vendor may load; logs of a PBX are the client's, whose calls they hold."""


class NotYourRows(Problem):
    """A vendor's file with rows about people of another company."""

    def __init__(self, path: Path, lines: list[int], names: list[str]) -> None:
        first, shown = lines[0], ", ".join(names[:5])
        super().__init__(
            Text(
                f"{len(lines):,} 行涉及其他公司（{'、'.join(names[:5])}），首行为第 {first} 行。",
                f"{len(lines):,} lines are about another company ({shown}), the first is line {first}.",
            ),
            why=Text("乙方只能导入本公司人员的记录。", "A vendor loads records of its own people only."),
            remedy=Text(
                "请从文件中删除这些行后重试。没有导入任何数据。",
                "Take them out of the file and try again. Nothing was loaded.",
            ),
            where=Place(path.name, first),
        )


def limited(kind: Kind, company: str) -> Kind:
    """The same kind for a vendor: what it reads is refused where it speaks of other companies.

    Raises:
        ValueError: a vendor may not load this kind at all (see ``ALLOWED``).
    """
    if kind.name not in ALLOWED:
        raise ValueError(kind.name)

    def guard(reader: Reader) -> Reader:
        def read(floor: Floor, path: Path, load: Load, account: Account, progress: Progress) -> None:
            reader(floor, path, load, account, progress)
            foreign = pl.concat(list(_foreign(floor, load, company))).sort("line")
            if foreign.height:
                raise NotYourRows(
                    path, foreign["line"].to_list(), foreign["name"].unique(maintain_order=True).to_list()
                )

        return read

    return replace(kind, reader=guard(kind.reader), guard=guard)


def _foreign(floor: Floor, load: Load, company: str) -> Iterator[pl.DataFrame]:
    """``line`` and ``name`` of every staged row that is not the company's."""
    empty = pl.DataFrame(schema={"line": pl.Int64, "name": pl.String})
    yield empty
    people = scan(floor, "roster").filter(pl.col("revision") == pl.col("revision").max().over("group_id")).collect()
    others = people.filter(pl.col("company") != company)
    for table in OF_COMPANIES:
        rows = load.staged(table).collect()
        name = "company"
        yield rows.filter(pl.col(name).is_null() | (pl.col(name) != company)).select(
            "line", pl.col(name).fill_null("").alias("name")
        )
    roster = load.staged("roster").collect()
    yield roster.filter(pl.col("agent").is_in(others["agent"].implode())).select("line", pl.col("agent").alias("name"))
    mine = people.filter(pl.col("company") == company)
    dedicated = [name for name, queue in floor.queues.items() if queue.company not in (None, company)]
    for table in OF_AGENTS:
        rows = load.staged(table).collect()
        if rows.is_empty():
            continue
        yield _not_mine(floor, rows, mine).select("line", pl.col("agent").alias("name"))
        if "queue" in TABLES[table].names:
            foreign = rows.filter(pl.col("agent").is_null() & pl.col("queue").is_in(dedicated))
            yield foreign.select("line", pl.col("queue").alias("name"))


def _not_mine(floor: Floor, rows: pl.DataFrame, mine: pl.DataFrame) -> pl.DataFrame:
    """Rows whose agent was not the company's on their day."""
    named = rows.filter(pl.col("agent").is_not_null())
    days = pl.Series("day", local_days(floor.clock, named["started_ms"].to_numpy()), dtype=pl.Int64)
    named = named.with_columns(days).with_row_index("nth")
    spans = mine.select(
        "agent", pl.col("from_day").alias("first"), pl.col("until_day").fill_null(2**31 - 1).alias("end")
    )
    inside = (pl.col("day") >= pl.col("first")) & (pl.col("day") < pl.col("end"))
    known = named.join(spans, on="agent").filter(inside)["nth"].unique()
    return named.filter(~pl.col("nth").is_in(known.implode()))
