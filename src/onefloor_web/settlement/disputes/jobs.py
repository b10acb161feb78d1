"""The clocks of disputes, looked at every five minutes."""

from __future__ import annotations

from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.jobs.actions import enqueue
from onefloor_web.platform.jobs.models import Job
from onefloor_web.platform.jobs.models import State as JobState
from onefloor_web.platform.jobs.registry import Progress, afterwards, job, periodic
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.disputes import demo
from onefloor_web.settlement.disputes.actions import keep_time
from onefloor_web.settlement.disputes.models import UNDER_WAY, Dispute

DEMO: Final = "disputes.demo"
SETTLED: Final = "settlement.demo"  # of the part above, which settles the demonstration's months


@periodic("disputes.keep_time", cron="*/5 * * * *", label=_("Deadlines of disputes"))
def deadlines(viewer: Viewer, progress: Progress) -> dict[str, Any]:
    """What nobody answered in time becomes what the agreement says, for the company whose turn it was."""
    now = timezone.now()
    rows = Dispute.objects.filter(state__in=UNDER_WAY, due__lte=now).exclude(claimant=viewer.company)
    late = list(rows.select_related("statement").order_by("pk"))
    return {"moved": sum(keep_time(viewer, dispute, now) for dispute in late)}


@job(DEMO, label=_("Begin disputes in the demonstration"), background=True)
def begin(viewer: Viewer, progress: Progress) -> dict[str, Any]:
    """Two disputes to look at; nothing where there is one already."""
    return {"disputes": demo.argue()}


@afterwards
def months_settled(viewer: Viewer, ended: Any) -> None:
    """The demonstration's months are settled: then two of their lines are disputed."""
    if isinstance(ended, Job) and ended.kind == SETTLED and ended.state == JobState.DONE and viewer.client:
        enqueue(viewer, DEMO, key="demo")
