"""An operation of the API: a method, an address, an action of the policy, and what it answers.

    routes = router("Companies")

    @operation(routes, "GET", "/companies", action="companies.view", gives=Many[CompanyOut])
    def companies(request: ViewerRequest, page: Query[Wanted]) -> Shown: ...

An operation without an action cannot be declared; whoever may not do the action is refused before it runs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest
from ninja import Router
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from onefloor_web.platform.permissions.page import SIGNED_IN
from onefloor_web.platform.permissions.policy import can
from onefloor_web.platform.rest.problems import ProblemOut, Refused, not_allowed
from onefloor_web.platform.tenancy.viewer import Viewer

Run = TypeVar("Run", bound=Callable[..., Any])
# What any operation may answer beside what it gives.
ANSWERS: dict[int, Any] = {401: ProblemOut, 403: ProblemOut, 422: ProblemOut, 429: ProblemOut, 500: ProblemOut}
SAFE = ("GET", "HEAD", "OPTIONS")


class Answered(Exception):
    """Ends an operation with an answer that is complete already."""

    def __init__(self, response: Any) -> None:
        super().__init__(response.status_code)
        self.response = response


def router(tag: str) -> Router:
    """The operations of one feature, under one heading of the documentation."""
    return Router(tags=[tag])


def operation(
    routes: Router,
    method: str,
    path: str,
    *,
    action: str,
    gives: Any,
    status: int = 200,
    also: tuple[int, ...] = (),
    body: dict[str, Any] | None = None,
) -> Callable[[Run], Run]:
    """Declare an operation.

    Args:
        routes: the feature's router.
        method: GET, POST, PATCH, PUT or DELETE.
        path: below ``/api/v1``; arguments as ``{int:number}``.
        action: of the policy, or ``SIGNED_IN``.
        gives: schema of the answer; None for one without a body.
        status: of the answer.
        also: further statuses that are problems: 404 where one row is asked for, 409, 412, 428.
        body: what the description says of a body that is no JSON.
    """
    answers = {status: gives, **dict.fromkeys(also, ProblemOut), **ANSWERS}
    if method == "GET":
        answers[304] = None
    if "{" in path:
        answers[404] = ProblemOut
    extra: dict[str, Any] = {"x-action": action} | ({"requestBody": body} if body else {})
    return routes.api_operation(
        [method], path, auth=[Token(action), Session(action)], response=answers, openapi_extra=extra, by_alias=True
    )


class Token(AuthBase):
    """``Authorization: Bearer``; the token has become a viewer before any operation is looked for."""

    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_description = "A token made on the page Tokens; it may do the actions chosen there, and no more."

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action = action

    def __call__(self, request: HttpRequest) -> Viewer | None:
        """The viewer, if a token came and may do this."""
        return entitled(request, self.action) if getattr(request, "token", None) else None


class Session(AuthBase):
    """The session of somebody signed in; what changes something needs the header ``X-CSRFToken`` as well."""

    openapi_type = "apiKey"
    openapi_in = "cookie"
    openapi_name = "session"
    openapi_description = "The session of the web pages; requests that change something need X-CSRFToken as well."

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action = action

    def __call__(self, request: HttpRequest) -> Viewer | None:
        """The viewer, if somebody is signed in and may do this."""
        if getattr(request, "token", None) or getattr(request, "viewer", None) is None:
            return None
        if request.method not in SAFE and (refused := check_csrf(request)):
            raise Answered(refused)
        return entitled(request, self.action)


def entitled(request: HttpRequest, action: str) -> Viewer | None:
    """The request's viewer, who may do this action with some rows at least.

    Raises:
        Answered: the viewer may not.
    """
    viewer: Viewer | None = getattr(request, "viewer", None)
    if viewer and action != SIGNED_IN and not can(viewer, action):
        raise Answered(not_allowed(action))
    return viewer


__all__ = ["Answered", "Refused", "operation", "router"]
