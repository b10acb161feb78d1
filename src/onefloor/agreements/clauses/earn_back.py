"""Earn-back: a credit is returned after good months in a row, once, within a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from onefloor.agreements.terms.around import EarnBack
from onefloor.periods import Month


@dataclass(frozen=True, slots=True)
class Return:
    """A credit that comes back: of which clause and month, how much it was."""

    clause: str
    month: Month
    credit: Decimal


def months_looked_at(rule: EarnBack, month: Month) -> list[Month]:
    """The months whose credits may come back in ``month``, oldest first."""
    return [month.shifted(-back) for back in range(rule.within, rule.good_months - 1, -1)]


def returned(
    rule: EarnBack,
    month: Month,
    credit_in: Callable[[Month, str], Decimal],
    outcome_in: Callable[[Month, str], str],
) -> list[Return]:
    """The credits that come back in ``month``: it is the first month that completes the run of good months.

    Only months after the credit count, each must be met, and the run is complete at most ``within`` months after the
    credit. Because only the *first* such month returns it, a credit comes back once.
    """
    over = rule.until is not None and month.id > rule.until.id
    found = []
    for clause in sorted(set(rule.clauses)):
        months = months_looked_at(rule, month)
        owed = [(then, credit_in(then, clause)) for then in months]
        met = {m: outcome_in(m, clause) == "met" for m in _after(months[:1], month)}
        for then, credit in owed:
            since = [met[m] for m in _after([then], month)]
            if credit > 0 and not over and _first_run_ends_last(since, rule.good_months):
                found.append(Return(clause, then, credit))
    return found


def _after(first: Sequence[Month], last: Month) -> list[Month]:
    months = []
    at = first[0] if first else last
    while at.id < last.id:
        at = at.following()
        months.append(at)
    return months


def _first_run_ends_last(met: list[bool], length: int) -> bool:
    """Whether the first run of ``length`` good months ends with the last month."""
    ends = [end for end in range(length, len(met) + 1) if all(met[end - length : end])]
    return bool(ends) and ends[0] == len(met)
