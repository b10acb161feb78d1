"""Default deny: a view that does not say what it does is never run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from onefloor_web.platform.permissions.page import PUBLIC, SIGNED_IN
from onefloor_web.platform.permissions.policy import can

Respond = Callable[[HttpRequest], HttpResponse]

FOREIGN_VIEWS = {
    "allauth": PUBLIC,  # each of its views asks itself whether somebody has to be signed in
    "django.views.i18n": PUBLIC,
    "django.contrib.staticfiles": PUBLIC,
    "django.views.static": PUBLIC,
    "ninja": PUBLIC,  # each operation says its own action and asks the policy: platform.rest.operations
}


class PolicyMiddleware:
    """Asks the policy before any view: nobody signed in goes to sign-in, nobody entitled gets 404."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The policy is asked in ``process_view``."""
        return self.respond(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """None lets the view run."""
        action = action_of(view)
        if action == PUBLIC:
            return None
        viewer = getattr(request, "viewer", None)
        if viewer is None:
            return redirect_to_login(request.get_full_path())
        if action != SIGNED_IN and not can(viewer, action):
            raise Http404
        return None


def action_of(view: Callable[..., Any]) -> str:
    """The action of a view, ours by its mark and those of other packages by where they come from."""
    if action := getattr(view, "action", None):
        return str(action)
    module = getattr(getattr(view, "func", view), "view_class", getattr(view, "func", view)).__module__
    for package, action in FOREIGN_VIEWS.items():
        if module == package or module.startswith(f"{package}."):
            return action
    raise ImproperlyConfigured(f"{module}.{getattr(view, '__name__', view)} does not say which action it is")
