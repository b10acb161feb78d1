"""Reads of requests: the board, whose turn it is, what follows, and the thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.db.models import Q, QuerySet

from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.permissions.policy import only_visible
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.uploads.models import Attachment
from onefloor_web.platform.uploads.queries import attachments_by_row
from onefloor_web.trust.requests.models import MOVING, Message, Request, State

WAITING_FOR_CLIENT = (State.OPEN,)
WAITING_FOR_ASKER = (State.ASKED, State.ANSWERED)


@dataclass(frozen=True, slots=True)
class Entry:
    """A message of the thread with its files."""

    message: Message
    files: Sequence[Attachment]

    @property
    def link_is_address(self) -> bool:
        """Whether the knowledge link can be followed: an address of the web, never a script."""
        return urlsplit(self.message.link).scheme in ("http", "https")


def requests(viewer: Viewer) -> QuerySet[Request]:
    """The requests a viewer may see."""
    return only_visible(viewer, "requests.view", Request.objects.select_related("company", "agreement"))


def waiting_for(viewer: Viewer) -> Q:
    """The requests on which it is the viewer's company's turn."""
    as_asker = Q(company=viewer.company, state__in=WAITING_FOR_ASKER)
    return as_asker | Q(state__in=WAITING_FOR_CLIENT) if viewer.client else as_asker


def moving() -> Q:
    """Those that are not over."""
    return Q(state__in=MOVING)


def late(at: datetime) -> Q:
    """Those whose clock has run out without an answer."""
    return Q(state__in=(State.OPEN, State.ASKED), due_at__lt=at)


def thread(request: Request) -> list[Entry]:
    """Everything said about a request, oldest first."""
    messages = list(request.messages.select_related("author"))
    files = attachments_by_row(messages)
    return [Entry(message, files[message]) for message in messages]


def agreements(viewer: Viewer) -> list[Agreement]:
    """The agreements under which the viewer's company can raise requests."""
    return list(Agreement.objects.filter(company=viewer.company).order_by("code"))
