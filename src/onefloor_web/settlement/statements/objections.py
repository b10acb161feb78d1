"""What other parts say of a statement's lines: whether one is disputed, and what is at issue.

    @objecting
    def disputes(viewer, statement): ...   # an Objection for each line that is or was disputed
    @contesting
    def lines(statements): ...             # (statement, line), by their numbers, for each line that is at issue
    @prolonging
    def ended(statements): ...             # (statement, until when both may sign) for each dispute that is over

While one is open nobody signs, and its amount counts as at issue; the rest is payable. One that is reserved counts as
at issue and holds up nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.functional import Promise

from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.statements.models import Statement


@dataclass(frozen=True, slots=True)
class Objection:
    """One line's dispute as its statement shows it.

    Attributes:
        line: the line's number.
        state: in a word: disputed, ruled ...
        open: whether it is still at issue.
        amount: what the claim would move the net by; > 0 is owed to the company in addition.
        url: its page.
        waiting: for whom, in words; empty for nobody.
        due: until when.
        hours: how many working hours that leaves.
        then: what the terms say of silence, in words.
        reserved: whether it is at issue though the month may be signed.
    """

    line: int
    state: str | Promise
    open: bool
    amount: Decimal
    url: str
    waiting: str | Promise = ""
    due: datetime | None = None
    hours: str = ""
    then: str = ""
    reserved: bool = False


Objecting = Callable[[Viewer, Statement], Iterable[Objection]]
Offering = Callable[[Viewer, Statement, int], str]
Contesting = Callable[[Sequence[Statement]], Iterable[tuple[int, int]]]
_OBJECTING: list[Objecting] = []
Prolonging = Callable[[Sequence[Statement]], Iterable[tuple[int, datetime | None]]]
_CONTESTING: list[Contesting] = []
_PROLONGING: list[Prolonging] = []
_OFFERING: list[Offering] = []


def objecting(provider: Objecting) -> Objecting:
    """Declare what objects to statements."""
    _OBJECTING.append(provider)
    return provider


def contesting(provider: Contesting) -> Contesting:
    """Declare which lines of statements are at issue, asked for many statements at once."""
    _CONTESTING.append(provider)
    return provider


def prolonging(provider: Prolonging) -> Prolonging:
    """Declare until when both may sign at least, asked for many statements at once; None for without end."""
    _PROLONGING.append(provider)
    return provider


def offering(provider: Offering) -> Offering:
    """Declare the address at which the viewer disputes a line now: ``provider(viewer, statement, number)``, or ''."""
    _OFFERING.append(provider)
    return provider


def objections_to(viewer: Viewer, statement: Statement) -> list[Objection]:
    """Every dispute of a statement, by line."""
    found = [one for provider in _OBJECTING for one in provider(viewer, statement)]
    return sorted(found, key=lambda one: one.line)


def lines_at_issue(statements: Sequence[Statement]) -> dict[int, list[int]]:
    """For each statement, by its key, the lines that are at issue; nothing else of their disputes is read."""
    found = {pair for provider in _CONTESTING for pair in provider(statements)}
    return {one.pk: sorted(line for pk, line in found if pk == one.pk) for one in statements}


def signing_until(statements: Sequence[Statement]) -> dict[int, datetime | None]:
    """For each statement, by its key, until when both may sign: the terms' time, and on from the end of disputes."""
    found: dict[int, datetime | None] = {one.pk: one.sign_by for one in statements}
    for pk, until in (pair for provider in _PROLONGING for pair in provider(statements)):
        first = found[pk]
        found[pk] = None if first is None or until is None else max(first, until)
    return found


def open_lines(objections: Sequence[Objection]) -> list[int]:
    """The lines that are still at issue."""
    return sorted({one.line for one in objections if one.open})


def at_issue(objections: Sequence[Objection]) -> Decimal:
    """How much money is at issue."""
    return sum((abs(one.amount) for one in objections if one.open or one.reserved), Decimal(0))


def undisputed(payable: Decimal, objections: Sequence[Objection]) -> Decimal:
    """What is payable at once: all of it where the company claims more, less what the client claims back."""
    return payable + sum((min(one.amount, Decimal(0)) for one in objections if one.open or one.reserved), Decimal(0))


def dispute_page(viewer: Viewer, statement: Statement, line: int) -> str:
    """Where the viewer disputes a line; '' where that cannot be done now."""
    return next((url for provider in _OFFERING if (url := provider(viewer, statement, line))), "")
