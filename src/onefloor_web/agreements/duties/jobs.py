"""Telling the facts after each change and when a clock has run out; and what silence means."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from onefloor_web.agreements.duties.actions import JOB
from onefloor_web.agreements.duties.silence import end_silence
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


@periodic("duties.silence", cron="25 * * * *", label=_("Clocks of claims and objections to duties"))
def silence(viewer: Viewer, progress: Progress) -> Result:
    """Claims and objections the client did not answer in time: what the terms say of silence, once each."""
    return {"late": end_silence(viewer) if viewer.client else 0}
