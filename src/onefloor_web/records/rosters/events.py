"""What rosters tell: who belongs where has changed, and figures with it."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from onefloor.language import Text
from onefloor_web.platform.events.actions import record
from onefloor_web.platform.events.registry import declare
from onefloor_web.platform.permissions.roles import MANAGERS
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.rosters.models import RosterFile

LOADED: Final = "rosters.loaded"

declare(LOADED, _("A roster was loaded"), tell=MANAGERS)


def loaded(viewer: Viewer, file: RosterFile, lines: int) -> None:
    """A roster file was loaded."""
    what = Text(f"已导入人员名册，共 {lines:,} 行。", f"A roster of {lines:,} lines was loaded.")
    record(viewer, LOADED, file, what, page=reverse("roster", args=[file.pk]))
