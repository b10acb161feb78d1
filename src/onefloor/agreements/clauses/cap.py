"""Caps: the most that is taken off, and the most that is added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from onefloor.agreements.statement import Step
from onefloor.agreements.wording import money
from onefloor.language import Text
from onefloor.money import total


@dataclass(frozen=True, slots=True)
class Cut:
    """What a cap takes away from the written amounts: ``amount`` >= 0, and the share that is left."""

    amount: Decimal
    left: Fraction
    words: Text
    steps: tuple[Step, ...]


def cut(amounts: Sequence[Decimal], cap: Decimal | None, what: Text) -> Cut | None:
    """How much of the sum of ``amounts`` (all >= 0) a cap cuts off; None if it holds already."""
    whole = total(list(amounts))
    if cap is None or whole <= cap:
        return None
    over = whole - cap
    words = Text(
        f"{what.zh}合计 {money(whole)}，封顶 {money(cap)}：减去 {money(over)}。",
        f"The {what.en} add up to {money(whole)}, the cap is {money(cap)}: {money(over)} falls away.",
    )
    added = Step(Text("封顶前合计", "sum before the cap"), " + ".join(money(a) for a in amounts if a), whole)
    step = Step(Text("封顶", "cap"), f"{money(whole)} - {money(cap)} = {money(over)}", over)
    return Cut(over, Fraction(cap) / Fraction(whole), words, (added, step))
