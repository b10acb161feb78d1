"""Until when locked forecasts are to be acknowledged, in people's calendars."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from onefloor_web.agreements.forecasts.actions import page_of
from onefloor_web.agreements.forecasts.queries import unanswered
from onefloor_web.agreements.forecasts.shown import acknowledged_by
from onefloor_web.platform.calendars.providers import Deadline, deadlines
from onefloor_web.platform.permissions.policy import can
from onefloor_web.platform.tenancy.viewer import Viewer

MOST = 200


@deadlines
def forecasts(viewer: Viewer) -> Iterator[Deadline]:
    """Each that waits, for both sides: until then the forecast before it counts."""
    if not can(viewer, "forecasts.lock") and not can(viewer, "forecasts.acknowledge"):
        return
    waiting = unanswered().filter(answer_by__isnull=False).select_related("agreement__company")
    for one in waiting.order_by("answer_by", "pk")[:MOST]:
        assert one.answer_by is not None
        words = _("%(who)s: acknowledge the forecast for %(month)s of %(agreement)s")
        said = words % {"who": acknowledged_by(one), "month": one.month, "agreement": one.agreement.code}
        yield Deadline(f"forecast-{one.pk}", said, one.answer_by, page_of(one), one.version or 0)
