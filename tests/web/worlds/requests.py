"""One open request of each company with what was said about it, and who looks after requests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from onefloor.language import same
from onefloor_web.agreements.duties.actions import owe_answer
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.trust.requests.models import Message, Request, Route, Said

if TYPE_CHECKING:
    from world import Side

RAISED, DUE = datetime(2026, 11, 20, 2, tzinfo=UTC), datetime(2099, 1, 6, 10, tzinfo=UTC)


def fill(side: Side, viewer: Viewer) -> None:
    """Due in the far future: whether it is late never depends on when the tests run."""
    one = Request.objects.create(
        company=side.company, agreement=side.rows["agreement"], kind="problem", title=same("Problem").as_json(),
        duty="answer", span="16 working hours", pauses=True, subject=f"{side.marker} refund rule", raised_at=RAISED,
        raised_by=f"{side.marker} leader", raiser=viewer.user, due_at=DUE,
    )  # fmt: skip
    Message.objects.create(
        company=side.company, author=side.company, given_at=RAISED, request=one, kind=Said.REQUEST,
        text=f"{side.marker} asks for a rule", by=f"{side.marker} leader",
    )  # fmt: skip
    owe_answer(
        viewer, company=viewer.company, agreement=one.agreement, duty="answer", title=same("Problem"),
        reference=one.code, asked=one.subject, span=one.span, begins_at=RAISED, due_at=DUE, page=f"/requests/{one.pk}/",
    )  # fmt: skip
    route = Route.objects.create(company=side.company, role=Role.QA, kind=f"{side.secret}")
    side.rows |= {"request": one, "route": route}


def numbered(row: str):
    return lambda side: {"number": side.rows[row].pk}


BY_THE_CLIENT = ("request_question", "request_answer", "request_handler", "api:request_question", "api:request_answer")
ACTS = (
    "request", "request_reply", "request_acceptance", "request_return", "request_closing", "request_withdrawal",
    "request_note", "api:request", "api:request_messages", "api:request_reply", "api:request_acceptance",
    "api:request_return", "api:request_withdrawal", "api:request_closing", "api:request_note", *BY_THE_CLIENT,
)  # fmt: skip
CASES = {
    **dict.fromkeys(ACTS, numbered("request")),
    "request_route_removal": numbered("route"),
}
CLIENT_ONLY = {*BY_THE_CLIENT}
SHARED = {*ACTS}
