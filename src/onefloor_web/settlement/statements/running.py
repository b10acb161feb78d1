"""Running a month: the core settles it into a folder, and the database keeps what came of it.

What the core writes is byte for byte what ``onefloor settle`` writes for the same terms, facts and chain.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db.models import Max, Q
from django.utils import timezone

from onefloor.agreements import adjustments as booking
from onefloor.agreements.bundle import MANIFEST
from onefloor.agreements.settling import settle_month
from onefloor.agreements.statement import Statement as Settled
from onefloor.facts.files import Progress, no_progress
from onefloor.floor import Floor
from onefloor.periods import Month
from onefloor.problems import Problem
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.floor import floor, today
from onefloor_web.platform.tenancy.turns import one_at_a_time
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.preparing.jobs import MEASURING
from onefloor_web.settlement.statements import events
from onefloor_web.settlement.statements.credits import covered, credits_of, set_off
from onefloor_web.settlement.statements.issuing import issue, procedure_of
from onefloor_web.settlement.statements.models import CURRENT, Adjustment, Line, State, Statement
from onefloor_web.settlement.statements.objections import lines_at_issue
from onefloor_web.settlement.statements.order import closed, closed_before, refuse_in_between
from onefloor_web.settlement.statements.problems import Accepted, Locked, StillDisputed
from onefloor_web.settlement.statements.reading import as_booked, bundle_of, out_of, payload_in
from onefloor_web.settlement.statements.terms import ended_by, refuse_ended, terms_source, version_used


def run_month(viewer: Viewer, agreement: Agreement, month: Month, progress: Progress = no_progress) -> Statement:
    """Settle a month of an agreement; with all facts in, the statement is issued at once.

    An unsigned statement of the month gives way to the new revision. Where nothing has changed, it stays as it is.
    Nobody who signs or disputes waits while it is measured: what they do meanwhile counts.

    Raises:
        Locked, Accepted: both have signed the month, or it counts as accepted.
        LaterClosed: a later month is closed.
        StillDisputed: lines of it are at issue; a new revision would take them away from under the dispute.
        NothingSigned: no version of the agreement is signed.
        NotInForce: its terms have not begun, or have ended and nothing waits to be booked.
        Problem: whatever ``settle_month`` finds.
    """
    one_at_a_time(f"statement {agreement.pk} {month}")
    _refuse(current_of(agreement, month))
    closing = _closing(agreement, month)
    refuse_in_between(agreement, month)
    made = _draft(viewer, agreement, month)
    source, previous, booked = terms_source(agreement), closed_before(agreement, month), to_book(agreement, month)
    core = as_booked(booked)
    settled = settle_into(floor(), source, month, out_of(made), previous, core, progress, closing=closing)
    back = list(set_off(viewer, covered(credits_of(agreement, month), settled)))
    if back:
        core = as_booked([*booked, *back])
        shutil.rmtree(out_of(made))
        settled = settle_into(floor(), source, month, out_of(made), previous, core, progress)
    now = current_of(agreement, month, held=True)
    try:
        _refuse(now)
    except Problem:
        shutil.rmtree(made.folder, ignore_errors=True)
        raise
    if to_book(agreement, month) != booked:  # a ruling has ended meanwhile; none can from here on
        shutil.rmtree(made.folder, ignore_errors=True)
        return run_month(viewer, agreement, month, progress)
    if now is not None and _same(now, made):
        shutil.rmtree(made.folder, ignore_errors=True)
        return now
    if now is not None:
        supersede(now)
    keep(made, settled, source, previous, core)
    for row in back:
        row.save()
    first = [row for row in [*booked, *back] if row.booked_in_id is None]
    for row in [*booked, *back]:
        row.booked_in = made
        row.save(update_fields=["booked_in"])
    if first:
        events.tell_booked(viewer, made, first)
    events.tell_run(viewer, made, now)
    if not made.provisional:
        issue(viewer, made)
    return made


def closes(agreement: Agreement, month: Month) -> bool:
    """Whether a month after the agreement's end has adjustments to book: they get a statement of their own."""
    begun = month.id <= Month(today().year, today().month).id
    return begun and ended_by(agreement, month) and bool(to_book(agreement, month))


def _closing(agreement: Agreement, month: Month) -> bool:
    if closes(agreement, month):
        return True
    refuse_ended(agreement, month)
    return False


def settle_into(
    served: Floor,
    source: str,
    month: Month,
    out: Path,
    previous: Statement | None,
    booked: Sequence[booking.Adjustment],
    progress: Progress = no_progress,
    *,
    closing: bool = False,
) -> Settled:
    """As the command line: the terms in a file, the result in a folder. One process at a time measures the floor."""
    one_at_a_time(MEASURING)
    out.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "agreement.yaml"
        path.write_bytes(source.encode())
        chain = bundle_of(previous) if previous else None
        return settle_month(
            served, path, month, out, previous=chain, adjustments=booked, closing=closing, progress=progress
        )


def keep(
    made: Statement,
    settled: Settled,
    source: str,
    previous: Statement | None,
    booked: Sequence[booking.Adjustment],
) -> None:
    """Write a draft down with its lines, as the core's files have it."""
    told: dict[str, Any] = settled.as_json()
    lines = told.pop("lines")
    made.terms_digest = sha256(source.encode()).hexdigest()
    made.digest = sha256(settled.to_bytes()).hexdigest()
    made.manifest_digest = sha256((bundle_of(made) / MANIFEST).read_bytes()).hexdigest()
    made.payload = payload_in(bundle_of(made))
    made.document, made.net, made.currency = told, settled.net, settled.currency
    made.payable = booking.payable(settled, booked)
    made.data_version, made.provisional = settled.data_version, settled.provisional
    made.facts_through = _moment(settled.facts_through_ms)
    made.unsigned = procedure_of(made).unsigned
    made.previous, made.previous_digest = previous, previous.digest if previous else ""
    made.save()
    Line.objects.bulk_create(
        Line(
            company_id=made.company_id, statement=made, number=line["number"], clause=line["clause"], kind=line["kind"],
            title=line["title"], words=line["words"], outcome=line["outcome"], amount=Decimal(line["amount"]),
            document=line,
        )
        for line in lines
    )  # fmt: skip


def supersede(statement: Statement) -> None:
    """Let a draft or an unsigned statement give way."""
    statement.state, statement.superseded_at = State.SUPERSEDED, timezone.now()
    statement.save(update_fields=["state", "superseded_at"])


def current_of(agreement: Agreement, month: Month, *, held: bool = False) -> Statement | None:
    """The statement of a month that counts; held until this transaction ends."""
    rows = Statement.objects.select_for_update(of=["self"]) if held else Statement.objects.all()
    wanted = rows.filter(agreement=agreement, month=str(month), state__in=CURRENT)
    return wanted.select_related("agreement", "company").first()


def to_book(agreement: Agreement, month: Month) -> list[Adjustment]:
    """The adjustments that belong into a month: of its own lines, and of lines of earlier months that are closed.

    One whose statement gave way comes with the revision that follows.
    """
    free = Q(booked_in=None) | Q(booked_in__month=str(month)) & ~Q(booked_in__state=State.LOCKED)
    own = Q(line__statement__month=str(month))
    earlier = closed("line__statement__") & Q(line__statement__month__lt=str(month))
    rows = Adjustment.objects.select_related("line__statement", "booked_in").filter(free, own | earlier)
    return list(rows.filter(agreement=agreement).order_by("pk"))


def _refuse(now: Statement | None) -> None:
    """Whether the statement there is may give way."""
    if now is None:
        return
    if now.state == State.LOCKED:
        raise Locked(now)
    if now.accepted_at is not None:
        raise Accepted(now)
    if lines := lines_at_issue([now])[now.pk]:
        raise StillDisputed(lines)


def _draft(viewer: Viewer, agreement: Agreement, month: Month) -> Statement:
    """A statement that is not kept yet: its number says where its folder lies."""
    last = agreement.statements.filter(month=str(month)).aggregate(last=Max("revision"))["last"] or 0
    return Statement(
        company=agreement.company, agreement=agreement, version=version_used(agreement), month=str(month),
        revision=last + 1, shadow=agreement.shadow, run_by=viewer.name,
    )  # fmt: skip


def _same(now: Statement, made: Statement) -> bool:
    """Whether the new folder holds the very bundle that is there already."""
    return sha256((bundle_of(made) / MANIFEST).read_bytes()).hexdigest() == now.manifest_digest


def _moment(instant_ms: int) -> datetime | None:
    return datetime.fromtimestamp(instant_ms / 1000, UTC) if instant_ms > 0 else None
