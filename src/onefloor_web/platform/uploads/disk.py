"""Writing what came to the disk, block by block."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile

from onefloor_web.platform.uploads.problems import DiskFull

RESERVE_BYTES: Final = 1 << 30  # of the disk, for everything else
BLOCK: Final = 1 << 20


def write(upload: UploadedFile[Any], path: Path) -> None:
    """Copy an upload to a path whose folder exists.

    Raises:
        DiskFull: nothing is written.
    """
    if shutil.disk_usage(path.parent).free < (upload.size or 0) + RESERVE_BYTES:
        raise DiskFull
    with path.open("wb") as file:
        for block in upload.chunks(BLOCK):
            file.write(block)


def holds_bytes(path: Path, upload: UploadedFile[Any]) -> bool:
    """Whether a file is there and has the bytes of an upload, no more and no fewer."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return all(block == file.read(len(block)) for block in upload.chunks(BLOCK)) and not file.read(1)
