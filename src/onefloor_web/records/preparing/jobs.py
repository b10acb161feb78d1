"""The job that pages wait for after a load: they show the figures from before it until it has run.

It is asked for when a job that changes facts has ended, and every ten minutes, because files are also loaded by
command. With nothing changed it compares the people with the roster and ends.
"""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from onefloor.metrics.cubes import build_cubes
from onefloor.metrics.prepare import is_current, prepare
from onefloor_web.platform.companies.mirroring import mirror
from onefloor_web.platform.floor import floor
from onefloor_web.platform.jobs.actions import enqueue
from onefloor_web.platform.jobs.models import Job, State
from onefloor_web.platform.jobs.registry import Progress, Result, afterwards, periodic
from onefloor_web.platform.tenancy.turns import one_at_a_time
from onefloor_web.platform.tenancy.viewer import Viewer

JOB: Final = "facts.prepare"
MEASURING: Final = "facts.measuring"  # a turn: two would delete each other's unfinished files
CHANGES_FACTS: Final = frozenset({"imports.load", "imports.mend", "rosters.load", "privacy.retain", "privacy.delete"})


@periodic(JOB, cron="*/10 * * * *", label=_("Bring the figures up to date"))
def bring_up_to_date(viewer: Viewer, progress: Progress) -> Result:
    """Measuring tables, cubes, and the people of all companies; whoever asked, the whole floor is done.

    Two companies may ask at once: the second waits and finds it done. What a killed worker left out is made up for:
    cubes are built, and the people are compared with the roster row by row, whatever the figures say.
    """
    served = floor()
    one_at_a_time(MEASURING)
    changed = not is_current(served)
    build_cubes(served, prepare(served, progress=progress), progress=progress)
    return {"changed": mirror(served).changed or changed}


@afterwards
def ask(viewer: Viewer, ended: Any) -> None:
    """Whatever has changed the facts is followed by the job; several at once by one."""
    if isinstance(ended, Job) and ended.kind in CHANGES_FACTS and ended.state == State.DONE:
        enqueue(viewer, JOB, key="floor")
