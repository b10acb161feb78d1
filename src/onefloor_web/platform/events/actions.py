"""Writing down what has happened."""

from __future__ import annotations

from django.db.models import Model

from onefloor.language import Text
from onefloor_web.platform.events import registry
from onefloor_web.platform.events.models import PAGE_LENGTH, Event
from onefloor_web.platform.jobs.actions import enqueue
from onefloor_web.platform.tenancy.viewer import Viewer

DELIVER = "events.deliver"


def record(
    viewer: Viewer,
    name: str,
    subject: Model | None,
    what: Text,
    *,
    why: str = "",
    page: str = "",
    company: int | None = None,
    shared: bool = False,
) -> Event:
    """Write an event down and tell those who want to know, in the transaction that is open.

    Args:
        viewer: who did it.
        name: a declared name.
        subject: the object; its line of time shows the event.
        what: a sentence for people.
        why: the reason given, in the words of whoever gave it.
        page: address of the object's page.
        company: the company it concerns; without it the viewer's own.
        shared: whether the client sees it too, where it concerns a vendor.

    Raises:
        UnknownEvent: nobody has declared the name.
    """
    registry.kind(name)
    event = Event.objects.create(
        company_id=company or viewer.company, shared=shared, name=name, about=about(subject),
        number=subject.pk if subject is not None else None, subject=str(subject or "")[:PAGE_LENGTH],
        what=what.as_json(), why=why, page=page,
        actor=viewer.user, actor_name=viewer.name, actor_company_id=viewer.company,
    )  # fmt: skip
    for told in registry.told_now(name):
        told(viewer, event)
    for function in registry.told_later(name):
        enqueue(viewer, DELIVER, key=f"{event.pk} {function}", event=event.pk, to=function)
    return event


def about(subject: Model | None) -> str:
    """What kind of object it is, as events keep it."""
    return subject._meta.label_lower if subject is not None else ""
