"""The pages of the menu, by their names in both languages."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override, pgettext_lazy

from onefloor_web.platform.pages.menu import SECTIONS, Item, Section, allowed
from onefloor_web.platform.permissions.page import SIGNED_IN
from onefloor_web.platform.search.matching import Words, fitting
from onefloor_web.platform.search.providers import Hit, finds
from onefloor_web.platform.tenancy.viewer import Viewer


@finds("pages", pgettext_lazy("of the menu", "Pages"), order=10, action=SIGNED_IN)
def pages(viewer: Viewer, words: Words, most: int) -> list[Hit]:
    """Those the viewer's menu has."""
    open_to = [(one, texts) for one, texts in _texts() if allowed(viewer, one[1])]
    found = fitting(open_to, words)[:most]
    return [Hit(item.label, reverse(item.url), _place(section, item)) for section, item in found]


def _place(section: Section, item: Item) -> str:
    """The place of the menu it is in; nothing where that has its name."""
    return "" if section.label == item.label else str(section.label)


@cache
def _texts() -> list[tuple[tuple[Section, Item], tuple[str, ...]]]:
    return [((section, item), _names(item)) for section in SECTIONS for item in section.items]


def _names(item: Item) -> tuple[str, ...]:
    """Its names in all languages."""
    found = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            found.append(str(item.label))
    return tuple(found)
