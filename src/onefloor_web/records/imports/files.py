"""The files of imports on disk: streamed in, never larger than allowed, gone when they are not needed any more."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile

from onefloor.language import Text
from onefloor.problems import Problem
from onefloor_web.platform.uploads.disk import holds_bytes, write
from onefloor_web.platform.uploads.problems import DiskFull
from onefloor_web.records.imports.models import Import

MOST_BYTES: Final = 4 << 30
MOST_FILES: Final = 50
Corrected = tuple[str, str, int, str]  # load, file, line, the line as it should have been


class CorrectionGone(Problem):
    """A corrected line whose text was removed before it could be loaded."""

    def __init__(self) -> None:
        super().__init__(
            Text("更正的内容已不在服务器上。", "The corrected line is no longer on the server."),
            why=Text(
                "更正的内容可能含有客户号码，未能导入时只保留到当天夜里。",
                "It may hold a customer's number, so one that could not be loaded is kept until the night only.",
            ),
            remedy=Text("请再更正一次这一行。", "Correct the line once more."),
        )


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
        try:
            write(upload, path)
        except DiskFull:
            remove(made)
            raise


def holds(made: Import, uploads: Sequence[UploadedFile[Any]]) -> bool:
    """Whether the import's copies are just these uploads, byte for byte."""
    return len(made.paths) == len(uploads) and all(map(holds_bytes, made.paths, uploads))


def keep_corrected(made: Import, lines: Sequence[Corrected]) -> str:
    """Lay corrected lines into the import's folder, since raw lines stay out of the database; their name there."""
    name = secrets.token_hex(8)
    path = _corrected(made, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(lines), encoding="utf-8")
    return name


def corrected(made: Import, name: str) -> list[Corrected]:
    """The corrected lines of a name.

    Raises:
        CorrectionGone: they were removed.
    """
    try:
        kept = _corrected(made, name).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CorrectionGone from None
    return [(load, file, int(line), text) for load, file, line, text in json.loads(kept)]


def forget_corrected(made: Import, name: str) -> None:
    """Delete corrected lines: they are loaded."""
    _corrected(made, name).unlink(missing_ok=True)


def _corrected(made: Import, name: str) -> Path:
    return made.folder / "corrected" / name


def remove(made: Import) -> None:
    """Delete the copies."""
    shutil.rmtree(made.folder, ignore_errors=True)
