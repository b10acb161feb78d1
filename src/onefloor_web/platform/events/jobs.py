"""Telling afterwards."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.events import registry
from onefloor_web.platform.events.actions import DELIVER
from onefloor_web.platform.events.models import Event
from onefloor_web.platform.jobs.registry import Progress, job
from onefloor_web.platform.tenancy.viewer import Viewer


@job(DELIVER, label=_("Pass on an event"), background=True)
def deliver(viewer: Viewer, progress: Progress, *, event: int, to: str) -> None:
    """Call one function that wanted to know, with the event as the viewer sees it."""
    found = Event.objects.get(pk=event)
    if function := registry.told_later(found.name).get(to):
        function(viewer, found)
