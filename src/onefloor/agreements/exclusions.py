"""Exclusions: rows of agreed time windows leave numerator and denominator, once both parties have approved."""

from __future__ import annotations

from collections.abc import Iterable

from onefloor.agreements.terms.around import Exclusion
from onefloor.findings import Scope
from onefloor.metrics.expressions import both
from onefloor.periods import Month, clock, instant_of


def predicate(exclusion: Exclusion, timezone: str) -> str:
    """The excluded rows in the language of ``metrics.expressions``: a half-open window, and a scope if there is one.

    The window is local time of the agreement's zone; the predicate holds epoch milliseconds.
    """
    start, end = instant_of(exclusion.start, timezone), instant_of(exclusion.end, timezone)
    window = f"start_ms >= {start} and start_ms < {end}"
    return both(window, Scope(where=exclusion.scope.where).predicate())


def touches(exclusion: Exclusion, first: Month, last: Month, timezone: str) -> bool:
    """Whether the window has a moment in the months from ``first`` to ``last``."""
    local = clock(timezone)
    start, end = local.start_of_day_ms(first.days.start), local.start_of_day_ms(last.days.end)
    return instant_of(exclusion.start, timezone) < end and instant_of(exclusion.end, timezone) > start


def applied_to(
    exclusions: Iterable[Exclusion], clause: str, first: Month, last: Month, timezone: str
) -> tuple[str, ...]:
    """The predicates of approved exclusions that count for a clause in those months."""
    return tuple(
        predicate(exclusion, timezone)
        for exclusion in exclusions
        if exclusion.approved
        and (not exclusion.clauses or clause in exclusion.clauses)
        and touches(exclusion, first, last, timezone)
    )
