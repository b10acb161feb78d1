"""Forecasts that the viewer's company has to lock, or to acknowledge."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from onefloor_web.agreements.duties.models import Duty, Kind
from onefloor_web.agreements.duties.models import State as Owed
from onefloor_web.agreements.forecasts.actions import page_of
from onefloor_web.agreements.forecasts.queries import waiting_for
from onefloor_web.platform.permissions.policy import can, only_visible
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.today.providers import Need, needs


@needs
def forecasts_to_lock(viewer: Viewer) -> Iterable[Need]:
    """For planners of the client; who records deliveries has them among the duties."""
    if not viewer.client or not can(viewer, "forecasts.lock") or can(viewer, "duties.record"):
        return
    rows = only_visible(viewer, "duties.view", Duty.objects.select_related("agreement"))
    for duty in rows.filter(kind=Kind.FORECAST, state=Owed.OPEN).order_by("due_at"):
        code = duty.agreement.code if duty.agreement else duty.reference
        words = _("Lock the forecast for %(month)s of %(agreement)s") % {"month": duty.asked, "agreement": code}
        yield Need(words, duty.page, _("Open"), duty.due_at)


@needs
def forecasts_to_acknowledge(viewer: Viewer) -> Iterable[Need]:
    """Each with the time until which it should be acknowledged."""
    if not can(viewer, "forecasts.acknowledge"):
        return
    for lock in waiting_for(viewer):
        words = _("Acknowledge the forecast for %(month)s of %(agreement)s")
        yield Need(
            words % {"month": lock.month, "agreement": lock.agreement.code}, page_of(lock), _("Open"), lock.answer_by
        )
