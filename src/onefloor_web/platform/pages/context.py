"""What the frame of every page shows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from onefloor_web.platform.floor import floor
from onefloor_web.platform.pages.menu import menu
from onefloor_web.platform.pages.theme import theme_of


def page(request: HttpRequest) -> dict[str, Any]:
    """The viewer, the floor's name, the menu and the theme; without somebody signed in the menu is empty."""
    viewer = getattr(request, "viewer", None)
    return {
        "viewer": viewer,
        "floor_name": floor().name,
        "menu": SimpleLazyObject(lambda: menu(viewer, request.path) if viewer else []),
        "theme": theme_of(request),
        "printed": timezone.now(),
    }
