"""Forecasts that wait for the viewer's company."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from onefloor_web.agreements.forecasts.actions import page_of
from onefloor_web.agreements.forecasts.queries import waiting_for
from onefloor_web.platform.permissions.policy import can
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.today.providers import Need, needs


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
