"""Operations of disputes: read them, and what was said in them. Acts are done by people on the page."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_noop
from ninja import Field, Query, Schema

from onefloor_web.platform.permissions.page import ViewerRequest, found
from onefloor_web.platform.rest.operations import operation, router
from onefloor_web.platform.rest.paging import Many, Wanted, paged
from onefloor_web.platform.uploads.queries import attachments_of
from onefloor_web.settlement.disputes.models import Answer, Asking, Claim, Dispute
from onefloor_web.settlement.disputes.queries import disputes

routes = router("Disputes")
NUMBER = "{int:number}"
TEXTS = (  # of the description, for the catalogue
    gettext_noop("Disputes"),
    gettext_noop("List Disputes"),
    gettext_noop("One Dispute"),
    gettext_noop("The disputes of one's own company; the client's are all."),
    gettext_noop("One dispute with its claim and its answers; drafts are not among them."),
)


class SaidOut(Schema):
    """A claim or an answer that was sent."""

    author: str = Field(examples=["North"])
    kind: str = Field(description="Of an answer: all, part or reject", examples=["part"])
    reason: str
    starts: str = Field(description="First moment of the rows, local time; empty for an amount")
    ends: str
    queues: list[str]
    amount: Decimal | None = Field(description="> 0 is owed to the company in addition")
    effect: dict[str, Any] = Field(description="Line, net and figure as issued and otherwise, as the core settles them")
    files: list[str] = Field(description="SHA-256 of each attached file")
    at: datetime


class DisputeOut(Schema):
    """One round of the dispute of a line."""

    number: int = Field(examples=[7])
    company: int = Field(examples=[2])
    agreement: str = Field(examples=["own-north"])
    month: str = Field(examples=["2026-10"])
    line: int = Field(examples=[2])
    clause: str = Field(examples=["4.2"])
    round: int = Field(examples=[1])
    claimant: str = Field(examples=["North"])
    state: str = Field(examples=["open"])
    step: int = Field(description="Step of escalation; 0 before", examples=[0])
    due: datetime | None = Field(description="Until when it waits")
    how: str = Field(description="By what it ended; empty before", examples=[""])
    raised_at: datetime
    closed_at: datetime | None


class WholeDispute(DisputeOut):
    """A dispute with what was said in it."""

    claim: SaidOut
    answers: list[SaidOut]


@operation(routes, "GET", "/disputes", action="disputes.view", gives=Many[DisputeOut])
def list_disputes(request: ViewerRequest, page: Query[Wanted]) -> dict[str, Any]:
    """The disputes of one's own company; the client's are all."""
    found_ = paged(disputes(request.viewer), page, order=["pk"])
    return {**found_, "items": [_out(one) for one in found_["items"]]}


@operation(routes, "GET", f"/disputes/{NUMBER}", action="disputes.view", gives=WholeDispute)
def one_dispute(request: ViewerRequest, number: int) -> dict[str, Any]:
    """One dispute with its claim and its answers; drafts are not among them."""
    one = found(request.viewer, "disputes.view", disputes(request.viewer), pk=number)
    answers = one.answers.filter(given_at__isnull=False).select_related("author").order_by("given_at")
    claim = Claim.objects.select_related("author").get(pk=one.claim_id)
    return {**_out(one), "claim": _said(claim), "answers": [_said(answer) for answer in answers]}


def _out(one: Dispute) -> dict[str, Any]:
    statement = one.statement
    return {
        "number": one.pk, "company": one.company_id, "agreement": statement.agreement.code, "month": statement.month,
        "line": one.line.number, "clause": one.line.clause, "round": one.round, "claimant": one.claimant.code,
        "state": one.state, "step": one.step, "due": one.due, "how": one.how, "raised_at": one.raised_at,
        "closed_at": one.closed_at,
    }  # fmt: skip


def _said(asking: Asking) -> dict[str, Any]:
    return {
        "author": asking.author.code, "kind": asking.kind if isinstance(asking, Answer) else "",
        "reason": asking.reason, "starts": asking.starts, "ends": asking.ends, "queues": list(asking.named_queues),
        "amount": asking.amount, "effect": asking.effect,
        "files": list(attachments_of(asking).values_list("digest", flat=True)), "at": asking.given_at,
    }  # fmt: skip
