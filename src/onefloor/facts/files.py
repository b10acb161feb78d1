"""Reading input files: plain, gzip, zstandard or one file in a ZIP, told apart by their first bytes.

What is unpacked is bounded: a small archive that unpacks into a huge file is refused while it is being read.
"""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import IO, Final, cast

import pyarrow as pa

from onefloor.language import Text
from onefloor.problems import MissingFile, Place, Problem

UNPACKED_BYTES: Final = 256 << 30  # a year of a large PBX's log has 5 GiB
RATIO: Final = 400  # logs shrink to a tenth, a log of one repeated line to a three-hundredth
FREE_BYTES: Final = 256 << 20  # unpacked to less than this, nothing can do harm
GZIP, ZSTANDARD, ZIP = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04"
BROKEN_ZIP: Final = (zipfile.BadZipFile, NotImplementedError, ValueError, OSError)
WORKBOOK: Final = "[Content_Types].xml"  # what tells an XLSX from other ZIP files

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


class UnpacksTooFar(Problem):
    """A compressed file grows beyond what an honest one does; reading stops there."""

    def __init__(self, path: Path, size: int) -> None:
        super().__init__(
            Text(
                f"“{path.name}”解压后超过 {size >> 20:,} MiB，远大于文件本身。",
                f'"{path.name}" unpacks to more than {size >> 20:,} MiB, far more than the file itself.',
            ),
            why=Text("这样的压缩文件可能会占满系统资源。", "Such an archive can exhaust the machine."),
            remedy=Text(
                "请解压并检查该文件，再分成若干文件导入。", "Unpack it, look at it, and load it in several files."
            ),
            where=Place(str(path)),
        )


class SeveralFiles(Problem):
    """A ZIP archive with more than one file, or none."""

    def __init__(self, path: Path, names: list[str]) -> None:
        shown = names[:5]
        super().__init__(
            Text(f"“{path.name}”中有 {len(names)} 个文件。", f'"{path.name}" holds {len(names)} files.'),
            why=Text("、".join(shown), ", ".join(shown)) if shown else None,
            remedy=Text("请解压后导入其中的文件。", "Unpack it and load the files in it."),
            where=Place(str(path)),
        )


class EncryptedArchive(Problem):
    """A ZIP archive with a password."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Text(f"“{path.name}”已加密。", f'"{path.name}" is protected by a password.'),
            remedy=Text("请解压后再导入。", "Unpack it and load what is in it."),
            where=Place(str(path)),
        )


class _Bounded(io.RawIOBase):
    """What an archive unpacks to, as long as its size stays plausible."""

    def __init__(self, path: Path, unpacked: IO[bytes]) -> None:
        self._path, self._unpacked, self._read = path, unpacked, 0
        self._most = min(UNPACKED_BYTES, max(FREE_BYTES, RATIO * path.stat().st_size))

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        block = self._unpacked.read(len(buffer))
        self._read += len(block)
        if self._read > self._most:
            raise UnpacksTooFar(self._path, self._most)
        buffer[: len(block)] = block
        return len(block)

    def close(self) -> None:
        self._unpacked.close()
        super().close()


@contextmanager
def unpacking(path: Path) -> Iterator[None]:
    """Around reading from ``opened``: what goes wrong while unpacking becomes a ``DamagedArchive``."""
    try:
        yield
    except (EOFError, OSError, zipfile.BadZipFile, zlib.error) as error:
        raise DamagedArchive(path, error) from None


def opened(path: Path) -> IO[bytes]:
    """The file's bytes, decompressed if need be.

    Raises:
        MissingFile: there is no such file.
        SeveralFiles, EncryptedArchive, DamagedArchive: a ZIP archive that is not one readable file.
        UnpacksTooFar: while reading, what is unpacked grows beyond what an honest file does.
    """
    if not path.is_file():
        raise MissingFile(path)
    with path.open("rb") as file:
        magic = file.read(4)
    unpack = _unpacker(magic)
    if unpack is None or (magic == ZIP and is_workbook(path)):
        return path.open("rb")
    return cast("IO[bytes]", io.BufferedReader(_Bounded(path, unpack(path)), 1 << 20))


def is_workbook(path: Path) -> bool:
    """Whether a ZIP file is an XLSX workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            return WORKBOOK in archive.namelist()
    except BROKEN_ZIP:
        return False


def _unpacker(magic: bytes) -> Callable[[Path], IO[bytes]] | None:
    if magic[:2] == GZIP:
        return lambda path: cast("IO[bytes]", gzip.open(path, "rb"))
    if magic == ZSTANDARD:
        # pyarrow's reader notices a file that ends early; zstandard's takes it for the end
        return lambda path: cast("IO[bytes]", pa.input_stream(str(path), compression="zstd"))
    return _only_member if magic == ZIP else None


def _only_member(path: Path) -> IO[bytes]:
    """The one file in a ZIP archive."""
    try:
        archive = zipfile.ZipFile(path)
        members = [member for member in archive.infolist() if not member.is_dir()]
        if len(members) != 1:
            archive.close()
            raise SeveralFiles(path, [member.filename for member in members])
        if members[0].flag_bits & 1:
            archive.close()
            raise EncryptedArchive(path)
        return archive.open(members[0])
    except BROKEN_ZIP as error:
        raise DamagedArchive(path, error) from None


def file_digest(path: Path) -> str:
    """32 hex digits of the file's BLAKE2b, as stored."""
    if not path.is_file():
        raise MissingFile(path)
    digest = blake2b(digest_size=16)
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
