"""Credit notes: what was accepted of a line, as money beside the lines."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from onefloor.agreements.adjustments import CREDIT_NOTE, digest_of
from onefloor.agreements.rendering.formats import money
from onefloor.language import Text
from onefloor.money import plain
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.uploads.queries import attachments_of
from onefloor_web.settlement.disputes import events
from onefloor_web.settlement.disputes.models import Answer, Asking, Dispute
from onefloor_web.settlement.statements.credits import carried_with
from onefloor_web.settlement.statements.models import Adjustment
from onefloor_web.settlement.statements.models import State as Stage
from onefloor_web.settlement.statements.reading import shown as two_places


def credit(viewer: Viewer, dispute: Dispute, answer: Answer | None, amount: Decimal) -> Adjustment | None:
    """A credit note over what was accepted; None where that moves no money.

    Args:
        viewer: for whose company it is written: the one whose act, or silence, ends the dispute.
        dispute: as it ended.
        answer: what it ended by; None for silence.
        amount: > 0 is owed to the company of the statement in addition.
    """
    if not amount:
        return None
    source = source_of(dispute, answer)
    if dispute.statement.state == Stage.LOCKED or dispute.statement.accepted_at is not None:
        source["carried"] = carried_with(dispute.line, amount)  # later months go on from it
    made = Adjustment.objects.create(
        company_id=dispute.company_id, agreement_id=dispute.statement.agreement_id, line=dispute.line,
        kind=CREDIT_NOTE, amount=amount, reason=_reason(dispute).as_json(), source=source, digest=digest_of(source),
        author_id=viewer.company, made_by=viewer.name,
    )  # fmt: skip
    shown = money(two_places(amount), dispute.statement.currency)
    did = Text(
        f"{{0}}：已开具冲减单 {made.pk}，{shown.zh}。", f"credit note {made.pk} over {shown.en} was made for {{0}}."
    )
    events.tell(viewer, events.CREDITED, dispute, did)
    return made


def source_of(dispute: Dispute, answer: Answer | None) -> dict[str, Any]:
    """What a credit note rests on, as canonical data: the claim, the ruling, and the digests of their files."""
    return {
        "dispute": dispute.pk,
        "round": dispute.round,
        "statement": dispute.statement.digest,
        "line": dispute.line.number,
        "claimant": dispute.claimant.code,
        "outcome": dispute.state,
        "by": dispute.how,
        "claim": _said(dispute.claim),
        "answer": None if answer is None else {"kind": answer.kind, **_said(answer)},
    }


def note_of(dispute: Dispute) -> list[Adjustment]:
    """The credit notes a dispute has led to, first note first."""
    rows = (
        Adjustment.objects.filter(kind=CREDIT_NOTE, line=dispute.line).select_related("line__statement").order_by("pk")
    )
    return [row for row in rows if row.source.get("dispute") == dispute.pk]


def _said(asking: Asking) -> dict[str, Any]:
    files = attachments_of(asking).order_by("digest").values_list("digest", flat=True)
    amount = None if asking.amount is None else plain(asking.amount)
    return {
        "author": asking.author.code, "reason": asking.reason, "from": asking.starts, "to": asking.ends,
        "queues": list(asking.named_queues), "amount": amount, "effect": asking.effect, "files": list(files),
    }  # fmt: skip


def _reason(dispute: Dispute) -> Text:
    words = {"ruling": Text("裁定", "ruling"), "agreement": Text("双方商定", "agreement of both"),
             "silence": Text("逾期未答复", "silence past the deadline")}  # fmt: skip
    how = words[dispute.how]
    of = events.title(dispute.line)
    return Text(
        f"{of.zh}的争议（第 {dispute.round} 轮），{how.zh}", f"Dispute of {of.en}, round {dispute.round}: {how.en}"
    )
