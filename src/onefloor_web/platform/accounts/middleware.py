"""From a session to a viewer, and the two walls for the rest of the request."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from onefloor_web.platform.accounts.viewers import viewer_of
from onefloor_web.platform.floor import today, zone
from onefloor_web.platform.tenancy.scopes import bound, tenant
from onefloor_web.platform.tenancy.viewer import Viewer

Respond = Callable[[HttpRequest], HttpResponse]
SIGN_IN = "/accounts/"


class ViewerMiddleware:
    """Sets ``request.viewer`` and binds the transaction to it; None for somebody not signed in.

    Only the pages of sign-in may look for a user before they know who it is.
    """

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer within the walls."""
        key = request.session.get(SESSION_KEY)
        with bound(user=int(key) if key else None, signing_in=request.path_info.startswith(SIGN_IN)):
            viewer = self.viewer(request)
            request.viewer = viewer  # type: ignore[attr-defined]
            walls: AbstractContextManager[None] = tenant(viewer) if viewer else nullcontext()
            with walls, timezone.override(zone()):
                return self.respond(request)

    def viewer(self, request: HttpRequest) -> Viewer | None:
        """Who is looking, if the session is good."""
        return viewer_of(request.user, today()) if request.user.is_authenticated else None
