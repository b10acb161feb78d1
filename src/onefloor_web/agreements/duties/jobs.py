"""Telling the facts: after each change, and when a clock has run out."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from onefloor_web.agreements.duties.actions import JOB
from onefloor_web.agreements.duties.telling import tell
from onefloor_web.platform.jobs.actions import enqueue
from onefloor_web.platform.jobs.registry import Progress, Result, periodic
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.preparing.jobs import JOB as PREPARE


@periodic(JOB, cron="*/10 * * * *", label=_("Write the client's duties among the facts"))
def run(viewer: Viewer, progress: Progress) -> Result:
    """The account of the lines; the figures are then brought up to date."""
    account = tell(viewer)
    if account.loaded:
        enqueue(viewer, PREPARE, key="floor")
    return {"lines": account.lines, "loaded": account.loaded}
