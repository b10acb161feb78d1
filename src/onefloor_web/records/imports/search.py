"""Imports, as search finds them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.pages.formats import moment
from onefloor_web.platform.permissions.policy import only_visible
from onefloor_web.platform.search.matching import Words, matching
from onefloor_web.platform.search.providers import Hit, finds
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.imports.models import Import


@finds("imports", _("Imports"), order=90, action="imports.view")
def imports(viewer: Viewer, words: Words, most: int) -> list[Hit]:
    """By the name of the file and the place it came from, the latest first."""
    rows = only_visible(viewer, "imports.view", Import.objects.defer("tried", "report"))
    found = matching(rows, words, "name", "place")[:most]
    return [Hit(one.name, reverse("import", args=[one.pk]), _state(one)) for one in found]


def _state(one: Import) -> str:
    return f"{one.get_state_display()} · {moment(one.begun_at)}"
