"""How long ended jobs are kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.jobs.models import Job, State
from onefloor_web.platform.jobs.registry import Progress, periodic
from onefloor_web.platform.tenancy.viewer import Viewer

KEPT = {State.DONE: timedelta(days=30), State.CANCELLED: timedelta(days=30), State.FAILED: timedelta(days=180)}


@periodic("jobs.tidy", cron="20 3 * * *", label=_("Remove jobs of long ago"))
def tidy(viewer: Viewer, progress: Progress) -> dict[str, Any]:
    """Remove what has been kept long enough."""
    now = timezone.now()
    removed = [
        Job.objects.filter(company=viewer.company, state=state, ended_at__lt=now - kept).delete()[0]
        for state, kept in KEPT.items()
    ]
    return {"removed": sum(removed)}
