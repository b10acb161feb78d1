"""Companies, people, teams and sites, as search finds them."""

from __future__ import annotations

from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.companies.models import Company, Employment, Kind, Person, Site, Team
from onefloor_web.platform.floor import today
from onefloor_web.platform.permissions.policy import can, only_visible
from onefloor_web.platform.search.matching import Words, matching
from onefloor_web.platform.search.providers import Hit, finds
from onefloor_web.platform.tenancy.viewer import Viewer


@finds("people", _("People"), order=20, action="people.view")
def people(viewer: Viewer, words: Words, most: int) -> list[Hit]:
    """By code, and by name where the database shows names: a name that is not shared cannot be found."""
    there = Employment.objects.filter(person=OuterRef("pk"), days__contains=today())
    rows = only_visible(viewer, "people.view", Person.objects.select_related("company", "named"))
    rows = rows.annotate(team=Subquery(there.values("team__name")[:1]))
    found = matching(rows, words, "code", "named__name")[:most]
    return [_person(one, one.team) for one in found]


def _person(one: Person, team: str | None) -> Hit:
    named = getattr(one, "named", None)
    title = f"{one.code} · {named.name}" if named else one.code
    return Hit(title, reverse("person", args=[one.code]), " · ".join(filter(None, (one.company.name, team))))


@finds("companies", _("Companies, sites, teams"), order=30, action="companies.view")
def companies(viewer: Viewer, words: Words, most: int) -> list[Hit]:
    """By name, a company also by its name in the records; all three by one query, equally good ones in this order."""
    found = _named(viewer, "companies.view", Company.objects.all(), words, "name", "code")[:most]
    parts = [_told(found, "company", F("pk"), F("kind"))]
    if can(viewer, "people.view"):
        for what, page, number in ((Site, "company", F("company_id")), (Team, "team", F("pk"))):
            found = _named(viewer, "people.view", what.objects.all(), words, "name")[:most]
            parts.append(_told(found, page, number, F("company__name")))
    rows = parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]
    return [_place(row) for row in sorted(rows, key=lambda row: row["fit"])[:most]]


def _place(row: dict[str, Any]) -> Hit:
    """A company says which side it is, a site and a team whose they are."""
    of = Kind(row["of"]).label if row["of"] in Kind.values else row["of"]
    return Hit(row["name"], reverse(row["page"], args=[row["number"]]), of)


def _named(viewer: Viewer, action: str, rows: QuerySet[Any], words: Words, *fields: str) -> QuerySet[Any]:
    return matching(only_visible(viewer, action, rows), words, *fields)


def _told(rows: QuerySet[Any], page: str, number: F, of: F) -> QuerySet[Any, dict[str, Any]]:
    """Rows of any of the three: how well they fit, their page and its number, name, and whose or what they are."""
    return rows.values("fit", "name", page=Value(page), number=number, of=of)
