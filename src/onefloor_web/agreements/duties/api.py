"""Operations of the client's duties."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from ninja import Field, Query, Schema

from onefloor_web.agreements.duties import actions
from onefloor_web.agreements.duties.models import TEXT_LENGTH, Duty
from onefloor_web.agreements.duties.queries import duties as visible_duties
from onefloor_web.agreements.duties.queries import standing
from onefloor_web.platform.companies.models import NAME_LENGTH
from onefloor_web.platform.floor import now
from onefloor_web.platform.permissions.page import ViewerRequest, found
from onefloor_web.platform.rest.operations import operation, router
from onefloor_web.platform.rest.paging import Many, Wanted, paged
from onefloor_web.platform.rest.tags import shown, unchanged

routes = router("Client duties")
ONE = "/duties/{int:number}"


class DutyOut(Schema):
    """Something the client owes a vendor."""

    number: int = Field(alias="pk", serialization_alias="number", examples=[8])
    company: int = Field(alias="company_id", serialization_alias="company", examples=[2])
    duty: str = Field(description="Its name in the agreement", examples=["notice"])
    reference: str = Field(examples=["notice-3"])
    asked: str = Field(description="What asks for it")
    state: str = Field(description="claimed, open, done, refused or withdrawn", examples=["open"])
    standing: str = Field(description="kept, missed, running, stopped, claimed or over", examples=["running"])
    begins_at: datetime
    due_at: datetime | None = Field(None, description="Null while the clock of its request stands still")
    done_at: datetime | None = None
    done_by: str = ""
    note: str = Field("", description="The evidence")
    seats: int | None = None

    @staticmethod
    def resolve_standing(duty: Duty) -> str:
        """As it is now."""
        return standing(duty, now()).word


class DeliveryIn(Schema):
    """When it was delivered, by whom, and where that can be seen."""

    at: datetime
    by: str = Field("", max_length=NAME_LENGTH)
    note: str = Field(max_length=TEXT_LENGTH)
    seats: int | None = Field(None, ge=0, le=100_000)


@operation(routes, "GET", "/duties", action="duties.view", gives=Many[DutyOut])
def duties(request: ViewerRequest, page: Query[Wanted]) -> dict[str, Any]:
    """What the client owes, the latest first."""
    return paged(visible_duties(request.viewer), page, order=["-pk"])


@operation(routes, "GET", ONE, action="duties.view", gives=DutyOut)
def duty(request: ViewerRequest, number: int, response: HttpResponse) -> DutyOut:
    """One duty."""
    return shown(response, DutyOut.from_orm(found(request.viewer, "duties.view", Duty.objects.all(), pk=number)))


@operation(routes, "POST", f"{ONE}/delivery", action="duties.record", gives=DutyOut, also=(409, 412, 428))
def duty_delivery(request: ViewerRequest, number: int, said: DeliveryIn, response: HttpResponse) -> DutyOut:
    """Record that the client has delivered."""
    held = found(request.viewer, "duties.record", Duty.objects.select_for_update(of=("self",)), pk=number)
    unchanged(request, DutyOut.from_orm(held))
    made = actions.record_done(request.viewer, held, at=said.at, by=said.by, note=said.note, seats=said.seats)
    return shown(response, DutyOut.from_orm(made))
