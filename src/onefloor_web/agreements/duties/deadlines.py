"""Deadlines of the client's duties, for the calendars of both companies. Requests tell theirs themselves."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from django.urls import reverse
from django.utils.translation import gettext as _

from onefloor_web.agreements.duties.models import Kind, State
from onefloor_web.agreements.duties.queries import duties
from onefloor_web.agreements.duties.silence import answer_by, waiting
from onefloor_web.platform.calendars.providers import Deadline, deadlines
from onefloor_web.platform.pages.formats import say
from onefloor_web.platform.permissions.policy import can
from onefloor_web.platform.tenancy.viewer import Viewer

MOST = 200


@deadlines
def owed(viewer: Viewer) -> Iterator[Deadline]:
    """What the client has still to deliver, and until when."""
    if not can(viewer, "duties.view"):
        return
    rows = duties(viewer).filter(state=State.OPEN, due_at__isnull=False).exclude(kind=Kind.ANSWER)
    for one in rows.order_by("due_at")[:MOST]:
        assert one.due_at is not None
        title = f"{one.company.name}: {say(one.name)} {one.reference}"
        yield Deadline(f"duty-{one.pk}", title, one.due_at, reverse("duty", args=[one.pk]), one.revision)


@deadlines
def unanswered(viewer: Viewer) -> Iterator[Deadline]:
    """Claims and objections that wait for the client, for both sides."""
    if not can(viewer, "duties.open"):
        return
    for duty, objection in islice(waiting(), MOST):
        due = answer_by(duty, objection)
        if due is not None:
            key = f"duty-{duty.pk}-objection-{objection.pk}" if objection else f"duty-{duty.pk}-claim"
            title = _("%(company)s waits for an answer: %(duty)s %(reference)s") % {
                "company": duty.company.name, "duty": say(duty.name), "reference": duty.reference,
            }  # fmt: skip
            yield Deadline(key, title, due, reverse("duty", args=[duty.pk]), duty.revision)
