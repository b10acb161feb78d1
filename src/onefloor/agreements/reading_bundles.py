"""Reading a bundle that somebody else sent: only files the format knows, of bounded size, and nothing outside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from onefloor.agreements.adjustments import ADJUSTMENTS
from onefloor.agreements.bundle import (
    AGREEMENT,
    ATOMS,
    CLOSING,
    DEFINITIONS,
    FORMAT,
    HISTORY,
    MANIFEST,
    ROWS,
    STATEMENT,
)
from onefloor.agreements.history import BadBundleFile, read_json
from onefloor.agreements.signing import ENVELOPE
from onefloor.language import Text
from onefloor.metrics.tables import MEASURING
from onefloor.problems import MissingFile, Place, Problem

SMALL: Final = (STATEMENT, AGREEMENT, HISTORY, DEFINITIONS)
_FILES: Final = (set(SMALL), {*SMALL, ADJUSTMENTS})
MOST_ROWS: Final = 100_000_000
MOST_BYTES: Final = 8 * 2**30  # of one Parquet file, decompressed
ROWS_NAME: Final = re.compile(rf"({'|'.join(MEASURING)})-(\d{{4}}-(?:0[1-9]|1[0-2]))")
DIGEST: Final = re.compile("[0-9a-f]{64}")


class NoBundle(Problem):
    """The folder is not a bundle."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            Text(f"“{folder}”不是证据包：没有 {MANIFEST}。", f'"{folder}" is not a bundle: it has no {MANIFEST}.'),
            remedy=Text(
                "请指定 onefloor settle 写出的 bundle 目录。", "Name the folder bundle that onefloor settle wrote."
            ),
        )


class UnknownFormat(Problem):
    """A bundle of another format version."""

    def __init__(self, path: Path, found: object) -> None:
        super().__init__(
            Text(f"证据包格式为“{found}”，本版本只认识 {FORMAT}。", f'The bundle has the format "{found}".'),
            why=Text("", f"This version knows {FORMAT} only."),
            remedy=Text("请使用与其相应的 onefloor 版本。", "Use the version of onefloor that wrote it."),
            where=Place(str(path)),
        )


@dataclass(frozen=True, slots=True)
class Bundle:
    """A folder with a readable manifest. ``rows`` holds what the manifest says of each rows file."""

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def rows(self) -> Mapping[str, Mapping[str, Any]]:
        """What the manifest says, by name of the rows file without its ending."""
        found: Mapping[str, Mapping[str, Any]] = self.manifest["rows"]
        return found

    def table(self, name: str) -> str:
        """The measuring table of a rows file."""
        return name[: -len("-2026-10")]

    def path(self, name: str) -> Path:
        """The Parquet file of a rows file."""
        return self.folder / ROWS / f"{name}.parquet"

    def frames(self) -> dict[str, pl.LazyFrame]:
        """The rows files by measuring table, names as text."""
        files: dict[str, list[Path]] = {}
        for name in sorted(self.rows):
            files.setdefault(self.table(name), []).append(self.path(name))
        return {table: pl.scan_parquet(paths, hive_partitioning=False) for table, paths in files.items()}

    def expected_files(self) -> set[str]:
        """Every file that belongs into the folder, relative to it."""
        rows = {f"{ROWS}/{name}.{ending}" for name in self.rows for ending in ("parquet", "digests")}
        return {MANIFEST, ENVELOPE, ATOMS, *self.manifest["files"], *rows}

    def strangers(self) -> list[str]:
        """Files in the folder that the manifest does not name."""
        there = (path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if not path.is_dir())
        return sorted(set(there) - self.expected_files())


def read_bundle(folder: Path) -> Bundle:
    """Open a bundle: its manifest must be whole, in form; nothing else is looked at yet.

    Raises:
        NoBundle: there is no manifest.
        UnknownFormat: it has another format.
        BadBundleFile: the manifest cannot be read.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise NoBundle(folder)
    manifest = read_json(path)
    if (folder / ROWS).is_symlink():
        raise BadBundleFile(folder / ROWS, Text("它是指向别处的链接。", "It is a link to somewhere else."))
    if manifest.get("format") != FORMAT:
        raise UnknownFormat(path, manifest.get("format"))
    wrong = next(_wrong_in(manifest), None)
    if wrong is not None:
        raise BadBundleFile(path, Text(f"“{wrong}”不符合格式。", f'"{wrong}" is not of the right form.'))
    return Bundle(folder, manifest)


def _wrong_in(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Names of parts of the manifest that are missing or of another form."""
    texts = ("agreement", "client", "company", "month", "timezone", "zone_rules", "data_version", "previous_statement")
    yield from (name for name in texts if not isinstance(manifest.get(name), str))
    if not re.fullmatch(r"\d{1,16}", str(manifest.get("watermark_ms"))):
        yield "watermark_ms"
    engine = manifest.get("engine")
    if not isinstance(engine, dict) or not all(isinstance(engine.get(name), str) for name in ("name", "version")):
        yield "engine"
    files = manifest.get("files")
    if not isinstance(files, dict) or set(files) not in _FILES or not all(map(_is_digest, files.values())):
        yield "files"
    elif (ADJUSTMENTS in files) != ("payable" in manifest) or not isinstance(manifest.get("payable", ""), str):
        yield "payable"
    if not isinstance(manifest.get(CLOSING, False), bool):
        yield CLOSING
    if not _is_content(manifest.get("atoms")):
        yield "atoms"
    yield from _wrong_rows(manifest.get("rows"))


def _wrong_rows(rows: object) -> Iterator[str]:
    if not isinstance(rows, dict):
        yield "rows"
        return
    for name, content in rows.items():
        if not ROWS_NAME.fullmatch(name) or not _is_content(content) or not _is_digest(content.get("digests_sha256")):
            yield f"rows.{name}"


def _is_content(content: object) -> bool:
    if not isinstance(content, dict) or not isinstance(content.get("columns"), dict):
        return False
    rows = content.get("rows")
    counted = isinstance(rows, int) and not isinstance(rows, bool) and 0 <= rows <= MOST_ROWS
    return counted and _is_digest(content.get("sha256")) and all(map(_is_digest, content["columns"].values()))


def _is_digest(value: object) -> bool:
    return isinstance(value, str) and DIGEST.fullmatch(value) is not None


def bounded_bytes(path: Path, most: int) -> bytes:
    """A file's bytes, if it is an ordinary file of at most so many bytes.

    Raises:
        MissingFile, BadBundleFile.
    """
    if path.is_symlink() or not path.is_file():
        raise MissingFile(path)
    if path.stat().st_size > most:
        raise BadBundleFile(path, Text("文件过大。", "It is too large."))
    return path.read_bytes()


def check_parquet(path: Path, schema: pa.Schema) -> None:
    """Refuse a Parquet file of other columns, or one that would not fit into memory piece by piece.

    Raises:
        MissingFile, BadBundleFile.
    """
    if path.is_symlink() or not path.is_file():
        raise MissingFile(path)
    try:
        with pq.ParquetFile(path) as file:
            found, about = file.schema_arrow, file.metadata
            size = sum(about.row_group(number).total_byte_size for number in range(about.num_row_groups))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise BadBundleFile(
            path, Text("不是完整的 Parquet 文件。", f"It is not a whole Parquet file ({error}).")
        ) from None
    if not found.equals(schema):
        names = ", ".join(sorted({*found.names} ^ {*schema.names})) or "types"
        raise BadBundleFile(path, Text(f"列不符：{names}。", f"Its columns differ: {names}."))
    if about.num_rows > MOST_ROWS or size > MOST_BYTES:
        raise BadBundleFile(path, Text("文件过大。", "It is too large."))
