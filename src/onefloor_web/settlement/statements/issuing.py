"""Issuing, signing and locking a statement; silence. Each is one transaction, and safe to ask for twice."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from onefloor.agreements.terms.procedure import Procedure
from onefloor.language import Text
from onefloor.problems import Problem
from onefloor.working_time import NoWorkingTime, Span, WorkingTime
from onefloor_web.agreements.register import queries as register
from onefloor_web.agreements.register.instants import moment_of, ms_of
from onefloor_web.agreements.signatures.actions import Document, sign
from onefloor_web.agreements.signatures.checking import signed_by
from onefloor_web.agreements.signatures.models import Intent, Signature
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.statements import events
from onefloor_web.settlement.statements.heads import keep_heads
from onefloor_web.settlement.statements.models import State, Statement
from onefloor_web.settlement.statements.objections import lines_at_issue
from onefloor_web.settlement.statements.order import refuse_out_of_order
from onefloor_web.settlement.statements.problems import NoDraft, NotIssued, StillDisputed
from onefloor_web.settlement.statements.skipped import skipped_before


def issue(viewer: Viewer, statement: Statement) -> None:
    """Give a final statement to both companies: from now on their clocks run.

    Raises:
        NoDraft: it is provisional, or no draft any more.
    """
    if statement.state != State.DRAFT or statement.provisional:
        raise NoDraft(statement)
    rules = procedure_of(statement)
    statement.state, statement.issued_at = State.ISSUED, timezone.now()
    statement.dispute_by = deadline(statement, statement.issued_at, rules.dispute)
    statement.sign_by = deadline(statement, statement.issued_at, rules.sign)
    statement.save(update_fields=["state", "issued_at", "dispute_by", "sign_by"])
    events.tell(viewer, events.ISSUED, statement, Text("{0}已签发，待双方会签。", "{0} was issued for both to sign."))


def sign_statement(viewer: Viewer, statement: Statement) -> Signature | Intent:
    """Sign an issued statement for the viewer's company; the last signature that is needed locks it.

    Raises:
        NotIssued: it is provisional, superseded or locked.
        StillDisputed: lines are at issue.
        EarlierOpen, ChainWentOn, LaterClosed: it is another month's turn.
        NoKey, SamePerson, WrongSignature: see ``signatures.actions.sign``.
    """
    statement = _held(statement)
    if statement.state != State.ISSUED:
        raise NotIssued(statement)
    if lines := lines_at_issue([statement])[statement.pk]:
        raise StillDisputed(lines)
    refuse_out_of_order(statement)
    document = document_of(statement)
    made = sign(viewer, document)
    needed = {company.pk for company in register.signers(statement.agreement)}
    if isinstance(made, Signature) and signed_by(statement, document.payload) >= needed:
        _lock(viewer, statement)
    return made


def accept_silently(viewer: Viewer, statement: Statement) -> bool:
    """Where the terms take silence for consent: the statement counts as accepted, though not as signed.

    From then on it is closed: no claims, no new revision. Not while it can be disputed or signed in time, nor before it
    is its turn; nor while an earlier month is not settled, which could not be settled afterwards. And never one whose
    clocks were set shorter than the terms say.
    """
    statement = _held(statement)
    open_ = statement.state == State.ISSUED and statement.accepted_at is None
    if not open_ or not _silence_is_over(statement):
        return False
    try:
        refuse_out_of_order(statement)
    except Problem:  # it waits for the other month, or for the run that takes that into its chain
        return False
    if skipped_before(viewer, statement):
        return False
    statement.accepted_at = timezone.now()
    statement.save(update_fields=["accepted_at"])
    told = Text("{0}逾期未签署也未争议，按协议视为认可。", "{0} counts as accepted: nobody signed or disputed in time.")
    events.tell(viewer, events.ACCEPTED, statement, told)
    return True


def document_of(statement: Statement) -> Document:
    """What is signed: the core's payload over the bundle's manifest."""
    title = events.title(statement)
    return Document(statement, statement.company_id, bytes(statement.payload), title, events.page_of(statement))


def procedure_of(statement: Statement) -> Procedure:
    """The rules of the statement's month."""
    return register.procedure(statement.agreement, _first_day(statement))


def deadline(statement: Statement, start: datetime, span: Span) -> datetime | None:
    """When a span is over in the working time of the day it begins; None if that calendar never comes to it."""
    working = calendar_at(statement, start)
    try:
        return moment_of(working.deadline(ms_of(start), span))
    except NoWorkingTime:
        return None


def calendar_at(statement: Statement, moment: datetime) -> WorkingTime:
    """The calendar in which a clock runs that begins at a moment: January's has January's holidays.

    The rules stay those of the statement's month, and its calendar too once the agreement has ended.
    """
    of_month = register.working_time(statement.agreement, _first_day(statement))
    day = moment.astimezone(ZoneInfo(of_month.zone)).date()
    there = register.in_force(statement.agreement, day)
    return register.working_time(statement.agreement, day) if there else of_month


def _silence_is_over(statement: Statement) -> bool:
    """Whether the terms take silence for consent, and both had all the time that they give."""
    rules = procedure_of(statement)
    if rules.unsigned != "accepted" or statement.unsigned not in (None, "accepted"):
        return False
    return all(
        _given(statement, until, span) for until, span in
        ((statement.dispute_by, rules.dispute), (statement.sign_by, rules.sign))
    )  # fmt: skip


def _given(statement: Statement, until: datetime | None, span: Span) -> bool:
    assert statement.issued_at is not None, "it was issued"
    agreed = deadline(statement, statement.issued_at, span)
    return until is not None and agreed is not None and agreed <= until <= timezone.now()


def _lock(viewer: Viewer, statement: Statement) -> None:
    statement.state, statement.locked_at = State.LOCKED, timezone.now()
    statement.save(update_fields=["state", "locked_at"])
    keep_heads(viewer, statement)
    told = Text("{0}已由双方会签并锁定。", "{0} is signed by both and locked.")
    if statement.shadow:
        told = Text("{0}已签署并锁定。", "{0} is signed and locked.")
    events.tell(viewer, events.LOCKED, statement, told)


def _held(statement: Statement) -> Statement:
    """The statement as it is now, held until this transaction ends."""
    rows = Statement.objects.select_for_update(of=["self"]).select_related("agreement", "company")
    return rows.get(pk=statement.pk)


def _first_day(statement: Statement) -> date:
    """Of its month; after the agreement's end, of the last month in front of it that was in force."""
    first = date(statement.period.year, statement.period.month, 1)
    if statement.previous is None or register.in_force(statement.agreement, first):
        return first
    return _first_day(statement.previous)
