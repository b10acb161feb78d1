"""Roster files, as search finds them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.pages.formats import moment
from onefloor_web.platform.permissions.policy import only_visible
from onefloor_web.platform.search.matching import Words, matching
from onefloor_web.platform.search.providers import Hit, finds
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.rosters.models import RosterFile


@finds("rosters", _("Roster files"), order=100, action="rosters.view")
def rosters(viewer: Viewer, words: Words, most: int) -> list[Hit]:
    """By the name of the file, the latest first."""
    rows = only_visible(viewer, "rosters.view", RosterFile.objects.defer("content"))
    found = matching(rows, words, "name")[:most]
    return [Hit(file.name, reverse("roster", args=[file.pk]), _state(file)) for file in found]


def _state(file: RosterFile) -> str:
    return f"{file.get_state_display()} · {moment(file.came_at)}"
