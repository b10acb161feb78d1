"""The bell in the bar."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from onefloor_web.platform.notifications.models import Notification

MANY = 99


def bell(request: HttpRequest) -> SafeString | str:
    """A link to the notifications with the number of unread ones; by one query."""
    viewer = request.viewer  # type: ignore[attr-defined]
    if viewer.user is None:
        return ""
    unread = Notification.objects.filter(user=viewer.user, read_at=None)[: MANY + 1].count()
    return render_to_string("notifications/bell.html", {"unread": unread, "many": unread > MANY, "most": MANY})
