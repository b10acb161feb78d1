"""Metrics, as search finds them."""

from __future__ import annotations

from functools import cache

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from onefloor.language import Text
from onefloor.metrics import catalogue
from onefloor.metrics.definition import Definition
from onefloor_web.platform.pages.formats import say
from onefloor_web.platform.search.matching import Words, fitting
from onefloor_web.platform.search.providers import Hit, finds
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.metrics import words as wordings


@finds("metrics", _("Metrics"), order=60, action="metrics.view")
def metrics(_viewer: Viewer, words: Words, most: int) -> list[Hit]:
    """By name in both languages, initials (SL), name in files, and the words of formula and remarks."""
    return [_hit(one) for one in fitting(_texts(), words)[:most]]


def _hit(one: Definition) -> Hit:
    return Hit(wordings.title(one), reverse("metric", args=[one.name, one.version]), say(one.formula))


@cache
def _texts() -> list[tuple[Definition, tuple[str, ...]]]:
    return [(one, _told(one)) for family in catalogue.families().values() for one in family]


def _told(one: Definition) -> tuple[str, ...]:
    """What is said of a metric, the most telling first."""
    initials = "".join(word[0] for word in one.title.en.replace("-", " ").split() if word[0].isalpha())
    notes = (one.notes.zh, one.notes.en) if isinstance(one.notes, Text) else ()
    return (one.title.zh, one.title.en, one.name, initials, one.formula.zh, one.formula.en, *notes)
