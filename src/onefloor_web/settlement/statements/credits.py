"""Credit notes against what their lines become: rows that a ruling paid are not paid by later facts as well.

A ruling credits a line as it was issued. Where late facts or an exclusion then move that line the same way, as much of
the credit as it moved is *covered*: the line says it already. So line and credit together come to whichever of the two
goes further, never to both; where the line moves the other way, the credit is owed in full.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any, TypeAlias

from onefloor.agreements.adjustments import CREDIT_NOTE, digest_of
from onefloor.agreements.carrying import by_clause, credited
from onefloor.agreements.history import carried_from, carried_json
from onefloor.agreements.line_keys import key_of
from onefloor.agreements.rendering.formats import number
from onefloor.agreements.statement import Line as SettledLine
from onefloor.agreements.statement import Statement as Settled
from onefloor.language import Text
from onefloor.money import plain
from onefloor.periods import Month
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.statements.models import Adjustment, Line
from onefloor_web.settlement.statements.reading import shown

SET_OFF = "set_off"
"""What the source of a credit note holds that takes back what a line covers; one of a ruling has none."""

Amounts: TypeAlias = dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class Credit:
    """What rulings credited of one line of a month.

    Attributes:
        note: the credit note of the newest ruling; its line is the one that was ruled on, as it was then.
        amount: all that was credited of the line up to that ruling; > 0 is owed to the company in addition.
        left: the same, less what was taken back since.
        with_it: titles of other lines whose moves are part of the amount.
    """

    note: Adjustment
    amount: Decimal
    left: Decimal
    with_it: frozenset[str]

    @property
    def key(self) -> str:
        """The line it is about, in any revision."""
        return str(self.note.line.key)


@dataclass(frozen=True, slots=True)
class Covered:
    """One credit beside the month's lines of now: how much of it they say already."""

    credit: Credit
    moved: Decimal
    amount: Decimal

    @property
    def owed(self) -> Decimal:
        """What of the credit is owed beside the lines of now."""
        return self.credit.amount - self.amount


def credits_of(agreement: Agreement, month: Month) -> list[Credit]:
    """Every credit of a month's lines, in any revision; oldest note first."""
    rows = Adjustment.objects.filter(agreement=agreement, kind=CREDIT_NOTE, line__statement__month=str(month))
    notes = sorted(rows.select_related("line__statement").order_by("pk"), key=lambda one: one.line.key)
    found = [_credit(list(some)) for _key, some in groupby(notes, key=lambda one: one.line.key)]
    return sorted(found, key=lambda one: one.note.pk)


def covered(known: Sequence[Credit], now: Settled) -> list[Covered]:
    """How much of each credit the lines of now say already; every line's move counts for one credit."""
    taken = {one.key for one in known}
    found = []
    for one in known:
        before, after = _amounts(one.note.line.statement.lines.all()), _amounts(now.lines)
        titles = _titles(now.lines) | _titles(one.note.line.statement.lines.all())
        others = {key for key, title in titles.items() if title in one.with_it} - taken
        taken |= others
        moved = sum(
            (after.get(key, Decimal(0)) - before.get(key, Decimal(0)) for key in (one.key, *others)), Decimal(0)
        )
        way = 1 if one.amount > 0 else -1
        found.append(Covered(one, moved, way * min(max(way * moved, Decimal(0)), abs(one.amount))))
    return found


def set_off(viewer: Viewer, found: Iterable[Covered]) -> Iterator[Adjustment]:
    """Credit notes, not kept yet, that take back what the new lines cover, or give back what they no longer do."""
    for one in found:
        amount = one.owed - one.credit.left
        if amount:
            yield _taken_back(viewer, one, amount)


def told(found: Covered) -> dict[str, Any]:
    """A credit beside its line, as canonical data."""
    credit, amounts = found.credit, {"credited": found.credit.amount, "moved": found.moved, "covered": found.amount}
    return {"ruling": credit.note.digest, **{name: plain(shown(amount)) for name, amount in amounts.items()}}


def carried_with(line: Line, amount: Decimal) -> list[dict[str, str]]:
    """What later months go on from once a line of a closed month is credited with an amount more."""
    statement = line.statement
    of_month = Adjustment.objects.filter(agreement=statement.agreement_id, line__statement__month=statement.month)
    rows = list(of_month.select_related("line").order_by("pk"))
    corrections = [one for one in rows if one.kind != CREDIT_NOTE]
    last = next((one for one in reversed(corrections) if "carried" in one.source), None)
    signed = statement.document["carried"] if last is None else last.source["carried"]
    since = [one for one in rows if one.kind == CREDIT_NOTE and (last is None or one.pk > last.pk)]
    notes = by_clause([*((one.line.clause, one.amount) for one in since), (line.clause, amount)])
    moved = [*statement.lines.values_list("clause", "amount"), *((one.line.clause, one.amount) for one in corrections)]
    return [carried_json(one) for one in credited(carried_from(signed), by_clause(moved), notes)]


def _credit(notes: list[Adjustment]) -> Credit:
    newest = [one for one in notes if SET_OFF not in one.source][-1]
    amount = sum((one.amount for one in notes if one.pk <= newest.pk), Decimal(0))
    answer = newest.source.get("answer") or {}
    effect = answer.get("effect") or newest.source["claim"]["effect"]
    others = frozenset(str(one["title"]["en"]) for one in effect.get("others", ()))
    return Credit(newest, amount, sum((one.amount for one in notes), Decimal(0)), others)


def _amounts(lines: Iterable[Line | SettledLine]) -> Amounts:
    found: Amounts = {}
    for line in lines:
        found[_key(line)] = found.get(_key(line), Decimal(0)) + line.amount
    return found


def _titles(lines: Iterable[Line | SettledLine]) -> dict[str, str]:
    return {_key(line): line.name.en if isinstance(line, Line) else line.title.en for line in lines}


def _key(line: Line | SettledLine) -> str:
    return line.key if isinstance(line, Line) else key_of(line)


def _taken_back(viewer: Viewer, one: Covered, amount: Decimal) -> Adjustment:
    note = one.credit.note
    source = {**note.source, SET_OFF: told(one)}
    return Adjustment(
        company_id=note.company_id, agreement_id=note.agreement_id, line=note.line, kind=CREDIT_NOTE, amount=amount,
        reason=_why(one, amount).as_json(), source=source, digest=digest_of(source), author_id=viewer.company,
        made_by=viewer.name,
    )  # fmt: skip


def _why(one: Covered, amount: Decimal) -> Text:
    """What rulings credited, what the lines say by now, and what is therefore owed beside them."""
    credited, moved, owed = (number(shown(value)) for value in (one.credit.amount, one.moved, one.owed))
    number_ = one.credit.note.pk
    return Text(
        f"裁定已冲减 {credited}（冲减单 {number_}）；重新结算后明细自身变动 {moved}，同一批话务不重复支付，"
        f"冲减单尚应支付 {owed}。",
        f"Rulings credited {credited} (credit note {number_}). Settled again, the lines themselves move by {moved}; "
        f"the same rows are not paid twice, so {owed} of the credit is owed beside them.",
    )
