"""Names of files that came from outside."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Final

FILE_LENGTH: Final = 200
ENDING_LENGTH: Final = 20  # a longer one is a part of the name


def safe_name(name: str) -> str:
    """A file's name without folders and control characters, never empty and never hidden.

    >>> safe_name("../a\\x00b.csv"), safe_name(".."), safe_name("话务.csv")
    ('ab.csv', 'file', '话务.csv')
    """
    bare = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    kept = "".join(sign for sign in bare if unicodedata.category(sign)[0] != "C").strip().lstrip(".")
    return _shortened(re.sub(r'[<>:"|?*]', "_", kept)) or "file"


def named_as(name: str, ending: str) -> str:
    """The name with the ending of what the file really is, so that it is opened as that.

    >>> named_as("notice.exe", ".pdf"), named_as("notice.PDF", ".pdf"), named_as("log.csv", ".txt")
    ('notice.exe.pdf', 'notice.PDF', 'log.csv')
    """
    path = Path(name)
    known = {".txt": {".txt", ".csv", ".log", ".tsv"}, ".jpg": {".jpg", ".jpeg"}}.get(ending, {ending})
    return name if path.suffix.lower() in known else _shortened(f"{name}{ending}")


def _shortened(name: str) -> str:
    """As many characters as fit, the ending kept; a file system counts bytes."""
    path = Path(name or "file")
    ending = path.suffix if len(path.suffix) <= ENDING_LENGTH else ""
    stem = path.name.removesuffix(ending)
    while len((stem + ending).encode()) > FILE_LENGTH:
        stem = stem[:-1]
    return stem + ending
