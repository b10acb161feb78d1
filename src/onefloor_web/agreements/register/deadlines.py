"""Dates of agreements in people's calendars: signatures, notices, and when terms begin and end."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from onefloor_web.agreements.register.dates import Date, coming, dates_of
from onefloor_web.agreements.register.queries import agreements, standings
from onefloor_web.platform.calendars.providers import Deadline, deadlines
from onefloor_web.platform.floor import now
from onefloor_web.platform.permissions.policy import can
from onefloor_web.platform.tenancy.viewer import Viewer


@deadlines
def of_agreements(viewer: Viewer) -> Iterator[Deadline]:
    """The coming dates of the agreements a viewer may see, for whoever acts in them."""
    if not (can(viewer, "agreements.propose") or can(viewer, "documents.sign")) or not can(viewer, "agreements.view"):
        return
    at = now()
    for one in standings(agreements(viewer)):
        yield from (_deadline(date) for date in coming(dates_of(one), at))


def _deadline(date: Date) -> Deadline:
    names = pgettext("between names", ", ").join(date.waiting)
    title = _("%(what)s (waiting for %(names)s)") % {"what": date.text, "names": names} if names else date.text
    url = reverse("agreement", args=[date.agreement.code])
    return Deadline(f"agreement-{date.agreement.pk}-{date.kind}-{date.at:%Y%m%d}", title, date.at, url)
