"""What is booked beside a statement's lines: credit notes, and corrections of earlier months that are locked.

The statement follows from terms and facts alone and stays as it is; what is payable is its net and the adjustments.
They travel in the bundle as ``adjustments.json``, so the signatures cover them, and each carries what it rests on with
its digest. A bundle without adjustments has no such file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from onefloor.agreements.history import BadBundleFile, carried_from, read_json
from onefloor.agreements.statement import Carried, Statement, canonical_json
from onefloor.language import Text, same
from onefloor.money import plain, total
from onefloor.periods import Month
from onefloor.problems import Place, Problem

ADJUSTMENTS: Final = "adjustments.json"
CREDIT_NOTE, CORRECTION = "credit_note", "correction"
KINDS: Final = (CREDIT_NOTE, CORRECTION)
MOST: Final = 1_000  # adjustments of one statement


class BadAdjustment(Problem):
    """An adjustment that does not add up, or does not belong to this statement."""

    def __init__(self, number: int, why: Text, where: str = ADJUSTMENTS) -> None:
        super().__init__(
            Text(f"第 {number} 项调整有误。", f"Adjustment {number} cannot be booked."),
            why=why,
            remedy=Text("请更正该项，或将其移除。", "Correct it, or leave it out."),
            where=Place(where),
        )


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One amount beside the lines. ``amount`` > 0 is owed to the company in addition.

    Attributes:
        kind: ``credit_note`` or ``correction``.
        month: month of the line it concerns.
        line: number of that line.
        clause: its clause.
        statement: SHA-256 of the ``statement.json`` with that line.
        amount: what it moves; of a correction ``after`` minus ``before``.
        before: of a correction, what the line was so far, with its credits and earlier corrections.
        after: of a correction, what the facts of now give, with what is owed of its credits beside them.
        reason: why, for people.
        source: what it rests on, as canonical data: a ruling, the two computations compared. Its ``carried`` says what
            the clauses of that month come to since, where later months have to go on from something else.
    """

    kind: str
    month: Month
    line: int
    clause: str
    statement: str
    amount: Decimal
    before: Decimal | None
    after: Decimal | None
    reason: Text
    source: Any

    @property
    def digest(self) -> str:
        """SHA-256 of what it rests on."""
        return digest_of(self.source)

    @property
    def carried(self) -> tuple[Carried, ...]:
        """What the clauses of its month come to since, as its source says; empty where it does not."""
        told = self.source.get("carried") if isinstance(self.source, dict) else None
        return carried_from(told) if told else ()

    @property
    def title(self) -> Text:
        """``更正 2026-09 第 2 行``."""
        what = Text("冲减单", "Credit note") if self.kind == CREDIT_NOTE else Text("跨期更正", "Correction")
        return Text(f"{what.zh}：{self.month} 第 {self.line} 行", f"{what.en}: {self.month}, line {self.line}")

    def as_json(self) -> dict[str, Any]:
        """The adjustment as canonical data."""
        return {
            "kind": self.kind, "month": str(self.month), "line": self.line, "clause": self.clause,
            "statement": self.statement, "amount": plain(self.amount), "before": _plain(self.before),
            "after": _plain(self.after), "reason": self.reason.as_json(), "source": self.source,
            "source_sha256": self.digest,
        }  # fmt: skip


def digest_of(source: Any) -> str:
    """SHA-256 of what an adjustment rests on."""
    return sha256(canonical_json(source)).hexdigest()


def payable(statement: Statement, adjustments: Sequence[Adjustment]) -> Decimal:
    """What is owed in all: the net and every adjustment."""
    return total([statement.net, *(one.amount for one in adjustments)])


def adjustments_bytes(statement: Statement, adjustments: Sequence[Adjustment]) -> bytes:
    """``adjustments.json``.

    Raises:
        BadAdjustment: one does not add up or does not belong here.
    """
    for number, one in enumerate(adjustments, 1):
        if wrong := wrong_in(one, statement):
            raise BadAdjustment(number, wrong)
    return canonical_json(
        {
            "adjustments": [one.as_json() for one in adjustments],
            "net": plain(statement.net),
            "payable": plain(payable(statement, adjustments)),
        }
    )


def wrong_in(one: Adjustment, statement: Statement) -> Text | None:
    """What is wrong with an adjustment of this statement; None if nothing is."""
    month = Month.parse(statement.month)
    if one.kind not in KINDS:
        return Text(f"未知类型“{one.kind}”。", f'"{one.kind}" is no kind of adjustment.')
    if one.month.id > month.id or (one.kind == CORRECTION and one.month.id == month.id):
        return Text(f"{one.month} 的明细不能在 {month} 调整。", f"A line of {one.month} cannot be adjusted in {month}.")
    if not one.amount:
        return Text("金额为零。", "Its amount is zero.")
    if one.kind == CREDIT_NOTE:
        return None
    if one.before is None or one.after is None or one.after - one.before != one.amount:
        return Text("金额不等于更正后减更正前。", "Its amount is not what is after less what was before.")
    return None


def read_adjustments(path: Path) -> tuple[Adjustment, ...]:
    """The adjustments of a file: an ``adjustments.json``, or one with its ``adjustments`` alone.

    Raises:
        MissingFile, BadBundleFile: it cannot be read.
        BadAdjustment: the digest of a source is not that of the source.
    """
    return adjustments_from(read_json(path), path)


def adjustments_from(data: Mapping[str, Any], path: Path) -> tuple[Adjustment, ...]:
    """The adjustments in the data of a file; raises as ``read_adjustments``."""
    try:
        listed = data["adjustments"]
        if not isinstance(listed, list) or len(listed) > MOST:
            raise ValueError(ADJUSTMENTS)
        found = tuple(_read(one) for one in listed)
        if any(not entry.credit.is_finite() or entry.credit < 0 for one in found for entry in one.carried):
            raise ValueError("carried")
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation, Problem):
        raise BadBundleFile(path, Text("内容不符合格式。", "Its content is not of that form.")) from None
    for number, (one, told) in enumerate(zip(found, listed, strict=True), 1):
        if told.get("source_sha256", one.digest) != one.digest:
            raise BadAdjustment(
                number, Text("依据与其校验值不符。", "Its source is not that of its digest."), str(path)
            )
    return found


def differences(kept: bytes, data: Mapping[str, Any], statement: Statement, path: Path) -> Iterator[Text]:
    """What does not add up in an ``adjustments.json`` beside the statement it belongs to."""
    try:
        found = adjustments_from(data, path)
        if not found:
            yield Text("文件中没有调整。", "It holds no adjustment.")
        if adjustments_bytes(statement, found) != kept:
            owed = plain(payable(statement, found))
            yield Text(
                f"净额与各项调整之和应为 {owed}，或写法不是规范格式。",
                f"The net and its adjustments come to {owed}, or it is not spelt canonically.",
            )
    except Problem as problem:
        why = problem.why or same("")
        yield Text(f"{problem.what.zh}{why.zh}", f"{problem.what.en} {why.en}")


def _read(data: Mapping[str, Any]) -> Adjustment:
    return Adjustment(
        str(data["kind"]), Month.parse(data["month"]), int(data["line"]), str(data["clause"]), str(data["statement"]),
        Decimal(data["amount"]), _decimal(data["before"]), _decimal(data["after"]),
        Text(data["reason"]["zh"], data["reason"]["en"]), data["source"],
    )  # fmt: skip


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)
