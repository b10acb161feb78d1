"""Operations of the client's duties: name one, confirm, deliver, object, answer, withdraw."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from ninja import Field, Query, Schema, Status

from onefloor_web.agreements.duties import actions, queries
from onefloor_web.agreements.duties.forms import MOST_SEATS, AnswerForm, ObjectionForm, OpenForm
from onefloor_web.agreements.duties.models import DUTY_LENGTH, TEXT_LENGTH, Duty, Kind, Objected
from onefloor_web.agreements.duties.queries import duties as visible_duties
from onefloor_web.agreements.duties.queries import standing
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.companies.models import NAME_LENGTH
from onefloor_web.platform.floor import now, today
from onefloor_web.platform.permissions.page import ViewerRequest, found
from onefloor_web.platform.rest.forms import CODE, as_sent, fitting
from onefloor_web.platform.rest.operations import operation, router
from onefloor_web.platform.rest.paging import Many, Wanted, paged
from onefloor_web.platform.rest.tags import shown, unchanged

routes = router("Client duties")
ONE = "/duties/{int:number}"
CHANGES = (404, 409, 412, 428)


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


class DutyIn(Schema):
    """What asks the client for a duty, and since when."""

    agreement: str = Field(pattern=CODE, examples=["own-north"])
    duty: str = Field(description="Its name in the agreement", examples=["notice"])
    kind: str = Field(description="change, uptime, training, forecast or other", examples=["change"])
    asked: str = Field(min_length=1, max_length=TEXT_LENGTH)
    begins_at: str = Field(description="Local time", examples=["2026-12-01T09:00"])
    seats: int | None = Field(None, ge=1, le=MOST_SEATS)
    reference: str = Field("", max_length=DUTY_LENGTH)


class VerdictIn(Schema):
    """Yes or no, with a reason where it is no."""

    accepted: bool
    text: str = Field("", max_length=TEXT_LENGTH)

    def fields(self) -> dict[str, Any]:
        """As the form on the page asks for them."""
        return {"accepted": "yes" if self.accepted else "no", "text": self.text}


class ObjectionIn(Schema):
    """What the vendor holds against the record."""

    says: str = Field(description="not_done or later", examples=["later"])
    done_at: str | None = Field(None, description="Local time, if it was delivered later")
    text: str = Field(min_length=1, max_length=TEXT_LENGTH)


class DutyReasonIn(Schema):
    """Why."""

    text: str = Field(min_length=1, max_length=TEXT_LENGTH)


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
    held = _held(request, "duties.record", number)
    made = actions.record_done(request.viewer, held, at=said.at, by=said.by, note=said.note, seats=said.seats)
    return shown(response, DutyOut.from_orm(made))


@operation(routes, "POST", "/duties", action="duties.open", gives=DutyOut, status=201, also=(404, 409))
def duty_naming(request: ViewerRequest, said: DutyIn, response: HttpResponse) -> Status[DutyOut]:
    """Name an occasion: the client as owed, a vendor as claimed."""
    agreements = Agreement.objects.select_related("company")
    agreement = found(request.viewer, "duties.open", agreements, code=said.agreement)
    form = OpenForm(queries.clocks(agreement, today()), as_sent(said.model_dump(exclude={"agreement"})))
    sent = fitting(form)
    made = actions.open_duty(
        request.viewer, agreement, sent["duty"], kind=Kind(sent["kind"]), asked=sent["asked"],
        begins_at=sent["begins_at"], seats=sent["seats"], reference=sent["reference"],
    )  # fmt: skip
    return Status(201, shown(response, DutyOut.from_orm(made)))


@operation(routes, "POST", f"{ONE}/confirmation", action="duties.record", gives=DutyOut, also=CHANGES)
def duty_confirmation(request: ViewerRequest, number: int, said: VerdictIn, response: HttpResponse) -> DutyOut:
    """The client says whether it owes what a vendor claims."""
    held = _held(request, "duties.record", number)
    fitting(AnswerForm(as_sent(said.fields())))
    made = actions.confirm(request.viewer, held, owed=said.accepted, why=said.text)
    return shown(response, DutyOut.from_orm(made))


@operation(routes, "POST", f"{ONE}/objections", action="duties.object", gives=DutyOut, also=CHANGES)
def duty_objection(request: ViewerRequest, number: int, said: ObjectionIn, response: HttpResponse) -> DutyOut:
    """The vendor objects to a delivery as it is recorded."""
    held = _held(request, "duties.object", number)
    sent = fitting(ObjectionForm(as_sent(said.model_dump())))
    says = Objected(sent["says"])
    actions.object_to(request.viewer, held, says=says, text=sent["text"], done_at=sent["done_at"])
    return shown(response, DutyOut.from_orm(Duty.objects.get(pk=number)))


@operation(routes, "POST", f"{ONE}/resolution", action="duties.record", gives=DutyOut, also=CHANGES)
def duty_resolution(request: ViewerRequest, number: int, said: VerdictIn, response: HttpResponse) -> DutyOut:
    """The client answers an objection; where it accepts it, the record follows."""
    held = _held(request, "duties.record", number)
    objection = queries.open_objection(held)
    if objection is None:
        raise Http404
    fitting(AnswerForm(as_sent(said.fields())))
    actions.resolve(request.viewer, objection, accepted=said.accepted, text=said.text)
    return shown(response, DutyOut.from_orm(Duty.objects.get(pk=number)))


@operation(routes, "POST", f"{ONE}/withdrawal", action="duties.open", gives=DutyOut, also=CHANGES)
def duty_withdrawal(request: ViewerRequest, number: int, said: DutyReasonIn, response: HttpResponse) -> DutyOut:
    """Take an occasion of one's own company back before it is due."""
    held = _held(request, "duties.open", number)
    if held.opener_id != request.viewer.company or held.kind == Kind.ANSWER:
        raise Http404
    return shown(response, DutyOut.from_orm(actions.withdraw(request.viewer, held, why=said.text)))


def _held(request: ViewerRequest, action: str, number: int) -> Duty:
    """The duty, held, as the caller has seen it (``If-Match``)."""
    held = found(request.viewer, action, Duty.objects.select_for_update(of=("self",)), pk=number)
    unchanged(request, DutyOut.from_orm(held))
    return held
