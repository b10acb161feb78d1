"""How far a running job is: told on a connection of its own.

A job's work is one transaction, so that it is done entirely or not at all. What it writes there nobody sees before
the end; and what others write meanwhile, such as the wish to cancel, must reach it. So progress is written, and the
wish to cancel read, on a second connection in transactions of a few milliseconds. It is opened at the first report:
a short job never needs it.
"""

from __future__ import annotations

import time
from threading import Event
from types import TracebackType
from typing import Any, Protocol

import psycopg
from django.db import connection
from procrastinate.contrib.django.utils import connector_params
from psycopg.types.json import Jsonb

from onefloor.language import Text
from onefloor_web.platform.jobs.models import Job

PAUSE = 0.4  # seconds between two reports at least

_REPORT = """update jobs_job set done = %(done)s, total = %(total)s, note = %(note)s
    where id = %(job)s and company_id = %(company)s and state = 'running' and attempts = %(attempt)s
    returning cancel_asked_at is not null"""


class Cancelled(BaseException):
    """Somebody has cancelled the job. No ``Exception``: nothing between the progress and the worker may swallow it."""


class Interrupted(BaseException):
    """The worker is asked to stop, or has been given up: the job begins again elsewhere."""


class Channel(Protocol):
    """Where reports go: returns whether the job is cancelled; None if it is no longer this worker's."""

    def report(self, done: int, total: int | None, note: Text | None) -> bool | None:
        """Write a report."""


class Reporter:
    """What a job calls: passes on a few reports a second, and the rest only keeps in mind."""

    def __init__(self, channel: Channel, stopping: Event) -> None:
        self.channel, self.stopping = channel, stopping
        self.last: tuple[int, int | None, Text | None] = (0, None, None)
        self.due = 0.0

    def __call__(self, done: int, total: int | None = None, note: Text | None = None) -> None:
        """So many of so many; the note says what is being done.

        Raises:
            Cancelled: somebody has cancelled the job.
            Interrupted: the worker stops.
        """
        if self.stopping.is_set():
            raise Interrupted
        changed = note is not None and note != self.last[2]
        self.last = (done, total, note or self.last[2])
        if changed or time.monotonic() >= self.due:
            self.due = time.monotonic() + PAUSE
            self._report()

    def _report(self) -> None:
        cancelled = self.channel.report(*self.last)
        if cancelled is None:
            raise Interrupted
        if cancelled:
            raise Cancelled


class SecondConnection:
    """Reports of one attempt at one job."""

    def __init__(self, job: Job) -> None:
        self.which = {"job": job.pk, "company": job.company_id, "attempt": job.attempts}
        self.held: psycopg.Connection[Any] | None = None

    def __enter__(self) -> SecondConnection:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        if self.held is not None:
            self.held.close()

    def report(self, done: int, total: int | None, note: Text | None) -> bool | None:
        """Write a report; a row that is no longer this attempt's is left alone.

        Raises:
            OperationalError: Django's, as from the job's own connection: the database is away.
        """
        values = {**self.which, "done": done, "total": total, "note": Jsonb(note.as_json()) if note else None}
        with connection.wrap_database_errors:
            held = self.held = self.held or psycopg.connect(**connector_params(connection.alias), autocommit=True)
            with held.transaction(), held.cursor() as cursor:
                cursor.execute("select set_config('app.company', %s, true)", [str(self.which["company"])])
                row = cursor.execute(_REPORT, values).fetchone()
        return bool(row[0]) if row else None
