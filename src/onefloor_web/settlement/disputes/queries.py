"""Reads of disputes."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet, Subquery
from django.utils import timezone

from onefloor.language import Text, same
from onefloor_web.agreements.register.queries import signed_versions
from onefloor_web.platform.companies.models import Company, Kind
from onefloor_web.platform.permissions.policy import only_visible
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.disputes.clocks import rules_of, step_of, steps_of
from onefloor_web.settlement.disputes.models import UNDER_WAY, Answer, Dispute, State
from onefloor_web.settlement.statements.issuing import calendar_at
from onefloor_web.settlement.statements.models import CURRENT, Line, Statement

MS = 1000
HOUR_MS = 3_600_000


def disputes(viewer: Viewer) -> QuerySet[Dispute]:
    """Every dispute the viewer may see, with what its words need."""
    return only_visible(viewer, "disputes.view", with_words(Dispute.objects.all()))


def with_words(rows: QuerySet[Dispute]) -> QuerySet[Dispute]:
    """The same, with all that is said of each read at once."""
    client = Company.objects.filter(kind=Kind.CLIENT).values("name")[:1]
    return (
        rows.select_related(
            "line__statement__agreement", "line__statement__company", "statement__agreement", "statement__company",
            "statement__version", "claim", "claimant", "company", "answer",
        )
        .prefetch_related(signed_versions("statement__agreement"))
        .annotate(client_name=Subquery(client))
    )  # fmt: skip


def line_at(viewer: Viewer, month: str, code: str, number: int) -> Line | None:
    """A line of the month's current statement; of the newest one where none is current."""
    rows = only_visible(viewer, "statements.view", Statement.objects.filter(month=month, agreement__code=code))
    statement = rows.filter(state__in=CURRENT).first() or rows.order_by("-revision").first()
    lines = Line.objects.select_related("statement__agreement", "statement__company", "statement__version")
    return lines.filter(statement=statement, number=number).first()


def waiting_words(dispute: Dispute) -> Text:
    """For whom it waits, in words; empty where it is over."""
    if dispute.state == State.ESCALATED or dispute.reserved:
        return step_of(dispute)
    if dispute.state != State.OPEN:
        return Text("", "")
    client: str = dispute.client_name  # type: ignore[attr-defined]  # of ``with_words``
    return same(client if dispute.claimant_id == dispute.company_id else dispute.company.name)


def what_then(dispute: Dispute) -> Text:
    """What the terms say where nobody acts until the deadline."""
    steps = steps_of(dispute.statement)
    if dispute.state == State.RESERVED:
        return Text("商定的金额在以后账期冲减", "what both agree on is credited in a later month")
    if dispute.state == State.ESCALATED and dispute.step >= len(steps):
        return Text("金额保留，账期可以会签", "the amount is reserved, and the month can be signed")
    if dispute.state == State.ESCALATED or rules_of(dispute.statement).silence == "escalated":
        decides = steps[dispute.step]
        return Text(f"升级，由{decides.zh}决定", f"escalated to {decides.en}")
    accepted = rules_of(dispute.statement).silence == "accepted"
    return Text("视为全部认可", "it counts as accepted") if accepted else Text("视为不予认可", "it counts as rejected")


def hours_left(dispute: Dispute, now: datetime | None = None) -> int:
    """Working hours until the deadline, by the agreement's calendar."""
    if dispute.due is None:
        return 0
    begin, working = now or timezone.now(), calendar_at(dispute.statement, dispute.moved_at)
    return working.worked_ms(int(begin.timestamp() * MS), int(dispute.due.timestamp() * MS)) // HOUR_MS


def proposals_of(dispute: Dispute) -> list[Answer]:
    """What each side proposes at the step the dispute is at, newest first; a newer proposal replaces the older."""
    rows = dispute.answers.filter(given_at__isnull=False, step=dispute.step).select_related("author").order_by("pk")
    latest = {one.author_id: one for one in rows}
    return sorted(latest.values(), key=lambda one: one.pk, reverse=True)


def under_way(viewer: Viewer) -> QuerySet[Dispute]:
    """Those on which somebody has still to act, soonest first; those that are reserved last."""
    reserved = Q(state=State.RESERVED, statement__state__in=CURRENT)
    return disputes(viewer).filter(Q(state__in=UNDER_WAY) | reserved).order_by("due", "pk")
