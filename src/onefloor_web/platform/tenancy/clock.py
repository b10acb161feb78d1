"""Conditions of triggers about time. The writer's own moments are compared with the database's clock, never trusted."""

from __future__ import annotations

from typing import Final

SOON: Final = "interval '1 minute'"
"""How far the clocks of the site and of its database may lie apart."""


def is_now(column: str) -> str:
    """SQL: a moment that is written is that of the writing; a transaction may have begun some minutes ago."""
    return f"(abs(extract(epoch from {column} - wall_clock())) < 600)"


def is_past(column: str) -> str:
    """SQL: a moment is over; false where there is none."""
    return f"coalesce({column} <= wall_clock() + {SOON}, false)"
