"""Reads of the log of accesses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from onefloor_web.platform.permissions.policy import only_visible
from onefloor_web.platform.privacy.models import Access
from onefloor_web.platform.tenancy.viewer import Viewer

FIELDS = {
    "who": "name__icontains",
    "kind": "kind",
    "purpose": "purpose",
    "since": "at__date__gte",
    "until": "at__date__lte",
}


def accesses(viewer: Viewer, chosen: Mapping[str, Any]) -> QuerySet[Access]:
    """The accesses this viewer may know of, newest first."""
    rows = only_visible(viewer, "access.view", Access.objects.select_related("company"))
    return rows.filter(**{FIELDS[name]: value for name, value in chosen.items()})
