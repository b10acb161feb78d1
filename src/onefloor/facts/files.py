"""Reading input files: plain, gzip or zstandard, told apart by their first bytes."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import IO, cast

import pyarrow as pa

from onefloor.language import Text
from onefloor.problems import MissingFile, Place, Problem

Progress = Callable[[int, int], None]
"""Called with (bytes or steps done, total) from time to time."""


def no_progress(_done: int, _total: int) -> None:
    """A progress that shows nothing."""


class DamagedArchive(Problem):
    """A compressed file ends early or cannot be unpacked; none of it is loaded."""

    def __init__(self, path: Path, error: Exception) -> None:
        super().__init__(
            Text(f"“{path.name}”无法解压（{error}）。", f'"{path.name}" cannot be unpacked ({error}).'),
            why=Text("文件可能没有传完。", "It may not have been transferred completely."),
            remedy=Text("请重新取得该文件后再导入。", "Fetch the file again and load it."),
            where=Place(str(path)),
        )


@contextmanager
def unpacking(path: Path) -> Iterator[None]:
    """Around reading from ``opened``: what goes wrong while unpacking becomes a ``DamagedArchive``."""
    try:
        yield
    except (EOFError, OSError, zlib.error) as error:
        raise DamagedArchive(path, error) from None


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
        # pyarrow's reader notices a file that ends early; zstandard's takes it for the end
        return cast("IO[bytes]", io.BufferedReader(pa.input_stream(str(path), compression="zstd")))
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
