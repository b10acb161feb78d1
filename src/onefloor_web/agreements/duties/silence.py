"""The client's time to answer what a vendor says of duties: claims and objections, and what silence means."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from onefloor_web.agreements.duties import actions, events
from onefloor_web.agreements.duties.models import Duty, Objection, State
from onefloor_web.agreements.register.instants import moment_of, ms_of
from onefloor_web.agreements.register.queries import procedure, working_time
from onefloor_web.platform.events.actions import about
from onefloor_web.platform.events.models import Event
from onefloor_web.platform.floor import zone
from onefloor_web.platform.pages.formats import moment
from onefloor_web.platform.tenancy.viewer import Viewer

GRANTED = "granted"


def answer_by(duty: Duty, objection: Objection | None = None) -> datetime | None:
    """Until when the client answers a claim, or an objection; None where no agreement says."""
    asked = objection.given_at if objection is not None else duty.opened_at
    if duty.agreement is None or asked is None:
        return None
    day = asked.astimezone(zone()).date()
    span = procedure(duty.agreement, day).claim
    return moment_of(working_time(duty.agreement, day).deadline(ms_of(asked), span))


def is_granted(duty: Duty, objection: Objection | None = None) -> bool:
    """Whether the terms take silence for consent."""
    asked = objection.given_at if objection is not None else duty.opened_at
    if duty.agreement is None or asked is None:
        return False
    return procedure(duty.agreement, asked.astimezone(zone()).date()).unanswered == GRANTED


def then_words(duty: Duty, objection: Objection | None = None) -> str:
    """``By 2026-11-20 18:00; without an answer it is granted.``"""
    due = answer_by(duty, objection)
    if due is None:
        return ""
    if is_granted(duty, objection):
        return _("By %(when)s; without an answer it is granted, as the terms say.") % {"when": moment(due)}
    return _("By %(when)s; after that both companies are reminded.") % {"when": moment(due)}


def waiting() -> Iterator[tuple[Duty, Objection | None]]:
    """Claims and objections that wait for the client."""
    yield from ((one, None) for one in Duty.objects.filter(state=State.CLAIMED).select_related("company", "agreement"))
    open_ = Objection.objects.filter(resolution=None, duty__state=State.DONE)
    yield from ((one.duty, one) for one in open_.select_related("duty__company", "duty__agreement"))


def end_silence(viewer: Viewer) -> int:
    """What nobody answered in time, once each: granted, or both companies are reminded; how many there were."""
    now = timezone.now()
    late = [one for one in waiting() if (due := answer_by(*one)) is not None and due < now]
    return sum(_end(viewer, *one) for one in late)


def _end(viewer: Viewer, duty: Duty, objection: Objection | None) -> bool:
    if is_granted(duty, objection):
        why = _("No answer in time: granted by the terms.")
        if objection is None:
            actions.confirm(viewer, duty, owed=True, why=why)
        else:
            actions.resolve(viewer, objection, accepted=True, text=why)
        return True
    key = f"objection {objection.pk}" if objection is not None else "claim"
    if Event.objects.filter(name=events.UNANSWERED, about=about(duty), number=duty.pk, why=key).exists():
        return False
    events.tell_unanswered(viewer, duty, key)
    return True
