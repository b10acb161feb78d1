"""Requests of the API: from a token to a viewer, limits, and problems instead of pages."""

from __future__ import annotations

import re
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from onefloor_web.platform.api import limits
from onefloor_web.platform.api.actions import digest, used
from onefloor_web.platform.api.models import Token
from onefloor_web.platform.api.queries import held_by, viewer_behind
from onefloor_web.platform.floor import today
from onefloor_web.platform.rest import problems
from onefloor_web.platform.rest.tags import tag
from onefloor_web.platform.tenancy.scopes import tenant

Respond = Callable[[HttpRequest], HttpResponse]
API = "/api/v1/"
BEARER = re.compile(r"Bearer ([\x21-\x7e]{1,200})", re.IGNORECASE)
OK, BAD, REDIRECT = 200, 400, 302


class ApiMiddleware:
    """Sets ``request.token``, and for a token ``request.viewer`` within its walls; all other requests pass through."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as a program expects it."""
        if not request.path_info.startswith(API):
            return self.respond(request)
        request.token = None  # type: ignore[attr-defined]
        response = self.with_token(request) if "Authorization" in request.headers else self.with_session(request)
        return finished(request, response)

    def with_token(self, request: HttpRequest) -> HttpResponse:
        """A token decides alone, even where somebody is signed in as well."""
        address = limits.address_key(_address(request))
        if wait := limits.full(address, limits.of_failures()):
            return problems.too_many(wait)
        token = _token(request)
        viewer = viewer_behind(token, today()) if token else None
        if token is None or viewer is None:
            limits.counted(address, limits.of_failures())
            return problems.not_signed_in()
        if wait := limits.counted(f"token:{token.pk}", limits.of_tokens()):
            return problems.too_many(wait)
        with tenant(viewer):
            used(token)
            request.token, request.viewer = token, viewer  # type: ignore[attr-defined]
            return self.respond(request)

    def with_session(self, request: HttpRequest) -> HttpResponse:
        """Somebody signed in, or nobody: the operation decides."""
        viewer = getattr(request, "viewer", None)
        if viewer and (wait := limits.counted(f"user:{viewer.user}", limits.of_tokens())):
            return problems.too_many(wait)
        return self.respond(request)


def finished(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """No pages to programs, nothing kept by caches, and an answer that is known already is not sent again."""
    if response.status_code >= BAD or response.status_code == REDIRECT:
        response = _as_problem(response)
    response["Cache-Control"] = "no-store"
    if request.method == "GET" and response.status_code == OK and not response.streaming:
        response["ETag"] = response.get("ETag") or tag(response.content)
        return get_conditional_response(request, etag=response["ETag"], response=response) or response
    return response


def _as_problem(response: HttpResponse) -> HttpResponse:
    """What Django or another package answered, in the API's own words."""
    if response.get("Content-Type") == problems.MEDIA_TYPE:
        return response
    known: dict[int, Callable[[], HttpResponse]] = {
        404: problems.not_found,
        405: lambda: problems.wrong_method(response.get("Allow", "")),
        500: problems.failed,
        REDIRECT: _second_factor,
    }
    return known.get(response.status_code, lambda: problems.other(response.status_code))()


def _second_factor() -> HttpResponse:
    return problems.problem(
        403, "second-factor-missing", _("Your roles ask for a second factor, and none is set up."),
        remedy=_("Open the pages of Onefloor once and set it up."),
    )  # fmt: skip


def _token(request: HttpRequest) -> Token | None:
    found = BEARER.fullmatch(request.headers["Authorization"])
    return held_by(digest(found.group(1))) if found else None


def _address(request: HttpRequest) -> str | None:
    try:
        address: str | None = get_adapter().get_client_ip(request)
    except PermissionDenied:  # a forwarded address that is none
        return None
    return address
