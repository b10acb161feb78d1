"""Views, and the names a scorecard can be limited to, as search finds them."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from onefloor.metrics.tables import TITLES
from onefloor_web.platform.pages.formats import begin
from onefloor_web.platform.search.matching import Words, fitting, matching
from onefloor_web.platform.search.providers import Hit, finds
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.floor import questions
from onefloor_web.records.floor.scopes import NothingToSee
from onefloor_web.records.scorecards import queries
from onefloor_web.records.scorecards.models import SavedView
from onefloor_web.records.scorecards.views_by_role import GIVEN, Given

NAMED: Final = ("queue", "skill", "topic")
VIEW: Final = "delivery"


@finds("names", _("Queues, skills, topics"), order=70, action="scorecards.view")
def names(viewer: Viewer, words: Words, most: int) -> list[Hit]:
    """Those that occur in the viewer's own rows; each leads to the scorecard limited to it."""
    try:
        known = questions.choices(viewer)
    except NothingToSee:
        return []
    listed = [((dimension, name), (name,)) for dimension in NAMED for name in known[dimension] if name]
    return [_limited(dimension, name) for dimension, name in fitting(listed, words)[:most]]


def _limited(dimension: str, name: str) -> Hit:
    address = f"{reverse('scorecard', args=[VIEW])}?{urlencode({'where': f'{dimension}:{name}'}, safe=':')}"
    return Hit(name, address, begin(TITLES[dimension]))


@finds("views", _("Scorecard views"), order=80, action="scorecards.view")
def views(viewer: Viewer, words: Words, most: int) -> list[Hit]:
    """One's own and those shared within the company by their names, then those that come with the floor."""
    saved = matching(queries.saved_views(viewer), words, "name")[:most]
    given = fitting([(view, _titles(view)) for view in GIVEN.values()], words)
    return [*map(_saved, saved), *(_hit(view.title, view.name, _("comes with the floor")) for view in given)][:most]


def _saved(view: SavedView) -> Hit:
    return _hit(view.name, str(view.pk), _("saved by %(name)s") % {"name": view.user})


def _hit(title: object, name: str, context: object) -> Hit:
    return Hit(str(title), reverse("scorecard", args=[name]), str(context))


def _titles(view: Given) -> tuple[str, ...]:
    """Its title in all languages."""
    found = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            found.append(str(view.title))
    return tuple(found)
