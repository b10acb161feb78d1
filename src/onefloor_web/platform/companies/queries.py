"""Reads of companies and people, within what the viewer may see."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from onefloor_web.platform.companies.models import Company, Team
from onefloor_web.platform.permissions.policy import only_visible
from onefloor_web.platform.tenancy.viewer import Viewer


def companies(viewer: Viewer) -> QuerySet[Company]:
    """The companies the viewer may know of, the client first."""
    return only_visible(viewer, "companies.view", Company.objects.all())


def teams(viewer: Viewer) -> QuerySet[Team]:
    """Teams with their site and how many people are in them today."""
    today = timezone.localdate()
    people = Count("employment", filter=Q(employment__days__contains=today), distinct=True)
    return only_visible(viewer, "people.view", Team.objects.select_related("company", "site").annotate(people=people))
