"""A contact by its whole id, as search finds it: the hit says that it is there, its page asks what for."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.search.matching import Words
from onefloor_web.platform.search.providers import Hit, finds
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.floor import questions
from onefloor_web.records.floor.scopes import NothingToSee

SHORTEST: Final = 6  # an id of fewer signs is none that a source gives


@finds("contacts", _("Contacts"), order=110, action="contacts.view")
def contacts(viewer: Viewer, words: Words, _most: int) -> list[Hit]:
    """Only of the whole id, and only one with a leg in the viewer's rows: all others do not exist."""
    if len(words.parts) != 1 or len(words.text) < SHORTEST or not any(sign.isdigit() for sign in words.text):
        return []
    try:
        found = questions.has_contact(viewer, words.text)
    except NothingToSee:
        return []
    told = _("Opening it asks for a purpose and is logged.")
    return [Hit(words.text, reverse("contact", args=[words.text]), told)] if found else []
