"""What later months go on from: the credit and outcome of a clause, less what was given back or corrected since.

A signed statement says what it found. A credit note that was booked with it, and corrections and credit notes of its
lines that were booked later, move what stands of that. They are in the bundles of the months they were booked in, and
what they come to is written into ``history.json`` of every month that goes on from there, as ``since``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from onefloor.agreements.adjustments import ADJUSTMENTS, CREDIT_NOTE, Adjustment, read_adjustments
from onefloor.agreements.history import BadBundleFile, Chain, Link, bundle_in, chain_after, read_json
from onefloor.agreements.statement import Carried
from onefloor.language import Text
from onefloor.periods import Month

ZERO: Final = Decimal(0)


def credited(
    carried: Iterable[Carried], lines: Mapping[str, Decimal], notes: Mapping[str, Decimal]
) -> tuple[Carried, ...]:
    """What stands of each clause once credit notes have moved it.

    Args:
        carried: what the statement found.
        lines: by clause what the lines of the same statement move; > 0 is owed to the company.
        notes: by clause what its credit notes come to; > 0 is owed to the company in addition.

    Returns:
        The same clauses. A credit of which nothing is left is no miss; what was met and is credited now is one.
    """
    return tuple(_moved(one, lines.get(one.clause, ZERO), notes.get(one.clause, ZERO)) for one in carried)


def _moved(found: Carried, line: Decimal, note: Decimal) -> Carried:
    """A note against a reward takes from the reward first."""
    left = found.credit - max(line, ZERO) - note if note else found.credit
    credit = left if left > 0 else 0 * found.credit
    outcome = found.outcome
    if note and outcome == "missed" and found.credit > 0 and not credit:
        outcome = "met"
    elif note and outcome == "met" and credit > 0:
        outcome = "missed"
    return Carried(found.clause, outcome, credit)


def by_clause(moves: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """The sums of amounts, each of a clause."""
    found: dict[str, Decimal] = {}
    for clause, amount in moves:
        found[clause] = found.get(clause, ZERO) + amount
    return found


def goes_on(
    previous: Path, *, agreement: str, company: str, month: Month, adjustments: Sequence[Adjustment] = ()
) -> dict[Month, Link]:
    """The chain that a month continues, with what its own adjustments say of earlier months.

    Args:
        previous: the bundle of the month before, or the folder that holds one.
        agreement: code of the agreement that is settled now.
        company: the company that is settled now.
        month: the month that is settled now.
        adjustments: what is booked with it.

    Raises:
        MissingFile, BadBundleFile, NotPrevious, BadAdjustment: see ``chain_after`` and ``read_adjustments``.
    """
    chain = chain_after(previous, agreement=agreement, company=company, month=month)
    folder, last = bundle_in(previous), max(chain, key=lambda one: one.id)
    booked = read_adjustments(folder / ADJUSTMENTS) if (folder / ADJUSTMENTS).exists() else ()
    notes = by_clause((one.clause, one.amount) for one in booked if one.kind == CREDIT_NOTE and one.month == last)
    if notes:
        chain[last] = _since(chain[last], credited(chain[last].carried, _lines(folder / "statement.json"), notes))
    return adjusted(chain, adjustments)


def _lines(path: Path) -> dict[str, Decimal]:
    """What the lines of a ``statement.json`` move, by clause."""
    try:
        return by_clause((str(line["clause"]), Decimal(line["amount"])) for line in read_json(path)["lines"])
    except (KeyError, TypeError, ValueError, InvalidOperation):
        raise BadBundleFile(path, Text("内容不是对账单。", "It is not a statement.")) from None


def adjusted(chain: Chain, adjustments: Iterable[Adjustment]) -> dict[Month, Link]:
    """A chain with what adjustments of its months say is carried since; the last one of a clause counts.

    What is there already stays the same: it may be asked for twice.
    """
    found = dict(chain)
    for one in adjustments:
        if one.carried and one.month in found:
            link = found[one.month]
            stands = {entry.clause: entry for entry in (*link.stands, *one.carried)}
            found[one.month] = _since(link, stands.values())
    return found


def _since(link: Link, stands: Iterable[Carried]) -> Link:
    signed = {one.clause: one for one in link.carried}
    return replace(link, since=tuple(one for one in stands if signed.get(one.clause) != one))
