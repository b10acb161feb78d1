"""Exchanging fact tables for new ones without some rows, decided by one rename and finished by whoever comes next.

``removal`` makes the new tables; this is what must happen before anything else is read or written, and the record of
what was removed, which outlives the rows: by it a removed row is not taken for one that was never there.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from onefloor.floor import Floor
from onefloor.writing import write_whole

FOLDER: Final = "_removal"
COMMIT: Final = "commit.json"
RECORDS: Final = "removals.jsonl"


def finish(floor: Floor) -> None:
    """Finish a removal that was decided, or drop one that was not; the caller holds the writer lock."""
    folder = floor.facts / FOLDER
    if not folder.exists():
        return
    if not (folder / COMMIT).exists():
        shutil.rmtree(folder)
        return
    entry = json.loads((folder / COMMIT).read_text(encoding="utf-8"))
    for one in entry["removed"]:
        _exchange(floor, folder, one["table"])
    shutil.rmtree(floor.derived, ignore_errors=True)
    floor.derived.mkdir()
    _keep_record(floor, entry)
    shutil.rmtree(folder)


def removals(floor: Floor) -> list[dict[str, Any]]:
    """The record of every removal, oldest first: why, when, and what went of each table."""
    path = floor.facts / RECORDS
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def removed_of_load(floor: Floor, load_id: str) -> int:
    """How many rows of a load were removed since."""
    return sum(one["loads"].get(load_id, 0) for entry in removals(floor) for one in entry["removed"])


def gone_before(floor: Floor, table: str) -> int:
    """The month (``year * 100 + month``) before which a table's rows went for good; 0 if all may be loaded.

    Raised by every run of the retention rules, never lowered: an old file does not bring back what had to go.
    """
    return max((entry.get("before", {}).get(table, 0) for entry in removals(floor)), default=0)


def _exchange(floor: Floor, folder: Path, table: str) -> None:
    """Put the new table where the old one is; done already if there is no new one left."""
    new, old, target = folder / table, folder / f"{table}.old", floor.facts / table
    if new.exists():
        if target.exists():
            target.rename(old)
        new.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _keep_record(floor: Floor, entry: Mapping[str, Any]) -> None:
    """Add one line to the records, once."""
    line, path = json.dumps(entry, ensure_ascii=False, sort_keys=True), floor.facts / RECORDS
    kept = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    if line in kept:
        return
    write_whole(path, "".join(f"{one}\n" for one in [*kept, line]))
