"""What the tests of queue logs share: new floors, loading, and the facts that count now."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp

import polars as pl

from onefloor.facts.load import load_files
from onefloor.facts.sources import asterisk
from onefloor.facts.store import Account, data_version, scan
from onefloor.floor import Floor, create_floor, open_floor

PROVENANCE = ("file", "line", "load", "revision", "source")
KEY = "7" * 64


def new_floor(folder: Path, timezone: str = "Asia/Shanghai") -> Floor:
    """An empty floor whose customer key is always the same."""
    floor = create_floor(Path(mkdtemp(dir=folder)) / "floor", timezone=timezone)
    (floor.root / "secrets" / "customer.key").write_text(KEY + "\n", encoding="ascii")
    return open_floor(floor.root)


def load(floor: Floor, *paths: Path) -> Account:
    """Load queue logs in the order given."""
    return load_files(floor, asterisk.SOURCE, asterisk.read, paths)


def load_text(floor: Floor, folder: Path, text: str | bytes, name: str = "queue_log") -> Account:
    """Load one file with this content."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load(floor, path)


def current(floor: Floor, table: str) -> pl.DataFrame:
    """The rows that count: of every group those with the highest revision."""
    rows = scan(floor, table).collect()
    return rows.filter(pl.col("revision") == pl.col("revision").max().over("group_id"))


def legs(floor: Floor) -> list[dict[str, object]]:
    """The current legs in the order of time."""
    return current(floor, "contacts").sort("started_ms", "contact", "leg").to_dicts()


def states(floor: Floor, agent: str | None = None) -> list[tuple[str, str, str | None, int, int]]:
    """Agent, state, reason, start and end (ms) of the current states that last at all."""
    rows = current(floor, "agent_states").filter(pl.col("started_ms") < pl.col("ended_ms"))
    rows = rows if agent is None else rows.filter(pl.col("agent") == agent)
    return rows.select("agent", "state", "reason", "started_ms", "ended_ms").sort("agent", "started_ms").rows()


def facts(floor: Floor) -> dict[str, object]:
    """All that must not depend on how the lines came: every current row without where it came from."""
    found: dict[str, object] = {"version": data_version(floor), "states": states(floor)}
    for table in ("contacts", "rings", "events"):
        rows = current(floor, table).drop(*PROVENANCE, "file_start_ms", strict=False)
        found[table] = rows.sort("row_id").to_dicts()
    return found


def pieces(folder: Path, lines: Sequence[bytes], cuts: Sequence[int]) -> list[Path]:
    """The lines as several files, cut before the lines with these numbers (counted from 0)."""
    paths = []
    for number, (start, end) in enumerate(zip([0, *cuts], [*cuts, len(lines)], strict=True)):
        paths.append(folder / f"queue_log.{number}")
        paths[-1].write_bytes(b"".join(lines[start:end]))
    return paths
