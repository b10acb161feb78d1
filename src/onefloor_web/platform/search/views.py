"""The page of hits, and what is offered while somebody types."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from onefloor_web.platform.pages.formats import number
from onefloor_web.platform.permissions.page import SIGNED_IN, ViewerRequest, page
from onefloor_web.platform.search.matching import LONGEST, split
from onefloor_web.platform.search.providers import Group, search, sources_of

OFFERED, EACH, WHOLE = 3, 5, 50  # hits of a kind: while typing, on the page, on the page of that kind


@page(SIGNED_IN)
@require_safe
def results(request: ViewerRequest) -> HttpResponse:
    """Where is it? Everything the viewer may open that holds all the words, by kind."""
    text, kind = _text(request), request.GET.get("kind", "")
    sources = sources_of(request.viewer)
    if kind not in {one.kind for one in sources}:
        kind = ""
    words = split(text)
    groups = search(request.viewer, words, WHOLE if kind else EACH, kind=kind)
    context: dict[str, Any] = {
        "text": text, "asked": words.parts, "groups": groups, "kind": kind, "kinds": [one.label for one in sources],
        "said": _said(groups), "whole": WHOLE, "every": address(text), "longest": LONGEST,
        "more": {one.kind: address(text, one.kind) for one in groups},
        "fewer": _fewer(text) if not groups else [],
    }  # fmt: skip
    return render(request, "search/results.html", context)


@page(SIGNED_IN)
@require_safe
def suggestions(request: ViewerRequest) -> HttpResponse:
    """The best few of each kind, below the field, while somebody types."""
    text = _text(request)
    groups = search(request.viewer, split(text), OFFERED)
    asked = bool(split(text).parts)
    context = {"text": text, "asked": asked, "groups": groups, "said": _said(groups), "every": address(text)}
    return render(request, "search/suggestions.html", context)


def address(text: str, kind: str = "") -> str:
    """The page of what some words find, of all kinds or of one."""
    return f"{reverse('search')}?{urlencode({'q': text} | ({'kind': kind} if kind else {}))}"


def _text(request: ViewerRequest) -> str:
    """What was typed, as far as it is looked for."""
    return request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]


def _said(groups: list[Group]) -> str:
    """How many hits there are."""
    count = sum(len(group.hits) for group in groups)
    if not count:
        return _("No hit")
    if any(group.more for group in groups):
        return _("More than %(count)s hits") % {"count": number(count)}
    return ngettext("%(count)s hit", "%(count)s hits", count) % {"count": number(count)}


def _fewer(text: str) -> list[tuple[str, str]]:
    """Each word of several, and the address without it."""
    words = text.split()
    if len(words) == 1:
        return []
    return [(word, address(" ".join([*words[:place], *words[place + 1 :]]))) for place, word in enumerate(words)]
