"""The work behind the pages: what the client owes, and an acknowledged forecast's rows among the facts."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from onefloor_web.agreements.forecasts.actions import LOAD, open_duties
from onefloor_web.agreements.forecasts.loading import write
from onefloor_web.agreements.forecasts.models import Acknowledgement
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.agreements.register.models import State as Signed
from onefloor_web.agreements.register.queries import signed_versions
from onefloor_web.platform.floor import now
from onefloor_web.platform.jobs.actions import enqueue
from onefloor_web.platform.jobs.registry import Progress, Result, job, periodic
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.preparing.jobs import JOB as PREPARE


@periodic("forecasts.owed", cron="20 * * * *", label=_("Open the client's duties to lock forecasts"))
def owed(viewer: Viewer, progress: Progress) -> Result:
    """The client's duties of the months to come, before they are due, so that a forecast nobody locks is missed."""
    rows = Agreement.objects.filter(versions__state=Signed.SIGNED).distinct().select_related("company")
    agreements = list(rows.prefetch_related(signed_versions())) if viewer.client else []
    return {"owed": sum(len(open_duties(viewer, one, now())) for one in agreements)}


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
