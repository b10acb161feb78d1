"""What-if: past months settled again under changed terms, beside what was agreed.

A replay of what happened: people would have acted differently under other terms.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from onefloor.agreements.rendering.words import KINDS
from onefloor.agreements.settlement import questions, settle
from onefloor.agreements.shared_rows import refuse_other_queues
from onefloor.agreements.statement import Line, Statement
from onefloor.agreements.terms.agreement import Agreement
from onefloor.findings import Answers
from onefloor.language import Text, same
from onefloor.metrics.engines import Engine
from onefloor.metrics.prepared import Prepared
from onefloor.metrics.questions import answer
from onefloor.money import plain, total
from onefloor.periods import Month


@dataclass(frozen=True, slots=True)
class Compared:
    """One clause in one month: its amount as signed and under the new terms. ``clause`` '' is the month's net."""

    month: Month
    clause: str
    title: Text
    signed: Decimal
    new: Decimal

    @property
    def difference(self) -> Decimal:
        """New minus signed."""
        return self.new - self.signed


@dataclass(frozen=True, slots=True)
class LeftOutMonth:
    """A month that cannot be compared, and why."""

    month: Month
    reason: Text


@dataclass(frozen=True, slots=True)
class Replay:
    """Signed and new amounts by clause and month, the nets, and the months that were left out."""

    agreement: str
    company: str
    currency: str
    data_version: str
    clauses: tuple[Compared, ...]
    nets: tuple[Compared, ...]
    left_out: tuple[LeftOutMonth, ...]
    provisional: tuple[Month, ...]

    def by_clause(self) -> list[tuple[Compared, int, int]]:
        """Each clause over all months: the sums (month of the last), months in which it changed, months in all."""
        found: dict[str, list[Compared]] = {}
        for item in self.clauses:
            found.setdefault(item.clause, []).append(item)
        return [(_summed(items), sum(1 for item in items if item.difference), len(items)) for items in found.values()]

    def as_json(self) -> dict[str, Any]:
        """The replay as data, money as decimal text."""
        return {
            "agreement": self.agreement,
            "company": self.company,
            "currency": self.currency,
            "data_version": self.data_version,
            "months": [_as_json(item) for item in self.nets],
            "clauses": [
                {"clause": item.clause, "title": item.title.as_json(), **_as_json(item)} for item in self.clauses
            ],
            "left_out": [{"month": str(item.month), "reason": item.reason.as_json()} for item in self.left_out],
            "provisional": [str(month) for month in self.provisional],
        }

    def month_rows(self) -> list[tuple[Text, Decimal, Decimal, Decimal]]:
        """Table rows by month: month, signed net, new net, difference; the sums last."""
        marked = [(_marked(item.month, self.provisional), item.signed, item.new, item.difference) for item in self.nets]
        sums = _summed(list(self.nets)) if self.nets else None
        all_months = Text("合计", "All months")
        return marked + ([(all_months, sums.signed, sums.new, sums.difference)] if sums else [])

    def clause_rows(self) -> list[tuple[Text, Text, Decimal, Decimal, Decimal]]:
        """Table rows by clause: clause, months changed, signed, new, difference."""
        return [
            (
                item.title  # a cap or a note has no number
                if item.clause in KINDS
                else Text(f"{item.clause} {item.title.zh}", f"{item.clause} {item.title.en}"),
                Text(f"{months} 个月中 {changed} 个月", f"{changed} of {months}"),
                item.signed,
                item.new,
                item.difference,
            )
            for item, changed, months in self.by_clause()
        ]


def what_if(
    prepared: Prepared,
    signed: Agreement,
    amended: Agreement,
    months: Iterable[Month],
    *,
    engine: Engine | None = None,
) -> Replay:
    """Settle months under the signed and under amended terms and compare.

    Both run over their whole history, so that misses in a row and earn-back follow from the terms being tried.

    Args:
        prepared: the measuring tables.
        signed: the agreement as it is.
        amended: the agreement as it would be (``read_amendment``).
        months: the months to compare; those without facts or without terms in force are named and left out.
        engine: DuckDB if left out.

    Raises:
        OtherQueues: terms count nobody's rows of queues in which the company does not work.
    """
    wanted = sorted(set(months), key=lambda month: month.id)
    left_out = [found for month in wanted if (found := _unfit(prepared, signed, amended, month))]
    kept = [month for month in wanted if month not in {item.month for item in left_out}]
    answers = _answers(prepared, (signed, amended), kept, engine)
    pairs = [
        (month, _settled(prepared, signed, month, answers), _settled(prepared, amended, month, answers))
        for month in kept
    ]
    return Replay(
        agreement=signed.code,
        company=signed.parties.company,
        currency=signed.parties.currency,
        data_version=prepared.data_version,
        clauses=tuple(item for month, old, new in pairs for item in _by_clause(month, old, new)),
        nets=tuple(Compared(month, "", Text("净额", "Net"), old.net, new.net) for month, old, new in pairs),
        left_out=tuple(left_out),
        provisional=tuple(month for month, old, new in pairs if old.provisional or new.provisional),
    )


def _unfit(prepared: Prepared, signed: Agreement, amended: Agreement, month: Month) -> LeftOutMonth | None:
    if month not in prepared.months:
        return LeftOutMonth(month, Text("没有话务数据", "no facts"))
    if not (signed.in_force(month) and amended.in_force(month)):
        return LeftOutMonth(month, Text("协议尚未生效或已终止", "no terms in force"))
    return None


def _answers(
    prepared: Prepared, agreements: Sequence[Agreement], months: Sequence[Month], engine: Engine | None
) -> Answers:
    """All questions of all months, answered at once: terms that did not change are asked only once."""
    asked = {question for terms in agreements for month in months for question in questions(terms, month)}
    refuse_other_queues(prepared, asked, agreements[0].parties.company)
    return answer(prepared, asked, engine=engine)


def _settled(prepared: Prepared, terms: Agreement, month: Month, answers: Answers) -> Statement:
    return settle(terms, month, answers, data_version=prepared.data_version, facts_through_ms=prepared.watermark_ms)


def _by_clause(month: Month, old: Statement, new: Statement) -> list[Compared]:
    """The lines of both statements by clause; several lines of one clause and kind are added."""
    before, after = _amounts(old.lines), _amounts(new.lines)
    titles = {**_titles(new.lines), **_titles(old.lines)}
    zero = Decimal("0.00")
    return [
        Compared(month, key, titles[key], before.get(key, zero), after.get(key, zero)) for key in {**before, **after}
    ]


def _amounts(lines: Iterable[Line]) -> dict[str, Decimal]:
    found: dict[str, list[Decimal]] = {}
    for line in lines:
        found.setdefault(_key(line), []).append(line.amount)
    return {key: total(amounts) for key, amounts in found.items()}


def _titles(lines: Iterable[Line]) -> dict[str, Text]:
    return {_key(line): line.title for line in lines}


def _key(line: Line) -> str:
    """A clause's number; lines that belong to no clause, such as the cap, go by their kind."""
    return line.clause or line.kind


def _summed(items: Sequence[Compared]) -> Compared:
    last = items[-1]
    signed, new = total([item.signed for item in items]), total([item.new for item in items])
    return Compared(last.month, last.clause, last.title, signed, new)


def _marked(month: Month, provisional: Sequence[Month]) -> Text:
    return Text(f"{month}（暂估）", f"{month} (provisional)") if month in provisional else same(str(month))


def _as_json(item: Compared) -> dict[str, str]:
    return {
        "month": str(item.month),
        "signed": plain(item.signed),
        "new": plain(item.new),
        "difference": plain(item.difference),
    }
