"""Files that are there as a whole or not at all: what a failed or killed write leaves has another name."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PENDING = ".pending"


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Where to write: it takes the place of ``path`` when the block has ended well and its bytes are on the disk.

    Until then, and where anything fails, what stood there stays. A file keeps its permissions, a link its target; what
    is no file, such as ``/dev/stdout``, is written to at once. A block inside another one takes its place first.

    Raises:
        OSError: the system refuses; its ``filename`` is that of ``path``.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        yield path
        return
    pending = target.with_name(target.name + PENDING)  # one that a killed process left is written over
    try:
        pending.write_bytes(b"")
        if target.exists():
            shutil.copymode(target, pending)
        yield pending
        with pending.open("rb+") as file:
            os.fsync(file.fileno())
        pending.replace(target)
    except BaseException as error:
        pending.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename in (None, str(pending), pending):
            error.filename = str(path)
        raise


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a whole file, text as UTF-8 with its own line ends.

    Raises:
        OSError: the system refuses; what stood there stays.
    """
    with replacing(path) as pending:
        pending.write_bytes(content.encode() if isinstance(content, str) else content)
