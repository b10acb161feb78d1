"""Reads of saved views."""

from __future__ import annotations

from django.db.models import QuerySet

from onefloor_web.platform.permissions.policy import only_visible
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.scorecards.models import SavedView


def saved_views(viewer: Viewer) -> QuerySet[SavedView]:
    """One's own views and those shared within the company."""
    return only_visible(viewer, "views.open", SavedView.objects.select_related("user"))
