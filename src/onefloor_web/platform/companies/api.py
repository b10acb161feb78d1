"""Operations of companies, sites, teams and people."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from ninja import Field, Query, Schema

from onefloor_web.platform.companies import queries
from onefloor_web.platform.companies.models import Company, Person, Site, Team
from onefloor_web.platform.floor import today
from onefloor_web.platform.permissions.page import ViewerRequest, found
from onefloor_web.platform.permissions.policy import only_visible
from onefloor_web.platform.rest.operations import operation, router
from onefloor_web.platform.rest.paging import Many, Wanted, paged
from onefloor_web.platform.rest.tags import shown

routes = router("Companies")
NUMBER = "{int:number}"


class CompanyOut(Schema):
    """A company on the floor."""

    number: int = Field(alias="pk", serialization_alias="number", examples=[2])
    code: str = Field(description="Its name in the records", examples=["North"])
    name: str = Field(examples=["North Contact Services"])
    kind: str = Field(description="client or vendor", examples=["vendor"])
    joined_on: date
    left_on: date | None = None


class SiteOut(Schema):
    """A place of work."""

    number: int = Field(alias="pk", serialization_alias="number", examples=[4])
    company: int = Field(alias="company_id", serialization_alias="company", examples=[2])
    name: str = Field(examples=["Nanjing"])


class TeamOut(Schema):
    """The smallest unit with a leader."""

    number: int = Field(alias="pk", serialization_alias="number", examples=[7])
    company: int = Field(alias="company_id", serialization_alias="company", examples=[2])
    site: int | None = Field(None, alias="site_id", serialization_alias="site", examples=[4])
    name: str = Field(examples=["North 2"])


class PersonOut(Schema):
    """Somebody who works for a company, by code."""

    number: int = Field(alias="pk", serialization_alias="number", examples=[31])
    company: int = Field(alias="company_id", serialization_alias="company", examples=[2])
    code: str = Field(description="Agent code in the records", examples=["N2031"])


@operation(routes, "GET", "/companies", action="companies.view", gives=Many[CompanyOut])
def companies(request: ViewerRequest, page: Query[Wanted]) -> dict[str, Any]:
    """The companies you may know of."""
    return paged(queries.companies(request.viewer, today()), page, order=["pk"])


@operation(routes, "GET", f"/companies/{NUMBER}", action="companies.view", gives=CompanyOut)
def company(request: ViewerRequest, number: int, response: HttpResponse) -> CompanyOut:
    """One company."""
    return shown(
        response, CompanyOut.from_orm(found(request.viewer, "companies.view", Company.objects.all(), pk=number))
    )


@operation(routes, "GET", "/sites", action="people.view", gives=Many[SiteOut])
def sites(request: ViewerRequest, page: Query[Wanted]) -> dict[str, Any]:
    """Places of work, of one's own company; the client sees all."""
    return paged(only_visible(request.viewer, "people.view", Site.objects.all()), page, order=["pk"])


@operation(routes, "GET", "/teams", action="people.view", gives=Many[TeamOut])
def teams(request: ViewerRequest, page: Query[Wanted]) -> dict[str, Any]:
    """Teams, of one's own company; the client sees all."""
    return paged(only_visible(request.viewer, "people.view", Team.objects.all()), page, order=["pk"])


@operation(routes, "GET", f"/teams/{NUMBER}", action="people.view", gives=TeamOut)
def team(request: ViewerRequest, number: int, response: HttpResponse) -> TeamOut:
    """One team."""
    return shown(response, TeamOut.from_orm(found(request.viewer, "people.view", Team.objects.all(), pk=number)))


@operation(routes, "GET", "/people", action="people.view", gives=Many[PersonOut])
def people(request: ViewerRequest, page: Query[Wanted]) -> dict[str, Any]:
    """People by code, of one's own company; the client sees the codes of all."""
    return paged(only_visible(request.viewer, "people.view", Person.objects.all()), page, order=["code", "pk"])


@operation(routes, "GET", f"/people/{NUMBER}", action="people.view", gives=PersonOut)
def person(request: ViewerRequest, number: int, response: HttpResponse) -> PersonOut:
    """One person."""
    return shown(response, PersonOut.from_orm(found(request.viewer, "people.view", Person.objects.all(), pk=number)))
