"""An issued statement of each company, a disputed line of it with a file and a message, and drafts of both kinds."""

from __future__ import annotations

import shutil
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from worlds.statements import client_viewer, computed
from worlds.uploads import text

from onefloor.agreements.alternatives import by_amount
from onefloor_web.platform.tenancy.scopes import working_for
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.uploads.actions import attach, give
from onefloor_web.settlement.disputes.models import Answer, Answering, Claim, Dispute, Message
from onefloor_web.settlement.statements.issuing import issue
from onefloor_web.settlement.statements.models import Line, Statement
from onefloor_web.settlement.statements.reading import out_of, settled_of
from onefloor_web.settlement.statements.running import keep

if TYPE_CHECKING:
    from world import Side

MONTH = "2026-07"


def fill(side: Side, viewer: Viewer) -> None:
    """Own staff's statement has nobody to dispute it; its rows are there for the walls alone."""
    with working_for(client_viewer()):
        line = issued(side).lines.select_related("statement").get(number=1)
    dispute = disputed(side, viewer, line)
    Message.objects.create(
        company=side.company, author=side.company, given_at=timezone.now(), dispute=dispute,
        words=f"{side.marker} message", made_by=viewer.name,
    )  # fmt: skip
    answer = said(Answer(dispute=dispute, step=0, kind=Answering.REJECT), side, viewer, f"{side.secret} draft")
    side.rows |= {"dispute": dispute, "answer": answer, "disputed line": line}
    said(Claim(line=line), side, viewer, f"{side.secret} next claim")
    side.rows["draft file"] = attach(viewer, answer, [text(f"{side.secret} note.txt", side.secret)])[0]


def issued(side: Side) -> Statement:
    """A month of before, as the core computes one, all facts in."""
    version = side.rows["version"]
    made = Statement(
        company=side.company, agreement=version.agreement, version=version, month=MONTH, revision=1,
        shadow=side.company.is_client, run_by=f"{side.marker} run",
    )  # fmt: skip
    settled, folder = computed(side.company.code, version.source)
    shutil.rmtree(made.folder, ignore_errors=True)
    shutil.copytree(folder, out_of(made))
    keep(made, replace(settled, provisional=False), version.source, None, ())
    issue(client_viewer(), made)
    return made


def disputed(side: Side, viewer: Viewer, line: Line) -> Dispute:
    """A claim that was sent, with its file."""
    claim = said(Claim(line=line), side, viewer, f"{side.marker} claim")
    attach(viewer, claim, [text(f"{side.marker} outage.txt", f"{side.marker} down")])
    claim.given_at = timezone.now()
    claim.save()
    give(claim)
    return Dispute.objects.create(
        company=side.company, statement=line.statement, line=line, round=1, claimant=side.company, claim=claim,
        raised_at=claim.given_at, raised_by=viewer.name, moved_at=claim.given_at,
    )  # fmt: skip


def said(row: Any, side: Side, viewer: Viewer, reason: str) -> Any:
    """A draft of the company."""
    line = row.line if isinstance(row, Claim) else row.dispute.line
    row.company, row.author, row.reason = side.company, side.company, reason
    row.amount, row.saved_at, row.saved_by = Decimal(1), timezone.now(), viewer.name
    row.effect = by_amount(settled_of(line.statement), line.number, Decimal(1)).as_json()
    row.save()
    return row


def place(side: Side) -> dict[str, str]:
    """The arguments of the dispute's address."""
    return {"month": MONTH, "code": side.rows["agreement"].code, "number": str(side.rows["disputed line"].number)}


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
    "credit_note": lambda side: {"number": side.rows["adjustment"].pk},
    "credit_note_document": lambda side: {"number": side.rows["adjustment"].pk},
    "api:one_dispute": lambda side: {"number": side.rows["dispute"].pk},
}  # fmt: skip
SHARED = set(CASES) - {"dispute_agreement", "dispute_file_removal"}
