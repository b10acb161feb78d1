"""A statement of each company with one line, a credit note that lowers it, and the head of a chain that it keeps."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING

from onefloor_web.platform.accounts.viewers import viewer_for
from onefloor_web.platform.companies.models import Company, Kind
from onefloor_web.platform.tenancy.scopes import working_for
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.statements.models import Adjustment, Head, Line, Statement

if TYPE_CHECKING:
    from world import Side


def client_viewer() -> Viewer:
    """The client's own work, which makes statements."""
    return viewer_for(Company.objects.get(kind=Kind.CLIENT).pk, name="monthly run")


def fill(side: Side, viewer: Viewer) -> None:
    """A provisional month, as the client's work has computed it."""
    with working_for(client_viewer()):
        statement = make_statement(side)
        line = make_line(side, statement)
        adjustment = make_adjustment(side, line)
    Head.objects.create(
        company=side.company, agreement=f"{side.secret}-agreement", statement=0, month="2026-09", revision=1,
        digest="0" * 64, manifest_digest="0" * 64,
    )  # fmt: skip
    side.rows |= {"statement": statement, "line": line, "adjustment": adjustment}


def make_statement(side: Side) -> Statement:
    """The statement of October, as long as facts may still come."""
    version = side.rows["version"]
    payload = f"{side.marker} payload".encode()
    return Statement.objects.create(
        company=side.company, agreement=version.agreement, version=version, month="2026-10", revision=1,
        shadow=side.company.is_client, terms_digest=version.digest, digest="1" * 64,
        manifest_digest=sha256(payload).hexdigest(), payload=payload, document={"lines": [], "marker": side.marker},
        net=Decimal("600.00"), payable=Decimal("600.00"), currency="CNY", data_version="1", provisional=True,
        run_by=f"{side.marker} run",
    )  # fmt: skip


def make_line(side: Side, statement: Statement) -> Line:
    """Its fee."""
    title = {"zh": f"{side.marker} 费用", "en": f"{side.marker} fee"}
    return Line.objects.create(
        company=side.company, statement=statement, number=1, clause="1", kind="fee", title=title, words=title,
        outcome="information", amount=Decimal("600.00"), document={},
    )  # fmt: skip


def make_adjustment(side: Side, line: Line) -> Adjustment:
    """A credit note on it, not booked yet."""
    reason = {"zh": f"{side.marker} 冲减", "en": f"{side.marker} credit note"}
    client = Company.objects.get(kind=Kind.CLIENT)
    return Adjustment.objects.create(
        company=side.company, agreement=side.rows["agreement"], line=line, kind=Adjustment.Kind.CREDIT_NOTE,
        amount=Decimal("-6.00"), reason=reason, source={"why": side.marker}, digest="2" * 64, author=client,
        made_by=f"{side.marker} maker",
    )  # fmt: skip
