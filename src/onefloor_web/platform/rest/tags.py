"""Entity tags: an answer that has not changed is not sent again, and nobody overwrites what somebody else changed."""

from __future__ import annotations

from hashlib import blake2b
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from ninja import Schema

from onefloor_web.platform.rest.problems import Refused

Shown = TypeVar("Shown", bound=Schema)


def tag(content: bytes) -> str:
    """A strong entity tag of these bytes."""
    return f'"{blake2b(content, digest_size=16).hexdigest()}"'


def tag_of(shown: Schema) -> str:
    """The entity tag of a row as the API shows it."""
    return tag(shown.model_dump_json().encode())


def shown(response: HttpResponse, row: Shown) -> Shown:
    """Give a row with its entity tag, which a later change sends as ``If-Match``."""
    response["ETag"] = tag_of(row)
    return row


def unchanged(request: HttpRequest, shown: Schema) -> None:
    """Refuse a change that was not made from the row as it is now, its row being locked.

    Raises:
        Refused: 428 without ``If-Match``, 412 if the row has changed since.
    """
    wanted = parse_etags(request.headers.get("If-Match", ""))
    if not wanted:
        raise Refused(
            428, "if-match-missing", _("A change needs the header If-Match."),
            why=_("Without it, what somebody else changed meanwhile would be overwritten."),
            remedy=_("Read the row, and send the ETag of the answer as If-Match."),
        )  # fmt: skip
    if "*" not in wanted and tag_of(shown) not in wanted:
        raise Refused(
            412, "changed-meanwhile", _("Somebody else has changed this meanwhile; nothing was overwritten."),
            remedy=_("Read the row again, repeat the change, and send the new ETag as If-Match."),
        )  # fmt: skip
