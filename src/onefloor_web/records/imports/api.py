"""Operations of imports: what was brought in, and what became of its lines."""

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
from onefloor_web.records.imports.models import Import

routes = router("Imports")


class LinesOut(Schema):
    """The account of every line: ``lines`` is the sum of the others."""

    lines: int
    loaded: int
    duplicates: int
    ignored: int
    quarantined: int


class ImportOut(Schema):
    """One or more files of one kind, and how far they have come."""

    number: int = Field(alias="pk", serialization_alias="number", examples=[17])
    name: str = Field(examples=["queue_log-2026-10"])
    kind: str = Field(description="Empty until it is chosen", examples=["asterisk-queue-log"])
    state: str = Field(description="fetching, begun, tried, loaded or discarded", examples=["loaded"])
    account: LinesOut | None = Field(None, description="Of the load, before it of the dry run; null before both")
    begun_by: str = Field(alias="begun_name", serialization_alias="begun_by")
    begun_at: datetime
    loaded_at: datetime | None = None

    @staticmethod
    def resolve_account(made: Import) -> dict[str, Any] | None:
        """None while nothing has been read."""
        return made.account() or None


@operation(routes, "GET", "/imports", action="imports.view", gives=Many[ImportOut])
def imports(request: ViewerRequest, page: Query[Wanted]) -> dict[str, Any]:
    """Imports of one's own company, the latest first."""
    return paged(only_visible(request.viewer, "imports.view", Import.objects.all()), page, order=["-pk"])


@operation(routes, "GET", "/imports/{int:number}", action="imports.view", gives=ImportOut)
def one_import(request: ViewerRequest, number: int, response: HttpResponse) -> ImportOut:
    """One import and its state."""
    return shown(response, ImportOut.from_orm(found(request.viewer, "imports.view", Import.objects.all(), pk=number)))
