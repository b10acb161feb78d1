"""What the frame of every page shows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from onefloor_web.platform.floor import floor
from onefloor_web.platform.pages.menu import menu


def page(request: HttpRequest) -> dict[str, Any]:
    """The viewer, the floor's name and the menu; on pages of sign-in only the name."""
    viewer = getattr(request, "viewer", None)
    return {"viewer": viewer, "floor_name": floor().name, "menu": menu(viewer) if viewer else []}
