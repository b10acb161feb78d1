"""Today."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onefloor_web.platform.floor import now
from onefloor_web.platform.permissions.page import SIGNED_IN, ViewerRequest, page
from onefloor_web.platform.today.providers import ROWS, blocks_of, needs_of


@page(SIGNED_IN)
@require_safe
def today(request: ViewerRequest) -> HttpResponse:
    """What needs the viewer before anything else, then at most three blocks."""
    rows = needs_of(request.viewer)
    shown = rows if request.GET.get("all") else rows[:ROWS]
    return render(
        request,
        "today/today.html",
        {"needs": shown, "more": len(rows) - len(shown), "blocks": blocks_of(request.viewer), "now": now()},
    )
