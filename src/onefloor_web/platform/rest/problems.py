"""Every error of the API is a problem of RFC 9457: what, why, what to do; nothing of the inside."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from ninja import Field, Schema

MEDIA_TYPE = "application/problem+json"
Words = str | Promise


class Fault(Schema):
    """One value that cannot be used."""

    where: str = Field(description="Where the value stands", examples=["query.limit"])
    what: str = Field(description="What is wrong with it", examples=["Input should be less than or equal to 200"])


class ProblemOut(Schema):
    """An error: what is wrong, why, and what to do (RFC 9457)."""

    type: str = Field(description="Kind of the problem", examples=["urn:onefloor:problem:not-found"])
    title: str = Field(description="What is wrong", examples=["There is nothing at this address."])
    status: int = Field(description="The status code of the answer", examples=[404])
    detail: str = Field("", description="Why")
    remedy: str = Field("", description="What to do")
    reference: str = Field("", description="For a fault of the server: what to quote to its administrator")
    errors: list[Fault] = Field(default_factory=list, description="The values that cannot be used")


class Refused(Exception):
    """An operation refuses, with the answer it gives.

    Args:
        status: the status code.
        kind: last part of the problem's type.
        what, why, remedy: as in every error message.
        headers: of the answer.
    """

    def __init__(
        self,
        status: int,
        kind: str,
        what: Words,
        *,
        why: Words = "",
        remedy: Words = "",
        headers: Mapping[str, str] = {},
    ) -> None:
        super().__init__(status, kind)
        self.response = problem(status, kind, what, why=why, remedy=remedy, headers=headers)


def problem(
    status: int,
    kind: str,
    what: Words,
    *,
    why: Words = "",
    remedy: Words = "",
    reference: str = "",
    errors: Sequence[Fault] = (),
    headers: Mapping[str, str] = {},
) -> HttpResponse:
    """The answer to a request that failed."""
    body = ProblemOut(
        type=f"urn:onefloor:problem:{kind}", title=str(what), status=status, detail=str(why), remedy=str(remedy),
        reference=reference, errors=list(errors),
    )  # fmt: skip
    shown = {key: value for key, value in body.model_dump().items() if value not in ("", [])}
    content = json.dumps(shown, ensure_ascii=False)
    return HttpResponse(content, status=status, content_type=MEDIA_TYPE, headers=dict(headers))


def not_found() -> HttpResponse:
    """No such row, or none the caller may know of: the same answer, so that nobody learns which."""
    return problem(
        404, "not-found", _("There is nothing at this address, or nothing this token may see."),
        remedy=_("Check the address and the number in it; lists show what there is."),
    )  # fmt: skip


def not_signed_in() -> HttpResponse:
    """Neither a good token nor a session."""
    return problem(
        401, "not-signed-in", _("No valid token came with this request."),
        why=_("The token is missing, unknown, revoked or expired, or its owner may not sign in any more."),
        remedy=_("Send Authorization: Bearer and a token made on the page Tokens."),
        headers={"WWW-Authenticate": 'Bearer realm="onefloor"'},
    )  # fmt: skip


def not_allowed(action: str) -> HttpResponse:
    """The caller may not do this action with any row."""
    return problem(
        403, "not-allowed", _("This token or user may not do %(action)s.") % {"action": action},
        why=_("Its scopes or the roles of its owner do not include it."),
        remedy=_("Make a token with this scope, or ask the administrator of your company for the role."),
    )  # fmt: skip


def wrong_method(allowed: str) -> HttpResponse:
    """The address has no operation of this method."""
    return problem(
        405, "wrong-method", _("This address does not take this method."),
        remedy=_("Use one of: %(methods)s.") % {"methods": allowed}, headers={"Allow": allowed} if allowed else {},
    )  # fmt: skip


def invalid(errors: Sequence[Fault]) -> HttpResponse:
    """Values that cannot be used."""
    return problem(
        422, "invalid", _("Some values cannot be used; nothing was changed."), errors=errors,
        remedy=_("Correct the values listed under errors and send the request again."),
    )  # fmt: skip


def too_many(seconds: int) -> HttpResponse:
    """More requests than the limit."""
    return problem(
        429, "too-many-requests", _("More requests than the limit allows."),
        remedy=_("Wait %(seconds)s seconds, then go on.") % {"seconds": seconds}, headers={"Retry-After": str(seconds)},
    )  # fmt: skip


def failed(reference: str = "") -> HttpResponse:
    """A fault of the server; what it was stands in the log under the reference."""
    return problem(
        500, "server-fault", _("The server could not answer; nothing was changed."), reference=reference,
        remedy=_("Try again; if it fails again, quote the reference to the administrator of the server."),
    )  # fmt: skip


def other(status: int) -> HttpResponse:
    """Any other answer of the machinery around the operations."""
    return problem(
        status, "refused", _("The request was refused before it reached an operation."),
        remedy=_("Check its headers and its body against the description of the API."),
    )  # fmt: skip
