"""Trying before loading: the first rows as they would become facts, and the whole account without a trace.

A dry run is the load itself, done on a floor of links that is thrown away: what it says is what the load does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

import polars as pl

from onefloor.facts.files import Progress, no_progress, opened, unpacking
from onefloor.facts.kinds import ASTERISK, CONNECT, ROSTER, Kind
from onefloor.facts.load import load_files
from onefloor.facts.remedies import Group, groups
from onefloor.facts.schemas import PROVENANCE
from onefloor.facts.scratch import blank_floor, copied_floor
from onefloor.facts.sources import table
from onefloor.facts.sources.json_values import values
from onefloor.facts.sources.mapping import Layout
from onefloor.facts.sources.records import Written, blocks, cells_of
from onefloor.facts.store import Account, scan
from onefloor.floor import Floor
from onefloor.periods import MS_PER_HOUR

ROWS: Final = 20
SAMPLE: Final = 5_000
_Sources = Mapping[int, Mapping[str, str | None]]
_TABLE_OF: Final = {ASTERISK: "events", CONNECT: "contacts", ROSTER: "roster"}  # what one line becomes


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One line of the file (``source``: its cells by column, or the line itself) and the facts it became.

    ``reason`` says why it became none: the reason it would be set aside for; None with no facts means that it would
    be ignored, or is the same as another line.
    """

    line: int
    source: Mapping[str, str | None]
    facts: Sequence[Mapping[str, Any]]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows as they would be loaded into ``table``.

    ``account`` is of the first ``SAMPLE`` lines, ``hours`` how many of their contacts began in each of the 24 local
    hours: a wrong time zone shows as a day that begins at night.
    """

    table: str
    columns: tuple[str, ...]
    rows: Sequence[PreviewRow]
    account: Account
    hours: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a load would do: the account of every line of every file, and its problems by remedy.

    ``new_names`` are queues and agents that this floor has not seen: worth a look, no reason to stop.
    """

    account: Account
    files: Sequence[tuple[str, Account]]
    problems: Sequence[Group]
    new_names: Mapping[str, Sequence[str]] = field(default_factory=dict)


def preview(floor: Floor, kind: Kind, path: Path, *, rows: int = ROWS, sample: int = SAMPLE) -> Preview:
    """The first rows of a file as they would be loaded; nothing is loaded.

    Raises:
        Problem: the file cannot be read with this mapping; says why.
    """
    target = kind.mapping.target if kind.mapping else _TABLE_OF[kind.name]
    with blank_floor(floor) as empty:
        head, reading, sources = _beginning(path, kind, empty.root, rows, sample)
        account = load_files(empty, kind.source, reading.reader, [head], options=kind.options)
        facts = scan(empty, target).sort("line", "row_id").collect()
        contacts = scan(empty, "contacts").select("started_ms").collect()["started_ms"]
        aside = dict(scan(empty, "quarantine").select("line", "reason").collect().iter_rows())
    own = [name for name in facts.columns if name not in {one.name for one in PROVENANCE}]
    columns = tuple(name for name in own if facts[name].null_count() < facts.height)
    by_line: dict[int, list[dict[str, Any]]] = {}
    for row in facts.filter(pl.col("line").is_in(list(sources))).select("line", *columns).to_dicts():
        by_line.setdefault(row.pop("line"), []).append(row)
    shown = [PreviewRow(line, cells, by_line.get(line, []), aside.get(line)) for line, cells in sources.items()]
    return Preview(target, columns, shown, account, _hours(floor, contacts))


def dry_run(floor: Floor, kind: Kind, paths: Sequence[Path], *, progress: Progress = no_progress) -> DryRun:
    """What loading these files would do, without doing it.

    Args:
        floor: nothing of it changes.
        kind: what reads the files.
        paths: the files, judged one after another as a load would.
        progress: told how many bytes of the current file are done; whatever it raises ends the run.

    Raises:
        Problem: a file as a whole cannot be read.
    """
    with copied_floor(floor) as copy:
        before = set(scan(copy, "loads").select("load").collect()["load"])
        accounts = [
            (path.name, load_files(copy, kind.source, kind.reader, [path], options=kind.options, progress=progress))
            for path in kind.in_order(paths)
        ]
        new = [load for load in scan(copy, "loads").select("load").collect()["load"] if load not in before]
        aside = scan(copy, "quarantine").filter(pl.col("load").is_in(new)).collect()
        layouts = scan(copy, "layouts").filter(pl.col("load").is_in(new)).collect()
        problems = groups(aside, layouts, kind.mapping)
        names = _new_names(floor, copy, new)
    account = Account(kind.source)
    for _, one in accounts:
        account.add(one)
    return DryRun(account, accounts, problems, names)


def first_cells(path: Path, rows: int = ROWS) -> list[Mapping[str, str | None]]:
    """The first rows of a table that nobody has mapped yet, by column.

    Raises:
        Problem: it cannot be read as a table.
    """
    return list(_cells(path, Layout(), rows).values())


def _hours(floor: Floor, started_ms: pl.Series) -> tuple[int, ...]:
    counts = [0] * 24
    for ms in started_ms:
        counts[(ms - floor.clock.start_of_day_ms(floor.clock.day(ms))) // MS_PER_HOUR % 24] += 1
    return tuple(counts)


def _new_names(floor: Floor, copy: Floor, loads: list[str]) -> dict[str, list[str]]:
    """Queues and agents of the contacts to load that no contact, setting or roster names."""
    new = scan(copy, "contacts").filter(pl.col("load").is_in(loads)).select("queue", "agent").unique().collect()
    known = scan(floor, "contacts").select("queue", "agent").unique().collect()
    people = set(scan(copy, "roster").select("agent").unique().collect()["agent"])
    seen = {"queue": {*known["queue"].drop_nulls(), *floor.queues}, "agent": people}
    found = {name: sorted(set(new[name].drop_nulls()) - seen[name]) for name in ("queue", "agent")}
    return {name: names for name, names in found.items() if names}


def _beginning(path: Path, kind: Kind, folder: Path, rows: int, sample: int) -> tuple[Path, Kind, _Sources]:
    """What to read instead of the whole file, how, and the cells of its first lines."""
    if kind.mapping:
        return (
            path,
            replace(kind, reader=table.reader(kind.mapping, most=sample)),
            _cells(path, kind.mapping.layout, rows),
        )
    if kind.name == ROSTER:
        return path, kind, _cells(path, Layout(), rows)
    head = folder / path.name
    if kind.name == CONNECT:
        lines = [value.raw.replace("\n", " ").encode() for value in islice(values(path), sample)]
    else:
        with opened(path) as file, unpacking(path):
            lines = [line.rstrip(b"\r\n") for line in islice(file, sample)]
    head.write_bytes(b"\n".join(lines))
    return head, kind, {i: {"": line.decode("utf-8", "backslashreplace")} for i, line in enumerate(lines[:rows], 1)}


def _cells(path: Path, layout: Layout, rows: int) -> _Sources:
    """The cells of a table's first rows by column and line."""
    written: list[Written] = []
    block = next(blocks(path, layout, {}, written.append, rows=rows + 20), None)
    if block is None:
        return {}
    table = written[0]
    return {
        line: dict(zip(table.header, cells_of(raw, table.delimiter, table.quote), strict=False))
        for line, raw in block.filter(~pl.col("fault").is_in(["blank", "header"]).fill_null(value=False))
        .head(rows).select("line", "raw").iter_rows()
    }  # fmt: skip
