"""The audit trail of a table: triggers write who changed what, from what to what, also for bulk and raw SQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pghistory
import pgtrigger
from django.db.models import Model

# The trigger of the table that is tracked is the first; what is written without one was not a change of a row.
BY_ITS_TRIGGER = """
    if pg_trigger_depth() < 2 then
        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';
    end if;
    return new;
"""


def tracked(*, without: Sequence[str] = ()) -> Callable[[type[Model]], type[Model]]:
    """Class decorator: each insert, change and deletion becomes a row of ``<table>event``, which nobody can write
    or change.

    Protect the history table in the same migration as the table itself: it holds the same rows.

    Args:
        without: fields whose values must not be kept twice, such as passwords.
    """
    # pghistory keeps the fields it looks at inside its trackers, so each table needs its own.
    trackers = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
    track: Callable[[type[Model]], type[Model]] = pghistory.track(
        *trackers,
        exclude=list(without) or None,
        context_field=pghistory.ContextJSONField(),
        context_id_field=pghistory.ContextUUIDField(),
        append_only=True,
        meta={
            "triggers": [
                pgtrigger.Trigger(
                    name="by_its_trigger", when=pgtrigger.Before, operation=pgtrigger.Insert, func=BY_ITS_TRIGGER
                )
            ]
        },
    )
    return track
