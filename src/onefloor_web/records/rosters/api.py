"""Operations of rosters: who belongs where on a day, and the files that said so."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Field, Query, Schema

from onefloor_web.platform.floor import floor, today
from onefloor_web.platform.permissions.page import ViewerRequest
from onefloor_web.platform.permissions.policy import only_visible
from onefloor_web.platform.rest.operations import operation, router
from onefloor_web.platform.rest.paging import MOST, Many, Wanted, paged
from onefloor_web.records.rosters.loading import seen, side_of
from onefloor_web.records.rosters.models import RosterFile

routes = router("Rosters")


class LineOut(Schema):
    """One stretch of one person."""

    agent: str = Field(description="Code in the records", examples=["N2031"])
    name: str | None = Field(None, description="Null where the company does not share names")
    company: str = Field(examples=["North"])
    form: str = Field(description="own, dispatched or outsourced", examples=["outsourced"])
    site: str | None = None
    team: str | None = None
    hired: date | None = None
    first: date
    last: date | None = Field(None, description="The last day; null while it is open")


class RosterOut(Schema):
    """Lines that hold on a day."""

    on: date
    count: int = Field(description="Lines of this day in all")
    items: list[LineOut]
    next: int | None = Field(None, description="What to send as offset for the next page; null on the last one")


class RosterFileOut(Schema):
    """A roster file that came by the web."""

    number: int = Field(alias="pk", serialization_alias="number", examples=[5])
    name: str = Field(examples=["roster-North-2026-11-01.csv"])
    digest: str = Field(description="SHA-256 of its bytes")
    state: str = Field(description="checked, loading, loaded or discarded", examples=["loaded"])
    came_at: datetime
    loaded_at: datetime | None = None


class AskedRoster(Schema):
    """Which lines."""

    on: date | None = Field(None, description="A day; today if left out")
    limit: int = Field(50, ge=1, le=MOST, description="Lines a page")
    offset: int = Field(0, ge=0, le=1_000_000, description="Lines to skip")


@operation(routes, "GET", "/roster", action="rosters.view", gives=RosterOut)
def roster(request: ViewerRequest, asked: Query[AskedRoster]) -> dict[str, Any]:
    """Who belongs where on a day: people of one's own company; the client sees all, with names where shared."""
    on = asked.on or today()
    lines = [line for line in seen(floor(), side_of(request.viewer)) if line.on(on)]
    end = asked.offset + asked.limit
    more = end if len(lines) > end else None
    return {"on": on, "count": len(lines), "items": lines[asked.offset : end], "next": more}


@operation(routes, "GET", "/roster-files", action="rosters.view", gives=Many[RosterFileOut])
def roster_files(request: ViewerRequest, page: Query[Wanted]) -> dict[str, Any]:
    """The roster files of one's own company, the latest first."""
    rows = only_visible(request.viewer, "rosters.view", RosterFile.objects.defer("content"))
    return paged(rows, page, order=["-pk"])
