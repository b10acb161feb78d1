"""Reading input files: plain, gzip or zstandard, told apart by their first bytes."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import IO, cast

import zstandard

from onefloor.problems import MissingFile

Progress = Callable[[int, int], None]
"""Called with (bytes or steps done, total) from time to time."""


def no_progress(_done: int, _total: int) -> None:
    """A progress that shows nothing."""


def opened(path: Path) -> IO[bytes]:
    """The file's bytes, decompressed if need be.

    Raises:
        MissingFile: there is no such file.
    """
    if not path.is_file():
        raise MissingFile(path)
    with path.open("rb") as file:
        magic = file.read(4)
    if magic[:2] == b"\x1f\x8b":
        return cast("IO[bytes]", gzip.open(path, "rb"))
    if magic == b"\x28\xb5\x2f\xfd":
        return cast("IO[bytes]", zstandard.open(path, "rb"))
    return path.open("rb")


def file_digest(path: Path) -> str:
    """32 hex digits of the file's BLAKE2b, as stored."""
    if not path.is_file():
        raise MissingFile(path)
    digest = blake2b(digest_size=16)
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
