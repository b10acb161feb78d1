"""The work behind an acknowledgement: the forecast's rows among the facts."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from onefloor_web.agreements.forecasts.actions import LOAD
from onefloor_web.agreements.forecasts.loading import write
from onefloor_web.agreements.forecasts.models import Acknowledgement
from onefloor_web.platform.jobs.actions import enqueue
from onefloor_web.platform.jobs.registry import Progress, Result, job
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.preparing.jobs import JOB as PREPARE


@job(LOAD, label=_("Write a locked forecast among the facts"))
def load(viewer: Viewer, progress: Progress, *, number: int) -> Result:
    """Write the rows once, and have the figures brought up to date; again changes nothing."""
    rows = Acknowledgement.objects.filter(author=viewer.company).select_related("lock", "lock__company")
    said = rows.select_for_update(of=["self"]).get(lock=number)
    account = write(said)
    if said.loaded_at is None:
        said.loaded_at = timezone.now()
        said.save(update_fields=["loaded_at"])
    enqueue(viewer, PREPARE, key="floor")
    return {"lines": account.lines, "loaded": account.loaded}
