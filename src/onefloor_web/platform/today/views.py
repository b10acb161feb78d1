"""Today."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onefloor_web.platform.permissions.page import SIGNED_IN, ViewerRequest, page


@page(SIGNED_IN)
@require_safe
def today(request: ViewerRequest) -> HttpResponse:
    """The page."""
    return render(request, "today/today.html", {})
