"""What Today says of duties: what the client still owes, and what waits for its word."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from onefloor_web.agreements.duties.models import Duty, Kind, Objection, State
from onefloor_web.agreements.duties.silence import answer_by
from onefloor_web.platform.pages.formats import say
from onefloor_web.platform.permissions.policy import can, only_visible
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.today.providers import Need, needs

MOST = 50


@needs
def owed(viewer: Viewer) -> Iterator[Need]:
    """For the client: deliveries, claims and objections. Requests say themselves what they wait for."""
    if not viewer.client or not can(viewer, "duties.record"):
        return
    rows = only_visible(viewer, "duties.record", Duty.objects.select_related("company", "agreement"))
    waiting = rows.filter(state__in=(State.OPEN, State.CLAIMED)).exclude(kind=Kind.ANSWER).order_by("due_at")
    yield from map(_need, waiting[:MOST])
    for one in Objection.objects.filter(resolution=None).select_related("duty__agreement", "company")[:MOST]:
        text = _("Objection of %(company)s to %(reference)s") % {
            "company": one.company.name, "reference": one.duty.reference,
        }  # fmt: skip
        due = answer_by(one.duty, one)
        yield Need(text, reverse("duty", args=[one.duty_id]), pgettext("act on Today", "Answer"), due)


def _need(duty: Duty) -> Need:
    words = {"duty": say(duty.name), "reference": duty.reference, "company": duty.company.name}
    url = reverse("duty", args=[duty.pk])
    if duty.state == State.CLAIMED:
        text = _("%(company)s claims: %(duty)s %(reference)s") % words
        return Need(text, url, pgettext("act on Today", "Answer"), answer_by(duty))
    return Need(
        _("Deliver to %(company)s: %(duty)s %(reference)s") % words,
        url,
        pgettext("act on Today", "Deliver"),
        duty.due_at,
    )
