"""The evidence bundle: everything that is needed to recompute a statement, and nothing of another company.

bundle/
  manifest.json          what is in the bundle, with digests; what the signatures cover
  statement.json         the statement, canonical
  agreement.yaml         the terms, byte for byte as they were read
  definitions.json       every metric that was asked for, down to its two integers
  atoms.parquet          every question with its numerator and denominator
  history.json           what earlier statements found and later months need
  adjustments.json       credit notes and corrections booked with it, if there are any
  rows/legs-2026-10.parquet, .digests ...
                         the rows behind them by table and month, sorted, names as text, customers as keyed hashes;
                         the digests help to find the row that was changed
  statement.dsse.json    signatures of both parties, once they have signed
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from onefloor.agreements.adjustments import ADJUSTMENTS, Adjustment, adjustments_bytes, payable
from onefloor.agreements.digests import CHUNK, Digests, chunks_of, digests, file_sha256
from onefloor.agreements.history import Chain, chain_bytes, last_statement
from onefloor.agreements.shared_rows import questions_by_file, refuse_foreign, schema_of, shared_rows
from onefloor.agreements.statement import Statement, canonical_json
from onefloor.findings import Answers, Figure, Question
from onefloor.metrics.catalogue import metric
from onefloor.metrics.metric import Atom, Metric, Quantile
from onefloor.metrics.prepared import Prepared
from onefloor.money import plain
from onefloor.periods import zone_rules_version

FORMAT: Final = "onefloor-bundle-1"
CLOSING: Final = "closing"  # what the manifest says of a month after the agreement's end
MANIFEST, STATEMENT, AGREEMENT, HISTORY, DEFINITIONS, ATOMS, ROWS = (
    "manifest.json", "statement.json", "agreement.yaml", "history.json", "definitions.json", "atoms.parquet", "rows",
)  # fmt: skip
ATOM_SCHEMA: Final = pa.schema([
    pa.field("question", pa.string()),      # canonical JSON: metric, scope, months, rows left out
    pa.field("metric", pa.string()),
    pa.field("version", pa.int64()),
    pa.field("numerator", pa.int64()),
    pa.field("denominator", pa.int64()),
    pa.field("provisional", pa.bool_()),
])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Computed:
    """What was settled and from what: the input of a bundle. ``engine`` is its name and version."""

    statement: Statement
    agreement: bytes
    answers: Answers
    prepared: Prepared
    engine: tuple[str, str]
    chain: Chain = field(default_factory=dict)  # earlier statements
    adjustments: tuple[Adjustment, ...] = ()
    closing: bool = False  # of a month after the agreement's end: adjustments alone


def write_bundle(folder: Path, computed: Computed) -> None:
    """Write a bundle into a new folder. Equal facts give equal bytes, whatever engine answered (but for its name).

    Raises:
        ForeignScope: a question looks at rows that the statement's company may not see.
        BadAdjustment: an adjustment does not add up.
    """
    refuse_foreign(computed.answers, computed.statement.company)
    (folder / ROWS).mkdir(parents=True)
    small = {
        STATEMENT: computed.statement.to_bytes(),
        AGREEMENT: computed.agreement,
        HISTORY: chain_bytes(computed.chain),
        DEFINITIONS: canonical_json(definitions(computed.answers)),
    }
    if computed.adjustments:
        small[ADJUSTMENTS] = adjustments_bytes(computed.statement, computed.adjustments)
    for name, data in small.items():
        (folder / name).write_bytes(data)
    atoms = atoms_frame(computed.answers)
    _write_parquet(folder / ATOMS, atoms, ATOM_SCHEMA)
    rows = dict(_write_all_rows(folder, computed))
    (folder / MANIFEST).write_bytes(
        canonical_json(
            {
                **_head(computed),
                "files": {name: sha256(data).hexdigest() for name, data in small.items()},
                "atoms": _content(folder / ATOMS, atoms.height, digests(chunks_of(atoms), atoms.columns)),
                "rows": rows,
            }
        )
    )


def _head(computed: Computed) -> dict[str, Any]:
    statement = computed.statement
    return {
        "format": FORMAT,
        **head_of(statement),
        "zone_rules": zone_rules_version(),
        "watermark_ms": str(computed.prepared.watermark_ms),
        "engine": {"name": computed.engine[0], "version": computed.engine[1]},
        "onefloor": metadata.version("onefloor"),
        "previous_statement": last_statement(computed.chain),
        **payable_of(statement, computed.adjustments),
        **({CLOSING: True} if computed.closing else {}),
    }


def payable_of(statement: Statement, adjustments: Sequence[Adjustment]) -> dict[str, str]:
    """What the manifest says is owed where something is booked beside the statement; nothing else."""
    return {"payable": plain(payable(statement, adjustments))} if adjustments else {}


def head_of(statement: Statement) -> dict[str, str]:
    """What the manifest repeats of the statement."""
    names = ("agreement", "terms_from", "client", "company", "month", "timezone", "data_version")
    return {name: getattr(statement, name) for name in names}


def subject_of(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What a signature says of the bundle in so many words; everything else follows from the manifest's digest."""
    named = {name: manifest[name] for name in ("agreement", "client", "company", "month", "data_version")}
    owed = {name: manifest[name] for name in ("payable",) if name in manifest}
    return {
        **named,
        **owed,
        "statement_sha256": manifest["files"][STATEMENT],
        "previous_statement": manifest["previous_statement"],
    }


def question_text(question: Question) -> str:
    """A question as canonical JSON: its identity in ``atoms.parquet``."""
    return canonical_json(
        {
            "metric": question.metric,
            "scope": question.scope.predicate(),
            "first": str(question.first),
            "last": str(question.last),
            "without": list(question.without),
        }
    ).decode("utf-8")


def atoms_frame(answers: Answers) -> pl.DataFrame:
    """Every question with its two integers, in order of the question's text."""
    rows = [
        (question_text(question), question.metric, metric(question.metric).version, *_integers(figure))
        for question, figure in answers.items()
    ]
    return pl.DataFrame(sorted(set(rows)), schema=pl.DataFrame(ATOM_SCHEMA.empty_table()).schema, orient="row")


def _integers(figure: Figure) -> tuple[int, int, bool]:
    return figure.numerator, figure.denominator, figure.provisional


def definitions(answers: Answers) -> dict[str, Any]:
    """Every metric that was asked for, as data."""
    return {reference: definition(metric(reference)) for reference in sorted({q.metric for q in answers})}


def definition(found: Metric) -> dict[str, Any]:
    """One metric as data: enough to compute it without this program."""
    return {
        "name": found.name,
        "version": found.version,
        "title": found.title.as_json(),
        "formula": found.formula.as_json(),
        "unit": str(found.unit),
        "better": str(found.better),
        "numerator": _side(found.numerator),
        "denominator": _side(found.denominator),
        "exclusions": [
            {"name": left_out.name, "where": left_out.where, "reason": left_out.reason.as_json()}
            for left_out in found.exclusions
        ],
        "scale": found.scale,
        "places": found.places,
        "rounding": found.rounding,
        "minimum_sample": found.minimum_sample,
        "final_after_ms": str(found.final_after_ms),
        "source": found.source,
    }


def _side(side: Atom | Quantile | None) -> dict[str, Any] | None:
    if isinstance(side, Quantile):
        return {"table": side.table, "where": side.where, "column": side.column, "percent": side.percent}
    return side.as_json() if side else None


def _write_all_rows(folder: Path, computed: Computed) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every month of every table that a question reads, with what the manifest keeps of it."""
    for (table, month), asked in questions_by_file(computed.answers).items():
        rows = shared_rows(computed.prepared, table, month, asked, computed.statement.company)
        if rows is not None:
            name = f"{table}-{month}"
            yield name, _write_rows(folder / ROWS / f"{name}.parquet", table, rows)


def _write_rows(path: Path, table: str, rows: pl.DataFrame) -> dict[str, Any]:
    _write_parquet(path, rows, schema_of(table))
    found = digests(chunks_of(rows), rows.columns)
    sidecar = found.to_bytes()
    path.with_suffix(".digests").write_bytes(sidecar)
    return {**_content(path, rows.height, found), "digests_sha256": sha256(sidecar).hexdigest()}


def _content(path: Path, rows: int, found: Digests) -> dict[str, Any]:
    return {"rows": rows, "columns": found.columns, "sha256": file_sha256(path)}


def _write_parquet(path: Path, rows: pl.DataFrame, schema: pa.Schema) -> None:
    """Rows with fixed settings: one writer version writes the same bytes for the same rows."""
    table = rows.to_arrow().select(schema.names).cast(schema)
    pq.write_table(
        table, path, compression="zstd", compression_level=3, version="2.6", row_group_size=CHUNK, store_schema=False
    )
