"""Files from folders and object stores: only from places that the floor's administrator has named.

A place is a folder (``/srv/drop/queue_log*``) or a path of an object store (``s3://bucket/folder/*.csv``, ``gs://``,
``az://``). What is fetched is copied and then loaded as any other file. A file whose name, size and time have not
changed since it was loaded is not fetched again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any, Final
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.fs as fs

from onefloor.facts.files import Progress, no_progress
from onefloor.facts.scratch import scratch
from onefloor.facts.store import writing
from onefloor.floor import Floor
from onefloor.language import Text, same
from onefloor.problems import Place, Problem
from onefloor.writing import write_whole

SCHEMES: Final = ("s3", "gs", "az")
ENDPOINT: Final = "AWS_ENDPOINT_URL"  # as the tools of S3-compatible stores name it
SEEN: Final = "fetched.json"
MOST_FILES: Final = 10_000
_WILD: Final = frozenset("*?[")


class NotAllowed(Problem):
    """A place outside the roots that floor.toml names."""

    def __init__(self, place: str, roots: Sequence[str]) -> None:
        listed = ", ".join(roots)
        super().__init__(
            Text(f"不允许从“{place}”导入。", f'Files may not be taken from "{place}".'),
            why=Text(f"允许的位置：{listed}。", f"Allowed: {listed}.")
            if roots
            else Text("floor.toml 没有列出允许的位置。", "floor.toml names no place."),
            remedy=Text(
                "请由管理员在 floor.toml 的 [imports] 下把该位置写入 roots。",
                "An administrator can add it to roots under [imports] in floor.toml.",
            ),
        )


class NoSuchPlace(Problem):
    """A place without a file, or one that cannot be reached."""

    def __init__(self, place: str, reason: str = "") -> None:
        super().__init__(
            Text(f"在“{place}”没有找到文件。", f'No file was found at "{place}".'),
            why=same(reason) if reason else None,
            remedy=Text("请检查路径、通配符和访问权限。", "Check the path, its wildcards and the right to read it."),
            where=Place(place),
        )


class TooManyFiles(Problem):
    """More files than one import takes."""

    def __init__(self, place: str, files: int) -> None:
        super().__init__(
            Text(f"“{place}”有 {files:,} 个文件。", f'"{place}" has {files:,} files.'),
            why=Text(f"一次最多 {MOST_FILES:,} 个。", f"One import takes at most {MOST_FILES:,}."),
            remedy=Text("请缩小通配符的范围。", "Narrow the wildcard."),
        )


@dataclass(frozen=True, slots=True)
class Remote:
    """One file of a place; ``stamp`` changes with its content: size and time of its last change (ns)."""

    place: str
    name: str
    bytes: int
    stamp: str
    path: str

    @property
    def key(self) -> str:
        """What tells it from other files, wherever they lie."""
        return f"{self.place.partition('://')[0] if '://' in self.place else 'file'}:{self.path}"


def listed(floor: Floor, place: str) -> list[Remote]:
    """The files of a place that the floor allows, by path: a folder's own, or those that fit the wildcard.

    Raises:
        NotAllowed: it does not lie in ``floor.import_roots``, or leaves its root by ``..`` or a symbolic link.
        NoSuchPlace: nothing is there, or it cannot be reached.
        TooManyFiles: more than ``MOST_FILES``.
    """
    root = _root(floor, place)
    store, path = _store(place)
    folder, pattern = _split(path)
    try:
        found = [info for info in _infos(store, folder, pattern) if _fits(info, folder, pattern)]
    except (OSError, pa.ArrowException) as error:
        raise NoSuchPlace(place, str(error).splitlines()[0][:200]) from None
    if not found:
        raise NoSuchPlace(place)
    if len(found) > MOST_FILES:
        raise TooManyFiles(place, len(found))
    if not _is_store(place):
        for info in found:
            _refuse_links(Path(info.path), Path(root), floor.import_roots)
    return [
        Remote(place, info.base_name, info.size or 0, f"{info.size}-{info.mtime_ns or 0}", info.path)
        for info in sorted(found, key=lambda info: info.path)
    ]


def new_ones(floor: Floor, files: Sequence[Remote], source: str) -> list[Remote]:
    """Those that were not yet loaded as they are now, by kind of source."""
    seen = _seen(floor)
    return [file for file in files if seen.get(f"{source} {file.key}") != file.stamp]


def note_loaded(floor: Floor, files: Sequence[Remote], source: str) -> None:
    """Remember that files were loaded as they are now."""
    with writing(floor):
        seen = {**_seen(floor), **{f"{source} {file.key}": file.stamp for file in files}}
        write_whole(floor.facts / SEEN, json.dumps(seen, sort_keys=True, ensure_ascii=False))


@contextmanager
def fetched(floor: Floor, files: Sequence[Remote], *, progress: Progress = no_progress) -> Iterator[list[Path]]:
    """The files as local copies, each under its own name, as long as the block lasts.

    Raises:
        NotAllowed: a place is no longer allowed.
        NoSuchPlace: a file is gone or cannot be read.
    """
    total, done = sum(file.bytes for file in files), 0
    with scratch(floor) as folder:
        copies = []
        for number, file in enumerate(files):
            root = _root(floor, file.place)
            if not _is_store(file.place):
                _refuse_links(Path(file.path), Path(root), floor.import_roots)
            copy = folder / str(number) / file.name
            copy.parent.mkdir()
            done = _copy(file, copy, done, total, progress)
            copies.append(copy)
        yield copies


def _copy(file: Remote, copy: Path, done: int, total: int, progress: Progress) -> int:
    store, _ = _store(file.place)
    try:
        with store.open_input_stream(file.path) as source, copy.open("wb") as target:
            while block := source.read(1 << 20):
                target.write(block)
                done += len(block)
                progress(min(done, total), total)
    except (OSError, pa.ArrowException) as error:
        raise NoSuchPlace(file.path, str(error).splitlines()[0][:200]) from None
    return done


def _seen(floor: Floor) -> dict[str, str]:
    path = floor.facts / SEEN
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def _is_store(place: str) -> bool:
    return urlsplit(place).scheme in SCHEMES


def _root(floor: Floor, place: str) -> str:
    """The allowed root that a place lies in."""
    wanted = _normal(place)
    for root in floor.import_roots:
        own = _normal(root)
        if wanted is not None and own is not None and (wanted == own or wanted.startswith(own.rstrip("/") + "/")):
            return own
    raise NotAllowed(place, floor.import_roots)


def _normal(place: str) -> str | None:
    """A place in the one way it can be compared; None if it cannot be: relative, with ``..``, of another kind."""
    bare = place.removeprefix("file://")
    parts = PurePosixPath(bare.split("://")[-1]).parts
    if ".." in parts or "\0" in place or "\\" in place:
        return None
    if _is_store(place):
        return place.rstrip("/") if urlsplit(place).netloc and not urlsplit(place).query else None
    return os.path.normpath(bare) if bare.startswith("/") and "://" not in bare else None


def _refuse_links(path: Path, root: Path, roots: Sequence[str]) -> None:
    """A symbolic link below the root may lead anywhere: neither it nor what lies behind it is read."""
    below = [path, *path.parents]
    if any(one.is_symlink() for one in below[: below.index(root) if root in below else len(below)]):
        raise NotAllowed(str(path), roots)


def _store(place: str) -> tuple[Any, str]:
    """The file system of a place and the path in it."""
    parts = urlsplit(place)
    if parts.scheme == "s3":
        return fs.S3FileSystem(**_s3_options()), f"{parts.netloc}{parts.path}"
    if parts.scheme == "gs":
        return fs.GcsFileSystem(), f"{parts.netloc}{parts.path}"
    if parts.scheme == "az":
        return fs.AzureFileSystem(account_name=os.environ.get("AZURE_STORAGE_ACCOUNT", "")), parts.netloc + parts.path
    return fs.LocalFileSystem(), place.removeprefix("file://")


def _s3_options() -> dict[str, Any]:
    """Credentials and region come from the environment; so does the address of a store that is not Amazon's."""
    endpoint = urlsplit(os.environ.get(ENDPOINT, ""))
    if not endpoint.netloc:
        return {}
    return {"endpoint_override": endpoint.netloc, "scheme": endpoint.scheme, "allow_bucket_creation": False}


def _split(path: str) -> tuple[str, str]:
    """The folder without wildcards, and the pattern below it; an empty pattern takes all files of the folder."""
    parts = path.rstrip("/").split("/")
    wild = next((nth for nth, part in enumerate(parts) if _WILD & set(part)), len(parts))
    return "/".join(parts[:wild]) or "/", "/".join(parts[wild:])


def _infos(store: Any, folder: str, pattern: str) -> list[Any]:
    info = store.get_file_info(folder)
    if info.type == fs.FileType.File and not pattern:
        return [info]
    selector = fs.FileSelector(folder, recursive="/" in pattern)
    return [found for found in store.get_file_info(selector) if found.type == fs.FileType.File]


def _fits(info: Any, folder: str, pattern: str) -> bool:
    """Whether a file is meant: not hidden, and of the pattern, level by level."""
    wanted = pattern.split("/") if pattern else ["*"]
    below = info.path.removeprefix(folder).strip("/").split("/") if info.path != folder else [info.base_name]
    return len(below) == len(wanted) and all(
        fnmatchcase(part, want) and not part.startswith(".") for part, want in zip(below, wanted, strict=True)
    )
