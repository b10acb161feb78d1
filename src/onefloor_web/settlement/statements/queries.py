"""Reads of statements: the grid of months, what a page shows of one, the chain, and every deadline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from onefloor.language import Text
from onefloor.periods import Month
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.agreements.signatures.models import Signature
from onefloor_web.platform.companies.models import Company, Kind
from onefloor_web.platform.permissions.policy import only_visible
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.statements import events
from onefloor_web.settlement.statements.models import CURRENT, State, Statement

ABOUT = "statements.statement"
MONTHS_SHOWN = 13


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something of a statement that ends at a moment: for a calendar, for Today.

    Attributes:
        at: until when.
        what: what is to be done, in both languages.
        page: where.
        owner: the company that has to act, by its number.
        key: the same for the same deadline: a calendar's identifier.
    """

    at: datetime
    what: Text
    page: str
    owner: int
    key: str


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


def deadlines(viewer: Viewer) -> Iterator[Deadline]:
    """Until when the statements that the viewer sees are to be disputed and signed, and by whom."""
    issued = list(current(viewer).filter(state=State.ISSUED, accepted_at=None))
    waiting = waiting_for(issued)
    for one in issued:
        title, page = events.title(one), events.page_of(one)
        for company in waiting[one.pk]:
            if one.sign_by is not None and company.pk in viewer.visible:
                what = Text(f"{company.name}：签署{title.zh}", f"{company.name}: sign {title.en}")
                yield Deadline(one.sign_by, what, page, company.pk, f"statement-{one.pk}-sign-{company.pk}")
        if one.dispute_by is not None:
            what = Text(f"对{title.zh}提出争议的时限", f"Last moment to dispute {title.en}")
            yield Deadline(one.dispute_by, what, page, one.company_id, f"statement-{one.pk}-dispute")


def locked_months(company: str) -> set[Month]:
    """The months of a company's agreements that both have signed."""
    rows = Statement.objects.filter(company__code=company, state=State.LOCKED)
    return {Month.parse(month) for month in rows.values_list("month", flat=True)}


def agreements(viewer: Viewer) -> QuerySet[Agreement]:
    """The agreements whose statements the viewer may see."""
    return only_visible(viewer, "statements.view", Agreement.objects.select_related("company"))


def months_back(last: Month, count: int = MONTHS_SHOWN) -> list[Month]:
    """Months up to one, the newest first."""
    return [last.shifted(-back) for back in range(count)]


def chain(viewer: Viewer, agreement: Agreement) -> list[Statement]:
    """The locked statements of an agreement, oldest first."""
    return list(statements(viewer).filter(agreement=agreement, state=State.LOCKED).order_by("month"))
