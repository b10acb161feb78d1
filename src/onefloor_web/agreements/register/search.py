"""Agreements, as search finds them: by code and by their names in both languages."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from onefloor_web.agreements.register.models import Agreement
from onefloor_web.agreements.register.queries import agreements
from onefloor_web.platform.pages.formats import say
from onefloor_web.platform.search.matching import Words, fitting
from onefloor_web.platform.search.providers import Hit, finds
from onefloor_web.platform.tenancy.viewer import Viewer


@finds("agreements", _("Agreements"), order=35, action="agreements.view")
def found(viewer: Viewer, words: Words, most: int) -> list[Hit]:
    """The code is the most telling of its names. A floor has tens of agreements, so all are read."""
    known = [(one, _names(one)) for one in agreements(viewer)]
    return [
        Hit(say(one.name), reverse("agreement", args=[one.code]), f"{one.code} · {one.company.name}")
        for one in fitting(known, words)[:most]
    ]


def _names(one: Agreement) -> tuple[str, ...]:
    return one.code, one.name.zh, one.name.en
