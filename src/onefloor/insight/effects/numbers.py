"""Numbers inside sentences."""

from __future__ import annotations

import math


def number(value: float) -> str:
    """A size without sign, with one place, two where it is small.

    >>> number(-3.14), number(0.04), number(1234.5)
    ('3.1', '0.04', '1,234')
    """
    size = abs(value)
    if 0 < size < 0.1:
        return f"{size:.2f}" if size >= 0.01 else f"{size:.1g}"
    return f"{size:,.0f}" if size >= 1000 else f"{size:.1f}"


def signed(value: float) -> str:
    """A number with its sign; 0 has none.

    >>> signed(-3.14), signed(2.0), signed(0.0)
    ('−3.1', '+2.0', '0.0')
    """
    if math.isinf(value):
        return "−∞" if value < 0 else "+∞"
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{number(value)}"
