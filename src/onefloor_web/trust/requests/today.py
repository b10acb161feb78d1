"""What Today says of requests: those that wait for the viewer's company, and those that the other company owes."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from onefloor_web.platform.pages.formats import moment
from onefloor_web.platform.permissions.policy import can
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.today.providers import Block, Need, block, needs
from onefloor_web.trust.requests import queries
from onefloor_web.trust.requests.models import MOVING, Request, State

MOST = 50
SHOWN = 5


@needs
def waiting(viewer: Viewer) -> Iterator[Need]:
    """Requests on which it is the viewer's company's turn; of those that a person looks after, only that person's."""
    if not can(viewer, "requests.view") or not can(viewer, "requests.raise"):
        return
    rows = queries.requests(viewer).filter(queries.waiting_for(viewer)).order_by("due_at", "pk")
    yield from (_need(one) for one in rows[:MOST] if _theirs(viewer, one))


@block([Role.PROJECT_MANAGER], order=40)
def asked_of_the_client(viewer: Viewer) -> Block | None:
    """What the client still owes an answer to."""
    rows = queries.requests(viewer).filter(company=viewer.company, state=State.OPEN).order_by("due_at", "pk")[:SHOWN]
    lines = [(one.code, one.subject, moment(one.due_at), reverse("request", args=[one.pk])) for one in rows]
    return Block(_("Asked of the client"), "requests/today.html", {"lines": lines}) if lines else None


def _theirs(viewer: Viewer, one: Request) -> bool:
    by_person = one.state == State.OPEN and one.handler is not None
    return not by_person or one.handler == viewer.user or Role.VENDOR_MANAGER in viewer.roles


def _need(one: Request) -> Need:
    words = {"code": one.code, "subject": one.subject}
    url = reverse("request", args=[one.pk])
    match one.state:
        case State.OPEN:
            text, act = _("Answer request %(code)s “%(subject)s”") % words, pgettext("act on Today", "Answer")
        case State.ASKED:
            text, act = _("Reply to the question about %(code)s “%(subject)s”") % words, _("Reply")
        case _answered:
            text, act = _("Accept or send back the answer to %(code)s “%(subject)s”") % words, _("Open")
    return Need(text, url, act, one.due_at if one.state in MOVING and one.state != State.ANSWERED else None)
