"""What a view may say of itself: which action it is, or that everybody may see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase

from onefloor_web.platform.permissions.policy import only_visible
from onefloor_web.platform.tenancy.viewer import Viewer

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
Found = TypeVar("Found", bound=Model)
PUBLIC = "public"
"""The action of pages that need nobody signed in: sign-in, health, language."""

SIGNED_IN = "signed_in"
"""The action of pages everybody signed in may see: Today, one's own settings."""


class ViewerRequest(HttpRequest):
    """A request behind the middleware: it knows who is looking."""

    viewer: Viewer


def page(action: str) -> Callable[[View], View]:
    """Mark a view with its action; the middleware refuses a view without one."""

    def marked(view: View) -> View:
        view.action = action  # type: ignore[attr-defined]
        return view

    return marked


def found(viewer: Viewer, action: str, rows: QuerySet[Found], **wanted: object) -> Found:
    """The one row wanted, if this viewer may do this action with it; else 404, as if it did not exist."""
    row = only_visible(viewer, action, rows).filter(**wanted).first()
    if row is None:
        raise Http404
    return row
