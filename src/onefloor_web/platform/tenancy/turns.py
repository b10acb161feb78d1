"""Taking turns: what only one transaction at a time may do, whoever does it, in whichever process."""

from __future__ import annotations

from django.db import connection


def one_at_a_time(turn: str) -> None:
    """Wait until nobody else has this turn, and keep it until the transaction that is open ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [turn])
