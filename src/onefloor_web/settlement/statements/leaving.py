"""What a vendor that leaves leaves behind: the statements that were issued to it, and what is open between both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from onefloor.agreements.rendering.formats import month_words
from onefloor.language import Text
from onefloor_web.platform.companies.models import Company
from onefloor_web.platform.privacy.exits import keeping, still_open
from onefloor_web.settlement.statements.models import State, Statement
from onefloor_web.settlement.statements.order import closed


@keeping
def issued(company: Company) -> Iterator[Path]:
    """Evidence for both: what is signed, and what is to be signed. Drafts, and what gave way, go with the rows."""
    for one in Statement.objects.filter(company=company, state__in=[State.ISSUED, State.LOCKED]):
        yield one.folder


@still_open
def unsigned(company: Company) -> Iterator[Text]:
    """Issued months that are not closed."""
    for one in Statement.objects.filter(company=company, state=State.ISSUED).exclude(closed()).order_by("month"):
        month = month_words(one.month)
        yield Text(
            f"{month.zh}对账单尚未由双方签署；删除后不能再重新结算。",
            f"The statement of {month.en} is not signed by both; it cannot be settled again afterwards.",
        )
