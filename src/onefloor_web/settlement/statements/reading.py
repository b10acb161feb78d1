"""The core's records of what the database keeps: statement, lines, adjustments, and the files of the bundle."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Final

from onefloor.agreements import adjustments as booking
from onefloor.agreements.bundle import MANIFEST, subject_of
from onefloor.agreements.reading_statements import statement_from
from onefloor.agreements.signing import payload_of
from onefloor.agreements.statement import Statement as Settled
from onefloor.language import Text
from onefloor.money import plain
from onefloor_web.settlement.statements.models import Adjustment, Statement

OUT: Final = "out"


def out_of(statement: Statement) -> Path:
    """The folder that the core wrote: what ``onefloor settle --out`` writes."""
    return statement.folder / OUT


def bundle_of(statement: Statement) -> Path:
    """Its evidence bundle."""
    return out_of(statement) / "bundle"


def settled_of(statement: Statement) -> Settled:
    """The statement as the core made it, from what the database keeps."""
    return statement_from({**statement.document, "lines": [line.document for line in statement.lines.all()]})


def booked_of(statement: Statement) -> tuple[booking.Adjustment, ...]:
    """What is booked in a statement, as its bundle has it: also of one that was superseded."""
    path = bundle_of(statement) / booking.ADJUSTMENTS
    return booking.read_adjustments(path) if path.is_file() else ()


def as_booked(rows: Iterable[Adjustment]) -> tuple[booking.Adjustment, ...]:
    """Adjustments as the core writes them into a bundle."""
    return tuple(_booked(row) for row in rows)


def payload_in(bundle: Path) -> bytes:
    """What is signed of a bundle."""
    manifest = (bundle / MANIFEST).read_bytes()
    return payload_of(manifest, subject_of(json.loads(manifest)))


def _booked(row: Adjustment) -> booking.Adjustment:
    concerned = row.line.statement
    before, after = (None if amount is None else shown(amount) for amount in (row.before, row.after))
    return booking.Adjustment(
        row.kind, concerned.period, row.line.number, row.line.clause, concerned.digest, shown(row.amount),
        before, after, Text(row.reason["zh"], row.reason["en"]), row.source,
    )  # fmt: skip


def shown(amount: Decimal) -> Decimal:
    """An amount with two decimals, or more where it has more: the column keeps four of every one.

    >>> shown(Decimal("-312.0000"))
    Decimal('-312.00')
    """
    whole, _, places = plain(amount).partition(".")
    return Decimal(f"{whole}.{places.rstrip('0').ljust(2, '0')}")
