"""Reads of statements: the grid of months, what a page shows of one, the chain."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from django.db.models import QuerySet

from onefloor.periods import Month
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.agreements.signatures.models import Signature
from onefloor_web.platform.companies.models import Company, Kind
from onefloor_web.platform.permissions.policy import only_visible
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.statements.models import CURRENT, State, Statement
from onefloor_web.settlement.statements.order import closed

ABOUT = "statements.statement"
MONTHS_SHOWN = 13


def statements(viewer: Viewer) -> QuerySet[Statement]:
    """The statements the viewer may see, every revision."""
    rows = Statement.objects.select_related("agreement", "company").defer("document", "payload")
    return only_visible(viewer, "statements.view", rows)


def current(viewer: Viewer) -> QuerySet[Statement]:
    """The one of each month that counts."""
    return statements(viewer).filter(state__in=CURRENT)


def waiting_for(statements: Sequence[Statement]) -> dict[int, list[Company]]:
    """For each issued statement the companies that have still to sign."""
    open_ones = [one for one in statements if one.state == State.ISSUED]
    signed = Signature.objects.filter(about=ABOUT, number__in=[one.pk for one in open_ones])
    done = {(one.number, one.signer_id) for one in signed}
    clients = list(Company.objects.filter(kind=Kind.CLIENT)) if open_ones else []
    parties = {one.pk: [one.company, *(c for c in clients if c.pk != one.company_id)] for one in open_ones}
    return {pk: [company for company in found if (pk, company.pk) not in done] for pk, found in parties.items()}


def locked_months(company: str) -> set[Month]:
    """The months of a company's agreements that both have signed, or that count as accepted."""
    rows = Statement.objects.filter(closed(), company__code=company)
    return {Month.parse(month) for month in rows.values_list("month", flat=True)}


def agreements(viewer: Viewer) -> QuerySet[Agreement]:
    """The agreements whose statements the viewer may see."""
    return only_visible(viewer, "statements.view", Agreement.objects.select_related("company"))


def months_back(last: Month, count: int = MONTHS_SHOWN) -> list[Month]:
    """Months up to one, the newest first."""
    return [last.shifted(-back) for back in range(count)]


def chains(viewer: Viewer) -> tuple[dict[int, Statement], dict[int, Statement]]:
    """Every closed statement the viewer may see by its key; and the one before each in its agreement."""
    rows = list(statements(viewer).filter(closed()).order_by("agreement", "month"))
    pairs = ((before, one) for before, one in pairwise(rows) if before.agreement_id == one.agreement_id)
    return {one.pk: one for one in rows}, {one.pk: before for before, one in pairs}


def chain(viewer: Viewer, agreement: Agreement) -> list[Statement]:
    """The closed statements of an agreement, oldest first."""
    return list(statements(viewer).filter(closed(), agreement=agreement).order_by("month"))
