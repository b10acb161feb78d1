"""Pages of rows by cursor: a page goes on where the last row of the one before stood, whatever was added meanwhile."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from ninja import Field, Schema

from onefloor_web.platform.rest.problems import Refused

Item = TypeVar("Item")
Row = TypeVar("Row", bound=Model)
MOST = 200


class Many(Schema, Generic[Item]):
    """A page of rows."""

    items: list[Item]
    next: str | None = Field(None, description="The cursor of the next page; null on the last one")


class Wanted(Schema):
    """Which page."""

    limit: int = Field(50, ge=1, le=MOST, description="Rows a page")
    cursor: str | None = Field(
        None, max_length=500, description="``next`` of the page before; without it the first page"
    )


class BadCursor(Refused):
    """A cursor that no page has given."""

    def __init__(self) -> None:
        super().__init__(
            422, "bad-cursor", _("This cursor cannot be used."), why=_("It does not come from a page of this list."),
            remedy=_("Send the value of next as it came, or no cursor for the first page."),
        )  # fmt: skip


def paged(rows: QuerySet[Row], wanted: Wanted, *, order: Sequence[str]) -> dict[str, Any]:
    """One page of rows as ``Many``.

    Args:
        rows: what the viewer may see.
        wanted: which page.
        order: fields that together name a row, without null values; a minus before all of them for the reverse.

    Raises:
        BadCursor: it was made up.
    """
    names = [name.removeprefix("-") for name in order]
    beyond = "lt" if order[0].startswith("-") else "gt"
    found = rows.order_by(*order)
    try:
        if wanted.cursor is not None:
            found = found.filter(_after(names, _read(wanted.cursor, len(names)), beyond))
        page = list(found[: wanted.limit + 1])
    except (ValueError, TypeError, ValidationError) as error:
        raise BadCursor from error
    last = page[wanted.limit - 1] if len(page) > wanted.limit else None
    return {"items": page[: wanted.limit], "next": _written(last, names) if last else None}


def _after(names: Sequence[str], values: Sequence[Any], beyond: str) -> Q:
    """Rows behind these values: behind the first, or equal in it and behind the second, and so on."""
    behind = Q(**{f"{names[-1]}__{beyond}": values[-1]})
    for name, value in zip(names[-2::-1], values[-2::-1], strict=True):
        behind = Q(**{f"{name}__{beyond}": value}) | (Q(**{name: value}) & behind)
    return behind


def _written(row: Model, names: Sequence[str]) -> str:
    values = json.dumps([_plain(getattr(row, name)) for name in names], ensure_ascii=False)
    return base64.urlsafe_b64encode(values.encode()).decode().rstrip("=")


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | str) else value.isoformat()


def _read(cursor: str, length: int) -> list[Any]:
    try:
        values: list[Any] = json.loads(
            base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        )
    except (binascii.Error, ValueError, RecursionError) as error:
        raise BadCursor from error
    fits = isinstance(values, list) and len(values) == length
    if not fits or not all(type(value) in (int, str) and "\0" not in str(value) for value in values):
        raise BadCursor
    return values
