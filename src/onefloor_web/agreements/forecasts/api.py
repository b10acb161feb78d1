"""Operations of locked forecasts: bring one, lock it, and the vendor's acknowledgement."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from ninja import Field, Query, Schema, Status

from onefloor.periods import Month
from onefloor_web.agreements.forecasts import actions
from onefloor_web.agreements.forecasts.models import FILE_LENGTH, Lock
from onefloor_web.agreements.forecasts.queries import acknowledgement_of, state_of, with_newer
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.permissions.page import ViewerRequest, found
from onefloor_web.platform.permissions.policy import only_visible
from onefloor_web.platform.rest.forms import CODE
from onefloor_web.platform.rest.operations import operation, router
from onefloor_web.platform.rest.paging import Many, Wanted, paged
from onefloor_web.platform.rest.tags import shown, unchanged

routes = router("Forecast locks")
MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"


class LockOut(Schema):
    """A version of the forecast of one month; ``digest`` is that of its rows."""

    number: int = Field(alias="pk", serialization_alias="number", examples=[4])
    agreement: str = Field(examples=["own-north"])
    month: str = Field(examples=["2026-12"])
    version: int | None = Field(None, description="Null while it is a draft")
    state: str = Field(description="draft, waiting, acknowledged or superseded", examples=["waiting"])
    contacts: int
    digest: str
    horizon: int | None = Field(None, description="Days from the lock to the first day of the month")
    late_since: datetime | None = Field(None, description="Set where the terms wanted it earlier")
    locked_at: datetime | None = Field(None, alias="given_at", serialization_alias="locked_at")
    locked_by: str = Field(alias="user_name", serialization_alias="locked_by")
    answer_by: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None

    @staticmethod
    def resolve_agreement(lock: Lock) -> str:
        """The agreement's code."""
        return lock.agreement.code

    @staticmethod
    def resolve_state(lock: Lock) -> str:
        """How far it has come."""
        return str(state_of(lock))

    @staticmethod
    def resolve_acknowledged_at(lock: Lock) -> datetime | None:
        """When it was acknowledged."""
        said = acknowledgement_of(lock)
        return said.given_at if said else None

    @staticmethod
    def resolve_acknowledged_by(lock: Lock) -> str | None:
        """By whom."""
        said = acknowledgement_of(lock)
        return said.user_name if said else None


class LockIn(Schema):
    """The forecast of a month: a draft of the client's until it is locked."""

    agreement: str = Field(pattern=CODE, examples=["own-north"])
    month: str = Field(pattern=MONTH, examples=["2026-12"])
    file: str = Field("forecast.csv", max_length=FILE_LENGTH, description="Name of the file, ending in .csv")
    content: str = Field(max_length=actions.LARGEST, description="CSV: interval, queue, company, contacts")


@operation(routes, "GET", "/forecast-locks", action="forecasts.view", gives=Many[LockOut])
def forecast_locks(request: ViewerRequest, page: Query[Wanted]) -> dict[str, Any]:
    """Locked forecasts of one's own company's agreements; drafts are the client's own."""
    return paged(only_visible(request.viewer, "forecasts.view", _rows()), page, order=["pk"])


@operation(routes, "GET", "/forecast-locks/{int:number}", action="forecasts.view", gives=LockOut)
def forecast_lock(request: ViewerRequest, number: int, response: HttpResponse) -> LockOut:
    """One version."""
    return shown(response, LockOut.from_orm(found(request.viewer, "forecasts.view", _rows(), pk=number)))


@operation(
    routes, "POST", "/forecast-locks/{int:number}/acknowledgement", action="forecasts.acknowledge", gives=LockOut,
    also=(412, 428),
)  # fmt: skip
def forecast_acknowledgement(request: ViewerRequest, number: int, response: HttpResponse) -> LockOut:
    """Acknowledge what the client has locked."""
    held = found(request.viewer, "forecasts.acknowledge", _rows(), pk=number)
    unchanged(request, LockOut.from_orm(held))
    actions.acknowledge(request.viewer, held)
    return shown(response, LockOut.from_orm(_rows().get(pk=number)))


@operation(routes, "POST", "/forecast-locks", action="forecasts.lock", gives=LockOut, status=201, also=(404,))
def forecast_draft(request: ViewerRequest, said: LockIn, response: HttpResponse) -> Status[LockOut]:
    """Bring a forecast: every line is accounted for, nothing is locked yet."""
    agreements = Agreement.objects.select_related("company")
    agreement = found(request.viewer, "forecasts.lock", agreements, code=said.agreement)
    made = actions.bring(request.viewer, agreement, Month.parse(said.month), said.file, said.content.encode())
    return Status(201, shown(response, LockOut.from_orm(_rows().get(pk=made.pk))))


@operation(
    routes, "POST", "/forecast-locks/{int:number}/locking", action="forecasts.lock", gives=LockOut, also=(412, 428)
)
def forecast_locking(request: ViewerRequest, number: int, response: HttpResponse) -> LockOut:
    """Lock it as the next version of its month; the vendor acknowledges it."""
    one = found(request.viewer, "forecasts.lock", _rows(), pk=number)
    unchanged(request, LockOut.from_orm(one))
    actions.lock_it(request.viewer, one)
    return shown(response, LockOut.from_orm(_rows().get(pk=number)))


@operation(
    routes, "POST", "/forecast-locks/{int:number}/removal", action="forecasts.lock", gives=None, status=204,
    also=(412, 428),
)  # fmt: skip
def forecast_removal(request: ViewerRequest, number: int) -> Status[None]:
    """Forget a draft; what is locked stays."""
    one = found(request.viewer, "forecasts.lock", _rows().filter(given_at=None), pk=number)
    unchanged(request, LockOut.from_orm(one))
    actions.discard(request.viewer, one)
    return Status(204, None)


def _rows() -> Any:
    return with_newer(Lock.objects.select_related("agreement", "acknowledgement")).defer("content")
