"""Loading a roster in the background."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.floor import floor
from onefloor_web.platform.jobs.registry import Progress, job
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.rosters import events, loading
from onefloor_web.records.rosters.models import RosterFile


@job("rosters.load", label=_("Load a roster"))
def load(viewer: Viewer, progress: Progress, *, file: int) -> dict[str, Any]:
    """The account of its lines."""
    row = RosterFile.objects.select_for_update().get(pk=file)
    change = loading.load(viewer, floor(), row)
    events.loaded(viewer, row, change.lines)
    progress(change.lines, change.lines)
    return change.account
