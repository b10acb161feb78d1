"""The files of a statement: what the core wrote, and the bundle with the signatures there are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Final, Literal
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import pyarrow.parquet as pq

from onefloor.agreements.rendering.documents import document
from onefloor.agreements.signing import ENVELOPE
from onefloor.language import Language
from onefloor.periods import zone_rules_version
from onefloor_web.agreements.signatures.queries import envelope_of
from onefloor_web.settlement.statements.models import Statement
from onefloor_web.settlement.statements.reading import booked_of, bundle_of, out_of, settled_of

TYPES: Final = {
    "json": "application/json",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
EPOCH = (1980, 1, 1, 0, 0, 0)
IN_MEMORY = 8 * 2**20


def name_of(statement: Statement, kind: str) -> str:
    """``north-2026-10-r1.pdf``; the bundle says that it is one."""
    stem = f"{statement.agreement.code}-{statement.month}-r{statement.revision}"
    return f"{stem}-bundle.zip" if kind == "zip" else f"{stem}.{kind}"


def content_of(statement: Statement, kind: str, language: Language) -> bytes:
    """The statement as JSON, PDF in the reader's language, or workbook."""
    if kind == "json":
        return (out_of(statement) / "statement.json").read_bytes()
    settled, booked, rules = settled_of(statement), booked_of(statement), zone_rules_version()
    written: Literal["pdf", "xlsx"] = "pdf" if kind == "pdf" else "xlsx"
    return document(written, settled, language=language, zone_rules=rules, adjustments=booked)


def rows_in(statement: Statement) -> int:
    """How many rows of facts the bundle holds."""
    return sum(pq.read_metadata(path).num_rows for path in (bundle_of(statement) / "rows").glob("*.parquet"))


def bundle_zip(statement: Statement) -> IO[bytes]:
    """The evidence bundle as one file; equal bundles with equal signatures are equal bytes."""
    made: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    with ZipFile(made, "w", ZIP_STORED) as archive:
        for path in _files(bundle_of(statement)):
            _add(archive, path.relative_to(bundle_of(statement)).as_posix(), path)
        if envelope := envelope_of(statement):
            archive.writestr(ZipInfo(f"bundle/{ENVELOPE}", EPOCH), envelope)
    made.seek(0)
    return made


def _files(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*") if path.is_file())


def _add(archive: ZipFile, name: str, path: Path) -> None:
    with path.open("rb") as file, archive.open(ZipInfo(f"bundle/{name}", EPOCH), "w", force_zip64=True) as target:
        while block := file.read(1 << 20):
            target.write(block)
