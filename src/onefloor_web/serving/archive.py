"""The file of a backup: a tar of the floor's files and the database's dump, with the list of all digests at its end.

A file without the list was cut off; a part whose digest differs was damaged. Both are noticed before anything is used.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from onefloor.language import Text
from onefloor.problems import Place, Problem

LIST = "backup.json"
DUMP = "database.dump"
FLOOR = "floor"
FORMAT = 1
CHUNK = 1 << 20


class BadBackup(Problem):
    """The file is not a backup, or not a whole one."""

    def __init__(self, file: Path, why: Text) -> None:
        super().__init__(
            Text("这个备份文件无法使用。", "This backup cannot be used."),
            why=why,
            remedy=Text("请使用另一份备份。", "Use another backup."),
            where=Place(str(file)),
        )


@dataclass(slots=True)
class Parts:
    """What has been written so far: the digest of every part."""

    tar: tarfile.TarFile
    digests: dict[str, str] = field(default_factory=dict)

    def add(self, path: Path, name: str) -> None:
        """Add one file."""
        with path.open("rb") as file:
            info = self.tar.gettarinfo(arcname=name, fileobj=file)
            hashing = _Hashing(file)
            self.tar.addfile(info, hashing)
        self.digests[name] = hashing.digest.hexdigest()

    def finish(self, facts: Mapping[str, Any]) -> None:
        """Write the list, which makes the backup whole."""
        text = json.dumps({"format": FORMAT, **facts, "sha256": self.digests}, indent=1).encode()
        info = tarfile.TarInfo(LIST)
        info.size, info.mode = len(text), 0o600
        self.tar.addfile(info, io.BytesIO(text))


def unpack(file: Path, folder: Path) -> dict[str, Any]:
    """Unpack a backup into an empty folder and return its list.

    Raises:
        BadBackup: it is none, was cut off, or a part is damaged.
    """
    digests: dict[str, str] = {}
    listed: dict[str, Any] | None = None
    try:
        with tarfile.open(file, "r:") as tar:
            for member in tar:
                if member.name == LIST:
                    listed = json.load(_content(tar, member, file))
                else:
                    digests[member.name] = _write(_content(tar, member, file), member, _safe(folder, member, file))
    except (tarfile.TarError, ValueError, EOFError) as error:
        raise BadBackup(file, Text(f"读取失败：{error}。", f"It cannot be read: {error}.")) from None
    if listed is None or listed.get("format") != FORMAT:
        raise BadBackup(file, Text("文件不完整，或不是备份。", "It was cut off, or is no backup."))
    if listed["sha256"] != digests:
        damaged = next(
            name for name in {**digests, **listed["sha256"]} if listed["sha256"].get(name) != digests.get(name)
        )
        raise BadBackup(file, Text(f"“{damaged}”已损坏。", f'"{damaged}" is damaged.'))
    return listed


def files_of(folder: Path, left_out: frozenset[str]) -> Iterator[tuple[Path, str]]:
    """All files below a folder with their relative names, in a fixed order, but for some folders and files.

    Args:
        folder: where to look.
        left_out: relative names of what is left out, with all below it.
    """
    for place, folders, names in os.walk(folder):
        relative = PurePosixPath(Path(place).relative_to(folder).as_posix())
        folders[:] = sorted(name for name in folders if str(relative / name) not in left_out)
        for name in sorted(names):
            if str(relative / name) not in left_out:
                yield Path(place, name), str(relative / name)


class _Hashing:
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.digest.update(data)
        return data


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo, file: Path) -> IO[bytes]:
    content = tar.extractfile(member) if member.isreg() else None
    if content is None:
        raise BadBackup(file, Text(f"“{member.name}”不是普通文件。", f'"{member.name}" is not a plain file.'))
    return content


def _safe(folder: Path, member: tarfile.TarInfo, file: Path) -> Path:
    """Where a part is written: inside the folder, whatever its name says."""
    parts = PurePosixPath(member.name).parts
    if not parts or member.name.startswith("/") or ".." in parts:
        raise BadBackup(file, Text(f"“{member.name}”不是允许的名称。", f'"{member.name}" is no name of a part.'))
    return folder.joinpath(*parts)


def _write(content: IO[bytes], member: tarfile.TarInfo, path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, member.mode & 0o700), "wb") as written:
        while chunk := content.read(CHUNK):
            digest.update(chunk)
            written.write(chunk)
    return digest.hexdigest()
