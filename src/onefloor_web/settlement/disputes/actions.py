"""Every act in a dispute: one transaction, one event, safe to ask for twice; who comes second finds it done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from onefloor.language import Text
from onefloor_web.platform.pages.stamps import refuse_changed, stamp_of
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.uploads import actions as uploads
from onefloor_web.platform.uploads.queries import attachments_of
from onefloor_web.settlement.disputes import events, problems
from onefloor_web.settlement.disputes.clocks import (
    claim_by,
    lines_disputed,
    rounds_before,
    rule_by,
    rules_of,
    step_of,
    steps_of,
)
from onefloor_web.settlement.disputes.credit_notes import credit
from onefloor_web.settlement.disputes.models import (
    Answer,
    Answering,
    Claim,
    Dispute,
    How,
    Message,
    State,
)
from onefloor_web.settlement.disputes.money import (
    Wish,
    direction_of,
    effect_of,
    granted,
    refuse_beyond,
    refuse_beyond_line,
    refuse_empty_claim,
)
from onefloor_web.settlement.statements.models import Line, Statement
from onefloor_web.settlement.statements.models import State as Stage

Files: TypeAlias = "Iterable[UploadedFile[Any]]"
Said = TypeVar("Said", Claim, Answer)
ENDS = {Answering.ALL: State.ACCEPTED, Answering.PART: State.PARTLY, Answering.REJECT: State.REJECTED}
TOLD = {
    State.ACCEPTED: Text("全部认可", "accepted"),
    State.PARTLY: Text("部分认可", "accepted in part"),
    State.REJECTED: Text("不予认可", "rejected"),
}


@transaction.atomic
def save_claim(viewer: Viewer, line: Line, reason: str, wish: Wish, files: Files = ()) -> Claim:
    """Keep the draft of a claim, with what it comes to; nobody but the own company sees it.

    Raises:
        see ``refuse_claim``; NoClause, BadWindow, NoRows: what is asked for cannot be settled.
        BeyondLine: the amount is more than the line moves.
        Problems of attached files: nothing is kept.
    """
    statement = _held_statement(line.statement)
    line.statement = statement
    refuse_claim(viewer, line)
    refuse_beyond_line(line, wish)
    claim = claim_draft(viewer, line) or Claim(company_id=line.company_id, author_id=viewer.company, line=line)
    written = wish.written(direction_of(statement, viewer.company))
    return _saved(viewer, claim, files, reason=reason, **written)


@transaction.atomic
def raise_dispute(viewer: Viewer, claim: Claim, *, seen: str | None = None) -> Dispute:
    """Send a claim: the other company reads it, and its clock begins.

    Args:
        viewer: who sends it.
        claim: the draft.
        seen: the stamp of what was read before (``stamp``); None where nobody was asked.

    Raises:
        see ``refuse_claim``; NoReason, NothingClaimed: it cannot be sent as it is.
        ChangedMeanwhile: it says something else than what was read.
    """
    statement = _held_statement(claim.line.statement)
    claim = Claim.objects.select_for_update(of=["self"]).select_related("line").get(pk=claim.pk)
    claim.line.statement = statement
    if claim.given_at is not None:
        return claim.dispute
    refuse_changed(seen, stamp(claim))
    refuse_claim(viewer, claim.line)
    if not claim.reason:
        raise problems.NoReason
    refuse_empty_claim(claim)
    before, now = rounds_before(claim.line).first(), timezone.now()
    Claim.objects.filter(pk=claim.pk).update(given_at=now)
    claim.given_at = now
    uploads.give(claim)
    dispute = Dispute.objects.create(
        company_id=claim.company_id, statement=statement, line=claim.line, round=before.round + 1 if before else 1,
        claimant_id=viewer.company, claim=claim, raised_at=now, raised_by=viewer.name,
        due=rule_by(statement, now), moved_at=now,
    )  # fmt: skip
    did = Text(f"{viewer.name} 对 {{0}}提出争议。", f"{viewer.name} disputed {{0}}.")
    events.tell(viewer, events.RAISED, dispute, did, why=claim.reason)
    return dispute


def refuse_claim(viewer: Viewer, line: Line) -> None:
    """Whether this company may dispute this line now.

    Raises:
        Shadow, NotIssued, Accepted, UnderWay, Agreed, TooLate, RoundsUsed, LinesUsed.
    """
    statement, rules = line.statement, rules_of(line.statement)
    if statement.shadow:
        raise problems.Shadow
    if statement.state != Stage.ISSUED:
        raise problems.NotIssued
    if statement.accepted_at is not None:
        raise problems.Accepted
    before = rounds_before(line).first()
    if before is not None and before.at_issue:
        raise problems.UnderWay
    if before is not None and before.how == How.AGREEMENT:
        raise problems.Agreed
    if before is not None and before.state != State.RESERVED and before.round >= rules.rounds:
        raise problems.RoundsUsed(rules.rounds)
    if before is None and rules.disputes is not None and lines_disputed(statement) >= rules.disputes:
        raise problems.LinesUsed(rules.disputes)
    due = claim_by(statement, before)
    if due is not None and timezone.now() > due:
        raise problems.TooLate(due)


def stamp(asking: Claim | Answer) -> str:
    """Of what a draft says, with its files."""
    files = list(attachments_of(asking).order_by("digest").values_list("digest", flat=True))
    return stamp_of(asking.pk, asking.saved_at, asking.saved_by, asking.reason, asking.effect, files)


def claim_draft(viewer: Viewer, line: Line) -> Claim | None:
    """The own company's unsent claim against a line."""
    return Claim.objects.filter(author=viewer.company, line=line, given_at=None).first()


def answer_draft(viewer: Viewer, dispute: Dispute) -> Answer | None:
    """The own company's unsent answer."""
    return Answer.objects.filter(author=viewer.company, dispute=dispute, given_at=None).first()


@transaction.atomic
def save_answer(
    viewer: Viewer, dispute: Dispute, kind: Answering, reason: str, wish: Wish, files: Files = ()
) -> Answer:
    """Keep the draft of a ruling, or of a proposal at a step of escalation.

    Raises:
        Over, NotYourTurn: there is nothing to answer.
        NoClause, BadWindow, NoRows: the part cannot be settled.
        Problems of attached files: nothing is kept.
    """
    dispute = held(dispute)
    _refuse_answer(viewer, dispute)
    answer = answer_draft(viewer, dispute)
    answer = answer or Answer(company_id=dispute.company_id, author_id=viewer.company, dispute=dispute)
    answer.dispute = dispute
    written = (wish if kind == Answering.PART else Wish()).written(direction_of(dispute.statement, dispute.claimant_id))
    return _saved(viewer, answer, files, kind=kind, step=dispute.step, reason=reason, **written)


@transaction.atomic
def send_answer(viewer: Viewer, answer: Answer, *, seen: str | None = None) -> Dispute:
    """Send a ruling, which ends the round; or a proposal, which the other side may agree to.

    Args:
        viewer: who sends it.
        answer: the draft.
        seen: the stamp of what was read before (``stamp``); None where nobody was asked.

    Raises:
        ChangedMeanwhile: it says something else than what was read.
        Over, NotYourTurn, TooLate: the dispute has moved on.
        NoReason, BeyondClaim, TooMuch: it cannot be sent as it is.
    """
    dispute = held(answer.dispute)
    answer = Answer.objects.select_for_update(of=["self"]).get(pk=answer.pk)
    answer.dispute = dispute
    if answer.given_at is not None:
        return dispute
    refuse_changed(seen, stamp(answer))
    _refuse_answer(viewer, dispute)
    now = timezone.now()
    if dispute.state == State.OPEN and dispute.due is not None and now > dispute.due:
        raise problems.TooLate(dispute.due)
    if answer.kind != Answering.ALL and not answer.reason:
        raise problems.NoReason
    if answer.kind == Answering.PART:
        refuse_beyond(dispute, answer)
    Answer.objects.filter(pk=answer.pk).update(given_at=now, step=dispute.step)
    answer.given_at = now
    uploads.give(answer)
    if dispute.state in (State.ESCALATED, State.RESERVED):
        return _proposed(viewer, dispute, answer)
    outcome = TOLD[ENDS[Answering(answer.kind)]]
    did = Text(f"{viewer.name} 裁定 {{0}}的争议：{outcome.zh}。", f"{viewer.name} ruled on {{0}}: {outcome.en}.")
    return _ended(viewer, dispute, answer, How.RULING, did, now)


@transaction.atomic
def agree(viewer: Viewer, dispute: Dispute, answer: Answer) -> Dispute:
    """Agree to what the other side has proposed at a step of escalation.

    Raises:
        Over: it is neither escalated nor reserved any more, or at another step.
        Replaced: the other side has proposed something else since.
        NotYourTurn: the proposal is one's own.
    """
    dispute = held(dispute)
    if dispute.answer_id == answer.pk:
        return dispute
    answer = Answer.objects.get(pk=answer.pk, dispute=dispute)
    answer.dispute = dispute
    if (
        not (dispute.state == State.ESCALATED or dispute.reserved)
        or answer.step != dispute.step
        or answer.given_at is None
    ):
        raise problems.Over(dispute)
    if answer.author_id == viewer.company:
        raise problems.NotYourTurn
    later = Answer.objects.filter(
        dispute=dispute, author=answer.author_id, step=answer.step, given_at__isnull=False, pk__gt=answer.pk
    )
    if later.exists():
        raise problems.Replaced
    outcome = TOLD[ENDS[Answering(answer.kind)]]
    did = Text(f"双方就 {{0}}的争议商定：{outcome.zh}。", f"both companies agreed on {{0}}: {outcome.en}.")
    return _ended(viewer, dispute, answer, How.AGREEMENT, did, timezone.now())


@transaction.atomic
def withdraw(viewer: Viewer, dispute: Dispute, why: str = "") -> Dispute:
    """Take a dispute back; the line stands as it was issued, less what was accepted before.

    Raises:
        Over: it is decided already.
        NotYourTurn: the other company has raised it.
    """
    dispute = held(dispute)
    if viewer.company != dispute.claimant_id:
        raise problems.NotYourTurn
    if dispute.state == State.WITHDRAWN:
        return dispute
    if not dispute.at_issue:
        raise problems.Over(dispute)
    _close(viewer, dispute, State.WITHDRAWN, How.WITHDRAWAL, timezone.now())
    did = Text(f"{viewer.name} 撤回了对 {{0}}的争议。", f"{viewer.name} withdrew the dispute of {{0}}.")
    events.tell(viewer, events.WITHDRAWN, dispute, did, why=why)
    return dispute


@transaction.atomic
def escalate(viewer: Viewer, dispute: Dispute, why: str = "") -> Dispute:
    """After a ruling in part or against the claim, once the rounds are used: take it to the first step.

    Raises:
        NotYourTurn: the other company has raised it.
        Over: it is open, accepted or withdrawn, or there are rounds left.
        Agreed: both have agreed on what it ended by.
        NoSteps, TooLate, NotIssued, Accepted.
    """
    dispute = held(dispute)
    if viewer.company != dispute.claimant_id:
        raise problems.NotYourTurn
    if dispute.state == State.ESCALATED:
        return dispute
    refuse_escalation(dispute)
    _escalated(viewer, dispute, timezone.now(), why=why)
    return dispute


def refuse_escalation(dispute: Dispute) -> None:
    """Whether the claimant may take a decided dispute further; raises as ``escalate``."""
    statement = dispute.statement
    latest = rounds_before(dispute.line).first()
    decided = dispute.state in (State.PARTLY, State.REJECTED) and dispute == latest
    if not decided or dispute.round < rules_of(statement).rounds:
        raise problems.Over(dispute)
    if dispute.how == How.AGREEMENT:
        raise problems.Agreed
    if statement.state != Stage.ISSUED:
        raise problems.NotIssued
    if statement.accepted_at is not None:
        raise problems.Accepted
    if dispute.step >= len(steps_of(statement)):
        raise problems.NoSteps
    due = claim_by(statement, dispute)
    if due is not None and timezone.now() > due:
        raise problems.TooLate(due)


@transaction.atomic
def say(viewer: Viewer, dispute: Dispute, words: str, *, question: bool = False, files: Files = ()) -> Message:
    """Write into the thread; both companies read it at once.

    Raises:
        Over: the dispute is decided.
    """
    dispute = held(dispute)
    if not dispute.at_issue:
        raise problems.Over(dispute)
    message = Message.objects.create(
        company_id=dispute.company_id, author_id=viewer.company, given_at=timezone.now(), dispute=dispute,
        words=words, question=question, made_by=viewer.name,
    )  # fmt: skip
    uploads.attach(viewer, message, files)
    did = (
        Text(f"{viewer.name} 就 {{0}}的争议提问。", f"{viewer.name} asked a question about {{0}}.")
        if question
        else Text(f"{viewer.name} 就 {{0}}的争议留言。", f"{viewer.name} wrote about {{0}}.")
    )
    events.tell(viewer, events.ASKED if question else events.SAID, dispute, did, why=words)
    return message


@transaction.atomic
def keep_time(viewer: Viewer, dispute: Dispute, now: datetime) -> bool:
    """Past its deadline a dispute becomes what the terms say of silence; whether something happened.

    Only the company that was silent gets here, or at a step of escalation the one that did not claim: a deadline is
    applied once.
    """
    dispute = held(dispute)
    if not _past(dispute, now) or not dispute.under_way or viewer.company == dispute.claimant_id:
        return False
    if dispute.state == State.ESCALATED or rules_of(dispute.statement).silence == "escalated":
        if dispute.step >= len(steps_of(dispute.statement)):
            _reserved(viewer, dispute, now)
        else:
            _escalated(viewer, dispute, now)
        return True
    state = State.ACCEPTED if rules_of(dispute.statement).silence == "accepted" else State.REJECTED
    amount = granted(dispute, None, accepted=state == State.ACCEPTED)
    _close(viewer, dispute, state, How.SILENCE, now)
    outcome = TOLD[state]
    did = Text(f"{{0}}的争议逾期未裁定，按协议视为{outcome.zh}。",
               f"nobody ruled on {{0}} in time: under the agreement it counts as {outcome.en}.")  # fmt: skip
    events.tell(viewer, events.SILENT, dispute, did)
    credit(viewer, dispute, None, amount)
    return True


def _past(dispute: Dispute, now: datetime) -> bool:
    """Whether its time is over: by what was written at its last move, and never before the terms say so."""
    if dispute.due is None:
        return False
    return now >= max(dispute.due, rule_by(dispute.statement, dispute.moved_at) or dispute.due)


def held(dispute: Dispute) -> Dispute:
    """The dispute as it is now, which nobody else moves until this transaction ends; its statement before it."""
    _held_statement(dispute.statement)
    rows = Dispute.objects.select_for_update(of=["self"])
    return rows.select_related(
        "statement__agreement", "statement__company", "statement__version", "line", "claim", "claimant"
    ).get(pk=dispute.pk)


def _held_statement(statement: Statement) -> Statement:
    """Always the statement first: a signature and a claim at the same moment are put in a row."""
    rows = Statement.objects.select_for_update(of=["self"]).select_related("agreement", "company", "version")
    return rows.get(pk=statement.pk)


def _saved(viewer: Viewer, asking: Said, files: Files, **fields: Any) -> Said:
    """A claim or an answer with what it says now, what that comes to, and its files."""
    for name, value in fields.items():
        setattr(asking, name, value)
    if isinstance(asking, Claim):
        asking.effect = effect_of(asking.line, asking)
    else:
        asking.dispute.line.statement = asking.dispute.statement
        asking.effect = effect_of(asking.dispute.line, asking) if asking.kind == Answering.PART else {}
    asking.saved_at, asking.saved_by = timezone.now(), viewer.name
    asking.save()
    uploads.attach(viewer, asking, files)
    return asking


def _refuse_answer(viewer: Viewer, dispute: Dispute) -> None:
    if not dispute.at_issue:
        raise problems.Over(dispute)
    if dispute.state == State.OPEN and viewer.company == dispute.claimant_id:
        raise problems.NotYourTurn


def _proposed(viewer: Viewer, dispute: Dispute, answer: Answer) -> Dispute:
    outcome = TOLD[ENDS[Answering(answer.kind)]]
    did = Text(f"{viewer.name} 就 {{0}}的争议提议：{outcome.zh}。", f"{viewer.name} proposed for {{0}}: {outcome.en}.")
    events.tell(viewer, events.PROPOSED, dispute, did, why=answer.reason)
    return dispute


def _ended(viewer: Viewer, dispute: Dispute, answer: Answer, how: How, did: Text, now: datetime) -> Dispute:
    amount = granted(dispute, answer)
    dispute.answer = answer
    _close(viewer, dispute, ENDS[Answering(answer.kind)], how, now)
    name = events.RULED if how == How.RULING else events.AGREED
    events.tell(viewer, name, dispute, did, why=answer.reason)
    credit(viewer, dispute, answer, amount)
    return dispute


def _close(viewer: Viewer, dispute: Dispute, state: State, how: How, now: datetime) -> None:
    dispute.state, dispute.how, dispute.closed_at, dispute.closed_by = state, how, now, viewer.name
    dispute.moved_at, dispute.due = now, None
    dispute.save()


def _reserved(viewer: Viewer, dispute: Dispute, now: datetime) -> None:
    """At its last step it holds up the month no more: the amount stays at issue, the rest can be signed."""
    _close(viewer, dispute, State.RESERVED, How.RESERVED, now)
    did = Text(
        "{0}的争议在最后一级逾期未商定：金额保留，账期可以会签；之后商定的金额在以后账期冲减。",
        "nobody agreed on {0} at the last step in time: the amount is reserved, the month can be signed, and what both "
        "agree on later is credited in a later month.",
    )
    events.tell(viewer, events.RESERVED, dispute, did)


def _escalated(viewer: Viewer, dispute: Dispute, now: datetime, *, why: str = "") -> None:
    dispute.state, dispute.step, dispute.moved_at = State.ESCALATED, dispute.step + 1, now
    dispute.due, dispute.answer = rule_by(dispute.statement, now), None
    dispute.how, dispute.closed_at, dispute.closed_by = "", None, ""
    dispute.save()
    decides = step_of(dispute)
    did = Text(f"{{0}}的争议已升级，由{decides.zh}决定。", f"the dispute of {{0}} was escalated to {decides.en}.")
    events.tell(viewer, events.ESCALATED, dispute, did, why=why)
