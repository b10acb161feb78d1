"""A vendor leaves: all of its rows are handed over, then deleted, then looked for again.

Whose a row is follows from the roster of its day, as everywhere; a contact that nobody answered belongs to the company
to which its queue is dedicated. Lines in quarantine belong to the vendor if they name one of its people, or if its own
loads set them aside.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import polars as pl

from onefloor.facts.local_time import local_days
from onefloor.facts.removal import Removed, Unwanted, remove
from onefloor.facts.scratch import scratch, sweep
from onefloor.facts.store import scan, writing
from onefloor.floor import SETTINGS, Floor
from onefloor.language import Text
from onefloor.problems import Problem

MANIFEST: Final = "manifest.json"
FORMAT: Final = "onefloor-handover-1"
OF_AGENTS: Final = (
    "contacts", "rings", "agent_states", "surveys", "sales", "complaints", "evaluations", "shifts",
)  # fmt: skip
OF_COMPANIES: Final = ("forecasts", "duties", "roster")
TABLES_OF_VENDORS: Final = (*OF_AGENTS, "events", *OF_COMPANIES, "quarantine")
STAYS: Final = (
    Text("已签发的结算单及其证据包", "statements that were issued, and their bundles"),
    Text("按日汇总的指标，不含个人数据", "daily sums of figures, without personal data"),
    Text("每次导入的行数记录，以及本次删除的记录", "the accounts of loads, and the record of this deletion"),
    Text("floor.toml 中的公司名称", "the company's name in floor.toml"),
)
KEPT_PLACES: Final = frozenset({SETTINGS, "aggregates", "secrets", "web", ".lock"})  # "web" is searched by its owner
_WORD = re.compile(r"[^\s,;|\t\"'\[\]{}:()<>=]+")


class UnknownCompany(Problem):
    """No row of the roster, no queue and no forecast names the company."""

    def __init__(self, company: str, known: Collection[str]) -> None:
        zh, en = "、".join(sorted(known)), ", ".join(sorted(known))
        super().__init__(
            Text(f"本现场没有公司“{company}”。", f'This floor has no company "{company}".'),
            remedy=Text(f"已知：{zh or '（无）'}。", f"Known: {en or '(none)'}."),
        )


class HandoverExists(Problem):
    """The folder for the hand-over holds something already."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            Text(f"“{folder}”已存在且不为空。", f'"{folder}" exists and is not empty.'),
            remedy=Text("请换一个新目录。", "Choose a new folder."),
        )


@dataclass(frozen=True, slots=True)
class Departure:
    """What was deleted of a company, and what a search found afterwards.

    ``left`` counts rows that still are the company's, by table; ``traces`` are files that still name one of its people.
    Both are empty if the deletion is complete.
    """

    company: str
    day: date
    removed: Sequence[Removed]
    left: Mapping[str, int]
    traces: Sequence[str]

    @property
    def complete(self) -> bool:
        """Whether nothing was found."""
        return not self.left and not self.traces


def companies(floor: Floor) -> set[str]:
    """Every company that the roster, a queue, a forecast or a duty names."""
    found = {queue.company for queue in floor.queues.values() if queue.company}
    for table in OF_COMPANIES:
        found |= set(scan(floor, table).select("company").unique().collect()["company"].drop_nulls())
    return found


def hand_over(floor: Floor, company: str, folder: Path, *, loads: Collection[str] = ()) -> dict[str, Any]:
    """Write all rows of a company, and nothing of another, to a folder: one Parquet file a table and a manifest.

    Args:
        floor: whose facts.
        company: the vendor.
        folder: where to; must be empty or missing.
        loads: loads that were the company's own, whose quarantined lines are its own too.

    Returns:
        The manifest: rows and SHA-256 of every file.

    Raises:
        UnknownCompany, HandoverExists: nothing is written.
    """
    if folder.exists() and any(folder.iterdir()):
        raise HandoverExists(folder)
    tests = _tests(floor, company, loads)
    with writing(floor), scratch(floor) as made:
        files = {}
        for table, test in tests.items():
            rows = scan(floor, table).collect()
            rows = rows.filter(test(rows))
            if rows.height:
                rows.write_parquet(made / f"{table}.parquet")
                files[f"{table}.parquet"] = {"rows": rows.height, "sha256": _sha256(made / f"{table}.parquet")}
        manifest = {"format": FORMAT, "floor": floor.name, "company": company, "files": files}
        (made / MANIFEST).write_text(
            json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8"
        )
        shutil.copytree(made, folder, dirs_exist_ok=True)
    return manifest


def depart(floor: Floor, company: str, day: date, *, loads: Collection[str] = ()) -> Departure:
    """Delete all rows of a company for good, and look for it again in every file of the floor.

    Raises:
        UnknownCompany: nothing is deleted.
    """
    tests = _tests(floor, company, loads)
    words = _people(floor, company)
    with writing(floor):
        sweep(floor)
        removed = remove(floor, tests, {"why": "exit", "company": company, "day": day.isoformat()})
        left = {table: _count(floor, table, test) for table, test in tests.items()}
        traces = sorted(_traces(floor, words))
    return Departure(company, day, removed, {table: rows for table, rows in left.items() if rows}, traces)


def _count(floor: Floor, table: str, test: Unwanted) -> int:
    rows = scan(floor, table).collect()
    return int(test(rows).sum()) if rows.height else 0


def _tests(floor: Floor, company: str, loads: Collection[str]) -> dict[str, Unwanted]:
    """By table, which rows are the company's."""
    known = companies(floor)
    if company not in known:
        raise UnknownCompany(company, known)
    mine = _on_its_days(floor, company)
    dedicated = [name for name, queue in floor.queues.items() if queue.company == company]
    calls = _calls(floor, mine, dedicated)
    words, own_loads = list(_people(floor, company)), list(loads)

    def of_contacts(rows: pl.DataFrame) -> pl.Series:
        return mine(rows, "started_ms") | (
            rows["agent"].is_null() & rows["queue"].is_in(dedicated).fill_null(value=False)
        )

    def of_quarantine(rows: pl.DataFrame) -> pl.Series:
        named = rows["raw"].str.extract_all(_WORD.pattern).list.eval(pl.element().is_in(words)).list.any()
        return rows["load"].is_in(own_loads) | named

    return {
        **{table: lambda rows: mine(rows, "started_ms") for table in OF_AGENTS},
        "contacts": of_contacts,
        "events": lambda rows: mine(rows, "at_ms") | rows["call"].is_in(calls),
        **{table: lambda rows: rows["company"].eq_missing(company) for table in OF_COMPANIES},
        "quarantine": of_quarantine,
    }


def _on_its_days(floor: Floor, company: str) -> Callable[[pl.DataFrame, str], pl.Series]:
    """Whether the agent of each row was the company's on the day of an instant."""
    rows = scan(floor, "roster").filter(pl.col("revision") == pl.col("revision").max().over("group_id"))
    spans = rows.filter(pl.col("company") == company).select("agent", "from_day", "until_day").collect()

    def test(rows: pl.DataFrame, instant: str) -> pl.Series:
        days = pl.Series("day", local_days(floor.clock, rows[instant].to_numpy()), dtype=pl.Int64)
        numbered = pl.DataFrame([rows["agent"], days]).with_row_index("nth")
        inside = (pl.col("day") >= pl.col("from_day")) & (pl.col("day") < pl.col("until_day").fill_null(2**31 - 1))
        found = numbered.join(spans, on="agent").filter(inside)["nth"].unique()
        return numbered["nth"].is_in(found.implode())

    return test


def _calls(floor: Floor, mine: Callable[[pl.DataFrame, str], pl.Series], dedicated: Sequence[str]) -> list[str]:
    """Calls of a queue log all of whose legs are the company's: their other lines are its own too."""
    legs = scan(floor, "contacts").filter(pl.col("source") == "asterisk-queue-log").collect()
    if legs.is_empty():
        return []
    own = mine(legs, "started_ms") | (
        legs["agent"].is_null() & legs["queue"].is_in(list(dedicated)).fill_null(value=False)
    )
    whole = legs.with_columns(own.alias("own")).group_by("contact").agg(pl.col("own").all())
    return whole.filter("own")["contact"].to_list()


def _people(floor: Floor, company: str) -> set[str]:
    """Codes and names of people who have never belonged to another company of this floor."""
    rows = scan(floor, "roster").select("agent", "name", "company").unique().collect()
    others = rows.filter(pl.col("company") != company)
    own = rows.filter((pl.col("company") == company) & ~pl.col("agent").is_in(others["agent"].implode()))
    shared = {*others["agent"], *others["name"].drop_nulls()}
    return {*own["agent"], *own["name"].drop_nulls()} - shared


def _traces(floor: Floor, words: set[str]) -> Iterator[str]:
    """Files of the floor, but those that may name people, in which one of the words stands."""
    for path in floor.root.rglob("*"):
        place = path.relative_to(floor.root)
        if path.is_file() and place.parts[0] not in KEPT_PLACES and not words.isdisjoint(_words(path)):
            yield place.as_posix()


def _words(path: Path) -> Iterator[str]:
    if path.suffix == ".parquet":
        rows = pl.read_parquet(path, hive_partitioning=False)
        for column in rows.select(pl.col(pl.String)):
            for text in column.unique().drop_nulls():
                yield text
                yield from _WORD.findall(text)
    else:
        yield from _WORD.findall(path.read_bytes().decode("utf-8", "replace"))


def _sha256(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
