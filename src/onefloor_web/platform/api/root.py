"""The API itself: what it answers when something is wrong, and its description (OpenAPI)."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.module_loading import module_has_submodule
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.operation import Operation

from onefloor.problems import Problem, Problems
from onefloor_web.platform.pages.formats import say
from onefloor_web.platform.rest import problems
from onefloor_web.platform.rest.operations import Answered
from onefloor_web.platform.rest.problems import Fault, Refused

log = logging.getLogger("onefloor.web")
Handler = Callable[[HttpRequest, Any], HttpResponse]
DESCRIPTION = """
One floor: one client company and its vendors. A token sees what its owner may see, and of other companies nothing:
rows of another company do not exist for it (404).

Send `Authorization: Bearer` with a token made on the page Tokens. Lists come in pages: send `next` of one page as
`cursor` for the next. Answers carry an `ETag`; send it as `If-None-Match` to get 304 if nothing has changed, and as
`If-Match` with every change. Errors are `application/problem+json` (RFC 9457) and say what is wrong, why, and
what to do. More than the limit of requests a minute is answered 429 with `Retry-After`.
"""


class Api(NinjaAPI):
    """The API; its description names the media type of problems and the headers of answers."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The function's name: what generated clients call it."""
        return str(operation.view_func.__name__)

    described: Any = None

    def get_openapi_schema(self, **given: Any) -> Any:
        """The description as OpenAPI 3.1, made once: operations do not change while a process runs."""
        if self.described is None:
            schema = super().get_openapi_schema(**given)
            for operations in schema["paths"].values():
                for operation in operations.values():
                    _describe(operation)
            self.described = schema
        return self.described


def nobody(request: HttpRequest) -> None:
    """An operation that does not say who may run it is run by nobody."""


def handlers() -> dict[type[Exception], Handler]:
    """What is answered to each kind of error; the most special kind counts."""
    return {
        Answered: lambda _, error: error.response,
        Refused: lambda _, error: error.response,
        Http404: lambda *_: problems.not_found(),
        AuthenticationError: lambda *_: problems.not_signed_in(),
        ValidationError: lambda _, error: problems.invalid([_fault(one) for one in error.errors]),
        HttpError: lambda _, error: problems.invalid([Fault(where="body", what=str(error))]),
        PermissionDenied: lambda *_: problems.other(403),
        RequestDataTooBig: lambda *_: problems.other(413),
        SuspiciousOperation: lambda *_: problems.other(400),
        Problem: lambda _, error: _of_core(error),
        Exception: _failed,
    }


def undone(handler: Handler) -> Handler:
    """An operation that raised has changed nothing: its savepoint is rolled back, the request's transaction is not."""

    def handled(request: HttpRequest, error: Any) -> HttpResponse:
        if connection.in_atomic_block:
            transaction.set_rollback(True)
        return handler(request, error)

    return handled


def make() -> Api:
    """The API with the operations of every feature: the routers named ``routes`` in their modules ``api``."""
    api = Api(
        title="Onefloor", version="1", description=DESCRIPTION, urls_namespace="api", docs_url=None,
        openapi_url="/openapi.json", auth=nobody,
    )  # fmt: skip
    for kind, handler in handlers().items():
        api.add_exception_handler(kind, undone(handler))
    for routes in _routers():
        api.add_router("", routes)
    return api


def _routers() -> list[Router]:
    features = [config for config in apps.get_app_configs() if config.name.startswith("onefloor_web.")]
    modules = [import_module(f"{one.name}.api") for one in features if module_has_submodule(one.module, "api")]
    return [module.routes for module in modules if hasattr(module, "routes")]


def _fault(error: Mapping[str, Any]) -> Fault:
    return Fault(where=".".join(str(part) for part in error["loc"]), what=str(error["msg"]))


def _of_core(error: Problem) -> HttpResponse:
    several = error.problems if isinstance(error, Problems) else [error]
    first = several[0]
    return problems.problem(
        422, "cannot-do", say(first.what), why=say(first.why) if first.why else "",
        remedy=say(first.remedy) if first.remedy else "",
        errors=[Fault(where="", what=say(one.what)) for one in several[1:]],
    )  # fmt: skip


def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    """A fault: written down under a reference, of which alone the caller hears."""
    if isinstance(error, OperationalError | InterfaceError):
        raise error  # the database is away: answered 503 for pages and programs alike
    reference = secrets.token_hex(4).upper()
    log.error("fault %s: %s %s", reference, request.method, request.path, exc_info=error)
    return problems.failed(reference)


def _describe(operation: dict[str, Any]) -> None:
    for status, answer in operation["responses"].items():
        code = int(status)
        if code >= 400 and "application/json" in answer.get("content", {}):
            answer["content"] = {problems.MEDIA_TYPE: answer["content"]["application/json"]}
        if code in HEADERS:
            answer["headers"] = HEADERS[code]


_TEXT = {"type": "string"}
HEADERS: dict[int, Any] = {
    200: {"ETag": {"description": "Version of the answer", "schema": _TEXT}},
    304: {"ETag": {"description": "Version of the answer", "schema": _TEXT}},
    401: {"WWW-Authenticate": {"description": "How to sign in", "schema": _TEXT}},
    429: {"Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer"}}},
}
