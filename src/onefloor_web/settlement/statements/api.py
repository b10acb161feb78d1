"""Operations of statements: the list, one with its lines, its files, a run, a verification, the kept heads."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from ninja import Field, Query, Schema, Status

from onefloor.agreements.signing import ENVELOPE
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.agreements.signatures.queries import envelope_of
from onefloor_web.platform.jobs.actions import enqueue
from onefloor_web.platform.pages.downloads import attachment
from onefloor_web.platform.pages.formats import language
from onefloor_web.platform.permissions.page import ViewerRequest, found
from onefloor_web.platform.permissions.policy import only_visible
from onefloor_web.platform.rest.operations import operation, router
from onefloor_web.platform.rest.paging import Many, Wanted, paged
from onefloor_web.settlement.statements import downloads, queries
from onefloor_web.settlement.statements.jobs import RUN, VERIFY, signed_agreements
from onefloor_web.settlement.statements.models import Adjustment, Head, Statement
from onefloor_web.settlement.statements.reading import shown

routes = router("Statements")
MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"


class StatementOut(Schema):
    """A revision of a month's statement."""

    number: int = Field(alias="pk", serialization_alias="number", examples=[12])
    agreement: str = Field(examples=["own-north"])
    company: str = Field(examples=["North"])
    month: str = Field(examples=["2026-10"])
    revision: int = Field(examples=[1])
    state: str = Field(description="draft, issued, locked or superseded", examples=["issued"])
    shadow: bool
    provisional: bool
    currency: str = Field(examples=["CNY"])
    net: str = Field(description="Sum of the lines, as decimal text", examples=["272611.80"])
    payable: str = Field(description="Net, corrections and credit notes", examples=["272299.80"])
    digest: str = Field(description="SHA-256 of statement.json")
    manifest_digest: str = Field(description="SHA-256 of the bundle's manifest, which is signed")
    previous_digest: str = Field(description="SHA-256 of the locked statement before; empty without one")
    data_version: str
    facts_through: datetime | None = None
    issued_at: datetime | None = None
    dispute_by: datetime | None = None
    sign_by: datetime | None = None
    accepted_at: datetime | None = None
    locked_at: datetime | None = None

    @staticmethod
    def resolve_agreement(row: Statement) -> str:
        """The agreement's code."""
        return row.agreement.code

    @staticmethod
    def resolve_company(row: Statement) -> str:
        """The company's code."""
        return row.company.code

    @staticmethod
    def resolve_net(row: Statement) -> str:
        """Decimal text."""
        return _text(row.net)

    @staticmethod
    def resolve_payable(row: Statement) -> str:
        """Decimal text."""
        return _text(row.payable)


class AdjustmentOut(Schema):
    """A correction or credit note."""

    number: int = Field(alias="pk", serialization_alias="number", examples=[3])
    kind: str = Field(description="correction or credit_note", examples=["correction"])
    month: str = Field(description="Of the line it concerns", examples=["2026-09"])
    line: int = Field(examples=[2])
    amount: str = Field(examples=["-312.00"])
    reason: dict[str, str]
    source: Any = Field(description="What it rests on")
    digest: str = Field(description="SHA-256 of its source as canonical JSON")
    booked_in: int | None = Field(None, description="Number of the statement; null while it waits")

    @staticmethod
    def resolve_month(row: Adjustment) -> str:
        """The month of its line."""
        return row.line.statement.month

    @staticmethod
    def resolve_line(row: Adjustment) -> int:
        """The number of its line."""
        return row.line.number

    @staticmethod
    def resolve_amount(row: Adjustment) -> str:
        """Decimal text."""
        return _text(row.amount)

    @staticmethod
    def resolve_booked_in(row: Adjustment) -> int | None:
        """The statement that books it."""
        return row.booked_in_id


class HeadOut(Schema):
    """The head of a chain as one's own company keeps it."""

    number: int = Field(alias="pk", serialization_alias="number", examples=[4])
    agreement: str
    month: str
    revision: int
    digest: str
    manifest_digest: str
    previous_digest: str
    signatures: list[dict[str, str]]
    at: datetime


class RunIn(Schema):
    """What to settle."""

    month: str = Field(pattern=MONTH, examples=["2026-10"])
    agreement: str | None = Field(None, max_length=64, description="Code; all agreements if left out")


class AskedOut(Schema):
    """The job that was asked for: its state is that of ``/jobs/{number}``."""

    job: int


class Asked(Wanted):
    """Which statements."""

    month: str | None = Field(None, pattern=MONTH, description="A month")
    current: bool = Field(default=True, description="Leave out what was superseded")


@operation(routes, "GET", "/statements", action="statements.view", gives=Many[StatementOut])
def statements(request: ViewerRequest, asked: Query[Asked]) -> dict[str, Any]:
    """The statements of one's own company, the client's of all; the newest first."""
    rows = (queries.current if asked.current else queries.statements)(request.viewer)
    rows = rows.filter(month=asked.month) if asked.month else rows
    return paged(rows, asked, order=["-pk"])


@operation(routes, "GET", "/statements/{int:number}", action="statements.view", gives=StatementOut)
def statement(request: ViewerRequest, number: int) -> Statement:
    """One revision."""
    return found(request.viewer, "statements.view", queries.statements(request.viewer), pk=number)


@operation(routes, "GET", "/statements/{int:number}/document", action="statements.view", gives=dict[str, Any])
def document(request: ViewerRequest, number: int) -> dict[str, Any]:
    """The whole statement with lines, figures and arithmetic, as ``statement.json`` has it."""
    rows = Statement.objects.select_related("agreement")
    row = found(request.viewer, "statements.view", rows, pk=number)
    return {**row.document, "lines": [line.document for line in row.lines.all()]}


@operation(routes, "GET", "/statements/{int:number}/signatures", action="statements.view", gives=None, status=204)
def signatures(request: ViewerRequest, number: int) -> Any:
    """The signatures there are, as a DSSE envelope; 204 while nobody has signed."""
    row = found(request.viewer, "statements.view", Statement.objects.all(), pk=number)
    envelope = envelope_of(row)
    return attachment(envelope, ENVELOPE, "application/json") if envelope else HttpResponse(status=204)


@operation(routes, "GET", "/statements/{int:number}/pdf", action="statements.view", gives=None, status=204)
def pdf(request: ViewerRequest, number: int) -> HttpResponse:
    """The statement as PDF, in the language of the request."""
    row = found(request.viewer, "statements.view", Statement.objects.select_related("agreement"), pk=number)
    return attachment(downloads.content_of(row, "pdf", language()), downloads.name_of(row, "pdf"), "application/pdf")


@operation(
    routes, "POST", "/statements/{int:number}/verifications", action="statements.view", gives=AskedOut, status=202
)
def verify(request: ViewerRequest, number: int) -> Status[Any]:
    """Have the bundle verified; the job's result says what was checked and what differs."""
    row = found(request.viewer, "statements.view", Statement.objects.all(), pk=number)
    job = enqueue(request.viewer, VERIFY, key=str(row.pk), subject=row.month, statement=row.pk)
    return Status(202, {"job": job.pk})


@operation(routes, "POST", "/statement-runs", action="statements.run", gives=AskedOut, status=202, also=(404,))
def run(request: ViewerRequest, asked: RunIn) -> Status[Any]:
    """Settle a month of one agreement, or of all."""
    rows = only_visible(request.viewer, "statements.view", Agreement.objects.filter(pk__in=signed_agreements()))
    one = found(request.viewer, "statements.run", rows, code=asked.agreement) if asked.agreement else None
    params: dict[str, Any] = {"month": asked.month, **({"agreement": one.pk} if one else {})}
    key = f"{one.pk if one else 'all'} {asked.month}"
    subject = f"{one.code} {asked.month}" if one else asked.month
    job = enqueue(request.viewer, RUN, key=key, subject=subject, page="/statements/", **params)
    return Status(202, {"job": job.pk})


@operation(routes, "GET", "/adjustments", action="statements.view", gives=Many[AdjustmentOut])
def adjustments(request: ViewerRequest, page: Query[Wanted]) -> dict[str, Any]:
    """Corrections and credit notes, the newest first."""
    rows = only_visible(request.viewer, "statements.view", Adjustment.objects.select_related("line__statement"))
    return paged(rows, page, order=["-pk"])


@operation(routes, "GET", "/chain-heads", action="statements.view", gives=Many[HeadOut])
def heads(request: ViewerRequest, page: Query[Wanted]) -> dict[str, Any]:
    """The heads of chains that one's own company keeps, the newest first."""
    return paged(Head.objects.all(), page, order=["-pk"])


def _text(amount: Decimal) -> str:
    return format(shown(amount), "f")
