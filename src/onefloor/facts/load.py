"""Loading: one file, one load, all or nothing; the same bytes again change nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import blake2b
from pathlib import Path

from onefloor.facts.exchange import removed_of_load
from onefloor.facts.files import Progress, file_digest, no_progress
from onefloor.facts.store import Account, Load, load_report, loading, writing
from onefloor.floor import Floor

Reader = Callable[[Floor, Path, Load, Account, Progress], None]
"""Reads one file of one kind: stages rows in the load, counts every line in the account. Holds the writer lock."""


def load_files(
    floor: Floor,
    source: str,
    reader: Reader,
    paths: Sequence[Path],
    *,
    options: str = "",
    progress: Progress = no_progress,
) -> Account:
    """Load files one after another and return their common account.

    Args:
        floor: where to.
        source: the kind of source, such as ``asterisk-queue-log``.
        reader: reads one file.
        paths: the files; each becomes a load of its own, so a killed run keeps the files that were finished.
        options: whatever else decides what the reader makes of the bytes, such as a digest of the mapping.
        progress: told how many bytes of the current file are done.
    """
    account = Account(source)
    for path in paths:
        account.add(_load_file(floor, source, reader, path, options, progress))
    return account


def load_id_of(source: str, path: Path, options: str = "") -> str:
    """The id that the load of a file has: of its bytes, its kind and whatever else decides what is read."""
    key = f"{source}\n{options}\n{file_digest(path)}"
    return blake2b(key.encode(), digest_size=16).hexdigest()


def _load_file(floor: Floor, source: str, reader: Reader, path: Path, options: str, progress: Progress) -> Account:
    load_id = load_id_of(source, path, options)
    with writing(floor):
        if before := load_report(floor, load_id):
            known = Account(source, lines=before.lines, duplicates=before.lines)
            known.reason("note:removed_since", removed_of_load(floor, load_id))
            return known
        account = Account(source)
        with loading(floor, load_id) as stage:
            reader(floor, path, stage, account, progress)
            stage.commit(account, [path.name])
        return account
