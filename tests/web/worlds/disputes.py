"""An issued statement of each company, a disputed line of it with a file and a message, and drafts of both kinds.

A vendor's line was disputed once before, and credited in part.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from worlds.statements import client_viewer, make_statement
from worlds.uploads import text

from onefloor.agreements.adjustments import digest_of
from onefloor.agreements.alternatives import by_amount
from onefloor_web.platform.tenancy.scopes import working_for
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.uploads.actions import attach, give
from onefloor_web.settlement.disputes.credit_notes import source_of
from onefloor_web.settlement.disputes.models import Answer, Answering, Claim, Dispute, How, Message, State
from onefloor_web.settlement.statements.issuing import issue
from onefloor_web.settlement.statements.models import Adjustment, Line, Statement
from onefloor_web.settlement.statements.reading import settled_of

if TYPE_CHECKING:
    from world import Side

MONTH = "2027-01"
HALF, WHOLE = Decimal("0.50"), Decimal("1.00")


def fill(side: Side, viewer: Viewer) -> None:
    """Own staff's statement has nobody to dispute it; its rows are there for the walls alone."""
    with working_for(client_viewer()):
        line = issued(side).lines.select_related("statement").get(number=1)
    if not side.company.is_client:
        side.rows["adjustment"] = credited(side, disputed(side, viewer, line))
    dispute = disputed(side, viewer, line, number=1 if side.company.is_client else 2)
    Message.objects.create(
        company=side.company, author=side.company, given_at=timezone.now(), dispute=dispute,
        words=f"{side.marker} message", made_by=viewer.name,
    )  # fmt: skip
    answer = said(Answer(dispute=dispute, step=0, kind=Answering.REJECT), side, viewer, f"{side.secret} draft")
    side.rows |= {"dispute": dispute, "answer": answer, "disputed line": line}
    said(Claim(line=line), side, viewer, f"{side.secret} next claim")
    side.rows["draft file"] = attach(viewer, answer, [text(f"{side.secret} note.txt", side.secret)])[0]


def issued(side: Side) -> Statement:
    """A whole month as the core computes one; after those that tests sign, since months are closed in turn."""
    made = make_statement(side, MONTH, provisional=False)
    issue(client_viewer(), made)
    return made


def credited(side: Side, dispute: Dispute) -> Adjustment:
    """A credit note that rests on the client's ruling."""
    by = client_viewer()
    with working_for(by):
        answer = Answer(dispute=dispute, step=0, kind=Answering.PART, author_id=by.company)
        answer = said(answer, side, by, f"{side.marker} ruling", amount=HALF)
        answer.given_at = timezone.now()
        answer.save()
        dispute.state, dispute.how, dispute.answer = State.PARTLY, How.RULING, answer
        dispute.closed_at = dispute.moved_at = answer.given_at
        dispute.save()
        source = source_of(dispute, answer)
        return Adjustment.objects.create(
            company=side.company, agreement=side.rows["agreement"], line=dispute.line, kind=Adjustment.Kind.CREDIT_NOTE,
            amount=HALF, reason={"zh": f"{side.marker} 冲减", "en": f"{side.marker} credit note"}, source=source,
            digest=digest_of(source), author_id=by.company, made_by=f"{side.marker} maker",
        )  # fmt: skip


def disputed(side: Side, viewer: Viewer, line: Line, number: int = 1) -> Dispute:
    """A claim that was sent, with its file."""
    claim = said(Claim(line=line), side, viewer, f"{side.marker} claim")
    attach(viewer, claim, [text(f"{side.marker} outage.txt", f"{side.marker} down")])
    claim.given_at = timezone.now()
    claim.save()
    give(claim)
    return Dispute.objects.create(
        company=side.company, statement=line.statement, line=line, round=number, claimant=side.company, claim=claim,
        raised_at=claim.given_at, raised_by=viewer.name, moved_at=claim.given_at,
    )  # fmt: skip


def said(row: Any, side: Side, viewer: Viewer, reason: str, amount: Decimal = WHOLE) -> Any:
    """A draft of the company."""
    line = row.line if isinstance(row, Claim) else row.dispute.line
    row.company, row.author_id, row.reason = side.company, viewer.company, reason
    row.amount, row.saved_at, row.saved_by = amount, timezone.now(), viewer.name
    row.effect = by_amount(settled_of(line.statement), line.number, amount).as_json()
    row.save()
    return row


def place(side: Side) -> dict[str, str]:
    """The arguments of the dispute's address."""
    return {"month": MONTH, "code": side.rows["agreement"].code, "number": str(side.rows["disputed line"].number)}


def note(side: Side) -> list[dict[str, int]]:
    """The vendor's credit note; own staff has none."""
    return [{"number": side.rows["adjustment"].pk}] if "adjustment" in side.rows else []


CASES = {
    **dict.fromkeys(
        (
            "dispute", "dispute_claim_sending", "dispute_answer_sending", "dispute_withdrawal", "dispute_escalation",
            "dispute_message",
        ),
        place,
    ),
    "dispute_agreement": lambda side: {**place(side), "answer": str(side.rows["answer"].pk)},
    "dispute_file_removal": lambda side: {**place(side), "attachment": str(side.rows["draft file"].pk)},
    "credit_note": note,
    "credit_note_document": note,
    **dict.fromkeys(
        (
            "api:one_dispute", "api:dispute_answer", "api:dispute_agreement", "api:dispute_withdrawal",
            "api:dispute_escalation", "api:dispute_message",
        ),
        lambda side: {"number": side.rows["dispute"].pk},
    ),
}  # fmt: skip
SHARED = set(CASES) - {"dispute_agreement", "dispute_file_removal"}
