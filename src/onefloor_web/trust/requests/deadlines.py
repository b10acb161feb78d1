"""Deadlines of requests, for the calendars of those who answer and those who asked."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from onefloor_web.platform.calendars.providers import Deadline, deadlines
from onefloor_web.platform.companies.queries import the_client
from onefloor_web.platform.permissions.policy import can
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.trust.requests import queries
from onefloor_web.trust.requests.models import State

MOST = 200


@deadlines
def requests(viewer: Viewer) -> Iterator[Deadline]:
    """Each request whose clock runs, with who has to answer."""
    if not can(viewer, "requests.view"):
        return
    client = the_client()
    rows = queries.requests(viewer).filter(state__in=(State.OPEN, State.ASKED), due_at__isnull=False)
    for one in rows.order_by("due_at")[:MOST]:
        assert one.due_at is not None
        url = reverse("request", args=[one.pk])
        yield Deadline(f"request-{one.pk}", f"{client.name}: {one.code} {one.subject}", one.due_at, url, one.turn)
