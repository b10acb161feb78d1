"""Raising, asking back, replying, answering, accepting, sending back, withdrawing.

Each is one transaction that holds the request's row. Who acts names the turn that was seen: of two who act at once, and
of two clicks, the second is told how the request stands now. With the state the clock moves, and with the clock the
duty that the statement counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeAlias

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from onefloor.working_time import Span
from onefloor_web.agreements.duties import actions as duties
from onefloor_web.agreements.duties.models import Duty
from onefloor_web.agreements.duties.models import State as DutyState
from onefloor_web.agreements.register.instants import moment_of, ms_of
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.accounts.models import User
from onefloor_web.platform.floor import zone
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.uploads.actions import attach
from onefloor_web.trust.requests import clock as clocks
from onefloor_web.trust.requests import events
from onefloor_web.trust.requests.classes import class_of, classes_of, working_time_of
from onefloor_web.trust.requests.clock import Clock
from onefloor_web.trust.requests.models import Message, Request, Route, Said, State
from onefloor_web.trust.requests.problems import Meanwhile, NoSuchClass, SentBackBefore

Files: TypeAlias = "Iterable[UploadedFile[Any]]"


def raise_request(
    viewer: Viewer, agreement: Agreement | None, kind: str, *, subject: str, text: str, files: Files = (),
    at: datetime | None = None,
) -> Request:  # fmt: skip
    """A request of the viewer's company to the client; its clock runs from now.

    Args:
        viewer: of the company that asks.
        agreement: whose classes and working time count; None where the company has none.
        kind: a class of the terms in force.
        subject: a line.
        text: what is asked.
        files: what is attached.
        at: when it was raised; now without. For what was raised elsewhere before.

    Raises:
        NoSuchClass: the terms in force have no such class.
        Problem: a file cannot be attached.
    """
    at = at or timezone.now()
    day = at.astimezone(zone()).date()
    found = class_of(agreement, day, kind)
    if found is None:
        raise NoSuchClass(kind, [one.id for one in classes_of(agreement, day)])
    clock = clocks.started(working_time_of(agreement, at), ms_of(at), found.within)
    assert clock.due_ms is not None
    made = Request.objects.create(
        company_id=viewer.company, agreement=agreement, kind=found.id, title=found.title.as_json(), duty=found.duty,
        span=str(found.within), pauses=found.questions == "pause", subject=subject, raised_at=at,
        raised_by=viewer.name, raiser=viewer.user, due_at=moment_of(clock.due_ms),
    )  # fmt: skip
    _say(viewer, made, Said.REQUEST, text, files=files)
    duties.owe_answer(
        viewer, company=made.company_id, agreement=agreement, duty=found.duty, title=found.title, reference=made.code,
        asked=subject, span=made.span, begins_at=at, due_at=moment_of(clock.due_ms), page=events.page_of(made),
    )  # fmt: skip
    events.tell(viewer, events.RAISED, made)
    return made


def ask_back(viewer: Viewer, request: Request, turn: int, text: str, files: Files = ()) -> Request:
    """The client asks back; where the class says so, its clock stands still until the reply.

    Raises:
        Meanwhile: somebody acted since.
    """
    held, at = _held(request, turn, State.OPEN), timezone.now()
    if held.pauses:
        clock = clocks.stopped(working_time_of(held.agreement, at), clock_of(held), ms_of(at), span_of(held).unit)
        _set_clock(held, clock)
        if not clock.running:
            held.stopped_at, held.stopped_by = at, viewer.name
            duties.reschedule(duty_of(held), None)
    return _moved(viewer, held, State.ASKED, events.ASKED, _say(viewer, held, Said.QUESTION, text, files=files))


def reply(viewer: Viewer, request: Request, turn: int, text: str, files: Files = ()) -> Request:
    """The asker replies; the clock runs on with what was left.

    Raises:
        Meanwhile: somebody acted since.
    """
    held = _held(request, turn, State.ASKED)
    if _resume(held, timezone.now()):
        duties.reschedule(duty_of(held), held.due_at)
    return _moved(viewer, held, State.OPEN, events.REPLIED, _say(viewer, held, Said.REPLY, text, files=files))


def answer(viewer: Viewer, request: Request, turn: int, text: str, *, link: str = "", files: Files = ()) -> Request:
    """The client answers; ``link`` says where this is to be found from now on.

    Raises:
        Meanwhile: somebody acted since.
    """
    held, at = _held(request, turn, State.OPEN, State.ASKED), timezone.now()
    if _resume(held, at):
        duties.reschedule(duty_of(held), held.due_at)
    held.answered_at = at
    said = _say(viewer, held, Said.ANSWER, text, link=link, files=files)
    moved = _moved(viewer, held, State.ANSWERED, events.ANSWERED, said)
    duties.record_answer(viewer, duty_of(held), at=at, note=text[:200])
    return moved


def accept(viewer: Viewer, request: Request, turn: int, text: str = "") -> Request:
    """The asker accepts the answer.

    Raises:
        Meanwhile: somebody acted since.
    """
    held = _held(request, turn, State.ANSWERED)
    held.closed_at = timezone.now()
    said = _say(viewer, held, Said.CLOSED, text) if text else None
    return _moved(viewer, held, State.ACCEPTED, events.ACCEPTED, said)


def send_back(viewer: Viewer, request: Request, turn: int, text: str, files: Files = ()) -> Request:
    """The answer did not help, or no longer does: once, the client answers again with what was left of its clock.

    Raises:
        Meanwhile: somebody acted since.
        SentBackBefore: it was sent back once already.
    """
    held, at = _held(request, turn, State.ANSWERED, State.ACCEPTED), timezone.now()
    if held.rounds:
        raise SentBackBefore(held)
    name, kind = events.SENT_BACK, Said.BACK
    if held.state == State.ACCEPTED:
        name, kind = events.REOPENED, Said.REOPENED
    _go_on_after_answer(held, at)
    held.rounds, held.answered_at, held.closed_at = 1, None, None
    moved = _moved(viewer, held, State.OPEN, name, _say(viewer, held, kind, text, files=files))
    duties.send_back(duty_of(held), held.due_at)
    return moved


def close_unsolved(viewer: Viewer, request: Request, turn: int, text: str) -> Request:
    """The asker ends it though the answer did not help.

    Raises:
        Meanwhile: somebody acted since.
    """
    held = _held(request, turn, State.ANSWERED)
    held.closed_at = timezone.now()
    return _moved(viewer, held, State.UNSOLVED, events.UNSOLVED, _say(viewer, held, Said.CLOSED, text))


def withdraw(viewer: Viewer, request: Request, turn: int, text: str) -> Request:
    """The asker no longer needs it. What was late by then stays a missed duty.

    Raises:
        Meanwhile: somebody acted since.
    """
    held = _held(request, turn, State.OPEN, State.ASKED)
    held.closed_at = timezone.now()
    duty = duty_of(held)
    if duty.state == DutyState.OPEN and (duty.due_at is None or duty.due_at > held.closed_at):
        duties.withdraw(viewer, duty, why=text)
    return _moved(viewer, held, State.WITHDRAWN, events.WITHDRAWN, _say(viewer, held, Said.CLOSED, text))


def note(viewer: Viewer, request: Request, text: str, files: Files = ()) -> Message:
    """Either side adds something; nothing else moves."""
    held = _locked(request)
    said = _say(viewer, held, Said.NOTE, text, files=files)
    events.tell(viewer, events.NOTED, held)
    return said


def hand_on(viewer: Viewer, request: Request, *, handler: int | None, name: str) -> Request:
    """Somebody else at the client looks after it: a person, or a role by its name."""
    held = _locked(request)
    held.handler, held.handler_name = handler, name
    held.save(update_fields=["handler", "handler_name"])
    events.tell(viewer, events.HANDED_ON, held, why=name)
    return held


def set_route(viewer: Viewer, *, kind: str, role: str, user: User | None) -> Route:
    """Who of one's own company looks after requests of a class (empty: of all others): a role, or one person."""
    route, _made = Route.objects.update_or_create(
        company_id=viewer.company, kind=kind, defaults={"role": role, "user": user}
    )
    events.tell_route(viewer, events.ROUTED, route)
    return route


def remove_route(viewer: Viewer, route: Route) -> None:
    """Nobody in particular any more."""
    events.tell_route(viewer, events.UNROUTED, route)
    route.delete()


def clock_of(request: Request) -> Clock:
    """The clock as the request keeps it."""
    return Clock(ms_of(request.due_at) if request.due_at else None, request.rest_ms)


def span_of(request: Request) -> Span:
    """How long the client had."""
    amount, _space, unit = request.span.partition(" ")
    return Span(int(amount), unit)  # type: ignore[arg-type]


def duty_of(request: Request) -> Duty:
    """The duty that the answer keeps or misses."""
    return Duty.objects.get(company=request.company_id, duty=request.duty, reference=request.code)


def _resume(held: Request, at: datetime) -> bool:
    """Have a clock that stands still run on; whether it stood still."""
    if held.rest_ms is None:
        return False
    time, unit = working_time_of(held.agreement, at), span_of(held).unit
    _set_clock(held, clocks.resumed(time, clock_of(held), ms_of(at), unit))
    held.stopped_at, held.stopped_by = None, ""
    return True


def _go_on_after_answer(held: Request, at: datetime) -> None:
    """From now on the client has what was left when it answered; where it was late, it is late."""
    assert held.answered_at is not None, "it was answered"
    answered, unit = held.answered_at, span_of(held).unit
    rest = clocks.stopped(working_time_of(held.agreement, answered), clock_of(held), ms_of(answered), unit)
    _set_clock(held, clocks.resumed(working_time_of(held.agreement, at), rest, ms_of(at), unit))


def _set_clock(held: Request, clock: Clock) -> None:
    held.due_at, held.rest_ms = (moment_of(clock.due_ms) if clock.due_ms is not None else None), clock.rest_ms


def _say(
    viewer: Viewer, held: Request, kind: Said, text: str, *, link: str = "", files: Files = ()
) -> Message:  # fmt: skip
    made = Message.objects.create(
        company_id=held.company_id, author_id=viewer.company, given_at=timezone.now(), request=held, kind=kind,
        text=text, link=link, by=viewer.name,
    )  # fmt: skip
    attach(viewer, made, files)
    return made


def _moved(viewer: Viewer, held: Request, state: State, event: str, said: Message | None) -> Request:
    """Keep the next state, and tell both companies."""
    held.state, held.turn = state, held.turn + 1
    held.save()
    events.tell(viewer, event, held, why=said.text[:200] if said else "")
    return held


def _locked(request: Request) -> Request:
    """The request as it is now, held until this transaction ends."""
    return Request.objects.select_for_update(of=["self"]).select_related("company", "agreement").get(pk=request.pk)


def _held(request: Request, turn: int, *states: State) -> Request:
    held = _locked(request)
    if held.turn != turn or held.state not in states:
        raise Meanwhile(held)
    return held
