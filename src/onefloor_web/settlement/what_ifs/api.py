"""Operations of what-ifs: try other terms, read what came of it, share, copy, make it a draft."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from ninja import Field, Query, Schema, Status

from onefloor.periods import Month
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.permissions.page import ViewerRequest, found
from onefloor_web.platform.permissions.policy import only_visible
from onefloor_web.platform.rest.forms import CODE, as_sent, fitting
from onefloor_web.platform.rest.operations import operation, router
from onefloor_web.platform.rest.paging import Many, Wanted, paged
from onefloor_web.platform.rest.tags import shown, unchanged
from onefloor_web.settlement.what_ifs import actions
from onefloor_web.settlement.what_ifs.forms import DraftForm
from onefloor_web.settlement.what_ifs.models import LONGEST, TITLE_LENGTH, WhatIf

routes = router("What-ifs")
MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"


class WhatIfOut(Schema):
    """Past months settled under other terms, beside what was signed."""

    number: int = Field(alias="pk", serialization_alias="number", examples=[3])
    name: str = Field(examples=["SL 82"])
    agreement: str = Field(examples=["own-north"])
    author: int = Field(alias="author_id", serialization_alias="author", description="The company that tried it")
    first: str = Field(examples=["2025-11"])
    last: str = Field(examples=["2026-10"])
    change: str = Field(description="The amendment that was tried, as YAML")
    shared_at: datetime | None = Field(None, alias="given_at", serialization_alias="shared_at")
    ran_at: datetime | None = Field(None, description="Null until it is computed")
    result: dict[str, Any] | None = Field(
        None, alias="found", serialization_alias="result", description="As `onefloor what-if --json` gives it"
    )

    @staticmethod
    def resolve_agreement(one: WhatIf) -> str:
        """The agreement's code."""
        return one.agreement.code


class WhatIfIn(Schema):
    """Other terms to try."""

    agreement: str = Field(pattern=CODE, examples=["own-north"])
    name: str = Field(min_length=1, max_length=TITLE_LENGTH, examples=["SL 82"])
    first: str = Field(pattern=MONTH, examples=["2025-11"])
    last: str = Field(pattern=MONTH, examples=["2026-10"])
    change: str = Field(max_length=LONGEST, description="An amendment as YAML, beginning with ``amends``")


class WhatIfDraftIn(Schema):
    """From when the terms shall hold."""

    starts: date = Field(description="The first day of a month", examples=["2027-01-01"])


class WhatIfDraftOut(Schema):
    """The draft: it is read and changed under ``/drafts/{number}``."""

    draft: int


@operation(routes, "GET", "/what-ifs", action="what_ifs.view", gives=Many[WhatIfOut])
def what_ifs(request: ViewerRequest, page: Query[Wanted]) -> dict[str, Any]:
    """What-ifs of one's own company, and those that were shared with it."""
    return paged(only_visible(request.viewer, "what_ifs.view", _rows()), page, order=["pk"])


@operation(routes, "GET", "/what-ifs/{int:number}", action="what_ifs.view", gives=WhatIfOut)
def what_if(request: ViewerRequest, number: int, response: HttpResponse) -> WhatIfOut:
    """One what-if."""
    return shown(response, WhatIfOut.from_orm(found(request.viewer, "what_ifs.view", _rows(), pk=number)))


@operation(routes, "POST", "/what-ifs", action="what_ifs.change", gives=WhatIfOut, status=201, also=(404,))
def what_if_trial(request: ViewerRequest, said: WhatIfIn, response: HttpResponse) -> Status[WhatIfOut]:
    """Have past months settled again under other terms; the result is there once its job has ended."""
    agreements = Agreement.objects.select_related("company")
    agreement = found(request.viewer, "what_ifs.change", agreements, code=said.agreement)
    made = actions.try_terms(
        request.viewer, agreement, name=said.name, change=said.change, first=Month.parse(said.first),
        last=Month.parse(said.last),
    )  # fmt: skip
    return Status(201, shown(response, WhatIfOut.from_orm(_rows().get(pk=made.pk))))


@operation(routes, "POST", "/what-ifs/{int:number}/sharing", action="what_ifs.change", gives=WhatIfOut, also=(412, 428))
def what_if_sharing(request: ViewerRequest, number: int, response: HttpResponse) -> WhatIfOut:
    """Let the other company read it, for good."""
    one = _own(request, number)
    unchanged(request, WhatIfOut.from_orm(one))
    actions.share(request.viewer, one)
    return shown(response, WhatIfOut.from_orm(_rows().get(pk=number)))


@operation(routes, "POST", "/what-ifs/{int:number}/copies", action="what_ifs.change", gives=WhatIfOut, status=201)
def what_if_copy(request: ViewerRequest, number: int, response: HttpResponse) -> Status[WhatIfOut]:
    """The same as one's own company's, to go on with."""
    one = found(request.viewer, "what_ifs.change", _rows(), pk=number)
    made = actions.copy(request.viewer, one)
    return Status(201, shown(response, WhatIfOut.from_orm(_rows().get(pk=made.pk))))


@operation(routes, "POST", "/what-ifs/{int:number}/drafts", action="drafts.change", gives=WhatIfDraftOut, status=201)
def what_if_draft(request: ViewerRequest, number: int, said: WhatIfDraftIn) -> Status[Any]:
    """The terms as a draft amendment of one's own company; the same again is the same draft."""
    one = found(request.viewer, "what_ifs.change", _rows(), pk=number)
    form = DraftForm(as_sent({"starts": str(said.starts)}))
    return Status(201, {"draft": actions.draft(request.viewer, one, fitting(form)["starts"]).pk})


@operation(
    routes, "DELETE", "/what-ifs/{int:number}", action="what_ifs.change", gives=None, status=204, also=(412, 428)
)
def what_if_removal(request: ViewerRequest, number: int) -> Status[None]:
    """Forget one's own; what was shared stays."""
    one = _own(request, number)
    unchanged(request, WhatIfOut.from_orm(one))
    actions.discard(request.viewer, one)
    return Status(204, None)


def _own(request: ViewerRequest, number: int) -> WhatIf:
    """One of one's own company; the other's is not found here."""
    rows: QuerySet[WhatIf] = _rows().filter(author=request.viewer.company)
    return found(request.viewer, "what_ifs.change", rows, pk=number)


def _rows() -> Any:
    return WhatIf.objects.select_related("agreement__company")
