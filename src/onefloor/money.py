"""Decimal money and the only rounding of the project.

Every value that is rounded anywhere goes through ``rounded``; nothing else calls ``quantize``. Ratios stay
``Fraction`` until then, so a figure is rounded once, in one mode, in one place.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Literal

Rounding = Literal["half_up", "half_even"]
MODES: dict[Rounding, str] = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN}


def rounded(value: Fraction | Decimal | int, places: int, mode: Rounding = "half_up") -> Decimal:
    """``value`` with exactly ``places`` decimals.

    Exact for any size: the fraction is scaled and divided as integers, never through a float.

    >>> rounded(Fraction(18999, 20000) * 100, 2)
    Decimal('95.00')
    >>> rounded(Fraction(5, 2), 0, "half_even")
    Decimal('2')
    """
    fraction = Fraction(value)
    scaled = abs(fraction) * 10**places
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    doubled = 2 * rest
    up = doubled > scaled.denominator or (doubled == scaled.denominator and (mode == "half_up" or whole % 2 == 1))
    digits = whole + up
    sign = 1 if fraction < 0 and digits else 0
    return Decimal((sign, tuple(int(d) for d in str(digits)), -places))


def total(amounts: list[Decimal]) -> Decimal:
    """The sum of rounded amounts: a statement's total is the sum of its lines, never rounded again.

    >>> total([Decimal("0.10"), Decimal("0.20")])
    Decimal('0.30')
    """
    with localcontext() as context:
        context.prec = 60
        return sum(amounts, Decimal("0.00"))


def plain(value: Decimal) -> str:
    """A decimal as JSON text: no exponent, the places it has.

    >>> plain(Decimal("1E+3"))
    '1000'
    """
    return format(value, "f")
