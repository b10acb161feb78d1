"""From a session to a viewer, and the two walls for the rest of the request."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from onefloor_web.platform.accounts.second_factors import has_one, needed_by
from onefloor_web.platform.accounts.viewers import viewer_of
from onefloor_web.platform.floor import today, zone
from onefloor_web.platform.tenancy.scopes import bound, tenant
from onefloor_web.platform.tenancy.viewer import Viewer

Respond = Callable[[HttpRequest], HttpResponse]
SIGN_IN = "/sign-in/"
WITHOUT_SECOND_FACTOR = (SIGN_IN, "/i18n/", "/theme/", "/health/")


class ViewerMiddleware:
    """Sets ``request.viewer`` and binds the transaction to it; None for somebody not signed in.

    Only the pages of sign-in may look for a user before they know who it is; once they know, they see as little as
    all others.
    """

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer within the walls."""
        key = request.session.get(SESSION_KEY)
        signing_in = not key and request.path_info.startswith(SIGN_IN)
        with bound(user=int(key) if key else None, signing_in=signing_in):
            viewer = self.viewer(request)
            request.viewer = viewer  # type: ignore[attr-defined]
            walls: AbstractContextManager[None] = tenant(viewer) if viewer else nullcontext()
            with walls, timezone.override(zone()):
                response = self.respond(request)
            if viewer:  # what is shown to somebody is kept by no cache, unless the view says so
                response.headers.setdefault("Cache-Control", "no-store")
            return response

    def viewer(self, request: HttpRequest) -> Viewer | None:
        """Who is looking, if the session is good."""
        return viewer_of(request.user, today()) if request.user.is_authenticated else None


class SecondFactorMiddleware:
    """Whoever needs a second factor and has none gets nowhere but to the page that sets it up."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or lead there."""
        viewer: Viewer | None = getattr(request, "viewer", None)
        if viewer is None or viewer.user is None or request.path_info.startswith(WITHOUT_SECOND_FACTOR):
            return self.respond(request)
        if not request.user.is_authenticated or not needed_by(viewer) or has_one(viewer.user):
            return self.respond(request)
        messages.warning(request, _("Your roles ask for a second factor. Set it up once; then everything opens."))
        return redirect("mfa_activate_totp")
