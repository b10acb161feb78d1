"""Numbers as sentences have them: one way for all parts."""

from __future__ import annotations

from math import isinf


def number(value: float) -> str:
    """A number with as many places as it takes to be told from 0.

    >>> number(3.14), number(-0.043), number(0.0), number(1234.5)
    ('3.1', '-0.043', '0.0', '1,234')
    """
    if isinf(value):
        return "-∞" if value < 0 else "∞"
    if value and abs(value) < 0.095:
        places = 2
        while places < 9 and float(f"{value:.{places}f}") == 0:
            places += 1
        return f"{value:.{min(places + 1, 9)}f}".rstrip("0")
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.1f}"


def size(value: float) -> str:
    """A number without its sign.

    >>> size(-3.14), size(0.04)
    ('3.1', '0.04')
    """
    return number(abs(value))


def signed(value: float) -> str:
    """A number with its sign, a true minus; 0 has none.

    >>> signed(-3.14), signed(2.0), signed(0.0), signed(float("inf"))
    ('−3.1', '+2.0', '0.0', '+∞')
    """
    return ("+" if value > 0 else "−" if value < 0 else "") + size(value)
