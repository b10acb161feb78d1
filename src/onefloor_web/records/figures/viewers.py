"""Seeing what the other company sees: the client looks with the eyes of a vendor, never the other way round."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404

from onefloor_web.platform.companies.models import Company, Kind
from onefloor_web.platform.companies.queries import companies
from onefloor_web.platform.tenancy.viewer import Viewer


def vendors(viewer: Viewer) -> list[Company]:
    """The vendors as which a viewer may look: the client's people all of them, others none."""
    return [one for one in companies(viewer) if one.kind == Kind.VENDOR] if viewer.client else []


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
