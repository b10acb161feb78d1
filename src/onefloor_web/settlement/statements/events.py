"""What is told of statements: each a sentence for both companies, in the line of time of the month's statement."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django.utils.translation import gettext_lazy as _

from onefloor.agreements.rendering.formats import money, month_words
from onefloor.language import Text
from onefloor_web.platform.events.actions import record
from onefloor_web.platform.events.registry import declare
from onefloor_web.platform.permissions.roles import PARTIES, Role
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.statements.models import Adjustment, Statement
from onefloor_web.settlement.statements.reading import shown as two_places

COMPUTED: Final = "statements.computed"
ISSUED: Final = "statements.issued"
SUPERSEDED: Final = "statements.superseded"
LOCKED: Final = "statements.locked"
ACCEPTED: Final = "statements.accepted"
OVERDUE: Final = "statements.overdue"
CORRECTED: Final = "statements.corrected"
BOOKED: Final = "statements.booked"

declare(COMPUTED, _("A provisional statement was computed"))
declare(ISSUED, _("A statement was issued"), tell=PARTIES)
declare(SUPERSEDED, _("A statement was superseded by a new revision"), tell=PARTIES)
declare(LOCKED, _("A statement was signed by both and locked"), tell=PARTIES | {Role.EXECUTIVE})
declare(ACCEPTED, _("A statement counts as accepted: nobody signed or disputed in time"), tell=PARTIES)
declare(OVERDUE, _("A statement was not signed in time"), tell=PARTIES)
declare(CORRECTED, _("Late facts change a locked month: a correction waits to be booked"), tell=PARTIES)
declare(BOOKED, _("A correction or credit note was booked"))


def title(statement: Statement) -> Text:
    """``North 2026 年 10 月对账单``."""
    month, name = month_words(statement.month), statement.company.name
    return Text(f"{name} {month.zh}对账单", f"the statement of {name} for {month.en}")


def page_of(statement: Statement) -> str:
    """The address of a month's statement."""
    return f"/statements/{statement.month}/{statement.agreement.code}/"


def tell(viewer: Viewer, name: str, statement: Statement, did: Text, *, why: str = "") -> None:
    """Write down what happened to a statement, as one sentence."""
    titled = title(statement)
    what = Text(did.zh.format(titled.zh), _capital(did.en.format(titled.en)))
    record(viewer, name, statement, what, why=why, page=page_of(statement), company=statement.company_id, shared=True)


def tell_run(viewer: Viewer, statement: Statement, before: Statement | None) -> None:
    """A month was computed; an earlier revision gave way."""
    net = money(two_places(statement.payable), statement.currency)
    if before is not None:
        told = Text(f"{{0}}第 {before.revision} 版由第 {statement.revision} 版替代。",
                    f"Revision {before.revision} of {{0}} gave way to revision {statement.revision}.")  # fmt: skip
        tell(viewer, SUPERSEDED, before, told)
    tell(viewer, COMPUTED, statement, Text(f"{{0}}已结算，应付 {net.zh}。", f"{{0}} was computed: {net.en} payable."))


def tell_correction(viewer: Viewer, statement: Statement, made: list[Adjustment], why: Text) -> None:
    """Late facts, or exclusions approved since, differ from what is locked."""
    amount = money(two_places(sum((one.amount for one in made), Decimal(0))), statement.currency)
    told = Text(
        f"{why.zh}改变了{{0}}的 {len(made)} 行，合计 {amount.zh}，计入后续账期。",
        f"{why.en}: {len(made)} line{'' if len(made) == 1 else 's'} of {{0}} differ, {amount.en} for a later month.",
    )
    tell(viewer, CORRECTED, statement, told)


def tell_booked(viewer: Viewer, statement: Statement, booked: list[Adjustment]) -> None:
    """Corrections and credit notes found their month."""
    amount = money(two_places(sum((one.amount for one in booked), Decimal(0))), statement.currency)
    count = len(booked)
    told = Text(
        f"{count} 项跨期更正或冲减单计入{{0}}，合计 {amount.zh}。",
        f"{count} correction{'' if count == 1 else 's'} or credit note{'' if count == 1 else 's'} went into {{0}}: "
        f"{amount.en}.",
    )
    tell(viewer, BOOKED, statement, told)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
