"""What an address or a form says that has to be a number: anything else means nothing, and is no error."""

from __future__ import annotations

from django.http import HttpRequest

LONGEST = 18  # digits; more do not fit into a number of the database
LAST_PAGE = 9_999_999


def whole(text: str) -> int | None:
    """A whole number from 0 on, None for every other text.

    >>> whole("42"), whole(""), whole("-1"), whole("²"), whole("9" * 19)
    (42, None, None, None, None)
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST else None


def last_offset(count: int, per_page: int) -> int:
    """Where the last page of a list begins, for an address that asks for a page beyond it."""
    return (count - 1) // per_page * per_page


def page_number(request: HttpRequest) -> int:
    """The page of a list that ``?page=`` asks for, the first where it asks for none that can be."""
    wished = whole(request.GET.get("page", ""))
    return wished if wished and wished <= LAST_PAGE else 1
