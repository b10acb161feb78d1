"""Requests, as search finds them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.pages.formats import moment
from onefloor_web.platform.search.matching import Words, matching
from onefloor_web.platform.search.providers import Hit, finds
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.trust.requests import queries


@finds("requests", _("Requests"), order=95, action="requests.view")
def requests(viewer: Viewer, words: Words, most: int) -> list[Hit]:
    """By their subject, the latest first."""
    found = matching(queries.requests(viewer).order_by("-pk"), words, "subject")[:most]
    return [
        Hit(f"{one.code} {one.subject}", reverse("request", args=[one.pk]),
            f"{one.get_state_display()} · {moment(one.raised_at)}")
        for one in found
    ]  # fmt: skip
