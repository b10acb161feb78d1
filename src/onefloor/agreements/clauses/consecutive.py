"""Misses in a row: a multiplier on the credit, and the right to terminate."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import takewhile

from onefloor.agreements.terms.clauses import Clause
from onefloor.agreements.wording import number
from onefloor.language import Text


def lookback(clause: Clause) -> int:
    """How many earlier periods matter to a clause."""
    return max([step.misses for step in clause.consecutive] + [clause.terminate_after or 1]) - 1


def run_of_misses(outcomes: Iterable[str]) -> int:
    """The number of misses in a row, from the newest outcome back; anything else ends the run."""
    return len(list(takewhile(lambda outcome: outcome == "missed", outcomes)))


def multiplier(clause: Clause, run: int) -> Fraction:
    """What the credit is multiplied by after that many misses in a row."""
    return max([step.times for step in clause.consecutive if run >= step.misses], default=Fraction(1))


def run_words(clause: Clause, run: int) -> Text | None:
    """What a run of misses means, if anything."""
    times = multiplier(clause, run)
    words = []
    if times != 1:
        words.append(
            Text(
                f"连续第 {run} 次未达标，扣罚乘以 {number(times)}。",
                f"Miss {run} in a row: the credit is multiplied by {number(times)}.",
            )
        )
    if clause.terminate_after is not None and run >= clause.terminate_after:
        words.append(
            Text(
                f"已连续 {run} 次未达标，甲方有权解约。",
                f"{run} misses in a row: the client has the right to terminate.",
            )
        )
    return sum(words[1:], words[0]) if words else None
