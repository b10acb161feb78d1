"""Operations of disputes: read them, and each act of a company in them. Files are attached on the page."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Literal

from django.http import Http404
from django.utils.translation import gettext_noop
from ninja import Field, Query, Schema, Status

from onefloor_web.platform.permissions.page import ViewerRequest, found
from onefloor_web.platform.rest.forms import as_sent, fitting
from onefloor_web.platform.rest.operations import operation, router
from onefloor_web.platform.rest.paging import Many, Wanted, paged
from onefloor_web.platform.uploads.queries import attachments_of
from onefloor_web.settlement.disputes import actions
from onefloor_web.settlement.disputes.forms import AMOUNT, ROWS, AnswerForm, ClaimForm
from onefloor_web.settlement.disputes.models import (
    MESSAGE_LENGTH,
    REASON_LENGTH,
    Answer,
    Answering,
    Asking,
    Claim,
    Dispute,
)
from onefloor_web.settlement.disputes.money import Wish, may_claim_rows
from onefloor_web.settlement.disputes.queries import disputes
from onefloor_web.settlement.statements.models import Line

routes = router("Disputes")
NUMBER = "{int:number}"
ONE: Final = f"/disputes/{NUMBER}"
REFUSED: Final = (404, 409)
MOST: Final = 2**63 - 1
MOST_LINES: Final = 100_000
TEXTS = (  # of the description, for the catalogue
    gettext_noop("Disputes"),
    gettext_noop("List Disputes"),
    gettext_noop("One Dispute"),
    gettext_noop("The disputes of one's own company; the client's are all."),
    gettext_noop("One dispute with its claim and its answers; drafts are not among them."),
    gettext_noop("Dispute Raising"),
    gettext_noop("Dispute a line of an issued statement; the other company's clock begins."),
    gettext_noop("Dispute Answer"),
    gettext_noop("Rule on a dispute, which ends the round; or propose at a step of escalation."),
    gettext_noop("Dispute Agreement"),
    gettext_noop("Agree to what the other company has proposed at a step of escalation."),
    gettext_noop("Dispute Withdrawal"),
    gettext_noop("Take one's own dispute back."),
    gettext_noop("Dispute Escalation"),
    gettext_noop("Take it to the next step, once the rounds are used."),
    gettext_noop("Dispute Message"),
    gettext_noop("Write into the thread; both companies read it at once."),
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
    return {**found_, "items": [out(one) for one in found_["items"]]}


@operation(routes, "GET", f"/disputes/{NUMBER}", action="disputes.view", gives=WholeDispute)
def one_dispute(request: ViewerRequest, number: int) -> dict[str, Any]:
    """One dispute with its claim and its answers; drafts are not among them."""
    one = found(request.viewer, "disputes.view", disputes(request.viewer), pk=number)
    answers = one.answers.filter(given_at__isnull=False).select_related("author").order_by("given_at")
    claim = Claim.objects.select_related("author").get(pk=one.claim_id)
    return {**out(one), "claim": _said(claim), "answers": [_said(answer) for answer in answers]}


class AskingIn(Schema):
    """Rows of a window of local time, or an amount in favour of the side that disputes."""

    reason: str = Field("", max_length=REASON_LENGTH)
    starts: str | None = Field(None, description="First moment of the rows", examples=["2026-10-14T09:58"])
    ends: str | None = Field(None, description="Moment after the last", examples=["2026-10-14T11:30"])
    queues: list[str] = Field(default_factory=list, description="Names; empty for all")
    amount: str | None = Field(None, description="Decimal text; instead of rows", examples=["120.00"])

    def fields(self) -> dict[str, Any]:
        """As the form on the page asks for them."""
        by = AMOUNT if self.amount is not None else ROWS
        plain = self.model_dump(include={"reason", "starts", "ends", "amount"})
        return {**plain, "by": by, "queues": ", ".join(self.queues)}


class ClaimIn(AskingIn):
    """What is disputed, and why."""

    statement: int = Field(ge=1, le=MOST, description="Number of the statement", examples=[12])
    line: int = Field(ge=1, le=MOST_LINES, examples=[2])


class DisputeAnswerIn(AskingIn):
    """All, a part, or nothing of what is claimed; a part is named as the claim is."""

    kind: Literal["all", "part", "reject"]


class AgreedIn(Schema):
    """Which proposal."""

    step: int = Field(ge=1, le=100, description="The step the dispute is at, as the caller has seen it", examples=[1])


class DisputeReasonIn(Schema):
    """Why."""

    why: str = Field("", max_length=MESSAGE_LENGTH)


class DisputeMessageIn(Schema):
    """A message, or a question back."""

    words: str = Field(min_length=1, max_length=MESSAGE_LENGTH)
    question: bool = False


@operation(routes, "POST", "/disputes", action="disputes.change", gives=DisputeOut, status=201, also=REFUSED)
def dispute_raising(request: ViewerRequest, said: ClaimIn) -> Status[dict[str, Any]]:
    """Dispute a line of an issued statement; the other company's clock begins."""
    rows = Line.objects.select_related("statement__agreement", "statement__company", "statement__version")
    line = found(request.viewer, "statements.view", rows, statement=said.statement, number=said.line)
    form = ClaimForm(as_sent(said.fields()), rows=may_claim_rows(line))
    reason = fitting(form)["reason"]
    made = actions.raise_dispute(request.viewer, actions.save_claim(request.viewer, line, reason, form.wish))
    return Status(201, _told(request, made))


@operation(routes, "POST", f"{ONE}/answers", action="disputes.change", gives=DisputeOut, also=REFUSED)
def dispute_answer(request: ViewerRequest, number: int, said: DisputeAnswerIn) -> dict[str, Any]:
    """Rule on a dispute, which ends the round; or propose at a step of escalation."""
    one = _one(request, number)
    form = AnswerForm(as_sent({**said.fields(), "kind": said.kind}), rows=may_claim_rows(one.line))
    reason, kind = fitting(form)["reason"], Answering(said.kind)
    wish = form.wish if kind == Answering.PART else Wish()
    made = actions.save_answer(request.viewer, one, kind, reason, wish)
    return _told(request, actions.send_answer(request.viewer, made))


@operation(routes, "POST", f"{ONE}/agreements", action="disputes.change", gives=DisputeOut, also=REFUSED)
def dispute_agreement(request: ViewerRequest, number: int, said: AgreedIn) -> dict[str, Any]:
    """Agree to what the other company has proposed at a step of escalation."""
    one = _one(request, number)
    given = Answer.objects.filter(dispute=one, step=said.step, given_at__isnull=False)
    proposed = given.exclude(author=request.viewer.company).order_by("given_at").last()
    if proposed is None:
        raise Http404
    return _told(request, actions.agree(request.viewer, one, proposed))


@operation(routes, "POST", f"{ONE}/withdrawal", action="disputes.change", gives=DisputeOut, also=REFUSED)
def dispute_withdrawal(request: ViewerRequest, number: int, said: DisputeReasonIn) -> dict[str, Any]:
    """Take one's own dispute back."""
    return _told(request, actions.withdraw(request.viewer, _one(request, number), said.why))


@operation(routes, "POST", f"{ONE}/escalation", action="disputes.change", gives=DisputeOut, also=REFUSED)
def dispute_escalation(request: ViewerRequest, number: int, said: DisputeReasonIn) -> dict[str, Any]:
    """Take it to the next step, once the rounds are used."""
    return _told(request, actions.escalate(request.viewer, _one(request, number), said.why))


@operation(routes, "POST", f"{ONE}/messages", action="disputes.change", gives=DisputeOut, also=REFUSED)
def dispute_message(request: ViewerRequest, number: int, said: DisputeMessageIn) -> dict[str, Any]:
    """Write into the thread; both companies read it at once."""
    one = _one(request, number)
    actions.say(request.viewer, one, said.words, question=said.question)
    return _told(request, one)


def _one(request: ViewerRequest, number: int) -> Dispute:
    return found(request.viewer, "disputes.change", disputes(request.viewer), pk=number)


def _told(request: ViewerRequest, one: Dispute) -> dict[str, Any]:
    return out(disputes(request.viewer).get(pk=one.pk))


def out(one: Dispute) -> dict[str, Any]:
    """A round as the API shows it."""
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
