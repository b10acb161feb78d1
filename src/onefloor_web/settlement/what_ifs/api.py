"""Operations of what-ifs: what was tried, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from ninja import Field, Query, Schema

from onefloor_web.platform.permissions.page import ViewerRequest, found
from onefloor_web.platform.permissions.policy import only_visible
from onefloor_web.platform.rest.operations import operation, router
from onefloor_web.platform.rest.paging import Many, Wanted, paged
from onefloor_web.platform.rest.tags import shown
from onefloor_web.settlement.what_ifs.models import WhatIf

routes = router("What-ifs")


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


@operation(routes, "GET", "/what-ifs", action="what_ifs.view", gives=Many[WhatIfOut])
def what_ifs(request: ViewerRequest, page: Query[Wanted]) -> dict[str, Any]:
    """What-ifs of one's own company, and those that were shared with it."""
    return paged(only_visible(request.viewer, "what_ifs.view", _rows()), page, order=["pk"])


@operation(routes, "GET", "/what-ifs/{int:number}", action="what_ifs.view", gives=WhatIfOut)
def what_if(request: ViewerRequest, number: int, response: HttpResponse) -> WhatIfOut:
    """One what-if."""
    return shown(response, WhatIfOut.from_orm(found(request.viewer, "what_ifs.view", _rows(), pk=number)))


def _rows() -> Any:
    return WhatIf.objects.select_related("agreement")
