"""Changes of saved views."""

from __future__ import annotations

from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.scorecards.models import SavedView


def save_view(viewer: Viewer, *, name: str, query: str, shared: bool) -> SavedView:
    """Keep a definition under a name; the same name of the same user is written over."""
    view, _made = SavedView.objects.update_or_create(
        company_id=viewer.company, user_id=viewer.user or 0, name=name, defaults={"query": query, "shared": shared}
    )
    return view


def share_view(view: SavedView, *, shared: bool) -> None:
    """Let the company use it, or oneself only."""
    view.shared = shared
    view.save(update_fields=["shared", "saved_at"])


def delete_view(view: SavedView) -> None:
    """Remove it; the history keeps what it was."""
    view.delete()
