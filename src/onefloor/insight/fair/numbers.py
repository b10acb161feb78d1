"""Numbers as a sentence has them."""

from __future__ import annotations


def number(value: float) -> str:
    """A number with as many places as it takes to be told from 0.

    >>> number(3.14), number(-0.043), number(0.0), number(1234.5)
    ('3.1', '-0.043', '0.0', '1,234')
    """
    if value and abs(value) < 0.095:
        places = 2
        while places < 9 and float(f"{value:.{places}f}") == 0:
            places += 1
        return f"{value:.{min(places + 1, 9)}f}".rstrip("0")
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.1f}"


def signed(value: float) -> str:
    """A number with its sign: ``+3.1``, ``−0.4``, with a true minus."""
    return ("+" if value > 0 else "−" if value < 0 else "") + number(abs(value))
