"""What an exclusion would do: the months it touches, settled with and without it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from onefloor.agreements.line_keys import key_of
from onefloor.agreements.settlement import questions, settle
from onefloor.agreements.shared_rows import refuse_foreign, refuse_other_queues
from onefloor.agreements.statement import Line, Statement
from onefloor.agreements.terms.agreement import Agreement, parse_agreement
from onefloor.metrics.questions import answer
from onefloor.metrics.reader import Reading
from onefloor.money import plain
from onefloor.periods import Month
from onefloor_web.platform.jobs.registry import Progress


def effect_of(
    on: Reading, without: str, with_it: str, name: str, months: Iterable[Month], progress: Progress
) -> dict[str, Any]:
    """Rows, figures and amounts of the months, as JSON.

    Args:
        on: the floor's tables.
        without, with_it: the agreement's text, where the exclusion has no effect and where both have approved it.
        name: its id in the text.
        months: those that its window touches.
        progress: told how many months are done.

    Raises:
        ForeignScope, OtherQueues, Problems: the agreement cannot be settled.
    """
    wanted, before, after = list(months), parse_agreement(without), parse_agreement(with_it)
    found = []
    for at, month in enumerate(wanted):
        progress(at, len(wanted))
        found.append(_month(on, before, after, name, month))
    return {"data_version": on.prepared.data_version, "currency": before.parties.currency, "months": found}


def _month(on: Reading, before: Agreement, after: Agreement, name: str, month: Month) -> dict[str, Any]:
    if month not in on.prepared.months:
        return {"month": str(month), "facts": False, "rows": 0, "lines": []}
    asked = questions(before, month) | questions(after, month)
    refuse_foreign(asked, before.parties.company)
    refuse_other_queues(on.prepared, asked, before.parties.company)
    answers = answer(on.prepared, asked, engine=on.engine)
    told = {"data_version": on.prepared.data_version, "facts_through_ms": on.prepared.watermark_ms}
    old, new = (settle(terms, month, answers, **told) for terms in (before, after))  # type: ignore[arg-type]
    return {
        "month": str(month), "facts": True, "provisional": new.provisional,
        "rows": sum(one.rows for one in new.left_out if one.name == name),
        "net": [plain(old.net), plain(new.net)], "lines": _lines(old, new),
    }  # fmt: skip


def _lines(old: Statement, new: Statement) -> list[dict[str, Any]]:
    """The lines whose figure or amount differs, as they are and as they would be."""
    before, after = _by_key(old), _by_key(new)
    pairs = [(before.get(key), after.get(key)) for key in {**before, **after}]
    return [_pair(one, other) for one, other in pairs if _said(one) != _said(other)]


def _by_key(statement: Statement) -> dict[str, Line]:
    return {key_of(line): line for line in statement.lines}


def _pair(old: Line | None, new: Line | None) -> dict[str, Any]:
    line = new or old
    assert line is not None
    return {
        "clause": line.clause, "title": line.title.as_json(), "unit": line.figures[0].unit if line.figures else "",
        "without": _said(old), "with": _said(new),
    }  # fmt: skip


def _said(line: Line | None) -> dict[str, Any]:
    """What a line says: the value and the two integers of its first figure, and its amount."""
    if line is None:
        return {"value": None, "numerator": None, "denominator": None, "amount": "0.00"}
    figure = line.figures[0] if line.figures else None
    return {
        "value": None if figure is None or figure.value is None else plain(figure.value),
        "numerator": figure.figure.numerator if figure else None,
        "denominator": figure.figure.denominator if figure else None,
        "amount": plain(line.amount),
    }  # fmt: skip
