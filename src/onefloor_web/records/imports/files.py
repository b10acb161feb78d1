"""The files of imports on disk: streamed in, never larger than allowed, gone when they are not needed any more."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile

from onefloor.language import Text
from onefloor.problems import Problem
from onefloor_web.records.imports.models import FILE_LENGTH, Import

MOST_BYTES: Final = 4 << 30
MOST_FILES: Final = 50
RESERVE_BYTES: Final = 1 << 30  # of the disk, for the load itself


class TooLarge(Problem):
    """An upload larger than the limit."""

    def __init__(self, size: int) -> None:
        limit = MOST_BYTES >> 30
        super().__init__(
            Text(
                f"文件共 {size >> 20:,} MiB，上限为 {limit} GiB。",
                f"The files have {size >> 20:,} MiB; at most {limit} GiB can be sent.",
            ),
            remedy=Text(
                "请压缩（gzip、zstd、zip）后上传，或放到文件夹或对象存储中导入。",
                "Compress them (gzip, zstd, zip), or put them into a folder or object store and import from there.",
            ),
        )


class TooManyFiles(Problem):
    """More files than one import takes."""

    def __init__(self, files: int) -> None:
        super().__init__(
            Text(
                f"选择了 {files} 个文件，一次最多 {MOST_FILES} 个。",
                f"{files} files are chosen; one import takes {MOST_FILES}.",
            ),
            remedy=Text("请分几次导入，或从文件夹导入。", "Import them in parts, or from a folder."),
        )


class DiskFull(Problem):
    """No room for the copy."""

    def __init__(self) -> None:
        super().__init__(
            Text("服务器磁盘空间不足，文件没有保存。", "The server's disk is too full; the files were not kept."),
            remedy=Text("请联系管理员清理磁盘后重试。", "Ask the administrator to make room, then try again."),
        )


def check(uploads: Iterable[UploadedFile[Any]]) -> None:
    """Whether these files may be kept.

    Raises:
        TooManyFiles, TooLarge
    """
    uploads = list(uploads)
    if len(uploads) > MOST_FILES:
        raise TooManyFiles(len(uploads))
    if (size := sum(upload.size or 0 for upload in uploads)) > MOST_BYTES:
        raise TooLarge(size)


def keep(made: Import, uploads: Iterable[UploadedFile[Any]]) -> None:
    """Copy uploads to the import's folder, block by block.

    Raises:
        DiskFull: nothing is kept.
    """
    for upload, path in zip(uploads, made.paths, strict=True):
        path.parent.mkdir(parents=True)
        if shutil.disk_usage(path.parent).free < (upload.size or 0) + RESERVE_BYTES:
            remove(made)
            raise DiskFull
        with path.open("wb") as file:
            for block in upload.chunks(1 << 20):
                file.write(block)


def remove(made: Import) -> None:
    """Delete the copies."""
    shutil.rmtree(made.folder, ignore_errors=True)


def safe_name(name: str) -> str:
    """A file's name without folders and control characters, never empty and never hidden.

    >>> safe_name("../a\\x00b.csv"), safe_name(".."), safe_name("话务.csv")
    ('ab.csv', 'file', '话务.csv')
    """
    bare = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    kept = "".join(sign for sign in bare if unicodedata.category(sign)[0] != "C").strip().lstrip(".")
    return _shortened(re.sub(r'[<>:"|?*]', "_", kept)) or "file"


def _shortened(name: str) -> str:
    """As many characters as fit, the ending kept; a file system counts bytes."""
    path = Path(name or "file")
    stem = path.stem
    while len((stem + path.suffix).encode()) > FILE_LENGTH:
        stem = stem[:-1]
    return stem + path.suffix
