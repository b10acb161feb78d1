"""Seeing what the other company sees: the client looks with the eyes of a vendor, never the other way; colours."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404

from onefloor_web.platform.companies.models import Company, Kind
from onefloor_web.platform.permissions.policy import only_visible
from onefloor_web.platform.tenancy.viewer import Viewer


def vendors(viewer: Viewer) -> list[Company]:
    """The vendors as which a viewer may look: the client's people all of them, others none."""
    if not viewer.client:
        return []
    return list(only_visible(viewer, "companies.view", Company.objects.filter(kind=Kind.VENDOR)))


def seeing_as(viewer: Viewer, code: str) -> Viewer:
    """The viewer limited to what a vendor may see; without a code the viewer as it is.

    Whoever is limited to teams or to oneself stays so: looking as somebody else never shows more.

    Raises:
        Http404: there is no such vendor, or the viewer is not of the client.
    """
    if not code:
        return viewer
    found = next((one for one in vendors(viewer) if one.code == code), None)
    if found is None:
        raise Http404
    return replace(viewer, client=False, code=found.code, visible=(found.pk,))


def slots(viewer: Viewer) -> dict[str, int]:
    """The colour of each company the viewer may know, by its name in the records; colours count from 1."""
    rows = only_visible(viewer, "companies.view", Company.objects.all())
    return {code: slot + 1 for code, slot in rows.values_list("code", "slot")}
