"""Work in the background: the run of a month, verification, corrections, clocks, mails of the witness."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from onefloor.agreements.signing import ENVELOPE
from onefloor.agreements.verify import verify
from onefloor.language import Text, same
from onefloor.periods import Month
from onefloor.problems import Problem
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.agreements.register.queries import signed_versions
from onefloor_web.agreements.signatures.models import PublicKey
from onefloor_web.agreements.signatures.queries import envelope_of, signatures_of
from onefloor_web.platform.accounts.viewers import viewer_for
from onefloor_web.platform.companies.queries import the_client
from onefloor_web.platform.events.models import Event
from onefloor_web.platform.floor import floor, today
from onefloor_web.platform.jobs.actions import enqueue
from onefloor_web.platform.jobs.models import Job
from onefloor_web.platform.jobs.models import State as JobState
from onefloor_web.platform.jobs.registry import Progress, Result, afterwards, job, periodic
from onefloor_web.platform.permissions.policy import only_visible
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.preparing.jobs import JOB as PREPARE
from onefloor_web.settlement.statements import corrections, events
from onefloor_web.settlement.statements.heads import MAIL, mail_head
from onefloor_web.settlement.statements.issuing import accept_silently, procedure_of
from onefloor_web.settlement.statements.models import CURRENT, Head, State, Statement
from onefloor_web.settlement.statements.objections import lines_at_issue, signing_until
from onefloor_web.settlement.statements.order import closed, went_on
from onefloor_web.settlement.statements.reading import bundle_of
from onefloor_web.settlement.statements.running import closes, run_month
from onefloor_web.settlement.statements.terms import holds_in

RUN: Final = "settlement.run"
VERIFY: Final = "settlement.verify"
CORRECT: Final = "settlement.correct"
SHOWN = 20


@job(RUN, label=_("Settle a month"))
def run(viewer: Viewer, progress: Progress, *, month: str, agreement: int | None = None) -> Result:
    """Settle a month of one agreement, or of all; of all, one that cannot be settled does not stop the others."""
    rows = Agreement.objects.filter(pk=agreement) if agreement else signed_agreements()
    asked = list(rows.select_related("company"))
    made, problems = [], []
    for place, one in enumerate(asked):
        progress(place, len(asked), same(one.code))
        try:
            with transaction.atomic():
                made.append(run_month(viewer, one, Month.parse(month), _inner(progress, one)))
        except Problem as problem:
            if agreement:
                raise
            problems.append({"agreement": one.code, **problem.as_json()})
    progress(len(asked), len(asked))
    return {"statements": [str(one.pk) for one in made], "problems": problems}


@periodic("settlement.monthly", cron="30 5 * * *", label=_("Settle months that are open"))
def monthly(viewer: Viewer, progress: Progress) -> Result:
    """Every morning the client's months up to this one that are not final: a month becomes final when its facts are."""
    asked = 0
    if viewer.client:
        for one in signed_agreements():
            for month in open_months(one):
                key = f"{one.pk} {month}"
                enqueue(viewer, RUN, key=key, subject=f"{one.code} {month}", month=str(month), agreement=one.pk)
                asked += 1
    return {"asked": asked}


@job(VERIFY, label=_("Verify a bundle"))
def verify_bundle(viewer: Viewer, progress: Progress, *, statement: int) -> Result:
    """The core's verification of a statement's bundle, with the signatures there are; changes nothing."""
    row = only_visible(viewer, "statements.view", Statement.objects.all()).get(pk=statement)
    progress(0, 1)
    with TemporaryDirectory() as folder:
        copy = copy_of(row, Path(folder) / "bundle")
        found = verify(copy, keys_of(row, Path(folder)))
    progress(1, 1)
    return {
        "ok": found.ok,
        "steps": [step.as_json() for step in found.steps],
        "differences": [one.text.as_json() for one in found.differences[:SHOWN]],
        "at": timezone.now().isoformat(),
    }


@periodic(CORRECT, cron="15 6 * * *", label=_("Compare locked months with the facts"))
def correct(viewer: Viewer, progress: Progress) -> Result:
    """Every locked month whose rows are there, computed again; what differs is proposed as a correction.

    Oldest first: what is corrected of one month may move what a later one gave back.
    """
    rows = list(Statement.objects.filter(closed()).order_by("month", "agreement")) if viewer.client else []
    if not rows:
        return {"corrections": 0}
    prepared, found = corrections.facts_now(floor()), 0
    for place, one in enumerate(rows):
        progress(place, len(rows), same(str(one.month)))
        found += len(corrections.correct(viewer, one, prepared))
    return {"corrections": found}


@periodic("settlement.clocks", cron="5 * * * *", label=_("Clocks of statements"))
def clocks(viewer: Viewer, progress: Progress) -> Result:
    """Statements nobody signed or disputed in time: what the terms say of silence, once each."""
    late = Statement.objects.select_related("agreement", "company").filter(
        state=State.ISSUED, accepted_at=None, sign_by__lt=timezone.now()
    )
    done = 0
    for one in late if viewer.client else []:
        done += _late(viewer, one)
    return {"late": done}


@job(MAIL, label=_("Mail the head of the chain"), background=True)
def witness(viewer: Viewer, progress: Progress, *, head: int) -> Result:
    """Send the head of the chain to the company's signatories."""
    return {"mails": mail_head(Head.objects.get(pk=head, company=viewer.company))}


@afterwards
def facts_changed(viewer: Viewer, ended: Any) -> None:
    """New facts may change a locked month: the client compares them."""
    if not isinstance(ended, Job) or ended.kind != PREPARE or ended.state != JobState.DONE:
        return
    if not (ended.result or {}).get("changed"):
        return
    client = viewer_for(the_client().pk, name=viewer.name)
    with tenant(client):
        if Statement.objects.filter(closed()).exists():
            enqueue(client, CORRECT, key="facts")


def signed_agreements() -> Any:
    """The agreements that can be settled."""
    rows = Agreement.objects.filter(versions__state="signed").distinct().select_related("company")
    return rows.prefetch_related(signed_versions()).order_by("code")


def open_months(agreement: Agreement) -> list[Month]:
    """This month, the one before, and others that are provisional or lost their turn; none outside the terms.

    After an end only this month, and only where something waits to be booked.
    """
    now = Month(today().year, today().month)
    there = list(Statement.objects.filter(agreement=agreement, state__in=CURRENT).select_related("agreement"))
    states = {one.month: one.state for one in there}
    wanted = {str(now.shifted(-1)), str(now)} | {month for month, state in states.items() if state == State.DRAFT}
    again = {one.month for one in _to_settle_again(there)}
    asked = sorted(month for month in wanted | again if month in again or states.get(month, State.DRAFT) == State.DRAFT)
    found = [month for month in map(Month.parse, asked) if holds_in(agreement, month)]
    return [*found, now] if now not in found and closes(agreement, now) else found


def _to_settle_again(there: list[Statement]) -> list[Statement]:
    """Issued statements that nobody can sign: an earlier month was closed since, and is not in their chain."""
    issued = [one for one in there if one.state == State.ISSUED and one.accepted_at is None]
    disputed = lines_at_issue(issued)
    return [one for one in issued if not disputed[one.pk] and went_on(one)]


def copy_of(statement: Statement, folder: Path) -> Path:
    """The bundle with the signatures there are, as it is handed out; large files are linked, not copied."""
    shutil.copytree(bundle_of(statement), folder, copy_function=_linked)
    if envelope := envelope_of(statement):
        (folder / ENVELOPE).write_bytes(envelope)
    return folder


def keys_of(statement: Statement, folder: Path) -> list[Path]:
    """The public keys of those who have signed, as files named after their companies."""
    found = []
    for one in signatures_of(statement):
        path = folder / f"{one.signer.code}.pub"
        path.write_text(PublicKey.objects.get(key_id=one.key_id).pem, encoding="ascii")
        found.append(path)
    return found


def _linked(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copyfile(source, target)


def _late(viewer: Viewer, statement: Statement) -> int:
    until = signing_until([statement])[statement.pk]
    if lines_at_issue([statement])[statement.pk] or until is None or timezone.now() < until:
        return 0
    if procedure_of(statement).unsigned == "accepted":
        return accept_silently(viewer, statement)
    told = Event.objects.filter(about="statements.statement", number=statement.pk, name=events.OVERDUE).exists()
    if not told:
        events.tell(viewer, events.OVERDUE, statement, Text("{0}逾期未签署。", "{0} was not signed in time."))
    return not told


def _inner(progress: Progress, agreement: Agreement) -> Any:
    """The core's own steps, so that a long run shows that it moves and can be cancelled."""

    def told(done: int, total: int) -> None:
        progress(done, total, same(agreement.code))

    return told
