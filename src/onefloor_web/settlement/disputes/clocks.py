"""The clocks of a dispute by the terms of the statement's month: until when, how often, who decides at which step."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from onefloor.agreements.terms.procedure import Procedure
from onefloor.language import Text, same
from onefloor_web.settlement.disputes.models import Dispute, How
from onefloor_web.settlement.statements.issuing import deadline, procedure_of
from onefloor_web.settlement.statements.models import Line, Statement

MANAGERS = Text("双方管理层", "the managers of both companies")
"""Who decides where the terms let a dispute escalate and name no steps."""


def rules_of(statement: Statement) -> Procedure:
    """The procedure of the statement's month."""
    return procedure_of(statement)


def steps_of(statement: Statement) -> tuple[Text, ...]:
    """Who decides at each step of escalation, first step first; never empty."""
    return tuple(same(name) for name in rules_of(statement).escalation) or (MANAGERS,)


def step_of(dispute: Dispute) -> Text:
    """Who decides at the step the dispute is at."""
    return steps_of(dispute.statement)[dispute.step - 1]


def rule_by(statement: Statement, start: datetime) -> datetime | None:
    """Until when a dispute that begins at ``start`` has to be ruled on, or a step of its escalation to end."""
    return deadline(statement, start, rules_of(statement).rule)


def claim_by(statement: Statement, before: Dispute | None) -> datetime | None:
    """Until when a line can be disputed: from the issue; a further round as long again from the end of the last."""
    if before is None or before.closed_at is None:
        return statement.dispute_by
    later = deadline(statement, before.closed_at, rules_of(statement).dispute)
    return None if later is None or statement.dispute_by is None else max(later, statement.dispute_by)


def sign_by(dispute: Dispute) -> datetime | None:
    """Until when both may sign once a dispute is over: the terms' time again, and while it can be taken further."""
    statement = dispute.statement
    assert dispute.closed_at is not None
    signed = deadline(statement, dispute.closed_at, rules_of(statement).sign)
    further = signed if dispute.how in (How.AGREEMENT, How.RESERVED) else claim_by(statement, dispute)
    return None if signed is None or further is None else max(signed, further)


def rounds_before(line: Line) -> QuerySet[Dispute]:
    """Every dispute so far about what this line says, in any revision of its month; the latest first."""
    statement = line.statement
    return Dispute.objects.filter(
        statement__agreement=statement.agreement_id, statement__month=statement.month, line__key=line.key,
    ).order_by("-round", "-pk")  # fmt: skip


def lines_disputed(statement: Statement) -> int:
    """How many lines of a month were disputed, in any revision."""
    rows = Dispute.objects.filter(statement__agreement=statement.agreement_id, statement__month=statement.month)
    return rows.values("line__key").distinct().order_by().count()
