"""Operations of the rows behind a figure: they hold personal data, so each page of them says what for and is logged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from ninja import Field, Query, Schema

from onefloor_web.platform.permissions.page import ViewerRequest
from onefloor_web.platform.privacy.access import log
from onefloor_web.platform.privacy.models import Kind, Purpose
from onefloor_web.platform.rest.operations import Answered, operation, router
from onefloor_web.platform.rest.paging import MOST
from onefloor_web.platform.rest.problems import Fault, Refused, invalid
from onefloor_web.records.figures import address, filters, listing
from onefloor_web.records.figures.whose import ScopeOut, scope_out
from onefloor_web.records.floor import questions
from onefloor_web.records.floor.scopes import NothingToSee

routes = router("Rows behind figures")
Value = str | int | bool | None


class RowsOut(Schema):
    """Some rows of one side of a figure; without a purpose there are none."""

    scope: ScopeOut
    metric: str = Field(description="The reference, spelled out")
    side: str
    count: int = Field(description="Rows in all")
    amount: int = Field(description="What all of them add up to: the numerator or the denominator")
    items: list[dict[str, Value]] = Field(description="Lengths and moments in milliseconds, as in the facts")
    next: int | None = Field(None, description="What to send as offset for the next page; null on the last one")


class AskedRows(Schema):
    """Which rows, and what for."""

    metric: str = Field(min_length=1, max_length=200, description="Reference of a metric", examples=["service_level"])
    span: str = Field(max_length=40, description="2026-11, 2026-10..2026-11, 2026-W43, or days", examples=["2026-11"])
    purpose: Purpose = Field(description="What the rows are opened for; written down with your name")
    side: str = Field("numerator", description="numerator, others, denominator or excluded, as the metric has them")
    where: list[str] = Field([], max_length=filters.MOST, description="Filters such as queue:tech")
    limit: int = Field(50, ge=1, le=MOST, description="Rows a page")
    offset: int = Field(0, ge=0, le=1_000_000, description="Rows to skip")


@operation(routes, "GET", "/rows", action="figures.view", gives=RowsOut)
def rows(request: ViewerRequest, asked: Query[AskedRows]) -> dict[str, Any]:
    """The rows behind one side of a figure, of one's own scope; each call is logged with its purpose."""
    where = address.read(asked.metric, asked.span, {"where": asked.where})
    sides = listing.sides(where.metric)
    chosen = next((side for side in sides if side == asked.side), None)
    if chosen is None:
        raise Answered(invalid([Fault(where="query.side", what=_("One of: %(names)s") % {"names": ", ".join(sides)})]))
    try:
        listed = questions.rows(
            request.viewer, where.reference, chosen, filters.wanted(where.where), where.span.asked,
            limit=asked.limit, offset=asked.offset,
        )  # fmt: skip
    except NothingToSee as error:
        raise Refused(
            403, "nothing-to-see", _("The roles of this token's owner see no rows of figures."),
            remedy=_("Ask the administrator of your company for a role that does."),
        ) from error  # fmt: skip
    if listed.rows:
        log(request.viewer, asked.purpose, Kind.ROWS, where.rows(side=chosen), rows=len(listed.rows))
    names = [part.name for part in listing.parts(listed, request.viewer, personal=True)]
    end = asked.offset + asked.limit
    return {
        "scope": scope_out(request.viewer), "metric": where.reference, "side": chosen,
        "count": listed.count, "amount": listed.amount,
        "items": [{name: _value(name, row) for name in names} for row in listed.rows],
        "next": end if end < listed.count else None,
    }  # fmt: skip


def _value(name: str, row: Mapping[str, Any]) -> Value:
    value = listing.source_words(row) if name == "source" else row.get(name)
    return value if isinstance(value, int | str) or value is None else str(value)
