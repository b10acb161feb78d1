"""The work itself, done by the worker after the first start."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from onefloor_web.agreements.demo import proposals
from onefloor_web.platform.jobs.registry import Progress, Result, job
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.demo import work


@job(work.JOB, label=_("Settle the demonstration's last months"), background=True)
def settle(viewer: Viewer, progress: Progress) -> Result:
    """Agreements are registered, exclusions answered, and the last months settled and signed; twice is as once."""
    work.register()
    proposals.begin()
    return {"statements": work.settle_last_months(viewer, progress)}
