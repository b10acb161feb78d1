"""Reads of events."""

from __future__ import annotations

from django.db.models import Model, Q

from onefloor.language import Text
from onefloor_web.platform.events.actions import about
from onefloor_web.platform.events.models import Event
from onefloor_web.platform.pages import blocks
from onefloor_web.platform.pages.formats import say
from onefloor_web.platform.tenancy.viewer import Viewer

MOST = 200


def seen_by(viewer: Viewer) -> Q:
    """The events a viewer may see: those of the own company, and those others share with the client."""
    shared = Q(company__in=viewer.visible, shared=True)
    return Q(company=viewer.company) | shared


def line_of(viewer: Viewer, subject: Model) -> list[blocks.Event]:
    """The line of time of one object, oldest first, for ``{% history %}``; at most the latest 200."""
    rows = Event.objects.filter(seen_by(viewer), about=about(subject), number=subject.pk)
    latest = rows.select_related("actor_company").order_by("-pk")[:MOST]
    return [shown(event) for event in reversed(list(latest))]


def shown(event: Event) -> blocks.Event:
    """One event as an entry of a line of time."""
    return blocks.Event(event.at, words(event), event.actor_name, str(event.actor_company), event.why, event.page)


def words(event: Event) -> str:
    """What happened, in the reader's language."""
    return say(Text(event.what["zh"], event.what["en"]))
