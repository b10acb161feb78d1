"""How the net comes about, bar by bar: the geometry that the page and the PDF both draw."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from onefloor.agreements.rendering.words import HEADINGS
from onefloor.agreements.statement import Statement
from onefloor.language import Text
from onefloor.money import rounded


@dataclass(frozen=True, slots=True)
class Bar:
    """One amount from where the running total stood to where it stands after; in percent of the width.

    ``direction`` is ``plus``, ``minus`` or ``net``: told apart by direction and hatch, not by colour alone.
    """

    number: int | None
    title: Text
    amount: Decimal
    direction: str
    left: Decimal
    width: Decimal


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The bars of a statement's lines that move the total, then the net; ``zero`` is where 0 lies, in percent."""

    bars: tuple[Bar, ...]
    zero: Decimal


def waterfall(statement: Statement) -> Waterfall:
    """The waterfall of a statement. It starts at 0, and the scale never cuts a bar.

    Lines of 0.00 have no bar. A statement without any amount has the net alone, of width 0.
    """
    moving = [line for line in statement.lines if line.amount]
    spans = [(Decimal(0), Decimal(0))]
    for line in moving:
        spans.append((spans[-1][1], spans[-1][1] + line.amount))
    low = min(min(span) for span in spans)
    scale = (max(max(span) for span in spans) - low) or Decimal(1)

    def share(value: Decimal) -> Decimal:
        return rounded((value - low) * 100 / scale, 2)

    def bar(number: int | None, title: Text, direction: str, start: Decimal, end: Decimal) -> Bar:
        left, right = share(min(start, end)), share(max(start, end))
        return Bar(number, title, end - start, direction, left, right - left)

    bars = [
        bar(line.number, line.title, "plus" if line.amount > 0 else "minus", *span)
        for line, span in zip(moving, spans[1:], strict=True)
    ]
    net = bar(None, HEADINGS["net"], "net", Decimal(0), statement.net)
    return Waterfall((*bars, net), share(Decimal(0)))
