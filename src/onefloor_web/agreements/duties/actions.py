"""Naming occasions, recording deliveries, objecting, answering. Each is one transaction, and safe to ask for twice."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from onefloor.language import Text
from onefloor_web.agreements.duties import events
from onefloor_web.agreements.duties.clocks import clock_of, due_of, span_of
from onefloor_web.agreements.duties.models import Basis, Duty, Kind, Objected, Objection, Resolution, State
from onefloor_web.agreements.duties.problems import ByAnswering, Meanwhile, NoClock, NotYet, SeatsMissing, WasDue
from onefloor_web.agreements.duties.queries import clocks
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.floor import zone
from onefloor_web.platform.jobs.actions import enqueue
from onefloor_web.platform.tenancy.viewer import Viewer

JOB = "duties.tell"


def open_duty(
    viewer: Viewer,
    agreement: Agreement,
    duty: str,
    *,
    kind: Kind,
    asked: str,
    begins_at: datetime,
    reference: str = "",
    seats: int | None = None,
    page: str = "",
) -> Duty:
    """Something happened that asks the client for a duty; the clock is that of the terms in force on that day.

    Args:
        viewer: the client says that it owes it; a vendor claims it, and the client confirms.
        agreement: whose clocks count.
        duty: the duty's name there, such as ``notice``.
        kind: what is delivered.
        asked: what asks for it, in words.
        begins_at: when it was asked for; for a clock with ``before`` when it takes effect.
        reference: its name on the statement's rows, once a duty; numbered without. The same again is the same duty.
        seats: how many seats of training are owed.
        page: address of the object it comes from.

    Raises:
        NoClock: the terms have no clock of that name.
    """
    Agreement.objects.select_for_update().get(pk=agreement.pk)  # references are numbered one after another
    day = begins_at.astimezone(zone()).date()
    clock = clock_of(agreement, duty, day)
    if clock is None:
        raise NoClock(duty, [one.duty for one in clocks(agreement, day)])
    reference = reference or _numbered(agreement, duty)
    made, new = Duty.objects.get_or_create(
        company_id=agreement.company_id, duty=duty, reference=reference,
        defaults={
            "agreement": agreement, "title": clock.title.as_json(), "kind": kind, "asked": asked, "page": page,
            "basis": Basis.WITHIN if clock.within else Basis.BEFORE, "span": str(span_of(clock)),
            "begins_at": begins_at, "due_at": due_of(agreement, clock, begins_at), "seats": seats,
            "state": State.OPEN if viewer.client else State.CLAIMED,
            "opener_id": viewer.company, "opened_by": viewer.name,
        },
    )  # fmt: skip
    if new:
        events.tell(viewer, events.OPENED if viewer.client else events.CLAIMED, made, why=asked)
    return made


def owe_answer(
    viewer: Viewer, *, company: int, agreement: Agreement | None, duty: str, title: Text, reference: str, asked: str,
    span: str, begins_at: datetime, due_at: datetime, page: str,
) -> Duty:  # fmt: skip
    """An answer to a request is owed; its clock is kept by whoever keeps the request (see ``reschedule``).

    What a vendor says was due already, because it was asked elsewhere before, the client confirms first.
    """
    late = not viewer.client and due_at <= timezone.now()
    made, _new = Duty.objects.get_or_create(
        company_id=company, duty=duty, reference=reference,
        defaults={
            "agreement": agreement, "title": title.as_json(), "kind": Kind.ANSWER, "asked": asked, "page": page,
            "basis": Basis.WITHIN, "span": span, "begins_at": begins_at, "due_at": due_at,
            "state": State.CLAIMED if late else State.OPEN, "opener_id": viewer.company, "opened_by": viewer.name,
        },
    )  # fmt: skip
    return made


def reschedule(duty: Duty, due_at: datetime | None) -> None:
    """The clock of a request stopped (None) or goes on."""
    held = _held(duty, State.OPEN)
    held.due_at = due_at
    _saved(held, "due_at")


def send_back(duty: Duty, due_at: datetime | None) -> None:
    """An answer did not help: it is owed again, once, with what is left of its clock."""
    held = _held(duty, State.DONE)
    held.state, held.due_at, held.reopened = State.OPEN, due_at, held.reopened + 1
    held.done_at, held.done_by, held.note = None, "", ""
    _saved(held, "state", "due_at", "reopened", "done_at", "done_by", "note")


def confirm(viewer: Viewer, duty: Duty, *, owed: bool, why: str = "") -> Duty:
    """The client says whether it owes what a vendor claims.

    Raises:
        Meanwhile: somebody has said so already.
    """
    held = _held(duty, State.CLAIMED)
    held.state, held.ended_why = State.OPEN if owed else State.REFUSED, "" if owed else why
    _saved(held, "state", "ended_why")
    events.tell(viewer, events.CONFIRMED if owed else events.REFUSED, held, why=why)
    _facts(viewer, held)
    return held


def withdraw(viewer: Viewer, duty: Duty, *, why: str) -> Duty:
    """Take an occasion back: a claim that nobody confirmed, or, by the client, what is owed and not due yet.

    Raises:
        WasDue: it was due; Meanwhile: it is delivered or over.
    """
    takes_back = viewer.client or duty.kind == Kind.ANSWER  # what the client has confirmed a vendor does not undo
    held = _held(duty, State.CLAIMED, *([State.OPEN] if takes_back else []))
    if held.state == State.OPEN and held.due_at is not None and held.due_at <= timezone.now():
        raise WasDue(held)
    held.state, held.ended_why = State.WITHDRAWN, why
    _saved(held, "state", "ended_why")
    events.tell(viewer, events.WITHDRAWN, held, why=why)
    return held


def record_done(
    viewer: Viewer, duty: Duty, *, at: datetime, by: str = "", note: str = "", seats: int | None = None
) -> Duty:
    """The client records that it has delivered; the same again changes nothing.

    Args:
        viewer: who records it.
        duty: what was owed.
        at: when it was delivered.
        by: who delivered; the viewer without.
        note: the evidence: where it can be seen that it was delivered.
        seats: how many seats of training.

    Raises:
        NotYet: a time before it was asked for, or in the future.
        SeatsMissing: fewer than were owed.
        ByAnswering: it is the answer to a request.
        Meanwhile: it is delivered already at another time, or no longer owed.
    """
    if duty.kind == Kind.ANSWER:
        raise ByAnswering(duty)
    return _recorded(viewer, duty, at=at, by=by, note=note, seats=seats)


def record_answer(viewer: Viewer, duty: Duty, *, at: datetime, note: str) -> Duty:
    """The client has answered the request just now; see ``record_done``."""
    return _recorded(viewer, duty, at=at, by="", note=note, seats=None)


def _recorded(viewer: Viewer, duty: Duty, *, at: datetime, by: str, note: str, seats: int | None) -> Duty:
    held = _locked(duty)
    if held.state == State.DONE and held.done_at == at:
        return held
    _expect(held, State.OPEN)
    early = held.basis == Basis.WITHIN and at < held.begins_at
    if early or at > timezone.now():
        raise NotYet(held)
    if held.seats and (seats or 0) < held.seats:
        raise SeatsMissing(held.seats, seats or 0)
    held.state, held.done_at, held.done_by, held.note = State.DONE, at, by or viewer.name, note
    held.recorded_at, held.recorded_by, held.seats_done = timezone.now(), viewer.name, seats
    _saved(held, "state", "done_at", "done_by", "note", "recorded_at", "recorded_by", "seats_done")
    events.tell(viewer, events.DELIVERED, held, why=note)
    _facts(viewer, held)
    return held


def object_to(viewer: Viewer, duty: Duty, *, says: Objected, text: str, done_at: datetime | None = None) -> Objection:
    """The vendor holds that it was not delivered, or later. One objection at a time.

    Raises:
        Meanwhile: it is no longer recorded as delivered, or an objection waits already.
    """
    held = _held(duty, State.DONE)
    if held.objections.filter(resolution=None).exists():
        raise Meanwhile(held)
    if done_at is not None and (done_at < held.begins_at or done_at > timezone.now()):
        raise NotYet(held)
    made = Objection.objects.create(
        company_id=held.company_id, author_id=viewer.company, given_at=timezone.now(), duty=held, says=says,
        done_at=done_at if says == Objected.LATER else None, text=text, by=viewer.name,
    )  # fmt: skip
    events.tell(viewer, events.OBJECTED, held, why=text)
    return made


def resolve(viewer: Viewer, objection: Objection, *, accepted: bool, text: str = "") -> Resolution:
    """The client answers an objection; where it accepts it, the record becomes what the vendor says.

    Raises:
        Meanwhile: it is answered already, or the duty has moved on.
    """
    held = _held(objection.duty, State.DONE)
    if Resolution.objects.filter(objection=objection).exists():
        raise Meanwhile(held)
    made = Resolution.objects.create(
        company_id=held.company_id, author_id=viewer.company, given_at=timezone.now(), objection=objection,
        accepted=accepted, text=text, by=viewer.name,
    )  # fmt: skip
    if accepted:
        held.done_at = objection.done_at
        held.state = State.DONE if objection.done_at else State.OPEN
        _saved(held, "done_at", "state")
    events.tell(viewer, events.RESOLVED, held, why=text)
    _facts(viewer, held)
    return made


def _numbered(agreement: Agreement, duty: str) -> str:
    """``notice-3``: the agreement's row is locked."""
    number = Duty.objects.filter(company_id=agreement.company_id, duty=duty).count() + 1
    while Duty.objects.filter(company_id=agreement.company_id, duty=duty, reference=f"{duty}-{number}").exists():
        number += 1
    return f"{duty}-{number}"


def _locked(duty: Duty) -> Duty:
    """The duty as it is now, held until this transaction ends."""
    return Duty.objects.select_for_update(of=["self"]).select_related("company", "agreement").get(pk=duty.pk)


def _held(duty: Duty, *states: State) -> Duty:
    held = _locked(duty)
    _expect(held, *states)
    return held


def _expect(duty: Duty, *states: State) -> None:
    if duty.state not in states:
        raise Meanwhile(duty)


def _saved(duty: Duty, *fields: str) -> None:
    """Save a change as the duty's next revision."""
    duty.revision += 1
    duty.save(update_fields=[*fields, "revision"])


def _facts(viewer: Viewer, duty: Duty) -> None:
    """Have the facts told of it, once this transaction is committed."""
    if duty.state in (State.OPEN, State.DONE):
        enqueue(viewer, JOB, key="duties")
