"""The clock of a test that sets ``timezone.now`` is that of the database's triggers too."""

from __future__ import annotations

from typing import Any

from django.db.backends.signals import connection_created
from django.utils import timezone
from psycopg.pq import TransactionStatus

REAL = timezone.now
SET = "select set_config('tests.now', %s, false)"


def follow() -> None:
    """From now on, on every connection of this process."""
    connection_created.connect(_follow, dispatch_uid="tests.clocks")


def _follow(connection: Any, **_: Any) -> None:
    connection.execute_wrappers[:] = [one for one in connection.execute_wrappers if not isinstance(one, Follower)]
    connection.execute_wrappers.append(Follower())


class Follower:
    """Tells the database what time it is in the test, before each statement of a test that has set it."""

    told = False

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        """Run a statement of Django's."""
        moved, raw = timezone.now is not REAL, context["connection"].connection
        if (moved or self.told) and raw.info.transaction_status != TransactionStatus.INERROR:
            raw.execute(SET, [timezone.now().isoformat() if moved else ""])
            self.told = moved
        return execute(sql, params, many, context)
