"""Fix once, retry: lines that were set aside are read again, with a better mapping or as somebody corrected them.

A line that can be read now is loaded by a load of its own, with the file and line it came from, and counted once; its
record in quarantine says which load took it in. What still cannot be read stays where it was.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from onefloor.facts.files import Progress, no_progress
from onefloor.facts.kinds import ASTERISK, CONNECT, ROSTER, TABLE, Kind
from onefloor.facts.quarantine import set_aside
from onefloor.facts.schemas import TABLES
from onefloor.facts.scratch import scratch
from onefloor.facts.sources import table
from onefloor.facts.sources.asterisk_lines import parsed
from onefloor.facts.sources.mapping import Layout
from onefloor.facts.sources.records import Written, is_open
from onefloor.facts.store import Account, Load, loading, scan, writing
from onefloor.floor import Floor
from onefloor.language import Text
from onefloor.problems import Place, Problem

Corrections = Mapping[tuple[str, str, int], str]
"""What lines should have been, by (load that set it aside, file, line)."""
_OF_LINES: Final = {ASTERISK: ("events", "quarantine")}  # its other tables are derived from these
_WITH_LINE: Final = [name for name, schema in TABLES.items() if "line" in schema.names]
BEYOND_MENDING: Final = frozenset({"undecodable", "unclosed_quote", "line too long"})


class SeveralLines(Problem):
    """A corrected line that has become more than one."""

    def __init__(self, file: str, line: int) -> None:
        super().__init__(
            Text("改正后的内容不止一行。", "The corrected text is more than one line."),
            remedy=Text("请每次只改正一行。", "Correct one line at a time."),
            where=Place(file, line),
        )


class UnknownLayout(Problem):
    """Lines of a table whose header was not kept: they were set aside by an earlier version."""

    def __init__(self, file: str) -> None:
        super().__init__(
            Text(f"“{file}”的表头没有保存。", f'The header of "{file}" was not kept.'),
            why=Text("这些行由较早的版本隔离。", "An earlier version set these lines aside."),
            remedy=Text("请用改正后的映射重新导入整个文件。", "Load the whole file again with the corrected mapping."),
        )


@dataclass(frozen=True, slots=True)
class _Part:
    """The lines of one file that one load set aside."""

    load: str
    file: str
    rows: pl.DataFrame


def mend(
    floor: Floor,
    kind: Kind,
    *,
    loads: Collection[str] | None = None,
    file: str | None = None,
    reason: str | None = None,
    corrected: Corrections | None = None,
    progress: Progress = no_progress,
) -> Account:
    """Read open lines of quarantine again and load those that can be read now.

    Args:
        floor: where they are.
        kind: what reads them; only lines of its source are tried.
        loads: only lines that these loads set aside.
        file: only lines of the file with this name.
        reason: only lines set aside for this reason.
        corrected: new texts of some lines; if given, only these lines are tried.
        progress: told how many of the files are done.

    Returns:
        The account of the lines tried: those that still cannot be read count as quarantined.

    Raises:
        UnknownLayout: a table's lines whose header is not known.
        SeveralLines: a corrected text has more than one line.
        Problem: the mapping reads a column that the file does not have.
    """
    account = Account(kind.source)
    with writing(floor):
        parts = _parts(floor, kind, loads, file, reason, corrected)
        for done, part in enumerate(parts):
            progress(done, len(parts))
            account.add(_mended(floor, kind, part))
        progress(len(parts), len(parts))
    return account


def _parts(
    floor: Floor,
    kind: Kind,
    loads: Collection[str] | None,
    file: str | None,
    reason: str | None,
    corrected: Corrections | None,
) -> list[_Part]:
    rows = set_aside(floor, source=kind.source, loads=loads, file=file, reason=reason)
    rows = rows.unique(["load", "file", "line"], keep="first", maintain_order=True)
    if corrected is not None:
        for (_, name, line), text in corrected.items():
            if "\n" in text or "\r" in text:
                raise SeveralLines(name, line)
        new = [(*place, text) for place, text in corrected.items()]
        shape = {"load": pl.String, "file": pl.String, "line": pl.Int64, "new": pl.String}
        rows = rows.join(pl.DataFrame(new, schema=shape, orient="row"), on=["load", "file", "line"])
        rows = rows.with_columns(pl.col("new").alias("raw"), pl.lit("").alias("reason"))
    groups = rows.group_by("load", "file", maintain_order=True)
    return [_Part(str(names[0]), str(names[1]), part.sort("line")) for names, part in groups]


def _mended(floor: Floor, kind: Kind, part: _Part) -> Account:
    tried = part.rows.filter(~pl.col("reason").is_in(BEYOND_MENDING))
    tried = tried.filter(pl.Series(_looks_whole(floor, kind, part, tried["raw"].to_list()), dtype=pl.Boolean))
    hopeless = part.rows.height - tried.height
    still = Account(kind.source, lines=hopeless, quarantined=hopeless)
    if tried.is_empty():
        return still
    account = _loaded(floor, kind, part, tried)
    account.add(still)
    return account


def _looks_whole(floor: Floor, kind: Kind, part: _Part, texts: list[str]) -> list[bool]:
    """Whether each text is one record by itself; of an Asterisk log, whether it is an event."""
    if kind.name == ASTERISK and texts:
        found = parsed([text.encode() for text in texts], 1)["reason"]
        return (found.is_null() | (found == "blank")).to_list()
    if kind.name not in (ROSTER, TABLE):
        return [True] * len(texts)
    written = _layout(floor, part)
    return [not is_open(text, written.delimiter, written.quote) for text in texts]


def _loaded(floor: Floor, kind: Kind, part: _Part, tried: pl.DataFrame) -> Account:
    """Load what can be read of some lines of one file; the account of all of them."""
    account = Account(kind.source)
    with scratch(floor) as folder, loading(floor, _load_id(kind, part, tried)) as load:
        path = folder / part.file
        reading, origin = _written_again(floor, kind, part, tried, path)
        load.lines = dict.fromkeys(_OF_LINES.get(kind.name, _WITH_LINE), origin)
        reading.reader(floor, path, load, account, no_progress)
        again = set(load.staged("quarantine").select("line").collect()["line"])
        taken = tried.filter(~pl.col("line").is_in(list(again)))
        if taken.height:
            _commit(load, kind, part, taken, account)
    return account


def _commit(load: Load, kind: Kind, part: _Part, taken: pl.DataFrame, account: Account) -> None:
    """The load of the lines that could be read; the others are no part of it."""
    load.lines = {}
    again = load.staged("quarantine").group_by("reason").len().collect()
    load.forget("quarantine")
    load.forget("layouts")
    names = taken.select(pl.lit(load.id).alias("load"), pl.lit(part.load).alias("of_load"), "file", "line")
    load.add("mendings", names.to_arrow())
    reasons = dict(account.reasons)
    for reason, lines in again.iter_rows():
        reasons[reason] -= lines
    load.commit(
        Account(
            kind.source,
            lines=taken.height,
            loaded=account.loaded,
            duplicates=account.duplicates,
            ignored=account.ignored,
            reasons={reason: lines for reason, lines in reasons.items() if lines},
        ),
        [part.file],
    )


def _load_id(kind: Kind, part: _Part, tried: pl.DataFrame) -> str:
    key = json.dumps(["mending", kind.source, kind.options, part.load, part.file, tried.select("line", "raw").rows()])
    return blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _written_again(
    floor: Floor, kind: Kind, part: _Part, tried: pl.DataFrame, path: Path
) -> tuple[Kind, npt.NDArray[np.int64]]:
    """The lines as a file that reads as theirs did, what reads it, and the line that each of its lines came from."""
    texts, lines = tried["raw"].to_list(), tried["line"].to_list()
    if kind.name == CONNECT:
        texts = [text.replace("\n", " ") for text in texts]
    if kind.name == ROSTER:
        written = _layout(floor, part)
        texts, lines = [written.delimiter.join(written.header), *texts], [0, *lines]
    mark = "\ufeff" if kind.name in (ROSTER, TABLE) else ""
    path.write_bytes((mark + "\n".join(texts)).encode())
    origin = [line for line, text in zip(lines, texts, strict=True) for _ in range(text.count("\n") + 1)]
    return _reading(floor, kind, part), np.array(origin)


def _reading(floor: Floor, kind: Kind, part: _Part) -> Kind:
    if kind.mapping is None:
        return kind
    written = _layout(floor, part)
    layout = Layout("text", written.delimiter, written.quote, header=written.header)
    return replace(kind, reader=kind.guarded(table.reader(replace(kind.mapping, layout=layout))))


def _layout(floor: Floor, part: _Part) -> Written:
    wanted = (pl.col("load") == part.load) & (pl.col("file") == part.file)
    found = scan(floor, "layouts").filter(wanted).collect().to_dicts()
    if not found:
        raise UnknownLayout(part.file)
    return Written(tuple(json.loads(found[0]["header"])), found[0]["delimiter"], found[0]["quote"])
