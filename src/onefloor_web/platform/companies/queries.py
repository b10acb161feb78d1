"""Reads of companies and people, within what the viewer may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from onefloor_web.platform.companies.models import Company, Employment, Kind, Person, Site, Team
from onefloor_web.platform.permissions.policy import only_visible
from onefloor_web.platform.tenancy.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Branch:
    """A site with its teams and how many people are in each on a day; ``site`` is None for teams without one."""

    site: Site | None
    teams: Sequence[tuple[Team, int]]

    @property
    def people(self) -> int:
        """Everybody at the site."""
        return sum(people for _team, people in self.teams)


def the_client() -> Company:
    """The floor's client, whom everybody on it may know of."""
    (client,) = Company.objects.filter(kind=Kind.CLIENT)
    return client


def companies(viewer: Viewer, on: date) -> QuerySet[Company]:
    """The companies the viewer may know of, the client first, with ``people`` there on a day where visible."""
    there = Employment.objects.filter(company=OuterRef("pk"), days__contains=on).order_by().values("company")
    counted = Subquery(there.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    rows = only_visible(viewer, "companies.view", Company.objects.all())
    return rows.annotate(people=Coalesce(counted, Value(0)))


def teams(viewer: Viewer, on: date) -> QuerySet[Team]:
    """Teams with their site and how many ``people`` are in them on a day."""
    people = Count("employment", filter=Q(employment__days__contains=on), distinct=True)
    return only_visible(viewer, "people.view", Team.objects.select_related("company", "site").annotate(people=people))


def tree(viewer: Viewer, company: Company, on: date) -> list[Branch]:
    """A company's sites and teams as they are on a day: those with people then, or without any people ever."""
    found: dict[Site | None, list[tuple[Team, int]]] = defaultdict(list)
    for team in teams(viewer, on).filter(company=company):
        found[team.site].append((team, team.people))  # type: ignore[attr-defined]
    for site in only_visible(viewer, "people.view", Site.objects.filter(company=company)):
        found.setdefault(site, [])
    return [
        Branch(site, found[site]) for site in sorted(found, key=lambda site: (site is None, site.name if site else ""))
    ]


def people(
    viewer: Viewer, on: date, *, wanted: str = "", company: int | None = None, team: int | None = None
) -> QuerySet[Employment]:
    """Who is there on a day, with person, name (where shared), company, site and team."""
    rows = only_visible(viewer, "people.view", Employment.objects.filter(days__contains=on))
    if wanted:
        rows = rows.filter(Q(code__icontains=wanted) | Q(person__named__name__icontains=wanted))
    if company is not None:
        rows = rows.filter(company=company)
    if team is not None:
        rows = rows.filter(team=team)
    return rows.select_related("company", "site", "team", "person", "person__named")


def persons(viewer: Viewer, code: str) -> list[Person]:
    """The people of visible companies with a code, each with the dated employments; more than one after a move."""
    stints = Employment.objects.select_related("site", "team").order_by("-days")
    rows = only_visible(viewer, "people.view", Person.objects.filter(code=code))
    return list(rows.select_related("company", "named").prefetch_related(Prefetch("employments", queryset=stints)))
