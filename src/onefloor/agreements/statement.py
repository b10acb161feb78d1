"""A statement: what is owed for a month, line by line, each line explained down to its two integers.

Pure data. It is made by ``settlement``, shown by ``rendering``, packed by ``bundle``. Its JSON is canonical: integers,
strings, lists and objects only, money and values as decimal strings, so equal statements are equal bytes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from onefloor.findings import Figure, Question
from onefloor.language import Text
from onefloor.money import plain


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a line's arithmetic, as it would be written on paper: ``27,708.00 x 30% = 8,312.40``."""

    text: Text
    formula: str
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class LineFigure:
    """A figure behind a line: the question that was asked, the two integers found, the value that was compared."""

    title: Text
    question: Question
    figure: Figure
    value: Decimal | None
    unit: str
    version: int
    role: str = "assessed"  # or "gate", "incident", "volume", "duty", ...


@dataclass(frozen=True, slots=True)
class Line:
    """One amount with its reason. ``amount`` > 0 is owed to the company, < 0 is taken off.

    ``kind`` is ``fee``, ``credit``, ``reward``, ``relief``, ``earn_back``, ``cap`` or ``note``; ``outcome`` one word
    for what happened (``met``, ``missed``, ``too_few``, ``gated``, ``cannot_tell``, ``relieved``, ``information``).
    """

    number: int
    clause: str
    kind: str
    title: Text
    clause_text: Text
    words: Text
    outcome: str
    amount: Decimal
    band: Text | None = None
    steps: tuple[Step, ...] = ()
    figures: tuple[LineFigure, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows that were left out, why, and who agreed. ``clauses`` are those it was applied to."""

    name: str
    reason: Text
    predicate: str
    rows: int
    clauses: tuple[str, ...]
    approvals: tuple[tuple[str, str], ...]  # (party, date)
    applied: bool  # False: not approved by both, shown but without effect


@dataclass(frozen=True, slots=True)
class Carried:
    """What later months need of a clause: what was found, and the credit that stood after cap and relief (>= 0)."""

    clause: str
    outcome: str
    credit: Decimal


@dataclass(frozen=True, slots=True)
class Statement:
    """A month's statement between the client and one company."""

    agreement: str
    terms_from: str  # the date from which the version of the terms that was used is in force
    terms_digest: str
    client: str
    company: str
    month: str
    timezone: str
    currency: str
    data_version: str
    facts_through_ms: int
    provisional: bool
    title: Text
    lines: tuple[Line, ...]
    left_out: tuple[LeftOut, ...]
    order: tuple[Text, ...]  # the order of evaluation, printed on every statement
    totals: tuple[tuple[str, Decimal], ...]  # fee, credits, rewards, relief, ..., net
    shadow: bool = False  # computed for own staff: nothing is payable
    carried: tuple[Carried, ...] = ()  # by clause, for consecutive misses and earn-back of later months

    @property
    def net(self) -> Decimal:
        """What is owed: the sum of the rounded lines."""
        return dict(self.totals)["net"]

    def as_json(self) -> dict[str, Any]:
        """The statement as canonical data."""
        found = _plain(self)
        assert isinstance(found, dict)
        return found

    def to_bytes(self) -> bytes:
        """The bytes of ``statement.json``: equal statements give equal bytes."""
        return canonical_json(self.as_json())


def canonical_json(data: Any) -> bytes:
    """Sorted keys, no spaces, UTF-8; integers beyond 2^53 as strings. Equals RFC 8785 for ASCII keys.

    >>> canonical_json({"b": 2**60, "a": "文"}).decode()
    '{"a":"文","b":"1152921504606846976"}'
    """
    text = json.dumps(_safe(data), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8")


def _safe(data: Any) -> Any:
    if isinstance(data, dict):
        return {str(key): _safe(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_safe(value) for value in data]
    if isinstance(data, float):
        raise TypeError(f"a float has no place in canonical data: {data!r}")
    return str(data) if isinstance(data, int) and not isinstance(data, bool) and abs(data) > 2**53 else data


def _plain(value: Any) -> Any:
    match value:
        case Text():
            return value.as_json()
        case Decimal():
            return plain(value)
        case Question():
            return {
                "metric": value.metric,
                "scope": value.scope.predicate(),
                "first": str(value.first),
                "last": str(value.last),
                "without": list(value.without),
            }
        case Figure():
            return {
                "numerator": value.numerator,
                "denominator": value.denominator,
                "provisional": value.provisional,
            }
        case str() | int() | None:
            return value
        case _ if hasattr(value, "__dataclass_fields__"):
            return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
        case Sequence():
            return [_plain(item) for item in value]
    raise TypeError(f"cannot write {type(value).__name__} into a statement")
