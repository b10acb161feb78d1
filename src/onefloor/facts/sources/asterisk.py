"""Loading Asterisk ``queue_log`` files: every line accounted for, calls and agent states derived from all lines.

A file is read in blocks, so its size does not matter; what is derived afterwards is derived in parts (of calls, then
of agents) for the same reason. Lines are stored first. Calls and days that a new line touches are then derived anew
from everything known of them, with a revision that grows with the number of lines: the order in which the files of a
rotated log are loaded, and where it was cut, make no difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

import numpy as np
import polars as pl
import pyarrow as pa

from onefloor.facts.exchange import gone_before
from onefloor.facts.files import Progress, opened, unpacking
from onefloor.facts.identity import Ids, stable_ids
from onefloor.facts.local_time import days_between_without, local_days, months_of_days
from onefloor.facts.schemas import QUARANTINE, TABLES
from onefloor.facts.sources.asterisk_calls import CALL_EVENTS, COLUMNS, is_of_call, legs_and_rings
from onefloor.facts.sources.asterisk_calls import SOURCE as SOURCE
from onefloor.facts.sources.asterisk_lines import lines_of, parsed, told_apart, without_numbers
from onefloor.facts.sources.asterisk_states import COLUMNS as STATE_COLUMNS
from onefloor.facts.sources.asterisk_states import STATE_EVENTS, as_rows, days_needed, days_reached, states
from onefloor.facts.sources.encodings import LONGEST_LINE, LineTooLong
from onefloor.facts.store import Account, Load, files_of, scan
from onefloor.floor import Floor
from onefloor.periods import Month
from onefloor.problems import MissingFile

BLOCK_BYTES: Final = 64 << 20
PART_ROWS: Final = 2_000_000
KEPT_OF_LONG_LINE: Final = 65_536
KNOWN_EVENTS: Final = (
    *CALL_EVENTS, *STATE_EVENTS, "PAUSEALL", "UNPAUSEALL", "PENALTY", "RINGINUSE", "QUEUESTART", "CONFIGRELOAD",
)  # fmt: skip


@dataclass(slots=True)
class _File:
    """What is known of the file being read: where we are and which lines it had already."""

    path: Path
    start_ms: int | None = None
    line: int = 1
    seen: list[tuple[int, int, Ids]] = field(default_factory=list)  # first and last ms of a block, hashes of its lines
    aside: list[Ids] = field(default_factory=list)  # hashes of its lines that cannot be read
    days: list[Ids] = field(default_factory=list)  # local days that got new lines
    present: list[Ids] = field(default_factory=list)  # local days that have lines, new ones or not


def read(floor: Floor, path: Path, load: Load, account: Account, progress: Progress) -> None:
    """Stage one file: its lines as ``events``, the calls and agent states they touch, and what cannot be read.

    Raises:
        DamagedArchive: a compressed file that cannot be unpacked to its end.
        MissingFile: there is no such file.
    """
    file = _File(path)
    for lines in _blocks(path, progress):
        _read_block(floor, lines, file, load, account)
    days = np.unique(np.concatenate(file.days)) if file.days else np.empty(0, np.int64)
    if len(days):
        account.reason("note:days_without_records", days_between_without(np.concatenate(file.present)))
        _derive_calls(floor, load, account, days)
        account.reason("note: overlapping talk", _overlapping_talks(load))
        _derive_states(floor, load, days)


def rotated(paths: Sequence[Path]) -> list[Path]:
    """The files of one log in the order they were written, by their first line.

    A folder stands for the files in it whose names begin with ``queue_log``. Loading in another order gives the same
    facts; in order, each call and day is derived fewer times.

    Raises:
        MissingFile: a path is not there, or a folder has no such file.
    """
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.glob("queue_log*")) if path.is_dir() else [path]
        if not inside:
            raise MissingFile(path / "queue_log")
        found.extend(inside)
    return [path for _, path in sorted((_first_ms(path), path) for path in found)]


def _first_ms(path: Path) -> int:
    with opened(path) as file, unpacking(path):
        first = parsed([file.readline(BLOCK_BYTES).rstrip(b"\r\n")], 1)["at_ms"][0]
    return int(first or 0)


def _blocks(path: Path, progress: Progress) -> Iterator[list[bytes]]:
    """The file's lines, a block of whole lines at a time."""
    rest, done, size = b"", 0, path.stat().st_size if path.is_file() else 0
    with opened(path) as file:
        while block := _some(file, path):
            done += len(block)
            progress(min(done, size), size)
            head, newline, tail = (rest + block).rpartition(b"\n")
            rest = tail
            if len(rest) > LONGEST_LINE:
                raise LineTooLong(path)
            if newline:
                yield lines_of(head + newline)
    if rest:
        yield lines_of(rest)


def _some(file: IO[bytes], path: Path) -> bytes:
    with unpacking(path):
        return file.read(BLOCK_BYTES)


def _read_block(floor: Floor, lines: list[bytes], file: _File, load: Load, account: Account) -> None:
    frame = parsed(lines, file.line)
    file.line += len(lines)
    account.lines += len(lines)
    unread = frame.filter(pl.col("reason").is_not_null())
    _set_aside(floor, unread, file, load, account)
    events = frame.filter(pl.col("reason").is_null()) if unread.height else frame
    if events.is_empty():
        return
    first_ms, last_ms = int(events["at_ms"].min()), int(events["at_ms"].max())  # type: ignore[arg-type]
    file.start_ms = int(events["at_ms"][0]) if file.start_ms is None else file.start_ms
    ids = _of_file(events["row_id"].to_numpy(), file, first_ms, last_ms)
    days = local_days(floor.clock, events["at_ms"].to_numpy())
    file.present.append(np.unique(days))
    events = events.with_columns(
        pl.Series("row_id", ids), pl.Series("month", months_of_days(days)), pl.Series("day", days)
    )
    events = _within_retention(floor, events, account)
    if events.is_empty():
        return
    new = _without_known(floor, events, events["month"].unique(), first_ms, last_ms)
    account.duplicates += events.height - new.height
    account.loaded += new.height
    account.reason("note: events of the site's own", new.filter(~pl.col("event").is_in(KNOWN_EVENTS)).height)
    if new.height:
        file.days.append(new["day"].unique().to_numpy())
        load.count_content(new["row_id"].to_numpy())
        _stage(load, "events", without_numbers(new, floor.customer_key()), file)


def _within_retention(floor: Floor, events: pl.DataFrame, account: Account) -> pl.DataFrame:
    """The lines of the months whose lines and contacts are kept."""
    kept = events.filter(pl.col("month") >= max(gone_before(floor, "events"), gone_before(floor, "contacts")))
    account.ignored += events.height - kept.height
    account.reason("past_retention", events.height - kept.height)
    return kept


def _set_aside(floor: Floor, unread: pl.DataFrame, file: _File, load: Load, account: Account) -> None:
    """Blank lines are ignored; the others are kept as they are, with the reason, each once."""
    bad = unread.filter(pl.col("reason") != "blank")
    new = _not_aside(floor, bad, file) if bad.height else bad
    account.ignored += unread.height - bad.height
    account.duplicates += bad.height - new.height
    account.quarantined += new.height
    account.reason("blank", unread.height - bad.height)
    for reason, lines in new.group_by("reason").len().iter_rows():
        account.reason(reason, lines)
    if new.height:
        rows = new.select(
            pl.lit(load.id).alias("load"), pl.lit(SOURCE).alias("source"), pl.lit(file.path.name).alias("file"),
            "line", "reason", "raw",
        )  # fmt: skip
        load.add("quarantine", rows.to_arrow().cast(QUARANTINE))


def _not_aside(floor: Floor, bad: pl.DataFrame, file: _File) -> pl.DataFrame:
    """The unreadable lines, with what is kept of each as ``raw``, that an earlier load has not set aside already.

    As among events, the second of identical lines of a file is another line. Where a line is too long to be kept
    whole, nothing says whether it is the same: it is kept again.
    """
    bad = bad.with_columns(pl.col("text").str.slice(0, KEPT_OF_LONG_LINE).alias("raw"))
    ids = stable_ids(bad["raw"])
    here = told_apart(ids, np.concatenate([np.empty(0, np.int64), *file.aside]))
    file.aside.append(ids)
    whole = pl.col("raw").str.len_chars() < KEPT_OF_LONG_LINE
    stored = scan(floor, "quarantine").filter((pl.col("source") == SOURCE) & whole).select("raw").collect()["raw"]
    known = told_apart(stable_ids(stored), np.empty(0, np.int64))
    return bad.filter(~(whole & pl.Series(here).is_in(pl.Series(known).implode())))


def _of_file(ids: Ids, file: _File, first_ms: int, last_ms: int) -> Ids:
    """The identities of a block's lines in its file. Identical lines have the same time, so only blocks that overlap
    in time can hold one.
    """
    earlier = [block for low, high, block in file.seen if low <= last_ms and first_ms <= high]
    file.seen.append((first_ms, last_ms, ids))
    return told_apart(ids, np.concatenate([np.empty(0, np.int64), *earlier]))


def _without_known(
    floor: Floor, events: pl.DataFrame, months: Iterable[int], first_ms: int, last_ms: int
) -> pl.DataFrame:
    """The lines that are not stored yet."""
    months = [int(month) for month in months]
    if not files_of(floor, "events", months):
        return events
    known = (
        scan(floor, "events", months)
        .filter(pl.col("at_ms").is_between(first_ms, last_ms) & (pl.col("source") == SOURCE))
        .select("row_id")
        .collect()
    )
    if known.is_empty():
        return events
    return events.join(known, on="row_id", how="anti", maintain_order="left")


def _stage(load: Load, table: str, rows: pl.DataFrame, file: _File | None = None) -> None:
    """Complete rows with their provenance and put them into the load."""
    if rows.is_empty():
        return
    every = {"load": load.id, "source": SOURCE}
    if file is not None:
        every["file"] = file.path.name
        rows = rows.with_columns(
            pl.lit(file.start_ms, pl.Int64).alias("file_start_ms"),
            pl.col("row_id").alias("group_id"),
            pl.col("row_id").alias("digest"),
            pl.lit(1, pl.Int64).alias("revision"),
        )
    staged = rows.select(name for name in TABLES[table].names if name not in every).to_arrow()
    for name, value in every.items():
        staged = staged.append_column(name, _repeated(value, rows.height))
    load.add(table, staged)


def _repeated(value: str, rows: int) -> pa.DictionaryArray:
    """A column of one text, spelt out once."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int32)), pa.array([value]))


def _neighbouring(months: Iterable[int]) -> list[int]:
    """The months and the ones before and after them: a call may begin in one and end in the next."""
    found = (Month.from_id(int(month)).shifted(step).id for month in months for step in (-1, 0, 1))
    return sorted(set(found))


def _parts(rows: int) -> int:
    return max(1, -(-rows // PART_ROWS))


def _in_part(column: str, part: int, parts: int) -> pl.Expr:
    return pl.lit(value=True) if parts == 1 else pl.col(column).hash(0) % parts == part


def _derive_calls(floor: Floor, load: Load, account: Account, days: Ids) -> None:
    """Derive every call that got a new line from all its lines; those whose beginning is in no file are noted."""
    staged = load.staged("events").filter(is_of_call()).select(COLUMNS)
    months = _neighbouring(np.unique(months_of_days(days)))
    stored = scan(floor, "events", months).filter(is_of_call() & (pl.col("source") == SOURCE)).select(COLUMNS)
    parts = _parts(_rows_staged(load, "events"))
    for part in range(parts):
        events = staged.filter(_in_part("call", part, parts)).collect()
        if events.is_empty():
            continue
        if files_of(floor, "events", months):
            calls = events.select(pl.col("call").unique()).lazy()
            events = pl.concat([stored.join(calls, on="call", how="semi").collect(), events])
        legs, rings = legs_and_rings(events, floor.clock)
        account.reason("note: calls without a beginning", legs["entered_ms"].null_count())
        _stage(load, "contacts", legs)
        _stage(load, "rings", rings)


def _overlapping_talks(load: Load) -> int:
    """How many of the load's talks began while their agent was still talking: kept as two legs, one time of talk."""
    talks = load.staged("contacts").select("agent", "answered_ms", "ended_ms").drop_nulls()
    parts = _parts(_rows_staged(load, "contacts"))
    found = 0
    for part in range(parts):
        ordered = talks.filter(_in_part("agent", part, parts)).sort("agent", "answered_ms", "ended_ms")
        before = pl.col("ended_ms").cum_max().shift(1).over("agent")
        found += int(ordered.select((pl.col("answered_ms") < before).sum()).collect().item())
    return found


def _rows_staged(load: Load, table: str) -> int:
    return int(load.staged(table).select(pl.len()).collect().item())


def _derive_states(floor: Floor, load: Load, days: Ids) -> None:
    """Derive the agent states of every day that a new line may change."""
    reached = days_reached(days)
    needed = days_needed(reached)
    months = [int(month) for month in np.unique(months_of_days(needed))]
    times = _times(floor, load, months, needed)
    counts = _lines_in_reach(local_days(floor.clock, times), reached)
    times = _distinct(times)
    events = pl.concat([scan(floor, "events", months).filter(pl.col("source") == SOURCE), load.staged("events")])
    events = events.filter(pl.col("event").is_in(STATE_EVENTS)).select(STATE_COLUMNS)
    rings = _current(floor, load, "rings", months)
    legs = _current(floor, load, "contacts", months).filter(pl.col("agent").is_not_null())
    replaced = _days_with_rows(floor, months, reached)
    parts = _parts(_rows_staged(load, "contacts") * 3)
    for part in range(parts):
        mine = _in_part("agent", part, parts)
        found = states(
            _on_days(events.filter(mine).collect(), floor, "at_ms", needed),
            _on_days(legs.filter(mine).collect(), floor, "ended_ms", needed),
            _on_days(rings.filter(mine).collect(), floor, "started_ms", needed),
            times,
            reached,
            floor.clock,
        )
        rows = as_rows(found, replaced.filter(mine), counts)
        _stage(load, "agent_states", rows)


def _columns(table: str) -> list[str]:
    own = {"contacts": ["talk_ms", "ended_ms"], "rings": ["started_ms", "ring_ms"]}
    return ["group_id", "revision", "agent", "file", "line", *own[table]]


def _current(floor: Floor, load: Load, table: str, months: list[int]) -> pl.LazyFrame:
    """The rows that will count after this load: the newest stored ones of other calls than it derives, and its own."""
    own = load.staged(table)
    staged = own.select(_columns(table))
    if not files_of(floor, table, months):
        return staged
    rows = scan(floor, table, months).filter(pl.col("source") == SOURCE).select(_columns(table))
    rows = rows.join(own.select(pl.col("group_id").unique()), on="group_id", how="anti")
    newest = rows.group_by("group_id").agg(pl.col("revision").max())
    return pl.concat([rows.join(newest, on=["group_id", "revision"], how="semi"), staged])


def _on_days(rows: pl.DataFrame, floor: Floor, column: str, days: Ids) -> pl.DataFrame:
    rows = rows.filter(pl.col(column).is_not_null())
    return rows.filter(pl.Series(np.isin(local_days(floor.clock, rows[column].to_numpy()), days), dtype=pl.Boolean))


def _times(floor: Floor, load: Load, months: list[int], days: Ids) -> Ids:
    """When the log had lines on these days; every line counts, in no order."""
    stored = scan(floor, "events", months).filter(pl.col("source") == SOURCE).select("at_ms")
    times = pl.concat([stored, load.staged("events").select("at_ms")]).collect()["at_ms"].to_numpy()
    return np.asarray(times[np.isin(local_days(floor.clock, times), days)])


def _distinct(times: Ids) -> Ids:
    """Sorted, each once. ``np.unique`` keeps a table of hashes, which is slow for many different times."""
    times = np.sort(times)
    return np.asarray(times[np.append(True, times[1:] != times[:-1])]) if len(times) else times


def _lines_in_reach(line_days: Ids, days: Ids) -> pl.DataFrame:
    """Of each day, how many lines decide its states."""
    present, counts = np.unique(line_days, return_counts=True)
    total = np.concatenate([[0], np.cumsum(counts)])
    low, high = (np.searchsorted(present, days + shift) for shift in (-8, 3))
    return pl.DataFrame({"day": days, "revision": (total[high] - total[low]).astype(np.int64)})


def _days_with_rows(floor: Floor, months: list[int], days: Ids) -> pl.DataFrame:
    """The agents' days that have states already, as ``agent, day, started_ms``."""
    rows = (
        scan(floor, "agent_states", months).filter(pl.col("source") == SOURCE).select("agent", "started_ms").collect()
    )
    rows = rows.with_columns(pl.Series("day", local_days(floor.clock, rows["started_ms"].to_numpy()), dtype=pl.Int64))
    rows = rows.filter(pl.col("day").is_in(pl.Series(days).implode()))
    return rows.group_by("agent", "day").agg(pl.col("started_ms").min())
